//! `switchhookctl call hangup` and `call transfer`: a call is directed, and whoever waits is told what came of it.

use std::process::Output;

use serde_json::Value;
use switchhook::calls::{Command, State};
use switchhook::dialog::report::HandOverEnd;

use super::bus::PrivateBus;
use super::ctl::{out, run, said_on_failure, up};
use super::house::{Call, House};

#[tokio::test]
async fn a_call_is_directed_by_the_beginning_or_end_of_its_name() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    let mut call = house.ring();
    let id = call.id.simple();
    out(&run(&bus, &["call", "transfer", &id[..10], "sales"]).await);
    assert_eq!(call.commands.recv().await, Some(Command::Transfer("sales".into())));
    out(&run(&bus, &["call", "hangup", &id[24..]]).await);
    assert_eq!(call.commands.recv().await, Some(Command::Hangup));
    let said = said_on_failure(&run(&bus, &["call", "transfer", &id, "nobody"]).await);
    assert!(said.contains("desk, sales"), "{said}");
    let said = said_on_failure(&run(&bus, &["call", "hangup", "ffffffff"]).await);
    assert!(said.contains("switchhookctl calls"), "{said}");
}

/// What the command says in words and in JSON, and the end of its call meanwhile.
async fn waited(arguments: &[&str], happens: impl AsyncFn(Call)) -> (Output, Output) {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    let mut outputs = Vec::new();
    for json in [&[][..], &["--json"]] {
        let mut call = house.ring();
        let id = call.id.simple();
        let named: Vec<&str> =
            arguments.iter().map(|argument| if *argument == "ID" { id.as_str() } else { argument }).chain(json.iter().copied()).collect();
        let (output, ()) = tokio::join!(run(&bus, &named), async {
            call.commands.recv().await.unwrap();
            happens(call).await;
        });
        outputs.push(output);
    }
    let json = outputs.pop().unwrap();
    (outputs.pop().unwrap(), json)
}

#[tokio::test]
async fn whoever_waits_for_the_end_of_a_call_is_told_how_it_ended() {
    let (words, json) = waited(&["call", "hangup", "ID", "--wait"], async |call: Call| drop(call.end())).await;
    assert!(out(&words).contains("ended after 12.3 s: goodbye"), "{words:?}");
    let json: Value = serde_json::from_str(&out(&json)).unwrap();
    assert_eq!(json["summary"]["outcome"], "goodbye");
}

#[tokio::test]
async fn whoever_waits_for_a_person_is_told_that_they_have_the_call() {
    let transfer = ["call", "transfer", "ID", "sales", "--wait"];
    let (words, json) = waited(&transfer, async |call: Call| {
        // Somebody else, whom the caller asked for before, is not meant; nor is where the call is meanwhile.
        call.sought("desk", HandOverEnd::Unanswered);
        call.go(State::Transferring);
        call.go(State::Speaking);
        call.sought("sales", HandOverEnd::Accepted);
    })
    .await;
    assert_eq!(out(&words), "sales has the call\n");
    let json: Value = serde_json::from_str(&out(&json)).unwrap();
    assert_eq!((&json["person"], &json["end"]), (&"sales".into(), &"accepted".into()));
}

#[tokio::test]
async fn whoever_waits_for_a_person_in_vain_is_told_why() {
    let transfer = ["call", "transfer", "ID", "sales", "--wait"];
    for end in [HandOverEnd::Declined, HandOverEnd::Unanswered, HandOverEnd::Failed, HandOverEnd::CalledOff, HandOverEnd::CallerLeft] {
        let (words, json) = waited(&transfer, async |call: Call| call.sought("sales", end)).await;
        let said = said_on_failure(&words);
        assert!(said.contains("sales") && said.contains(&format!("({})", end.as_str())), "{said}");
        assert_eq!(serde_json::from_slice::<Value>(&json.stdout).unwrap()["end"], end.as_str());
        assert_eq!(json.status.code(), Some(1));
    }
    let (words, json) = waited(&transfer, async |call: Call| drop(call.end())).await;
    assert!(said_on_failure(&words).contains("the call was over before sales had it: goodbye"), "{words:?}");
    assert_eq!(serde_json::from_slice::<Value>(&json.stdout).unwrap()["end"], "over");
}

#[tokio::test]
async fn a_call_that_a_person_has_is_not_waited_for() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    let call = house.ring();
    call.go(State::Bridged);
    let said = said_on_failure(&run(&bus, &["call", "transfer", &call.id.simple(), "sales", "--wait"]).await);
    assert!(said.contains("a person has the call already"), "{said}");
}
