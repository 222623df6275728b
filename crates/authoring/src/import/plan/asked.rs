//! What a row asks, as a kind of answer; and why not, when a checklist has none.

use std::sync::Arc;

use super::{Planner, Question};
use crate::import::choices::{Codes, List};
use crate::import::kind::{Asked, RowKind};
use crate::import::remark::Place;
use crate::import::survey::Item;
use crate::import::translate::Kind;

/// Where, why and what to do.
type Refused = (Place, String, String);

impl Planner<'_> {
    pub(super) fn kind_of(&self, item: &Item<'_>, question: &Question) -> Kind {
        let codes = |list: &str| {
            let codes = self.lists.get(list).map(|list| Arc::clone(&list.codes)).unwrap_or_default();
            if question.other.is_none() || codes.of("other").is_some() {
                return codes;
            }
            let mut more = codes.0.clone();
            more.push(("other".to_owned(), "other".to_owned()));
            Arc::new(Codes(more))
        };
        match &item.kind {
            RowKind::Question(Asked::One { list, .. }) => Kind::One(codes(list)),
            RowKind::Question(Asked::Several { list, .. }) => Kind::Several(codes(list)),
            RowKind::Question(Asked::Whole | Asked::Decimal | Asked::Range) => Kind::Number,
            RowKind::Question(Asked::Day) => Kind::Day,
            RowKind::Question(Asked::Time) => Kind::Time,
            RowKind::Question(Asked::Moment) => Kind::Moment,
            RowKind::Question(Asked::Point) => Kind::Point,
            // A signature is known by the name of who signed; only whether it is there can be asked.
            RowKind::Question(Asked::Photo | Asked::File) => Kind::Files,
            RowKind::Question(Asked::Acknowledge) => {
                Kind::One(Arc::new(Codes(vec![("OK".to_owned(), "ja".to_owned())])))
            }
            _ => Kind::Text,
        }
    }

    pub(super) fn question(&mut self, item: &Item<'_>, asked: &Asked) -> Result<Question, Refused> {
        let sheet = self.sheet;
        let plain = |kind| Ok(Question { kind, ..Question::default() });
        let looks = sheet.cell(item.row, "appearance").map(|cell| cell.text.to_lowercase()).unwrap_or_default();
        match asked {
            Asked::One { list, other } | Asked::Several { list, other } => {
                let one = matches!(asked, Asked::One { .. });
                if looks.contains("search(") {
                    let place = sheet.place(item.row, "appearance");
                    return Err((
                        place,
                        "de keuzes worden in een ander bestand gezocht (`search`)".to_owned(),
                        "Schrijf de opties uit op het blad choices.".to_owned(),
                    ));
                }
                let found = self.list(item, list)?;
                let mut options: Vec<(String, String)> =
                    found.options.iter().map(|option| (option.code.clone(), option.label.clone())).collect();
                let fixed = found.fixed.filter(|_| one && !other);
                if *other && !options.iter().any(|(code, _)| code == "other") {
                    options.push(("other".to_owned(), "Anders".to_owned()));
                }
                if options.len() < 2 {
                    return Err((
                        sheet.place(item.row, "type"),
                        format!("de lijst `{list}` heeft maar een keuze"),
                        "Geef de lijst een tweede keuze, of maak er een ja-nee-vraag van.".to_owned(),
                    ));
                }
                if !self.plan.lists.contains(list) {
                    self.plan.lists.push(list.clone());
                }
                let other = other.then(String::new);
                Ok(match fixed {
                    Some(kind) => Question { kind, ..Question::default() },
                    None => Question {
                        kind: if one { "een-van" } else { "meer-van" },
                        options,
                        other,
                        ..Question::default()
                    },
                })
            }
            Asked::Whole => Ok(Question { kind: "getal", whole: true, ..Question::default() }),
            Asked::Decimal => plain("getal"),
            Asked::Range => self.range(item),
            Asked::Text => plain("tekst"),
            Asked::Barcode => {
                let hint = "Zet in de toelichting welke code u bedoelt.";
                self.remarks.adjusted(
                    sheet.place(item.row, "type"),
                    format!("`{}` leest geen streepjescode; mensen typen haar over.", item.shown()),
                    hint,
                );
                plain("tekst")
            }
            Asked::Day => {
                if looks.contains("month-year") || looks.split_whitespace().any(|word| word == "year") {
                    let message = format!("`{}` vraagt nu een hele dag, niet alleen maand of jaar.", item.shown());
                    self.remarks.adjusted(
                        sheet.place(item.row, "appearance"),
                        message,
                        "Vraag een getal als het jaar genoeg is.",
                    );
                }
                plain("datum")
            }
            Asked::Time => plain("tijd"),
            Asked::Moment => plain("datum-tijd"),
            Asked::Point => plain("punt"),
            Asked::Photo if looks.contains("signature") => plain("handtekening"),
            Asked::Photo => {
                if looks.contains("draw") || looks.contains("annotate") {
                    let message = format!("`{}` is nu een gewone foto; tekenen kan op een kopie ervan.", item.shown());
                    self.remarks.adjusted(sheet.place(item.row, "appearance"), message, "");
                }
                plain("foto")
            }
            Asked::File => plain("document"),
            Asked::Acknowledge => {
                let message = format!("`{}` is nu een ja-nee-vraag: een checklist kent geen vinkje.", item.shown());
                self.remarks.adjusted(sheet.place(item.row, "type"), message, "Maak van de tekst een vraag.");
                plain("ja-nee")
            }
        }
    }

    fn list(&self, item: &Item<'_>, list: &str) -> Result<&List, Refused> {
        self.lists.get(list).ok_or_else(|| {
            let known: Vec<&str> = self.lists.names().take(12).collect();
            let hint = if known.is_empty() {
                "Maak een blad choices met de kolommen list_name, name en label.".to_owned()
            } else {
                format!("Zet de lijst op het blad choices. Daar staan nu: {}.", known.join(", "))
            };
            (self.sheet.place(item.row, "type"), format!("de lijst `{list}` staat niet op het blad choices"), hint)
        })
    }

    /// A range has its ends and its step in the column `parameters`; without them it goes from 1 to 10 in steps of 1.
    fn range(&mut self, item: &Item<'_>) -> Result<Question, Refused> {
        let place = self.sheet.place(item.row, "parameters");
        let written = self.sheet.cell(item.row, "parameters").map(|cell| cell.text).unwrap_or_default();
        let numbers = parameters(&written);
        let of = |name: &str, otherwise: f64| match numbers.iter().find(|(key, _)| key == name) {
            None => Ok(otherwise),
            Some((_, value)) => value.parse::<f64>().ok().filter(|number| number.is_finite()).ok_or_else(|| {
                let message = format!("`{name}={value}` is geen getal");
                (place.clone(), message, "Schrijf bijvoorbeeld start=1 end=10 step=1.".to_owned())
            }),
        };
        let (start, end, step) = (of("start", 1.0)?, of("end", 10.0)?, of("step", 1.0)?);
        let whole = start.fract() == 0.0 && step.fract() == 0.0;
        if step != 1.0 {
            let message = format!("`{}` neemt nu ook getallen tussen de stappen van {step}.", item.shown());
            self.remarks.adjusted(place, message, "Zet in de toelichting welke getallen u wilt.");
        }
        let (minimum, maximum) = (Some(start.min(end)), Some(start.max(end)));
        Ok(Question { kind: "getal", minimum, maximum, whole, ..Question::default() })
    }
}

/// `start=1 end=10`, with spaces, commas or semicolons between.
fn parameters(written: &str) -> Vec<(String, String)> {
    let parts = written.split([' ', ';', ',']).filter_map(|part| part.split_once('='));
    parts.map(|(key, value)| (key.trim().to_lowercase(), value.trim().to_owned())).collect()
}
