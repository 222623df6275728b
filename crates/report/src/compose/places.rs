//! Which question of a checklist fills which part of the report.

use veldboek_checklist::Checklist;

/// The questions, by id. A part that a checklist does not ask for stays empty.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Places {
    pub address: Option<&'static str>,
    pub point: Option<&'static str>,
    pub cause: Option<&'static str>,
    pub is_home: Option<&'static str>,
    pub warrant_day: Option<&'static str>,
    pub warrant_used: Option<&'static str>,
    pub arrival: Option<&'static str>,
    pub identified_at: Option<&'static str>,
    pub purpose_told: Option<&'static str>,
    pub spoken_to: Option<&'static str>,
    pub consent: Option<&'static str>,
    pub consent_words: Option<&'static str>,
    pub consent_at: Option<&'static str>,
    pub caution_at: Option<&'static str>,
    pub statements: &'static [&'static str],
    pub reaction: Option<&'static str>,
    pub oath: Option<&'static str>,
    /// Questions that never stand in a report: what goes to a coach or care coordinator only.
    pub never: &'static [&'static str],
    /// Sections that stand in the file's copy only.
    pub file_only: &'static [&'static str],
}

const INTEGRALE_CONTROLE: Places = Places {
    address: Some("A2"),
    point: Some("A2a"),
    cause: Some("A1"),
    is_home: Some("A4"),
    warrant_day: Some("A5b"),
    warrant_used: Some("C5"),
    arrival: Some("B3"),
    identified_at: Some("C1a"),
    purpose_told: Some("C2"),
    spoken_to: Some("C3"),
    consent: Some("C4"),
    consent_words: Some("C4a"),
    consent_at: Some("C4b"),
    caution_at: Some("C7b"),
    statements: &["D4"],
    reaction: Some("L1"),
    oath: Some("L5"),
    never: &["J4", "J5", "J5a"],
    file_only: &["A", "I", "J"],
};

impl Places {
    pub(super) fn of(checklist: &Checklist) -> Self {
        match checklist.id() {
            "vb-ic" => INTEGRALE_CONTROLE,
            _ => Self::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_a_question_of_the_checklist() {
        let checklists = veldboek_checklist::bundled().unwrap();
        let checklist = checklists.iter().find(|checklist| checklist.id() == "vb-ic").unwrap();
        let places = Places::of(checklist);
        let single = [
            places.address,
            places.point,
            places.cause,
            places.is_home,
            places.warrant_day,
            places.warrant_used,
            places.arrival,
            places.identified_at,
            places.purpose_told,
            places.spoken_to,
            places.consent,
            places.consent_words,
            places.consent_at,
            places.caution_at,
            places.reaction,
            places.oath,
        ];
        for id in single.into_iter().flatten().chain(places.statements.iter().copied()) {
            assert!(checklist.question(id).is_some(), "{id} is no question of {}", checklist.id());
        }
    }
}
