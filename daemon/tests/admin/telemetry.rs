//! The device on MQTT.

use std::time::Duration;

use rumqttc::v5::MqttOptions;
use serde_json::{Value, json};
use switchhook::calls::State;
use switchhook::config::{HandOverText, Mqtt, Secret};
use switchhook::lines::{LineFault, LineStatus};
use switchhook::telemetry::{About, Broker, Health, Telemetry};
use tokio::sync::watch;

use super::broker::{Broker as Mosquitto, Ear, Heard, Wire, free_port};
use super::house::{CALLER, HEARD, House, NUMBER, SAID};

pub fn config(port: u16) -> Mqtt {
    Mqtt {
        host: "127.0.0.1".into(),
        port,
        trust: None,
        prefix: "office/phones".into(),
        user: None,
        credential: None,
        interval: Duration::from_secs(1),
    }
}

/// The fleet manager's side of a house, and where it is told which broker there is and what the device is.
pub struct Side {
    telemetry: Telemetry,
    pub brokers: watch::Sender<Option<Broker>>,
    abouts: watch::Sender<About>,
}

impl Side {
    fn begin(house: &House, broker: Option<Broker>) -> Self {
        let models = [("voice".to_owned(), "hibari".to_owned())].into();
        let abouts = watch::Sender::new(About { device: "branch-1".into(), version: "1.2.3".into(), models });
        let brokers = watch::Sender::new(broker);
        let health = || Health { uptime_s: 7, ready: true, rung: "full".into(), memory_rss_mib: Some(512.5), ..Health::default() };
        let (board, registry) = (house.board.clone(), house.registry.clone());
        let telemetry = Telemetry::start(brokers.subscribe(), abouts.subscribe(), board, registry, health);
        Self { telemetry, brokers, abouts }
    }

    pub async fn close(self) {
        self.telemetry.close().await;
    }
}

fn broker(port: u16) -> Option<Broker> {
    Some(Broker { config: config(port), password: None })
}

pub fn start(house: &House, config: Mqtt, password: Option<Secret>) -> Side {
    Side::begin(house, Some(Broker { config, password }))
}

pub fn online(state: &Value) -> bool {
    state["online"] == json!(true)
}

pub fn offline(state: &Value) -> bool {
    state["online"] == json!(false)
}

pub fn any(_: &Value) -> bool {
    true
}

#[tokio::test]
async fn a_device_that_comes_up_says_what_it_is_and_then_that_it_is_there() {
    let (broker, house) = (Mosquitto::start(), House::new());
    let mut ear = Ear::on(broker.port).await;
    let _telemetry = start(&house, config(broker.port), None);
    let (state, before) = ear.until("office/phones/v1/branch-1/state", online).await;
    let birth = before.iter().find(|heard| heard.topic == "office/phones/v1/branch-1/birth").expect("the birth comes first").json();
    assert_eq!(birth["session"], state["session"]);
    assert_eq!(birth["version"], "1.2.3");
    assert_eq!(birth["models"], json!({"voice": "hibari"}));
    assert_eq!(birth["lines"], json!([{"id": "front-gate", "kind": "sip"}, {"id": "desk", "kind": "handset"}]));
    assert!(before.iter().any(|heard| heard.topic.ends_with("/lines/desk")), "the lines come first");
}

#[tokio::test]
async fn who_comes_later_finds_state_birth_and_lines_retained() {
    let (broker, house) = (Mosquitto::start(), House::new());
    let mut first = Ear::on(broker.port).await;
    let _telemetry = start(&house, config(broker.port), None);
    first.until("/state", online).await;
    for (name, topic) in [("a", "/birth"), ("b", "/lines/desk"), ("c", "/lines/front-gate"), ("d", "/state")] {
        let mut later = Ear::with(MqttOptions::new(name, "127.0.0.1", broker.port)).await;
        later.until(topic, any).await;
    }
}

#[tokio::test]
async fn health_comes_at_each_interval_and_is_flat() {
    let (broker, house) = (Mosquitto::start(), House::new());
    let mut ear = Ear::on(broker.port).await;
    let _telemetry = start(&house, config(broker.port), None);
    house.sip.status.send_replace(LineStatus::Ready { address: "sip:100@pbx".into() });
    let (health, _) = ear.until("/health", |health| health["lines_ready"] == 1).await;
    assert_eq!(health["uptime_s"], 7);
    assert_eq!(health["memory_rss_mib"], 512.5);
    assert_eq!(health["telemetry_dropped"], 0);
    assert!(health.get("cpu_temperature_c").is_none(), "what is not known is left out");
    assert!(health.as_object().unwrap().values().all(|value| !value.is_object() && !value.is_array()), "{health}");
    ear.until("/health", any).await;
}

#[tokio::test]
async fn a_line_that_goes_down_is_told_with_its_fault_and_without_names() {
    let (broker, house) = (Mosquitto::start(), House::new());
    let mut ear = Ear::on(broker.port).await;
    let _telemetry = start(&house, config(broker.port), None);
    ear.until("/state", online).await;
    house.sip.status.send_replace(LineStatus::Down { fault: LineFault::Refused, reason: "the gateway refused the password".into() });
    let (line, _) = ear.until("/lines/front-gate", |line| line["status"] == "down").await;
    assert_eq!(line["fault"], "refused");
    assert_eq!(line.get("reason"), None, "a reason may name an account: {line}");
    assert_eq!(line["ready"], false);
}

#[tokio::test]
async fn an_ended_call_is_told_in_figures() {
    let (broker, house) = (Mosquitto::start(), House::new());
    let mut ear = Ear::on(broker.port).await;
    let _telemetry = start(&house, config(broker.port), None);
    ear.until("/state", online).await;
    let call = house.ring();
    let topic = format!("office/phones/v1/branch-1/calls/{}", call.id);
    call.end();
    let (figures, _) = ear.until(&topic, any).await;
    assert_eq!(figures["duration_s"], 12.345);
    assert_eq!(figures["voice_to_voice_p50_ms"], 400);
    assert_eq!(figures["outcome"], "goodbye");
    assert!(figures.as_object().unwrap().values().all(|value| !value.is_object() && !value.is_array()), "{figures}");
}

#[tokio::test]
async fn calls_that_end_without_a_broker_are_told_in_order_when_it_appears() {
    let (broker, house) = (Mosquitto::start(), House::new());
    let mut wire = Wire::cut(&broker);
    let mut ear = Ear::on(broker.port).await;
    let _telemetry = start(&house, config(wire.port), None);
    // More than fit into one window.
    let ended: Vec<String> = (0..40).map(|_| house.ring().end().call.to_string()).collect();
    wire.mend().await;
    for call in ended {
        let (_, before) = ear.until(&format!("/calls/{call}"), any).await;
        assert!(!before.iter().any(|heard| heard.topic.contains("/calls/")), "out of order: {before:?}");
    }
}

#[tokio::test]
async fn a_device_whose_wire_is_cut_is_offline_and_comes_back_with_a_later_session() {
    let (broker, house) = (Mosquitto::start(), House::new());
    let mut wire = Wire::cut(&broker);
    wire.mend().await;
    let mut ear = Ear::on(broker.port).await;
    let _telemetry = start(&house, config(wire.port), None);
    let (up, _) = ear.until("/state", online).await;
    wire.snap();
    let (down, _) = ear.until("/state", offline).await;
    assert_eq!(down["session"], up["session"], "the will is that of the session that was lost");
    let call = house.ring();
    let id = call.id;
    call.end();
    wire.mend().await;
    let (again, _) = ear.until("/state", online).await;
    assert!(again["session"].as_u64() > up["session"].as_u64());
    ear.until(&format!("/calls/{id}"), any).await;
}

#[tokio::test]
async fn a_broker_that_was_killed_finds_everything_told_anew() {
    let (port, house) = (free_port(), House::new());
    let broker = Mosquitto::start_on(port, "allow_anonymous true");
    let mut ear = Ear::on(port).await;
    let _telemetry = start(&house, config(port), None);
    ear.until("/state", online).await;
    drop(broker);
    let _broker = Mosquitto::start_on(port, "allow_anonymous true");
    let mut later = Ear::with(MqttOptions::new("later", "127.0.0.1", port)).await;
    later.until("/lines/desk", any).await;
    later.until("/state", online).await;
}

#[tokio::test]
async fn leaving_says_so_without_a_will() {
    let (broker, house) = (Mosquitto::start(), House::new());
    let mut ear = Ear::on(broker.port).await;
    let telemetry = start(&house, config(broker.port), None);
    let (up, _) = ear.until("/state", online).await;
    let call = house.ring();
    let id = call.id;
    call.end();
    telemetry.close().await;
    // The call that ended last is told before the device says that it goes.
    ear.until(&format!("/calls/{id}"), any).await;
    let (down, _) = ear.until("/state", offline).await;
    assert_eq!(down["session"], up["session"]);
}

#[tokio::test]
async fn leaving_without_a_broker_does_not_hang() {
    let house = House::new();
    let telemetry = start(&house, config(free_port()), None);
    house.ring().end();
    telemetry.close().await;
}

#[tokio::test]
async fn a_broker_that_asks_for_a_password_gets_it() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("passwords");
    let made = std::process::Command::new("mosquitto_passwd").arg("-b").arg("-c").arg(&file).args(["robot", "s3cret"]).output().unwrap();
    assert!(made.status.success());
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    std::fs::set_permissions(dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let broker = Mosquitto::start_on(free_port(), &format!("allow_anonymous false\npassword_file {}", file.display()));
    let house = House::new();
    let mut options = MqttOptions::new("ear", "127.0.0.1", broker.port);
    options.set_credentials("robot", "s3cret");
    let mut ear = Ear::with(options).await;
    let config = Mqtt { user: Some("robot".into()), ..config(broker.port) };
    let _telemetry = start(&house, config, Some(Secret::new("s3cret")));
    ear.until("/state", online).await;
}

#[tokio::test]
async fn what_a_broker_refuses_is_counted_as_lost() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("rules");
    let writable = ["state", "birth", "health", "lines/#"].map(|topic| format!("topic write office/phones/v1/branch-1/{topic}\n"));
    std::fs::write(&file, format!("topic read #\n{}", writable.concat())).unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    std::fs::set_permissions(dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let broker = Mosquitto::start_on(free_port(), &format!("allow_anonymous true\nacl_file {}", file.display()));
    let house = House::new();
    let mut ear = Ear::on(broker.port).await;
    let _telemetry = start(&house, config(broker.port), None);
    ear.until("/state", online).await;
    house.ring().end();
    let (health, before) = ear.until("/health", |health| health["telemetry_dropped"] == 1).await;
    assert_eq!(health["telemetry_waiting"], 0);
    assert!(!before.iter().any(|heard| heard.topic.contains("/calls/")), "{before:?}");
}

#[tokio::test]
async fn nothing_personal_leaves_the_device() {
    let (broker, house) = (Mosquitto::start(), House::new());
    let mut ear = Ear::on(broker.port).await;
    let telemetry = start(&house, config(broker.port), None);
    ear.until("/state", online).await;
    house.sip.status.send_replace(LineStatus::Ready { address: format!("sip:{NUMBER}@pbx.office") });
    let call = house.ring();
    call.go(State::Listening);
    call.turn();
    call.end();
    ear.until("/lines/front-gate", |line| line["ready"] == true).await;
    telemetry.close().await;
    let (_, all) = ear.until("/state", offline).await;
    assert!(all.iter().any(|heard| heard.topic.contains("/calls/")), "the call itself is told");
    let personal = [NUMBER, "2079460123", CALLER, "Appleyard", HEARD, SAID, "Quentin", "ninety"];
    let tells = |heard: &Heard| personal.iter().any(|secret| heard.payload.contains(secret) || heard.topic.contains(secret));
    assert!(!all.iter().any(tells), "{all:?}");
}

#[tokio::test]
async fn what_a_colleague_is_told_is_published_only_where_the_office_allows_it() {
    let (broker, house) = (Mosquitto::start(), House::new());
    let mut ear = Ear::on(broker.port).await;
    let telemetry = start(&house, config(broker.port), None);
    ear.until("/state", online).await;
    let call = house.ring();
    call.is_handed_over(HandOverText { bus: true, mqtt: false });
    call.is_handed_over(HandOverText { bus: false, mqtt: true });
    let topic = format!("/handover/{}", call.id);
    let (told, before) = ear.until(&topic, |_| true).await;
    assert_eq!((told["person"].as_str(), told["summary"].as_str()), (Some("desk"), Some(HEARD)));
    assert!(!before.iter().any(|heard| heard.topic.contains("/handover/")), "{before:?}");
    call.end();
    telemetry.close().await;
    let (_, after) = ear.until("/state", offline).await;
    assert!(!after.iter().any(|heard| heard.topic.contains("/handover/")), "it was told once");
}

/// Whose figures were told there, in this order.
fn calls(heard: &[Heard]) -> Vec<&str> {
    heard.iter().filter(|heard| heard.topic.contains("/calls/")).filter_map(|heard| heard.topic.rsplit('/').next()).collect()
}

#[tokio::test]
async fn a_device_that_is_given_another_broker_leaves_the_first_in_order_and_tells_the_other_what_it_owes() {
    let (first, second, house) = (Mosquitto::start(), Mosquitto::start(), House::new());
    let mut wire = Wire::cut(&second);
    let (mut here, mut there) = (Ear::on(first.port).await, Ear::on(second.port).await);
    let side = Side::begin(&house, broker(first.port));
    let (up, _) = here.until("/state", online).await;
    let told = house.ring().end().call.to_string();
    here.until(&format!("/calls/{told}"), any).await;
    // The other cannot be reached yet, and has other topics.
    let moved = Mqtt { prefix: "elsewhere".into(), ..config(wire.port) };
    side.brokers.send_replace(Some(Broker { config: moved, password: None }));
    let (down, after) = here.until("/state", offline).await;
    assert_eq!((&down["session"], calls(&after).len()), (&up["session"], 0));
    let owed: Vec<String> = (0..40).map(|_| house.ring().end().call.to_string()).collect();
    wire.mend().await;
    let last = owed.last().unwrap();
    let (_, mut before) = there.until(&format!("elsewhere/v1/branch-1/calls/{last}"), any).await;
    before.retain(|heard| !heard.topic.ends_with(last));
    assert_eq!(calls(&before), &owed[..39], "each once, and in order");
    side.close().await;
    let (_, left) = there.until("/state", offline).await;
    assert!(calls(&left).is_empty(), "{left:?}");
}

#[tokio::test]
async fn figures_that_the_first_broker_never_had_are_told_to_the_next() {
    let (second, house) = (Mosquitto::start(), House::new());
    let mut there = Ear::on(second.port).await;
    let side = Side::begin(&house, broker(free_port()));
    let owed: Vec<String> = (0..3).map(|_| house.ring().end().call.to_string()).collect();
    side.brokers.send_replace(broker(second.port));
    for call in &owed {
        let (_, before) = there.until(&format!("/calls/{call}"), any).await;
        assert!(calls(&before).is_empty(), "{before:?}");
    }
}

#[tokio::test]
async fn a_broker_can_come_and_go() {
    let (mosquitto, house) = (Mosquitto::start(), House::new());
    let mut ear = Ear::on(mosquitto.port).await;
    let side = Side::begin(&house, None);
    house.ring().end();
    side.brokers.send_replace(broker(mosquitto.port));
    ear.until("/state", online).await;
    let told = house.ring().end().call.to_string();
    let (_, before) = ear.until(&format!("/calls/{told}"), any).await;
    assert!(calls(&before).len() <= 1, "nobody was owed more than what ended just then: {before:?}");
    side.brokers.send_replace(None);
    ear.until("/state", offline).await;
    side.close().await;
}

#[tokio::test]
async fn a_device_that_has_other_models_says_so_without_leaving() {
    let (mosquitto, house) = (Mosquitto::start(), House::new());
    let mut ear = Ear::on(mosquitto.port).await;
    let side = Side::begin(&house, broker(mosquitto.port));
    let (up, _) = ear.until("/state", online).await;
    side.abouts.send_modify(|about| about.models = [("voice".to_owned(), "kokoro-82m".to_owned())].into());
    let (birth, before) = ear.until("/birth", |birth| birth["models"]["voice"] == "kokoro-82m").await;
    assert_eq!(birth["session"], up["session"]);
    assert!(before.iter().all(|heard| !heard.topic.ends_with("/state") || online(&heard.json())), "{before:?}");
}
