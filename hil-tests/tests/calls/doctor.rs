//! `switchhookctl doctor`, on a robot that is well and on one that is not.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;
use switchhook_hil::bench::{House, Place, Settings, binary, free_port};
use tokio::process::Command;

use super::{open, plain};

/// Whether nothing is wrong, and what was found.
async fn examined(place: &Place, house: &House) -> (bool, Vec<Value>) {
    let mut doctor = Command::new(binary("switchhookctl").unwrap());
    doctor.args(["--bus", house.bus_address(), "--json", "doctor", "--config"]).arg(place.join("switchhook.toml"));
    let output = doctor.arg("--credentials").arg(place.join("credentials")).output().await.unwrap();
    let told = serde_json::from_slice(&output.stdout);
    assert!(told.is_ok(), "{output:?}");
    (output.status.success(), told.unwrap())
}

/// Of each thing of this kind, how it stands.
fn verdicts<'a>(found: &'a [Value], part: &str) -> Vec<&'a str> {
    found.iter().filter(|finding| finding["part"] == part).filter_map(|finding| finding["verdict"].as_str()).collect()
}

fn lock(place: &Place) {
    std::fs::set_permissions(place.join("credentials/records-key"), Permissions::from_mode(0o600)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_robot_that_is_well_nothing_is_wrong() {
    let (place, house) = open(&plain()).await;
    lock(&place);
    let (well, found) = examined(&place, &house).await;
    assert!(well, "{found:#?}");
    for part in ["configuration", "scenario", "secret", "robot", "version", "line"] {
        assert_eq!(verdicts(&found, part), ["good"], "{part}: {found:#?}");
    }
    assert!(verdicts(&found, "model").iter().all(|verdict| *verdict == "good") && verdicts(&found, "model").len() >= 4);
    assert_eq!(verdicts(&found, "people"), ["doubtful"], "nobody can be called: {found:#?}");
    assert_eq!(verdicts(&found, "service"), ["unknown"], "there is no systemd on a bus of its own");
    assert!(found.iter().all(|finding| finding["verdict"] == "good" || finding["remedy"].is_string()), "{found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_not_there_and_a_secret_that_all_can_read_are_wrong() {
    let settings = Settings { broker: Some(free_port().unwrap()), ..plain() };
    let (place, house) = open(&settings).await;
    let (well, found) = examined(&place, &house).await;
    assert!(!well, "{found:#?}");
    assert_eq!((verdicts(&found, "broker"), verdicts(&found, "secret")), (vec!["wrong"], vec!["wrong"]), "{found:#?}");
    assert_eq!(verdicts(&found, "robot"), ["good"], "calls are answered all the same");
    let secret = found.iter().find(|finding| finding["part"] == "secret").unwrap();
    assert!(secret["remedy"].as_str().unwrap().starts_with("chmod 600 "), "{secret}");
}
