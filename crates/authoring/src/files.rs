//! The files of a folder with checklists, told apart by what stands in them.

use std::fs;
use std::path::{Path, PathBuf};

use toml::de::DeTable;
use veldboek_checklist::ReadingContext;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A checklist.
    Checklist,
    /// A part or a partner set, which a checklist includes.
    Part,
    /// When a controle goes from a device.
    Retention,
    /// The text of the STOP screen.
    Stop,
    /// A filled-in controle, with what it must lead to.
    Example,
    /// To whom one refers, with numbers to call.
    Referrals,
}

/// A file with its text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Where it lies.
    pub path: PathBuf,
    /// What it is.
    pub kind: FileKind,
    /// Its text.
    pub text: String,
}

/// Why a file or a folder can't be read, in Dutch.
#[derive(Debug, thiserror::Error)]
#[error("{}: {what}\n  {hint}", path.display())]
pub struct FileError {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong.
    pub what: &'static str,
    /// What to do.
    pub hint: &'static str,
}

impl SourceFile {
    /// Reads a file.
    ///
    /// # Errors
    /// When it is not there, or is no text in UTF-8.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        let error = |what, hint| FileError { path: path.to_owned(), what, hint };
        let bytes = fs::read(path)
            .map_err(|_| error("Dit bestand is niet te lezen.", "Kijk na of de naam klopt en of u het mag lezen."))?;
        let text = String::from_utf8(bytes).map_err(|_| {
            error("Dit bestand is geen tekst.", "Bewaar het als platte tekst in UTF-8, met de naam .toml.")
        })?;
        let kind = kind(path, &text);
        Ok(Self { path: path.to_owned(), kind, text })
    }

    /// Its name, for messages.
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }
}

/// Tells what a file is by its keys, and by its folder when it has none of them.
pub fn kind(path: &Path, text: &str) -> FileKind {
    let (outline, _) = DeTable::parse_recoverable(text);
    let has = |key: &str| outline.get_ref().contains_key(key);
    let in_folder = |name: &str| path.parent().is_some_and(|folder| folder.ends_with(name));
    if has("antwoorden") || has("verwacht") {
        FileKind::Example
    } else if has("verwijzing") {
        FileKind::Referrals
    } else if has("bewaarregel") {
        FileKind::Retention
    } else if has("eerst") || has("afstand_meter") || has("akkoord_door") {
        FileKind::Stop
    } else if has("familie") {
        FileKind::Checklist
    } else if has("gebruikt") || has("partner") || has("besloten") {
        FileKind::Part
    } else if in_folder("voorbeelden") {
        FileKind::Example
    } else if in_folder("delen") || in_folder("partners") {
        FileKind::Part
    } else {
        FileKind::Checklist
    }
}

/// Every `.toml` file in a folder and the folders in it, in the order of their names.
///
/// # Errors
/// When the folder or a file can't be read, or there is none.
pub fn walk(folder: &Path) -> Result<Vec<SourceFile>, FileError> {
    let mut paths = Vec::new();
    gather(folder, &mut paths)?;
    paths.sort();
    if paths.is_empty() {
        return Err(FileError {
            path: folder.to_owned(),
            what: "Hier staat geen enkel .toml-bestand.",
            hint: "Noem een map met checklists, zoals checklists.",
        });
    }
    paths.iter().map(|path| SourceFile::read(path)).collect()
}

fn gather(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), FileError> {
    let error = || FileError {
        path: folder.to_owned(),
        what: "Deze map is niet te lezen.",
        hint: "Kijk na of de naam klopt en of u haar mag lezen.",
    };
    for entry in fs::read_dir(folder).map_err(|_| error())? {
        let path = entry.map_err(|_| error())?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !hidden {
            gather(&path, paths)?;
        } else if path.extension().is_some_and(|ending| ending == "toml") && !hidden {
            paths.push(path);
        }
    }
    Ok(())
}

/// The parts that a file may include: those in the folders `delen` and `partners` beside it or above it.
pub fn parts_near(path: &Path) -> Vec<SourceFile> {
    let start = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let start = start.canonicalize().unwrap_or_else(|_| start.to_owned());
    let folders = ["delen", "partners"];
    let root = start.ancestors().take(4).find(|folder| folders.iter().any(|name| folder.join(name).is_dir()));
    let Some(root) = root else { return Vec::new() };
    let files = folders.iter().filter_map(|name| walk(&root.join(name)).ok()).flatten();
    files.filter(|file| file.kind == FileKind::Part).collect()
}

/// What a checklist is read with.
pub fn context<'a>(parts: impl IntoIterator<Item = &'a SourceFile>) -> ReadingContext {
    parts.into_iter().fold(ReadingContext::new(), |context, part| context.with_part(part.name(), part.text.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_what_stands_in_it_and_else_by_its_folder() {
        let is = |path: &str, text: &str| kind(Path::new(path), text);
        assert_eq!(is("a.toml", "familie = \"vb\"\n[[onderdeel]]"), FileKind::Checklist);
        assert_eq!(is("a.toml", "checklist = \"x\"\n[antwoorden]\nA1 = \"ja\""), FileKind::Example);
        assert_eq!(is("a.toml", "[[verwijzing]]\ncode = \"x\""), FileKind::Referrals);
        assert_eq!(is("a.toml", "akkoord_door = \"x\"\n[[bewaarregel]]"), FileKind::Retention);
        assert_eq!(is("a.toml", "eerst = \"Ga weg\""), FileKind::Stop);
        assert_eq!(is("a.toml", "gebruikt = []"), FileKind::Part);
        assert_eq!(is("delen/a.toml", "id = \"x\""), FileKind::Part);
        assert_eq!(is("partners/a.toml", ""), FileKind::Part);
        assert_eq!(is("voorbeelden/a.toml", ""), FileKind::Example);
        assert_eq!(is("a.toml", "dit is = = geen toml"), FileKind::Checklist);
    }
}
