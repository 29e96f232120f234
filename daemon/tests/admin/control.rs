//! The house on D-Bus.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::StreamExt;
use jiff::Timestamp;
use switchhook::calls::{Command as CallCommand, State};
use switchhook::config::{Generation, HandOverText};
use switchhook::control::{Control, ControlError, Improvement, Settled, api, serve};
use switchhook::dialog::Candidate;
use switchhook::jobs::{Findings, Kind};
use switchhook::lines::{LineCommand, LineFault, LineStatus};
use switchhook_models::Locale;
use zbus::fdo::{IntrospectableProxy, ObjectManagerProxy};
use zbus::names::InterfaceName;
use zbus::proxy::CacheProperties;
use zbus::{Connection, MatchRule, MessageStream, ObjectPath, message};

use super::bus::PrivateBus;
use super::house::{CALLER, HEARD, House, NUMBER, SAID};

pub async fn up(bus: &PrivateBus, house: &House) -> (Control, Connection) {
    let control = serve(&bus.bus(), house.board.clone(), house.registry.clone(), house.info()).await.unwrap();
    (control, api::connect(&bus.bus()).await.unwrap())
}

/// Everything that our name tells from now on, in order.
pub async fn everything(client: &Connection) -> MessageStream {
    let rule = MatchRule::builder().msg_type(message::Type::Signal).sender(api::BUS_NAME).build().unwrap();
    MessageStream::for_match_rule(rule, client, None).await.unwrap()
}

/// The next signal of that name, and its body's text.
pub async fn next(stream: &mut MessageStream, member: &str) -> zbus::Message {
    while let Some(message) = stream.next().await {
        let message = message.unwrap();
        if message.header().member().is_some_and(|name| name.as_str() == member) {
            return message;
        }
    }
    panic!("the bus went away before {member}")
}

async fn call(client: &Connection, id: switchhook::calls::CallId) -> api::CallProxy<'static> {
    api::CallProxy::builder(client).path(api::call_path(id)).build().await.unwrap()
}

async fn line(client: &Connection, id: &str) -> api::LineProxy<'static> {
    api::LineProxy::builder(client).path(api::line_path(id)).build().await.unwrap()
}

pub fn error_name(error: zbus::Error) -> (String, String) {
    match error {
        zbus::Error::MethodError(name, text, _) => (name.to_string(), text.unwrap_or_default()),
        other => panic!("not an error of a method: {other}"),
    }
}

#[tokio::test]
async fn the_device_introduces_itself() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let (_control, client) = up(&bus, &house).await;
    let manager = api::ManagerProxy::new(&client).await.unwrap();
    assert_eq!(manager.version().await.unwrap(), "1.2.3");
    assert_eq!(manager.device_name().await.unwrap(), "branch-1");
    assert_eq!(manager.calls_at_once().await.unwrap(), 2);
    assert_eq!(manager.models_in_use().await.unwrap()["recognizer"], "whisper-base");
    assert_eq!(manager.people().await.unwrap(), ["desk", "sales"]);
    assert!(!manager.ready().await.unwrap());
}

#[tokio::test]
async fn readiness_is_told_when_it_changes() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let (_control, client) = up(&bus, &house).await;
    let mut told = everything(&client).await;
    house.standing.send_modify(|standing| standing.ready = true);
    let message = next(&mut told, "PropertiesChanged").await;
    let (interface, changed, _): (String, HashMap<String, zbus::OwnedVariant>, Vec<String>) = message.body().deserialize().unwrap();
    assert_eq!(interface, api::MANAGER);
    assert_eq!(changed.keys().collect::<Vec<_>>(), ["Ready"]);
}

#[tokio::test]
async fn a_call_appears_talks_and_goes_in_this_order() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let (_control, client) = up(&bus, &house).await;
    let mut told = everything(&client).await;
    api::ManagerProxy::new(&client).await.unwrap().follow().await.unwrap();

    let ringing = house.ring();
    let path = api::call_path(ringing.id);
    let added = next(&mut told, "InterfacesAdded").await;
    assert_eq!(added.header().path().unwrap().as_str(), api::ROOT);
    let (began,): (ObjectPath<'_>,) =
        next(&mut told, "CallBegan").await.body().deserialize().map(|path: zbus::OwnedObjectPath| (path.into(),)).unwrap();
    assert_eq!(began.as_str(), path);

    let proxy = call(&client, ringing.id).await;
    assert_eq!(proxy.caller().await.unwrap(), (NUMBER.to_owned(), CALLER.to_owned()));
    assert_eq!(proxy.state().await.unwrap(), "ringing");

    ringing.go(State::Listening);
    let changed = next(&mut told, "PropertiesChanged").await;
    assert_eq!(changed.header().path().unwrap().as_str(), path);

    ringing.turn();
    let turn = next(&mut told, "Turn").await;
    let (index, heard, confidence, understood, action, said, latency): (u32, String, f64, String, String, String, HashMap<String, f64>) =
        turn.body().deserialize().unwrap();
    assert_eq!((index, heard.as_str(), said.as_str()), (1, HEARD, SAID));
    assert_eq!((confidence, understood.as_str(), action.as_str()), (0.875, "complaint", "take-message"));
    assert!((latency["total_ms"] - 400.0).abs() < 1e-9);

    ringing.end();
    let ended = next(&mut told, "CallEnded").await;
    let (_, figures): (zbus::OwnedObjectPath, HashMap<String, zbus::OwnedVariant>) = ended.body().deserialize().unwrap();
    assert_eq!(String::try_from(figures["outcome"].try_clone().unwrap()).unwrap(), "goodbye");
    assert_eq!(u64::try_from(figures["voice_to_voice_p50_ms"].try_clone().unwrap()).unwrap(), 400);
    assert!(!figures.contains_key("voice_to_voice_p95_ms"), "what is not known is left out");
    next(&mut told, "InterfacesRemoved").await;
}

#[tokio::test]
async fn what_a_colleague_is_told_is_on_the_bus_only_where_the_office_allows_it() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let (_control, client) = up(&bus, &house).await;
    let mut told = everything(&client).await;
    let ringing = house.ring();
    next(&mut told, "CallBegan").await;
    call(&client, ringing.id).await.follow().await.unwrap();
    ringing.is_handed_over(HandOverText { bus: false, mqtt: true });
    ringing.is_handed_over(HandOverText { bus: true, mqtt: false });
    ringing.go(State::Transferring);
    let on_the_call: (String, String) = next(&mut told, "HandOver").await.body().deserialize().unwrap();
    assert_eq!(on_the_call, ("desk".to_owned(), HEARD.to_owned()));
    ringing.end();
    loop {
        let message = told.next().await.unwrap().unwrap();
        let member = message.header().member().map(ToString::to_string).unwrap_or_default();
        assert!(!member.contains("HandOver"), "it was told once");
        if member == "CallEnded" {
            return;
        }
    }
}

#[tokio::test]
async fn a_call_whose_actor_died_leaves_no_object_behind() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let (_control, client) = up(&bus, &house).await;
    let mut told = everything(&client).await;
    let ringing = house.ring();
    next(&mut told, "CallBegan").await;
    drop(ringing);
    next(&mut told, "InterfacesRemoved").await;
}

#[tokio::test]
async fn a_call_that_was_there_before_the_bus_is_shown() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let ringing = house.ring();
    let (_control, client) = up(&bus, &house).await;
    assert_eq!(call(&client, ringing.id).await.state().await.unwrap(), "ringing");
}

#[tokio::test]
async fn hanging_up_and_transferring_reach_the_call() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let mut ringing = house.ring();
    let (_control, client) = up(&bus, &house).await;
    let proxy = call(&client, ringing.id).await;
    proxy.transfer("sales").await.unwrap();
    assert_eq!(ringing.commands.recv().await, Some(CallCommand::Transfer("sales".into())));
    proxy.hangup().await.unwrap();
    let (name, text) = error_name(proxy.hangup().await.unwrap_err());
    assert_eq!(name, "org.switchhook.Error.Busy", "{text}");
    assert_eq!(ringing.commands.recv().await, Some(CallCommand::Hangup));
    ringing.commands.close();
    let (name, _) = error_name(proxy.hangup().await.unwrap_err());
    assert_eq!(name, "org.switchhook.Error.CallOver");
}

#[tokio::test]
async fn a_transfer_to_nobody_names_those_who_are_there() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let mut ringing = house.ring();
    let (_control, client) = up(&bus, &house).await;
    let (name, text) = error_name(call(&client, ringing.id).await.transfer("sip:evil@example").await.unwrap_err());
    assert_eq!(name, "org.switchhook.Error.UnknownPerson");
    assert!(text.contains("desk, sales"), "{text}");
    assert!(ringing.commands.try_recv().is_err());
}

#[tokio::test]
async fn only_a_handset_can_be_lifted() {
    let (bus, mut house) = (PrivateBus::open(), House::new());
    let (_control, client) = up(&bus, &house).await;
    line(&client, "desk").await.off_hook().await.unwrap();
    assert_eq!(house.handset.commands.recv().await, Some(LineCommand::OffHook));
    let (name, text) = error_name(line(&client, "front-gate").await.off_hook().await.unwrap_err());
    assert_eq!(name, "org.switchhook.Error.NotAHandset", "{text}");
    house.handset.commands.close();
    let (name, _) = error_name(line(&client, "desk").await.on_hook().await.unwrap_err());
    assert_eq!(name, "org.switchhook.Error.LineGone");
}

#[tokio::test]
async fn a_line_that_goes_down_says_why() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let (_control, client) = up(&bus, &house).await;
    let mut told = everything(&client).await;
    house.sip.status.send_replace(LineStatus::Down { fault: LineFault::Refused, reason: "the gateway refused the password".into() });
    let message = next(&mut told, "PropertiesChanged").await;
    assert_eq!(message.header().path().unwrap().as_str(), api::line_path("front-gate"));
    let proxy = line(&client, "front-gate").await;
    assert_eq!(proxy.status().await.unwrap(), "down");
    assert_eq!(proxy.reason().await.unwrap(), "the gateway refused the password");
}

#[tokio::test]
async fn one_round_trip_shows_the_whole_house() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let ringing = house.ring();
    let (_control, client) = up(&bus, &house).await;
    let manager = ObjectManagerProxy::builder(&client).destination(api::BUS_NAME).path(api::ROOT).build().await.unwrap();
    let objects = manager.get_managed_objects().await.unwrap();
    let has = |path: String, interface: &'static str| {
        let interface = InterfaceName::try_from(interface).unwrap();
        objects.iter().any(|(at, interfaces)| at.as_str() == path && interfaces.keys().any(|name| name.as_str() == interface.as_str()))
    };
    assert!(has(api::call_path(ringing.id), api::CALL));
    assert!(has(api::line_path("desk"), api::LINE));
    assert!(has(api::line_path("front-gate"), api::LINE));
}

#[tokio::test]
async fn a_second_daemon_is_told_that_the_name_is_taken() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let (_control, _client) = up(&bus, &house).await;
    let second = serve(&bus.bus(), house.board.clone(), house.registry.clone(), house.info()).await;
    assert!(matches!(second, Err(ControlError::NameTaken { .. })), "{:?}", second.err());
}

#[tokio::test]
async fn the_name_is_free_after_closing() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let (control, _client) = up(&bus, &house).await;
    control.close().await;
    let (_control, _client) = up(&bus, &house).await;
}

#[tokio::test]
async fn a_bus_that_dies_takes_nothing_with_it() {
    let (mut bus, house) = (PrivateBus::open(), House::new());
    let (control, _client) = up(&bus, &house).await;
    bus.kill();
    let ringing = house.ring();
    ringing.turn();
    ringing.end();
    control.close().await;
}

#[tokio::test]
async fn a_bus_that_hangs_does_not_keep_the_house_from_closing() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let (control, _client) = up(&bus, &house).await;
    bus.signal("STOP");
    let closed = tokio::time::timeout(Duration::from_secs(60), control.close()).await;
    bus.signal("CONT");
    closed.expect("the records are closed after this");
}

#[tokio::test]
async fn a_house_without_a_bus_is_open_and_comes_onto_the_bus_when_there_is_one() {
    let (dir, house) = (tempfile::tempdir().unwrap(), House::new());
    let address = PrivateBus::address_in(dir.path());
    let control = Control::offer(&address, house.board.clone(), house.registry.clone(), house.info()).await;
    let ringing = house.ring();
    let bus = PrivateBus::late(dir);
    let client = api::connect(&bus.bus()).await.unwrap();
    let names = zbus::fdo::DBusProxy::new(&client).await.unwrap();
    let mut owned = names.receive_name_owner_changed().await.unwrap();
    if !names.name_has_owner(api::BUS_NAME.try_into().unwrap()).await.unwrap() {
        while owned.next().await.unwrap().args().unwrap().name.as_str() != api::BUS_NAME {}
    }
    assert_eq!(call(&client, ringing.id).await.state().await.unwrap(), "ringing");
    control.close().await;
}

/// The shipped description of an interface.
fn shipped(interface: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("dbus").join(format!("{interface}.xml"))
}

/// The `<interface>` element of that name.
fn element<'a>(xml: &'a str, interface: &str) -> &'a str {
    let start = xml.find(&format!("<interface name=\"{interface}\">")).unwrap_or_else(|| panic!("no {interface} in {xml}"));
    let rest = &xml[start..];
    &rest[..rest.find("</interface>").unwrap() + "</interface>".len()]
}

#[tokio::test]
async fn what_is_configured_is_told_when_it_changes() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let (_control, client) = up(&bus, &house).await;
    let mut told = everything(&client).await;
    house.settled.send_replace(Settled {
        generation: Generation::of(2),
        calls_at_once: 2,
        people: [String::from("sales")].into(),
        models: [("voice".to_owned(), "kokoro-82m".to_owned())].into(),
    });
    let message = next(&mut told, "PropertiesChanged").await;
    let (interface, changed, _): (String, HashMap<String, zbus::OwnedVariant>, Vec<String>) = message.body().deserialize().unwrap();
    assert_eq!((interface.as_str(), changed.len()), (api::MANAGER, 3));
    assert_eq!(u64::try_from(changed["Generation"].clone()).unwrap(), 2);
    assert_eq!(<Vec<String>>::try_from(changed["People"].clone()).unwrap(), ["sales"]);
    assert_eq!(<HashMap<String, String>>::try_from(changed["ModelsInUse"].clone()).unwrap()["voice"], "kokoro-82m");
}

#[tokio::test]
async fn lines_come_and_go() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let (_control, client) = up(&bus, &house).await;
    let objects = ObjectManagerProxy::builder(&client).destination(api::BUS_NAME).path(api::ROOT).build().await.unwrap();
    let (mut added, mut removed) = (objects.receive_interfaces_added().await.unwrap(), objects.receive_interfaces_removed().await.unwrap());
    let both = house.board.lines();
    house.board.put(vec![both[1].clone()]);
    let gone = removed.next().await.unwrap();
    assert_eq!(gone.args().unwrap().object_path.as_str(), api::line_path("front-gate"));
    house.board.put(both.to_vec());
    let come = added.next().await.unwrap();
    assert_eq!(come.args().unwrap().object_path.as_str(), api::line_path("front-gate"));
    house.sip.status.send_replace(LineStatus::Ready { address: "sip:100@pbx".into() });
    let line = api::LineProxy::builder(&client).path(api::line_path("front-gate"));
    let line = line.cache_properties(CacheProperties::No).build().await.unwrap();
    assert_eq!(line.address().await.unwrap(), "sip:100@pbx");
}

#[tokio::test]
async fn what_calls_follow_is_shown_and_told_when_it_changes() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let (_control, client) = up(&bus, &house).await;
    let mut told = everything(&client).await;
    let scenario = api::ScenarioProxy::builder(&client).cache_properties(CacheProperties::No).build().await.unwrap();
    assert_eq!(scenario.name().await.unwrap(), "reception");
    assert_eq!(scenario.languages().await.unwrap(), ["en"]);
    let versions = vec![(Locale::ZhTw, "2f".repeat(32)), (Locale::En, "3a".repeat(32))];
    house.live.send_modify(|live| live.versions = versions);
    let message = next(&mut told, "PropertiesChanged").await;
    let (interface, changed, _): (String, HashMap<String, zbus::OwnedVariant>, Vec<String>) = message.body().deserialize().unwrap();
    assert_eq!((interface.as_str(), changed.len()), (api::SCENARIO, 2));
    assert_eq!(<Vec<String>>::try_from(changed["Languages"].clone()).unwrap(), ["zh-TW", "en"]);
    assert_eq!(scenario.versions().await.unwrap()["en"], "3a".repeat(32));
}

#[tokio::test]
async fn a_model_that_is_installed_beside_the_robot_is_seen_when_somebody_asks() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let (_control, client) = up(&bus, &house).await;
    let model = |name: &'static str| {
        let (client, path) = (client.clone(), api::model_path(name));
        async move { api::ModelProxy::builder(&client).path(path).cache_properties(CacheProperties::No).build().await.unwrap() }
    };
    let (voice, words, ears) = (model("kokoro-82m").await, model("mandarin").await, model("whisper-base").await);
    assert!(voice.in_use().await.unwrap() && words.in_use().await.unwrap(), "what a model needs is in use with it");
    assert!(!ears.in_use().await.unwrap());
    assert_eq!((ears.role().await.unwrap().as_str(), ears.state().await.unwrap().as_str()), ("recognition", "absent"));
    // Somebody's half-hearted copy.
    std::fs::create_dir_all(house.models().join("whisper-base")).unwrap();
    let mut told = everything(&client).await;
    let damaged = async {
        loop {
            let state = ears.state().await.unwrap();
            if state == "damaged" {
                return;
            }
            assert_eq!(state, "absent");
            tokio::task::yield_now().await;
        }
    };
    let ((), message) = tokio::join!(damaged, next(&mut told, "PropertiesChanged"));
    assert_eq!(message.header().path().unwrap().as_str(), api::model_path("whisper-base"));
    assert!(ears.damage().await.unwrap().contains("manifest"), "{}", ears.damage().await.unwrap());
}

#[tokio::test]
async fn what_callers_wanted_in_vain_is_told_in_groups() {
    let (bus, mut house) = (PrivateBus::open(), House::new());
    let (_control, client) = up(&bus, &house).await;
    let record = api::RecordProxy::new(&client).await.unwrap();
    let said = vec!["can i bring my dog".to_owned(), "are dogs allowed".to_owned()];
    let candidate = Candidate { said: said.clone(), times: 3, near: vec!["office.md#parking".to_owned()] };
    let answers = async {
        for answer in [Ok(vec![Improvement { language: Locale::En, candidate }]), Err("the disk is gone".to_owned())] {
            let asked = house.improving.recv().await.unwrap();
            let days = Timestamp::now().duration_since(asked.since).as_hours() / 24;
            assert_eq!(days, 7);
            asked.answer.send(answer).unwrap();
        }
    };
    let asks = async {
        let told = record.unanswered(7).await.unwrap();
        assert_eq!((told.len(), <Vec<String>>::try_from(told[0]["said"].clone()).unwrap()), (1, said));
        assert_eq!((u32::try_from(told[0]["times"].clone()), String::try_from(told[0]["language"].clone())), (Ok(3), Ok("en".to_owned())));
        error_name(record.unanswered(7).await.unwrap_err())
    };
    let ((), (name, text)) = tokio::join!(answers, asks);
    assert_eq!((name.as_str(), text.as_str()), ("org.switchhook.Error.NoRecord", "the disk is gone"));
}

#[tokio::test]
async fn the_shipped_xml_describes_the_live_objects() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let ringing = house.ring();
    let (_control, client) = up(&bus, &house).await;
    let job = house.jobs.begin(Kind::FetchModel("ears".into()), |_, _| Ok(Findings::new())).unwrap();
    let mut described = BTreeSet::new();
    for (path, interface) in [
        (api::ROOT.to_owned(), api::MANAGER),
        (api::line_path("desk"), api::LINE),
        (api::call_path(ringing.id), api::CALL),
        (api::SCENARIO_PATH.to_owned(), api::SCENARIO),
        (api::model_path("silero-vad"), api::MODEL),
        (api::job_path(job.number), api::JOB),
        (api::RECORD_PATH.to_owned(), api::RECORD),
        (api::TASK_PATH.to_owned(), api::TASK),
    ] {
        let object = IntrospectableProxy::builder(&client).destination(api::BUS_NAME).path(path).build().await.unwrap();
        let live = object.introspect().await.unwrap();
        let live = element(&live, interface);
        let file = shipped(interface);
        described.insert(file.clone());
        if std::env::var_os("SWITCHHOOK_BLESS").is_some() {
            let doctype = "<!DOCTYPE node PUBLIC \"-//freedesktop//DTD D-BUS Object Introspection 1.0//EN\"\n \
                           \"http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd\">\n";
            std::fs::write(&file, format!("{doctype}<node>\n  {live}\n</node>\n")).unwrap();
        }
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(element(&text, interface), live, "{} is out of date; run this test with SWITCHHOOK_BLESS=1", file.display());
    }
    let files = std::fs::read_dir(shipped(api::MANAGER).parent().unwrap()).unwrap();
    let files: BTreeSet<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    assert_eq!(files, described, "nothing is shipped that the robot does not have");
}
