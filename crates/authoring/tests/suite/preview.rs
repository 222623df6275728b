//! The page of a checklist: what stands on it, that it is safe and that it needs nothing from elsewhere.

use std::fs;

use veldboek_authoring::files::{FileKind, context, parts_near, walk};
use veldboek_authoring::preview;
use veldboek_authoring::rules::{Follows, Rules};
use veldboek_authoring::wording;
use veldboek_checklist::{Checklist, ReadingContext};

use crate::support::root;

/// Every shipped checklist with its rules.
fn shipped() -> Vec<(Checklist, Rules)> {
    let files = walk(&root().join("checklists")).expect("the checklists are there");
    let checklists = files.iter().filter(|file| file.kind == FileKind::Checklist);
    let read = checklists.map(|file| {
        let parts = parts_near(&file.path);
        let checklist =
            Checklist::read_with(&file.name(), &file.text, &context(&parts)).unwrap_or_else(|error| panic!("{error}"));
        let parts: Vec<_> = parts.into_iter().map(|part| (part.name(), part.text)).collect();
        let rules = Rules::of(&checklist, &file.text, &parts);
        (checklist, rules)
    });
    read.collect()
}

fn page_of(sections: &str) -> String {
    let text = format!(
        "id = \"klein\"\nversie = \"1\"\nstatus = \"concept\"\nfamilie = \"vb\"\ntitel = \"Klein & <b>fijn</b>\"\ngeldig_vanaf = 2026-01-01\n{sections}"
    );
    let checklist =
        Checklist::read_with("klein.toml", &text, &ReadingContext::new()).unwrap_or_else(|error| panic!("{error}"));
    preview::page(&checklist, &Rules::of(&checklist, &text, &[]))
}

/// The page without its styles.
fn body(page: &str) -> &str {
    page.split_once("<body>").expect("a page has a body").1
}

#[test]
fn every_question_of_every_shipped_checklist_stands_on_its_page() {
    for (checklist, rules) in shipped() {
        let page = preview::page(&checklist, &rules);
        for question in checklist.questions() {
            assert!(page.contains(&format!("id=\"vraag-{}\"", question.id)), "{} {}", checklist.id(), question.id);
        }
        assert!(page.contains("<p class=\"concept\"><strong>Concept</strong>"));
        let to_check = checklist.questions().flat_map(|one| &one.grounds).filter(|ground| ground.to_be_checked).count();
        assert_eq!(page.matches("class=\"toetsen\"").count(), to_check, "{}", checklist.id());
        let stops = rules
            .questions
            .values()
            .flat_map(|one| &one.outcomes)
            .filter(|(follows, _)| matches!(follows, Follows::Stop(_)));
        assert_eq!(page.matches("<li class=\"stop\">").count(), stops.count(), "{}", checklist.id());
    }
}

#[test]
fn every_condition_of_the_shipped_checklists_has_words() {
    for (checklist, rules) in shipped() {
        let of_questions = rules.questions.values().flat_map(|question| {
            let own = question.visible.iter().chain(&question.required_if).cloned();
            let rules =
                question.lock.iter().chain(&question.demands).chain(question.outcomes.iter().map(|(_, rule)| rule));
            own.chain(rules.map(|rule| rule.when.clone())).collect::<Vec<_>>()
        });
        let all: Vec<String> = of_questions.chain(rules.sections.values().flatten().cloned()).collect();
        assert!(!all.is_empty(), "{} has conditions", checklist.id());
        for when in all {
            assert!(wording::condition(&when, &checklist).is_some(), "{}: {when} has no words", checklist.id());
        }
    }
}

#[test]
fn a_page_takes_nothing_from_elsewhere_and_runs_nothing() {
    for (checklist, rules) in shipped() {
        let page = preview::page(&checklist, &rules);
        assert!(page.contains("default-src 'none'"));
        for outside in
            ["<script", "http://", "https://", "<link", "<img", "<iframe", "@import", " onclick", "url(\"", "url(http"]
        {
            assert!(!page.contains(outside), "{outside}");
        }
        let urls = page.matches("url(").count();
        assert_eq!(urls, page.matches("url(data:font/ttf;base64,").count());
    }
}

#[test]
fn every_control_has_a_name_and_every_question_a_legend() {
    for (checklist, rules) in shipped() {
        let page = preview::page(&checklist, &rules);
        let body = body(&page);
        assert_eq!(body.matches("<fieldset>").count(), checklist.questions().count());
        assert_eq!(body.matches("<legend>").count(), checklist.questions().count());
        for start in body.match_indices("<input ").chain(body.match_indices("<textarea ")).map(|(at, _)| at) {
            let tag = &body[start..start + body[start..].find('>').expect("a tag ends")];
            let before = &body[..start];
            let in_label = before.rfind("<label").is_some_and(|open| before[open..].find("</label>").is_none());
            assert!(in_label || tag.contains("aria-label=\""), "{tag}");
        }
    }
}

#[test]
fn what_an_author_writes_can_not_become_markup() {
    let nasty = "<script>alert(1)</script> \\\" ' & <b>";
    let page = page_of(&format!(
        "[[grondslag]]\nid = \"g\"\nartikel = \"{nasty}\"\ntekst = \"{nasty}\"\nbron = \"{nasty}\"\n\
         [[onderdeel]]\nid = \"<A>\"\ntitel = \"{nasty}\"\ntoelichting = \"{nasty}\"\n\
         [[onderdeel.vraag]]\nid = \"V\"\ntekst = \"{nasty}\"\nsoort = \"een-van\"\nlet_op = \"{nasty}\"\ngrondslagen = [\"g\"]\n\
         optie = [{{ code = \"a\", tekst = \"{nasty}\", kop = \"{nasty}\" }}, {{ code = \"b\", tekst = \"B\" }}]\n\
         [[onderdeel.vraag.melding]]\nals = 'V == \"a\"'\ntekst = \"{nasty}\"\n\
         [onderdeel.vraag.hulp]\nuitleg = \"{nasty}\"\nkijk_naar = [\"{nasty}\"]\n"
    ));
    assert!(!page.contains("<script>") && !body(&page).contains("<b>V</b><b>"), "{}", body(&page));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &quot; &#39; &amp; &lt;b&gt;"));
    assert!(page.contains("<title>Klein &amp; &lt;b&gt;fijn&lt;/b&gt; (voorbeeld)</title>"));
    assert!(page.contains("id=\"onderdeel-&lt;A&gt;\""));
}

#[test]
fn each_kind_of_answer_is_shown_as_itself() {
    for (soort, more, shown) in [
        ("ja-nee-onbekend", "", "class=\"segment\""),
        ("een-van", "optie = [{ code = \"a\", tekst = \"A\" }, { code = \"b\", tekst = \"B\" }]", "class=\"segment\""),
        (
            "een-van",
            "optie = [{ code = \"a\", tekst = \"A\" }, { code = \"b\", tekst = \"B\" }, { code = \"c\", tekst = \"C\" }, { code = \"d\", tekst = \"D\" }, { code = \"e\", tekst = \"E\" }]",
            "<li><label><input type=\"radio\"",
        ),
        (
            "meer-van",
            "optie = [{ code = \"a\", tekst = \"A\", kop = \"Kop\" }, { code = \"b\", tekst = \"B\", sluit_uit = true }]",
            "<h3 class=\"keuzekop\">Kop</h3>\n<ul class=\"keuzes\">\n<li><label><input type=\"checkbox\"",
        ),
        (
            "getal",
            "eenheid = \"personen\"\nminimum = 0\nmaximum = 9.5",
            "<span class=\"eenheid\">personen</span>\n<small>Een getal van 0 tot en met 9,5</small>",
        ),
        ("tekst", "", "<textarea rows=\"2\" aria-label=\"Vraag?\">"),
        (
            "datum",
            "nu = true",
            "<input type=\"date\" aria-label=\"Vraag?\"><small>Vult zich met de dag van vandaag</small>",
        ),
        ("tijd", "", "<input type=\"time\""),
        ("datum-tijd", "", "<input type=\"datetime-local\""),
        ("adres", "", "Adres: straat en nummer"),
        ("punt", "", "Plek op de kaart"),
        (
            "foto",
            "fotos = { minimum = 1, maximum = 3, aanwijzing = \"Van afstand\" }",
            "1 tot 3 foto’s erbij. Van afstand.",
        ),
        ("document", "", "<strong>Document</strong>"),
        ("handtekening", "", "class=\"handtekening\""),
        ("deelnemers", "", "<strong>Deelnemers</strong>"),
        (
            "matrix",
            "rij = [{ code = \"r\", tekst = \"Rij\" }]\noptie = [{ code = \"a\", tekst = \"A\" }, { code = \"b\", tekst = \"B\" }]",
            "<th scope=\"row\">Rij</th>",
        ),
        ("waarneming", "vraagt_gewone_verklaring = true", "Welke gewone verklaring is er, of gaf de gebruiker?</span>"),
    ] {
        let page = page_of(&format!(
            "[[onderdeel]]\nid = \"A\"\ntitel = \"A\"\n[[onderdeel.vraag]]\nid = \"V\"\ntekst = \"Vraag?\"\nsoort = \"{soort}\"\n{more}\n"
        ));
        assert!(body(&page).contains(shown), "{soort}: {shown} in\n{}", body(&page));
    }
}

#[test]
fn what_follows_from_an_answer_stands_under_it_in_words() {
    let page = page_of(
        "[[folder]]\nid = \"f\"\ntitel = \"Folder\"\n[[onderdeel]]\nid = \"A\"\ntitel = \"A\"\npartner = \"brandweer\"\nthema = \"brandveiligheid\"\n\
         [[onderdeel.vraag]]\nid = \"V\"\ntekst = \"Brandt het?\"\nsoort = \"ja-nee\"\nverplicht = true\n\
         [[onderdeel.vraag.stop]]\nals = 'V == \"ja\"'\nsoort = \"veiligheid\"\ntekst = \"Ga weg.\"\n\
         [[onderdeel.vraag.maatregel]]\ncode = \"hercontrole\"\nals = 'V == \"ja\"'\npartner = \"brandweer\"\n\
         [[onderdeel.vraag.taak]]\nid = \"t\"\ntitel = \"Bel terug\"\nals = 'V == \"ja\"'\ndagen = 4\n\
         [[onderdeel.vraag.folder]]\nfolder = \"f\"\nals = 'V == \"nee\"'\n\
         [[onderdeel.vraag]]\nid = \"W\"\ntekst = \"Waar?\"\nsoort = \"tekst\"\nvervolg_op = \"V\"\nzichtbaar = 'V == \"ja\"'\nverplicht_als = 'V == \"ja\"'\n",
    );
    let body = body(&page);
    for part in [
        "<b>STOP-scherm</b> als: V is ‘Ja’</p><p>Ga weg.</p>",
        "<b>Maatregel: Hercontrole (Veiligheidsregio, brandweer)</b> als: V is ‘Ja’",
        "<b>Taak</b> als: V is ‘Ja’</p><p>Bel terug</p><p>Uiterlijk 4 dagen na de controle.</p>",
        "<b>Uitreiken</b> als: V is ‘Nee’</p><p>Folder</p>",
        "<li>Partner: Veiligheidsregio, brandweer</li><li>Thema: Brandveiligheid</li>",
        "<span class=\"plicht\">verplicht</span>",
        "<span class=\"plicht\">soms verplicht</span>",
        "<li class=\"vraag diep-1\" id=\"vraag-W\">",
        "<p class=\"als\">Alleen als: V is ‘Ja’</p>",
    ] {
        assert!(body.contains(part), "{part} in\n{body}");
    }
}

#[test]
fn a_condition_without_good_words_is_shown_as_it_is_written() {
    let page = page_of(
        "[[onderdeel]]\nid = \"A\"\ntitel = \"A\"\n[[onderdeel.vraag]]\nid = \"V\"\ntekst = \"V?\"\nsoort = \"getal\"\n\
         [[onderdeel.vraag]]\nid = \"W\"\ntekst = \"W?\"\nsoort = \"tekst\"\nzichtbaar = '(V > 1 ? V : 2) < 3'\n",
    );
    assert!(body(&page).contains("<p class=\"als\">Alleen als: <code>(V &gt; 1 ? V : 2) &lt; 3</code></p>"));
}

#[test]
fn the_tokens_are_those_of_the_screens() {
    let tokens = fs::read_to_string(root().join("ui/src/lib/styles/tokens.css")).expect("the tokens are there");
    let page = page_of(
        "[[onderdeel]]\nid = \"A\"\ntitel = \"A\"\n[[onderdeel.vraag]]\nid = \"V\"\ntekst = \"V?\"\nsoort = \"tekst\"\n",
    );
    assert!(page.contains(&tokens));
    let own = page.split_once(&tokens).expect("they are there").1.split_once("</style>").expect("styles end").0;
    let colours: Vec<&str> =
        own.split('#').skip(1).filter(|rest| rest.starts_with(|letter: char| letter.is_ascii_hexdigit())).collect();
    assert!(
        colours.iter().all(|rest| rest.starts_with("fff")),
        "only paper to print on has a colour of its own: {colours:?}"
    );
}
