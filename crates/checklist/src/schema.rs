//! The JSON Schemas that help editors while somebody writes a checklist.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::source::{ChecklistSource, PartSource, RetentionSource, StopTextSource};

/// The schema of a checklist, committed as `checklists/checklist.schema.json`.
pub fn checklist_schema() -> Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<ChecklistSource>().to_value()
}

/// The schema of a part or a partner set, committed as `checklists/deel.schema.json`.
pub fn part_schema() -> Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<PartSource>().to_value()
}

/// The schema of the STOP text, committed as `checklists/stop.schema.json`.
pub fn stop_schema() -> Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<StopTextSource>().to_value()
}

/// The schema of the retention rules, committed as `checklists/bewaren.schema.json`.
pub fn retention_schema() -> Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<RetentionSource>().to_value()
}
