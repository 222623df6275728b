//! What differs between two versions of a checklist, as it stands in a terminal.

use std::fmt::Write as _;

use veldboek_checklist::{Checklist, Comparison, What};

/// The comparison in Dutch words.
pub fn words(old: &Checklist, new: &Checklist) -> String {
    let comparison = Comparison::of(old, new);
    let mut words = String::new();
    let (from, to) = (&comparison.old, &comparison.new);
    let _ = if from.id == to.id {
        writeln!(words, "{} ({}): van versie {} naar {}", to.title, to.id, from.version, to.version)
    } else {
        writeln!(words, "{} ({} {}) naast {} ({} {})", from.title, from.id, from.version, to.title, to.id, to.version)
    };
    if comparison.is_empty() {
        words.push_str("Er is geen verschil dat mensen zien of dat de wet vraagt.\n");
        return words;
    }
    if !comparison.whole.is_empty() {
        words.push_str("\nDe checklist als geheel\n");
        for change in &comparison.whole {
            let _ = writeln!(words, "  {}", change.words);
        }
    }
    let of = |what: What| comparison.questions.iter().filter(move |question| question.what == what);
    for (what, heading) in [(What::New, "Nieuw"), (What::Changed, "Anders"), (What::Gone, "Vervallen")] {
        let count = of(what).count();
        if count == 0 {
            continue;
        }
        let _ = writeln!(words, "\n{heading}: {count} {}", if count == 1 { "vraag" } else { "vragen" });
        for question in of(what) {
            let _ = writeln!(words, "  {} {}", question.question, question.text);
            for change in &question.changes {
                let _ = writeln!(words, "    {}", change.words);
            }
        }
    }
    words
}
