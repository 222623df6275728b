//! Clearing controles from this device.

use serde::Serialize;
use ts_rs::TS;
use veldboek_checklist::Clearing;
use veldboek_domain::InspectionId;

/// The rules by which controles go from this device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RetentionView {
    /// Version of the rules.
    pub version: String,
    /// `concept` or `vastgesteld`.
    pub status: String,
    /// Who must approve them.
    pub approved_by: String,
    /// One rule for each family.
    pub rules: Vec<RetentionRuleView>,
}

/// The rule for one family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RetentionRuleView {
    /// `vb`, `btp` or `agro`.
    pub family: String,
    /// When its controles go.
    pub clearing: Clearing,
    /// What the rule says, in Dutch.
    pub text: String,
}

/// Whether a controle can be cleared from this device, and what stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ClearingView {
    /// The rule that holds for it.
    pub rule: RetentionRuleView,
    /// Version of the rules.
    pub version: String,
    /// Whether the rules are `concept` or `vastgesteld`.
    pub status: String,
    /// Whether somebody can clear it now.
    pub may: bool,
    /// Whether it is done with: closed, agreed to, broken off, or no longer this person's.
    pub done: bool,
    /// Whether it is on this device only.
    pub stays_here: bool,
    /// Records without a receipt.
    pub records: u32,
    /// Photos without a receipt.
    pub photos: u32,
    /// Records and photos that were set apart, or can't be read any more.
    pub set_apart: u32,
}

/// A controle that was cleared from this device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ClearedRow {
    /// The controle.
    pub inspection: InspectionId,
    /// Its number.
    pub number: String,
    /// When, RFC 3339.
    pub at: String,
    /// Whether the retention rule did it; otherwise a person.
    pub by_itself: bool,
    /// Version of the retention rules.
    pub rule: String,
    /// When it was asked for again, RFC 3339, while it has not come yet.
    pub asked_at: Option<String>,
}
