//! `switchhookctl` against a house on a private bus.

use std::process::{Output, Stdio};

use serde_json::Value;
use switchhook::control::{Anew, Control, Improvement, api, serve};
use switchhook::dialog::Candidate;
use switchhook::jobs::Stop;
use switchhook::lines::{LineCommand, LineFault, LineStatus};
use switchhook_models::Locale;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;

use super::bus::PrivateBus;
use super::house::{HEARD, House, NUMBER, SAID, renewed};

pub fn ctl(bus: &PrivateBus, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchhookctl"));
    command.args(arguments).env("SWITCHHOOK_BUS", &bus.address).env("LC_ALL", "C").kill_on_drop(true);
    command
}

pub async fn run(bus: &PrivateBus, arguments: &[&str]) -> Output {
    ctl(bus, arguments).output().await.unwrap()
}

pub fn out(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn said_on_failure(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub async fn up(bus: &PrivateBus, house: &House) -> Control {
    serve(&bus.bus(), house.board.clone(), house.registry.clone(), house.info()).await.unwrap()
}

#[tokio::test]
async fn without_a_daemon_it_says_how_to_start_one() {
    let bus = PrivateBus::open();
    let said = said_on_failure(&run(&bus, &["status"]).await);
    assert!(said.contains("systemctl start switchhook"), "{said}");
}

#[tokio::test]
async fn a_robot_that_was_stopped_is_not_started_by_asking_how_it_is() {
    let services = tempfile::tempdir().unwrap();
    let started = services.path().join("started");
    let activation = format!("[D-BUS Service]\nName={}\nExec=/usr/bin/touch {}\n", api::BUS_NAME, started.display());
    std::fs::write(services.path().join("robot.service"), activation).unwrap();
    let bus = PrivateBus::with_services(services.path());
    let said = said_on_failure(&run(&bus, &["status"]).await);
    assert!(said.contains("systemctl start switchhook") && !started.exists(), "{said}");
    let client = api::connect(&bus.bus()).await.unwrap();
    assert!(api::ManagerProxy::new(&client).await.unwrap().version().await.is_err(), "what is started is no robot");
    assert!(started.exists(), "the bus would have");
}

#[tokio::test]
async fn without_a_bus_it_says_so() {
    let mut bus = PrivateBus::open();
    bus.kill();
    let said = said_on_failure(&run(&bus, &["status"]).await);
    assert!(said.contains("--bus"), "{said}");
}

#[tokio::test]
async fn what_is_not_understood_is_status_two() {
    let bus = PrivateBus::open();
    assert_eq!(run(&bus, &["dance"]).await.status.code(), Some(2));
    assert_eq!(run(&bus, &["--bus", "nonsense", "status"]).await.status.code(), Some(2));
}

#[tokio::test]
async fn status_shows_the_device_its_lines_and_its_calls() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    house.sip.status.send_replace(LineStatus::Down { fault: LineFault::Unreachable, reason: "no answer from the gateway".into() });
    let call = house.ring();
    let text = out(&run(&bus, &["status"]).await);
    for shown in ["branch-1", "not ready", "whisper-base", "1 of 2", "front-gate", "no answer from the gateway", &call.id.simple()[24..]] {
        assert!(text.contains(shown), "{shown} is not in:\n{text}");
    }
    assert!(!text.contains('\x1b'), "no colour without a terminal");
    let json: Value = serde_json::from_str(&out(&run(&bus, &["status", "--json"]).await)).unwrap();
    assert_eq!(json["ready"], false);
    assert_eq!(json["models"]["recognizer"], "whisper-base");
    assert_eq!(json["lines"][1]["reason"], "no answer from the gateway");
    assert_eq!(json["calls"][0]["state"], "ringing");
    assert!(!text.contains(NUMBER) && !json.to_string().contains(NUMBER), "who calls is for those who ask for it");
}

#[tokio::test]
async fn a_configuration_is_read_anew_and_people_and_programs_are_told_what_changed() {
    let (bus, mut house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    let changed = || Ok(renewed(7, &["calls.at_once", "line.office"]));
    let wrong = "conf.d/20.toml:7: unknown key\nconf.d/20.toml:9: another".to_owned();
    let answers = house.reads_anew(vec![changed(), changed(), changed(), Err(Stop::Failed(wrong))]);
    let asks = async {
        let text = out(&run(&bus, &["config", "reload"]).await);
        assert_eq!(text, "calls from now on are held in generation 7; changed: calls.at_once, line.office\n");
        let json: Value = serde_json::from_str(&out(&run(&bus, &["--json", "config", "reload"]).await)).unwrap();
        assert_eq!(json, serde_json::json!({"done": true, "generation": 7, "changed": ["calls.at_once", "line.office"]}));
        let begun: Value = serde_json::from_str(&out(&run(&bus, &["--json", "config", "reload", "--no-wait"]).await)).unwrap();
        assert_eq!(begun["kind"], "reload-configuration");
        said_on_failure(&run(&bus, &["config", "reload"]).await)
    };
    let (asked, said) = tokio::join!(answers, asks);
    assert_eq!(asked, [Anew::Configuration; 4]);
    assert_eq!(said, "switchhookctl: conf.d/20.toml:7: unknown key\nconf.d/20.toml:9: another\n");
}

#[tokio::test]
async fn what_is_watched_is_shown_again_when_it_changes_until_the_robot_goes() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let control = up(&bus, &house).await;
    let mut watching = ctl(&bus, &["--json", "lines", "--watch"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    let first: Value = serde_json::from_str(&lines.next_line().await.unwrap().unwrap()).unwrap();
    assert_eq!(first[1]["status"], "starting");
    house.sip.status.send_replace(LineStatus::Ready { address: "127.0.0.1:5060".into() });
    let second: Value = serde_json::from_str(&lines.next_line().await.unwrap().unwrap()).unwrap();
    assert_eq!(second[1]["status"], "ready");
    control.close().await;
    let left = watching.wait_with_output().await.unwrap();
    assert!(String::from_utf8_lossy(&left.stderr).contains("left the bus") && !left.status.success());
}

#[tokio::test]
async fn whoever_waits_is_told_how_the_robot_is_once_it_is_ready() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    let waiting = ctl(&bus, &["--json", "status", "--wait"]).stdout(Stdio::piped()).spawn().unwrap();
    house.standing.send_modify(|standing| standing.ready = true);
    let status: Value = serde_json::from_slice(&waiting.wait_with_output().await.unwrap().stdout).unwrap();
    assert_eq!(status["ready"], true);
}

#[tokio::test]
async fn whoever_waits_for_a_robot_that_goes_is_told() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let control = up(&bus, &house).await;
    let waiting = ctl(&bus, &["status", "--wait"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    control.close().await;
    let left = said_on_failure(&waiting.wait_with_output().await.unwrap());
    assert!(left.contains("left the bus") || left.contains("not running"), "{left}");
}

#[tokio::test]
async fn lines_and_calls_have_a_stable_json() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    let call = house.ring();
    let lines: Value = serde_json::from_str(&out(&run(&bus, &["lines", "--json"]).await)).unwrap();
    assert_eq!(lines[0], serde_json::json!({"id": "desk", "kind": "handset", "status": "starting", "reason": "", "address": ""}));
    let calls: Value = serde_json::from_str(&out(&run(&bus, &["--json", "calls"]).await)).unwrap();
    let expected = serde_json::json!({
        "id": call.id.simple(), "line": "front-gate", "direction": "taken", "state": "ringing", "generation": 1,
        "scenario": "reception", "started": "2026-11-23T08:00:00Z", "disclosed": false, "turns": 0,
    });
    assert_eq!(calls[0], expected);
}

#[tokio::test]
async fn messages_that_callers_left_are_read_by_people_and_programs() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    assert_eq!(out(&run(&bus, &["messages"]).await), "no messages\n");
    let call = house.left_a_message().await;
    let text = out(&run(&bus, &["messages"]).await);
    assert!(["Maria Chen", NUMBER, "025551234", "confirmed"].iter().all(|shown| text.contains(shown)), "{text}");
    let json: Value = serde_json::from_str(&out(&run(&bus, &["messages", "--json"]).await)).unwrap();
    let expected = serde_json::json!([{
        "number": 1, "call": call.simple(), "at": "2026-11-23T08:00:00Z", "recipient": "Maria Chen", "from": NUMBER,
        "callback": "025551234", "text": HEARD, "confirmed": true, "about": "message", "promised": null, "done": null,
    }]);
    assert_eq!(json, expected);
}

#[tokio::test]
async fn a_message_is_done_when_a_person_says_so_and_not_when_they_take_it_back() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    house.left_a_message().await;
    out(&run(&bus, &["message", "done", "1"]).await);
    let text = out(&run(&bus, &["messages"]).await);
    assert!(text.contains("done") && !text.contains("confirmed"), "{text}");
    out(&run(&bus, &["message", "done", "1", "--undo"]).await);
    assert!(out(&run(&bus, &["messages"]).await).contains("confirmed"));
    let said = said_on_failure(&run(&bus, &["message", "done", "2"]).await);
    assert!(said.contains("no task 2") && said.contains("switchhookctl messages"), "{said}");
}

#[tokio::test]
async fn what_became_of_calls_is_read_by_people_and_programs() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    assert_eq!(out(&run(&bus, &["reports"]).await), "no reports\n");
    let call = house.had_a_call().await;
    let text = out(&run(&bus, &["reports"]).await);
    assert!(["booked", "goodbye", "5", "dead-air, misheard", "to book an appointment"].iter().all(|shown| text.contains(shown)), "{text}");
    let json: Value = serde_json::from_str(&out(&run(&bus, &["reports", "--json"]).await)).unwrap();
    let expected = serde_json::json!([{
        "call": call.simple(), "scenario": "desk", "started": "2026-11-23T08:00:00Z", "ended": "2026-11-23T08:01:00Z", "outcome": "goodbye",
        "goal_reached": true, "goal": "booked", "complaint": false, "satisfaction": 5, "summary": "They wanted to book an appointment.",
        "tags": ["dead-air", "misheard"], "errands": [{"flow": "book", "result": "booked", "told": {"service": "cleaning"}}],
        "hand_overs": [{"to": "desk", "end": "declined", "waited_s": 12}],
    }]);
    assert_eq!(json, expected);
}

#[tokio::test]
async fn a_handset_that_is_down_is_not_lifted() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    house.handset.status.send_replace(LineStatus::Down { fault: LineFault::NoCard, reason: "no such device".into() });
    assert!(said_on_failure(&run(&bus, &["line", "off-hook", "desk"]).await).contains("no such device"));
}

#[tokio::test]
async fn a_handset_is_lifted_and_put_back() {
    let (bus, mut house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    out(&run(&bus, &["line", "off-hook", "desk"]).await);
    assert_eq!(house.handset.commands.recv().await, Some(LineCommand::OffHook));
    let done: Value = serde_json::from_str(&out(&run(&bus, &["--json", "line", "on-hook", "desk"]).await)).unwrap();
    assert_eq!(done, serde_json::json!({"done": true}));
    assert_eq!(house.handset.commands.recv().await, Some(LineCommand::OnHook));
    assert!(said_on_failure(&run(&bus, &["line", "off-hook", "front-gate"]).await).contains("only a handset"));
    assert!(said_on_failure(&run(&bus, &["line", "off-hook", "cellar"]).await).contains("desk, front-gate"));
}

#[tokio::test]
async fn watching_a_call_shows_its_turns_until_it_ends() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    let call = house.ring();
    let id = call.id.simple();
    let mut watching = ctl(&bus, &["--json", "call", "watch", &id]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    let first: Value = serde_json::from_str(&lines.next_line().await.unwrap().unwrap()).unwrap();
    assert_eq!((first["event"].as_str(), first["caller"]["number"].as_str()), (Some("began"), Some(NUMBER)));
    let other = house.ring();
    other.turn();
    other.end();
    call.turn();
    call.end();
    let mut events = Vec::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        events.push(serde_json::from_str::<Value>(&line).unwrap());
    }
    assert!(watching.wait().await.unwrap().success());
    let turns: Vec<&Value> = events.iter().filter(|event| event["event"] == "turn").collect();
    assert_eq!(turns.len(), 1, "only this call's");
    assert_eq!((turns[0]["heard"].as_str(), turns[0]["said"].as_str()), (Some(HEARD), Some(SAID)));
    assert!((turns[0]["latency"]["total_ms"].as_f64().unwrap() - 400.0).abs() < 1e-9);
    let last = events.last().unwrap();
    assert_eq!((last["event"].as_str(), last["summary"]["outcome"].as_str()), (Some("ended"), Some("goodbye")));
}

#[tokio::test]
async fn manual_pages_and_completions_are_made_without_a_bus() {
    let mut bus = PrivateBus::open();
    bus.kill();
    let dir = tempfile::tempdir().unwrap();
    out(&run(&bus, &["man", dir.path().to_str().unwrap()]).await);
    assert!(std::fs::read_to_string(dir.path().join("switchhookctl.1")).unwrap().contains("Exit status"));
    assert!(out(&run(&bus, &["completions", "bash"]).await).contains("switchhookctl"));
}

/// What this command does to a scenario while the robot tells that callers asked about dogs, twice, and about parking, once; what was typed answers it.
async fn improve(dir: &std::path::Path, arguments: &[&str], typed: &str) -> String {
    let (bus, mut house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    let candidate = |times, said: &str, near: &str| Candidate { said: vec![said.to_owned()], times, near: vec![near.to_owned()] };
    let found = [candidate(2, "can i bring my dog", "office.md#parking"), candidate(1, "is there space for a lorry", "office.md#parking")];
    let found = found.map(|candidate| Improvement { language: Locale::En, candidate }).to_vec();
    let answers = async { house.improving.recv().await.unwrap().answer.send(Ok(found)).unwrap() };
    let asks = async {
        let mut command = ctl(&bus, &["scenario", "improve"]);
        let mut asks =
            command.arg(dir).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        asks.stdin.take().unwrap().write_all(typed.as_bytes()).await.unwrap();
        asks.wait_with_output().await.unwrap()
    };
    let ((), output) = tokio::join!(answers, asks);
    out(&output)
}

fn reception(dir: &std::path::Path) -> std::path::PathBuf {
    let dir = dir.join("reception");
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/reception");
    let copied = std::process::Command::new("cp").arg("-r").arg(shipped).arg(&dir).status().unwrap();
    assert!(copied.success());
    dir
}

#[tokio::test]
async fn what_callers_wanted_in_vain_is_shown_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let scenario = reception(dir.path());
    let before = std::fs::read_to_string(scenario.join("knowledge/en/office.md")).unwrap();
    let text = improve(&scenario, &[], "").await;
    for shown in ["can i bring my dog", "is there space for a lorry", "office.md#parking"] {
        assert!(text.contains(shown), "{shown} is not in:\n{text}");
    }
    let json: Value = serde_json::from_str(&improve(&scenario, &["--json"], "").await).unwrap();
    assert_eq!((&json[0]["times"], &json[1]["said"][0]), (&Value::from(2), &Value::from("is there space for a lorry")));
    assert_eq!(std::fs::read_to_string(scenario.join("knowledge/en/office.md")).unwrap(), before);
}

#[tokio::test]
async fn what_a_person_accepts_is_knowledge_that_the_robot_answers_from() {
    let dir = tempfile::tempdir().unwrap();
    let scenario = reception(dir.path());
    let typed = "x\nn\nCan I bring my dog?\nDogs\nDogs may come along.\n1\n\n";
    let text = improve(&scenario, &["--accept"], typed).await;
    assert!(text.contains("2 written") && text.contains("one of the characters"), "{text}");
    let read = |page: &str| std::fs::read_to_string(scenario.join("knowledge/en").join(page)).unwrap();
    assert_eq!(read("asked.md"), "## Dogs\n- Can I bring my dog?\n\nDogs may come along.\n");
    assert!(read("office.md").contains("- is there space for a lorry\n\nYou can park"), "{}", read("office.md"));
    let mut chat = std::process::Command::new(env!("CARGO_BIN_EXE_switchhookctl"))
        .args(["scenario", "chat"])
        .arg(&scenario)
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut chat.stdin.take().unwrap(), b"May I bring my dog?\n").unwrap();
    let answered = String::from_utf8(chat.wait_with_output().unwrap().stdout).unwrap();
    assert!(answered.contains("Dogs may come along."), "{answered}");
}

#[tokio::test]
async fn whoever_types_no_more_has_accepted_nothing_more() {
    let dir = tempfile::tempdir().unwrap();
    let scenario = reception(dir.path());
    assert!(improve(&scenario, &["--accept"], "n\n").await.contains("nothing was written"));
    assert!(!scenario.join("knowledge/en/asked.md").exists());
}

#[tokio::test]
async fn who_calls_is_shown_to_whoever_asks_and_the_look_is_on_record() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    let call = house.ring();
    let text = out(&run(&bus, &["call", "show", &call.id.simple()]).await);
    assert!(text.contains(NUMBER) && text.contains("does not know yet that a robot speaks"), "{text}");
    let looks: Value = serde_json::from_str(&out(&run(&bus, &["looks", "--json"]).await)).unwrap();
    assert_eq!((looks[0]["what"].as_str(), looks[1]["what"].as_str()), (Some("Record.Looks"), Some("Call.Caller")), "newest first");
    assert_eq!(looks[1]["call"].as_str(), Some(call.id.simple().as_str()));
    assert!(out(&run(&bus, &["looks"]).await).contains("Call.Caller"));
}

#[tokio::test]
async fn calls_are_watched_without_words_by_those_who_want_none() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    let call = house.ring();
    let id = call.id.simple();
    let mut watching = ctl(&bus, &["call", "watch", &id, "--no-words"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    let mut seen = lines.next_line().await.unwrap().unwrap();
    call.turn();
    call.end();
    while let Some(line) = lines.next_line().await.unwrap() {
        seen.push_str(&line);
    }
    assert!(seen.contains("goodbye") && !seen.contains(NUMBER) && !seen.contains(HEARD), "{seen}");
    assert!(house.records.latest_looks(1).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_logged_is_changed_while_the_robot_runs() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    assert_eq!(out(&run(&bus, &["log"]).await), "info\n");
    assert_eq!(out(&run(&bus, &["log", "warn,lines::sip=debug"]).await), "warn,lines::sip=debug\n");
    assert_eq!(house.logging.levels().to_string(), "warn,lines::sip=debug");
    assert_eq!(run(&bus, &["log", "loud"]).await.status.code(), Some(2));
    let client = api::connect(&bus.bus()).await.unwrap();
    let systemd = |property: &'static str, value: &'static str| {
        let client = client.clone();
        async move {
            let body = ("org.freedesktop.LogControl1", property, zbus::Variant::from(value));
            client.call_method(Some(api::BUS_NAME), api::LOG_PATH, Some("org.freedesktop.DBus.Properties"), "Set", &body).await
        }
    };
    systemd("LogLevel", "debug").await.unwrap();
    assert_eq!(house.logging.levels().to_string(), "debug,lines::sip=debug", "rooms keep theirs");
    assert!(systemd("LogLevel", "loud").await.is_err() && systemd("LogTarget", "kmsg").await.is_err());
}
