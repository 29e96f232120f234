//! `switchhookctl config`: without a bus and without a robot.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

const RECEPTION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/reception");

/// An office with a file of its own for its calls, in a folder of its own.
fn office() -> tempfile::TempDir {
    let at = tempfile::tempdir().unwrap();
    std::fs::write(at.path().join("switchhook.toml"), "[device]\nname = \"t\"\n[office]\nname = \"our office\"\n").unwrap();
    std::fs::create_dir(at.path().join("conf.d")).unwrap();
    std::fs::write(at.path().join("conf.d/10-calls.toml"), format!("[calls]\nscenario = \"{RECEPTION}\"\nat_once = 3\n")).unwrap();
    at
}

fn config(at: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchhookctl"));
    command
        .arg("config")
        .args(arguments)
        .arg("--config")
        .arg(at)
        .env("SWITCHHOOK_BUS", "unix:path=/nowhere")
        .env("LC_ALL", "C")
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn what_is_shown_can_be_read_back_and_says_where_it_comes_from() {
    let at = office();
    let main = at.path().join("switchhook.toml");
    let shown = out(&config(&main, &["show", "--origin"]));
    assert!(shown.contains("\nat_once = 3  # conf.d/10-calls.toml:3\n"), "{shown}");
    assert!(shown.contains("\nlongest_minutes = 30  # default\n"), "{shown}");
    let again = tempfile::tempdir().unwrap();
    let copy = again.path().join("copy.toml");
    std::fs::write(&copy, &shown).unwrap();
    assert_eq!(out(&config(&copy, &["show"])), out(&config(&main, &["show"])));
}

#[test]
fn programs_get_the_same_as_json() {
    let at = office();
    let main = at.path().join("switchhook.toml");
    let plain: Value = serde_json::from_str(&out(&config(&main, &["show", "--json"]))).unwrap();
    assert_eq!((&plain["config"]["calls"]["at_once"], plain.get("origin")), (&json!(3), None));
    let told: Value = serde_json::from_str(&out(&config(&main, &["show", "--json", "--origin"]))).unwrap();
    assert_eq!(told["config"], plain["config"]);
    assert_eq!(told["origin"]["calls"]["at_once"], "conf.d/10-calls.toml:3");
    let checked: Value = serde_json::from_str(&out(&config(&main, &["check", "--json"]))).unwrap();
    assert_eq!(checked["files"], json!([main, at.path().join("conf.d/10-calls.toml")]));
    assert!(checked["notes"][0].as_str().unwrap().contains("`front-desk`, who has no address"), "{checked}");
}

#[test]
fn a_check_notes_what_may_not_be_meant_and_fails_for_what_is_wrong() {
    let at = office();
    let main = at.path().join("switchhook.toml");
    let sound = out(&config(&main, &["check"]));
    assert!(sound.starts_with("note: ") && sound.contains("is sound: ") && sound.contains("10-calls.toml"), "{sound}");
    std::fs::write(at.path().join("conf.d/20-more.toml"), "[calls]\nlongest_minuets = 3\n").unwrap();
    let wrong = config(&main, &["check"]);
    assert_eq!(wrong.status.code(), Some(1));
    let said = String::from_utf8_lossy(&wrong.stderr);
    assert!(said.contains("conf.d/20-more.toml:2: unknown key `longest_minuets` in [calls]: did you mean `longest_minutes`?"), "{said}");
}
