//! `switchhookd --check`: what is wrong with a configuration, and what may not be meant.

use std::path::Path;
use std::process::{Command, Output};

const RECEPTION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/reception");

fn check(at: &Path, people: &str) -> Output {
    let path = at.join("switchhook.toml");
    let text = format!("[device]\nname = \"t\"\n[office]\nname = \"our office\"\n[calls]\nscenario = \"{RECEPTION}\"\n{people}");
    std::fs::write(&path, text).unwrap();
    Command::new(env!("CARGO_BIN_EXE_switchhookd")).arg("--check").arg("--config").arg(&path).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn that_nobody_can_be_called_is_noted_and_no_mistake() {
    let at = tempfile::tempdir().unwrap();
    for people in ["", "[people.front-desk]\nspoken = \"the front desk\"\n"] {
        let output = check(at.path(), people);
        assert!(output.status.success(), "{}", told(&output));
        assert!(told(&output).contains("note: scenario reception hands over to `front-desk`, who has no address"), "{}", told(&output));
    }
    let reached = check(at.path(), "[people.front-desk]\nspoken = \"the front desk\"\naddress = \"sip:100@pbx.office\"\n");
    assert!(reached.status.success() && told(&reached).is_empty(), "{}", told(&reached));
}

#[test]
fn a_password_that_a_network_can_read_and_an_authority_that_nobody_can_are_noted() {
    let at = tempfile::tempdir().unwrap();
    let broker = |keys: &str| {
        let reached = "[people.front-desk]\nspoken = \"the front desk\"\naddress = \"sip:100@pbx.office\"\n";
        let output = check(at.path(), &format!("{reached}[mqtt]\nhost = \"broker.office\"\ncredential = \"mqtt-password\"\n{keys}"));
        assert!(output.status.success(), "{}", told(&output));
        told(&output)
    };
    let open = broker("");
    assert!(open.starts_with("switchhookd: note: mqtt.credential: the password goes to broker.office as it is"), "{open}");
    assert_eq!(open.lines().count(), 1, "{open}");
    assert_eq!(broker("tls = true\n"), "");
    let absent = broker("tls = true\nca = \"ca.pem\"\n");
    assert!(absent.starts_with(&format!("switchhookd: note: {}/ca.pem cannot be read: ", at.path().display())), "{absent}");
    assert_eq!(absent.lines().count(), 1, "{absent}");
    std::fs::write(at.path().join("ca.pem"), super::authority::Authority::new().pem()).unwrap();
    assert_eq!(broker("tls = true\nca = \"ca.pem\"\n"), "");
}

#[test]
fn what_is_wrong_fails_with_its_file_and_line() {
    let at = tempfile::tempdir().unwrap();
    let output = check(at.path(), "[people.front-desk]\nspokem = \"the front desk\"\n");
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("switchhook.toml:8: unknown key `spokem` in [people.front-desk]"), "{}", told(&output));
    std::fs::create_dir(at.path().join("conf.d")).unwrap();
    std::fs::write(at.path().join("conf.d/10-calls.toml"), "[calls]\nat_once = 99\n").unwrap();
    let output = check(at.path(), "");
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("conf.d/10-calls.toml:2: calls.at_once = 99"), "{}", told(&output));
}
