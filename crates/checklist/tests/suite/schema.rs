//! The JSON Schemas for editors are those of the code.

use veldboek_checklist::{checklist_schema, part_schema, retention_schema, stop_schema};

use crate::support::folder;

#[test]
fn the_committed_schemas_are_those_of_the_code() {
    let schemas = [
        ("checklist.schema.json", checklist_schema()),
        ("deel.schema.json", part_schema()),
        ("stop.schema.json", stop_schema()),
        ("bewaren.schema.json", retention_schema()),
    ];
    for (name, schema) in schemas {
        let path = folder().join(name);
        let fresh = format!("{}\n", serde_json::to_string_pretty(&schema).expect("a schema is JSON"));
        if std::env::var_os("VELDBOEK_WRITE_SCHEMA").is_some() {
            std::fs::write(&path, &fresh).expect("the folder of checklists can be written");
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == fresh,
            "checklists/{name} is stale. Write it again with:\n  VELDBOEK_WRITE_SCHEMA=1 cargo test -p veldboek-checklist schema"
        );
    }
}

#[test]
fn the_schema_has_no_key_for_a_score() {
    let text = checklist_schema().to_string().to_lowercase();
    for word in ["\"score\"", "\"gewicht\"", "\"punten\"", "\"risico\"", "\"weging\""] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn the_schema_asks_for_what_the_reader_asks_for_and_knows_the_dutch_kinds() {
    let schema = checklist_schema();
    let required = schema["required"].as_array().expect("a list");
    for key in ["id", "versie", "status", "familie", "titel", "geldig_vanaf"] {
        assert!(required.iter().any(|one| one == key), "{key}");
    }
    assert_eq!(schema["additionalProperties"], false);
    let text = schema.to_string();
    assert!(text.contains("ja-nee-onbekend") && !text.contains("yes_no"));
}

#[test]
fn in_the_schema_a_section_has_an_id_and_a_title_or_names_what_is_included() {
    for schema in [checklist_schema(), part_schema()] {
        let section = &schema["definitions"]["Onderdeel"];
        let either: Vec<_> =
            section["anyOf"].as_array().expect("a choice").iter().map(|one| &one["required"]).collect();
        assert_eq!(either.len(), 3, "{section}");
        assert_eq!(either[0], &serde_json::json!(["id", "titel"]));
        for key in ["deel", "partnerset", "zichtbaar", "in_rapport"] {
            assert!(section["properties"][key].is_object(), "{key}");
        }
        assert!(section["properties"]["part"].is_null() && section["properties"]["also_visible"].is_null());
    }
}
