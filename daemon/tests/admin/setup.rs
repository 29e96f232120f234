//! `switchhookctl setup`: a first configuration answered by a script, and by somebody who types.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use switchhook::config::{Kind, load};

use super::house::reception;

const SHIPPED: &str = include_str!("../../../debian/switchhook.toml");

/// A machine on which nothing but the shipped configuration is.
pub fn machine() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("switchhook.toml"), SHIPPED).unwrap();
    dir
}

/// Run it there; `typed` is what comes from standard input.
pub fn setup(at: &Path, arguments: &[&str], typed: &str) -> Output {
    setup_in("C", at, arguments, typed)
}

/// The same in this locale.
pub fn setup_in(locale: &str, at: &Path, arguments: &[&str], typed: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchhookctl"));
    command.arg("setup").arg("--config").arg(at.join("switchhook.toml")).arg("--credentials").arg(at.join("credentials"));
    command.arg("--drop-ins").arg(at.join("drop-ins")).args(arguments).env("LC_ALL", locale);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It may have gone before it has read all.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    child.wait_with_output().unwrap()
}

fn answers(more: &str) -> String {
    format!("office = \"Northgate Branch\"\nscenario = {:?}\n{more}\n", reception().display().to_string())
}

const REGISTER: &str =
    "line = \"register\"\nregistrar = \"sip:pbx.office\"\nuser = \"robot\"\npassword = \"hunter2\"\naddress = \"sip:100@pbx.office\"";

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_script_answers_and_the_configuration_is_whole_sound_and_without_secrets() {
    let at = machine();
    let output = setup(at.path(), &["--answers", "-", "--json"], &answers(REGISTER));
    assert!(output.status.success(), "{}", told(&output));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&json["done"], json["written"].as_array().map(Vec::len)), (&Value::from(true), Some(4)), "{json}");
    let config = load(&at.path().join("switchhook.toml")).unwrap();
    assert_eq!(config.office.name, "Northgate Branch");
    let Kind::Sip(sip) = &config.lines[0].kind else { panic!("{:?}", config.lines) };
    assert_eq!(sip.register.as_ref().unwrap().registrar, "sip:pbx.office");
    assert_eq!(config.people["front-desk"].address.as_deref(), Some("sip:100@pbx.office"));
    let (secret, key) = (at.path().join("credentials/sip-password"), at.path().join("credentials/records-key"));
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), "hunter2");
    assert_eq!((mode(&secret), mode(&key), mode(&at.path().join("credentials"))), (0o600, 0o600, 0o700));
    assert_eq!(std::fs::read_to_string(&key).unwrap().len(), 64);
    assert!(!std::fs::read_to_string(at.path().join("conf.d/10-setup.toml")).unwrap().contains("hunter2"));
    let drop_in = std::fs::read_to_string(at.path().join("drop-ins/10-setup.conf")).unwrap();
    assert!(drop_in.contains(&format!("LoadCredential=sip-password:{}", secret.display())), "{drop_in}");
    assert_eq!(std::fs::read_to_string(at.path().join("switchhook.toml")).unwrap(), SHIPPED, "what an admin wrote is not touched");
}

#[test]
fn what_is_there_is_not_replaced_unless_somebody_says_so_and_the_key_of_the_records_never_is() {
    let at = machine();
    assert!(setup(at.path(), &["--answers", "-"], &answers("line = \"peer\"")).status.success());
    let key = std::fs::read(at.path().join("credentials/records-key")).unwrap();
    let same = setup(at.path(), &["--answers", "-"], "");
    assert!(same.status.success() && told(&same).contains("nothing had to be written"), "what is configured is usual: {}", told(&same));
    let other = answers("line = \"handset\"\ndevice = \"plughw:CARD=Handset\"");
    let refused = setup(at.path(), &["--answers", "-"], &other);
    assert!(!refused.status.success() && told(&refused).contains("--replace"), "{}", told(&refused));
    assert!(matches!(load(&at.path().join("switchhook.toml")).unwrap().lines[0].kind, Kind::Sip(_)));
    assert!(setup(at.path(), &["--answers", "-", "--replace"], &other).status.success());
    assert!(matches!(load(&at.path().join("switchhook.toml")).unwrap().lines[0].kind, Kind::Handset(_)));
    assert_eq!(std::fs::read(at.path().join("credentials/records-key")).unwrap(), key);
}

#[test]
fn answers_that_cannot_be_are_refused_with_the_reason_and_nothing_is_written() {
    let at = machine();
    for (text, reason) in [
        ("line = \"peer\"".to_owned(), "office:"),
        (answers(""), "line:"),
        (answers("line = \"modem\""), "line 3:"),
        (answers("line = \"peer\"\npeers = [\"everybody\"]"), "conf.d/10-setup.toml"),
        (answers("line = \"peer\"\naddress = \"100\""), "people.front-desk.address"),
        (answers("line = \"peer\"").replace("reception", "nowhere"), "nowhere"),
        (answers(REGISTER).replace("\"hunter2\"", "hunter2"), "line 6:"),
    ] {
        let output = setup(at.path(), &["--answers", "-"], &text);
        assert!(!output.status.success() && told(&output).contains(reason), "{reason}: {}", told(&output));
        assert!(!told(&output).contains("hunter2"));
        assert_eq!(std::fs::read_dir(at.path()).unwrap().count(), 1, "{reason}");
    }
}

#[test]
fn whoever_types_is_asked_again_for_what_cannot_be_and_is_asked_before_anything_is_written() {
    let at = machine();
    let scenario = reception().display().to_string();
    let said = [
        "latin",
        "en",
        "",
        "Northgate Branch",
        "/nowhere",
        &scenario,
        "",
        "peer",
        "everybody",
        "192.0.2.1",
        "",
        "100",
        "sip:100@pbx.office",
    ];
    let typed = |last: &str| format!("{}\n{last}\n", said.join("\n"));
    let declined = setup(at.path(), &[], &typed("no"));
    assert!(declined.status.success() && told(&declined).ends_with("nothing was written\n"), "{}", told(&declined));
    assert_eq!(std::fs::read_dir(at.path()).unwrap().count(), 1);
    let gone = setup(at.path(), &[], "en\n");
    assert!(!gone.status.success() && told(&gone).contains("nobody answers any more"), "{}", told(&gone));
    let done = setup(at.path(), &[], &typed("yes\nno\nno"));
    assert!(done.status.success() && told(&done).contains("the configuration is sound"), "{}", told(&done));
    assert!(told(&done).contains("MB on the disk"), "what the models need is told: {}", told(&done));
    let config = load(&at.path().join("switchhook.toml")).unwrap();
    assert_eq!((config.office.name.as_str(), config.lines.len()), ("Northgate Branch", 1));
}

#[test]
fn the_schema_of_answers_has_every_question() {
    let output = Command::new(env!("CARGO_BIN_EXE_switchhookctl")).args(["setup", "--schema"]).output().unwrap();
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    let names: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    let help = Command::new(env!("CARGO_BIN_EXE_switchhookctl")).args(["setup", "--help"]).env("LC_ALL", "C").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(names.len() == 16 && names.iter().all(|name| help.contains(&format!("  {name} = "))), "{names:?}: {help}");
}
