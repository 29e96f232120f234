//! The schema, and how older files come to it.

use super::*;

#[tokio::test]
async fn every_old_version_comes_up_with_what_it_held() {
    for version in 0..=NEWEST {
        let (_folder, path) = folder();
        let call = a_call();
        {
            let database = open::at_version(&path, &key(), version);
            if version > 0 {
                // As that version wrote it: what came later is not known to it.
                let written =
                    "INSERT INTO calls (id, line, scenario, scenario_version, started_us) VALUES (?1, 'office', 'reception', '1', 0)";
                database.connection.execute(written, [call.id.simple()]).unwrap();
            }
            let found: i64 = database.connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
            assert_eq!(usize::try_from(found).unwrap(), version);
            database.connection.execute_batch("PRAGMA wal_checkpoint").unwrap();
        }
        let records = Records::open(&path, &key()).unwrap();
        assert_eq!(records.call(call.id).await.unwrap().is_some(), version > 0);
        records.begin_call(a_call()).await.unwrap();
    }
}

#[test]
fn the_schema_is_the_one_shown() {
    let mut db = Connection::open_in_memory().unwrap();
    MIGRATIONS.to_latest(&mut db).unwrap();
    let mut statement =
        db.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid").unwrap();
    let schema: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let schema = format!("-- The sum of migrations/, written by the test that compares it.\n\n{};\n", schema.join(";\n\n"));
    if std::env::var_os("SWITCHHOOK_WRITE_SNAPSHOTS").is_some() {
        fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/records/schema.sql"), &schema).unwrap();
        return;
    }
    assert_eq!(schema, include_str!("../schema.sql"), "if this is meant, run the test with SWITCHHOOK_WRITE_SNAPSHOTS=1");
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let (_folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    records.run(|db| db.execute_batch("PRAGMA user_version = 99")).await.unwrap();
    records.close().await;
    let error = Records::open(&path, &key()).err().unwrap();
    assert!(matches!(error, RecordsError::Newer { found: 99, known: NEWEST, .. }), "{error}");
}
