//! From the planned rows to sections with questions.

use std::collections::{HashMap, HashSet};

use super::draft::{Condition, Draft, DraftCalculation, DraftGroup, DraftSection};
use super::language::Languages;
use super::plan::{Plan, Planned, What};
use super::remark::{Place, Remarks};
use super::sheet::{Cell, Row, Sheet};
use super::survey::{Entry, Group, Item};
use super::text::plain;
use super::translate::{self, Kind, Known, Refusal, Scope, Symbol};

/// What the building looks at.
pub(super) struct Builder<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) languages: &'a Languages,
    pub(super) plan: Plan,
    pub(super) remarks: &'a mut Remarks,
    pub(super) draft: Draft,
    /// The group in the form whose section is the last one.
    open: Option<usize>,
    /// How often a group's section was begun.
    begun: HashMap<usize, usize>,
    pub(super) notes: Vec<Note>,
}

/// What stands around a row in the form.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    /// The group whose title a section has; 0 is the form itself.
    id: usize,
    titles: Vec<String>,
    /// Conditions of groups with a title: of the whole section.
    visible: Vec<Condition>,
    /// Conditions of groups without a title: of each question in them.
    pub(super) inner: Vec<Condition>,
    pub(super) group: Option<String>,
    /// The row of the group around; 0 is the form itself.
    parent: usize,
}

/// Where an expression stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stand<'s> {
    group: Option<&'s str>,
    parent: usize,
    /// What `.` is.
    current: Option<&'s str>,
}

impl Around {
    /// An expression in which `.` is nothing.
    pub(super) fn stand(&self) -> Stand<'_> {
        Stand { group: self.group.as_deref(), parent: self.parent, current: None }
    }

    /// An expression in which `.` is a question.
    pub(super) fn stand_at<'s>(&'s self, question: &'s str) -> Stand<'s> {
        Stand { current: Some(question), ..self.stand() }
    }
}

/// A text on the screen that has not found its question yet.
pub(super) struct Note {
    pub(super) text: String,
    pub(super) place: Place,
    pub(super) visible: Vec<Condition>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(sheet: &'a Sheet, languages: &'a Languages, plan: Plan, remarks: &'a mut Remarks) -> Self {
        Self {
            sheet,
            languages,
            plan,
            remarks,
            draft: Draft::default(),
            open: None,
            begun: HashMap::new(),
            notes: Vec::new(),
        }
    }

    /// Builds everything. `order` has each row behind those on which it depends.
    pub(super) fn build(mut self, entries: &[Entry<'_>], order: &[usize]) -> Draft {
        self.calculations(entries, order);
        self.entries(entries, &Around::default());
        self.close();
        self.keep_explanations();
        self.draft
    }

    /// Works out what calculations are, each before those that use it.
    fn calculations(&mut self, entries: &[Entry<'_>], order: &[usize]) {
        let mut items = HashMap::new();
        gather(entries, &mut items);
        let mut seen = HashSet::new();
        for row in order {
            let planned = self.plan.rows.get(row).filter(|planned| matches!(planned.what, What::Calculation)).cloned();
            let (Some(planned), Some(item)) = (planned, items.get(row)) else { continue };
            if let Some(calculation) = self.calculation(item, &planned) {
                let conditional = self.sheet.cell(item.row, "relevant").is_some();
                let kind = calculation.value.cel.kind.clone();
                let (cel, group, parent) = (planned.id.clone(), planned.group.clone(), planned.parent);
                let known = Known { cel, kind, group, computed: true, parent, conditional };
                if !item.name.is_empty() && seen.insert(item.name.clone()) {
                    let symbol = self.plan.symbols.get_mut(&item.name).filter(|one| !matches!(one, Symbol::Ambiguous));
                    symbol.into_iter().for_each(|symbol| *symbol = Symbol::Value(known.clone()));
                }
                self.draft.calculations.push(calculation);
            }
        }
        // Back in the order of the form.
        self.draft.calculations.sort_by_key(|calculation| calculation.place.row);
    }

    fn calculation(&mut self, item: &Item<'_>, planned: &Planned) -> Option<DraftCalculation> {
        let (id, group) = (planned.id.as_str(), planned.group.as_deref());
        let Some(cell) = self.sheet.cell(item.row, "calculation") else {
            let message = format!("De berekening `{}` heeft geen formule.", item.shown());
            let place = self.sheet.place(item.row, "calculation");
            self.remarks.left_out(place, message, "Vul de kolom calculation in.");
            return None;
        };
        let scope = self.scope(Stand { group, parent: planned.parent, current: Some(&item.name) });
        let value = match translate::value(&cell.text, scope) {
            Ok(value) if value.kind == Kind::Files || value.kind == Kind::Point => {
                Err(Refusal { why: "een bestand of een plek is geen uitkomst".into(), hint: "Laat het weg.".into() })
            }
            other => other,
        };
        match value {
            Ok(cel) => {
                let place = Place::row(&self.sheet.name, item.row.number);
                let title = self.text(item.row, "label").filter(|title| !title.is_empty());
                let value = Condition { cel, place: cell.place };
                if let Some(relevant) = self.sheet.cell(item.row, "relevant") {
                    let message = "Een berekening heeft geen eigen voorwaarde; zij wordt altijd gedaan.";
                    self.remarks.left_out(
                        relevant.place,
                        message,
                        "Zet de voorwaarde in de berekening: voorwaarde ? waarde : null.",
                    );
                }
                let title = title.unwrap_or_else(|| id.to_owned());
                Some(DraftCalculation { name: id.to_owned(), title, value, group: group.map(str::to_owned), place })
            }
            Err(refusal) => {
                let message = format!("De berekening `{}` staat er niet in: {}", item.shown(), ended(&refusal.why));
                self.remarks.left_out(cell.place, message, refusal.hint);
                None
            }
        }
    }

    fn scope<'s>(&'s self, stand: Stand<'s>) -> Scope<'s> {
        Scope { symbols: &self.plan.symbols, group: stand.group, parent: stand.parent, current: stand.current }
    }

    /// Translates a cell that must be true or false; what can't be is named with what follows from that.
    pub(super) fn condition(&mut self, cell: &Cell, what: &str, follows: &str, stand: Stand<'_>) -> Option<Condition> {
        match translate::condition(&cell.text, self.scope(stand)) {
            Ok(cel) => Some(Condition { cel, place: cell.place.clone() }),
            Err(refusal) => {
                let message =
                    format!("{what} `{}` staat er niet in: {} {follows}", shortened(&cell.text), ended(&refusal.why));
                self.remarks.left_out(cell.place.clone(), message, refusal.hint);
                None
            }
        }
    }

    fn entries(&mut self, entries: &[Entry<'_>], around: &Around) {
        for entry in entries {
            match entry {
                Entry::Row(item) => self.row(item, around),
                Entry::Group(group) => self.group(group, around),
            }
        }
    }

    fn group(&mut self, group: &Group<'_>, around: &Around) {
        let item = &group.item;
        let Some(planned) = self.plan.rows.get(&item.row.number).cloned() else { return };
        if let What::Matrix(matrix) = &planned.what {
            return self.matrix(item, &planned.id, matrix, around);
        }
        let label = self.text(item.row, "label").filter(|label| !label.is_empty());
        let titled = label.is_some() || group.repeat;
        let follows = if titled { "Het onderdeel is er nu altijd." } else { "De vragen zijn er nu altijd." };
        let relevant = self.sheet.cell(item.row, "relevant");
        let visible = relevant
            .and_then(|cell| self.condition(&cell, "De voorwaarde", follows, around.stand()))
            .filter(|condition| condition.cel.text != "true");
        let mut within = around.clone();
        within.parent = item.row.number;
        if titled {
            within.id = item.row.number;
            within.titles.push(label.unwrap_or_else(|| item.shown().to_owned()));
            // A section has its own conditions, so those of the groups around it move there.
            within.visible.append(&mut within.inner);
            within.visible.extend(visible);
        } else {
            within.inner.extend(visible);
        }
        if group.repeat {
            self.repeat(item, &planned.id, within.titles.last().cloned().unwrap_or_default());
            within.group = Some(planned.id);
        }
        if titled {
            self.close();
        }
        self.entries(&group.entries, &within);
        if titled {
            self.close();
        }
    }

    fn repeat(&mut self, item: &Item<'_>, id: &str, title: String) {
        let place = Place::row(&self.sheet.name, item.row.number);
        let mut minimum = 0;
        if let Some(count) = self.sheet.cell(item.row, "repeat_count") {
            match count.text.parse::<u32>() {
                Ok(number) => {
                    minimum = number;
                    let message = format!("Van `{id}` zijn er ten minste {number}; mensen kunnen er toevoegen.");
                    self.remarks.adjusted(count.place, message, "");
                }
                Err(_) => {
                    let message = format!(
                        "Het aantal `{}` van `{id}` staat er niet in: een checklist telt niet vooraf hoeveel het er zijn.",
                        shortened(&count.text)
                    );
                    self.remarks.left_out(
                        count.place,
                        message,
                        "Mensen voegen er zo veel toe als er zijn. Zet dat in de toelichting.",
                    );
                }
            }
        }
        self.draft.groups.push(DraftGroup { id: id.to_owned(), title, minimum, place });
    }

    /// The section in which a row comes.
    pub(super) fn section(&mut self, around: &Around) -> &mut DraftSection {
        if self.open != Some(around.id) {
            self.close();
            self.open = Some(around.id);
            let times = self.begun.entry(around.id).or_default();
            *times += 1;
            let mut title = if around.titles.is_empty() { "Vragen".to_owned() } else { around.titles.join(": ") };
            if *times == 2 {
                title.push_str(" (vervolg)");
            } else if *times > 2 {
                title.push_str(&format!(" (vervolg {})", *times - 1));
            }
            let section = DraftSection {
                title,
                group: around.group.clone(),
                visible: around.visible.clone(),
                ..DraftSection::default()
            };
            self.draft.sections.push(section);
        }
        self.draft.sections.last_mut().expect("one was pushed when none was open")
    }

    /// Ends the present section; notes that found no question find their last place.
    fn close(&mut self) {
        self.place_notes();
        self.open = None;
    }

    /// Sections without questions go; what they said stands above the next one.
    fn keep_explanations(&mut self) {
        let mut kept: Vec<DraftSection> = Vec::new();
        let mut waiting: Vec<String> = Vec::new();
        for mut section in std::mem::take(&mut self.draft.sections) {
            if section.questions.is_empty() {
                if section.visible.is_empty() {
                    waiting.append(&mut section.explanation);
                } else if !section.explanation.is_empty() {
                    let place = section.visible[0].place.clone();
                    let message = format!(
                        "De teksten van het onderdeel `{}` staan er niet in: er zijn geen vragen bij.",
                        section.title
                    );
                    self.remarks.left_out(place, message, "Zet ze bij de vraag waar ze bij horen.");
                }
                continue;
            }
            waiting.append(&mut section.explanation);
            section.explanation = std::mem::take(&mut waiting);
            kept.push(section);
        }
        if let Some(last) = kept.last_mut() {
            last.explanation.append(&mut waiting);
        }
        self.draft.sections = kept;
    }

    /// A text in the chosen language, plain, with the names of questions in it.
    pub(super) fn text(&mut self, row: &Row, key: &str) -> Option<String> {
        let cell = self.languages.text(self.sheet, row, key, self.remarks)?;
        let mut text = plain(&cell.text);
        let mut inserted = false;
        while let Some((start, end)) = text.find("${").and_then(|start| Some((start, start + text[start..].find('}')?)))
        {
            let name = text[start + 2..end].trim().to_owned();
            let shown = match self.plan.symbols.get(&name) {
                Some(Symbol::Value(known)) => known.cel.clone(),
                _ => name,
            };
            text.replace_range(start..=end, &format!("[antwoord op {shown}]"));
            inserted = true;
        }
        if inserted {
            let message = "Een checklist zet geen antwoorden in een tekst; er staat nu welk antwoord bedoeld is.";
            self.remarks.adjusted(cell.place, message, "Herschrijf de tekst zonder dat antwoord.");
        }
        Some(text)
    }
}

/// A sentence with its full stop, unless it ends with a question.
fn ended(why: &str) -> String {
    if why.ends_with('?') { why.to_owned() } else { format!("{why}.") }
}

/// A formula, not too long for a sentence.
pub(super) fn shortened(formula: &str) -> String {
    let one_line = formula.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= 60 {
        return one_line;
    }
    let start: String = one_line.chars().take(57).collect();
    format!("{start}...")
}

fn gather<'e, 'a>(entries: &'e [Entry<'a>], items: &mut HashMap<usize, &'e Item<'a>>) {
    for entry in entries {
        match entry {
            Entry::Row(item) => {
                items.insert(item.row.number, item);
            }
            Entry::Group(group) => gather(&group.entries, items),
        }
    }
}
