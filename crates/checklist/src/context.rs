//! What a checklist is read with: the parts that it may include, and what the municipality may ask.

use chrono::NaiveDate;
use toml::de::DeTable;
use veldboek_domain::Digest;

use crate::handling::{Permission, PersonalData};

/// The files that a checklist may include, and the recorded grounds of the municipality for which it is read.
///
/// Without grounds, which is how the checklists in the program are read, no question may ask data about a person where a
/// checklist says that it holds none.
#[derive(Clone, Debug, Default)]
pub struct ReadingContext {
    parts: Vec<PartFile>,
    permissions: Vec<Permission>,
}

/// A file with a part.
#[derive(Clone, Debug)]
pub(crate) struct PartFile {
    pub(crate) file: String,
    pub(crate) text: String,
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) hash: Digest,
}

impl ReadingContext {
    /// Nothing to include and no grounds.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file that a checklist may include as `deel` or `partnerset`. What is wrong with it is said when a checklist
    /// includes it. A file whose own id can't be read goes by its name.
    pub fn add_part(&mut self, file: impl Into<String>, text: impl Into<String>) {
        let (file, text) = (file.into(), text.into());
        let (outline, _) = DeTable::parse_recoverable(&text);
        let own = |key: &str| outline.get_ref().get(key).and_then(|value| value.get_ref().as_str()).map(str::to_owned);
        let stem = file.rsplit(['/', '\\']).next().unwrap_or(&file).trim_end_matches(".toml");
        let id = own("id").unwrap_or_else(|| stem.to_owned());
        let version = own("versie").unwrap_or_default();
        let hash = Digest::of(text.as_bytes());
        self.parts.push(PartFile { file, text, id, version, hash });
    }

    /// The same with a part more.
    #[must_use]
    pub fn with_part(mut self, file: impl Into<String>, text: impl Into<String>) -> Self {
        self.add_part(file, text);
        self
    }

    /// The same with the grounds of a municipality that hold on `day`.
    #[must_use]
    pub fn with_permissions(mut self, permissions: &[Permission], day: NaiveDate) -> Self {
        self.permissions.extend(permissions.iter().filter(|one| one.holds_on(day)).cloned());
        self
    }

    /// Whether data of this kind may be asked.
    pub fn permits(&self, kind: PersonalData) -> bool {
        self.permissions.iter().any(|permission| permission.kind == kind)
    }

    /// The names by which parts can be included, such as `vondst@0.1`.
    pub fn part_names(&self) -> impl Iterator<Item = String> {
        self.parts.iter().map(PartFile::name)
    }

    /// A part by its id and version; one without a readable version goes by its id.
    pub(crate) fn part(&self, id: &str, version: &str) -> Option<&PartFile> {
        self.parts.iter().find(|part| part.id == id && (part.version == version || part.version.is_empty()))
    }
}

impl PartFile {
    pub(crate) fn name(&self) -> String {
        format!("{}@{}", self.id, self.version)
    }
}
