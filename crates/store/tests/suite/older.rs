//! A database that an older app wrote.

use rusqlite::Connection;
use veldboek_domain::{Slot, Value};
use veldboek_store::Store;

use crate::support::{INSPECTION, TestDevice};

/// What turns today's tables into those of the app before.
const BACK: &str = "
    CREATE TABLE live (stream BLOB NOT NULL, n INTEGER NOT NULL, fixed INTEGER NOT NULL, PRIMARY KEY (stream, n))
        WITHOUT ROWID;
    INSERT INTO live SELECT stream, n, counts = 2 FROM entries WHERE counts > 0;
    DROP TABLE entries;
    CREATE INDEX records_by_chain ON records (stream, device, epoch, seq);
    DROP INDEX photos_unsettled;
    DROP INDEX photo_refs_by_stream;
    DROP TABLE clearings;
    DROP TABLE away;
    DROP TABLE kept_ends;
    DROP TABLE unlinked;
    DROP INDEX inspections_done;
    ALTER TABLE inspections DROP COLUMN mine;
    DROP TABLE blocked;
    DROP TABLE daybook;
    DELETE FROM refinery_schema_history WHERE version >= 4;";

#[test]
fn a_database_of_the_app_before_opens_with_everything_in_it() {
    let mut device = TestDevice::new();
    device.open_stream();
    for text in ["eerst", "daarna"] {
        device.answer("F2", text);
        device.answer("L1", text);
    }
    let before = device.store.projections().unwrap();
    let TestDevice { folder, key, store, .. } = device;
    drop(store);
    let connection = Connection::open(folder.path().join("veldboek.db")).unwrap();
    let pragma = format!("PRAGMA key = \"x'{}'\";", hex::encode(key.as_slice()));
    connection.execute_batch(&pragma).unwrap();
    connection.execute_batch(BACK).unwrap();
    drop(connection);

    let mut store = Store::open(folder.path(), &key).unwrap();
    assert_eq!(store.projections().unwrap(), before);
    let (state, rotten) = store.inspection(INSPECTION).unwrap();
    assert_eq!(state.answer(&Slot::of("L1")), Some(&Value::text("daarna")));
    assert!(rotten.is_empty());
    store.rebuild().unwrap();
    assert_eq!(store.projections().unwrap(), before);
}
