//! How long a controle stays on a device: data with a status, like a checklist, since the controller decides it (art. 5(1)(e)
//! AVG; the proposal stands in the domain's table of retention).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use veldboek_domain::Digest;

use crate::build::{need, text_of};
use crate::model::{Family, Status};
use crate::problem::{CheckError, Complaints};
use crate::read;
use crate::source::{At, RetentionRuleSource, RetentionSource};

/// When a controle may go from a device. Never before the backend gave its receipt for all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Clearing {
    /// By itself, once it is done with and received.
    #[serde(rename(deserialize = "na-ontvangst", serialize = "after_receipt"))]
    #[cfg_attr(feature = "ts", ts(rename = "after_receipt"))]
    AfterReceipt,
    /// When somebody says so, once it is done with and received.
    #[serde(rename(deserialize = "na-bevestiging", serialize = "after_confirmation"))]
    #[cfg_attr(feature = "ts", ts(rename = "after_confirmation"))]
    AfterConfirmation,
    /// Never: it is nowhere else.
    #[serde(rename(deserialize = "nooit", serialize = "never"))]
    #[cfg_attr(feature = "ts", ts(rename = "never"))]
    Never,
}

/// The rules by which controles go from a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Retention {
    /// Stable name.
    pub id: String,
    /// Version.
    pub version: String,
    /// Whether it is approved.
    pub status: Status,
    /// Who must approve it.
    pub approved_by: String,
    /// One rule for each family.
    pub rules: Vec<RetentionRule>,
    /// SHA-256 over the exact bytes of the file.
    pub hash: Digest,
}

/// The rule for one family of checklists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RetentionRule {
    /// The family.
    pub family: Family,
    /// When its controles go.
    pub clearing: Clearing,
    /// What people read about it.
    pub text: String,
}

/// Every family, with its code in the file.
const FAMILIES: [(Family, &str); 3] = [(Family::Vb, "vb"), (Family::Btp, "btp"), (Family::Agro, "agro")];

impl Retention {
    /// Reads the rules from the text of a file; `file` is its name, for messages only.
    ///
    /// # Errors
    /// Every problem in the file, each with its line, its column and a hint for the author: each family has exactly one rule,
    /// and what never leaves a device is never cleared from it.
    pub fn read(file: &str, text: &str) -> Result<Self, CheckError> {
        let mut complaints = Complaints::new(file, text);
        let source: Option<RetentionSource> = read::document(0, &mut complaints);
        match source.and_then(|source| retention(&source, text, &mut complaints)) {
            Some(retention) if complaints.is_empty() => Ok(retention),
            _ => Err(complaints.into_error()),
        }
    }

    /// The rule for a family.
    pub fn rule(&self, family: Family) -> &RetentionRule {
        self.rules.iter().find(|rule| rule.family == family).expect("every family has a rule: the reader asks for it")
    }
}

fn retention(source: &RetentionSource, text: &str, complaints: &mut Complaints<'_>) -> Option<Retention> {
    let id = text_of(&source.id, "id", 0, complaints);
    let version = text_of(&source.versie, "versie", 0, complaints);
    let status = need(source.status, "status", 0, complaints);
    let approved_by = text_of(&source.akkoord_door, "akkoord_door", 0, complaints);
    let mut rules: Vec<RetentionRule> = Vec::new();
    for rule in &source.bewaarregel {
        let Some(read) = read_rule(rule, complaints) else { continue };
        if rules.iter().any(|other| other.family == read.family) {
            complaints.add(
                rule.get().familie.as_ref().map_or(rule.start(), At::start),
                "Voor deze familie staat er al een bewaarregel.",
                "Houd er een over: elke familie heeft precies een regel.",
            );
        }
        rules.push(read);
    }
    for (family, code) in FAMILIES {
        let named = |rule: &At<RetentionRuleSource>| rule.get().familie.as_ref().is_none_or(|at| *at.get() == family);
        if !source.bewaarregel.iter().any(named) {
            complaints.add(
                0,
                format!("Voor de familie `{code}` staat er geen bewaarregel."),
                format!("Voeg een tabel [[bewaarregel]] toe met familie = \"{code}\"."),
            );
        }
    }
    Some(Retention {
        id: id?,
        version: version?,
        status: status?,
        approved_by: approved_by?,
        rules,
        hash: Digest::of(text.as_bytes()),
    })
}

fn read_rule(at: &At<RetentionRuleSource>, complaints: &mut Complaints<'_>) -> Option<RetentionRule> {
    let rule = at.get();
    let family = need(rule.familie.as_ref(), "familie", at.start(), complaints);
    let clearing = need(rule.opruimen.as_ref(), "opruimen", at.start(), complaints);
    let text = text_of(&rule.tekst, "tekst", at.start(), complaints);
    let (family, clearing) = (*family?.get(), clearing?);
    if family == Family::Agro && *clearing.get() != Clearing::Never {
        complaints.add(
            clearing.start(),
            "Een bezoek van de agro-coach staat nergens anders: het wordt nooit opgeruimd.",
            "Schrijf hier opruimen = \"nooit\".",
        );
    }
    Some(RetentionRule { family, clearing: *clearing.get(), text: text? })
}
