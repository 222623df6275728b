//! When the controle was, on which law it rests, how people went in, and what the visited party answered.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime};
use veldboek_checklist::ReportPlace;
use veldboek_domain::{Field, RegisterKey, Slot, Value};

use super::Composer;
use crate::model::{CautionNotice, HomeEntry, LegalBasis, Response, Visit};

impl Composer<'_> {
    pub(super) fn visit(&self) -> Visit {
        let left_at = match self.inspection.field(Field::DepartedAt) {
            Some(Value::DateTime(at)) => Some(*at),
            _ => None,
        };
        Visit { date: self.day, arrived_at: self.moment(self.place(ReportPlace::Arrival)), left_at }
    }

    pub(super) fn legal_basis(&self) -> LegalBasis {
        let mut law = self.author().basis;
        let mut designation = String::new();
        if let Some((first, second)) = law.clone().split_once("; ") {
            (law, designation) = (first.to_owned(), second.to_owned());
        }
        let told = self.place(ReportPlace::PurposeTold).and_then(|question| self.choice(question)) == Some("ja");
        let cause = self.place(ReportPlace::Cause).map(|question| self.in_words(question)).unwrap_or_default();
        LegalBasis {
            law,
            designation,
            purpose: if told { format!("Het doel is gemeld. Aanleiding: {cause}.") } else { String::new() },
            identified_at: self.moment(self.place(ReportPlace::IdentifiedAt)),
            home: self.home(),
            caution: self
                .moment(self.place(ReportPlace::CautionAt))
                .map(|at| CautionNotice { given_to: self.spoken_to(), at }),
        }
    }

    fn home(&self) -> Option<HomeEntry> {
        let is_home = self.choice(self.place(ReportPlace::Home)?)?;
        if is_home == "nee" {
            return Some(HomeEntry::NotEntered);
        }
        let warrant_used =
            self.place(ReportPlace::WarrantUsed).and_then(|question| self.choice(question)) == Some("ja");
        if warrant_used
            && let Some(Value::Date(issued_on)) = self.place(ReportPlace::WarrantDay).and_then(|id| self.answer(id))
        {
            let given_by = "de burgemeester, volgens de machtiging".to_owned();
            return Some(HomeEntry::Warrant { given_by, purpose: String::new(), issued_on: *issued_on });
        }
        match self.place(ReportPlace::Consent).and_then(|question| self.choice(question))? {
            given if given == "ja" || given.starts_with("ja-") => Some(HomeEntry::Consent {
                given_by: self.spoken_to(),
                words: self
                    .place(ReportPlace::ConsentWords)
                    .map(|question| self.in_words(question))
                    .unwrap_or_default(),
                at: self.moment(self.place(ReportPlace::ConsentAt)),
            }),
            _ => Some(HomeEntry::NotEntered),
        }
    }

    pub(super) fn response(&self) -> Response {
        let Some(question) = self.place(ReportPlace::Reaction) else { return Response::NotRecorded };
        let slot = Slot::of(question);
        let register = self.inspection.register(&RegisterKey::Answer(slot.clone()));
        if let Some((_, written)) = register.and_then(|register| register.settled_by())
            && let Some(text) = written.value.as_text().filter(|text| !text.trim().is_empty())
        {
            return Response::Given { role: self.spoken_to(), text: text.to_owned(), at: Some(written.header.at) };
        }
        if self.place(ReportPlace::SpokenTo).and_then(|question| self.choice(question)) == Some("niemand") {
            return Response::NobodyPresent;
        }
        let excused = self.inspection.value(&RegisterKey::Reason(slot)).is_some();
        if excused || self.inspection.is_closed() { Response::None } else { Response::NotRecorded }
    }

    /// A time of day as a moment on the day of the controle, with the offset of the clock that wrote it.
    pub(super) fn moment(&self, question: Option<&str>) -> Option<DateTime<FixedOffset>> {
        let register = self.inspection.register(&RegisterKey::Answer(Slot::of(question?)))?;
        let (_, written) = register.settled_by()?;
        match &written.value {
            Value::DateTime(at) => Some(*at),
            Value::Time(time) => at_time(self.day, *time, *written.header.at.offset()),
            _ => None,
        }
    }
}

fn at_time(day: NaiveDate, time: NaiveTime, offset: FixedOffset) -> Option<DateTime<FixedOffset>> {
    day.and_time(time).and_local_timezone(offset).single()
}
