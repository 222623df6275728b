//! Checks files: every problem of every file at once.

mod example;
mod place;
mod referrals;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use veldboek_checklist::{CheckError, Checklist, Problem, Retention, StopText};

use crate::files::{self, FileError, FileKind, SourceFile};

/// What was found.
#[derive(Debug, Default)]
pub struct Report {
    /// Every problem, by file and place.
    pub problems: Vec<Problem>,
    /// What is not wrong but worth knowing, in Dutch.
    pub notes: Vec<String>,
    /// How many files were looked at, and how many of them are good.
    pub files: usize,
    /// How many files have no problem.
    pub good: usize,
    /// How many of the good files are of each kind.
    kinds: Vec<(FileKind, usize)>,
    /// How many questions the good checklists have, with those of the parts in them.
    pub questions: usize,
}

impl Report {
    /// Whether there is nothing to change.
    pub fn is_good(&self) -> bool {
        self.problems.is_empty()
    }

    /// The report as it stands in a terminal.
    pub fn words(&self) -> String {
        let mut words = String::new();
        for problem in &self.problems {
            let _ = writeln!(words, "{problem}");
        }
        for note in &self.notes {
            let _ = writeln!(words, "{note}");
        }
        if !words.is_empty() {
            words.push('\n');
        }
        let _ = writeln!(words, "{}", self.summary());
        words
    }

    fn summary(&self) -> String {
        let counted: Vec<String> = self
            .kinds
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(kind, count)| {
                let (one, more) = match kind {
                    FileKind::Checklist => ("checklist", "checklists"),
                    FileKind::Part => ("deel", "delen"),
                    FileKind::Retention => ("bestand met bewaarregels", "bestanden met bewaarregels"),
                    FileKind::Stop => ("STOP-tekst", "STOP-teksten"),
                    FileKind::Example => ("voorbeeld", "voorbeelden"),
                    FileKind::Referrals => ("lijst met doorverwijzingen", "lijsten met doorverwijzingen"),
                };
                format!("{count} {}", if *count == 1 { one } else { more })
            })
            .collect();
        let counted = match counted.as_slice() {
            [] => String::new(),
            [only] => only.clone(),
            [first @ .., last] => format!("{} en {last}", first.join(", ")),
        };
        let verb = if self.good == 1 || self.good == 0 { "is" } else { "zijn" };
        let questions = match self.questions {
            0 => String::new(),
            1 => ": 1 vraag".to_owned(),
            many => format!(": {many} vragen"),
        };
        if self.problems.is_empty() {
            return format!("{counted} {verb} goed{questions}.");
        }
        let (bad, count) = (self.files - self.good, self.problems.len());
        let bad = if bad == 1 { "1 bestand is".to_owned() } else { format!("{bad} bestanden zijn") };
        let count = if count == 1 { "1 fout".to_owned() } else { format!("{count} fouten") };
        if counted.is_empty() {
            return format!("{bad} niet goed: {count}.");
        }
        format!("{bad} niet goed: {count}. {counted} {verb} wel goed{questions}.")
    }
}

/// Checks a file, or every file in a folder.
///
/// # Errors
/// When the file or folder can't be read.
pub fn check(path: &Path) -> Result<Report, FileError> {
    if path.is_dir() {
        let files = files::walk(path)?;
        let mut parts = files::parts_near(&path.join("x.toml"));
        parts.retain(|part| !files.iter().any(|file| same(&file.path, &part.path)));
        return Ok(check_files(&files, &parts));
    }
    let file = SourceFile::read(path)?;
    let mut parts = files::parts_near(path);
    parts.retain(|part| !same(&part.path, path));
    let mut report = check_files(std::slice::from_ref(&file), &parts);
    // What is wrong in a part belongs to that part, and still keeps this checklist from being read.
    report.problems.sort_by_key(|problem| problem.file != file.name());
    Ok(report)
}

/// Checks files; `parts` are others that they may include.
fn check_files(files: &[SourceFile], parts: &[SourceFile]) -> Report {
    let own = files.iter().filter(|file| file.kind == FileKind::Part);
    let context = files::context(own.clone().chain(parts));
    let mut report = Report { files: files.len(), ..Report::default() };
    let mut read: Vec<(&SourceFile, Checklist)> = Vec::new();
    for file in files.iter().filter(|file| file.kind == FileKind::Checklist) {
        match Checklist::read_with(&file.name(), &file.text, &context) {
            Ok(checklist) => read.push((file, checklist)),
            Err(CheckError { problems }) => add(&mut report.problems, problems),
        }
    }
    for file in files.iter().filter(|file| file.kind == FileKind::Stop) {
        if let Err(CheckError { problems }) = StopText::read(&file.name(), &file.text) {
            add(&mut report.problems, problems);
        }
    }
    for file in files.iter().filter(|file| file.kind == FileKind::Retention) {
        if let Err(CheckError { problems }) = Retention::read(&file.name(), &file.text) {
            add(&mut report.problems, problems);
        }
    }
    for file in files.iter().filter(|file| file.kind == FileKind::Referrals) {
        add(&mut report.problems, referrals::check(file));
    }
    for part in own.clone() {
        let used = read.iter().any(|(_, checklist)| checklist.parts().iter().any(|one| one.file == part.name()));
        if !used {
            let alone = check_part(part);
            if alone.is_empty() && files.len() > 1 && !report.problems.iter().any(|one| one.file == part.name()) {
                report.notes.push(format!("{}: geen enkele checklist die goed is neemt dit deel op.", part.name()));
            }
            add(&mut report.problems, alone);
        }
    }
    for file in files.iter().filter(|file| file.kind == FileKind::Example) {
        let all: Vec<&SourceFile> = own.clone().chain(parts).collect();
        add(&mut report.problems, example::check(file, &context, &all));
    }
    add(&mut report.problems, twice(files, &read));
    report.problems.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    report.questions = read.iter().map(|(_, checklist)| checklist.questions().count()).sum();
    for kind in [
        FileKind::Checklist,
        FileKind::Part,
        FileKind::Retention,
        FileKind::Stop,
        FileKind::Referrals,
        FileKind::Example,
    ] {
        let is_good = |file: &&SourceFile| {
            file.kind == kind && !report.problems.iter().any(|problem| problem.file == file.name())
        };
        // A checklist with a broken part is itself not read.
        let good = files
            .iter()
            .filter(is_good)
            .filter(|file| kind != FileKind::Checklist || read.iter().any(|(one, _)| one.path == file.path));
        let good = good.count();
        report.good += good;
        report.kinds.push((kind, good));
    }
    report
}

fn add(into: &mut Vec<Problem>, problems: Vec<Problem>) {
    for problem in problems {
        if !into.contains(&problem) {
            into.push(problem);
        }
    }
}

/// The id of a checklist with nothing of its own.
const AROUND: &str = "omhulsel";

/// A part by itself: inside a checklist that has a text question under every name that the part uses.
fn check_part(part: &SourceFile) -> Vec<Problem> {
    if part.text.parse::<toml::Table>().is_err() {
        return match Checklist::read(&part.name(), &part.text) {
            Ok(_) => Vec::new(),
            Err(error) => error.problems,
        };
    }
    match Checklist::read_with(AROUND, &around(&[part]), &files::context([part])) {
        Ok(_) => Vec::new(),
        Err(CheckError { problems }) => problems.into_iter().filter(|problem| problem.file == part.name()).collect(),
    }
}

/// A checklist with nothing of its own, around parts.
fn around(parts: &[&SourceFile]) -> String {
    let tables: Vec<toml::Table> = parts.iter().filter_map(|part| part.text.parse().ok()).collect();
    let without = tables.iter().any(|part| part.get("zonder_personen").and_then(toml::Value::as_bool) == Some(true));
    let mut text =
        format!("id = \"{AROUND}\"\nversie = \"1\"\nstatus = \"concept\"\ntitel = \"x\"\ngeldig_vanaf = 2026-01-01\n",);
    text.push_str(if without { "familie = \"btp\"\nzonder_personen = true\n" } else { "familie = \"vb\"\n" });
    let _ = write!(text, "[[onderdeel]]\nid = \"{AROUND}\"\ntitel = \"x\"\n");
    let list = |part: &toml::Table| part.get("gebruikt").and_then(toml::Value::as_array).cloned().unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    for name in tables.iter().flat_map(list).filter_map(|name| name.as_str().map(str::to_owned)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    for name in names {
        let id = toml::Value::String(name);
        let _ =
            write!(text, "[[onderdeel.vraag]]\nid = {id}\ntekst = \"x\"\nsoort = \"tekst\"\nover = \"werkwijze\"\n");
    }
    for (part, table) in parts.iter().zip(&tables) {
        let string = |key: &str| table.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
        let stem = part.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let id = Some(string("id")).filter(|id| !id.is_empty()).unwrap_or(stem);
        let include = if table.contains_key("partner") { "partnerset" } else { "deel" };
        let name = toml::Value::String(format!("{id}@{}", string("versie")));
        let _ = write!(text, "[[onderdeel]]\n{include} = {name}\n");
    }
    text
}

/// Two files with the same id and version.
fn twice(files: &[SourceFile], read: &[(&SourceFile, Checklist)]) -> Vec<Problem> {
    let mut seen: HashMap<String, &SourceFile> = HashMap::new();
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| matches!(file.kind, FileKind::Checklist | FileKind::Part)) {
        let good = file.kind == FileKind::Part || read.iter().any(|(one, _)| one.path == file.path);
        let Some(table) = file.text.parse::<toml::Table>().ok().filter(|_| good) else { continue };
        let string = |key: &str| table.get(key).and_then(toml::Value::as_str).unwrap_or_default();
        let name = format!("{} {}", string("id"), string("versie"));
        if let Some(first) = seen.insert(format!("{:?} {name}", file.kind), file) {
            let line =
                file.text.lines().position(|line| line.trim_start().starts_with("id")).map_or(1, |line| line + 1);
            problems.push(Problem {
                file: file.name(),
                line,
                column: 1,
                message: format!("`{name}` staat ook in {}.", first.name()),
                hint: "Geef een van beide een andere id of een hogere versie.".to_owned(),
            });
        }
    }
    problems
}

fn same(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}
