//! What the package ships beside the binaries.

use std::path::{Path, PathBuf};
use std::process::Command;

use switchhook::control::api;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn the_shipped_configuration_is_valid() {
    let text = std::fs::read_to_string(root().join("debian/switchhook.toml")).unwrap();
    let config = switchhook::config::parse(&text, Path::new("/etc/switchhook/switchhook.toml")).unwrap();
    assert!(config.lines.is_empty() && config.mqtt.is_none(), "nothing is offered before the office has written it down");
}

#[test]
fn the_unit_exposes_little() {
    let unit = root().join("systemd/switchhook.service");
    let rated = Command::new("systemd-analyze").args(["security", "--offline=yes", "--threshold=15"]).arg(&unit).output();
    let rated = rated.expect("systemd-analyze is needed: apt-get install systemd");
    // The threshold is ten times the exposure; the command fails above it.
    assert!(rated.status.success(), "{}", String::from_utf8_lossy(&rated.stdout));
}

#[test]
fn whoever_asks_on_the_bus_has_the_shipped_unit_started() {
    let shipped = std::fs::read_to_string(root().join("systemd/org.switchhook.Switchhook1.service")).unwrap();
    let value = |key: &str| shipped.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).unwrap();
    assert_eq!(value("Name"), api::BUS_NAME);
    let unit = std::fs::read_to_string(root().join("systemd").join(value("SystemdService"))).unwrap();
    assert!(unit.lines().any(|line| line == format!("User={}", value("User"))), "the bus and systemd agree on whose it is");
    let rules = std::fs::read_to_string(root().join("debian/rules")).unwrap();
    for (place, file) in [("system-services", "systemd/org.switchhook.Switchhook1.service"), ("interfaces", "daemon/dbus/*.xml")] {
        assert!(rules.contains(&format!("$(ROOT)/usr/share/dbus-1/{place} {file}")), "{file} is not installed");
    }
}

#[test]
fn the_package_brings_what_fetching_models_needs() {
    let control = std::fs::read_to_string(root().join("debian/control")).unwrap();
    let recommended = control.lines().find_map(|line| line.strip_prefix("Recommends:")).unwrap();
    for needed in ["alsa-utils", "curl", "python3-pip"] {
        assert!(recommended.split(',').any(|package| package.trim() == needed), "{needed} is not in {recommended}");
    }
}
