//! Rows as questions, and texts on the screen beside them.

use super::build::{Around, Builder, Note, shortened};
use super::draft::{Condition, DraftQuestion};
use super::plan::{Matrix, Planned, Question, What};
use super::remark::Place;
use super::survey::{Item, is_no, is_yes};
use crate::xpath::{self, Expr, Node, Operator};

const STANDARD: &str = "Dit antwoord past niet bij wat er gevraagd wordt. Kijk het na.";

impl Builder<'_> {
    pub(super) fn row(&mut self, item: &Item<'_>, around: &Around) {
        let Some(planned) = self.plan.rows.get(&item.row.number).cloned() else { return };
        match &planned.what {
            What::Note => self.note(item, around),
            What::Question(question) => self.question(item, &planned, question, around),
            What::Calculation | What::Group | What::Matrix(_) | What::Nothing => {}
        }
    }

    fn question(&mut self, item: &Item<'_>, planned: &Planned, plan: &Question, around: &Around) {
        let text = self.question_text(item);
        let place = Place::row(&self.sheet.name, item.row.number);
        let mut question = DraftQuestion::new(planned.id.clone(), text, plan.kind, place.clone());
        question.options.clone_from(&plan.options);
        (question.minimum, question.maximum, question.whole) = (plan.minimum, plan.maximum, plan.whole);
        question.explanation = self.text(item.row, "hint").filter(|text| !text.is_empty() && *text != question.text);
        question.help = self.text(item.row, "guidance_hint").filter(|text| !text.is_empty());
        question.visible = self.visible(item, around);
        self.required(item, &mut question, around);
        self.constraint(item, &mut question, around);
        self.default(item, &mut question);
        self.leftovers(item);
        let other = plan.other.as_ref().map(|other| self.other(item, other, &question, around, place));
        self.add(question, around);
        if let Some(other) = other {
            self.section(around).questions.push(other);
        }
    }

    /// The question that asks what "other" is.
    fn other(&mut self, item: &Item<'_>, id: &str, of: &DraftQuestion, around: &Around, place: Place) -> DraftQuestion {
        let mut question = DraftQuestion::new(id.to_owned(), "Anders, namelijk".to_owned(), "tekst", place);
        question.follows = Some(of.id.clone());
        let chosen = super::sheet::Cell {
            place: self.sheet.place(item.row, "type"),
            text: format!("selected(${{{}}}, 'other')", item.name),
        };
        let follows = "De vraag is er nu altijd.";
        question.visible.extend(self.condition(&chosen, "De voorwaarde", follows, around.stand()));
        question
    }

    fn question_text(&mut self, item: &Item<'_>) -> String {
        let label = self.text(item.row, "label").filter(|text| !text.is_empty());
        label.or_else(|| self.text(item.row, "hint").filter(|text| !text.is_empty())).unwrap_or_else(|| {
            let message = format!("De vraag `{}` heeft geen tekst; haar naam staat er nu.", item.shown());
            self.remarks.adjusted(self.sheet.place(item.row, "label"), message, "Schrijf de vraag uit.");
            item.shown().to_owned()
        })
    }

    /// The row's own condition and those of the groups without a title around it.
    fn visible(&mut self, item: &Item<'_>, around: &Around) -> Vec<Condition> {
        let mut visible = around.inner.clone();
        if let Some(cell) = self.sheet.cell(item.row, "relevant") {
            let own = self.condition(&cell, "De voorwaarde", "De vraag is er nu altijd.", around.stand());
            visible.extend(own.filter(|condition| condition.cel.text != "true"));
        }
        visible
    }

    fn required(&mut self, item: &Item<'_>, question: &mut DraftQuestion, around: &Around) {
        if let Some(cell) = self.sheet.cell(item.row, "required").filter(|cell| !is_no(&cell.text)) {
            if is_yes(&cell.text) {
                question.required = true;
            } else {
                let what = "De voorwaarde voor verplicht";
                let stand = around.stand_at(&item.name);
                question.required_if = self
                    .condition(&cell, what, "De vraag is nu niet verplicht.", stand)
                    .filter(|condition| condition.cel.text != "false");
            }
        }
        if let Some(message) = self.languages.text(self.sheet, item.row, "required_message", self.remarks) {
            self.remarks.left_out(
                message.place,
                "Een eigen tekst bij een verplichte vraag heeft een checklist niet.",
                "Zet in de toelichting waarom het antwoord nodig is.",
            );
        }
    }

    fn constraint(&mut self, item: &Item<'_>, question: &mut DraftQuestion, around: &Around) {
        let message = self.text(item.row, "constraint_message").filter(|text| !text.is_empty());
        let Some(cell) = self.sheet.cell(item.row, "constraint") else {
            if message.is_some() {
                let place = self.sheet.place(item.row, "constraint_message");
                self.remarks.left_out(
                    place,
                    "Bij deze tekst staat geen eis.",
                    "Vul de kolom constraint in, of haal de tekst weg.",
                );
            }
            return;
        };
        if message.is_none()
            && question.kind == "getal"
            && let Some((least, most)) = xpath::parse(&cell.text).ok().and_then(|node| limits(&node))
        {
            // The app has its own words for a number that is too small or too large.
            let narrower = |own: Option<f64>, new: Option<f64>, pick: fn(f64, f64) -> f64| match (own, new) {
                (Some(own), Some(new)) => Some(pick(own, new)),
                (own, new) => own.or(new),
            };
            question.minimum = narrower(question.minimum, least, f64::max);
            question.maximum = narrower(question.maximum, most, f64::min);
            return;
        }
        let follows = "Het antwoord wordt daar nu niet op nagekeken.";
        if let Some(condition) = self.condition(&cell, "De eis", follows, around.stand_at(&item.name)) {
            question.constraints.push((condition, message.unwrap_or_else(|| STANDARD.to_owned())));
        }
    }

    fn default(&mut self, item: &Item<'_>, question: &mut DraftQuestion) {
        let Some(cell) = self.sheet.cell(item.row, "default") else { return };
        let now = matches!(cell.text.replace(' ', "").as_str(), "today()" | "now()");
        if now && matches!(question.kind, "datum" | "tijd" | "datum-tijd") {
            question.now = true;
        } else {
            let message = format!(
                "De standaardwaarde `{}` staat er niet in: een checklist vult geen antwoord vooraf in.",
                shortened(&cell.text)
            );
            self.remarks.left_out(cell.place, message, "Zet in de toelichting wat gewoon is.");
        }
    }

    /// Cells of a question that have no place in a checklist.
    fn leftovers(&mut self, item: &Item<'_>) {
        let filter = self.sheet.cell(item.row, "choice_filter");
        if let Some(cell) = filter.filter(|cell| cell.text.replace(' ', "") != "true()") {
            let message = format!(
                "Het filter `{}` staat er niet in: een checklist toont altijd alle keuzes.",
                shortened(&cell.text)
            );
            self.remarks.left_out(
                cell.place,
                message,
                "Maak er vragen met een eigen voorwaarde (`zichtbaar`) van, of laat alle keuzes staan.",
            );
        }
        if let Some(cell) = self.sheet.cell(item.row, "appearance")
            && !["signature", "draw", "annotate", "month-year", "year"]
                .iter()
                .any(|known| cell.text.to_lowercase().contains(known))
        {
            let message = format!(
                "De vorm `{}` is niet nodig: de app kiest zelf hoe een vraag eruitziet.",
                shortened(&cell.text)
            );
            self.remarks.aside(cell.place, message);
        }
        if let Some(cell) = self.sheet.cell(item.row, "trigger") {
            self.remarks.left_out(
                cell.place,
                "Een antwoord dat verandert door een ander antwoord (`trigger`) heeft een checklist niet.",
                "Gebruik een berekening.",
            );
        }
    }

    /// A group of choices as one question with rows.
    pub(super) fn matrix(&mut self, item: &Item<'_>, id: &str, matrix: &Matrix, around: &Around) {
        let label = |this: &mut Self, row: usize| {
            let row = this.sheet.rows.iter().find(|one| one.number == row);
            row.and_then(|row| this.text(row, "label")).filter(|text| !text.is_empty())
        };
        let text = label(self, item.row.number).or_else(|| matrix.header.and_then(|row| label(self, row)));
        let text = text.unwrap_or_else(|| "Kies bij elke regel een antwoord.".to_owned());
        let place = Place::row(&self.sheet.name, item.row.number);
        let mut question = DraftQuestion::new(id.to_owned(), text, "matrix", place);
        question.options.clone_from(&matrix.options);
        for (row, code) in &matrix.rows {
            let words = label(self, *row).unwrap_or_else(|| code.clone());
            question.rows.push((code.clone(), words));
        }
        question.required = matrix.required;
        question.visible = self.visible(item, around);
        self.add(question, around);
    }

    /// Adds a question, with the texts that waited for one.
    fn add(&mut self, mut question: DraftQuestion, around: &Around) {
        self.section(around);
        let mut waiting = Vec::new();
        for note in std::mem::take(&mut self.notes) {
            if !question.visible.is_empty() {
                waiting.push(note);
            } else if note.visible.is_empty() {
                question.caution.push(note.text);
            } else {
                question.notices.push((joined(&note.visible), note.text));
            }
        }
        self.notes = waiting;
        self.section(around).questions.push(question);
    }

    fn note(&mut self, item: &Item<'_>, around: &Around) {
        let mut text = self.text(item.row, "label").unwrap_or_default();
        if let Some(hint) = self.text(item.row, "hint").filter(|hint| !hint.is_empty()) {
            text = format!("{text} {hint}").trim().to_owned();
        }
        let place = Place::row(&self.sheet.name, item.row.number);
        if text.is_empty() {
            return;
        }
        let mut visible = around.inner.clone();
        if let Some(cell) = self.sheet.cell(item.row, "relevant") {
            let follows = "De tekst staat er daarom ook niet in.";
            let Some(own) = self.condition(&cell, "De voorwaarde", follows, around.stand()) else { return };
            visible.extend((own.cel.text != "true").then_some(own));
        }
        let section = self.section(around);
        if visible.is_empty() && section.questions.is_empty() {
            section.explanation.push(text);
            self.remarks.adjusted(place, "Deze tekst staat nu boven het onderdeel (`toelichting`).", "");
            return;
        }
        // A message belongs to a question that is always there, else it would need two conditions.
        let before = section.questions.iter_mut().rev().find(|question| question.visible.is_empty());
        match before {
            Some(question) if !visible.is_empty() => {
                question.notices.push((joined(&visible), text));
                let message = format!("Deze tekst is nu een melding bij vraag `{}`.", question.id);
                self.remarks.adjusted(place, message, "");
            }
            _ => {
                self.remarks.adjusted(place.clone(), "Deze tekst staat nu bij de vraag die volgt.", "");
                self.notes.push(Note { text, place, visible });
            }
        }
    }

    /// Gives the texts that found no question in their section a last place.
    pub(super) fn place_notes(&mut self) {
        for note in std::mem::take(&mut self.notes) {
            match self.draft.sections.last_mut() {
                Some(section) if note.visible.is_empty() => section.explanation.push(note.text),
                _ => self.remarks.left_out(
                    note.place,
                    "Deze tekst staat er niet in: er is geen vraag die er altijd is en waar hij bij kan staan.",
                    "Zet hem als `melding` of `let_op` bij de vraag waar hij bij hoort.",
                ),
            }
        }
    }
}

/// Several conditions as one, at the place of the last.
fn joined(conditions: &[Condition]) -> Condition {
    let last = conditions.last().expect("it is called with at least one");
    conditions[..conditions.len() - 1]
        .iter()
        .rev()
        .fold(last.clone(), |all, one| Condition { cel: super::translate::both(&one.cel, &all.cel), place: all.place })
}

/// The least and the most that a number may be, when the requirement says that and nothing else.
fn limits(node: &Node) -> Option<(Option<f64>, Option<f64>)> {
    let Expr::Binary(operator, left, right) = &node.expr else { return None };
    match operator {
        Operator::And => {
            let ((least, most), (more, less)) = (limits(left)?, limits(right)?);
            let both = |a: Option<f64>, b: Option<f64>, pick: fn(f64, f64) -> f64| match (a, b) {
                (Some(a), Some(b)) => Some(pick(a, b)),
                (a, b) => a.or(b),
            };
            Some((both(least, more, f64::max), both(most, less, f64::min)))
        }
        Operator::AtLeast => {
            limit(left, right).map(|least| (Some(least), None)).or_else(|| Some((None, Some(limit(right, left)?))))
        }
        Operator::AtMost => {
            limit(left, right).map(|most| (None, Some(most))).or_else(|| Some((Some(limit(right, left)?), None)))
        }
        _ => None,
    }
}

/// The number with which the present question is compared.
fn limit(question: &Node, number: &Node) -> Option<f64> {
    match (&question.expr, &number.expr) {
        (Expr::Current, Expr::Number(number)) => Some(*number),
        (Expr::Current, Expr::Negate(inner)) => match inner.expr {
            Expr::Number(number) => Some(-number),
            _ => None,
        },
        _ => None,
    }
}
