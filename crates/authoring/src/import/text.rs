//! Texts of a form as plain text: XLSForm knows some Markdown and HTML (<https://xlsform.org/en/#styling-prompts>).

/// A text without its markup, on one line.
pub(crate) fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut plain = String::new();
    let mut in_tag = false;
    let joined = words.join(" ");
    for (index, letter) in joined.char_indices() {
        let rest = &joined[index..];
        match letter {
            '<' if begins_tag(rest) => in_tag = true,
            '>' if in_tag => in_tag = false,
            _ if !in_tag => plain.push(letter),
            _ => {}
        }
    }
    let plain =
        plain.replace("**", "").replace("__", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let plain = plain.trim();
    let heading = plain.trim_start_matches('#');
    let plain = if heading.len() < plain.len() && heading.starts_with(' ') { heading.trim_start() } else { plain };
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether `<` opens or closes a tag here, instead of meaning "less than".
fn begins_tag(rest: &str) -> bool {
    let after = rest.trim_start_matches('<').trim_start_matches('/');
    after.starts_with(|letter: char| letter.is_ascii_alphabetic()) && rest.contains('>')
}

/// Letters without their accents, as far as they have a plain one; others stay as they are.
pub(crate) fn without_accents(text: &str) -> String {
    let mut plain = String::new();
    for letter in text.chars() {
        match letter {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => plain.push('a'),
            'è' | 'é' | 'ê' | 'ë' => plain.push('e'),
            'ì' | 'í' | 'î' | 'ï' => plain.push('i'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => plain.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => plain.push('u'),
            'ç' => plain.push('c'),
            'ñ' => plain.push('n'),
            'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' => plain.push('A'),
            'È' | 'É' | 'Ê' | 'Ë' => plain.push('E'),
            'Ì' | 'Í' | 'Î' | 'Ï' => plain.push('I'),
            'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' => plain.push('O'),
            'Ù' | 'Ú' | 'Û' | 'Ü' => plain.push('U'),
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_the_words_stay() {
        assert_eq!(plain("## **Let op:** <span style=\"color:red\">gevaar</span>"), "Let op: gevaar");
        assert_eq!(plain("een\n  twee\tdrie"), "een twee drie");
        assert_eq!(plain("minder dan < 5 en > 3"), "minder dan < 5 en > 3");
        assert_eq!(plain("a &lt; b"), "a < b");
        assert_eq!(plain("#1 is goed"), "#1 is goed");
    }
}
