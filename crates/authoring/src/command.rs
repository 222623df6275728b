//! The program `veldboek-checklist`: what its arguments ask, and what it says.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use veldboek_checklist::Checklist;

use crate::files::{self, FileKind, SourceFile};
use crate::import::{self, Family, Imported, Options, Outcome};
use crate::rules::Rules;
use crate::{check, diff, preview};

/// How the program is called.
pub const USAGE: &str = "\
veldboek-checklist check BESTAND|MAP             alle fouten van alle bestanden, met regel, kolom en wat u doet
veldboek-checklist preview BESTAND [UIT.html]    de checklist zoals zij eruit zal zien, als een pagina
veldboek-checklist diff OUD NIEUW                wat er anders is, in gewone woorden
veldboek-checklist import FORMULIER.xlsx [UIT.toml] [--familie vb|btp|agro] [--vanaf JJJJ-MM-DD] [--overschrijf]
                                                 een XLSForm overnemen als concept";

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All is well.
    Good,
    /// Something is wrong with a file; it has been said.
    Wrong,
    /// The program was called in a way that it does not know.
    Misused,
}

impl Ending {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Wrong => 1,
            Self::Misused => 2,
        }
    }
}

/// Does what the arguments ask; `today` is the day from which an imported form holds unless another is named.
///
/// # Errors
/// When what there is to say can't be written.
pub fn run(
    arguments: &[String],
    today: NaiveDate,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> std::io::Result<Ending> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["check", path] => checked(Path::new(path), out, err)?,
        ["preview", path] => previewed(Path::new(path), None, out, err)?,
        ["preview", path, to] => previewed(Path::new(path), Some(Path::new(to)), out, err)?,
        ["diff", old, new] => differs(Path::new(old), Path::new(new), out, err)?,
        ["import", rest @ ..] => match ImportArguments::read(rest, today) {
            Ok(asked) => imported(&asked, out, err)?,
            Err(what) => {
                writeln!(err, "{what}\n\n{USAGE}")?;
                Ending::Misused
            }
        },
        ["help" | "--help" | "-h"] => {
            writeln!(out, "{USAGE}")?;
            Ending::Good
        }
        _ => {
            writeln!(err, "Wat wilt u doen? Een van:\n\n{USAGE}")?;
            Ending::Misused
        }
    };
    Ok(done)
}

fn checked(path: &Path, out: &mut dyn Write, err: &mut dyn Write) -> std::io::Result<Ending> {
    match check::check(path) {
        Ok(report) => {
            write!(out, "{}", report.words())?;
            Ok(if report.is_good() { Ending::Good } else { Ending::Wrong })
        }
        Err(error) => {
            writeln!(err, "{error}")?;
            Ok(Ending::Wrong)
        }
    }
}

/// A checklist that was read, with its own text and those of the parts that it may include.
struct Read {
    checklist: Checklist,
    text: String,
    parts: Vec<(String, String)>,
}

fn read(path: &Path, err: &mut dyn Write) -> std::io::Result<Option<Read>> {
    let file = match SourceFile::read(path) {
        Ok(file) => file,
        Err(error) => {
            writeln!(err, "{error}")?;
            return Ok(None);
        }
    };
    let what = match file.kind {
        FileKind::Checklist => None,
        FileKind::Part => Some("een deel; kies een checklist die het opneemt"),
        FileKind::Retention => Some("de bewaarregels; kies een checklist"),
        FileKind::Stop => Some("de tekst van het STOP-scherm; kies een checklist"),
        FileKind::Example => Some("een ingevuld voorbeeld; kies de checklist zelf"),
        FileKind::Referrals => Some("de lijst met doorverwijzingen; kies een checklist"),
    };
    if let Some(what) = what {
        writeln!(err, "{}: Dit is {what}.", file.name())?;
        return Ok(None);
    }
    let parts = files::parts_near(path);
    match Checklist::read_with(&file.name(), &file.text, &files::context(&parts)) {
        Ok(checklist) => {
            let parts = parts.into_iter().map(|part| (part.name(), part.text)).collect();
            Ok(Some(Read { checklist, text: file.text, parts }))
        }
        Err(error) => {
            writeln!(err, "{error}\n\nVerbeter dit eerst.")?;
            Ok(None)
        }
    }
}

fn previewed(path: &Path, to: Option<&Path>, out: &mut dyn Write, err: &mut dyn Write) -> std::io::Result<Ending> {
    let Some(read) = read(path, err)? else { return Ok(Ending::Wrong) };
    let rules = Rules::of(&read.checklist, &read.text, &read.parts);
    let to = to.map_or_else(|| path.with_extension("html"), Path::to_owned);
    if let Err(error) = fs::write(&to, preview::page(&read.checklist, &rules)) {
        return unwritable(&to, &error, err);
    }
    writeln!(out, "{}: open dit bestand in een browser.", to.display())?;
    Ok(Ending::Good)
}

fn differs(old: &Path, new: &Path, out: &mut dyn Write, err: &mut dyn Write) -> std::io::Result<Ending> {
    let (old, new) = (read(old, err)?, read(new, err)?);
    let (Some(old), Some(new)) = (old, new) else { return Ok(Ending::Wrong) };
    write!(out, "{}", diff::words(&old.checklist, &new.checklist))?;
    Ok(Ending::Good)
}

struct ImportArguments {
    from: PathBuf,
    to: PathBuf,
    options: Options,
    overwrite: bool,
}

impl ImportArguments {
    fn read(arguments: &[&str], today: NaiveDate) -> Result<Self, String> {
        let mut paths = Vec::new();
        let mut options = Options { family: Family::default(), valid_from: today };
        let mut overwrite = false;
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let (flag, mut value) = match argument.split_once('=') {
                Some((flag, value)) if flag.starts_with("--") => (flag, Some(value)),
                _ => (*argument, None),
            };
            let mut needed = || value.take().or_else(|| rest.next().copied()).unwrap_or_default();
            match flag {
                "--familie" => {
                    let code = needed();
                    options.family = Family::of(code)
                        .ok_or_else(|| format!("De familie `{code}` bestaat niet. Kies uit: vb, btp, agro."))?;
                }
                "--vanaf" => {
                    let day = needed();
                    options.valid_from =
                        day.parse().map_err(|_| format!("`{day}` is geen dag. Schrijf haar als 2026-11-01."))?;
                }
                "--overschrijf" => overwrite = true,
                flag if flag.starts_with("--") => return Err(format!("`{flag}` ken ik niet.")),
                path => paths.push(PathBuf::from(path)),
            }
        }
        match paths.as_slice() {
            [from] => Ok(Self { from: from.clone(), to: from.with_extension("toml"), options, overwrite }),
            [from, to] => Ok(Self { from: from.clone(), to: to.clone(), options, overwrite }),
            _ => Err("Noem het formulier, en hoogstens een bestand voor de checklist.".to_owned()),
        }
    }
}

fn imported(asked: &ImportArguments, out: &mut dyn Write, err: &mut dyn Write) -> std::io::Result<Ending> {
    let name = asked.from.display().to_string();
    let Ok(bytes) = fs::read(&asked.from) else {
        writeln!(err, "{name}: Dit bestand is niet te lezen.\n  Kijk na of de naam klopt en of u het mag lezen.")?;
        return Ok(Ending::Wrong);
    };
    let done = match import::import(&name, &bytes, &asked.options) {
        Ok(done) => done,
        Err(error) => {
            writeln!(err, "{name}: Dit formulier is niet overgenomen.\n{error}")?;
            return Ok(Ending::Wrong);
        }
    };
    if asked.to.exists() && !asked.overwrite {
        let to = asked.to.display();
        writeln!(
            err,
            "{to}: Dit bestand is er al; er is niets geschreven.\n  Noem een ander bestand, of voeg --overschrijf toe."
        )?;
        return Ok(Ending::Wrong);
    }
    if let Err(error) = fs::write(&asked.to, &done.toml) {
        return unwritable(&asked.to, &error, err);
    }
    said(&done, &asked.to, out)?;
    Ok(Ending::Good)
}

fn said(done: &Imported, to: &Path, out: &mut dyn Write) -> std::io::Result<()> {
    for (outcome, heading) in [
        (Outcome::LeftOut, "Weggelaten"),
        (Outcome::Adjusted, "Anders overgenomen"),
        (Outcome::Renamed, "Hernoemd"),
        (Outcome::Aside, "Niet nodig"),
    ] {
        let remarks: Vec<_> = done.remarks.iter().filter(|remark| remark.outcome == outcome).collect();
        if !remarks.is_empty() {
            writeln!(out, "{heading}: {}", remarks.len())?;
            remarks.iter().try_for_each(|remark| writeln!(out, "{remark}"))?;
            writeln!(out)?;
        }
    }
    if done.count(Outcome::Renamed) > 0 {
        writeln!(
            out,
            "Namen: accenten vervallen, andere tekens worden _, en v_ komt voor wat niet met een letter begint of een woord van de"
        )?;
        writeln!(out, "voorwaarden is. Codes van keuzes: kleine letters, cijfers en streepjes.\n")?;
    }
    let many = |count: usize, one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
    writeln!(
        out,
        "{}: {} in {}, {}; {} weggelaten. De checklist is concept: kijk elke vraag na.",
        to.display(),
        many(done.questions, "vraag", "vragen"),
        many(done.sections, "onderdeel", "onderdelen"),
        many(done.calculations, "berekening", "berekeningen"),
        done.count(Outcome::LeftOut),
    )
}

fn unwritable(path: &Path, error: &std::io::Error, err: &mut dyn Write) -> std::io::Result<Ending> {
    writeln!(err, "{}: Dit bestand is niet te schrijven: {error}.\n  Kies een andere map.", path.display())?;
    Ok(Ending::Wrong)
}
