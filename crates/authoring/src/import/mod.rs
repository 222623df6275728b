//! Takes over an XLSForm (<https://xlsform.org>), the spreadsheet form of ODK, KoboToolbox and others.
//!
//! What a checklist can say is taken over whole; what it can't is left out and named by its cell, with why and what to do.
//! Nothing is dropped silently and nothing is half translated. A form whose structure can't be kept is refused.
//!
//! The result is read by [`Checklist::read_with`] before it is given: what the reader does not take is taken out, with the
//! reader's own words, so that what comes out is a checklist.

mod build;
mod choices;
mod columns;
mod draft;
mod kind;
mod language;
mod names;
mod order;
mod plan;
mod questions;
mod remark;
mod settings;
mod sheet;
mod survey;
mod text;
mod translate;
mod write;

use chrono::NaiveDate;
use veldboek_checklist::{Checklist, ReadingContext};

use remark::Remarks;
pub use remark::{Outcome, Place, Remark};
use sheet::Workbook;

/// More rows than this is no form that people answer.
const MOST_ROWS: usize = 5000;

/// The programme for which a form is taken over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Family {
    /// Veilig Buitengebied.
    #[default]
    Vb,
    /// Bestuurlijk Toezicht Prostitutie.
    Btp,
    /// The agro-coach's conversation.
    Agro,
}

impl Family {
    /// As a checklist writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Vb => "vb",
            Self::Btp => "btp",
            Self::Agro => "agro",
        }
    }

    /// The family with this code.
    pub fn of(code: &str) -> Option<Self> {
        [Self::Vb, Self::Btp, Self::Agro].into_iter().find(|family| family.code() == code)
    }
}

/// What the form does not say.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The programme.
    pub family: Family,
    /// From which day the checklist holds.
    pub valid_from: NaiveDate,
}

/// A form as a checklist.
#[derive(Debug)]
pub struct Imported {
    /// The checklist's file.
    pub toml: String,
    /// How many questions it has.
    pub questions: usize,
    /// How many sections.
    pub sections: usize,
    /// How many calculations.
    pub calculations: usize,
    /// How many pieces the reader of checklists did not take, and were therefore taken out.
    pub taken_out: usize,
    /// What the author must know; what was left out first.
    pub remarks: Vec<Remark>,
}

impl Imported {
    /// How many things had this outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.remarks.iter().filter(|remark| remark.outcome == outcome).count()
    }
}

/// Why a form was not taken over.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is no spreadsheet.
    #[error("Dit bestand is geen rekenblad dat te lezen is.\n  Bewaar het formulier als .xlsx en probeer het opnieuw.")]
    NoWorkbook,
    /// The form's structure can't be kept.
    #[error("{}", listed(.0))]
    Refused(Vec<Remark>),
}

fn listed(remarks: &[Remark]) -> String {
    remarks.iter().map(Remark::to_string).collect::<Vec<_>>().join("\n")
}

/// Takes over a form; `file` is its name, for messages and for what the form does not say about itself.
///
/// # Errors
/// When the file is no spreadsheet, or the form's structure is broken or can't be kept.
pub fn import(file: &str, bytes: &[u8], options: &Options) -> Result<Imported, ImportError> {
    let workbook = Workbook::read(bytes).ok_or(ImportError::NoWorkbook)?;
    let mut remarks = Remarks::default();
    let settings = settings::read(&workbook, &mut remarks);
    let languages = language::Languages::choose(&workbook, settings.default_language.as_deref());
    let survey = survey_of(&workbook)?;
    say_languages(survey, &languages, &mut remarks);
    let lists = choices::Lists::read(&workbook, &languages, &mut remarks);
    let entries = survey::tree(survey, &mut remarks).map_err(ImportError::Refused)?;
    columns::say_unused(&workbook, &mut remarks);
    let order = order::order(survey, &entries).map_err(ImportError::Refused)?;
    let plan = plan::plan(survey, &entries, &lists, &mut remarks);
    lists.say(&plan.lists, &mut remarks);
    let mut draft = build::Builder::new(survey, &languages, plan, &mut remarks).build(&entries, &order);
    let stem = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let name = stem.rsplit_once('.').map_or(stem, |(name, _)| name);
    draft.id = names::checklist_id(settings.id.as_deref().unwrap_or(name));
    draft.title = settings.title.unwrap_or_else(|| settings.id.unwrap_or_else(|| name.to_owned()));
    draft.version = settings.version.filter(|version| !version.trim().is_empty()).unwrap_or_else(|| "0.1".to_owned());
    finish(draft, stem, options, survey, remarks)
}

/// Writes, reads what was written, and takes out what the reader does not take.
fn finish(
    mut draft: draft::Draft,
    file: &str,
    options: &Options,
    survey: &sheet::Sheet,
    mut remarks: Remarks,
) -> Result<Imported, ImportError> {
    let mut taken_out = 0;
    loop {
        if draft.questions() == 0 {
            let left_out = remarks.into_sorted().into_iter().filter(|remark| remark.outcome == Outcome::LeftOut);
            let mut wrong = vec![no_questions(survey)];
            wrong.extend(left_out);
            return Err(ImportError::Refused(wrong));
        }
        // Groups of which nothing is left would be asked for without a question in them.
        let used: Vec<String> = draft.sections.iter().filter_map(|section| section.group.clone()).collect();
        draft.groups.retain(|group| used.contains(&group.id));
        let written = write::write(&draft, options, file, &[]);
        let Err(error) = Checklist::read_with(file, &written.text, &ReadingContext::new()) else { break };
        // One at a time: what is wrong with the next may be because of this one.
        let taken = error
            .problems
            .iter()
            .find_map(|problem| write::take_out(&mut draft, written.piece_at(problem.line), problem, &mut remarks));
        taken_out += 1;
        if taken.is_none() {
            let refused = error.problems.into_iter().map(|problem| Remark {
                outcome: Outcome::LeftOut,
                place: Place::row(&survey.name, survey.header_row),
                message: format!("De checklist zou niet te lezen zijn: {}", problem.message),
                hint: problem.hint,
            });
            return Err(ImportError::Refused(refused.collect()));
        }
    }
    let remarks = remarks.into_sorted();
    let left_out: Vec<Remark> = remarks.iter().filter(|remark| remark.outcome == Outcome::LeftOut).cloned().collect();
    Ok(Imported {
        toml: write::write(&draft, options, file, &left_out).text,
        questions: draft.questions(),
        sections: draft.sections.len(),
        calculations: draft.calculations.len(),
        taken_out,
        remarks,
    })
}

fn no_questions(survey: &sheet::Sheet) -> Remark {
    Remark {
        outcome: Outcome::LeftOut,
        place: Place::row(&survey.name, survey.header_row),
        message: "Er blijft geen enkele vraag over.".to_owned(),
        hint: "Hieronder staat wat er in de weg zat.".to_owned(),
    }
}

fn survey_of(workbook: &Workbook) -> Result<&sheet::Sheet, ImportError> {
    let refuse = |sheet: &str, row: usize, message: String, hint: String| {
        let place = Place::row(sheet, row);
        Err(ImportError::Refused(vec![Remark { outcome: Outcome::LeftOut, place, message, hint }]))
    };
    let Some(survey) = workbook.sheet("survey") else {
        let names: Vec<&str> = workbook.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        let hint = format!("Het blad met vragen heet `survey`. In dit bestand staan: {}.", names.join(", "));
        return refuse("survey", 1, "Er is geen blad `survey`.".to_owned(), hint);
    };
    if !survey.has("type") {
        let hint = "De eerste rij noemt de kolommen; `type` en `name` horen erbij.".to_owned();
        return refuse(&survey.name, survey.header_row, "Er is geen kolom `type`.".to_owned(), hint);
    }
    if survey.rows.len() > MOST_ROWS {
        let message = format!("Er staan {} rijen; meer dan {MOST_ROWS} kan niet.", survey.rows.len());
        return refuse(&survey.name, survey.header_row, message, "Splits het formulier.".to_owned());
    }
    Ok(survey)
}

fn say_languages(survey: &sheet::Sheet, languages: &language::Languages, remarks: &mut Remarks) {
    if languages.aside.is_empty() {
        return;
    }
    let taken = languages.taken.as_deref().unwrap_or("de kolommen zonder taal");
    let message = format!("De teksten zijn die van {taken}. Niet overgenomen: {}.", languages.aside.join(", "));
    remarks.adjusted(Place::row(&survey.name, survey.header_row), message, "");
}

/// How many rows of a form ask something; for a table of what was taken over.
pub fn asked(bytes: &[u8]) -> Option<usize> {
    let workbook = Workbook::read(bytes)?;
    let survey = workbook.sheet("survey")?;
    let asks = |kind: kind::RowKind| matches!(kind, kind::RowKind::Question(_) | kind::RowKind::Unknown(..));
    let types = survey.rows.iter().filter_map(|row| survey.cell(row, "type"));
    Some(types.filter(|cell| asks(kind::read(&cell.text))).count())
}
