//! Calls that an operator listens to, or asks for.

use std::path::Path;
use std::process::Output;

use jiff::Timestamp;
use serde_json::Value;
use switchhook::control::api::{self, CallProxy};
use switchhook::policy::Ground;
use switchhook_hil::bench::{Agent, Answers, Gateway, House, Place, Settings, Visit, binary, speech, until};
use switchhook_hil::caller::{Call, End, Utterance};
use switchhook_hil::ear;
use switchhook_models::Language;
use tokio::process::Command;

use super::talk::records;
use super::{SECOND, SOON, open, plain, words};

async fn ctl(house: &House, arguments: &[&str]) -> Output {
    let mut ctl = Command::new(binary("switchhookctl").unwrap());
    ctl.args(["--bus", house.bus_address(), "--json"]).args(arguments).output().await.unwrap()
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What stands in the file that an operator wrote: the left and the right side.
fn sides(path: &Path) -> (Vec<i16>, Vec<i16>) {
    let file = std::fs::read(path).unwrap();
    let data = file.windows(4).position(|id| id == b"data").unwrap();
    assert!(String::from_utf8_lossy(&file[..data]).contains("AI-generated"), "it says that a machine speaks");
    let samples = file[data + 8..].chunks_exact(4);
    samples.map(|both| (i16::from_le_bytes([both[0], both[1]]), i16::from_le_bytes([both[2], both[3]]))).unzip()
}

/// The object of the only call, once there is one.
async fn the_call(house: &House) -> CallProxy<'static> {
    let connection = house.connection();
    let manager = zbus::fdo::ObjectManagerProxy::builder(connection).destination(api::BUS_NAME).path(api::ROOT).build().await.unwrap();
    let path = until("a call is on", SOON, async || {
        let objects = manager.get_managed_objects().await.ok()?;
        objects.into_iter().find(|(_, all)| all.keys().any(|name| name.as_str() == api::CALL)).map(|(path, _)| path)
    });
    CallProxy::builder(connection).path(path.await.unwrap()).build().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_listens_hears_the_caller_on_the_left_and_the_robot_on_the_right_and_who_does_not_read_disturbs_nobody() {
    let (place, house) = open(&plain()).await;
    let file = place.join("call.wav");
    let listens = async {
        let call = the_call(&house).await;
        // Somebody who begins to listen, and never does.
        let stuck = call.listen().await.unwrap();
        let told = json(&ctl(&house, &["call", "listen", "--to", file.to_str().unwrap()]).await);
        drop(stuck);
        told
    };
    let (call, told) = tokio::join!(house.call(Visit::saying(&["02-af_sarah", "23-am_fenrir"])), listens);
    let call = call.unwrap();
    assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
    assert_eq!(told["end"], "over");
    let heard = words(&call);
    assert!(heard.contains("saturday"), "{heard}");
    let (left, right) = sides(&file);
    assert_eq!(told["seconds"].as_f64(), Some(left.len() as f64 / SECOND as f64));
    let caller = ear::words(&left, Language::En).unwrap().to_lowercase();
    let robot = ear::words(&right, Language::En).unwrap().to_lowercase();
    assert!(caller.contains("are you open") && !caller.contains("automated"), "the caller: {caller}");
    assert!(robot.contains("automated") && robot.contains("saturday") && !robot.contains("are you open"), "the robot: {robot}");
    // The robot begins before they are told, the caller after it.
    let begins = |side: &[i16]| side.iter().position(|sample| sample.unsigned_abs() > 1_000);
    assert!(begins(&right) < begins(&left), "{:?} {:?}", begins(&right), begins(&left));
    let mut house = house;
    let looks = records(&mut house).await.latest_looks(10).await.unwrap();
    assert_eq!(looks.iter().filter(|look| look.at_what == "Call.Listen" && look.call.is_some()).count(), 2, "{looks:?}");
}

/// A visitor who stays on the line, and what the commands tell of their call, which they name.
async fn visited<T>(house: &House, commands: impl AsyncFnOnce(String) -> T) -> (Call, T) {
    let visit = Visit::saying(&["02-af_sarah"]).who(|plan| plan.leave_after = None);
    let (call, told) = tokio::join!(house.call(visit), async {
        let call = the_call(house).await;
        until("the caller knows that a robot speaks", 2 * SOON, async || call.disclosed().await.ok().filter(|told| *told)).await.unwrap();
        commands(call.id().await.unwrap()).await
    });
    (call.unwrap(), told)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_who_passes_a_call_on_is_told_when_the_person_has_it() {
    let place = Place::new().unwrap();
    let mut agent = Agent::start(&place, &speech("18-af_nicole")).await.unwrap();
    let house = House::open(&place, &Settings { person: Some(agent.address()), ..plain() }).await.unwrap();
    let passed = visited(&house, async |id| json(&ctl(&house, &["call", "transfer", &id, "front-desk", "--wait"]).await));
    let (call, told) = passed.await;
    assert_eq!((call.report.end, &told["end"]), (End::Transferred, &"accepted".into()), "{:?}", call.report);
    agent.answered(SOON).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_is_told_that_nobody_took_the_call_and_ends_it() {
    let place = Place::new().unwrap();
    let nobody = format!("sip:nobody@127.0.0.1:{}", switchhook_hil::bench::free_port().unwrap());
    let house = House::open(&place, &Settings { person: Some(nobody), ..plain() }).await.unwrap();
    let ended = visited(&house, async |id| {
        let why = refused(&ctl(&house, &["call", "transfer", &id, "front-desk", "--wait"]).await);
        (why, json(&ctl(&house, &["call", "hangup", &id, "--wait"]).await))
    });
    let (call, (why, told)) = ended.await;
    assert!(why.contains("(unanswered)"), "{why}");
    assert_eq!((call.report.end, &told["summary"]["outcome"]), (End::Robot, &"hung-up-by-admin".into()), "{:?}", call.report);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_is_told_that_a_colleague_who_heard_what_it_is_about_declined() {
    let place = Place::new().unwrap();
    let silent = Utterance { name: "silent".into(), samples: vec![0; 60 * SECOND] };
    let mut agent = Agent::who(&place, &silent, Answers::Always).await.unwrap();
    let settings = Settings { person: Some(agent.address()), announced: true, ..plain() };
    let house = House::open(&place, &settings).await.unwrap();
    let declined = visited(&house, async |id| {
        let transfer = ["call", "transfer", &id, "front-desk", "--wait"];
        let (output, pressed) = tokio::join!(ctl(&house, &transfer), async {
            agent.answered(2 * SOON).await?;
            agent.has_heard(std::time::Duration::from_secs(1), 2 * SOON).await?;
            agent.presses('2').await
        });
        pressed.unwrap();
        let why = refused(&output);
        let _ = json(&ctl(&house, &["call", "hangup", &id, "--wait"]).await);
        why
    });
    let (_, why) = declined.await;
    assert!(why.contains("(declined)"), "{why}");
}

/// Somebody who says goodbye some time after they answered.
fn who_says_goodbye(after: usize) -> Utterance {
    let goodbye = Utterance::read(&speech("23-am_fenrir")).unwrap();
    let again = [goodbye.samples.clone(), vec![0; 6 * SECOND]].concat().repeat(10);
    Utterance { samples: [vec![0; after * SECOND], again].concat(), ..goodbye }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_the_office_s_people_is_called_hears_first_that_a_robot_speaks_and_talks_with_it() {
    let place = Place::new().unwrap();
    let mut agent = Agent::who(&place, &who_says_goodbye(14), Answers::Always).await.unwrap();
    let mut house = House::open(&place, &Settings { person: Some(agent.address()), ..plain() }).await.unwrap();
    let told = json(&ctl(&house, &["call", "place", "front-desk", "--wait"]).await);
    assert_eq!((&told["summary"]["outcome"], &told["summary"]["direction"]), (&"goodbye".into(), &"placed".into()), "{told}");
    agent.is_over(SOON).await.unwrap();
    let heard = ear::words(&agent.heard().unwrap(), Language::En).unwrap().to_lowercase();
    let (disclosed, office) = (heard.find("automated"), heard.find("station road"));
    assert!(disclosed.is_some_and(|at| at < 40) && disclosed < office && heard.contains("bye"), "{heard}");
    let records = records(&mut house).await;
    let calls = records.calls(10).await.unwrap();
    assert_eq!((calls.len(), calls[0].record.permit, calls[0].disclosures.len()), (1, Some(Ground::Colleague), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_called_whom_the_configuration_does_not_list_and_no_telephone_rings() {
    let place = Place::new().unwrap();
    let mut agent = Agent::who(&place, &who_says_goodbye(0), Answers::Always).await.unwrap();
    let mut house = House::open(&place, &plain()).await.unwrap();
    for (whom, help) in
        [(agent.address().as_str(), "may_call"), ("112", "emergencies"), ("+49 30 1234567", "may_call"), ("anna", "[people]")]
    {
        let said = refused(&ctl(&house, &["call", "place", whom]).await);
        assert!(said.contains(help), "{whom}: {said}");
    }
    assert!(agent.rang(1, std::time::Duration::ZERO).await.is_err(), "a telephone rang");
    assert!(records(&mut house).await.calls(10).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_want_the_call_is_why_the_command_fails() {
    let place = Place::new().unwrap();
    let mut agent = Agent::who(&place, &who_says_goodbye(0), Answers::Never).await.unwrap();
    let house = House::open(&place, &Settings { person: Some(agent.address()), ..plain() }).await.unwrap();
    let (output, declined) = tokio::join!(ctl(&house, &["call", "place", "front-desk", "--wait"]), async {
        agent.rang(1, SOON).await?;
        agent.declines().await
    });
    declined.unwrap();
    let said = refused(&output);
    assert!(said.contains("busy") || said.contains("declined"), "{said}");
}

/// A time zone in which it is noon.
fn where_it_is_noon() -> String {
    let hour = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).hour();
    match 12 - hour {
        0 => "Etc/UTC".to_owned(),
        east if east > 0 => format!("Etc/GMT-{east}"),
        west => format!("Etc/GMT+{}", -west),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_number_is_dialled_at_the_gateway_whose_answer_is_told() {
    let place = Place::new().unwrap();
    let gateway = Gateway::start(&place, "robot", "secret").await.unwrap();
    let register = Some((gateway.port(), "robot".to_owned(), "secret".to_owned()));
    let may_call = vec!["+49 30 1234567".to_owned()];
    let settings = Settings { register, may_call, time_zone: Some(where_it_is_noon()), ..plain() };
    let mut house = House::open(&place, &settings).await.unwrap();
    // The gateway knows the robot alone.
    let said = refused(&ctl(&house, &["call", "place", "+4930-1234567", "--wait"]).await);
    assert!(said.contains("unreachable"), "{said}");
    let calls = records(&mut house).await.calls(10).await.unwrap();
    assert_eq!((calls[0].record.permit, calls[0].record.number.as_deref()), (Some(Ground::OwnNumber), Some("+49301234567")));
    assert!(!house.process.output().contains("1234567"), "a number in the journal");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_number_is_not_called_on_a_line_without_a_gateway() {
    let may_call = vec!["+49 30 1234567".to_owned()];
    let (_place, house) = open(&Settings { may_call, time_zone: Some(where_it_is_noon()), ..plain() }).await;
    let said = refused(&ctl(&house, &["call", "place", "+49301234567"]).await);
    assert!(said.contains("registers nowhere"), "{said}");
}
