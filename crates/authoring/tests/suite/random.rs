//! Forms put together at random: each is refused in words, or becomes a checklist that reads.

use proptest::prelude::*;
use veldboek_authoring::import::Family;

use crate::support::{Form, read};

fn kind() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "text",
        "integer",
        "decimal",
        "date",
        "time",
        "dateTime",
        "note",
        "calculate",
        "image",
        "geopoint",
        "range",
        "select_one kleur",
        "select_multiple kleur",
        "select_one kleur or_other",
        "select_one weg",
        "acknowledge",
        "audio",
        "begin group",
        "end group",
        "begin repeat",
        "end repeat",
        "today",
        "start",
        "onzin",
        "",
    ])
    .prop_map(str::to_owned)
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "c", "d", "e", "list", "é-1", "9", ""]).prop_map(str::to_owned)
}

fn formula() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "${a}",
        "${b}",
        "${c}",
        "${d}",
        "../e",
        ".",
        "'rood'",
        "'x'",
        "''",
        "3",
        "-1",
        "today()",
        "now()",
        "true()",
        "${weg}",
        "'2026-01-01'",
        "/data/a",
    ])
    .prop_map(str::to_owned);
    let tree = leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (
                inner.clone(),
                prop::sample::select(vec!["=", "!=", "<", ">=", "+", "-", "*", "div", "and", "or"]),
                inner.clone()
            )
                .prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
            (
                prop::sample::select(vec![
                    "not",
                    "selected",
                    "count-selected",
                    "int",
                    "string-length",
                    "count",
                    "regex"
                ]),
                inner.clone()
            )
                .prop_map(|(function, a)| format!("{function}({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("selected({a}, {b})")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("if({a}, {b}, {c})")),
        ]
    });
    prop_oneof![2 => Just(String::new()), 3 => tree]
}

fn row() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec!["Vraag?", "Hoe ${a}?", "<b>Vet</b> \"x\"", ""]);
    let required = prop::sample::select(vec!["yes", "no", "", "${b} > 2"]);
    (kind(), name(), words, formula(), formula(), formula(), required).prop_map(
        |(kind, name, words, relevant, constraint, calculation, required)| {
            format!("{kind} | {name} | {words} | {relevant} | {constraint} | {calculation} | {required}")
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_form_is_refused_in_words_or_becomes_a_checklist(rows in prop::collection::vec(row(), 1..14)) {
        let table = format!("type|name|label|relevant|constraint|calculation|required\n{}", rows.join("\n"));
        let form = Form::survey(&table).choices("list_name|name|label\nkleur|rood|Rood\nkleur|Blauw_2|Blauw");
        for family in [Family::Vb, Family::Btp] {
            match form.taken_for(family) {
                Ok(done) => {
                    prop_assert_eq!(read(&done).questions().count(), done.questions);
                    prop_assert!(done.taken_out == 0 || family == Family::Btp, "the reader refuses\n{}", done.toml);
                }
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
    }
}
