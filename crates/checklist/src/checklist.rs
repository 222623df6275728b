//! The checklist itself: read from text, or refused with everything that is wrong with it.

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;
use veldboek_domain::Digest;

use crate::assemble::assemble;
use crate::build;
use crate::context::ReadingContext;
use crate::handling::{IncludedPart, Outgoing, PartnerSet, ReportPlace};
use crate::model::{Calculation, Family, Ground, Group, Leaflet, Question, Section, Status};
use crate::plan::Plan;
use crate::problem::{CheckError, Complaints};
use crate::read;

/// A checklist that was read, checked and compiled. Cheap to share in an [`Arc`]; an inspection is pinned to its
/// [`hash`](Checklist::hash).
///
/// As JSON it holds everything that a screen needs to show it.
#[derive(Serialize)]
pub struct Checklist {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) status: Status,
    pub(crate) family: Family,
    pub(crate) title: String,
    pub(crate) description: Option<String>,
    pub(crate) valid_from: NaiveDate,
    pub(crate) valid_until: Option<NaiveDate>,
    pub(crate) hash: Digest,
    pub(crate) parts: Vec<IncludedPart>,
    pub(crate) without_persons: bool,
    pub(crate) outgoing: Outgoing,
    pub(crate) anonymous: bool,
    pub(crate) sections: Vec<Section>,
    pub(crate) groups: Vec<Group>,
    pub(crate) grounds: Vec<Ground>,
    pub(crate) leaflets: Vec<Leaflet>,
    pub(crate) calculations: Vec<Calculation>,
    #[serde(skip)]
    pub(crate) plan: Arc<Plan>,
}

impl Checklist {
    /// Reads a checklist that includes no parts, from the text of a file; `file` is its name, for messages only.
    ///
    /// # Errors
    /// Every problem in the file, each with its line, its column and a hint for the author.
    pub fn read(file: &str, text: &str) -> Result<Self, CheckError> {
        Self::read_with(file, text, &ReadingContext::new())
    }

    /// Reads a checklist with the parts that it includes, and with what the municipality may ask.
    ///
    /// # Errors
    /// Every problem in the file and in the parts that it includes, each with its file, line and column and a hint for the
    /// author.
    pub fn read_with(file: &str, text: &str, context: &ReadingContext) -> Result<Self, CheckError> {
        let mut complaints = Complaints::new(file, text);
        let source = read::document(0, &mut complaints);
        let checklist = source.and_then(|source| {
            let assembled = assemble(source, text, context, &mut complaints);
            build::checklist(&assembled, context, &mut complaints)
        });
        match checklist {
            Some(checklist) if complaints.is_empty() => Ok(checklist),
            _ => Err(complaints.into_error()),
        }
    }

    /// Stable name, such as `vb-ic`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Version, such as `0.1`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether it is approved.
    pub fn status(&self) -> Status {
        self.status
    }

    /// The programme it belongs to.
    pub fn family(&self) -> Family {
        self.family
    }

    /// Title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What it is for.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// First day on which it may be used.
    pub fn valid_from(&self) -> NaiveDate {
        self.valid_from
    }

    /// Last day on which it may be used.
    pub fn valid_until(&self) -> Option<NaiveDate> {
        self.valid_until
    }

    /// SHA-256 over the exact bytes of the file. With parts: over the line with that hash and a line `id@version=hash` for
    /// each part, in the order of the checklist.
    pub fn hash(&self) -> Digest {
        self.hash
    }

    /// The parts that it includes, in order.
    pub fn parts(&self) -> &[IncludedPart] {
        &self.parts
    }

    /// Whether no question may identify a person.
    pub fn without_persons(&self) -> bool {
        self.without_persons
    }

    /// What of the answers may leave the device.
    pub fn outgoing(&self) -> Outgoing {
        self.outgoing
    }

    /// Whether nothing in it may say who or where.
    pub fn anonymous(&self) -> bool {
        self.anonymous
    }

    /// The sections in order.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The sections that somebody sees: those of nobody in particular, and those of the partner for which they take part.
    pub fn sections_for<'a>(&'a self, partner: Option<&'a str>) -> impl Iterator<Item = &'a Section> {
        self.sections.iter().filter(move |section| match &section.partner_set {
            Some(set) => Some(set.partner.as_str()) == partner,
            None => true,
        })
    }

    /// All questions in order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.sections.iter().flat_map(|section| &section.questions)
    }

    /// A question by its id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.plan.index.get(id).map(|index| &self.plan.questions[*index].question)
    }

    /// The section in which a question stands.
    pub fn section_of(&self, question: &str) -> Option<&Section> {
        let index = self.plan.index.get(question)?;
        let section = self.plan.sections.iter().position(|section| section.questions.contains(index))?;
        self.sections.get(section)
    }

    /// The question that fills a place of the report; the first when it is [`ReportPlace::Statement`].
    pub fn place(&self, place: ReportPlace) -> Option<&Question> {
        self.questions().find(|question| question.report_place == Some(place))
    }

    /// The questions of which the answers are statements, in order.
    pub fn statements(&self) -> impl Iterator<Item = &Question> {
        self.questions().filter(|question| question.report_place == Some(ReportPlace::Statement))
    }

    /// Whose question this is, when it is one partner's own.
    pub fn partner_set_of(&self, question: &str) -> Option<&PartnerSet> {
        self.section_of(question)?.partner_set.as_ref()
    }

    /// Groups that repeat.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Legal grounds.
    pub fn grounds(&self) -> &[Ground] {
        &self.grounds
    }

    /// Leaflets.
    pub fn leaflets(&self) -> &[Leaflet] {
        &self.leaflets
    }

    /// Computed values that people can read; their state is in the evaluation.
    pub fn calculations(&self) -> &[Calculation] {
        &self.calculations
    }

    pub(crate) fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }
}

/// Its name and version only: everything in it is a book.
impl fmt::Debug for Checklist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checklist({} {} {:?})", self.id, self.version, self.hash)
    }
}
