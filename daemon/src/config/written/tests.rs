#![allow(clippy::unwrap_used)]
use std::fs;
use std::os::unix::fs::symlink;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::config::{load, parse};

const SMALLEST: &str = "[device]\nname = \"branch-1\"\n[office]\nname = \"Northgate Branch Office\"\n";

/// A folder with `switchhook.toml`, and these files below it.
fn office(main: &str, others: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [("switchhook.toml", main)].iter().chain(others) {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn read(dir: &TempDir) -> Result<Config, Problem> {
    load(&dir.path().join("switchhook.toml"))
}

/// What is wrong, without the folder's name.
fn problem(main: &str, others: &[(&str, &str)]) -> String {
    let dir = office(main, others);
    read(&dir).unwrap_err().to_string().replace(&format!("{}/", dir.path().display()), "")
}

/// What is wrong with the smallest configuration and this, of which the first line is the fifth.
fn wrong(text: &str) -> String {
    parse(&format!("{SMALLEST}{text}"), Path::new("switchhook.toml")).unwrap_err().to_string()
}

#[test]
fn later_files_add_to_tables_and_replace_values() {
    let dir = office(
        &format!("{SMALLEST}[calls]\nat_once = 3\nlongest_minutes = 10\n[lookups]\nhosts = [\"orders.office\", \"stock.office\"]\n"),
        &[
            ("conf.d/20-more.toml", "calls.longest_minutes = 30\n[people.desk]\nspoken = \"the desk\"\n"),
            ("conf.d/10-calls.toml", "[calls]\nlongest_minutes = 20\nshutdown_grace_seconds = 5\n[lookups]\nhosts = [\"orders.office\"]\n"),
        ],
    );
    let config = read(&dir).unwrap();
    assert_eq!((config.calls.at_once, config.calls.longest.as_secs(), config.calls.shutdown_grace.as_secs()), (3, 1800, 5));
    assert_eq!(config.lookups.hosts, ["orders.office"], "a list is a value");
    assert_eq!(config.people["desk"].spoken, "the desk");
}

#[test]
fn lines_are_added_and_one_of_the_same_id_is_refused_with_both_places() {
    let desk = "[[line]]\nkind = \"handset\"\nid = \"desk\"\ncapture = \"hw:1\"\nplayback = \"hw:1\"\n";
    let hall = desk.replace("desk", "hall");
    let config = read(&office(&format!("{SMALLEST}{desk}"), &[("conf.d/hall.toml", &hall)])).unwrap();
    assert_eq!(config.lines.iter().map(|line| line.id.as_str()).collect::<Vec<_>>(), ["desk", "hall"]);
    let said = problem(&format!("{SMALLEST}{desk}"), &[("conf.d/again.toml", &format!("# Twice.\n{desk}"))]);
    assert_eq!(said, "conf.d/again.toml:4: two lines are called `desk`; give each its own id (the other is in switchhook.toml:7)");
}

#[test]
fn what_editors_and_the_packager_leave_is_passed_over() {
    let dir = office(
        SMALLEST,
        &[
            ("conf.d/.hidden.toml", "no"),
            ("conf.d/calls.toml~", "no"),
            ("conf.d/#calls.toml#", "no"),
            ("conf.d/#calls.toml", "no"),
            ("conf.d/calls.toml.dpkg-old", "no"),
            ("conf.d/folder.toml/calls.toml", "no"),
            ("elsewhere/calls", "calls.at_once = 7\n"),
        ],
    );
    assert_eq!(read(&dir).unwrap().calls.at_once, 2);
    symlink(dir.path().join("elsewhere/calls"), dir.path().join("conf.d/calls.toml")).unwrap();
    assert_eq!(read(&dir).unwrap().calls.at_once, 7, "a link to a file is one");
}

#[test]
fn more_than_an_office_can_have_written_is_refused() {
    let comment = format!("#{}\n", "x".repeat(600_000));
    let said = problem(SMALLEST, &[("conf.d/1.toml", &comment), ("conf.d/2.toml", &comment)]);
    assert_eq!(said, "conf.d/2.toml: with this file the configuration is larger than 1 MiB");
    let names: Vec<String> = (0..101).map(|i| format!("conf.d/{i}.toml")).collect();
    let said = problem(SMALLEST, &names.iter().map(|name| (name.as_str(), "")).collect::<Vec<_>>());
    assert_eq!(said, "conf.d: has more than 100 files; put some together");
}

#[test]
fn every_error_names_its_own_file_and_line() {
    let peers = "[[line]]\nkind = \"sip\"\nid = \"gateway\"\npeers = [\n  \"192.0.2.1\",\n  \"pbx\",\n]\n";
    for (text, place) in [
        ("\n[calls\n", "conf.d/x.toml:2: "),
        ("[calls]\nat_once = 2\nat_once = 3\n", "conf.d/x.toml:3: duplicate key"),
        ("[calls]\nat_once = \"two\"\n", "conf.d/x.toml:2: calls.at_once = \"two\": write a whole number"),
        ("[calls]\nat_onec = 2\n", "conf.d/x.toml:2: unknown key `at_onec` in [calls]: did you mean `at_once`?"),
        ("[calls]\n\nat_once = 99\n", "conf.d/x.toml:3: calls.at_once = 99: use 1 to 64"),
        ("[people.desk]\naddress = \"sip:1@pbx\"\n", "conf.d/x.toml:1: [people.desk] has no `spoken`"),
        (peers, "conf.d/x.toml:4: line `gateway`: peers: \"pbx\" is no address"),
        ("[calls]\nlongest_minutes = 99_999_999_999_999_999_999\n", "conf.d/x.toml:2: 99999999999999999999 is too large a number"),
        ("[office]\ntime_zone = \"Taipei\"\n", "conf.d/x.toml:2: office.time_zone: there is no time zone \"Taipei\""),
    ] {
        let said = problem(SMALLEST, &[("conf.d/a.toml", "[calls]\nat_once = 4\n"), ("conf.d/x.toml", text)]);
        assert!(said.starts_with(place), "{said}");
        assert!(!said.contains('\n'), "{said}");
    }
    let dir = office(SMALLEST, &[("conf.d/x.toml", "")]);
    fs::write(dir.path().join("conf.d/x.toml"), [0xff]).unwrap();
    assert!(read(&dir).unwrap_err().to_string().ends_with("conf.d/x.toml: is no UTF-8 text"));
}

#[test]
fn what_is_wrong_because_of_a_default_is_told_at_its_table() {
    let said = wrong("[calls]\nat_once = 64\n[[line]]\nid = \"gateway\"\nkind = \"sip\"\n");
    assert!(said.starts_with("switchhook.toml:7: line `gateway`: rtp_ports = [16384, 16483]"), "{said}");
}

#[test]
fn a_table_that_every_device_needs_is_missed_by_its_name() {
    let said = |text: &str| parse(text, Path::new("switchhook.toml")).unwrap_err().to_string();
    assert_eq!(said("[device]\nname = \"branch-1\"\n"), "switchhook.toml: there is no [office]");
    assert_eq!(said("[office]\nname = \"o\"\n[device]\n"), "switchhook.toml:3: [device] has no `name`");
}

#[test]
fn a_file_for_a_later_program_is_refused_whichever_it_is() {
    assert!(read(&office(&format!("version = 1\n{SMALLEST}"), &[("conf.d/x.toml", "version = 1\n")])).is_ok());
    let later = problem(SMALLEST, &[("conf.d/x.toml", "# New.\nversion = 2\n[rooms]\n"), ("conf.d/y.toml", "version = 1\n")]);
    assert!(later.starts_with("conf.d/x.toml:2: version = 2 is for a later switchhook; this one reads version 1"), "{later}");
    for text in ["version = 0\n", "version = \"1\"\n", "[version]\n"] {
        assert_eq!(problem(&format!("{text}{SMALLEST}"), &[]), "switchhook.toml:1: write version = 1, or leave it out");
    }
}

#[test]
fn an_unknown_key_is_told_with_the_one_that_was_meant_else_with_those_that_can_be() {
    let line = "[[line]]\nkind = \"sip\"\nid = \"gateway\"\n";
    for (text, told) in [
        ("[calls]\nlongest_minuets = 3\n".to_owned(), "6: unknown key `longest_minuets` in [calls]: did you mean `longest_minutes`?"),
        ("[cals]\n".to_owned(), "5: unknown table [cals]: did you mean `calls`?"),
        ("[device.colour]\n".to_owned(), "5: unknown key `colour` in [device]: what can be there is `name`"),
        ("[bus]\n\"\\u001b[2J\" = 1\n".to_owned(), "6: unknown key `\\u{1b}[2J` in [bus]: what can be there is `address`"),
        (format!("{line}codec = []\n"), "8: unknown key `codec` in [[line]]: did you mean `codecs`?"),
        (format!("{line}capture = \"hw\"\n"), "8: unknown key `capture` in [[line]]: what can be there is `id`, `listen`, `public`, "),
        (format!("{line}[line.register]\npassword = \"x\"\n"), "9: unknown key `password` in [line.register]: what can be there is "),
        ("[people.\"Mr. Wu\"]\nspokem = \"x\"\n".to_owned(), "6: unknown key `spokem` in [people.\"Mr. Wu\"]: did you mean `spoken`?"),
    ] {
        let said = wrong(&text);
        assert!(said.starts_with(&format!("switchhook.toml:{told}")), "{said}");
    }
    let long = wrong(&format!("{} = 1\n", "x".repeat(100_000)));
    assert!(long.len() < 400, "{long}");
}

#[test]
fn all_that_cannot_be_read_is_told_and_nothing_that_only_comes_of_it() {
    let main = format!("{SMALLEST}[calls]\nat_onec = 2\nlongest_minutes = \"ten\"\n[[line]]\nkind = \"sipp\"\n[[line]]\nkind = \"sip\"\n");
    let more = "[[line]]\nkind = \"sip\"\nid = 7\n[people.desk]\nspokem = \"the desk\"\n";
    let said = problem(&main, &[("conf.d/x.toml", more)]);
    let told = [
        "switchhook.toml:6: unknown key `at_onec` in [calls]: did you mean `at_once`?",
        "switchhook.toml:7: calls.longest_minutes = \"ten\": write a whole number, not below 0",
        "switchhook.toml:9: line.kind = \"sipp\": write \"sip\" or \"handset\"",
        "switchhook.toml:10: [[line]] has no `id`",
        "conf.d/x.toml:3: line.id = 7: write text in quotes",
        "conf.d/x.toml:5: unknown key `spokem` in [people.desk]: did you mean `spoken`?",
    ];
    assert_eq!(said.lines().collect::<Vec<_>>(), told);
    let said = problem("[device\n", &[("conf.d/x.toml", "version = 9\n"), ("conf.d/y.toml", "a = \n")]);
    let places: Vec<&str> = said.lines().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(places, ["switchhook.toml:1", "conf.d/x.toml:1", "conf.d/y.toml:1"], "{said}");
    let many: String = (0..100).map(|i| format!("key-{i} = 1\n")).collect();
    assert_eq!(wrong(&format!("[calls]\n{many}")).lines().count(), 20);
}

#[test]
fn a_value_of_another_kind_is_told_in_plain_words() {
    let line = |key: &str| format!("[[line]]\nid = \"gateway\"\n{key}\n");
    for (text, told) in [
        ("[calls]\nat_once = 2.5\n".to_owned(), "6: calls.at_once = 2.5: write a whole number, not below 0"),
        ("[calls]\nat_once = -1\n".to_owned(), "6: calls.at_once = -1: write a whole number, not below 0"),
        ("[calls]\nscenario = 1979-05-27\n".to_owned(), "6: calls.scenario is a date or a time: write text in quotes"),
        ("[lookups]\nhosts = \"orders\"\n".to_owned(), "6: lookups.hosts = \"orders\": write a list"),
        ("[lookups]\nhosts = [\"a\",\n 1]\n".to_owned(), "7: lookups.hosts = 1: write text in quotes"),
        ("[mqtt]\nhost = \"b\"\nport = 70000\n".to_owned(), "7: mqtt.port = 70000: write a whole number from 0 to 65535"),
        ("[people.desk]\nspoken = \"d\"\nannounce = \"no\"\n".to_owned(), "7: people.desk.announce = \"no\": write true or false"),
        ("[people]\ndesk = \"the desk\"\n".to_owned(), "6: people.desk = \"the desk\": write a table"),
        ("[[calls]]\nat_once = 2\n".to_owned(), "5: calls is a list: write a table"),
        ("[line]\nid = \"gateway\"\n".to_owned(), "5: line is a table: write a list"),
        (line("kind = \"sipp\""), "7: line.kind = \"sipp\": write \"sip\" or \"handset\""),
        (line("kind = 1"), "7: line.kind = 1: write "),
        (line(""), "5: [[line]] has no `kind`: write \"sip\" or \"handset\""),
        (line("kind = \"sip\"\nrtp_ports = [16384]"), "8: line.rtp_ports has 1 value: write a list of two"),
        (line("kind = \"sip\"\nrtp_ports = [16384, 16483, 1]"), "8: line.rtp_ports has 3 values: write a list of two"),
    ] {
        let said = wrong(&text);
        assert!(said.starts_with(&format!("switchhook.toml:{told}")), "{said}");
    }
}

proptest! {
    #[test]
    fn files_that_say_different_things_may_be_in_any_number_and_say_the_same_as_one(cut in 0_usize..=4) {
        let parts = ["[calls]\nat_once = 3\n", "[handover]\nring_seconds = 9\n", "[mqtt]\nhost = \"b\"\n", "[people.desk]\nspoken = \"d\"\n"];
        let (here, there) = parts.split_at(cut);
        let there: Vec<(String, &str)> = there.iter().enumerate().map(|(i, part)| (format!("conf.d/{i}.toml"), *part)).collect();
        let there: Vec<(&str, &str)> = there.iter().map(|(name, text)| (name.as_str(), *text)).collect();
        let divided = read(&office(&format!("{SMALLEST}{}", here.concat()), &there)).unwrap();
        let whole = read(&office(&format!("{SMALLEST}{}", parts.concat()), &[])).unwrap();
        prop_assert_eq!(format!("{:?}", divided), format!("{:?}", whole));
    }

    #[test]
    fn no_text_whatever_makes_the_reader_panic(text in "[a-z\\[\\].=\"'0-9\n#{}, -]{0,120}") {
        let _ = parse(&text, Path::new("switchhook.toml"));
    }
}
