//! The checklists that come with the program, so that a device needs no network to begin.

use std::sync::Arc;

use crate::checklist::Checklist;
use crate::problem::CheckError;
use crate::stop::StopText;

const FILES: &[(&str, &str)] = &[(
    "veilig-buitengebied/integrale-controle.toml",
    include_str!("../../../checklists/veilig-buitengebied/integrale-controle.toml"),
)];

const STOP: (&str, &str) = ("veiligheid/stop.toml", include_str!("../../../checklists/veiligheid/stop.toml"));

/// The checklists in the program, read and compiled.
///
/// # Errors
/// The problems of the first file that has any; a test of this crate reads them all.
pub fn bundled() -> Result<Vec<Arc<Checklist>>, CheckError> {
    FILES.iter().map(|(file, text)| Checklist::read(file, text).map(Arc::new)).collect()
}

/// The STOP text in the program.
///
/// # Errors
/// Its problems; a test of this crate reads it.
pub fn bundled_stop() -> Result<StopText, CheckError> {
    StopText::read(STOP.0, STOP.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_checklist_in_the_program_can_be_read() {
        let checklists = bundled().unwrap();
        assert!(!checklists.is_empty());
        assert_eq!(bundled_stop().unwrap().distance_m, 25);
    }
}
