//! Conditions and calculations: CEL, compiled once, with every name checked against the checklist.
//!
//! CEL is taken as it is, apart from one thing: an unanswered question is `null`, and a field form is full of those. So the
//! operators that would fail on `null` are replaced while compiling (see [`crate::language`]): a comparison with something
//! unanswered is false, arithmetic with it stays unanswered, and the size of it is 0.

mod walk;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use cel::{IdedExpr, Program};

use crate::language;
use crate::problem::Complaints;
use crate::read::byte_within;
use crate::source::Text;
use walk::{Found, Walk};

/// What an expression is for: decides what it may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Condition,
    Calculation,
}

/// A name that an expression may use.
#[derive(Clone, Debug)]
pub(crate) enum Name {
    /// A question, by its index.
    Question(usize),
    /// A group, by its index: a list of maps.
    Group(usize),
    /// A calculation, by its index.
    Calculation(usize),
    /// A fact that the caller passes in.
    Fact,
}

/// What the checks need to know about a question.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) id: String,
    pub(crate) group: Option<usize>,
    pub(crate) signal: bool,
    /// The part out of which it came.
    pub(crate) part: Option<usize>,
    /// The partner set whose answers the team does not get, when it is in one.
    pub(crate) closed: Option<usize>,
    /// The codes that an answer can have; none when it is not a choice.
    pub(crate) codes: Option<Vec<String>>,
}

/// Every name of a checklist.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) names: HashMap<String, Name>,
    pub(crate) questions: Vec<Known>,
    /// Group ids by index.
    pub(crate) groups: Vec<String>,
    /// Name and group of each calculation.
    pub(crate) calculations: Vec<(String, Option<usize>)>,
    /// For each part, the names of the checklist that it may use beside its own questions.
    pub(crate) open_to: Vec<HashSet<String>>,
}

/// Where an expression stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The group of its section.
    pub(crate) group: Option<usize>,
    /// The part out of which it came.
    pub(crate) part: Option<usize>,
}

/// A compiled expression with what it depends on.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) root: IdedExpr,
    /// Questions named directly: in the same group's item, or outside any group.
    pub(crate) questions: BTreeSet<usize>,
    /// Calculations named directly.
    pub(crate) calculations: BTreeSet<usize>,
    /// Groups, each with the questions that are read of every item.
    pub(crate) groups: BTreeMap<usize, BTreeSet<usize>>,
    /// Facts.
    pub(crate) facts: BTreeSet<String>,
    /// As it was written.
    pub(crate) source: String,
}

impl Compiled {
    /// Stands in for an expression that could not be compiled.
    pub(crate) fn nothing() -> Self {
        Self {
            root: IdedExpr::default(),
            questions: BTreeSet::new(),
            calculations: BTreeSet::new(),
            groups: BTreeMap::new(),
            facts: BTreeSet::new(),
            source: String::new(),
        }
    }
}

/// Compiles an expression. Problems are added; nothing comes back when there are any.
pub(crate) fn compile(
    text: &Text,
    place: Place,
    purpose: Purpose,
    names: &Names,
    complaints: &mut Complaints<'_>,
) -> Option<Compiled> {
    let source = text.get();
    let program = match Program::compile(source) {
        Ok(program) => program,
        Err(errors) => {
            // Only the first counts: what the parser says after it is a consequence.
            let first = errors.errors.first();
            let (line, column) = first.map_or((1, 1), |error| error.pos);
            let character = character_at(source, line, column);
            complaints.add(
                byte_within(complaints.slice(&text.span()), &text.span(), character),
                format!("Deze voorwaarde is niet te lezen: {}.", first.map_or_else(String::new, |error| in_dutch(&error.msg))),
                "Schrijf bijvoorbeeld A4 == \"ja\" || A4 == \"onbekend\". Tekst staat tussen aanhalingstekens; is gelijk aan is ==, en is &&, of is ||.",
            );
            return None;
        }
    };
    let found = Walk::through(&program, text, place, purpose, names, complaints)?;
    let mut root = program.expression().clone();
    language::replace_operators(&mut root);
    let Found { questions, calculations, groups, facts } = found;
    Some(Compiled { root, questions, calculations, groups, facts, source: source.clone() })
}

/// The parser's message: it names the piece that it did not expect, between quotes, and then all that it would have taken.
fn in_dutch(message: &str) -> String {
    let before = message.split(" expecting ").next().unwrap_or(message);
    match before.split_once('\'').and_then(|(_, rest)| rest.rsplit_once('\'')) {
        Some(("<EOF>", _)) => "zij houdt te vroeg op".to_owned(),
        Some((piece, _)) => format!("`{}` staat hier verkeerd", piece.trim()),
        None => before.to_owned(),
    }
}

fn character_at(source: &str, line: isize, column: isize) -> usize {
    let before: usize =
        source.split('\n').take(usize::try_from(line - 1).unwrap_or(0)).map(|line| line.chars().count() + 1).sum();
    before + usize::try_from(column - 1).unwrap_or(0)
}
