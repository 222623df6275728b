//! A checklist as one page of HTML, as it will look: without a network and without a script.
//!
//! Colours, type and space are the tokens of the screens themselves, so that a preview can't drift from the app. Every text
//! of an author is escaped.

mod answers;
mod html;
mod outcomes;
mod page;

use veldboek_checklist::Checklist;

use crate::rules::Rules;

/// The tokens of the screens.
const TOKENS: &str = include_str!("../../../../ui/src/lib/styles/tokens.css");
/// What only this page needs.
const STYLE: &str = include_str!("preview.css");
/// Atkinson Hyperlegible Next (SIL Open Font License), the same files as in the report.
const REGULAR: &[u8] = include_bytes!("../../../report/fonts/AtkinsonHyperlegibleNext_400Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../../report/fonts/AtkinsonHyperlegibleNext_700Bold.ttf");

/// The page of a checklist; `rules` are those of the same text ([`Rules::of`]).
pub fn page(checklist: &Checklist, rules: &Rules) -> String {
    page::page(checklist, rules)
}

/// The styles with the fonts in them.
fn styles() -> String {
    let face = |weight: &str, font: &[u8]| {
        format!(
            "@font-face{{font-family:\"Atkinson Hyperlegible Next\";font-weight:{weight};src:url(data:font/ttf;base64,{}) format(\"truetype\")}}",
            html::base64(font)
        )
    };
    format!("{}\n{}\n{TOKENS}\n{STYLE}", face("400", REGULAR), face("600 700", BOLD))
}
