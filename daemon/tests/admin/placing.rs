//! Having a call placed over the bus, and by `switchhookctl call place`.

use std::process::Output;

use serde_json::Value;
use switchhook::calls::{Direction, NotPlaced, Request};
use switchhook::control::{Control, api};
use switchhook::lines::{LineFault, LineStatus};
use switchhook::policy::{Ground, NotPermitted};
use zbus::Connection;

use super::bus::PrivateBus;
use super::control::{error_name, everything, next, up};
use super::ctl::{out, run, said_on_failure};
use super::house::{Call, House, NUMBER};

async fn open() -> (PrivateBus, House, Control, Connection) {
    let (bus, house) = (PrivateBus::open(), House::new());
    house.sip.status.send_replace(LineStatus::Ready { address: "sip:127.0.0.1:5060".into() });
    let (control, client) = up(&bus, &house).await;
    (bus, house, control, client)
}

async fn line(client: &Connection, id: &str) -> api::LineProxy<'static> {
    api::LineProxy::builder(client).path(api::line_path(id)).build().await.unwrap()
}

/// The next call that is asked for rings.
async fn rings(house: &mut House) -> (String, Call) {
    let Request { whom, answer, .. } = house.requests.recv().await.unwrap();
    let call = house.a_call(Direction::Placed(Ground::Colleague));
    answer.send(Ok(call.id)).unwrap();
    (whom, call)
}

#[tokio::test]
async fn a_call_that_was_asked_for_has_an_object_when_it_is_named() {
    let (_bus, mut house, _control, client) = open().await;
    let gate = line(&client, "front-gate").await;
    let (path, (whom, call)) = tokio::join!(gate.place("desk"), rings(&mut house));
    let path = path.unwrap();
    assert_eq!((whom.as_str(), path.as_str()), ("desk", api::call_path(call.id).as_str()));
    let proxy = api::CallProxy::builder(&client).path(path).build().await.unwrap();
    assert_eq!(proxy.direction().await.unwrap(), "placed");
}

#[tokio::test]
async fn a_line_that_cannot_or_is_down_is_not_asked() {
    let (_bus, mut house, _control, client) = open().await;
    let (name, said) = error_name(line(&client, "desk").await.place("anna").await.unwrap_err());
    assert_eq!(name, "org.switchhook.Error.CannotPlace");
    assert!(said.contains("handset"), "{said}");
    house.sip.status.send_replace(LineStatus::Down { fault: LineFault::Refused, reason: "not registered at sip:pbx".into() });
    let (name, said) = error_name(line(&client, "front-gate").await.place("anna").await.unwrap_err());
    assert_eq!((name.as_str(), said.contains("not registered at sip:pbx")), ("org.switchhook.Error.LineDown", true), "{said}");
    assert!(house.requests.try_recv().is_err());
}

#[tokio::test]
async fn why_a_call_is_not_placed_has_a_name_and_says_what_to_do() {
    let (_bus, mut house, _control, client) = open().await;
    let gate = line(&client, "front-gate").await;
    let refusals = [
        (NotPlaced::NotPermitted(NotPermitted::NotListed("anna".into())), "NotPermitted", "may_call"),
        (NotPlaced::NotPermitted(NotPermitted::AtNight), "NotPermitted", "21:00"),
        (NotPlaced::Full, "Busy", "at_once"),
        (NotPlaced::Line(switchhook::lines::DialFault::NoGateway), "Unreachable", "line.register"),
        (NotPlaced::Closing, "Closing", "closing"),
    ];
    for (why, name, help) in refusals {
        let answers = async {
            let request = house.requests.recv().await.unwrap();
            request.answer.send(Err(why)).unwrap();
        };
        let (refused, ()) = tokio::join!(gate.place(NUMBER), answers);
        let (found, said) = error_name(refused.unwrap_err());
        assert_eq!(found, format!("org.switchhook.Error.{name}"));
        assert!(said.contains(help) && !said.contains(NUMBER), "{said}");
    }
}

#[tokio::test]
async fn the_command_names_the_call_waits_for_its_end_or_shows_it() {
    let (bus, mut house, _control, client) = open().await;
    let mut signals = everything(&client).await;
    let place = |more: &'static [&'static str]| {
        let bus = &bus;
        async move { run(bus, &[&["--json", "call", "place", "desk"], more].concat()).await }
    };
    let json = |output: &Output| -> Value { serde_json::from_str(&out(output)).unwrap() };
    let (output, (_, call)) = tokio::join!(place(&[]), rings(&mut house));
    assert_eq!(json(&output), serde_json::json!({ "call": call.id.simple() }));
    next(&mut signals, "CallBegan").await;
    call.end();
    let (output, id) = tokio::join!(place(&["--wait", "--line", "front-gate"]), async {
        let (_, call) = rings(&mut house).await;
        next(&mut signals, "CallBegan").await;
        let id = call.id.simple();
        call.end();
        id
    });
    let told = json(&output);
    assert_eq!((told["call"].as_str(), &told["summary"]["outcome"]), (Some(id.as_str()), &"goodbye".into()));
    let (output, ()) = tokio::join!(place(&["--watch"]), async {
        let (_, call) = rings(&mut house).await;
        next(&mut signals, "CallBegan").await;
        call.turn();
        call.end();
    });
    let events: Vec<Value> = out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<_> = events.iter().filter_map(|event| event["event"].as_str()).filter(|name| *name != "changed").collect();
    assert_eq!(names, ["began", "turn", "ended"], "{events:?}");
    assert_eq!(events[0]["call"]["direction"], "placed");
}

#[tokio::test]
async fn a_line_that_is_not_there_is_told_from_those_that_are() {
    let (bus, _house, _control, _client) = open().await;
    let said = said_on_failure(&run(&bus, &["call", "place", "desk", "--line", "garden"]).await);
    assert!(said.contains("front-gate"), "{said}");
}
