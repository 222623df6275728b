//! The program in a terminal.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use veldboek_authoring::command::{Ending, run};

use crate::support::{Form, root};

/// What the program says and how it ends.
struct Said {
    ending: Ending,
    out: String,
    err: String,
}

fn says(arguments: &[&str]) -> Said {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments: Vec<String> = arguments.iter().map(|one| (*one).to_owned()).collect();
    let today = "2026-11-25".parse().expect("a day");
    let ending = run(&arguments, today, &mut out, &mut err).expect("it can be written");
    Said { ending, out: String::from_utf8(out).expect("text"), err: String::from_utf8(err).expect("text") }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

const GOOD: &str = "id = \"goed\"\nversie = \"1\"\nstatus = \"concept\"\nfamilie = \"vb\"\ntitel = \"Goed\"\ngeldig_vanaf = 2026-01-01\n\
    [[onderdeel]]\nid = \"A\"\ntitel = \"A\"\n[[onderdeel.vraag]]\nid = \"A1\"\ntekst = \"A?\"\nsoort = \"ja-nee\"\n";
const PART: &str = "id = \"los\"\nversie = \"1\"\nstatus = \"concept\"\ntitel = \"Los\"\ngebruikt = [\"A1\"]\n\
    [[onderdeel]]\nid = \"P\"\ntitel = \"P\"\n[[onderdeel.vraag]]\nid = \"P1\"\ntekst = \"P?\"\nsoort = \"tekst\"\nzichtbaar = 'A1 == \"ja\"'\n";

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

#[test]
fn the_shipped_checklists_are_good() {
    let said = says(&["check", &shown(&root().join("checklists"))]);
    assert_eq!(said.ending, Ending::Good, "{}", said.out);
    assert!(said.out.contains(" zijn goed: ") && said.out.ends_with(" vragen.\n"), "{}", said.out);
}

#[test]
fn every_problem_of_every_file_is_told_with_its_place() {
    let broken = GOOD
        .replace("\"goed\"", "\"fout\"")
        .replace("ja-nee", "ja-nee-misschien")
        .replace("id = \"A\"\n", "idd = \"A\"\n");
    let folder = folder(&[
        ("goed.toml", GOOD),
        ("fout.toml", &broken),
        ("delen/stuk.toml", &PART.replace("'A1 == \"ja\"'", "'A9 == \"ja\"'").replace("\"los\"", "\"stuk\"")),
        (
            "voorbeelden/een.toml",
            "checklist = \"../goed.toml\"\n[antwoorden]\nA1 = \"jaa\"\nA7 = \"x\"\n\"A1@schuur\" = \"ja\"\n",
        ),
    ]);
    let said = says(&["check", &shown(folder.path())]);
    assert_eq!(said.ending, Ending::Wrong);
    let base = format!("{}/", folder.path().display());
    let places: Vec<String> =
        said.out.lines().filter(|line| line.starts_with(&base)).map(|line| line.replace(&base, "")).collect();
    assert_eq!(
        places,
        [
            "delen/stuk.toml:13:14: De naam `A9` bestaat niet in deze checklist.",
            "fout.toml:8:1: De sleutel `idd` bestaat hier niet.",
            "fout.toml:13:9: De waarde van `soort` past hier niet.",
            "voorbeelden/een.toml:3:6: Vraag A1 kent het antwoord \"jaa\" niet.",
            "voorbeelden/een.toml:4:1: Vraag `A7` bestaat niet in goed 1.",
            "voorbeelden/een.toml:5:1: `schuur` staat bij geen groep.",
        ]
    );
    assert!(said.out.contains("\n  Kies uit: ja, nee.\n"), "each has a hint: {}", said.out);
    assert!(
        said.out.ends_with("3 bestanden zijn niet goed: 6 fouten. 1 checklist is wel goed: 1 vraag.\n"),
        "{}",
        said.out
    );
}

#[test]
fn a_part_that_nobody_includes_is_checked_by_itself_and_named() {
    let folder = folder(&[("goed.toml", GOOD), ("delen/los.toml", PART)]);
    let said = says(&["check", &shown(folder.path())]);
    assert_eq!(said.ending, Ending::Good, "{}", said.out);
    assert!(said.out.contains("los.toml: geen enkele checklist die goed is neemt dit deel op."), "{}", said.out);
    assert!(said.out.ends_with("1 checklist en 1 deel zijn goed: 1 vraag.\n"), "{}", said.out);
    let alone = says(&["check", &shown(&folder.path().join("delen/los.toml"))]);
    assert_eq!((alone.ending, alone.out.as_str()), (Ending::Good, "1 deel is goed.\n"));
}

#[test]
fn an_example_of_partner_sets_and_a_list_of_referrals_are_told_apart() {
    let set = PART.replace("gebruikt", "partner = \"brandweer\"\ngebruikt");
    let referrals = "[[verwijzing]]\ncode = \"a\"\nnaam = \"A\"\nwaarvoor = \"x\"\n[[verwijzing]]\ncode = \"a\"\nnaam = \"\"\nkleur = 1\n";
    let folder = folder(&[
        ("partners/los.toml", &set),
        ("partners/voorbeelden/a.toml", "partnersets = [\"los@1\", \"weg@1\"]\n[antwoorden]\nP1 = \"x\"\nP9 = \"x\"\n"),
        ("verwijzingen.toml", referrals),
    ]);
    let said = says(&["check", &shown(folder.path())]);
    let problems: Vec<&str> =
        said.out.lines().filter(|line| line.starts_with('/') && !line.contains(": geen enkele")).collect();
    let ends = [
        "a.toml:1:25: De partnerset `weg@1` is er niet.",
        "a.toml:4:1: Vraag `P9` bestaat niet in deze partnersets.",
        "verwijzingen.toml:5:1: De sleutel `waarvoor` ontbreekt.",
        "verwijzingen.toml:6:8: De code `a` staat er twee keer.",
        "verwijzingen.toml:7:8: `naam` is leeg.",
        "verwijzingen.toml:8:1: De sleutel `kleur` bestaat hier niet.",
    ];
    assert_eq!(problems.len(), ends.len(), "{}", said.out);
    for (problem, end) in problems.iter().zip(ends) {
        assert!(problem.ends_with(end), "{problem} does not end with {end}");
    }
}

#[test]
fn two_files_with_one_name_and_version_are_told() {
    let folder = folder(&[("a.toml", GOOD), ("b.toml", GOOD)]);
    let said = says(&["check", &shown(folder.path())]);
    assert_eq!(said.ending, Ending::Wrong);
    assert!(said.out.contains("b.toml:1:1: `goed 1` staat ook in "), "{}", said.out);
}

#[test]
fn a_checklist_finds_the_parts_in_the_folders_above_it() {
    let including = format!("{GOOD}[[onderdeel]]\ndeel = \"los@1\"\nzichtbaar = 'A1 == \"nee\"'\n");
    let folder = folder(&[("vb/goed.toml", &including), ("delen/los.toml", PART)]);
    let path = shown(&folder.path().join("vb/goed.toml"));
    assert_eq!(says(&["check", &path]).out, "1 checklist is goed: 2 vragen.\n");
    let page = folder.path().join("blad.html");
    assert_eq!(says(&["preview", &path, &shown(&page)]).ending, Ending::Good);
    let page = fs::read_to_string(page).expect("a page");
    assert!(page.contains("Alleen als: A1 is ‘Ja’"), "the part's condition is in words");
    assert!(page.contains("Dit onderdeel is er als: A1 is ‘Nee’"), "and so is that of the place where it is included");
}

#[test]
fn a_file_that_is_not_there_is_told() {
    for task in ["check", "preview", "import"] {
        let said = says(&[task, "nergens.toml"]);
        assert_eq!(said.ending, Ending::Wrong);
        assert!(
            said.err.contains("nergens.toml: Dit bestand is niet te lezen.\n  Kijk na of de naam klopt"),
            "{}",
            said.err
        );
    }
}

#[test]
fn a_preview_of_something_else_says_what_to_choose() {
    let folder = folder(&[("delen/los.toml", PART), ("fout.toml", "id = 3\n")]);
    let said = says(&["preview", &shown(&folder.path().join("delen/los.toml"))]);
    assert!(said.err.ends_with("Dit is een deel; kies een checklist die het opneemt.\n"), "{}", said.err);
    let said = says(&["preview", &shown(&folder.path().join("fout.toml"))]);
    assert_eq!(said.ending, Ending::Wrong);
    assert!(said.err.ends_with("Verbeter dit eerst.\n") && said.err.contains("fout.toml:1:"), "{}", said.err);
    assert!(!folder.path().join("fout.html").exists(), "there is no page of something broken");
}

#[test]
fn two_versions_are_compared_in_words() {
    let new = GOOD.replace("versie = \"1\"", "versie = \"2\"").replace("ja-nee", "ja-nee-onbekend")
        + "[[onderdeel.vraag]]\nid = \"A2\"\ntekst = \"Nog iets?\"\nsoort = \"tekst\"\n";
    let folder = folder(&[("oud.toml", GOOD), ("nieuw.toml", &new)]);
    let (old, new) = (shown(&folder.path().join("oud.toml")), shown(&folder.path().join("nieuw.toml")));
    let said = says(&["diff", &old, &new]);
    assert_eq!(said.ending, Ending::Good);
    assert!(said.out.starts_with("Goed (goed): van versie 1 naar 2\n"), "{}", said.out);
    assert!(said.out.contains("\nNieuw: 1 vraag\n  A2 Nog iets?\n"), "{}", said.out);
    assert!(said.out.contains("\nAnders: 1 vraag\n  A1 A?\n    "), "{}", said.out);
    let same = says(&["diff", &old, &old]);
    assert!(same.out.contains("Er is geen verschil dat mensen zien of dat de wet vraagt."), "{}", same.out);
}

#[test]
fn an_import_writes_a_checklist_and_lists_the_rest() {
    let folder = folder(&[]);
    let form = folder.path().join("formulier.xlsx");
    let table = "type|name|label\ntext|a b|A?\naudio|b|B?\nbarcode|c|C?\nstart|s|";
    fs::write(&form, Form::survey(table).bytes()).expect("a form");
    let said = says(&["import", &shown(&form), "--familie", "vb", "--vanaf=2027-01-01"]);
    assert_eq!(said.ending, Ending::Good, "{}", said.err);
    for heading in [
        "Weggelaten: 1\nsurvey!A3: ",
        "Anders overgenomen: 1\nsurvey!A4: ",
        "Hernoemd: 1\nsurvey!B2: ",
        "Niet nodig: 1\nsurvey!A5: ",
    ] {
        assert!(said.out.contains(heading), "{heading} in {}", said.out);
    }
    assert!(
        said.out.ends_with("formulier.toml: 2 vragen in 1 onderdeel, 0 berekeningen; 1 weggelaten. De checklist is concept: kijk elke vraag na.\n"),
        "{}",
        said.out
    );
    let written = folder.path().join("formulier.toml");
    let text = fs::read_to_string(&written).expect("a checklist");
    assert!(text.contains("geldig_vanaf = 2027-01-01") && text.contains("status = \"concept\""), "{text}");
    assert_eq!(says(&["check", &shown(&written)]).out, "1 checklist is goed: 2 vragen.\n");
    fs::write(&written, "mijn werk").expect("a file");
    let again = says(&["import", &shown(&form)]);
    assert_eq!(again.ending, Ending::Wrong);
    assert!(again.err.contains("Dit bestand is er al; er is niets geschreven."), "{}", again.err);
    assert_eq!(fs::read_to_string(&written).expect("a file"), "mijn werk", "somebody's work is not written over");
    assert_eq!(says(&["import", &shown(&form), "--overschrijf"]).ending, Ending::Good);
    assert!(
        fs::read_to_string(&written).expect("a file").contains("geldig_vanaf = 2026-11-25"),
        "today, when no day is named"
    );
}

#[test]
fn an_import_that_is_refused_writes_nothing() {
    let folder = folder(&[("formulier.xlsx", "geen rekenblad")]);
    let said = says(&["import", &shown(&folder.path().join("formulier.xlsx"))]);
    assert_eq!(said.ending, Ending::Wrong);
    assert!(said.err.contains("Dit formulier is niet overgenomen.\nDit bestand is geen rekenblad"), "{}", said.err);
    assert!(!folder.path().join("formulier.toml").exists());
}

#[test]
fn a_call_that_is_not_known_tells_how_it_is_done() {
    for (arguments, words) in [
        (&["iets"][..], "Wat wilt u doen?"),
        (&[], "Wat wilt u doen?"),
        (&["import"], "Noem het formulier"),
        (&["import", "a.xlsx", "--familie", "xx"], "De familie `xx` bestaat niet."),
        (&["import", "a.xlsx", "--vanaf", "morgen"], "`morgen` is geen dag."),
        (&["import", "a.xlsx", "--snel"], "`--snel` ken ik niet."),
    ] {
        let said = says(arguments);
        assert_eq!((said.ending, said.ending.code()), (Ending::Misused, 2), "{arguments:?}");
        assert!(said.err.contains(words) && said.err.contains("veldboek-checklist check BESTAND|MAP"), "{}", said.err);
    }
    assert_eq!(says(&["help"]).ending, Ending::Good);
}
