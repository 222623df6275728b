//! Names that a checklist takes. The rule: a name keeps its letters, digits and `_`; accents go, every other character
//! becomes `_`; when it does not begin with a letter, or is a word of the conditions themselves, `v_` comes in front;
//! when it is taken, `_2`, `_3`, ... comes behind. Codes of choices get lower case letters, digits and `-` in the same way.

use std::collections::HashSet;

use veldboek_checklist::is_kept_word;

use super::text::without_accents;

/// A word of CEL that the conditions do not use, and that would read as one.
const EXISTS_ONE: &str = "exists_one";

/// Gives out names, each once.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// The name of a question, group or calculation.
    pub(crate) fn give(&mut self, wanted: &str) -> String {
        let mut name: String = without_accents(wanted.trim())
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '_' })
            .collect();
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) || is_kept_word(&name) || name == EXISTS_ONE {
            name.insert_str(0, "v_");
        }
        self.unique(&name, '_')
    }

    /// The code of a choice.
    pub(crate) fn give_code(&mut self, wanted: &str) -> String {
        let folded = without_accents(wanted.trim()).to_lowercase();
        let code: String = folded
            .chars()
            .map(|letter| if letter.is_ascii_lowercase() || letter.is_ascii_digit() { letter } else { '-' })
            .collect();
        let code = if code.is_empty() { "keuze".to_owned() } else { code };
        self.unique(&code, '-')
    }

    fn unique(&mut self, name: &str, joint: char) -> String {
        let mut unique = name.to_owned();
        let mut number = 2;
        while !self.taken.insert(unique.clone()) {
            unique = format!("{name}{joint}{number}");
            number += 1;
        }
        unique
    }
}

/// The id of a checklist: lower case letters, digits and hyphens.
pub(crate) fn checklist_id(wanted: &str) -> String {
    let code = Names::default().give_code(wanted);
    let parts: Vec<&str> = code.split('-').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "formulier".to_owned() } else { parts.join("-") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_follows_the_rule_and_is_given_once() {
        let mut names = Names::default();
        for (wanted, given) in [
            ("leeftijd", "leeftijd"),
            ("leeftijd", "leeftijd_2"),
            ("één-vraag", "een_vraag"),
            ("1e", "v_1e"),
            ("_x", "v__x"),
            ("list", "v_list"),
            ("vandaag", "v_vandaag"),
            ("a.b:c", "a_b_c"),
            ("", "v_"),
        ] {
            assert_eq!(names.give(wanted), given);
        }
    }

    #[test]
    fn a_code_follows_the_rule_and_is_given_once() {
        let mut names = Names::default();
        for (wanted, given) in [
            ("ja", "ja"),
            ("JA", "ja-2"),
            ("weet_niet", "weet-niet"),
            ("1", "1"),
            ("Café", "cafe"),
            ("?", "-"),
            ("", "keuze"),
        ] {
            assert_eq!(names.give_code(wanted), given);
        }
        assert_eq!(checklist_id("My Form_v2 "), "my-form-v2");
        assert_eq!(checklist_id("??"), "formulier");
    }

    #[test]
    fn every_kept_word_is_one_that_a_checklist_refuses() {
        for word in ["in", "size", "vandaag", "dagen_na", EXISTS_ONE] {
            let text = format!(
                "id = \"x\"\nversie = \"1\"\nstatus = \"concept\"\nfamilie = \"vb\"\ntitel = \"X\"\ngeldig_vanaf = 2026-01-01\n\
                 [[onderdeel]]\nid = \"A\"\ntitel = \"A\"\n[[onderdeel.vraag]]\nid = \"{word}\"\ntekst = \"?\"\nsoort = \"tekst\"\n"
            );
            let refused = veldboek_checklist::Checklist::read("x.toml", &text).is_err();
            assert_eq!(Names::default().give(word), format!("v_{word}"), "{word} gets another name");
            assert!(refused || word == EXISTS_ONE, "{word} is a name that a checklist takes");
        }
    }
}
