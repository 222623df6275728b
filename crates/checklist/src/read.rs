//! From text to the structs of [`crate::source`], finding every problem on the way instead of the first.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use crate::problem::{Complaints, nearest, suggest};

/// Beyond this many wrong keys and values in one file the rest is left for the next reading.
const MOST_PROBLEMS: usize = 200;

/// Keys with which an author might try to turn signals into a score.
const SCORES: &[&str] =
    &["score", "scores", "gewicht", "weging", "punten", "risico", "risicoscore", "weight", "points"];

/// Reads the document that starts at `base`. What does not fit is named, set aside, and the rest is read on; nothing comes
/// back only when not even the outline could be read.
pub(crate) fn document<T: DeserializeOwned>(base: usize, complaints: &mut Complaints<'_>) -> Option<T> {
    let text = complaints.text_at(base);
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        complaints.add(
            base + error.span().map_or(0, |span| span.start),
            format!("Dit is geen geldige TOML: {}.", error.message()),
            "Kijk naar aanhalingstekens, haakjes, dubbele sleutels en komma's op deze regel en die erboven.",
        );
    }
    if !errors.is_empty() {
        return None;
    }
    if let Ok(document) = T::deserialize(Deserializer::from(shifted(table, base))) {
        return Some(document);
    }
    // Something does not fit: the outline again, from which one misfit after the other is taken.
    let mut table = shifted(DeTable::parse_recoverable(text).0, base);
    for _ in 0..MOST_PROBLEMS {
        let error = match T::deserialize(Deserializer::from(table.clone())) {
            Ok(document) => return Some(document),
            Err(error) => error,
        };
        let place = error.span().unwrap_or_default();
        match set_aside(table.get_mut(), base, &place) {
            Some(Misfit { key, in_table, value: None }) => {
                let known = quoted(error.message());
                let known: Vec<&str> = known.iter().map(String::as_str).filter(|name| *name != key).collect();
                if let Some(meant) = nearest(&key, known.iter().copied()) {
                    complaints.set_aside(in_table, meant);
                }
                let hint = if SCORES.contains(&key.as_str()) {
                    "Haal het weg: signalen tellen nooit op tot een score, en daarom is er geen sleutel voor."
                        .to_owned()
                } else {
                    suggest(&key, &known)
                };
                complaints.add(place.start, format!("De sleutel `{key}` bestaat hier niet."), hint);
            }
            Some(Misfit { key, in_table, value: Some(found) }) => {
                complaints.set_aside(in_table, &key);
                let known = quoted(error.message());
                let hint = match (&found, expected(error.message())) {
                    (Some(text), None) => {
                        let known: Vec<&str> = known.iter().map(String::as_str).filter(|name| name != text).collect();
                        suggest(text, &known)
                    }
                    (_, Some(kind)) => format!("Schrijf hier {kind}."),
                    (None, None) => format!("Verbeter de waarde: {}.", error.message()),
                };
                complaints.add(place.start, format!("De waarde van `{key}` past hier niet."), hint);
            }
            None => {
                complaints.add(
                    place.start,
                    format!("Dit past hier niet: {}.", error.message()),
                    "Verbeter deze regel.",
                );
                return None;
            }
        }
    }
    None
}

/// The outline with every place counted from `base`.
fn shifted(table: Spanned<DeTable<'_>>, base: usize) -> Spanned<DeTable<'_>> {
    if base == 0 {
        return table;
    }
    let span = table.span();
    Spanned::new(span.start + base..span.end + base, shifted_table(table.into_inner(), base))
}

fn shifted_table(table: DeTable<'_>, base: usize) -> DeTable<'_> {
    table
        .into_iter()
        .map(|(key, value)| {
            let span = key.span();
            (Spanned::new(span.start + base..span.end + base, key.into_inner()), shifted_value(value, base))
        })
        .collect()
}

fn shifted_value(value: Spanned<DeValue<'_>>, base: usize) -> Spanned<DeValue<'_>> {
    let span = value.span();
    let inner = match value.into_inner() {
        DeValue::Table(table) => DeValue::Table(shifted_table(table, base)),
        DeValue::Array(items) => DeValue::Array(items.into_iter().map(|item| shifted_value(item, base)).collect()),
        plain => plain,
    };
    Spanned::new(span.start + base..span.end + base, inner)
}

/// What was taken out of the document so that the rest can be read.
struct Misfit {
    key: String,
    /// The start of the table in which it stood.
    in_table: usize,
    /// The value that did not fit, as text when it was one; nothing when the key itself was wrong.
    value: Option<Option<String>>,
}

/// Takes out the entry whose key or value stands at `place`. `start` is where the table starts.
fn set_aside(table: &mut DeTable<'_>, start: usize, place: &Range<usize>) -> Option<Misfit> {
    let misfit = table.iter().find_map(|(key, value)| {
        let misfit = |value| Misfit { key: key.get_ref().to_string(), in_table: start, value };
        if key.span() == *place {
            Some(misfit(None))
        } else if value.span() == *place && !holds_tables(value) {
            Some(misfit(Some(value.get_ref().as_str().map(str::to_owned))))
        } else {
            None
        }
    });
    if let Some(misfit) = misfit {
        table.remove(misfit.key.as_str());
        return Some(misfit);
    }
    let mut wrong_table = None;
    for (key, value) in table.iter_mut() {
        let misfit = set_aside_within(key.get_ref(), start, value, place);
        if misfit.is_some() {
            return misfit;
        }
        if value.span() == *place {
            wrong_table = Some(key.get_ref().to_string());
        }
    }
    let key = wrong_table?;
    table.remove(key.as_str());
    Some(Misfit { key, in_table: start, value: Some(None) })
}

fn set_aside_within(
    key: &str,
    in_table: usize,
    value: &mut Spanned<DeValue<'_>>,
    place: &Range<usize>,
) -> Option<Misfit> {
    let start = value.span().start;
    match value.get_mut() {
        DeValue::Table(inner) => set_aside(inner, start, place),
        DeValue::Array(items) => {
            if let Some(index) = items.iter().position(|item| item.span() == *place && !holds_tables(item)) {
                let text = items[index].get_ref().as_str().map(str::to_owned);
                let kept: Vec<_> = (0..items.len()).filter(|other| *other != index).map(|i| items[i].clone()).collect();
                *items = kept.into_iter().collect();
                return Some(Misfit { key: key.to_owned(), in_table, value: Some(text) });
            }
            items.iter_mut().find_map(|item| set_aside_within(key, in_table, item, place))
        }
        _ => None,
    }
}

/// A table's place may be that of its header, which is also the place of what is wrong inside it.
fn holds_tables(value: &Spanned<DeValue<'_>>) -> bool {
    matches!(value.get_ref(), DeValue::Table(_) | DeValue::Array(_))
}

/// The names between backticks in the deserializer's message: what it would have taken.
fn quoted(message: &str) -> Vec<String> {
    message.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// What a value should have been, in Dutch; nothing when the message names variants or something unknown.
fn expected(message: &str) -> Option<&'static str> {
    let wanted = message.rsplit_once("expected ")?.1;
    [
        ("a string", "tekst tussen aanhalingstekens"),
        ("a boolean", "true of false, zonder aanhalingstekens"),
        ("u32", "een heel getal van 0 of meer"),
        ("f64", "een getal, zonder aanhalingstekens"),
        ("a sequence", "een lijst tussen [ en ]"),
        ("struct", "een tabel, zoals { code = \"…\", … }"),
        ("a map", "een tabel"),
        ("a TOML datetime", "een dag zonder aanhalingstekens, zoals 2026-11-01"),
        ("a spanned", "een waarde van de andere soort"),
    ]
    .into_iter()
    .find(|(start, _)| wanted.starts_with(start))
    .map(|(_, dutch)| dutch)
}

/// The byte in the file of a character inside a TOML string, given the string's own place with its quotes.
///
/// Needed to point at a mistake inside a condition; escapes in basic strings make the two differ.
/// `token` is the text at `span`.
pub(crate) fn byte_within(token: &str, span: &Range<usize>, character: usize) -> usize {
    let (quotes, basic) = match token {
        _ if token.starts_with("'''") => (3, false),
        _ if token.starts_with("\"\"\"") => (3, true),
        _ if token.starts_with('\'') => (1, false),
        _ if token.starts_with('"') => (1, true),
        _ => (0, false),
    };
    let mut offset = quotes;
    if quotes == 3 {
        offset += ["\r\n", "\n"].iter().find(|end| token[offset..].starts_with(**end)).map_or(0, |end| end.len());
    }
    for _ in 0..character {
        let rest = &token[offset..];
        let Some(next) = rest.chars().next() else { break };
        offset += if basic && next == '\\' { escape_length(rest) } else { next.len_utf8() };
    }
    (span.start + offset).min(span.end)
}

fn escape_length(rest: &str) -> usize {
    let wanted = match rest.as_bytes().get(1) {
        Some(b'x') => 4,
        Some(b'u') => 6,
        Some(b'U') => 10,
        _ => 2,
    };
    rest.char_indices().map(|(index, _)| index).chain([rest.len()]).find(|index| *index >= wanted).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_in_a_string_is_found_in_the_file_also_behind_escapes() {
        let at = |text: &str, character| byte_within(text, &(0..text.len()), character);
        assert_eq!(byte_within("'abc'", &(10..15), 2), 13);
        assert_eq!(at("'abc'", 2), 3);
        assert_eq!(at(r#""a\"b""#, 2), 4);
        assert_eq!(at("\"\"\"\nab\"\"\"", 1), 5);
        assert_eq!(at(r#""\u00e9x""#, 1), 7);
        assert_eq!(at("'ab'", 99), 4);
    }
}
