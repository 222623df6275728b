//! Checklists as data: reads them from TOML, checks them, and evaluates them against answers.
//!
//! Pure: text and answers in, values out. Which files there are, and who may publish one, is the caller's work.
//! Start at [`Checklist::read_with`] and [`Evaluation::of`]; the language of conditions is described in
//! `checklists/README.md`. A [`ReadingContext`] holds the parts that a checklist may include. What differs between two
//! versions is in a [`Comparison`], and what a move to the newer one means for given answers in a [`MovePreview`].
//!
//! **Rules of law and privacy are kept while reading** (`build/rules.rs`): a text that breaks one is no checklist.
//!
//! Deliberately absent: scores. Signals are facts to observe, each with its ordinary explanation. The format has no key
//! for a weight, and a condition or calculation that counts or adds up signals is refused when a checklist is read.

mod answers;
mod assemble;
mod begin;
mod build;
mod bundled;
mod checklist;
mod comparison;
mod context;
mod counts;
mod evaluation;
mod expression;
mod handling;
mod inspection;
mod language;
mod model;
mod plan;
mod problem;
mod read;
mod retention;
mod schema;
mod source;
mod stop;
mod value;
mod versions;
pub mod words;

pub use answers::{Answers, Facts, Participant};
pub use begin::first_items;
pub use bundled::{bundled, bundled_retention, bundled_stop};
pub use checklist::Checklist;
pub use comparison::{
    Aspect, Change, Comparison, Lapse, LapseReason, MovePreview, Moved, NewQuestion, QuestionChange, VersionRef, What,
};
pub use context::ReadingContext;
pub use counts::{Count, Counted};
pub use evaluation::{
    Evaluation, EvaluationProblem, FiredStop, HandOut, MissingItems, Notice, OpenedTask, Progress, ProposedMeasure,
    QuestionState,
};
pub use handling::{About, InReport, IncludedPart, Outgoing, PartnerSet, Permission, PersonalData, ReportPlace};
pub use inspection::{item_name, visit_day};
pub use language::is_kept_word;
pub use model::{
    Calculation, Choice, Family, Ground, Group, HelpCard, Leaflet, PhotoHint, Question, QuestionKind, Section, Status,
    StopKind,
};
pub use problem::{CheckError, Problem};
pub use retention::{Clearing, Retention, RetentionRule};
pub use schema::{checklist_schema, part_schema, retention_schema, stop_schema};
pub use stop::{Call, StopLine, StopText};
pub use versions::{compare_versions, current, newest};
