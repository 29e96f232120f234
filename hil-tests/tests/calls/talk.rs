//! What is said, and what becomes of it.

use switchhook::config::Secret;
use switchhook::records::{Message, Records};
use switchhook_hil::bench::{House, Settings, Visit, binary, until};
use switchhook_hil::caller::{End, KeyAt, When};
use switchhook_hil::demo::conversation;
use switchhook_models::{Language, Locale};

use super::{SECOND, SOON, open, plain, words};

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_is_told_that_a_robot_speaks_and_gets_the_answer_from_the_offices_knowledge() {
    let (_place, house) = open(&plain()).await;
    let call = house.call(Visit::saying(&["02-af_sarah", "23-am_fenrir"])).await.unwrap();
    assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
    assert!(call.report.turns.iter().all(|turn| turn.latency_ms.is_some()), "{:?}", call.report);
    let heard = words(&call);
    let (disclosed, answered) = (heard.find("automated"), heard.find("saturday"));
    assert!(disclosed.is_some() && disclosed < answered, "{heard}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_speaks_mandarin_is_answered_in_it_and_leaves_a_message_for_whom_they_named_in_the_office_s_script() {
    // The caller says 陳小姐, which sounds just so.
    let (_place, mut house) = open(&Settings { colleagues: &["陳曉潔", "王建國"], ..Settings::speaking(Locale::ZhTw) }).await;
    let conversation = &conversation(Locale::ZhTw).exchanges;
    let said: Vec<_> = [0, 3, 4, 5, 6].map(|at| conversation[at].speech).into();
    let call = house.call(Visit::saying(&said)).await.unwrap();
    assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
    let heard = switchhook_hil::ear::words(&call.tracks.heard, Language::Zh).unwrap();
    let (disclosed, answered) = (heard.find("机器人"), heard.find("星期六"));
    assert!(disclosed.is_some() && disclosed < answered, "{heard}");
    let messages = messages(&mut house).await;
    assert_eq!(messages.len(), 1, "{heard}");
    assert!(messages[0].confirmed && messages[0].text.contains("電話"), "{heard}");
    assert_eq!((messages[0].recipient.as_str(), messages[0].callback.as_deref()), ("陳曉潔", Some("0227345678")), "{heard}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_caller_wanted_in_vain_is_shown_to_whoever_asks_what_to_improve() {
    let (_place, house) = open(&plain()).await;
    let call = house.call(Visit::saying(&["20-af_sarah", "02-af_sarah", "23-am_fenrir"])).await.unwrap();
    assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/../daemon/scenarios/reception");
    let mut improve = tokio::process::Command::new(binary("switchhookctl").unwrap());
    let told = improve.args(["--bus", house.bus_address(), "--json", "scenario", "improve", scenario]).output().await.unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    let said = told[0]["said"][0].as_str().unwrap_or_default().to_lowercase();
    assert!(told.as_array().is_some_and(|all| all.len() == 1) && said.contains("name"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_over_tcp_is_a_call_like_any_other() {
    let (_place, house) = open(&plain()).await;
    let call = house.call(Visit::saying(&["03-bm_george", "23-am_fenrir"]).over_tcp()).await.unwrap();
    assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
    assert!(words(&call).contains("station road"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_on_a_bad_network_is_understood_all_the_same() {
    let (_place, house) = open(&plain()).await;
    let visit = Visit::saying(&["14-af_sarah", "23-am_fenrir"]).on_a_bad_network(0.05);
    let call = house.call(visit).await.unwrap();
    assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
    assert!(words(&call).contains("card"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_interrupts_is_given_the_word() {
    let (_place, house) = open(&plain()).await;
    let visit = Visit::saying(&["13-am_michael", "03-bm_george", "23-am_fenrir"]).who(|plan| plan.interrupt = Some(SECOND));
    let call = house.call(visit).await.unwrap();
    let interrupting = &call.report.turns[1];
    // The robot was speaking, and fell silent before the caller had finished: it did not speak on to its own end.
    let stopped = interrupting.robot_stopped_after_ms.expect("the robot was speaking when the caller began");
    let spoke_for = interrupting.said_to_ms - interrupting.said_from_ms;
    assert!(stopped < spoke_for, "stopped after {stopped} ms of {spoke_for} ms");
    assert!(words(&call).contains("station road"), "the interrupting question was answered");
}

/// The record, once the robot has closed it.
pub(super) async fn records(house: &mut House) -> Records {
    let (path, key) = house.records();
    let (path, key) = (path.to_owned(), Secret::new(key));
    house.process.terminate().unwrap();
    assert!(house.process.ended(SOON).await.unwrap().success());
    Records::open(&path, &key).unwrap()
}

pub(super) async fn messages(house: &mut House) -> Vec<Message> {
    let tasks = records(house).await.latest_messages(10).await.unwrap();
    tasks.into_iter().map(|task| task.message).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_confirmed_is_on_record_for_whom_the_office_calls_by_that_name() {
    // No recogniser writes the name so.
    let (_place, house) = open(&Settings { colleagues: &["Maria Chenn", "Robert Miller"], ..plain() }).await;
    let speech = ["04-bf_emma", "05-am_fenrir", "06-af_nicole", "23-am_fenrir"];
    let call = house.call(Visit::saying(&speech)).await.unwrap();
    assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
    let mut house = house;
    let records = records(&mut house).await;
    let messages = records.latest_messages(10).await.unwrap();
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!(messages[0].message.recipient, "Maria Chenn", "{messages:?}");
    let calls = records.calls(10).await.unwrap();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].disclosures.len(), 1, "the disclosure is on record");
    assert!(!records.turns(calls[0].record.id).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_puts_the_phone_down_in_the_middle_of_a_message_has_left_it() {
    let (_place, mut house) = open(&plain()).await;
    let visit = Visit::saying(&["04-bf_emma", "05-am_fenrir"]).who(|plan| plan.hangs_up_speaking = true);
    assert_eq!(house.call(visit).await.unwrap().report.end, End::Caller);
    let messages = messages(&mut house).await;
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert!(messages[0].text.to_lowercase().contains("back on"), "{messages:?}");
    assert_eq!(messages[0].callback.as_deref(), Some("025551234"), "{messages:?}");
    assert!(!messages[0].confirmed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_wants_a_person_at_once_and_finds_none_is_told_everything_and_heard() {
    let (_place, mut house) = open(&plain()).await;
    let zero = KeyAt { key: '0', when: When::At(SECOND) };
    let visit = Visit::saying(&["05-am_fenrir", "06-af_nicole", "23-am_fenrir"]).who(|plan| plan.keys = vec![zero]);
    let call = house.call(visit).await.unwrap();
    assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
    let heard = words(&call);
    assert!(heard.contains("automated") && heard.contains("nobody can take your call"), "{heard}");
    let messages = messages(&mut house).await;
    assert!(messages.len() == 1 && messages[0].confirmed, "{messages:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_caller_says_is_not_in_the_journal_whatever_is_written_there() {
    let (_place, house) = open(&Settings { log_levels: "trace", ..plain() }).await;
    house.call(Visit::saying(&["02-af_sarah", "04-bf_emma", "05-am_fenrir", "23-am_fenrir"])).await.unwrap();
    until("the call is over", SOON, async || house.calls().await.is_ok_and(|calls| calls == 0).then_some(())).await.unwrap();
    let journal = house.process.output().to_lowercase();
    assert!(journal.contains("call"), "there is a journal");
    for word in ["saturday", "maria", "chen", "call me back", "caller@", "025551234", "555 1234", "555-1234", "five five five"] {
        assert!(!journal.contains(word), "{word:?} is in the journal");
    }
}

/// The scenario that reminds of appointments, whose calls this caller answers at any hour.
fn reminding(of: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../daemon/scenarios/reminder");
    for file in ["scenario.yaml", "lang/en.ftl", "lang/en.yaml", "knowledge/en/calls.md"] {
        let text = std::fs::read_to_string(shipped.join(file)).unwrap();
        let text = text.replace("direction: outbound\n", "direction: outbound\ncall-hours: {mon-sun: \"00:00-23:59\"}\n");
        std::fs::create_dir_all(dir.path().join(file).parent().unwrap()).unwrap();
        std::fs::write(dir.path().join(file), text).unwrap();
    }
    std::fs::write(dir.path().join("calls.csv"), of).unwrap();
    dir
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_reminded_hears_of_what_only_once_they_said_that_it_is_them() {
    let scenario = reminding("number,name,when\ncaller,Maria Chen,2099-11-27T10:00\n");
    let (_place, house) = open(&Settings { scenario: Some(scenario.path().to_owned()), ..plain() }).await;
    let key = |key, turn| KeyAt { key, when: When::AfterTurn(turn) };
    let visit = Visit::saying(&[]).who(|plan| plan.keys = vec![key('1', 0)]);
    let call = house.call(visit).await.unwrap();
    let heard = words(&call);
    let (disclosed, asked, told) = (heard.find("automated"), heard.find("speaking with maria"), heard.find("november"));
    assert!(disclosed.is_some() && disclosed < asked && asked < told, "{heard}");
}
