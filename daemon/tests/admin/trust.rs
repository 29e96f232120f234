//! Brokers with TLS: whom the robot trusts.

use std::path::PathBuf;

use switchhook::config::{Mqtt, Secret, Trust};
use switchhook::telemetry::Broker;

use super::authority::{Authority, Papers};
use super::broker::{Broker as Mosquitto, Ear, Wire};
use super::house::House;
use super::telemetry::{any, config, offline, online, start};
use super::warnings::Warnings;

pub const HERE: &str = "127.0.0.1";

/// A file for the authority that the office trusts.
pub struct File {
    pub folder: tempfile::TempDir,
}

impl File {
    pub fn of(authority: &Authority) -> Self {
        let file = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::write(file.path(), authority.pem()).unwrap();
        file
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("broker-ca.pem")
    }

    /// A broker there that this file vouches for.
    fn vouches(&self, port: u16) -> Mqtt {
        Mqtt { trust: Some(Trust::Authority(self.path())), ..config(port) }
    }
}

#[tokio::test]
async fn what_the_device_tells_goes_to_a_broker_that_the_office_s_authority_vouches_for() {
    let (authority, house) = (Authority::new(), House::new());
    let (broker, open) = Mosquitto::with_papers(HERE, &authority.vouches_for(HERE, 30));
    let file = File::of(&authority);
    let mut ear = Ear::on(open).await;
    let side = start(&house, Mqtt { user: Some("robot".into()), ..file.vouches(broker.port) }, Some(Secret::new("s3cret")));
    ear.until("/state", online).await;
    let call = house.ring().end().call;
    ear.until(&format!("/calls/{call}"), any).await;
    side.close().await;
    ear.until("/state", offline).await;
}

#[tokio::test]
async fn a_broker_s_name_or_its_address_is_what_its_certificate_is_for() {
    let (authority, house) = (Authority::new(), House::new());
    let file = File::of(&authority);
    for (name, address) in [("localhost", HERE), ("::1", "::1")] {
        let (broker, open) = Mosquitto::with_papers(address, &authority.vouches_for(name, 30));
        let mut ear = Ear::on(open).await;
        let side = start(&house, Mqtt { host: name.into(), ..file.vouches(broker.port) }, None);
        ear.until("/state", online).await;
        side.close().await;
    }
}

/// Nothing came to this ear but what it said itself.
async fn hears_nothing(ear: &mut Ear, open: u16) {
    let mouth = rumqttc::v5::MqttOptions::new("mouth", HERE, open);
    let (client, mut events) = rumqttc::v5::AsyncClient::new(mouth, 1);
    client.try_publish("end", rumqttc::v5::mqttbytes::QoS::AtMostOnce, false, "true").unwrap();
    tokio::spawn(async move { while events.poll().await.is_ok() {} });
    let (_, before) = ear.until("end", any).await;
    assert!(before.is_empty(), "{before:?}");
}

#[tokio::test]
async fn who_is_not_trusted_is_told_nothing_and_the_journal_why_once() {
    let (ours, house) = (Authority::new(), House::new());
    let file = File::of(&ours);
    let papers: [(&str, Papers, &str); 4] = [
        ("a stranger's", Authority::of("a stranger", 30).vouches_for(HERE, 30), "unable to get local issuer certificate"),
        ("of an authority that was made anew", Authority::new().vouches_for(HERE, 30), "certificate signature failure"),
        ("for another name", ours.vouches_for("broker.elsewhere", 30), "IP address mismatch"),
        ("over", ours.vouches_for(HERE, -1), "certificate has expired"),
    ];
    for (which, papers, why) in papers {
        let (broker, open) = Mosquitto::with_papers(HERE, &papers);
        let mut ear = Ear::on(open).await;
        let mut wire = Wire::cut(&broker);
        wire.mend().await;
        let mut warnings = Warnings::of(format!("{HERE}:{}", wire.port));
        let side = start(&house, file.vouches(wire.port), Some(Secret::new("s3cret")));
        let warning = warnings.next().await;
        assert_eq!(warning.event, "mqtt-untrusted", "{which}: {warning:?}");
        assert!(warning.text.contains(why) && warning.text.contains("next in"), "{which}: {warning:?}");
        // It is tried again, and nothing new is said.
        wire.used(3).await;
        assert!(warnings.so_far().is_empty(), "{which}");
        hears_nothing(&mut ear, open).await;
        side.close().await;
    }
}

#[tokio::test]
async fn a_broker_without_tls_is_told_nothing_where_tls_is_asked_for() {
    let (broker, house) = (Mosquitto::start(), House::new());
    let mut ear = Ear::on(broker.port).await;
    let mut warnings = Warnings::of(format!("{HERE}:{}", broker.port));
    let _side = start(&house, Mqtt { trust: Some(Trust::Machine), ..config(broker.port) }, None);
    // It takes our greeting for a message that means nothing, and says nothing.
    assert!(["mqtt-untrusted", "mqtt-down"].contains(&warnings.next().await.event.as_str()));
    hears_nothing(&mut ear, broker.port).await;
}

#[tokio::test]
async fn a_new_file_of_the_authority_counts_at_the_next_connection() {
    let (authority, house) = (Authority::new(), House::new());
    let (broker, open) = Mosquitto::with_papers(HERE, &authority.vouches_for(HERE, 30));
    let file = File::of(&Authority::new());
    let mut ear = Ear::on(open).await;
    let mut warnings = Warnings::of(format!("{HERE}:{}", broker.port));
    let side = start(&house, file.vouches(broker.port), None);
    assert_eq!(warnings.next().await.event, "mqtt-untrusted");
    std::fs::write(file.path(), authority.pem()).unwrap();
    ear.until("/state", online).await;
    side.close().await;
    // Where there is no file, nobody is trusted; and then there is one.
    std::fs::remove_file(file.path()).unwrap();
    let side = start(&house, file.vouches(broker.port), None);
    let warning = warnings.next().await;
    assert!(warning.event == "mqtt-untrusted" && warning.text.contains("broker-ca.pem cannot be read"), "{warning:?}");
    std::fs::write(file.path(), authority.pem()).unwrap();
    ear.until("/state", online).await;
    side.close().await;
}

#[tokio::test]
async fn a_broker_that_is_to_be_spoken_to_with_tls_from_now_on_is_left_and_met_again() {
    let (authority, house) = (Authority::new(), House::new());
    let (broker, open) = Mosquitto::with_papers(HERE, &authority.vouches_for(HERE, 30));
    let file = File::of(&authority);
    let mut ear = Ear::on(open).await;
    let side = start(&house, config(open), None);
    let (first, _) = ear.until("/state", online).await;
    side.brokers.send_replace(Some(Broker { config: file.vouches(broker.port), password: None }));
    ear.until("/state", offline).await;
    let (second, _) = ear.until("/state", online).await;
    assert!(second["session"].as_u64() > first["session"].as_u64());
}
