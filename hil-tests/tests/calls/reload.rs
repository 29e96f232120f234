//! The configuration is read anew under calls: those that are on lose nothing, and what they were held in goes when they are over.

use std::net::UdpSocket;
use std::time::Duration;

use serde_json::Value;
use switchhook::control::api::{JobProxy, LineProxy, ManagerProxy, line_path};
use switchhook_hil::bench::{Broker, House, Place, Settings, Visit, binary, free_port, until};
use switchhook_hil::caller::End;
use switchhook_models::Language;
use tokio::process::Command;

use super::talk::records;
use super::{SOON, open, plain, words};

/// So many times it is read anew.
const TIMES: u64 = 100;
/// What a voice always says is spoken by then, on a slow machine and for the first time.
const SPOKEN: Duration = Duration::from_secs(1_200);

async fn manager(house: &House) -> ManagerProxy<'static> {
    let manager = ManagerProxy::builder(house.connection()).cache_properties(zbus::proxy::CacheProperties::No);
    manager.build().await.unwrap()
}

/// Have it read anew, and wait until it is in force; its generation, and what changed.
async fn read_anew(house: &House) -> (u64, Vec<String>) {
    let path = manager(house).await.reload_configuration().await.unwrap();
    let job = JobProxy::builder(house.connection()).path(path).cache_properties(zbus::proxy::CacheProperties::No).build().await.unwrap();
    let over = async || job.state().await.ok().filter(|state| state != "running");
    let state = until("it is read anew", SPOKEN, over).await.unwrap();
    assert_eq!(state, "done", "{}", job.message().await.unwrap());
    let mut result = job.result().await.unwrap();
    (result.remove("generation").unwrap().try_into().unwrap(), result.remove("changed").unwrap().try_into().unwrap())
}

/// Whether it was done, and what was told.
async fn reload(house: &House) -> (bool, String) {
    let mut ctl = Command::new(binary("switchhookctl").unwrap());
    let told = ctl.args(["--bus", house.bus_address(), "--json", "config", "reload"]).output().await.unwrap();
    let words = if told.status.success() { told.stdout } else { told.stderr };
    (told.status.success(), String::from_utf8(words).unwrap())
}

fn written(place: &Place) -> String {
    std::fs::read_to_string(place.join("switchhook.toml")).unwrap()
}

fn sip(id: &str, port: u16) -> String {
    format!("\n[[line]]\nkind = \"sip\"\nid = \"{id}\"\nlisten = \"127.0.0.1:{port}\"\n")
}

async fn calls_are(house: &House, wanted: usize) {
    let what = format!("{wanted} calls are there");
    until(&what, SOON, async || house.calls().await.is_ok_and(|calls| calls == wanted).then_some(())).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_that_is_read_anew_a_hundred_times_under_calls_drops_nothing() {
    let (place, mut house) = open(&Settings { at_once: 3, ..plain() }).await;
    let first = written(&place);
    // Everybody hears another office, one more person gets messages, the line has other codecs and patience, and another line comes and goes.
    let other =
        first.replace("the Station Road office", "the Harbour office").replace("media_timeout_seconds = 10", "media_timeout_seconds = 12");
    let other = format!(
        "{}\n[people.anna]\nspoken = \"Anna\"\n{}",
        other.replace("kind = \"sip\"", "kind = \"sip\"\ncodecs = [\"pcmu\", \"pcma\"]"),
        sip("hall", free_port().unwrap())
    );
    let long = || Visit::saying(&["02-af_sarah", "03-bm_george", "23-am_fenrir"]);
    let renewing = async {
        calls_are(&house, 2).await;
        for time in 1..=TIMES {
            place.write("switchhook.toml", if time % 2 == 1 { &other } else { &first }).unwrap();
            let (generation, changed) = read_anew(&house).await;
            assert_eq!(generation, time + 1);
            let told = ["line.hall", "line.office.codecs", "line.office.media_timeout_seconds", "office.name", "people.anna"];
            assert_eq!(changed, told);
        }
    };
    // Whoever calls in the midst of it is held in the configuration of that moment.
    let late = async {
        let manager = manager(&house).await;
        until("half of it is done", 10 * SOON, async || manager.generation().await.is_ok_and(|now| now > TIMES / 2).then_some(()))
            .await
            .unwrap();
        house.call(long()).await.unwrap()
    };
    let (one, two, three, ()) = tokio::join!(house.call(long()), house.call(long()), late, renewing);
    for call in [one.unwrap(), two.unwrap(), three] {
        assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
        assert_eq!(call.report.packets_received, call.report.packets_sent_by_them, "{:?}", call.report);
        let heard = words(&call);
        assert!(heard.contains("saturday") && heard.contains("station road"), "{heard}");
    }
    // All generations but the last are gone, each once its last call was over.
    let gone = |journal: &str| (journal.matches("event=generation-over").count() as u64 == TIMES).then_some(());
    house.process.says("the generations before are gone", SOON, gone).await.unwrap();
    let records = records(&mut house).await;
    let mut held: Vec<_> = records.calls(10).await.unwrap().into_iter().filter_map(|call| Some(call.record.generation?.get())).collect();
    held.sort_unstable();
    assert!(held[..2] == [1, 1] && (TIMES / 2 + 1..=TIMES + 1).contains(&held[2]), "{held:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_that_cannot_be_in_force_changes_nothing_and_says_what_to_do() {
    let (place, house) = open(&plain()).await;
    let sound = written(&place);
    let line = sound.lines().count() + 1;
    let taken = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let registered =
        format!("{}register = {{ registrar = \"sip:127.0.0.1\", user = \"robot\", credential = \"not-there\" }}\n", sip("hall", 0));
    let scenario = sound.lines().find(|line| line.starts_with("scenario = ")).unwrap();
    for (text, told) in [
        (format!("{sound}nonsense"), format!("switchhook.toml:{line}:")),
        (format!("{sound}\n[people.desk]\nspoken = \"\"\n"), "people.desk.spoken".to_owned()),
        (sound.replace(scenario, "scenario = \"nowhere\""), "nowhere".to_owned()),
        (format!("{sound}{}", sip("hall", port)), format!("127.0.0.1:{port}")),
        (format!("{sound}{registered}"), "LoadCredential=not-there".to_owned()),
        (format!("{sound}\n[mqtt]\nhost = \"127.0.0.1\"\ncredential = \"not-there\"\n"), "LoadCredential=not-there".to_owned()),
        (format!("{sound}\n[mqtt]\nhost = \"127.0.0.1\"\ntls = true\nca = \"not-there.pem\"\n"), "not-there.pem cannot be read".to_owned()),
        (format!("{sound}{}{}", sip("hall", 5999), sip("yard", 5999)), "is where line `hall` listens".to_owned()),
        (sound.replace("[models]", "[models]\nrecognizer = \"no-such-model\""), "no-such-model".to_owned()),
        (sound.replace("at_once = 2", "at_once = 99"), "calls.at_once = 99".to_owned()),
        (
            sound.replace("name = \"bench\"", "name = \"other\"").replace("the Station Road office", "x"),
            "device.name (switchhook.toml:2): in force only after `systemctl restart switchhook`".to_owned(),
        ),
    ] {
        place.write("switchhook.toml", &text).unwrap();
        let (done, words) = reload(&house).await;
        assert!(!done && words.contains(&told), "{told}: {words}");
    }
    assert_eq!(manager(&house).await.generation().await.unwrap(), 1);
    assert!(house.process.output().matches("event=config-refused").count() >= 10);
    // The house is as it was.
    let call = house.call(Visit::saying(&["02-af_sarah", "23-am_fenrir"])).await.unwrap();
    let heard = words(&call);
    assert!(call.report.end == End::Robot && heard.contains("station road office") && heard.contains("saturday"), "{heard}");
    // A signal asks for the same, and is told to the journal.
    place.write("switchhook.toml", &sound.replace("at_once = 2", "at_once = 1")).unwrap();
    house.process.hang_up().unwrap();
    let manager = manager(&house).await;
    until("it is read anew", SOON, async || manager.generation().await.is_ok_and(|now| now == 2).then_some(())).await.unwrap();
    assert_eq!(manager.calls_at_once().await.unwrap(), 1);
    let (done, told) = reload(&house).await;
    assert!(done && serde_json::from_str::<Value>(&told).unwrap()["changed"] == serde_json::json!([]), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_taken_out_during_its_call_carries_it_to_its_end_and_takes_no_other() {
    let (place, house) = open(&plain()).await;
    let (first, port) = (written(&place), free_port().unwrap());
    place.write("switchhook.toml", &format!("{first}{}", sip("hall", port))).unwrap();
    assert!(reload(&house).await.0);
    let hall = LineProxy::builder(house.connection()).path(line_path("hall")).cache_properties(zbus::proxy::CacheProperties::No);
    let hall = hall.build().await.unwrap();
    until("the line is ready", SOON, async || hall.status().await.is_ok_and(|status| status == "ready").then_some(())).await.unwrap();
    let address = format!("127.0.0.1:{port}");
    let taken_out = async {
        calls_are(&house, 1).await;
        place.write("switchhook.toml", &first).unwrap();
        assert!(reload(&house).await.0);
        until("the line is to go", SOON, async || hall.status().await.is_ok_and(|status| status == "draining").then_some(()))
            .await
            .unwrap();
        house.call_at(&address, Visit::saying(&[])).await.unwrap()
    };
    let (call, late) = tokio::join!(house.call_at(&address, Visit::saying(&["02-af_sarah", "23-am_fenrir"])), taken_out);
    assert_eq!((late.report.answered, late.report.status), (false, 503), "{:?}", late.report);
    let call = call.unwrap();
    assert!(call.report.end == End::Robot && words(&call).contains("saturday"), "{:?}", call.report);
    until("the line is gone", SOON, async || hall.status().await.is_err().then_some(())).await.unwrap();
}

/// The workers that there are.
async fn workers(house: &House, wanted: usize) -> Vec<u32> {
    let found = async || Some(house.process.children("speech-worker")).filter(|all| all.len() == wanted);
    until(&format!("{wanted} speech workers"), SOON, found).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn models_that_change_under_a_call_are_beside_the_others_until_it_ends() {
    let (place, house) = open(&plain()).await;
    let first = written(&place);
    let before = workers(&house, 1).await;
    let renewing = async {
        calls_are(&house, 1).await;
        place.write("switchhook.toml", &first.replace("[models]\n", "[models]\nrecognizer = \"moonshine-tiny\"\n")).unwrap();
        let (done, told) = reload(&house).await;
        assert!(done && serde_json::from_str::<Value>(&told).unwrap()["changed"] == serde_json::json!(["models.recognizer"]), "{told}");
        assert_eq!(house.calls().await.unwrap(), 1, "it is still on");
        workers(&house, 2).await
    };
    let visit = Visit::saying(&["02-af_sarah", "03-bm_george", "14-af_sarah", "23-am_fenrir"]);
    let (call, both) = tokio::join!(house.call(visit), renewing);
    let call = call.unwrap();
    assert!(call.report.end == End::Robot && words(&call).contains("saturday"), "{:?}", call.report);
    assert!(both.contains(&before[0]), "the call keeps its own");
    let after = workers(&house, 1).await;
    assert!(after[0] != before[0] && both.contains(&after[0]), "{before:?}, {both:?}, {after:?}");
    assert_eq!(manager(&house).await.models_in_use().await.unwrap()["recognizer"], "moonshine-tiny");
    let next = house.call(Visit::saying(&["02-af_sarah", "23-am_fenrir"])).await.unwrap();
    assert!(next.report.end == End::Robot && words(&next).contains("saturday"), "{:?}", next.report);
    assert_eq!(workers(&house, 1).await, after);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_that_changes_its_language_under_a_call_answers_the_next_in_the_other() {
    let (place, house) = open(&plain()).await;
    let english = written(&place);
    let mandarin = english.replace("language = \"en\"", "language = \"zh-TW\"").replace("the Station Road office", "車站路分公司");
    let speak = async |text: &str| {
        place.write("switchhook.toml", text).unwrap();
        read_anew(&house).await
    };
    // What is always said is spoken before, so that the next reload takes no longer than a call.
    speak(&mandarin).await;
    speak(&english).await;
    let renewing = async {
        calls_are(&house, 1).await;
        let (_, changed) = speak(&mandarin).await;
        assert_eq!(house.calls().await.unwrap(), 1, "it is still on");
        workers(&house, 2).await;
        changed
    };
    let visit = Visit::saying(&["02-af_sarah", "03-bm_george", "14-af_sarah", "03-bm_george", "23-am_fenrir"]);
    let (call, changed) = tokio::join!(house.call(visit), renewing);
    let (call, is_told) = (call.unwrap(), |key: &str| changed.iter().any(|told| told == key));
    assert!(is_told("office.language") && is_told("models.voice"), "{changed:?}");
    assert!(call.report.end == End::Robot && words(&call).contains("saturday"), "{:?}", call.report);
    workers(&house, 1).await;
    let next = house.call(Visit::saying(&["zh/02-zf_xiaoxiao"])).await.unwrap();
    let heard = switchhook_hil::ear::words(&next.tracks.heard, Language::Zh).unwrap();
    assert!(heard.contains("机器人"), "{heard}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_changes_under_a_call_is_told_its_figures_and_the_one_before_that_the_robot_has_left() {
    let (place, elsewhere) = (Place::new().unwrap(), Place::new().unwrap());
    let (one, other) = (Broker::start(&place).await.unwrap(), Broker::start(&elsewhere).await.unwrap());
    let house = House::open(&place, &Settings { broker: Some(one.port()), ..plain() }).await.unwrap();
    let (at_one, at_other) = (one.hear(), other.hear());
    let port = |broker: &Broker| format!("port = {}\n", broker.port());
    let first = written(&place);
    assert!(first.contains(&port(&one)));
    let presence = |state: &'static str| move |topic: &str, payload: &str| topic.ends_with("/state") && payload.contains(state);
    at_one.wait("the robot is there", SOON, presence("\"online\":true")).await.unwrap();
    let moving = async {
        calls_are(&house, 1).await;
        place.write("switchhook.toml", &first.replace(&port(&one), &port(&other))).unwrap();
        let (done, told) = reload(&house).await;
        assert!(done && told.contains("mqtt.port"), "{told}");
        assert_eq!(house.calls().await.unwrap(), 1, "it is still on");
    };
    let (call, ()) = tokio::join!(house.call(Visit::saying(&["02-af_sarah", "23-am_fenrir"])), moving);
    let call = call.unwrap();
    assert!(call.report.end == End::Robot && words(&call).contains("saturday"), "{:?}", call.report);
    at_other.wait("the call's figures", SOON, |topic, _| topic.contains("/calls/")).await.unwrap();
    at_one.wait("the robot has left", SOON, presence("\"online\":false")).await.unwrap();
    // And from a broker to none.
    let without = first.split("\n[mqtt]").next().unwrap();
    place.write("switchhook.toml", without).unwrap();
    assert!(reload(&house).await.0);
    at_other.wait("the robot has left", SOON, presence("\"online\":false")).await.unwrap();
    let figures = |heard: &switchhook_hil::bench::Heard| heard.so_far().iter().filter(|(topic, _)| topic.contains("/calls/")).count();
    assert_eq!((figures(&at_one), figures(&at_other)), (0, 1));
}
