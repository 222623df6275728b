//! The checklists that come with the program, so that a device needs no network to begin.

use std::sync::{Arc, OnceLock};

use crate::checklist::Checklist;
use crate::context::ReadingContext;
use crate::problem::CheckError;
use crate::retention::Retention;
use crate::stop::StopText;

/// A file's path below `checklists/`, with its text.
type File = (&'static str, &'static str);

macro_rules! files {
    ($($path:literal),+ $(,)?) => {
        &[$(($path, include_str!(concat!("../../../checklists/", $path)))),+]
    };
}

/// Every file in the program. An older version of a checklist or a part stands here under a file name of its own.
const FILES: &[File] = files![
    "veilig-buitengebied/integrale-controle.toml",
    "veilig-buitengebied/hercontrole.toml",
    "veilig-buitengebied/bedrijventerrein.toml",
    "veilig-buitengebied/buurtbezoek.toml",
    "veilig-buitengebied/weerbaarheid.toml",
    "agro-coach/keukentafelgesprek.toml",
    "btp/logiesverstrekker.toml",
    "btp/onvergunde-dienstverlening.toml",
    "btp/vergunde-inrichting.toml",
    "partners/gemeente-brp.toml",
    "partners/omgevingsdienst.toml",
    "partners/brandweer.toml",
    "partners/netbeheerder.toml",
    "partners/nla.toml",
    "partners/politie.toml",
    "partners/belastingdienst.toml",
    "delen/toegang-en-rechtspositie.toml",
    "delen/vondst.toml",
    "delen/afsluiting.toml",
];

/// Folders of which the files are included by checklists instead of being one.
const PARTS: &[&str] = &["delen/", "partners/"];

const RETENTION: File = ("bewaren.toml", include_str!("../../../checklists/bewaren.toml"));

const STOP: File = ("veiligheid/stop.toml", include_str!("../../../checklists/veiligheid/stop.toml"));

/// The checklists in the program, read and compiled: all versions, in the order of the list. A new controle takes the
/// [`newest`](crate::newest).
///
/// # Errors
/// The problems of the first file that has any; a test of this crate reads them all.
pub fn bundled() -> Result<Vec<Arc<Checklist>>, CheckError> {
    // They never change while the program runs, and reading them takes a second of a slow tablet.
    static READ: OnceLock<Vec<Arc<Checklist>>> = OnceLock::new();
    if let Some(read) = READ.get() {
        return Ok(read.clone());
    }
    let context = ReadingContext::bundled();
    let checklists = FILES.iter().filter(|(path, _)| !is_part(path));
    let read = checklists.map(|(path, text)| Checklist::read_with(path, text, &context).map(Arc::new));
    let read = read.collect::<Result<_, _>>()?;
    Ok(READ.get_or_init(|| read).clone())
}

/// The STOP text in the program.
///
/// # Errors
/// Its problems; a test of this crate reads it.
pub fn bundled_stop() -> Result<StopText, CheckError> {
    StopText::read(STOP.0, STOP.1)
}

/// The retention rules in the program.
///
/// # Errors
/// Their problems; a test of this crate reads them.
pub fn bundled_retention() -> Result<Retention, CheckError> {
    Retention::read(RETENTION.0, RETENTION.1)
}

impl ReadingContext {
    /// The parts in the program, and no grounds.
    pub fn bundled() -> Self {
        let mut context = Self::new();
        for (path, text) in FILES.iter().filter(|(path, _)| is_part(path)) {
            context.add_part(*path, *text);
        }
        context
    }
}

fn is_part(path: &str) -> bool {
    PARTS.iter().any(|folder| path.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Clearing, Family};

    #[test]
    fn every_checklist_in_the_program_can_be_read() {
        let checklists = bundled().unwrap_or_else(|error| panic!("{error}"));
        assert!(!checklists.is_empty());
        assert_eq!(bundled_stop().unwrap().distance_m, 25);
        assert_eq!(bundled_retention().unwrap().rule(Family::Agro).clearing, Clearing::Never);
    }

    #[test]
    fn every_file_of_the_folder_is_in_the_program_and_every_part_is_used() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../checklists");
        let mut there = Vec::new();
        for folder in ["veilig-buitengebied", "btp", "agro-coach", "delen", "partners"] {
            let Ok(entries) = std::fs::read_dir(root.join(folder)) else { continue };
            let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            there.extend(names.filter(|name| name.ends_with(".toml")).map(|name| format!("{folder}/{name}")));
        }
        let mut listed: Vec<String> = FILES.iter().map(|(path, _)| (*path).to_owned()).collect();
        there.sort();
        listed.sort();
        assert_eq!(listed, there, "the list in bundled.rs and the folder differ");
        let checklists = bundled().unwrap_or_else(|error| panic!("{error}"));
        let used: Vec<&str> =
            checklists.iter().flat_map(|checklist| checklist.parts()).map(|part| part.file.as_str()).collect();
        let idle: Vec<_> = FILES.iter().filter(|(path, _)| is_part(path) && !used.contains(path)).collect();
        assert!(idle.is_empty(), "no checklist includes {:?}", idle.iter().map(|(path, _)| path).collect::<Vec<_>>());
    }
}
