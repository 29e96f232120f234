//! Tables in files: what is found, and what is not taken for it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use rusqlite::Connection;

use super::*;
use crate::lookups::query::{LookUp, Row};

fn row(pairs: &[(&str, &str)]) -> Row {
    pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A question about orders, as a scenario declares it.
fn query(at: Place, inputs: &[(&str, &str)]) -> Query {
    let of = LookUp {
        name: "order".into(),
        at,
        inputs: vec![("number".into(), crate::lookups::query::Given::Slot(0))],
        outputs: vec![("state".into(), 1)],
        within: Duration::from_secs(20),
        slow: false,
    };
    Query { number: 1, of: Arc::new(of), inputs: row(inputs), now: jiff::Zoned::now() }
}

fn lookups(dir: &Path) -> LookUps {
    let settings = config::LookUps { data: dir.join("data"), hosts: Vec::new() };
    LookUps::of(&settings, &dir.join("scenario"), "tyres")
}

fn written(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

const ORDERS: &str =
    "\u{feff}number,state,phone\r\n17,ready,02-2734 5678\r\n18,\"on its way, \"\"tomorrow\"\"\",0912345678\r\n18,back,\r\n";

#[tokio::test]
async fn a_row_of_a_file_is_found_by_its_cells() {
    let dir = written(&[("scenario/orders.csv", ORDERS)]);
    let lookups = lookups(dir.path());
    let orders = || Place::Csv("orders.csv".into());
    let Found::One(found) = lookups.find(query(orders(), &[("number", "17")])).await else { panic!("no row") };
    assert_eq!(found, row(&[("number", "17"), ("phone", "02-2734 5678"), ("state", "ready")]));
    let Found::One(found) = lookups.find(query(orders(), &[("phone", "+886912345678")])).await else { panic!("no row") };
    assert_eq!(found["state"], "on its way, \"tomorrow\"");
    assert!(matches!(lookups.find(query(orders(), &[("number", "18")])).await, Found::OneOf(rows) if rows.len() == 2));
    assert_eq!(lookups.find(query(orders(), &[("number", "19")])).await, Found::Nothing);
}

#[tokio::test]
async fn what_was_not_told_finds_nothing() {
    let dir = written(&[("scenario/orders.csv", ORDERS)]);
    assert_eq!(lookups(dir.path()).find(query(Place::Csv("orders.csv".into()), &[])).await, Found::Nothing);
}

#[tokio::test]
async fn the_office_s_own_file_goes_before_the_scenario_s() {
    let dir = written(&[("scenario/orders.csv", ORDERS), ("data/tyres/orders.csv", "number,state\n17,sold\n")]);
    let found = lookups(dir.path()).find(query(Place::Csv("orders.csv".into()), &[("number", "17")])).await;
    assert!(matches!(found, Found::One(found) if found["state"] == "sold"));
}

#[tokio::test]
async fn a_file_that_is_not_what_it_should_be_fails() {
    for orders in ["id,state\n17,ready\n", "number,status\n17,ready\n", "number,state\n17\n", "number,state\n17,\u{0}ready,3\n"] {
        let dir = written(&[("scenario/orders.csv", orders)]);
        let found = lookups(dir.path()).find(query(Place::Csv("orders.csv".into()), &[("number", "17")])).await;
        assert_eq!(found, Found::Failed, "{orders}");
    }
    let empty = written(&[]);
    assert_eq!(lookups(empty.path()).find(query(Place::Csv("orders.csv".into()), &[("number", "17")])).await, Found::Failed);
}

fn database() -> tempfile::TempDir {
    let dir = written(&[("scenario/x", "")]);
    let database = Connection::open(dir.path().join("scenario/shop.db")).unwrap();
    database
        .execute_batch(
            "CREATE TABLE \"our \"\"orders\"\"\" (number INTEGER, state TEXT, price REAL);
             INSERT INTO \"our \"\"orders\"\"\" VALUES (17, 'ready', 12.5), (18, NULL, 3);
             CREATE VIEW endless AS WITH RECURSIVE n(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM n) SELECT number, '' AS state FROM n;",
        )
        .unwrap();
    dir
}

fn table(name: &str) -> Place {
    Place::Sqlite { file: "shop.db".into(), table: name.into() }
}

#[tokio::test]
async fn a_row_of_a_database_is_found_by_its_columns() {
    let dir = database();
    let lookups = lookups(dir.path());
    let table = || table("our \"orders\"");
    assert_eq!(lookups.find(query(table(), &[("number", "17")])).await, Found::One(row(&[("state", "ready")])));
    assert_eq!(lookups.find(query(table(), &[("number", "18")])).await, Found::One(row(&[("state", "")])));
    assert_eq!(lookups.find(query(table(), &[("number", "' OR 1=1 --")])).await, Found::Nothing);
    assert_eq!(lookups.find(query(table(), &[("number\" OR 1=1 --", "17")])).await, Found::Failed);
}

#[tokio::test]
async fn a_column_that_is_not_there_is_no_text() {
    let dir = database();
    assert_eq!(lookups(dir.path()).find(query(table("our \"orders\""), &[("numbr", "numbr")])).await, Found::Failed);
}

#[tokio::test]
async fn a_database_that_takes_too_long_is_given_up() {
    let dir = database();
    let mut query = query(table("endless"), &[("number", "-1")]);
    query.of = Arc::new(LookUp { within: Duration::from_millis(200), ..LookUp::clone(&query.of) });
    assert_eq!(lookups(dir.path()).find(query).await, Found::TooSlow);
}

#[test]
fn a_rehearsal_writes_nothing_of_the_scenario_s() {
    let dir = written(&[("orders.csv", ORDERS), ("tests/data/orders.csv", "number,state\n17,rehearsed\n")]);
    let mut rehearsed = Rehearsed::of(dir.path(), BTreeMap::from([("stock".to_owned(), Found::Nothing)]));
    let found = rehearsed.find(&query(Place::Csv("orders.csv".into()), &[("number", "17")]));
    assert!(matches!(found, Found::One(found) if found["state"] == "rehearsed"));
    let mut stock = query(Place::Program("stock".into()), &[]);
    assert_eq!(rehearsed.find(&stock), Found::Failed, "programs run on the device alone");
    stock.of = Arc::new(LookUp { name: "stock".into(), ..LookUp::clone(&stock.of) });
    assert_eq!(rehearsed.find(&stock), Found::Nothing);
}
