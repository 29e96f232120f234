//! What `switchhookctl doctor` tells of a broker's certificate.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::authority::{Authority, Papers};
use super::broker::{Broker as Mosquitto, Ear};
use super::trust::{File, HERE};

/// What `doctor` says of this broker's certificate, which the machine's authorities are those in `machine` for.
fn doctor(at: &Path, broker: &str, machine: &Path) -> Vec<Value> {
    let path = at.join("switchhook.toml");
    std::fs::write(&path, format!("[device]\nname = \"t\"\n[office]\nname = \"our office\"\n[mqtt]\n{broker}\n")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_switchhookctl"))
        .args(["doctor", "--json", "--config"])
        .arg(&path)
        .arg("--credentials")
        .arg(at)
        .env("SWITCHHOOK_BUS", "unix:path=/nowhere")
        .env("SSL_CERT_FILE", machine)
        .output()
        .unwrap();
    let findings: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    findings.into_iter().filter(|finding| finding["part"] == "certificate").collect()
}

/// Its verdict on a broker with these papers, what it saw, and what is to be done.
async fn verdict(file: &File, papers: &Papers) -> (String, String, String) {
    let (broker, open) = Mosquitto::with_papers(HERE, papers);
    let _up = Ear::on(open).await;
    let keys = format!("host = \"{HERE}\"\nport = {}\ntls = true\nca = \"broker-ca.pem\"", broker.port);
    let findings = doctor(file.folder.path(), &keys, Path::new("/nowhere"));
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    let said = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    (said("verdict"), said("seen"), said("remedy"))
}

fn day(days: i64) -> String {
    let at = jiff::Timestamp::from_second(jiff::Timestamp::now().as_second() + days * 86_400).unwrap();
    at.strftime("%Y-%m-%d").to_string()
}

#[tokio::test]
async fn the_doctor_knows_until_when_a_broker_is_trusted_and_why_another_is_not() {
    let authority = Authority::new();
    let file = File::of(&authority);
    let (good, seen, remedy) = verdict(&file, &authority.vouches_for(HERE, 90)).await;
    assert!(good == "good" && seen.contains(&day(90)) && remedy.is_empty(), "{good} {seen} {remedy}");
    let (doubtful, seen, remedy) = verdict(&file, &authority.vouches_for(HERE, 10)).await;
    assert!(doubtful == "doubtful" && seen.contains(&day(10)) && remedy.contains("renewed"), "{doubtful} {seen} {remedy}");
    let (wrong, seen, _) = verdict(&file, &authority.vouches_for(HERE, -2)).await;
    assert!(wrong == "wrong" && seen.contains(&format!("ended on {}", day(-2))), "{wrong} {seen}");
    let (wrong, seen, remedy) = verdict(&file, &authority.vouches_for("broker.elsewhere", 90)).await;
    assert!(wrong == "wrong" && seen.contains("for broker.elsewhere") && remedy.contains("mqtt.host"), "{wrong} {seen} {remedy}");
    let (wrong, seen, remedy) = verdict(&file, &Authority::new().vouches_for(HERE, 90)).await;
    assert!(
        wrong == "wrong" && seen.contains("nobody whom the robot trusts") && remedy.contains("broker-ca.pem"),
        "{wrong} {seen} {remedy}"
    );
}

#[tokio::test]
async fn the_doctor_knows_that_an_authority_ends_before_what_it_made() {
    let authority = Authority::of("ours", 5);
    let (doubtful, seen, remedy) = verdict(&File::of(&authority), &authority.vouches_for(HERE, 90)).await;
    assert!(doubtful == "doubtful" && seen.contains(&day(5)) && remedy.contains("mqtt.ca"), "{doubtful} {seen} {remedy}");
    let authority = Authority::of("ours", -5);
    let (wrong, seen, remedy) = verdict(&File::of(&authority), &authority.vouches_for(HERE, 90)).await;
    assert!(wrong == "wrong" && seen.contains(&day(-5)) && remedy.contains("mqtt.ca"), "{wrong} {seen} {remedy}");
}

#[tokio::test]
async fn the_doctor_trusts_whom_the_machine_trusts_where_no_other_is_named() {
    let authority = Authority::new();
    let (broker, open) = Mosquitto::with_papers(HERE, &authority.vouches_for("localhost", 90));
    let _up = Ear::on(open).await;
    let file = File::of(&authority);
    let look = |port: u16, machine: &Path| {
        let findings = doctor(file.folder.path(), &format!("host = \"localhost\"\nport = {port}\ntls = true"), machine);
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        finding.clone()
    };
    assert_eq!(look(broker.port, &file.path())["verdict"], "good");
    let unknown = look(broker.port, Path::new("/nowhere"));
    assert!(unknown["verdict"] == "wrong" && unknown["remedy"].as_str().unwrap().contains("`mqtt.ca`"), "{unknown}");
    let open = look(open, &file.path());
    assert!(open["verdict"] == "wrong" && open["remedy"].as_str().unwrap().contains("8883"), "{open}");
    assert!(
        doctor(file.folder.path(), &format!("host = \"localhost\"\nport = {}", broker.port), &file.path()).is_empty(),
        "no TLS is asked for"
    );
}

#[tokio::test]
async fn the_doctor_sees_what_the_robot_may_not_be_able_to_read() {
    let authority = Authority::new();
    let (broker, open) = Mosquitto::with_papers(HERE, &authority.vouches_for(HERE, 90));
    let _up = Ear::on(open).await;
    let file = File::of(&authority);
    let keys = format!("host = \"{HERE}\"\nport = {}\ntls = true\nca = \"broker-ca.pem\"", broker.port);
    std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o600)).unwrap();
    let closed = &doctor(file.folder.path(), &keys, Path::new("/nowhere"))[0];
    assert!(closed["verdict"] == "doubtful" && closed["remedy"].as_str().unwrap().starts_with("chmod 644 "), "{closed}");
    std::fs::remove_file(file.path()).unwrap();
    let absent = &doctor(file.folder.path(), &keys, Path::new("/nowhere"))[0];
    assert!(absent["verdict"] == "wrong" && absent["remedy"].as_str().unwrap().contains("`mqtt.ca`"), "{absent}");
}
