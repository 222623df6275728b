//! Rules that are in the text: the check runs the checklist.

use chrono::{Days, NaiveDate};
use veldboek_checklist::{Checklist, Participant, QuestionKind, ReportPlace, StopKind};
use veldboek_domain::{Slot, Value};

use super::{ACCESS, CLOSING, Check, FIND, T1, ask, kept, seen_without};
use crate::support::{Visit, day, observation, time};

/// Everybody who goes inside has a ground of their own (CCV; art. 5:11 and 5:15 Awb).
fn a_ground_each(checklist: &Checklist) -> Result<(), String> {
    let mut visit = Visit::new(checklist);
    let with = |ground: &str, inside| Participant {
        legal_basis: ground.into(),
        goes_inside: inside,
        ..Participant::default()
    };
    let mut refused = |participants: &[Participant]| {
        visit.facts.participants = participants.to_vec();
        visit.evaluation.refresh(&visit.sheet, &visit.facts);
        visit.state("A3").violates.is_some()
    };
    ask(refused(&[with("APV", true), with("", true)]), "somebody without a ground goes inside")?;
    ask(!refused(&[with("APV", true), with("", false)]), "who waits outside needs no ground")?;
    ask(!refused(&[with("APV", true), with("Omgevingswet", true)]), "who has a ground may go inside")
}

#[test]
fn nobody_goes_inside_without_a_ground_of_their_own() {
    kept(a_ground_each);
}

#[test]
fn without_its_demand_a_participant_without_a_ground_would_go_inside() {
    let demand = r#"voorwaarde = 'deelnemers.all(d, !d.gaat_naar_binnen || d.grondslag != "")'"#;
    seen_without(a_ground_each, T1, demand, "voorwaarde = 'true'");
}

fn stays_outside(checklist: &Checklist, home: &str, consent: Option<&str>, warrant: Option<NaiveDate>) -> bool {
    let mut visit = Visit::new(checklist);
    visit.choose("A4", home).choose("A5", if warrant.is_some() { "ja" } else { "nee" });
    if let Some(issued) = warrant {
        visit.answer("A5b", Value::Date(issued));
    }
    if let Some(consent) = consent {
        visit.choose("C4", consent);
    }
    !visit.stops(StopKind::StayOutside).is_empty()
}

/// A home needs consent that was asked before entry, or a warrant (art. 12 Grondwet; art. 1 lid 4, 2 and 3 Awbi).
fn consent_or_warrant(checklist: &Checklist) -> Result<(), String> {
    for home in ["ja", "onbekend"] {
        let mut visit = Visit::new(checklist);
        visit.choose("A4", home);
        ask(visit.asks("C4") && visit.asks("A5"), "a home does not ask for consent and for a warrant")?;
        for no in ["nee", "ingetrokken"] {
            ask(stays_outside(checklist, home, Some(no), None), "a home is entered without consent")?;
            ask(!stays_outside(checklist, home, Some(no), Some(day())), "a warrant does not open the home")?;
        }
        ask(!stays_outside(checklist, home, Some("ja-mondeling"), None), "consent does not open the home")?;
    }
    Ok(())
}

#[test]
fn a_home_is_entered_only_with_consent_or_a_warrant() {
    kept(consent_or_warrant);
}

#[test]
fn without_its_stop_a_home_would_be_entered_after_a_refusal() {
    let stop = r#"als = 'C4 in ["nee", "ingetrokken"] && !(A5 == "ja" && machtiging_geldig_tot >= dag)'"#;
    seen_without(consent_or_warrant, ACCESS, stop, "als = 'false'");
    let asked = "tekst = \"Gaf de bewoner vóór het binnengaan uitdrukkelijk toestemming?\"\nsoort = \"een-van\"\nrapport = \"toestemming\"\nzichtbaar = 'A4 == \"ja\" || A4 == \"onbekend\"'";
    let unasked = asked.replace(" || A4 == \"onbekend\"", "");
    seen_without(consent_or_warrant, ACCESS, asked, &unasked);
}

/// A warrant holds up to and including the third day after its issue (art. 6 Awbi).
fn three_days(checklist: &Checklist) -> Result<(), String> {
    let issued = |days| day().checked_sub_days(Days::new(days));
    for days in 0..=3 {
        ask(!stays_outside(checklist, "ja", Some("nee"), issued(days)), "a warrant ends too early")?;
    }
    ask(stays_outside(checklist, "ja", Some("nee"), issued(4)), "a warrant of four days ago still opens the home")?;
    let mut visit = Visit::new(checklist);
    visit.choose("A4", "ja").choose("A5", "ja").answer("A5b", Value::Date(issued(4).unwrap_or_default()));
    ask(visit.state("A5b").violates.is_some(), "nobody says that the warrant has ended")
}

#[test]
fn a_warrant_holds_up_to_the_third_day_after_its_issue() {
    kept(three_days);
}

#[test]
fn with_a_day_more_or_without_its_demand_a_warrant_would_hold_too_long() {
    seen_without(three_days, ACCESS, "waarde = 'dagen_na(A5b, 3)'", "waarde = 'dagen_na(A5b, 4)'");
    seen_without(three_days, T1, "voorwaarde = 'machtiging_geldig_tot >= dag'", "voorwaarde = 'true'");
}

/// Entry on a warrant opens a report of entry, due within four days (art. 10 and 11 Awbi).
fn report_of_entry(checklist: &Checklist) -> Result<(), String> {
    let mut visit = Visit::new(checklist);
    visit.choose("A4", "ja").choose("A5", "ja").choose("C5", "ja");
    let tasks = visit.evaluation.tasks();
    let task = tasks.iter().find(|task| task.id == "verslag-van-binnentreden");
    ask(
        task.is_some_and(|task| task.due == day().checked_add_days(Days::new(4))),
        "no report of entry within four days",
    )?;
    ask(
        ["C5a", "C5b", "C5c", "C5d", "C5e"].iter().all(|slot| visit.asks(slot)),
        "the report would lack what it must say",
    )
}

#[test]
fn entry_on_a_warrant_opens_the_report_of_entry_due_in_four_days() {
    kept(report_of_entry);
}

#[test]
fn with_another_term_or_condition_the_report_of_entry_would_come_too_late_or_not_at_all() {
    seen_without(report_of_entry, ACCESS, "termijn = 'dagen_na(dag, 4)'", "termijn = 'dagen_na(dag, 7)'");
    let task = "titel = \"Verslag van binnentreden sturen aan de burgemeester en de bewoner\"\nals = 'C5 == \"ja\"'";
    seen_without(report_of_entry, ACCESS, task, &task.replace("\"ja\"'", "\"nee\"'"));
}

/// With a view to a penalty, no statement before the caution and its time (art. 5:10a Awb).
fn caution_first(checklist: &Checklist) -> Result<(), String> {
    let fields: Vec<&str> = checklist
        .questions()
        .filter(|one| matches!(one.report_place, Some(ReportPlace::Statement | ReportPlace::Reaction)))
        .map(|question| question.id.as_str())
        .collect();
    ask(fields.len() >= 2, "the checklist asks for no statement and no reaction")?;
    let mut visit = Visit::new(checklist);
    let slots = |id: &str| match checklist.section_of(id).and_then(|section| section.group.as_ref()) {
        Some(_) => vec![format!("{id}@1"), format!("{id}@2")],
        None => vec![id.to_owned()],
    };
    let slots: Vec<String> = fields.iter().flat_map(|id| slots(id)).collect();
    let locked = |visit: &Visit| slots.iter().filter(|slot| visit.state(slot).locked.is_some()).count();
    ask(locked(visit.choose("C7", "ja")) == slots.len(), "a statement is open before the caution")?;
    ask(locked(visit.choose("C7a", "nee")) == slots.len(), "a statement is open without a caution")?;
    ask(locked(visit.choose("C7a", "ja")) == slots.len(), "a statement is open before the time of the caution")?;
    ask(locked(visit.answer("C7b", time("13:45:00"))) == 0, "the caution does not open the statements")
}

#[test]
fn a_statement_stays_closed_until_the_caution_was_given_at_a_time() {
    kept(caution_first);
}

#[test]
fn without_its_lock_a_statement_would_be_open_before_the_caution() {
    let lock = r#"als = 'C7 == "ja" && !(C7a == "ja" && beantwoord(C7b))'"#;
    let of_d4 = "grondslagen = [\"awb-5-16\", \"awb-5-10a\"]\n[onderdeel.vraag.slot]\n";
    seen_without(caution_first, T1, &format!("{of_d4}{lock}"), &format!("{of_d4}als = 'false'"));
    seen_without(caution_first, CLOSING, lock, "als = 'false'");
    seen_without(caution_first, CLOSING, lock, r#"als = 'C7 == "ja" && C7a != "ja"'"#);
}

/// Where a fact is seen, its kind is asked: own observation, statement, document or assumption (ECLI:NL:RBAMS:2012:BW2542).
fn kinds_of_observation(checklist: &Checklist) -> Result<(), String> {
    for id in ["D2a", "F2a", "F3a", "G3a", "H1b", "K3"] {
        let question = checklist.question(id).ok_or("an observation is gone")?;
        ask(question.kind == QuestionKind::Observation, &format!("{id} is no observation"))?;
    }
    let signals = checklist.question("E1").ok_or("E1 is gone")?;
    ask(signals.observation_per_option, "a chosen signal has no observation of its own")?;
    let mut visit = Visit::new(checklist);
    visit.choose("K1", "ja").answer("K3", Value::text("Tien zakken."));
    ask(visit.state("K3").violates.is_some(), "an observation without its kind counts")?;
    visit.answer("K3", observation("Tien zakken.", ""));
    ask(visit.state("K3").answered, "an observation with its kind does not count")
}

#[test]
fn an_observation_carries_its_kind() {
    kept(kinds_of_observation);
}

#[test]
fn as_plain_text_an_observation_would_carry_no_kind() {
    seen_without(kinds_of_observation, FIND, "soort = \"waarneming\"", "soort = \"tekst\"");
    seen_without(kinds_of_observation, T1, "waarneming_per_keuze = true", "waarneming_per_keuze = false");
}

/// A find ends supervision, asks for the hand-over and offers the switch of regime (art. 5:13 Awb; CCV).
fn a_find_is_handed_over(checklist: &Checklist) -> Result<(), String> {
    let mut visit = Visit::new(checklist);
    visit.choose("K1", "ja");
    let stops = visit.evaluation.stops();
    let stop =
        stops.iter().find(|stop| stop.kind == StopKind::Supervision).ok_or("supervision goes on after a find")?;
    ask(stop.offers_regime_switch, "nobody is offered the other regime")?;
    let asked: Vec<Slot> = visit.evaluation.open();
    let handover = checklist.questions().filter(|question| question.handover);
    let handover: Vec<&str> = handover.map(|question| question.id.as_str()).collect();
    ask(handover == ["K2", "K2a"], "time and receiver of the hand-over are not asked")?;
    let both = handover.iter().all(|id| asked.iter().any(|slot| slot.question == *id));
    ask(both, "the hand-over is not asked after a find")
}

const A_FIND: Check = a_find_is_handed_over;

#[test]
fn a_find_stops_supervision_asks_for_the_hand_over_and_offers_the_switch() {
    kept(A_FIND);
}

#[test]
fn with_another_kind_of_stop_supervision_would_go_on_after_a_find() {
    seen_without(A_FIND, FIND, "soort = \"toezicht\"", "soort = \"veiligheid\"");
    seen_without(A_FIND, FIND, "als = 'K1 == \"ja\"'\nsoort", "als = 'K1 == \"nee\" && K1 == \"ja\"'\nsoort");
}
