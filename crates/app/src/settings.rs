//! Settings of this device, code lists and the region.

use veldboek_domain::codes::{self, Code};
use veldboek_domain::region;

use crate::api::{CodeLabel, Nothing, Reference, Settings};
use crate::app::App;
use crate::error::AppError;

const SETTINGS: &str = "settings";

impl App {
    /// The settings of this device; while locked, those of a new device.
    ///
    /// # Errors
    /// A failure to read.
    pub fn settings(&self, _: Nothing) -> Result<Settings, AppError> {
        let kept = self.with(|session| Ok(session.store.fact(SETTINGS)?));
        match kept {
            Ok(text) => Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()),
            Err(AppError::Locked) => Ok(Settings::default()),
            Err(error) => Err(error),
        }
    }

    /// Keeps other settings.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a value that is not offered, or a failure to write.
    pub fn change_settings(&self, settings: Settings) -> Result<Settings, AppError> {
        let offered = ["nl", "en"].contains(&settings.language.as_str())
            && ["system", "light", "dark", "contrast", "contrast-dark"].contains(&settings.theme.as_str())
            && (100..=200).contains(&settings.text_size)
            && (1..=120).contains(&settings.lock_after_minutes);
        if !offered {
            return Err(AppError::Invalid("one of the settings is none that is offered".to_owned()));
        }
        let text = serde_json::to_string(&settings).expect("settings serialise");
        self.with(|session| Ok(session.store.keep_fact(SETTINGS, &text)?))?;
        self.wake.notify_one();
        Ok(settings)
    }

    /// Code lists and municipalities.
    ///
    /// # Errors
    /// None.
    pub fn reference(&self, _: Nothing) -> Result<Reference, AppError> {
        Ok(Reference {
            measures: labels(codes::MEASURES),
            observation_kinds: labels(codes::OBSERVATION_KINDS),
            themes: labels(codes::THEMES),
            location_types: labels(codes::LOCATION_TYPES),
            partners: labels(codes::PARTNERS),
            municipalities: region::municipalities().map(|place| place.name.to_owned()).collect(),
        })
    }
}

fn labels(list: &[Code]) -> Vec<CodeLabel> {
    list.iter()
        .map(|code| CodeLabel {
            code: code.code.to_owned(),
            label: code.label.to_owned(),
            basis: code.basis.to_owned(),
        })
        .collect()
}
