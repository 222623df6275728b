//! Checklists without persons, read with and without a recorded ground.

use veldboek_checklist::{Checklist, Permission, PersonalData, ReadingContext};

use crate::support::day;

fn asking_for_a_name() -> String {
    "id = \"btp\"\nversie = \"1\"\nstatus = \"concept\"\nfamilie = \"btp\"\ntitel = \"T\"\ngeldig_vanaf = 2026-01-01\nzonder_personen = true\n\
     [[onderdeel]]\nid = \"A\"\ntitel = \"A\"\n[[onderdeel.vraag]]\nid = \"A1\"\ntekst = \"Wat is de naam?\"\nsoort = \"tekst\"\npersoonsgegeven = \"naam\"\n"
        .to_owned()
}

fn ground(kind: PersonalData) -> Permission {
    Permission {
        municipality: "Voorbeeldstad".into(),
        kind,
        decision: "Besluit 2026/12, art. 1 van de verordening".into(),
        from: day(),
        until: day().succ_opt(),
    }
}

#[test]
fn a_name_may_be_asked_only_while_the_municipality_has_a_recorded_ground_for_it() {
    let reads = |permissions: &[Permission], on| {
        let context = ReadingContext::new().with_permissions(permissions, on);
        Checklist::read_with("btp.toml", &asking_for_a_name(), &context)
    };
    let with = reads(&[ground(PersonalData::Name)], day()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(with.question("A1").and_then(|question| question.personal_data), Some(PersonalData::Name));
    assert!(with.without_persons());
    assert!(reads(&[], day()).is_err(), "no ground at all");
    assert!(reads(&[ground(PersonalData::Telephone)], day()).is_err(), "a ground for something else");
    let after = day() + chrono::TimeDelta::days(2);
    assert!(reads(&[ground(PersonalData::Name)], after).is_err(), "the ground has ended");
    let before = day() - chrono::TimeDelta::days(1);
    assert!(reads(&[ground(PersonalData::Name)], before).is_err(), "the ground has not begun");
}

#[test]
fn the_checklists_in_the_program_are_read_without_any_ground() {
    let context = ReadingContext::bundled();
    for kind in [PersonalData::Name, PersonalData::Bsn, PersonalData::Photo, PersonalData::Advertisement] {
        assert!(!context.permits(kind));
    }
}

#[test]
fn a_recorded_ground_reads_back_as_it_was_written() {
    let ground = ground(PersonalData::Nationality);
    let text = serde_json::to_string(&ground).expect("JSON");
    assert!(text.contains("\"nationality\""), "{text}");
    assert_eq!(serde_json::from_str::<Permission>(&text).expect("reads"), ground);
}
