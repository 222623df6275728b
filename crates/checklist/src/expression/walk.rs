//! The walk through an expression: every name in it is known, every code can be an answer, and no signal is counted.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use cel::IdedExpr;
use cel::Program;
use cel::common::ast::{EntryExpr, Expr, LiteralValue, operators};

use super::{Known, Name, Names, Place, Purpose};
use crate::language;
use crate::problem::{Complaints, nearest, suggest};
use crate::read::byte_within;
use crate::source::Text;

/// What a variable of `exists`, `all`, `filter` or `map` stands for.
#[derive(Clone)]
enum Bound {
    /// An item of a group.
    Item(usize),
    Other,
}

/// What an expression names.
#[derive(Default)]
pub(super) struct Found {
    pub(super) questions: BTreeSet<usize>,
    pub(super) calculations: BTreeSet<usize>,
    pub(super) groups: BTreeMap<usize, BTreeSet<usize>>,
    pub(super) facts: BTreeSet<String>,
}

pub(super) struct Walk<'a, 't> {
    program: &'a Program,
    source: &'a str,
    span: Range<usize>,
    place: Place,
    purpose: Purpose,
    names: &'a Names,
    complaints: &'a mut Complaints<'t>,
    scopes: Vec<(String, Bound)>,
    found: Found,
    /// The first arithmetic operator, to keep signals out of sums.
    arithmetic: Option<u64>,
    /// Uses of `size` that are not a comparison with 0 or 1, and of "the third one".
    counts: Vec<u64>,
    /// The first signal question named.
    signal: Option<(u64, String)>,
    clean: bool,
}

impl<'a, 't> Walk<'a, 't> {
    /// Walks through a program; nothing comes back when there are problems in it.
    pub(super) fn through(
        program: &'a Program,
        text: &'a Text,
        place: Place,
        purpose: Purpose,
        names: &'a Names,
        complaints: &'a mut Complaints<'t>,
    ) -> Option<Found> {
        let mut walk = Self {
            program,
            source: text.get(),
            span: text.span(),
            place,
            purpose,
            names,
            complaints,
            scopes: Vec::new(),
            found: Found::default(),
            arithmetic: None,
            counts: Vec::new(),
            signal: None,
            clean: true,
        };
        walk.expression(program.expression());
        walk.judge_signals();
        walk.clean.then_some(walk.found)
    }

    fn complain(&mut self, node: u64, message: String, hint: String) {
        let character = self.program.source_info().offset_for(node).map_or(0, |(start, _)| start as usize);
        let character = name_before(self.source, character);
        let byte = byte_within(self.complaints.slice(&self.span), &self.span, character);
        self.complaints.add(byte, message, hint);
        self.clean = false;
    }

    fn expression(&mut self, node: &IdedExpr) {
        match &node.expr {
            Expr::Unspecified | Expr::Literal(_) => {}
            Expr::Ident(name) => self.name(node.id, name),
            Expr::Select(select) => {
                if let Expr::Ident(variable) = &select.operand.expr
                    && let Some(Bound::Item(group)) = self.bound(variable)
                {
                    self.member(node.id, group, &select.field);
                } else {
                    self.expression(&select.operand);
                }
            }
            Expr::Call(call) => self.call(node, call),
            // `filter` gathers the items themselves in a list.
            Expr::List(list) => {
                for element in &list.elements {
                    if !self.is_item(element) {
                        self.expression(element);
                    }
                }
            }
            Expr::Map(map) => map.entries.iter().for_each(|entry| match &entry.expr {
                EntryExpr::StructField(field) => self.expression(&field.value),
                EntryExpr::MapEntry(pair) => {
                    self.expression(&pair.key);
                    self.expression(&pair.value);
                }
            }),
            Expr::Struct(_) => self.complain(
                node.id,
                "Een samengestelde waarde kan hier niet.".to_owned(),
                "Gebruik alleen vragen, groepen en berekeningen.".to_owned(),
            ),
            Expr::Comprehension(comprehension) => {
                self.expression(&comprehension.iter_range);
                let bound = match &comprehension.iter_range.expr {
                    Expr::Ident(name) => match self.names.names.get(name) {
                        Some(Name::Group(group)) if self.bound(name).is_none() => Bound::Item(*group),
                        _ => Bound::Other,
                    },
                    _ => Bound::Other,
                };
                let depth = self.scopes.len();
                self.scopes.push((comprehension.iter_var.clone(), bound));
                self.scopes.push((comprehension.accu_var.clone(), Bound::Other));
                if let Some(second) = &comprehension.iter_var2 {
                    self.scopes.push((second.clone(), Bound::Other));
                }
                self.expression(&comprehension.accu_init);
                self.expression(&comprehension.loop_cond);
                self.expression(&comprehension.loop_step);
                self.expression(&comprehension.result);
                self.scopes.truncate(depth);
            }
        }
    }

    fn call(&mut self, node: &IdedExpr, call: &cel::common::ast::CallExpr) {
        let function = call.func_name.as_str();
        if !language::FUNCTIONS.contains(&function) && !language::OPERATORS.contains(&function) {
            self.complain(
                node.id,
                format!("De functie `{function}` bestaat hier niet."),
                suggest(function, language::FUNCTIONS),
            );
        }
        if language::ARITHMETIC.contains(&function) && self.arithmetic.is_none() && !is_macro_bookkeeping(call) {
            self.arithmetic = Some(node.id);
        }
        if language::COMPARISONS.contains(&function)
            && let [left, right] = call.args.as_slice()
        {
            self.codes(left, right);
            self.codes(right, left);
            for (side, other) in [(left, right), (right, left)] {
                if is_size(side) && is_zero_or_one(other) {
                    // Compared with 0 or 1: that is "is there any", not a count.
                    self.size_operand(side);
                    self.expression(other);
                    return;
                }
            }
        }
        if function == operators::IN
            && let [left, right] = call.args.as_slice()
        {
            self.codes(right, left);
            if let Expr::List(list) = &right.expr {
                list.elements.iter().for_each(|element| self.codes(left, element));
            }
        }
        let picks_by_number = function == operators::INDEX
            && call.args.get(1).is_some_and(|index| matches!(index.expr, Expr::Literal(LiteralValue::Int(_))));
        if function == "size" || picks_by_number {
            self.counts.push(node.id);
        }
        if let Some(target) = &call.target {
            self.expression(target);
        }
        call.args.iter().for_each(|argument| self.expression(argument));
    }

    fn size_operand(&mut self, node: &IdedExpr) {
        if let Expr::Call(call) = &node.expr {
            call.target.iter().for_each(|target| self.expression(target));
            call.args.iter().for_each(|argument| self.expression(argument));
        }
    }

    /// Checks that `literal`, compared with `question`, is a code that an answer can have.
    fn codes(&mut self, question: &IdedExpr, literal: &IdedExpr) {
        let Expr::Literal(LiteralValue::String(code)) = &literal.expr else { return };
        let index = match &question.expr {
            Expr::Ident(name) if self.bound(name).is_none() => match self.names.names.get(name) {
                Some(Name::Question(index)) => *index,
                _ => return,
            },
            Expr::Select(select) => match &select.operand.expr {
                Expr::Ident(variable) if matches!(self.bound(variable), Some(Bound::Item(_))) => {
                    match self.names.names.get(&select.field) {
                        Some(Name::Question(index)) => *index,
                        _ => return,
                    }
                }
                _ => return,
            },
            _ => return,
        };
        let known = &self.names.questions[index];
        let Some(codes) = &known.codes else { return };
        let code = code.inner();
        if !codes.iter().any(|known| known == code) {
            let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
            let message = format!("Vraag {} kent het antwoord \"{code}\" niet.", known.id);
            self.complain(literal.id, message, suggest(code, &codes));
        }
    }

    fn is_item(&self, node: &IdedExpr) -> bool {
        matches!(&node.expr, Expr::Ident(name) if matches!(self.bound(name), Some(Bound::Item(_))))
    }

    fn bound(&self, name: &str) -> Option<Bound> {
        self.scopes.iter().rev().find(|(bound, _)| bound == name).map(|(_, bound)| bound.clone())
    }

    fn name(&mut self, node: u64, name: &str) {
        match self.bound(name) {
            Some(Bound::Other) => return,
            Some(Bound::Item(group)) => {
                let group = self.names.groups[group].clone();
                return self.complain(
                    node,
                    format!("`{name}` staat hier zonder vraag erachter."),
                    format!("Schrijf `{name}.` met een vraag uit de groep `{group}`, zoals `{name}.G2`."),
                );
            }
            None if name.starts_with('@') => return,
            None => {}
        }
        if self.is_outside_the_part(node, name) {
            return;
        }
        match self.names.names.get(name) {
            Some(Name::Question(index)) => {
                let index = *index;
                self.note_signal(node, index);
                self.keep_closed(node, index);
                match self.names.questions[index].group {
                    Some(group) if self.place.group != Some(group) => {
                        let group = &self.names.groups[group];
                        let message = format!("Vraag {name} bestaat per {group}; welke is bedoeld?");
                        let hint = format!("Schrijf bijvoorbeeld {group}.exists(g, g.{name} == \"ja\").");
                        self.complain(node, message, hint);
                    }
                    _ => {
                        self.found.questions.insert(index);
                    }
                }
            }
            Some(Name::Group(group)) => {
                self.found.groups.entry(*group).or_default();
            }
            Some(Name::Calculation(index)) => {
                let index = *index;
                match self.names.calculations[index].1 {
                    Some(group) if self.place.group != Some(group) => {
                        let group = &self.names.groups[group];
                        let message = format!("De berekening {name} bestaat per {group}.");
                        let hint = format!("Gebruik haar alleen in een onderdeel van de groep {group}.");
                        self.complain(node, message, hint);
                    }
                    _ => {
                        self.found.calculations.insert(index);
                    }
                }
            }
            Some(Name::Fact) => {
                self.found.facts.insert(name.to_owned());
            }
            None => {
                let known = self.names.names.keys().map(String::as_str);
                let is_code = |question: &Known| question.codes.iter().flatten().any(|code| code == name);
                let hint = match nearest(name, known) {
                    _ if self.names.questions.iter().any(is_code) => {
                        format!("Een antwoord staat tussen aanhalingstekens: \"{name}\".")
                    }
                    Some(candidate) => format!("Bedoelt u `{candidate}`?"),
                    None => "Gebruik de id van een vraag, de naam van een groep of berekening, of tekst tussen aanhalingstekens."
                        .to_owned(),
                };
                self.complain(node, format!("De naam `{name}` bestaat niet in deze checklist."), hint);
            }
        }
    }

    /// Whether a part names something of the checklist that it does not say it uses. That is a problem; so is a name that it
    /// says it uses and that is missing, which was said where the part is included.
    fn is_outside_the_part(&mut self, node: u64, name: &str) -> bool {
        let Some(part) = self.place.part else { return false };
        let uses = self.names.open_to[part].contains(name);
        match self.names.names.get(name) {
            None if uses => {
                self.clean = false;
                true
            }
            Some(Name::Question(index)) if self.names.questions[*index].part == Some(part) => false,
            None | Some(Name::Fact) => false,
            Some(_) if uses => false,
            Some(_) => {
                let message = format!("`{name}` staat buiten dit deel, en niet in `gebruikt`.");
                self.complain(node, message, format!("Zet \"{name}\" bij `gebruikt` bovenin dit bestand."));
                true
            }
        }
    }

    fn member(&mut self, node: u64, group: usize, field: &str) {
        match self.names.names.get(field) {
            Some(Name::Question(index)) if self.names.questions[*index].group == Some(group) => {
                let index = *index;
                self.note_signal(node, index);
                self.keep_closed(node, index);
                self.found.groups.entry(group).or_default().insert(index);
            }
            _ => {
                let known: Vec<&str> = self
                    .names
                    .questions
                    .iter()
                    .filter(|question| question.group == Some(group))
                    .map(|question| question.id.as_str())
                    .collect();
                let message = format!("De groep {} heeft geen vraag `{field}`.", self.names.groups[group]);
                let hint = suggest(field, &known);
                self.complain(node, message, hint);
            }
        }
    }

    /// What a partner keeps closed decides nothing for others: on their devices the answer is not there. Nor is it computed
    /// with, since everybody sees what is computed.
    fn keep_closed(&mut self, node: u64, index: usize) {
        let known = &self.names.questions[index];
        if known.closed.is_some() && (known.closed != self.place.part || self.purpose == Purpose::Calculation) {
            let message = format!("Vraag {} is van een besloten partnerset.", known.id);
            let hint = "De antwoorden blijven bij die partner. Noem de vraag alleen in voorwaarden van de set zelf, nooit in een berekening.";
            self.complain(node, message, hint.to_owned());
        }
    }

    fn note_signal(&mut self, node: u64, index: usize) {
        if self.names.questions[index].signal && self.signal.is_none() {
            self.signal = Some((node, self.names.questions[index].id.clone()));
        }
    }

    /// Signals are facts with an ordinary explanation, never something to count or to add up.
    fn judge_signals(&mut self) {
        let Some((node, id)) = self.signal.clone() else { return };
        let hint = "Signalen tellen nooit op tot een score. Vraag alleen of er iets is: size(…) >= 1.".to_owned();
        if self.purpose == Purpose::Calculation {
            self.complain(node, format!("Een berekening mag signaalvraag {id} niet gebruiken."), hint);
        } else if let Some(node) = self.arithmetic {
            self.complain(node, format!("Met signaalvraag {id} mag niet worden gerekend."), hint);
        } else if let Some(node) = self.counts.first().copied() {
            self.complain(node, format!("Antwoorden op signaalvraag {id} mogen niet worden geteld."), hint);
        }
    }
}

/// A call stands in the parser's books at its opening bracket; people look for it at its name.
fn name_before(source: &str, character: usize) -> usize {
    let letters: Vec<char> = source.chars().take(character + 1).collect();
    if letters.get(character) != Some(&'(') {
        return character;
    }
    let name = letters[..character].iter().rev().take_while(|letter| letter.is_alphanumeric() || **letter == '_');
    character - name.count()
}

fn is_macro_bookkeeping(call: &cel::common::ast::CallExpr) -> bool {
    call.args.iter().any(|argument| matches!(&argument.expr, Expr::Ident(name) if name.starts_with('@')))
}

fn is_size(node: &IdedExpr) -> bool {
    matches!(&node.expr, Expr::Call(call) if call.func_name == "size")
}

fn is_zero_or_one(node: &IdedExpr) -> bool {
    matches!(&node.expr, Expr::Literal(LiteralValue::Int(number)) if matches!(number.inner(), 0 | 1))
}
