//! Checks the list of to whom one refers.

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use veldboek_checklist::Problem;

use super::place::Found;
use crate::files::SourceFile;

/// Keys of a referral, and whether each must say something.
const KEYS: &[(&str, bool)] = &[
    ("code", true),
    ("naam", true),
    ("waarvoor", true),
    ("telefoon", false),
    ("te_toetsen", false),
    ("bron", false),
    ("opmerking", false),
];

/// Every problem of the file.
pub(super) fn check(file: &SourceFile) -> Vec<Problem> {
    let mut found = Found::new(file);
    let (document, errors) = DeTable::parse_recoverable(&file.text);
    if found.toml(&errors) {
        return found.problems;
    }
    let mut codes: Vec<String> = Vec::new();
    let Some(DeValue::Array(referrals)) = document.get_ref().get("verwijzing").map(Spanned::get_ref) else {
        found.add(0..0, "`verwijzing` is geen lijst van tabellen.", "Schrijf [[verwijzing]] boven elke verwijzing.");
        return found.problems;
    };
    for referral in referrals.iter() {
        let DeValue::Table(table) = referral.get_ref() else { continue };
        for (key, value) in table.iter() {
            match KEYS.iter().find(|(known, _)| *known == key.get_ref().as_ref()) {
                None => {
                    let known: Vec<&str> = KEYS.iter().map(|(key, _)| *key).collect();
                    let message = format!("De sleutel `{}` bestaat hier niet.", key.get_ref());
                    found.add(key.span(), message, format!("Kies uit: {}.", known.join(", ")));
                }
                Some((key, true)) if value.get_ref().as_str().is_none_or(|text| text.trim().is_empty()) => {
                    found.add(value.span(), format!("`{key}` is leeg."), "Vul een tekst in.");
                }
                Some(_) => {}
            }
        }
        for (key, _) in KEYS.iter().filter(|(key, needed)| *needed && !table.contains_key(*key)) {
            found.add(
                referral.span(),
                format!("De sleutel `{key}` ontbreekt."),
                format!("Voeg `{key}` toe in deze tabel."),
            );
        }
        if let Some(code) = table.get("code")
            && let Some(text) = code.get_ref().as_str()
        {
            if codes.iter().any(|other| other == text) {
                found.add(
                    code.span(),
                    format!("De code `{text}` staat er twee keer."),
                    "Geef een van beide een andere code.",
                );
            }
            codes.push(text.to_owned());
        }
    }
    found.problems
}
