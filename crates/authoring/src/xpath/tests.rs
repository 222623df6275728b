//! What the parser takes, how it binds, and what it says about what it does not take.

use proptest::prelude::*;

use super::super::{Expr, Node, Operator, parse};

/// Writes an expression with every bracket, so that it shows how operators bind.
fn bracketed(node: &Node) -> String {
    match &node.expr {
        Expr::Number(number) => number.to_string(),
        Expr::Text(text) => format!("'{text}'"),
        Expr::Reference(name) => format!("${{{name}}}"),
        Expr::Sibling(name) => format!("../{name}"),
        Expr::Current => ".".to_owned(),
        Expr::Call(name, arguments) => {
            format!("{name}({})", arguments.iter().map(bracketed).collect::<Vec<_>>().join(", "))
        }
        Expr::Binary(operator, left, right) => {
            format!("({} {} {})", bracketed(left), operator.written(), bracketed(right))
        }
        Expr::Negate(inner) => format!("(-{})", bracketed(inner)),
        Expr::Path(path) => format!("⟨{path}⟩"),
    }
}

fn check(source: &str, expected: &str) {
    match parse(source) {
        Ok(node) => assert_eq!(bracketed(&node), expected, "{source}"),
        Err(error) => panic!("{source}: {error}"),
    }
}

fn refuses(source: &str, expected: &str) {
    match parse(source) {
        Ok(node) => panic!("{source} reads as {}", bracketed(&node)),
        Err(error) => assert_eq!(error.to_string(), expected, "{source}"),
    }
}

#[test]
fn operators_bind_as_in_xpath() {
    check("1 + 2 * 3 - 4", "((1 + (2 * 3)) - 4)");
    check("1 = 2 and 3 = 4 or 5", "(((1 = 2) and (3 = 4)) or 5)");
    check("1 < 2 = 3 > 4", "((1 < 2) = (3 > 4))");
    check("10 div 5 mod 2", "((10 div 5) mod 2)");
    check("8 - 4 - 2", "((8 - 4) - 2)");
    check("-1 + 2", "((-1) + 2)");
    check("- - 3 * 2", "((-(-3)) * 2)");
    check("(1 + 2) * 3", "((1 + 2) * 3)");
    check("1 != 2", "(1 != 2)");
    check("1 <= 2 or 1 >= 2", "((1 <= 2) or (1 >= 2))");
}

#[test]
fn questions_are_named_and_the_present_one_is_a_dot() {
    check(". > 5 and . < 10", "((. > 5) and (. < 10))");
    check("${leeftijd}>=18", "(${leeftijd} >= 18)");
    check("${ a }-${b}", "(${a} - ${b})");
    check(".>=0", "(. >= 0)");
    check(".5 + 5. + 1.25", "((0.5 + 5) + 1.25)");
}

#[test]
fn texts_take_both_kinds_of_quotes() {
    check("${a} = 'ja' or ${a} = \"n'ee\"", "((${a} = 'ja') or (${a} = 'n'ee'))");
    check("${a}=''", "(${a} = '')");
}

#[test]
fn functions_take_any_number_of_arguments() {
    check("today()", "today()");
    check("if(selected(${a}, 'b'), 1, count-selected(.))", "if(selected(${a}, 'b'), 1, count-selected(.))");
    check("jr:choice-name(${a}, '${a}')", "jr:choice-name(${a}, '${a}')");
    check("today()-1", "(today() - 1)");
}

#[test]
fn words_are_operators_only_between_two_pieces() {
    check("or or and", "(⟨or⟩ or ⟨and⟩)");
    check("div div mod", "(⟨div⟩ div ⟨mod⟩)");
    check("4 * 2", "(4 * 2)");
}

#[test]
fn paths_are_read_whole() {
    for path in [
        "/data/groep/vraag",
        "../../vraag",
        "../vraag[1]",
        "../*",
        "./vraag",
        "instance('lijst')/wortel/item[naam = ${a} and @x = 1]/label",
        "current()/../vraag",
        "${herhaling}[position() = 1]/vraag",
        "//item",
        "child::vraag",
        "@naam",
        "*",
        "item/text()",
        "position(..)/x",
    ] {
        check(path, &format!("⟨{path}⟩"));
    }
    check("position(..)", "position(⟨..⟩)");
    check("count(../vraag/x) > 1", "(count(⟨../vraag/x⟩) > 1)");
    check("../vraag = 'ja'", "(../vraag = 'ja')");
    check("a | b", "(⟨a⟩ | ⟨b⟩)");
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    refuses("", "er staat niets (teken 1)");
    refuses("  ", "er staat niets (teken 3)");
    refuses("${a} =", "zij houdt te vroeg op (teken 7)");
    refuses("${a", "bij `${` ontbreekt de `}` (teken 1)");
    refuses("${}", "tussen `${` en `}` staat geen naam (teken 1)");
    refuses("selected(${a}, 'b'", "er ontbreekt een `)` (teken 19)");
    refuses("(1 + 2", "er ontbreekt een `)` (teken 7)");
    refuses("${a} = 'b", "het aanhalingsteken ' wordt niet gesloten (teken 8)");
    refuses("${a} = ‘b’", "`‘` is een krul-aanhalingsteken; een formule kent alleen ' en \" (teken 8)");
    refuses("${a} == 'b'", "`==` bestaat hier niet; is gelijk aan is één `=` (teken 6)");
    refuses("1 2", "`2` staat hier verkeerd (teken 3)");
    refuses("${a} && ${b}", "`&` bestaat hier niet; schrijf `and` (teken 6)");
    refuses("x[1", "er ontbreekt een `]` (teken 4)");
    refuses("a/", "zij houdt te vroeg op (teken 3)");
    refuses("1 + )", "`)` staat hier verkeerd (teken 5)");
    refuses("$a", "`$` staat hier verkeerd (teken 1)");
    refuses("selected(${a} 'b')", "`'b'` staat hier verkeerd (teken 15)");
}

#[test]
fn a_text_can_not_exhaust_the_stack() {
    let deep = format!("{}1{}", "(".repeat(500), ")".repeat(500));
    assert!(parse(&deep).is_err_and(|error| error.message == "zij is te diep genest"));
    let minuses = format!("{}1", "-".repeat(100_000));
    assert!(parse(&minuses).is_err());
    let long = vec!["1"; 700].join(" + ");
    assert!(parse(&long).is_ok(), "a long sum is not deep");
    let longer = vec!["1"; 20_000].join(" + ");
    assert!(parse(&longer).is_err_and(|error| error.message == "zij is te lang"));
}

#[test]
fn the_names_of_an_expression_are_found_everywhere() {
    let node = parse("if(${a} = 1, -${b}, ${c} + ../d)").expect("it reads");
    assert_eq!(node.references(), ["a", "b", "c", "d"]);
    assert!(matches!(node.pieces()[1].expr, Expr::Binary(Operator::Equal, _, _)));
}

/// Pieces from which texts are made that look like expressions.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("${a}".to_owned()),
        Just(".".to_owned()),
        Just("..".to_owned()),
        Just("'x'".to_owned()),
        Just("\"".to_owned()),
        Just("${".to_owned()),
        Just("selected(".to_owned()),
        Just("instance('l')/wortel/item[".to_owned()),
        "[()\\[\\],/*+<>=!|@:-]{1,3}".prop_map(|text| text),
        " (and|or|div|mod) ".prop_map(|text| text),
        "[a-zé_]{1,4}".prop_map(|text| text),
        "[0-9]{0,3}\\.?[0-9]{0,2}".prop_map(|text| text),
    ]
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,60}") {
        let _ = parse(&text);
    }

    #[test]
    fn nothing_that_looks_like_an_expression_makes_the_parser_panic(pieces in prop::collection::vec(piece(), 0..20)) {
        let text = pieces.concat();
        if let Err(error) = parse(&text) {
            prop_assert!(error.at <= text.chars().count(), "{} in {text:?}", error.at);
        }
    }

    #[test]
    fn what_was_read_reads_the_same_with_all_its_brackets(pieces in prop::collection::vec(piece(), 0..12)) {
        let text = pieces.concat();
        if let Ok(node) = parse(&text) {
            let written = bracketed(&node);
            let plain = node.pieces().iter().all(|piece| match &piece.expr {
                // A path is shown whole, and a text with the other quotes: neither reads back.
                Expr::Path(_) => false,
                Expr::Text(text) => !text.contains('\''),
                _ => true,
            });
            if plain {
                prop_assert_eq!(bracketed(&parse(&written).expect("it was written whole")), written);
            }
        }
    }
}
