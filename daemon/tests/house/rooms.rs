//! Which room knows which: what ARCHITECTURE.md's table allows is all that is imported.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A row of the table: a room, and what it knows.
struct Row {
    room: String,
    knows: BTreeSet<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The rows, in their order: ``| `room/` | what it does | a, b |``.
fn table() -> Vec<Row> {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let table = text.lines().skip_while(|line| !line.starts_with("| room |")).skip(2);
    let row = |line: &str| {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [room, _, knows] = cells[..] else { panic!("not a row of three cells: {line}") };
        let knows = knows.split(',').map(|word| word.trim().to_owned()).filter(|word| word != "-").collect();
        Row { room: room.trim_matches(['`', '/']).to_owned(), knows }
    };
    table.take_while(|line| line.starts_with('|')).map(row).collect()
}

fn sources(place: &Path, all: &mut Vec<PathBuf>) {
    if place.is_dir() {
        for entry in std::fs::read_dir(place).unwrap() {
            sources(&entry.unwrap().path(), all);
        }
    } else if place.is_file() && place.extension().is_some_and(|ending| ending == "rs") {
        all.push(place.to_owned());
    }
}

/// What the code in `room` names, beside itself; comments do not count.
fn imports(room: &str) -> BTreeSet<String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src.join(room), &mut files);
    sources(&src.join(format!("{room}.rs")), &mut files);
    let mut found = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for (at, _) in line.match_indices("crate::") {
                let name = line[at + "crate::".len()..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
                assert!(!name.is_empty(), "one import per room, please: {}: {line}", file.display());
                found.insert(name);
            }
            if line.contains("switchhook_models") {
                found.insert("models".to_owned());
            }
        }
    }
    found.remove(room);
    found
}

/// What stands in `src`: folders, and single files.
fn rooms() -> BTreeSet<String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let names = std::fs::read_dir(src).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.map(|name| name.trim_end_matches(".rs").to_owned()).filter(|name| name != "lib" && name != "bin").collect()
}

#[test]
fn every_room_stands_in_the_table() {
    let listed: BTreeSet<_> = table().into_iter().map(|row| row.room).collect();
    assert_eq!(listed, rooms());
}

#[test]
fn no_room_imports_what_the_table_does_not_allow() {
    for Row { room, knows } in table() {
        let beyond: Vec<_> = imports(&room).difference(&knows).cloned().collect();
        assert!(beyond.is_empty(), "{room} imports {beyond:?}: take that out, or let ARCHITECTURE.md's table say why it may");
    }
}

#[test]
fn each_room_knows_only_those_above_it() {
    let mut above = BTreeSet::from(["models".to_owned()]);
    for Row { room, knows } in table() {
        let below: Vec<_> = knows.difference(&above).collect();
        assert!(below.is_empty(), "{room} knows {below:?}, which stand below it in the table");
        above.insert(room);
    }
}
