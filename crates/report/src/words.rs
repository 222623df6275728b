//! Dutch words for days, times, places, sizes and codes.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike};
use veldboek_domain::{Digest, ObservationKind, Point};

use crate::model::{ReportCopy, ReportStatus};

const WEEKDAYS: [&str; 7] = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"];
const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];

/// `19 november 2026`
pub fn day(date: NaiveDate) -> String {
    format!("{} {} {}", date.day(), MONTHS[date.month0() as usize], date.year())
}

/// `donderdag 19 november 2026`
pub fn weekday(date: NaiveDate) -> String {
    format!("{} {}", WEEKDAYS[date.weekday().num_days_from_monday() as usize], day(date))
}

/// `13:52`
pub fn time(at: DateTime<FixedOffset>) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// `14:03:22`
pub fn exact_time(at: DateTime<FixedOffset>) -> String {
    format!("{}:{:02}", time(at), at.second())
}

/// `UTC+1`, `UTC-3:30`
pub fn offset(at: DateTime<FixedOffset>) -> String {
    let seconds = at.offset().local_minus_utc();
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    let sign = if seconds < 0 { '-' } else { '+' };
    if minutes == 0 { format!("UTC{sign}{hours}") } else { format!("UTC{sign}{hours}:{minutes:02}") }
}

/// The time, with the day before it when that is another one than the day of the controle.
pub fn moment(at: DateTime<FixedOffset>, visit: NaiveDate) -> String {
    if at.date_naive() == visit { time(at) } else { format!("{} {}", short_day(at.date_naive()), time(at)) }
}

/// `20-11-2026`
pub fn short_day(date: NaiveDate) -> String {
    format!("{:02}-{:02}-{}", date.day(), date.month(), date.year())
}

/// `52,5581 N 4,8364 O`, each half kept on one line.
pub fn coordinates(point: Point) -> String {
    let part = |value: f64, positive: char, negative: char| {
        let side = if value < 0.0 { negative } else { positive };
        format!("{:.4}\u{A0}{side}", value.abs()).replace('.', ",")
    };
    format!("{} {}", part(point.lat, 'N', 'Z'), part(point.lon, 'O', 'W'))
}

/// `612 kB`, `2,4 MB`; thousands, as in file managers.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{:.1} MB", bytes as f64 / 1e6).replace('.', ","),
    }
}

/// All 64 digits, in groups of eight so that people can compare them.
pub fn grouped(digest: &Digest) -> String {
    in_groups(&digest.to_string())
}

/// Hexadecimal digits in groups of eight.
pub fn in_groups(digits: &str) -> String {
    let signs: Vec<char> = digits.chars().collect();
    signs.chunks(8).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// `9f3c71aa 04de82b6 … 5e0cb1e7`: enough to recognise a photo; the whole hash stands in the part that accounts for it.
pub fn abbreviated(digest: &Digest) -> String {
    let digits = digest.to_string();
    format!("{} {} … {}", &digits[..8], &digits[8..16], &digits[56..])
}

/// `B1`, `B1 en B2`, `B1, B2 en B3`
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [start @ .., last] => {
            let start: Vec<&str> = start.iter().map(AsRef::as_ref).collect();
            format!("{} en {}", start.join(", "), last.as_ref())
        }
    }
}

/// `1 foto`, `3 foto's`
pub fn count(number: usize, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}

/// With a capital first letter.
pub fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}

/// With a full stop behind it when it has no end of its own.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?', ':', ';', '…', '”', '"']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// How the kind of an observation is printed.
pub fn kind(kind: ObservationKind) -> &'static str {
    match kind {
        ObservationKind::Own => "Eigen waarneming",
        ObservationKind::Statement => "Uit een verklaring",
        ObservationKind::Document => "Uit een document",
        ObservationKind::Assumption => "Vermoeden",
    }
}

/// `concept` or `definitief`
pub fn status(status: ReportStatus) -> &'static str {
    match status {
        ReportStatus::Concept => "concept",
        ReportStatus::Final => "definitief",
    }
}

/// For whom the copy is.
pub fn copy(copy: ReportCopy) -> &'static str {
    match copy {
        ReportCopy::File => "Exemplaar voor het dossier",
        ReportCopy::LeaveBehind => "Exemplaar voor de bezochte partij",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(text).unwrap()
    }

    #[test]
    fn days_and_times_read_as_dutch() {
        let moment_at = at("2026-11-19T14:03:22+01:00");
        assert_eq!(weekday(moment_at.date_naive()), "donderdag 19 november 2026");
        assert_eq!(exact_time(moment_at), "14:03:22");
        assert_eq!(offset(moment_at), "UTC+1");
        assert_eq!(offset(at("2026-11-19T14:03:22-03:30")), "UTC-3:30");
        assert_eq!(moment(moment_at, moment_at.date_naive()), "14:03");
        assert_eq!(moment(moment_at, NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()), "19-11-2026 14:03");
    }

    #[test]
    fn sizes_and_places_use_a_decimal_comma() {
        assert_eq!(size(612_345), "612 kB");
        assert_eq!(size(2_400_000), "2,4 MB");
        let point = Point { lat: 52.5581, lon: 4.8364, accuracy_m: None, source: veldboek_domain::PointSource::Map };
        assert_eq!(coordinates(point), "52,5581\u{A0}N 4,8364\u{A0}O");
    }

    #[test]
    fn a_sentence_ends_once() {
        assert_eq!(sentence("Geen woning betreden"), "Geen woning betreden.");
        assert_eq!(sentence("Wat is dat?"), "Wat is dat?");
        assert_eq!(sentence(" "), "");
        assert_eq!(list(&["B1", "B2", "B3"]), "B1, B2 en B3");
    }

    #[test]
    fn a_hash_is_whole_in_groups_and_short_in_a_caption() {
        let digest = Digest::of(b"foto");
        assert_eq!(grouped(&digest).replace(' ', ""), digest.to_string());
        assert!(abbreviated(&digest).starts_with(&digest.short()));
    }
}
