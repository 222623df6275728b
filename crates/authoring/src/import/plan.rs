//! What each row becomes, and the name it gets: settled before any expression is looked at, since expressions may name
//! rows that come later.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::choices::{Codes, List, Lists};
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
            RowKind::Question(_) if sheet.cell(item.row, "readonly").is_some_and(|cell| is_yes(&cell.text)) => What::Note,
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
        self.remarks.aside(place.clone(), format!("`{what}` is niet nodig: Veldboek legt zelf vast wie, wanneer en met welk toestel."));
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

    fn kind_of(&self, item: &Item<'_>, question: &Question) -> Kind {
        let codes = |list: &str| {
            let codes = self.lists.get(list).map(|list| Arc::clone(&list.codes)).unwrap_or_default();
            if question.other.is_none() || codes.of("other").is_some() {
                return codes;
            }
            let mut more = codes.0.clone();
            more.push(("other".to_owned(), "other".to_owned()));
            Arc::new(Codes(more))
        };
        match &item.kind {
            RowKind::Question(Asked::One { list, .. }) => Kind::One(codes(list)),
            RowKind::Question(Asked::Several { list, .. }) => Kind::Several(codes(list)),
            RowKind::Question(Asked::Whole | Asked::Decimal | Asked::Range) => Kind::Number,
            RowKind::Question(Asked::Day) => Kind::Day,
            RowKind::Question(Asked::Time) => Kind::Time,
            RowKind::Question(Asked::Moment) => Kind::Moment,
            RowKind::Question(Asked::Point) => Kind::Point,
            // A signature is known by the name of who signed; only whether it is there can be asked.
            RowKind::Question(Asked::Photo | Asked::File) => Kind::Files,
            RowKind::Question(Asked::Acknowledge) => {
                Kind::One(Arc::new(Codes(vec![("OK".to_owned(), "ja".to_owned())])))
            }
            _ => Kind::Text,
        }
    }

    fn question(&mut self, item: &Item<'_>, asked: &Asked) -> Result<Question, (Place, String, String)> {
        let sheet = self.sheet;
        let plain = |kind| Ok(Question { kind, ..Question::default() });
        let looks = sheet.cell(item.row, "appearance").map(|cell| cell.text.to_lowercase()).unwrap_or_default();
        match asked {
            Asked::One { list, other } | Asked::Several { list, other } => {
                let one = matches!(asked, Asked::One { .. });
                if looks.contains("search(") {
                    let place = sheet.place(item.row, "appearance");
                    return Err((
                        place,
                        "de keuzes worden in een ander bestand gezocht (`search`)".to_owned(),
                        "Schrijf de opties uit op het blad choices.".to_owned(),
                    ));
                }
                let found = self.list(item, list)?;
                let mut options: Vec<(String, String)> =
                    found.options.iter().map(|option| (option.code.clone(), option.label.clone())).collect();
                let fixed = found.fixed.filter(|_| one && !other);
                if *other && !options.iter().any(|(code, _)| code == "other") {
                    options.push(("other".to_owned(), "Anders".to_owned()));
                }
                if options.len() < 2 {
                    return Err((
                        sheet.place(item.row, "type"),
                        format!("de lijst `{list}` heeft maar een keuze"),
                        "Geef de lijst een tweede keuze, of maak er een ja-nee-vraag van.".to_owned(),
                    ));
                }
                if !self.plan.lists.contains(list) {
                    self.plan.lists.push(list.clone());
                }
                let other = other.then(String::new);
                Ok(match fixed {
                    Some(kind) => Question { kind, ..Question::default() },
                    None => Question { kind: if one { "een-van" } else { "meer-van" }, options, other, ..Question::default() },
                })
            }
            Asked::Whole => Ok(Question { kind: "getal", whole: true, ..Question::default() }),
            Asked::Decimal => plain("getal"),
            Asked::Range => self.range(item),
            Asked::Text => plain("tekst"),
            Asked::Barcode => {
                let hint = "Zet in de toelichting welke code u bedoelt.";
                self.remarks.adjusted(
                    sheet.place(item.row, "type"),
                    format!("`{}` leest geen streepjescode; mensen typen haar over.", item.shown()),
                    hint,
                );
                plain("tekst")
            }
            Asked::Day => {
                if looks.contains("month-year") || looks.split_whitespace().any(|word| word == "year") {
                    let message = format!("`{}` vraagt nu een hele dag, niet alleen maand of jaar.", item.shown());
                    self.remarks.adjusted(sheet.place(item.row, "appearance"), message, "Vraag een getal als het jaar genoeg is.");
                }
                plain("datum")
            }
            Asked::Time => plain("tijd"),
            Asked::Moment => plain("datum-tijd"),
            Asked::Point => plain("punt"),
            Asked::Photo if looks.contains("signature") => plain("handtekening"),
            Asked::Photo => {
                if looks.contains("draw") || looks.contains("annotate") {
                    let message = format!("`{}` is nu een gewone foto; tekenen kan op een kopie ervan.", item.shown());
                    self.remarks.adjusted(sheet.place(item.row, "appearance"), message, "");
                }
                plain("foto")
            }
            Asked::File => plain("document"),
            Asked::Acknowledge => {
                let message = format!("`{}` is nu een ja-nee-vraag: een checklist kent geen vinkje.", item.shown());
                self.remarks.adjusted(sheet.place(item.row, "type"), message, "Maak van de tekst een vraag.");
                plain("ja-nee")
            }
        }
    }

    fn list(&self, item: &Item<'_>, list: &str) -> Result<&List, (Place, String, String)> {
        self.lists.get(list).ok_or_else(|| {
            let known: Vec<&str> = self.lists.names().take(12).collect();
            let hint = if known.is_empty() {
                "Maak een blad choices met de kolommen list_name, name en label.".to_owned()
            } else {
                format!("Zet de lijst op het blad choices. Daar staan nu: {}.", known.join(", "))
            };
            (self.sheet.place(item.row, "type"), format!("de lijst `{list}` staat niet op het blad choices"), hint)
        })
    }

    /// A range has its ends and its step in the column `parameters`; without them it goes from 1 to 10 in steps of 1.
    fn range(&mut self, item: &Item<'_>) -> Result<Question, (Place, String, String)> {
        let place = self.sheet.place(item.row, "parameters");
        let written = self.sheet.cell(item.row, "parameters").map(|cell| cell.text).unwrap_or_default();
        let numbers = parameters(&written);
        let of = |name: &str, otherwise: f64| match numbers.iter().find(|(key, _)| key == name) {
            None => Ok(otherwise),
            Some((_, value)) => value.parse::<f64>().ok().filter(|number| number.is_finite()).ok_or_else(|| {
                let message = format!("`{name}={value}` is geen getal");
                (place.clone(), message, "Schrijf bijvoorbeeld start=1 end=10 step=1.".to_owned())
            }),
        };
        let (start, end, step) = (of("start", 1.0)?, of("end", 10.0)?, of("step", 1.0)?);
        let whole = start.fract() == 0.0 && step.fract() == 0.0;
        if step != 1.0 {
            let message = format!("`{}` neemt nu ook getallen tussen de stappen van {step}.", item.shown());
            self.remarks.adjusted(place, message, "Zet in de toelichting welke getallen u wilt.");
        }
        let (minimum, maximum) = (Some(start.min(end)), Some(start.max(end)));
        Ok(Question { kind: "getal", minimum, maximum, whole, ..Question::default() })
    }

    /// A group of choices on one list that the form shows as a table.
    fn matrix(&self, group: &Group<'_>) -> Option<Matrix> {
        let sheet = self.sheet;
        let looks = |row: &Row| sheet.cell(row, "appearance").map(|cell| cell.text.to_lowercase()).unwrap_or_default();
        let table = looks(group.item.row).split_whitespace().any(|word| word == "table-list");
        let mut rows: Vec<(&Item<'_>, &str)> = Vec::new();
        for entry in &group.entries {
            match entry {
                Entry::Row(item) => match &item.kind {
                    RowKind::Question(Asked::One { list, other: false }) => rows.push((item, list)),
                    _ => return None,
                },
                Entry::Group(_) => return None,
            }
        }
        let header = rows.first().filter(|(item, _)| looks(item.row) == "label").map(|(item, _)| item.row.number);
        if header.is_some() {
            rows.remove(0);
        }
        let plain = |item: &Item<'_>| {
            ["relevant", "constraint", "calculation", "choice_filter", "readonly"]
                .iter()
                .all(|key| sheet.cell(item.row, key).is_none())
        };
        let (first, list) = rows.first()?;
        let same = rows.iter().all(|(item, other)| other == list && plain(item) && !item.name.is_empty());
        let shown = table || header.is_some() && rows.iter().all(|(item, _)| looks(item.row) == "list-nolabel");
        let required = |item: &Item<'_>| sheet.cell(item.row, "required").map(|cell| cell.text);
        let asked = required(first);
        let alike = rows.iter().all(|(item, _)| required(item) == asked) && asked.as_deref().is_none_or(is_yes);
        let found = self.lists.get(list)?;
        if group.repeat || !same || !shown || !alike || found.options.len() < 2 {
            return None;
        }
        let mut codes = Names::default();
        let options = found.options.iter().map(|option| (option.code.clone(), option.label.clone())).collect();
        let rows = rows.iter().map(|(item, _)| (item.row.number, codes.give_code(&item.name))).collect();
        Some(Matrix { options, rows, header, required: asked.is_some() })
    }

    fn table(&mut self, group: &Group<'_>, matrix: Matrix, around: &Around) {
        let id = self.name(&group.item, "tabel");
        let list = group.entries.iter().find_map(|entry| match entry {
            Entry::Row(Item { kind: RowKind::Question(Asked::One { list, .. }), .. }) => Some(list.clone()),
            _ => None,
        });
        let list = list.unwrap_or_default();
        let codes = self.lists.get(&list).map(|list| Arc::clone(&list.codes)).unwrap_or_default();
        if !self.plan.lists.contains(&list) {
            self.plan.lists.push(list);
        }
        let conditional = around.conditional || self.sheet.cell(group.item.row, "relevant").is_some();
        for entry in &group.entries {
            let Entry::Row(item) = entry else { continue };
            let code = matrix.rows.iter().find(|(row, _)| *row == item.row.number).map(|(_, code)| code);
            let symbol = match code {
                Some(code) => Symbol::Value(Known {
                    cel: format!("{id}[\"{code}\"]"),
                    kind: Kind::One(Arc::clone(&codes)),
                    group: around.group.clone(),
                    computed: false,
                    parent: group.item.row.number,
                    conditional,
                }),
                None => Symbol::Section,
            };
            self.declare(&item.name, symbol);
        }
        self.declare(&group.item.name, Symbol::Section);
        let place = self.sheet.place(group.item.row, "appearance");
        self.remarks.adjusted(place, format!("De tabel is nu een vraag van de soort matrix: `{id}`."), "");
        self.keep(group.item.row, id, What::Matrix(matrix), around);
    }
}

/// `start=1 end=10`, with spaces, commas or semicolons between.
fn parameters(written: &str) -> Vec<(String, String)> {
    let parts = written.split([' ', ';', ',']).filter_map(|part| part.split_once('='));
    parts.map(|(key, value)| (key.trim().to_lowercase(), value.trim().to_owned())).collect()
}

/// The cells of a row of these kinds, as far as they are there.
pub(crate) fn cells(sheet: &Sheet, row: &Row, keys: &[&str]) -> Vec<Cell> {
    keys.iter().filter_map(|key| sheet.cell(row, key)).collect()
}
