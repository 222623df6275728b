//! What each row becomes, and the name it gets: settled before any expression is looked at, since expressions may name
//! rows that come later.

mod asked;
mod matrix;

use std::collections::{HashMap, HashSet};

use super::choices::Lists;
use super::kind::{Asked, RowKind};
use super::names::Names;
use super::remark::{Place, Remarks};
use super::sheet::{Cell, Row, Sheet};
use super::survey::{Entry, Group, Item, is_yes};
use super::translate::{Kind, Known, Symbol};

/// The whole form, planned.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// By row number.
    pub(crate) rows: HashMap<usize, Planned>,
    pub(crate) symbols: HashMap<String, Symbol>,
    /// Lists that are used.
    pub(crate) lists: Vec<String>,
}

/// A row with its name in the checklist.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) id: String,
    pub(crate) what: What,
    /// The group in which it repeats.
    pub(crate) group: Option<String>,
    /// The row of the group around it in the form; 0 is the form itself.
    pub(crate) parent: usize,
}

/// What a row becomes.
#[derive(Clone, Debug)]
pub(crate) enum What {
    Question(Question),
    Calculation,
    Note,
    Group,
    Matrix(Matrix),
    Nothing,
}

/// A question's kind of answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Question {
    pub(crate) kind: &'static str,
    pub(crate) options: Vec<(String, String)>,
    /// The question that asks what "other" is.
    pub(crate) other: Option<String>,
    pub(crate) minimum: Option<f64>,
    pub(crate) maximum: Option<f64>,
    pub(crate) whole: bool,
}

/// A group of questions on one list, shown as a table.
#[derive(Clone, Debug)]
pub(crate) struct Matrix {
    pub(crate) options: Vec<(String, String)>,
    /// Row numbers with the code of each.
    pub(crate) rows: Vec<(usize, String)>,
    /// The row whose label stands above the table.
    pub(crate) header: Option<usize>,
    pub(crate) required: bool,
}

/// Plans every row of the tree.
pub(crate) fn plan(sheet: &Sheet, entries: &[Entry<'_>], lists: &Lists, remarks: &mut Remarks) -> Plan {
    let mut planner =
        Planner { sheet, lists, remarks, names: Names::default(), plan: Plan::default(), seen: HashSet::new() };
    planner.entries(entries, &Around::default());
    planner.plan
}

/// What stands around a row.
#[derive(Clone, Debug, Default)]
struct Around {
    group: Option<String>,
    /// The row of the group around; 0 is the form itself.
    parent: usize,
    /// Whether a condition stands between the row and its repeat.
    conditional: bool,
}

struct Planner<'a> {
    sheet: &'a Sheet,
    lists: &'a Lists,
    remarks: &'a mut Remarks,
    names: Names,
    plan: Plan,
    seen: HashSet<String>,
}

impl Planner<'_> {
    fn entries(&mut self, entries: &[Entry<'_>], around: &Around) {
        for entry in entries {
            match entry {
                Entry::Row(item) => self.row(item, around),
                Entry::Group(group) => self.group(group, around),
            }
        }
    }

    fn group(&mut self, group: &Group<'_>, around: &Around) {
        let sheet = self.sheet;
        if let Some(matrix) = self.matrix(group) {
            return self.table(group, matrix, around);
        }
        let item = &group.item;
        let conditional = !group.repeat && (around.conditional || sheet.cell(item.row, "relevant").is_some());
        if group.repeat {
            let id = self.name(item, "groep");
            self.declare(&item.name, Symbol::Group(id.clone()));
            self.keep(item.row, id.clone(), What::Group, around);
            self.entries(&group.entries, &Around { group: Some(id), parent: item.row.number, conditional });
        } else {
            self.declare(&item.name, Symbol::Section);
            self.keep(item.row, item.name.clone(), What::Group, around);
            let within = Around { group: around.group.clone(), parent: item.row.number, conditional };
            self.entries(&group.entries, &within);
        }
    }

    fn row(&mut self, item: &Item<'_>, around: &Around) {
        let sheet = self.sheet;
        let place = Place::row(&sheet.name, item.row.number);
        let what = match &item.kind {
            RowKind::Note => What::Note,
            RowKind::Calculate => What::Calculation,
            RowKind::Metadata { is_day } => {
                self.metadata(item, *is_day);
                return;
            }
            RowKind::Unknown(why, hint) => {
                let message = format!("De vraag `{}` staat er niet in: {why}.", item.shown());
                self.remarks.left_out(sheet.place(item.row, "type"), message, *hint);
                What::Nothing
            }
            RowKind::Question(asked) if sheet.cell(item.row, "calculation").is_some() => {
                self.computed(item, asked);
                What::Calculation
            }
            RowKind::Question(_) if sheet.cell(item.row, "readonly").is_some_and(|cell| is_yes(&cell.text)) => {
                What::Note
            }
            RowKind::Question(asked) => match self.question(item, asked) {
                Ok(question) => What::Question(question),
                Err((place, message, hint)) => {
                    let message = format!("De vraag `{}` staat er niet in: {message}.", item.shown());
                    self.remarks.left_out(place, message, hint);
                    What::Nothing
                }
            },
            RowKind::Begin { .. } | RowKind::End { .. } | RowKind::Structure(_) | RowKind::Stray => return,
        };
        let symbol = |id: &str, kind: Kind, computed| {
            let conditional = around.conditional || sheet.cell(item.row, "relevant").is_some();
            let group = around.group.clone();
            Symbol::Value(Known { cel: id.to_owned(), kind, group, computed, parent: around.parent, conditional })
        };
        match what {
            What::Question(mut question) => {
                let id = self.name(item, "vraag");
                self.declare(&item.name, symbol(&id, self.kind_of(item, &question), false));
                if question.other.is_some() {
                    let other = self.names.give(&format!("{id}_other"));
                    self.declare(&format!("{}_other", item.name), symbol(&other, Kind::Text, false));
                    question.other = Some(other);
                }
                self.keep(item.row, id, What::Question(question), around);
            }
            What::Calculation => {
                let id = self.name(item, "berekening");
                // Its kind is known once its expression is; until then nothing can use it.
                self.declare(&item.name, Symbol::LeftOut(sheet.place(item.row, "calculation")));
                self.keep(item.row, id, What::Calculation, around);
            }
            other => {
                self.declare(&item.name, Symbol::LeftOut(place));
                self.keep(item.row, item.name.clone(), other, around);
            }
        }
    }

    fn metadata(&mut self, item: &Item<'_>, is_day: bool) {
        let place = self.sheet.place(item.row, "type");
        let what = self.sheet.cell(item.row, "type").map(|cell| cell.text).unwrap_or_default();
        self.remarks.aside(
            place.clone(),
            format!("`{what}` is niet nodig: Veldboek legt zelf vast wie, wanneer en met welk toestel."),
        );
        let symbol = if is_day {
            let cel = "dag".to_owned();
            Symbol::Value(Known { cel, kind: Kind::Day, group: None, computed: false, parent: 0, conditional: false })
        } else {
            Symbol::LeftOut(place)
        };
        self.declare(&item.name, symbol);
    }

    /// A question that the form fills in by itself becomes a calculation.
    fn computed(&mut self, item: &Item<'_>, _: &Asked) {
        let message = format!("`{}` wordt uitgerekend en is nu een berekening; niemand vult het in.", item.shown());
        self.remarks.adjusted(self.sheet.place(item.row, "calculation"), message, "");
    }

    fn keep(&mut self, row: &Row, id: String, what: What, around: &Around) {
        let (group, parent) = (around.group.clone(), around.parent);
        self.plan.rows.insert(row.number, Planned { id, what, group, parent });
    }

    /// Gives a row its name, and says so when it is another.
    fn name(&mut self, item: &Item<'_>, otherwise: &str) -> String {
        let wanted = if item.name.is_empty() { otherwise } else { &item.name };
        let given = self.names.give(wanted);
        if given != item.name {
            let message = if item.name.is_empty() {
                format!("Deze rij heeft geen naam en heet nu `{given}`.")
            } else {
                format!("`{}` heet nu `{given}`.", item.name)
            };
            self.remarks.renamed(self.sheet.place(item.row, "name"), message);
        }
        given
    }

    fn declare(&mut self, name: &str, symbol: Symbol) {
        if name.is_empty() {
            return;
        }
        let symbol = if self.seen.insert(name.to_owned()) { symbol } else { Symbol::Ambiguous };
        self.plan.symbols.insert(name.to_owned(), symbol);
    }
}

/// The cells of a row of these kinds, as far as they are there.
pub(crate) fn cells(sheet: &Sheet, row: &Row, keys: &[&str]) -> Vec<Cell> {
    keys.iter().filter_map(|key| sheet.cell(row, key)).collect()
}
