//! Writes a draft as TOML, and knows which line came from what.

use veldboek_checklist::Problem;

use super::draft::{Draft, DraftQuestion, DraftSection, all};
use super::remark::{Place, Remark, Remarks, letters};
use super::{Family, Options};

/// What a line of the file belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// The head of the file.
    Top,
    Group(usize),
    Calculation(usize),
    Section(usize),
    SectionVisible(usize),
    Question(usize, usize),
    Visible(usize, usize),
    RequiredIf(usize, usize),
    Constraint(usize, usize, usize),
    Notice(usize, usize, usize),
}

/// A written file.
pub(crate) struct Written {
    pub(crate) text: String,
    /// The first line of each piece, from 1.
    lines: Vec<(usize, Piece)>,
}

impl Written {
    /// The piece in which a line stands.
    pub(crate) fn piece_at(&self, line: usize) -> Piece {
        self.lines.iter().rev().find(|(first, _)| *first <= line).map_or(Piece::Top, |(_, piece)| *piece)
    }
}

/// Writes the draft; `remarks` become comments at the top, so that they stay with the file.
pub(crate) fn write(draft: &Draft, options: &Options, file: &str, remarks: &[Remark]) -> Written {
    let mut out = Out { text: String::new(), line: 1, lines: Vec::new() };
    out.piece(Piece::Top);
    out.line(&format!("# Overgenomen uit {}. Alles is concept: kijk elke vraag na.", one_line(file)));
    if !remarks.is_empty() {
        out.line("# Niet overgenomen:");
        for remark in remarks {
            out.line(&format!("#   {}: {}", remark.place, one_line(&remark.message)));
        }
    }
    out.line("");
    out.text_key("id", &draft.id);
    out.text_key("versie", &draft.version);
    out.line("status = \"concept\"");
    out.text_key("familie", options.family.code());
    if options.family == Family::Btp {
        out.line("zonder_personen = true");
    }
    if options.family == Family::Agro {
        out.line("uitgaand = \"tellingen\"");
    }
    out.text_key("titel", &draft.title);
    out.text_key("omschrijving", &format!("Overgenomen uit {}.", one_line(file)));
    out.line(&format!("geldig_vanaf = {}", options.valid_from.format("%Y-%m-%d")));
    for (index, group) in draft.groups.iter().enumerate() {
        out.table("[[groep]]", Piece::Group(index), Some(&group.place));
        out.text_key("id", &group.id);
        out.text_key("titel", &group.title);
        out.text_key("enkelvoud", &group.title);
        if group.minimum > 0 {
            out.line(&format!("minimum = {}", group.minimum));
        }
    }
    for (index, calculation) in draft.calculations.iter().enumerate() {
        out.table("[[berekening]]", Piece::Calculation(index), Some(&calculation.place));
        out.text_key("naam", &calculation.name);
        out.text_key("titel", &calculation.title);
        out.condition_key("waarde", &calculation.value.cel.text);
        if let Some(group) = &calculation.group {
            out.text_key("groep", group);
        }
    }
    for (index, section) in draft.sections.iter().enumerate() {
        out.section(index, section);
    }
    Written { text: out.text, lines: out.lines }
}

struct Out {
    text: String,
    /// The line that comes next; no text has a line end of its own.
    line: usize,
    lines: Vec<(usize, Piece)>,
}

impl Out {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
        self.line += 1;
    }

    fn piece(&mut self, piece: Piece) {
        self.lines.push((self.line, piece));
    }

    fn table(&mut self, header: &str, piece: Piece, place: Option<&Place>) {
        self.line("");
        self.piece(piece);
        if let Some(place) = place {
            let (sheet, row) = (one_line(&place.sheet), place.row);
            match place.column {
                Some(column) => self.line(&format!("# {sheet}!{}{row}", letters(column))),
                None => self.line(&format!("# {sheet}, rij {row}")),
            }
        }
        self.line(header);
    }

    fn text_key(&mut self, key: &str, text: &str) {
        self.line(&format!("{key} = {}", toml_text(text)));
    }

    fn condition_key(&mut self, key: &str, condition: &str) {
        self.line(&format!("{key} = {}", toml_condition(condition)));
    }

    fn section(&mut self, index: usize, section: &DraftSection) {
        self.table("[[onderdeel]]", Piece::Section(index), None);
        self.text_key("id", &letters(index));
        self.text_key("titel", &section.title);
        if !section.explanation.is_empty() {
            self.text_key("toelichting", &section.explanation.join(" "));
        }
        if let Some(group) = &section.group {
            self.text_key("groep", group);
        }
        if let Some(visible) = all(&section.visible) {
            self.piece(Piece::SectionVisible(index));
            self.condition_key("zichtbaar", &visible);
        }
        for (question_index, question) in section.questions.iter().enumerate() {
            self.question((index, question_index), question);
        }
    }

    fn question(&mut self, at: (usize, usize), question: &DraftQuestion) {
        self.table("[[onderdeel.vraag]]", Piece::Question(at.0, at.1), Some(&question.place));
        self.text_key("id", &question.id);
        self.text_key("tekst", &question.text);
        self.text_key("soort", question.kind);
        if let Some(explanation) = &question.explanation {
            self.text_key("toelichting", explanation);
        }
        if !question.caution.is_empty() {
            self.text_key("let_op", &question.caution.join(" "));
        }
        if let Some(follows) = &question.follows {
            self.text_key("vervolg_op", follows);
        }
        if question.required {
            self.line("verplicht = true");
        }
        for (key, limit) in [("minimum", question.minimum), ("maximum", question.maximum)] {
            if let Some(limit) = limit {
                self.line(&format!("{key} = {limit:?}"));
            }
        }
        if question.whole {
            self.line("heel = true");
        }
        if question.now {
            self.line("nu = true");
        }
        self.choices("rij", &question.rows);
        self.choices("optie", &question.options);
        if let Some(visible) = all(&question.visible) {
            self.piece(Piece::Visible(at.0, at.1));
            self.condition_key("zichtbaar", &visible);
        }
        if let Some(required) = question.required_if.as_ref().filter(|_| !question.required) {
            self.piece(Piece::RequiredIf(at.0, at.1));
            self.condition_key("verplicht_als", &required.cel.text);
        }
        for (index, (condition, text)) in question.constraints.iter().enumerate() {
            self.piece(Piece::Constraint(at.0, at.1, index));
            self.line("[[onderdeel.vraag.eis]]");
            self.condition_key("voorwaarde", &condition.cel.text);
            self.text_key("tekst", text);
        }
        for (index, (condition, text)) in question.notices.iter().enumerate() {
            self.piece(Piece::Notice(at.0, at.1, index));
            self.line("[[onderdeel.vraag.melding]]");
            self.condition_key("als", &condition.cel.text);
            self.text_key("tekst", text);
        }
        if let Some(help) = &question.help {
            self.piece(Piece::Question(at.0, at.1));
            self.line("[onderdeel.vraag.hulp]");
            self.text_key("uitleg", help);
        }
    }

    fn choices(&mut self, key: &str, choices: &[(String, String)]) {
        if choices.is_empty() {
            return;
        }
        self.line(&format!("{key} = ["));
        for (code, label) in choices {
            self.line(&format!("    {{ code = {}, tekst = {} }},", toml_text(code), toml_text(label)));
        }
        self.line("]");
    }
}

/// Takes a piece out and says so with the words of the reader. Nothing comes back when it can't be taken out.
pub(crate) fn take_out(draft: &mut Draft, piece: Piece, problem: &Problem, remarks: &mut Remarks) -> Option<()> {
    let (place, what) = match piece {
        Piece::Top => return None,
        Piece::Group(index) => {
            let group = draft.groups.get(index)?.clone();
            draft.groups.remove(index);
            draft.sections.retain(|section| section.group.as_ref() != Some(&group.id));
            (group.place, format!("De groep `{}`", group.id))
        }
        Piece::Calculation(index) => {
            let calculation = draft.calculations.remove(index);
            (calculation.value.place, format!("De berekening `{}`", calculation.name))
        }
        Piece::Section(index) => {
            let section = draft.sections.remove(index);
            (section.questions.first()?.place.clone(), format!("Het onderdeel `{}`", section.title))
        }
        Piece::SectionVisible(index) => {
            let taken = std::mem::take(&mut draft.sections.get_mut(index)?.visible);
            (taken.last()?.place.clone(), "De voorwaarde van het onderdeel".to_owned())
        }
        Piece::Question(section, index) => {
            let question = draft.sections.get_mut(section)?.questions.remove(index);
            if draft.sections[section].questions.is_empty() {
                draft.sections.remove(section);
            }
            (question.place, format!("De vraag `{}`", question.id))
        }
        Piece::Visible(section, index) => {
            let question = draft.sections.get_mut(section)?.questions.get_mut(index)?;
            let taken = std::mem::take(&mut question.visible);
            (taken.last()?.place.clone(), format!("De voorwaarde van `{}`", question.id))
        }
        Piece::RequiredIf(section, index) => {
            let question = draft.sections.get_mut(section)?.questions.get_mut(index)?;
            let taken = question.required_if.take()?;
            (taken.place, format!("De voorwaarde voor verplicht van `{}`", question.id))
        }
        Piece::Constraint(section, index, which) => {
            let question = draft.sections.get_mut(section)?.questions.get_mut(index)?;
            let (taken, _) = question.constraints.remove(which);
            (taken.place, format!("De eis van `{}`", question.id))
        }
        Piece::Notice(section, index, which) => {
            let question = draft.sections.get_mut(section)?.questions.get_mut(index)?;
            let (taken, _) = question.notices.remove(which);
            (taken.place, format!("De melding bij `{}`", question.id))
        }
    };
    remarks.left_out(place, format!("{what} staat er niet in: {}", problem.message), problem.hint.clone());
    Some(())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text in TOML.
pub(crate) fn toml_text(text: &str) -> String {
    let mut written = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            other if other.is_control() => written.push_str(&format!("\\u{:04X}", u32::from(other))),
            other => written.push(other),
        }
    }
    written.push('"');
    written
}

/// A condition in TOML: between single quotes where it can be, so that its own quotes stay readable.
fn toml_condition(condition: &str) -> String {
    if condition.contains('\'') || condition.chars().any(char::is_control) {
        toml_text(condition)
    } else {
        format!("'{condition}'")
    }
}
