//! What the package ships beside the binaries.

use std::path::{Path, PathBuf};
use std::process::Command;

use switchhook::control::api;
use switchhook::control::rights::Role;

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
}

#[test]
fn whatever_systemd_the_bus_and_polkit_need_is_installed() {
    let debian = |file: &str| std::fs::read_to_string(root().join("debian").join(file)).unwrap();
    let installed = format!("{}{}{}", debian("rules"), debian("switchhook.install"), debian("switchhook-ctl.install"));
    for file in std::fs::read_dir(root().join("systemd")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(installed.contains(&format!("systemd/{name}")), "{name} is in no package");
    }
    assert!(installed.contains("daemon/dbus/*.xml usr/share/dbus-1/interfaces"));
}

#[test]
fn every_role_has_its_group() {
    let groups = std::fs::read_to_string(root().join("systemd/switchhook.sysusers")).unwrap();
    for role in Role::ALL {
        assert!(groups.lines().any(|line| line == format!("g {} -", role.group())), "{role:?}");
    }
}

/// What `apparmor_parser` does with it is tried where it is installed: the package's own tools bring it.
#[test]
fn the_profile_of_apparmor_is_sound() {
    let profile = root().join("systemd/usr.bin.switchhookd");
    let parsed = Command::new("apparmor_parser").args(["--skip-kernel-load", "--skip-cache", "--skip-read-cache"]).arg(&profile).output();
    let parsed = parsed.expect("apparmor_parser is needed: apt-get install apparmor");
    assert!(parsed.status.success(), "{}", String::from_utf8_lossy(&parsed.stderr));
}

#[test]
fn the_packages_of_models_bring_what_fetching_needs() {
    let control = std::fs::read_to_string(root().join("debian/control")).unwrap();
    for package in ["switchhook-models-en", "switchhook-models-zh"] {
        let (_, stanza) = control.split_once(&format!("Package: {package}\n")).unwrap();
        let (stanza, _) = stanza.split_once("\nDescription:").unwrap();
        for needed in ["curl", "npm", "python3-pip"] {
            assert!(stanza.contains(&format!("\n {needed},")), "{package} does not depend on {needed}");
        }
    }
}
