//! What may be taken of a visit that stays on its device, and what may be shown of all of them together.

use veldboek_checklist::{Checklist, Outgoing, Question};
use veldboek_sync::wire::{CountLine, CountsSent, MAX_COUNT_LINES};

use crate::storage::CountTotal;

/// Fewer visits than this are not shown: a small number may point at somebody (domain: T2, 6.1).
pub(crate) const SMALLEST: u64 = 5;

/// Whether these are counts of this checklist and nothing else: only questions that are counted, only codes that they
/// have, only numbers within their limits, only a month.
pub(crate) fn fits(sent: &CountsSent, checklist: &Checklist) -> bool {
    checklist.outgoing() == Outgoing::Counts
        && checklist.id() == sent.checklist
        && checklist.version() == sent.version
        && is_month(&sent.month)
        && sent.lines.len() <= MAX_COUNT_LINES
        && sent.lines.iter().all(|line| checklist.question(&line.question).is_some_and(|asked| is_count(line, asked)))
}

fn is_month(text: &str) -> bool {
    chrono::NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").is_ok() && text.len() == 7
}

fn is_count(line: &CountLine, asked: &Question) -> bool {
    let within = |number: f64| {
        asked.minimum.is_none_or(|least| number >= least) && asked.maximum.is_none_or(|most| number <= most)
    };
    asked.counted
        && match (&line.option, line.number) {
            (Some(code), None) => asked.options.iter().any(|option| option.code == *code),
            (None, Some(number)) => asked.options.is_empty() && number.is_finite() && within(number),
            _ => false,
        }
}

/// A total as it may be shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    pub(crate) total: CountTotal,
    /// Whether its figures must not be told.
    pub(crate) hidden: bool,
}

/// Hides small totals; and where only one of a question's totals would be hidden, the smallest other one too, since the
/// sum would tell the first.
pub(crate) fn suppress(totals: Vec<CountTotal>) -> Vec<Shown> {
    let mut shown: Vec<Shown> =
        totals.into_iter().map(|total| Shown { hidden: total.visits < SMALLEST, total }).collect();
    let same = |a: &Shown, b: &Shown| a.total.checklist == b.total.checklist && a.total.question == b.total.question;
    for question in shown.chunk_by_mut(same) {
        if question.iter().filter(|one| one.hidden).count() == 1 {
            let others = question.iter_mut().filter(|one| !one.hidden);
            if let Some(smallest) = others.min_by_key(|one| one.total.visits) {
                smallest.hidden = true;
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(question: &str, option: &str, visits: u64) -> CountTotal {
        let (checklist, option) = ("agro".to_owned(), Some(option.to_owned()));
        CountTotal { checklist, question: question.to_owned(), option, visits, sum: 0.0 }
    }

    fn hidden(totals: Vec<CountTotal>) -> Vec<bool> {
        suppress(totals).iter().map(|shown| shown.hidden).collect()
    }

    #[test]
    fn fewer_than_five_visits_are_not_shown() {
        assert_eq!(hidden(vec![total("a", "ja", 5), total("a", "nee", 5)]), [false, false]);
        assert_eq!(hidden(vec![total("a", "ja", 4), total("a", "nee", 3), total("a", "x", 9)]), [true, true, false]);
    }

    #[test]
    fn one_hidden_total_takes_the_smallest_other_one_along() {
        let question = vec![total("a", "ja", 4), total("a", "nee", 9), total("a", "x", 7)];
        assert_eq!(hidden(question), [true, false, true]);
        assert_eq!(hidden(vec![total("a", "ja", 4), total("b", "ja", 9)]), [true, false], "each question for itself");
    }

    #[test]
    fn a_month_is_a_month_and_never_a_day() {
        for (text, is) in [("2026-11", true), ("2026-13", false), ("2026-11-19", false), ("", false)] {
            assert_eq!(is_month(text), is, "{text}");
        }
    }
}
