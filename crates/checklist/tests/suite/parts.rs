//! Parts and partner sets in a checklist.

use veldboek_checklist::{Checklist, InReport, Participant, PartnerSet, ReadingContext};
use veldboek_domain::Digest;

use crate::support::{Visit, t1, whole};

const PART: &str = "id = \"deeltje\"\nversie = \"0.1\"\nstatus = \"concept\"\ntitel = \"Deeltje\"\ngebruikt = [\"A1\"]\n\
    [[onderdeel]]\nid = \"D\"\ntitel = \"D\"\nzichtbaar = 'A1 == \"ja\"'\n[[onderdeel.vraag]]\nid = \"D1\"\ntekst = \"D1?\"\nsoort = \"ja-nee\"\n";

fn set(closed: bool) -> String {
    format!(
        "id = \"brandweer\"\nversie = \"0.2\"\nstatus = \"concept\"\ntitel = \"Brandweer\"\npartner = \"brandweer\"\nbesloten = {closed}\n\
         [[onderdeel]]\nid = \"PBW\"\ntitel = \"Brandweer\"\n[[onderdeel.vraag]]\nid = \"PBW1\"\ntekst = \"Nooduitgang?\"\nsoort = \"ja-nee\"\nverplicht = true\n"
    )
}

fn including(line: &str) -> String {
    whole(&format!(
        "[[onderdeel]]\nid = \"A\"\ntitel = \"A\"\n[[onderdeel.vraag]]\nid = \"A1\"\ntekst = \"A1?\"\nsoort = \"ja-nee\"\n\
         [[onderdeel.vraag]]\nid = \"A2\"\ntekst = \"A2?\"\nsoort = \"ja-nee\"\n\n[[onderdeel]]\n{line}\n\n\
         [[onderdeel]]\nid = \"Z\"\ntitel = \"Z\"\n[[onderdeel.vraag]]\nid = \"Z1\"\ntekst = \"Z1?\"\nsoort = \"ja-nee\"\n"
    ))
}

fn read(line: &str, part: &str) -> Checklist {
    let context = ReadingContext::new().with_part("delen/een.toml", part);
    Checklist::read_with("klein.toml", &including(line), &context).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_part_stands_where_it_is_included_and_is_visible_when_both_conditions_hold() {
    let mut visit = Visit::new(read("deel = \"deeltje@0.1\"\nzichtbaar = 'A2 == \"ja\"'", PART));
    assert!(!visit.visible("D1"));
    assert!(!visit.choose("A1", "ja").visible("D1"), "the checklist's own condition does not hold yet");
    assert!(visit.choose("A2", "ja").visible("D1"));
    assert!(!visit.choose("A1", "nee").visible("D1"), "the part's own condition holds no longer");
    let checklist = read("deel = \"deeltje@0.1\"", PART);
    let sections: Vec<_> = checklist.sections().iter().map(|section| section.id.as_str()).collect();
    assert_eq!(sections, ["A", "D", "Z"]);
}

#[test]
fn the_hash_changes_with_every_letter_of_a_part() {
    let text = including("deel = \"deeltje@0.1\"");
    let one = read("deel = \"deeltje@0.1\"", PART);
    let own = Digest::of(text.as_bytes());
    let lines = format!("{own}\ndeeltje@0.1={}\n", Digest::of(PART.as_bytes()));
    assert_eq!(one.hash(), Digest::of(lines.as_bytes()));
    assert_eq!((one.parts().len(), one.parts()[0].hash), (1, Digest::of(PART.as_bytes())));
    let other = read("deel = \"deeltje@0.1\"", &PART.replace("D1?", "D1 dan?"));
    assert_ne!(one.hash(), other.hash());
}

#[test]
fn a_partners_questions_are_there_only_when_that_partner_takes_part() {
    let mut visit = Visit::new(read("partnerset = \"brandweer@0.2\"", &set(false)));
    assert!(!visit.visible("PBW1"));
    let takes_part = |partner: &str| Participant { partner: partner.into(), ..Participant::default() };
    visit.facts.participants = vec![takes_part("politie")];
    visit.evaluation.refresh(&visit.sheet, &visit.facts);
    assert!(!visit.visible("PBW1"));
    visit.facts.participants.push(takes_part("brandweer"));
    visit.evaluation.refresh(&visit.sheet, &visit.facts);
    assert!(visit.asks("PBW1"));
}

#[test]
fn a_section_says_whose_it_is_and_a_closed_one_never_stands_in_the_report() {
    for closed in [false, true] {
        let checklist = read("partnerset = \"brandweer@0.2\"", &set(closed));
        let section = checklist.section_of("PBW1").expect("the set");
        assert_eq!(section.partner_set, Some(PartnerSet { partner: "brandweer".into(), closed }));
        assert_eq!(checklist.partner_set_of("PBW1").map(|set| set.closed), Some(closed));
        assert_eq!(checklist.partner_set_of("A1"), None);
        let expected = if closed { InReport::Never } else { InReport::Always };
        assert_eq!((section.in_report, section.questions[0].in_report), (expected, expected));
    }
}

#[test]
fn what_the_checklist_and_a_part_both_declare_alike_is_one() {
    let ground = "[[grondslag]]\nid = \"awb\"\nartikel = \"art. 1\"\ntekst = \"Wet.\"\n";
    let part = PART.replace("[[onderdeel]]", &format!("{ground}[[onderdeel]]"));
    let context = ReadingContext::new().with_part("delen/een.toml", part);
    let text = including("deel = \"deeltje@0.1\"").replacen("[[onderdeel]]", &format!("{ground}[[onderdeel]]"), 1);
    let checklist = Checklist::read_with("klein.toml", &text, &context).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(checklist.grounds().len(), 1);
}

#[test]
fn two_versions_of_a_part_can_lie_beside_each_other() {
    let newer = PART.replace("versie = \"0.1\"", "versie = \"0.2\"").replace("D1?", "Nieuw?");
    let context = ReadingContext::new().with_part("delen/een.toml", PART).with_part("delen/twee.toml", newer);
    for (line, text) in [("deel = \"deeltje@0.1\"", "D1?"), ("deel = \"deeltje@0.2\"", "Nieuw?")] {
        let checklist = Checklist::read_with("klein.toml", &including(line), &context).expect("reads");
        assert_eq!(checklist.question("D1").map(|question| question.text.as_str()), Some(text));
    }
}

#[test]
fn a_part_that_is_no_toml_is_named_by_its_own_file() {
    let context = ReadingContext::new().with_part("delen/deeltje.toml", "id = \"deeltje\nversie = 1");
    let error = Checklist::read_with("klein.toml", &including("deel = \"deeltje@0.1\""), &context).expect_err("broken");
    assert!(error.problems.iter().any(|problem| problem.file == "delen/deeltje.toml" && problem.line == 1), "{error}");
}

#[test]
fn the_integrale_controle_takes_its_shared_sections_from_parts() {
    let checklist = t1();
    let parts: Vec<_> = checklist.parts().iter().map(|part| part.id.as_str()).collect();
    for id in ["toegang-en-rechtspositie", "vondst", "afsluiting"] {
        assert!(parts.contains(&id), "{id}");
    }
}

#[test]
fn what_is_open_for_the_team_does_not_wait_for_a_partners_own_questions() {
    let checklist = read("partnerset = \"brandweer@0.2\"", &set(true));
    let mut visit = Visit::new(read("partnerset = \"brandweer@0.2\"", &set(true)));
    visit.facts.participants = vec![Participant { partner: "brandweer".into(), ..Participant::default() }];
    visit.evaluation.refresh(&visit.sheet, &visit.facts);
    for (partner, open) in [(None, 0), (Some("politie"), 0), (Some("brandweer"), 1)] {
        let seen: Vec<&str> = checklist.sections_for(partner).map(|section| section.id.as_str()).collect();
        let wanted = |section: &str| seen.contains(&section);
        assert_eq!(visit.evaluation.open_in(wanted).len(), open, "{partner:?}");
        assert_eq!(visit.evaluation.total_in(wanted).required_open, open, "{partner:?}");
        assert_eq!(visit.evaluation.visible_in(wanted).len(), 3 + open, "{partner:?}");
    }
    assert_eq!(visit.evaluation.open().len(), 1);
}
