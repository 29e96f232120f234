//! Who may do what: every method and every role, with a real polkit, and nothing for who has none.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use futures_util::StreamExt as _;
use switchhook::calls::CallId;
use switchhook::config::Bus;
use switchhook::control::rights::{Deed, Role};
use switchhook::control::{Authority, Control, api, serve};
use switchhook::jobs::{Kind, Stop};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout};
use zbus::Connection;
use zbus::fdo::DBusProxy;

use super::control::{everything, next};
use super::house::{CALLER, HEARD, House, NUMBER, renewed};
use super::polkit::{Person, PolkitBus};

const PEOPLE: [Person; 6] = [
    Person::Root,
    Person::With(Role::Viewer),
    Person::With(Role::Operator),
    Person::With(Role::ComplianceOfficer),
    Person::With(Role::Admin),
    Person::Stranger,
];

const POLKIT: &str = "org.freedesktop.PolicyKit1";

async fn open(house: &mut House) -> (PolkitBus, Control, Connection) {
    let bus = PolkitBus::open();
    house.authority = Authority::Polkit;
    let address = Bus::Address(bus.address.clone());
    let control = serve(&address, house.board.clone(), house.registry.clone(), house.info()).await.unwrap();
    let client = api::connect(&address).await.unwrap();
    let names = DBusProxy::new(&client).await.unwrap();
    let mut owned = names.receive_name_owner_changed().await.unwrap();
    if !names.name_has_owner(POLKIT.try_into().unwrap()).await.unwrap() {
        while owned.next().await.unwrap().args().unwrap().name.as_str() != POLKIT {}
    }
    (bus, control, client)
}

/// A row of the table in the docs.
struct Row {
    method: String,
    action: String,
    /// Viewer, operator, compliance officer, admin.
    may: [bool; 4],
}

fn table() -> Vec<Row> {
    let docs = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rights.md")).unwrap();
    let rows = docs.lines().skip_while(|line| !line.starts_with("| method ")).skip(2).take_while(|line| line.starts_with('|'));
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let [method, action, may @ ..] = &cells[..] else { panic!("{line}") };
        let may: Vec<bool> = may
            .iter()
            .map(|cell| {
                if *cell == "yes" {
                    true
                } else {
                    assert_eq!(*cell, "no");
                    false
                }
            })
            .collect();
        Row { method: (*method).to_owned(), action: (*action).to_owned(), may: may.try_into().unwrap() }
    };
    rows.map(row).collect()
}

/// What `busctl` is told, to do that.
fn words(method: &str, call: CallId, job: u32) -> Vec<String> {
    let object = |path: String, interface: &str, rest: &[&str]| {
        let (_, member) = method.split_once('.').unwrap();
        let words = ["call", api::BUS_NAME, &path, interface, member];
        words.iter().chain(rest).map(|word| (*word).to_owned()).collect()
    };
    let plain = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let call = api::call_path(call);
    match method {
        "ObjectManager.GetManagedObjects" => object(api::ROOT.into(), api::OBJECT_MANAGER, &[]),
        "Properties" => plain(&["get-property", api::BUS_NAME, &call, api::CALL, "State"]),
        "Introspect" => plain(&["introspect", api::BUS_NAME, api::LOG_PATH]),
        "Set" => plain(&["set-property", api::BUS_NAME, api::LOG_PATH, "org.freedesktop.LogControl1", "LogLevel", "s", "info"]),
        "Manager.SetLogLevels" => object(api::ROOT.into(), api::MANAGER, &["s", "info"]),
        "Manager.Follow" | "Manager.Unfollow" | "Manager.ReloadConfiguration" => object(api::ROOT.into(), api::MANAGER, &[]),
        "Call.Transfer" => object(call, api::CALL, &["s", "desk"]),
        "Call.Hangup" | "Call.Follow" | "Call.Unfollow" | "Call.Caller" | "Call.Listen" => object(call, api::CALL, &[]),
        "Line.Place" => object(api::line_path("front-gate"), api::LINE, &["s", "anna"]),
        "Line.OffHook" | "Line.OnHook" => object(api::line_path("desk"), api::LINE, &[]),
        "Task.SetDone" => object(api::TASK_PATH.into(), api::TASK, &["xb", "1", "true"]),
        "Task.Messages" => object(api::TASK_PATH.into(), api::TASK, &["u", "10"]),
        "Record.Reports" | "Record.Unanswered" | "Record.Looks" => object(api::RECORD_PATH.into(), api::RECORD, &["u", "10"]),
        "Record.Export" => object(api::RECORD_PATH.into(), api::RECORD, &["sss", "", "", ""]),
        "Scenario.Reload" | "Scenario.Test" => object(api::SCENARIO_PATH.into(), api::SCENARIO, &[]),
        "Model.Fetch" => object(api::model_path("ears"), api::MODEL, &[]),
        "Job.Cancel" => object(format!("{}/job/{job}", api::ROOT), api::JOB, &[]),
        other => panic!("{other} is in the table, and this test does not know how to ask for it"),
    }
}

/// Whether the bus, the robot and polkit let that person do it, and what was answered.
async fn asks(person: Person, bus: &PolkitBus, words: &[String]) -> (bool, String) {
    let mut command = tokio::process::Command::from(person.runs("busctl"));
    let output = command.arg(format!("--address={}", bus.address)).arg("--timeout=20").args(words).output().await.unwrap();
    let (answer, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let refused = error.contains("may not")
        || error.contains("polkit cannot be asked")
        || error.contains("Access denied")
        || error.contains("rejected send message");
    // Whoever is let in may still be told that it cannot be done now.
    let understood = !["Unknown", "Invalid", "signature"].iter().any(|word| error.contains(word));
    assert!(output.status.success() || refused || (error.starts_with("Call failed: ") && understood), "{person:?} {words:?}: {error}");
    (!refused, format!("{answer}{error}"))
}

/// Every method that there is, by the shipped descriptions.
fn methods() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("dbus")).unwrap() {
        let path = file.unwrap().path();
        let noun = path.file_stem().unwrap().to_str().unwrap().rsplit('.').next().unwrap().to_owned();
        let xml = std::fs::read_to_string(&path).unwrap();
        all.extend(xml.split("<method name=\"").skip(1).map(|rest| format!("{noun}.{}", rest.split('"').next().unwrap())));
    }
    all
}

#[test]
fn the_table_knows_every_method() {
    let known: BTreeSet<String> = table().into_iter().map(|row| row.method).collect();
    let others = ["ObjectManager.GetManagedObjects", "Properties", "Introspect", "Set"].map(ToOwned::to_owned);
    assert_eq!(known, methods().into_iter().chain(others).collect());
}

#[test]
fn the_table_says_what_the_roles_are_for() {
    for row in table() {
        let Some(deed) = Deed::ALL.into_iter().find(|deed| deed.action() == row.action) else {
            assert_eq!(row.method, "Introspect");
            continue;
        };
        assert_eq!(row.may, Role::ALL.map(|role| role.may(deed)), "{}", row.method);
    }
}

/// Polkit tells about others only to root and to whoever owns the action; the tests above ask as root, the robot is none.
#[test]
fn the_robot_may_ask_polkit_about_every_deed() {
    let policy = include_str!("../../../systemd/org.switchhook.Switchhook1.policy");
    for deed in Deed::ALL {
        let (_, action) = policy.split_once(&format!("<action id=\"{}\">", deed.action())).unwrap();
        let (action, _) = action.split_once("</action>").unwrap();
        assert!(action.contains("<annotate key=\"org.freedesktop.policykit.owner\">unix-user:switchhook</annotate>"), "{deed:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_method_is_allowed_or_refused_to_every_role_as_the_table_says() {
    let (mut house, shop) = House::with_a_shop();
    let (bus, _control, _client) = open(&mut house).await;
    shop.open();
    let mut call = house.ring();
    let id = call.id;
    house.had_a_call().await;
    let jobs = house.jobs.clone();
    let (mut reloads, mut improving) = (
        std::mem::replace(&mut house.reloads, tokio::sync::mpsc::channel(1).1),
        std::mem::replace(&mut house.improving, tokio::sync::mpsc::channel(1).1),
    );
    let work = async {
        loop {
            tokio::select! {
                Some(reload) = reloads.recv() => reload.answer.send(Ok(renewed(1, &[]))).unwrap(),
                Some(asked) = improving.recv() => asked.answer.send(Ok(vec![])).unwrap(),
                Some(_) = call.commands.recv() => {}
                Some(_) = house.handset.commands.recv() => {}
            }
        }
    };
    let walk = async {
        let mut wrong = Vec::new();
        for row in table() {
            // Just before it is needed: those that are over are not kept for long.
            let job = jobs.begin(Kind::FetchModel("nose".into()), |_, _| Err(Stop::Failed("no nose".into())));
            let job = job.map_or(1, |job| job.number.get());
            for person in PEOPLE {
                let may = match person {
                    Person::Root => true,
                    Person::With(role) => row.may[Role::ALL.iter().position(|one| *one == role).unwrap()],
                    Person::Stranger => false,
                };
                let (let_in, answer) = asks(person, &bus, &words(&row.method, id, job)).await;
                if let_in != may {
                    wrong.push(format!("{person:?} {}: {answer}", row.method));
                }
                assert!(let_in || ![NUMBER, HEARD, CALLER].iter().any(|word| answer.contains(word)), "{answer}");
            }
        }
        wrong
    };
    tokio::select! {
        () = work => unreachable!("it goes on for ever"),
        wrong = walk => assert!(wrong.is_empty(), "{wrong:#?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_look_at_personal_data_is_on_record() {
    let mut house = House::new();
    let (bus, _control, _client) = open(&mut house).await;
    let call = house.ring();
    let operator = Person::With(Role::Operator);
    for method in ["Call.Caller", "Task.Messages", "Task.SetDone", "Record.Reports"] {
        let (let_in, _) = asks(operator, &bus, &words(method, call.id, 1)).await;
        assert_eq!(let_in, method != "Record.Reports");
    }
    let looks = house.records.latest_looks(10).await.unwrap();
    let seen: Vec<_> = looks.iter().map(|look| (look.by, look.at_what.as_str(), look.call)).collect();
    assert_eq!(seen, [(60_002, "Task.Messages", None), (60_002, "Call.Caller", Some(call.id))], "what was refused was not seen");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_put_on_record_is_not_shown() {
    let mut house = House::new();
    let (bus, _control, _client) = open(&mut house).await;
    let call = house.ring();
    house.records.clone().close().await;
    let (_, answer) = asks(Person::Root, &bus, &words("Call.Caller", call.id, 1)).await;
    assert!(!answer.contains(NUMBER), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_no_role_hears_nothing_and_who_does_not_follow_hears_no_word() {
    let mut house = House::new();
    let (bus, _control, client) = open(&mut house).await;
    let mut told = everything(&client).await;
    api::ManagerProxy::new(&client).await.unwrap().follow().await.unwrap();
    let (mut viewer, mut stranger) = (Ear::of(Person::With(Role::Viewer), &bus.address), Ear::of(Person::Stranger, &bus.address));
    viewer.hears(&client, "Before").await;
    stranger.hears(&client, "Before").await;
    let ringing = house.ring();
    next(&mut told, "CallBegan").await;
    ringing.turn();
    next(&mut told, "Turn").await;
    let heard = viewer.hears(&client, "After").await;
    assert!(heard.contains("CallBegan"), "who has a role sees that there are calls: {heard}");
    assert!(![HEARD, NUMBER, CALLER].iter().any(|word| heard.contains(word)), "{heard}");
    let heard = stranger.hears(&client, "After").await;
    assert!(!heard.contains("switchhook"), "{heard}");
}

/// An ear of somebody on the bus, which prints every signal that it is let to hear.
struct Ear {
    lines: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Ear {
    fn of(person: Person, address: &str) -> Self {
        let mut child = tokio::process::Command::from(person.runs("dbus-monitor"))
            .args(["--address", address, "type='signal'"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self { lines: BufReader::new(child.stdout.take().unwrap()).lines(), _child: child }
    }

    /// Knock on the bus with a signal of that name until the ear hears it; all that it heard before.
    async fn hears(&mut self, client: &Connection, knock: &str) -> String {
        let mut heard = String::new();
        let mut again = tokio::time::interval(Duration::from_millis(20));
        loop {
            tokio::select! {
                line = self.lines.next_line() => {
                    let line = line.unwrap().expect("the ear hears as long as it is");
                    if line.contains(&format!("member={knock}")) {
                        return heard;
                    }
                    heard.push_str(&line);
                }
                _ = again.tick() => client.emit_signal(None::<&str>, "/test", "org.example.Test", knock, &()).await.unwrap(),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_polkit_nobody_but_root_is_let_in() {
    let mut house = House::new();
    let (bus, _control, client) = open(&mut house).await;
    let call = house.ring();
    bus.take_polkit_away();
    let names = DBusProxy::new(&client).await.unwrap();
    while names.name_has_owner(POLKIT.try_into().unwrap()).await.unwrap() {}
    assert!(asks(Person::Root, &bus, &words("Properties", call.id, 1)).await.0);
    let (let_in, answer) = asks(Person::With(Role::Operator), &bus, &words("Call.Caller", call.id, 1)).await;
    assert!(!let_in && answer.contains("systemctl status polkit"), "{answer}");
}
