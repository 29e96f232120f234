//! The configuration is read anew under calls: those that are on lose nothing, and what they were held in goes when they are over.

use std::net::UdpSocket;

use serde_json::Value;
use switchhook::control::api::{LineProxy, ManagerProxy, line_path};
use switchhook_hil::bench::{House, Place, Settings, Visit, binary, free_port, until};
use switchhook_hil::caller::End;
use tokio::process::Command;

use super::talk::records;
use super::{SOON, open, plain, words};

/// So many times it is read anew.
const TIMES: u64 = 100;

async fn manager(house: &House) -> ManagerProxy<'static> {
    let manager = ManagerProxy::builder(house.connection()).cache_properties(zbus::proxy::CacheProperties::No);
    manager.build().await.unwrap()
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
        let manager = manager(&house).await;
        for time in 1..=TIMES {
            place.write("switchhook.toml", if time % 2 == 1 { &other } else { &first }).unwrap();
            let (generation, changed) = manager.reload_configuration().await.unwrap();
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
    assert!(house.process.output().matches("event=config-refused").count() >= 6);
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
