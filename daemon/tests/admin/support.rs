//! `switchhookctl support-bundle`: everything that somebody who helps needs, and nothing of people.

use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;
use switchhook::control::{Control, serve};

use super::bus::PrivateBus;
use super::ctl::{ctl, out, run, said_on_failure};
use super::house::{CALLER, HEARD, House, NUMBER};

const CONFIG: &str = r#"
[device]
name = "branch-1"

[office]
name = "Appleyard & Daughters"
purpose = "I answer questions"

[[line]]
kind = "sip"
id = "front-gate"
listen = "127.0.0.1:5060"
peers = ["192.168.17.0/24"]

[people.wanda]
spoken = "Wanda Quill"
also = ["the lodger"]
address = "sip:wq@192.168.17.4"

[mqtt]
host = "broker.example"
port = 1883
user = "canal-robot"
"#;

/// What a journal might hold at worst, were there faults in the robot, in the form in which journalctl tells it.
fn a_journal(folder: &Path) {
    let message = serde_json::json!({
        "__REALTIME_TIMESTAMP": "1795790721123456", "PRIORITY": "4", "EVENT": "line-down", "LINE": "front-gate", "_HOSTNAME": "canal",
        "_CMDLINE": "mellon", "MESSAGE": format!("the gateway sent {NUMBER} and Wanda Quill to sip:wq@192.168.17.4"),
    });
    std::fs::write(folder.join("journal"), format!("{message}\n")).unwrap();
    let program = folder.join("journalctl");
    std::fs::write(&program, format!("#!/bin/sh\ncat {}/journal\n", folder.display())).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// The files of a bundle by their names.
fn opened(path: &Path) -> Vec<(String, String)> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()));
    let mut files = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        files.push((name, text));
    }
    files
}

async fn up(bus: &PrivateBus, house: &House) -> Control {
    serve(&bus.bus(), house.board.clone(), house.registry.clone(), house.info()).await.unwrap()
}

#[tokio::test]
async fn a_bundle_shows_how_the_robot_is_and_nothing_of_people() {
    let (bus, house, dir) = (PrivateBus::open(), House::new(), tempfile::tempdir().unwrap());
    let _control = up(&bus, &house).await;
    let call = house.ring();
    call.turn();
    house.left_a_message().await;
    let config = dir.path().join("switchhook.toml");
    std::fs::write(&config, CONFIG).unwrap();
    a_journal(dir.path());
    let path = dir.path().join("bundle.tar.gz");
    let told = ctl(&bus, &["support-bundle", path.to_str().unwrap(), "--json", "--config", config.to_str().unwrap()])
        .env("PATH", format!("{}:{}", dir.path().display(), std::env::var("PATH").unwrap()))
        .output()
        .await
        .unwrap();
    let told: Value = serde_json::from_str(&out(&told)).unwrap();
    assert_eq!(told["path"], path.to_str().unwrap());
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "it is its owner's alone");

    let files = opened(&path);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let expected = ["CONTENTS.txt", "machine.json", "configuration.toml", "doctor.json", "robot.json", "service.txt", "journal.jsonl"];
    assert_eq!(names, expected);
    let of = |name: &str| &files.iter().find(|(file, _)| file == name).unwrap().1;
    let robot: Value = serde_json::from_str(of("robot.json")).unwrap();
    assert_eq!(robot["status"]["calls"][0]["id"], call.id.simple().as_str());
    assert_eq!(robot["status"]["device"], "branch-1");
    let journal: Value = serde_json::from_str(of("journal.jsonl")).unwrap();
    assert_eq!(journal["EVENT"], "line-down");
    assert_eq!(journal["MESSAGE"], "the gateway sent [number] and [person 1] to sip:[who]@192.168.17.4");
    let configuration = of("configuration.toml");
    for kept in ["127.0.0.1:5060", "broker.example", "switchhook.toml:", "[people.[person 1]]", "\"[office]\""] {
        assert!(configuration.contains(kept), "{kept} is not in:\n{configuration}");
    }
    for (name, text) in &files {
        for hidden in [
            NUMBER,
            "442079460123",
            CALLER,
            HEARD,
            "Maria",
            "Appleyard",
            "wanda",
            "Wanda",
            "Quill",
            "lodger",
            "wq@",
            "canal-robot",
            "mellon",
        ] {
            assert!(!text.contains(hidden), "{hidden} is in {name}:\n{text}");
        }
    }
}

#[tokio::test]
async fn a_bundle_is_in_english_whatever_whoever_asks_for_it_reads() {
    let (bus, house, dir) = (PrivateBus::open(), House::new(), tempfile::tempdir().unwrap());
    let bundle = async |name: &str| {
        let path = dir.path().join(name);
        let arguments = ["support-bundle", path.to_str().unwrap(), "--config", "/nowhere/switchhook.toml"];
        let told = out(&ctl(&bus, &arguments).env("LC_ALL", "zh_TW.UTF-8").output().await.unwrap());
        assert!(told.contains("請"), "whoever asks is told in their language: {told}");
        opened(&path)
    };
    let stopped = bundle("stopped.tar.gz").await;
    let _control = up(&bus, &house).await;
    for (name, text) in stopped.into_iter().chain(bundle("running.tar.gz").await) {
        assert!(!text.chars().any(switchhook_models::text::script::is_han), "{name}:\n{text}");
    }
}

#[tokio::test]
async fn a_bundle_can_be_had_of_a_robot_that_does_not_run_and_writes_over_nothing() {
    let (bus, dir) = (PrivateBus::open(), tempfile::tempdir().unwrap());
    let path = dir.path().join("bundle.tar.gz");
    let arguments = ["support-bundle", path.to_str().unwrap(), "--config", "/nowhere/switchhook.toml"];
    assert!(out(&run(&bus, &arguments).await).contains("look through it before you send it"));
    let files = opened(&path);
    let robot = &files.iter().find(|(name, _)| name == "robot.json").unwrap().1;
    assert!(robot.contains("not running"), "{robot}");
    let before = std::fs::read(&path).unwrap();
    assert!(said_on_failure(&run(&bus, &arguments).await).contains("is there already"));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}
