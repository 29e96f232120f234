#![allow(clippy::unwrap_used, clippy::expect_used)]

mod disk;
mod export;
mod schema;

use std::fs;
use std::future::Future;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::{Command, Stdio};
use std::task::{Context, Waker};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::TempDir;

use super::open::{self, MIGRATIONS, NEWEST, beside};
use super::store::QUEUE;
use super::*;
use crate::config::{Generation, Secret};
use crate::dialog::report::{Goal, HandOver, HandOverEnd, Missed, Rating, Tag};
use crate::records::CallId;

const PATH_OF_CHILD: &str = "SWITCHHOOK_TEST_RECORDS";

fn key() -> Secret {
    Secret::new("a key of the tests, which is 44 characters..")
}

fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("records.db");
    (folder, path)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_microsecond(1_800_000_000_000_000 + second * 1_000_000).unwrap()
}

fn a_call() -> CallRecord {
    CallRecord {
        id: CallId::new(),
        line: "office".into(),
        number: Some("+441632960001".into()),
        name: Some("Henrietta Fothergill".into()),
        scenario: "reception".into(),
        scenario_version: "0f".repeat(32),
        generation: Some(Generation::FIRST),
        permit: None,
        started: at(0),
    }
}

fn a_disclosure() -> DisclosureRecord {
    DisclosureRecord { text: "You are speaking with a machine".into(), language: "en".into(), started: at(1), ended: at(5) }
}

fn a_turn(index: u32) -> TurnRecord {
    TurnRecord {
        index,
        at: at(10 + i64::from(index)),
        heard: Some("when do you open on Whitsunday".into()),
        confidence: 0.875,
        understood: "hours".into(),
        action: "answer".into(),
        said: "We are closed on Whitsunday".into(),
        source: Some("hours.md#holidays".into()),
        latency: Some(Duration::from_millis(480)),
    }
}

fn a_message(text: &str) -> Message {
    Message {
        recipient: "the treasurer".into(),
        from: "Henrietta Fothergill".into(),
        callback: Some("01632960001".into()),
        text: text.into(),
        confirmed: true,
        at: at(40),
        about: "call-back".into(),
        promised: Some(at(4_000)),
    }
}

fn a_consent() -> Consent {
    Consent {
        purpose: ConsentPurpose::Recording,
        question: "May I keep the sound of this call?".into(),
        answer: "yes by all means".into(),
        granted: true,
        at: at(8),
    }
}

fn a_report() -> Report {
    Report {
        goal: Goal::Reached(vec!["booked".into(), "answered".into()]),
        hand_overs: vec![
            HandOver { to: "boss".into(), end: HandOverEnd::Declined, waited: Duration::from_millis(12_340) },
            HandOver { to: "front-desk".into(), end: HandOverEnd::Accepted, waited: Duration::from_secs(3) },
        ],
        errands: vec![
            Errand {
                flow: "book".into(),
                result: Some("booked".into()),
                told: serde_json::json!({ "when": "2026-12-03T14:30:00+08:00", "party": 2 }).as_object().unwrap().clone(),
            },
            Errand { flow: "cancel".into(), result: None, told: serde_json::Map::new() },
        ],
        complaint: true,
        satisfaction: Rating::new(4),
        summary: "Henrietta wants the roof mended.".into(),
        tags: vec![Tag::DeadAir, Tag::Misheard],
    }
}

#[tokio::test]
async fn what_became_of_a_call_is_read_back_and_goes_with_the_call() {
    let (_folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    let (first, second) = (a_call(), a_call());
    for call in [&first, &second] {
        records.begin_call(call.clone()).await.unwrap();
    }
    records.report(first.id, a_report()).await.unwrap();
    assert_eq!(records.report_of(first.id).await.unwrap(), Some(a_report()));
    assert_eq!(records.report_of(second.id).await.unwrap(), None);
    let missed = Report { goal: Goal::Missed(Missed::LeftHalfway), satisfaction: None, ..a_report() };
    records.report(second.id, missed.clone()).await.unwrap();
    let latest = records.latest_reports(5).await.unwrap();
    assert_eq!(
        latest.iter().map(|(call, report)| (call.record.id, report)).collect::<Vec<_>>(),
        [(second.id, &missed), (first.id, &a_report())]
    );
    assert!(records.report(first.id, a_report()).await.is_err(), "it is told once");
    let erase = format!("DELETE FROM calls WHERE id = '{}'", first.id.simple());
    records.run(move |db| db.execute_batch(&erase)).await.unwrap();
    let left = records
        .run(|db| {
            db.query_row("SELECT (SELECT count(*) FROM errands), (SELECT count(*) FROM tags)", [], |row| Ok((row.get(0)?, row.get(1)?)))
        })
        .await;
    assert_eq!(left.unwrap(), (2, 2), "what a caller wants forgotten is forgotten whole");
}

#[tokio::test]
async fn what_was_recorded_is_read_back_after_a_restart() {
    let (_folder, path) = folder();
    let (call, message) = (a_call(), a_message("the roof leaks"));
    let records = Records::open(&path, &key()).unwrap();
    records.begin_call(call.clone()).await.unwrap();
    records.disclosed(call.id, a_disclosure()).await.unwrap();
    records.consent(call.id, a_consent()).await.unwrap();
    records.turn(call.id, a_turn(1)).await.unwrap();
    records.turn(call.id, TurnRecord { heard: None, source: None, latency: None, ..a_turn(2) }).await.unwrap();
    let number = records.message(call.id, message.clone()).await.unwrap();
    records.end_call(call.id, "message-taken", at(60)).await.unwrap();
    records.close().await;

    let records = Records::open(&path, &key()).unwrap();
    let entry = records.call(call.id).await.unwrap().unwrap();
    assert_eq!(entry.record, call);
    assert_eq!(entry.disclosures, [a_disclosure()]);
    assert_eq!(entry.consents, [a_consent()]);
    assert_eq!(entry.ending, Some(Ending { outcome: "message-taken".into(), at: at(60) }));
    assert_eq!(records.turns(call.id).await.unwrap(), [a_turn(1), TurnRecord { heard: None, source: None, latency: None, ..a_turn(2) }]);
    assert_eq!(records.messages(call.id).await.unwrap(), [Task { number, call: call.id, message, done: None }]);
    records.verify().await.unwrap();
}

#[tokio::test]
async fn the_newest_calls_and_messages_come_first() {
    let (_folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    let mut calls = Vec::new();
    for text in ["one", "two", "three"] {
        let call = a_call();
        records.begin_call(call.clone()).await.unwrap();
        records.message(call.id, a_message(text)).await.unwrap();
        calls.push(call.id);
    }
    let ids: Vec<_> = records.calls(2).await.unwrap().into_iter().map(|entry| entry.record.id).collect();
    assert_eq!(ids, [calls[2], calls[1]]);
    let texts: Vec<_> = records.latest_messages(2).await.unwrap().into_iter().map(|task| task.message.text).collect();
    assert_eq!(texts, ["three", "two"]);
}

#[tokio::test]
async fn a_call_that_never_began_has_no_record_to_write_to() {
    let (_folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    let nobody = CallId::new();
    assert!(matches!(records.turn(nobody, a_turn(1)).await, Err(RecordsError::UnknownCall(id)) if id == nobody));
    assert!(matches!(records.message(nobody, a_message("x")).await, Err(RecordsError::UnknownCall(_))));
    assert!(matches!(records.end_call(nobody, "goodbye", at(1)).await, Err(RecordsError::UnknownCall(_))));
    assert_eq!(records.call(nobody).await.unwrap(), None);
}

#[tokio::test]
async fn what_was_heard_in_vain_is_found_by_its_scenario_and_its_time() {
    let (_folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    let nothing = |index, heard: &str| TurnRecord { heard: Some(heard.into()), understood: "nothing".into(), ..a_turn(index) };
    let old = CallRecord { started: at(-3_600), ..a_call() };
    let (new, elsewhere) = (a_call(), CallRecord { scenario: "survey".into(), ..a_call() });
    for (call, heard) in [(&old, "an old one"), (&new, "may I bring my dog"), (&elsewhere, "another scenario's")] {
        records.begin_call(call.clone()).await.unwrap();
        records.turn(call.id, nothing(1, heard)).await.unwrap();
    }
    for turn in [a_turn(2), nothing(3, "the latest"), nothing(4, "")] {
        records.turn(new.id, turn).await.unwrap();
    }
    assert_eq!(records.not_understood("reception", at(0), 10).await.unwrap(), ["the latest", "may I bring my dog"]);
    assert_eq!(records.not_understood("reception", at(-7_200), 1).await.unwrap(), ["the latest"]);
}

#[tokio::test]
async fn the_first_ending_of_a_call_stands() {
    let (_folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    let call = a_call();
    records.begin_call(call.clone()).await.unwrap();
    records.end_call(call.id, "goodbye", at(20)).await.unwrap();
    records.end_call(call.id, "fault", at(30)).await.unwrap();
    assert_eq!(records.call(call.id).await.unwrap().unwrap().ending, Some(Ending { outcome: "goodbye".into(), at: at(20) }));
}

#[tokio::test]
async fn no_word_of_a_call_stands_on_the_disk_in_the_clear() {
    let (folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    let call = a_call();
    records.begin_call(call.clone()).await.unwrap();
    records.disclosed(call.id, a_disclosure()).await.unwrap();
    records.turn(call.id, a_turn(1)).await.unwrap();
    records.consent(call.id, a_consent()).await.unwrap();
    records.message(call.id, a_message("the roof leaks over the vault")).await.unwrap();
    let nothing_in_the_clear = || {
        let id = call.id.simple();
        let words =
            ["Fothergill", "441632960001", "machine", "Whitsunday", "by all means", "roof leaks", "CREATE TABLE", &id, "SQLite format"];
        let mut seen = 0;
        for file in fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap().path();
            let bytes = fs::read(&file).unwrap();
            seen += bytes.len();
            for word in words {
                assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word:?} is in {}", file.display());
            }
        }
        assert!(seen > 4096, "nothing was written at all");
    };
    assert!(fs::metadata(beside(&path, "-wal")).unwrap().len() > 0, "the -wal is looked at too");
    nothing_in_the_clear();
    records.close().await;
    nothing_in_the_clear();
}

#[tokio::test]
async fn only_the_service_may_read_the_files() {
    let (folder, path) = folder();
    fs::write(&path, b"").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let records = Records::open(&path, &key()).unwrap();
    records.begin_call(a_call()).await.unwrap();
    let mut files = 0;
    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{}", file.path().display());
        files += 1;
    }
    assert_eq!(files, 4, "database, -wal, -shm and .lock");
}

#[tokio::test]
async fn another_key_opens_nothing_and_changes_nothing() {
    let (_folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    records.begin_call(a_call()).await.unwrap();
    records.close().await;
    let before = fs::read(&path).unwrap();
    let error = Records::open(&path, &Secret::new("another key of the tests, as long as it was")).err().unwrap();
    assert!(matches!(error, RecordsError::WrongKey { .. }), "{error}");
    assert!(error.to_string().contains("restore a backup"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
    Records::open(&path, &key()).unwrap();
}

#[tokio::test]
async fn a_short_key_is_refused_before_anything_is_written() {
    let (_folder, path) = folder();
    let error = Records::open(&path, &Secret::new("hunter2")).err().unwrap();
    assert!(matches!(error, RecordsError::WeakKey(_)));
    let said = error.to_string();
    assert!(said.contains("openssl rand") && !said.contains("hunter2"), "{said}");
    assert_eq!(fs::read(&path).unwrap(), b"");
}

#[tokio::test]
async fn damage_is_told_from_a_wrong_key() {
    let (_folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    records.begin_call(a_call()).await.unwrap();
    records.close().await;
    let whole = fs::read(&path).unwrap();

    let mut first_page = whole.clone();
    first_page[2000] ^= 1;
    fs::write(&path, &first_page).unwrap();
    assert!(matches!(Records::open(&path, &key()).err().unwrap(), RecordsError::Damaged { .. }));

    fs::write(&path, &whole[..10]).unwrap();
    assert!(matches!(Records::open(&path, &key()).err().unwrap(), RecordsError::Damaged { .. }));
}

#[tokio::test]
async fn damage_deep_in_the_file_is_found_by_verifying_and_by_reading() {
    let (_folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    let call = a_call();
    records.begin_call(call.clone()).await.unwrap();
    for index in 0..200 {
        records.turn(call.id, a_turn(index)).await.unwrap();
    }
    records.end_call(call.id, "goodbye", at(300)).await.unwrap();
    records.close().await;
    let mut bytes = fs::read(&path).unwrap();
    let deep = bytes.len() - 2000;
    bytes[deep] ^= 1;
    fs::write(&path, &bytes).unwrap();

    let records = Records::open(&path, &key()).unwrap();
    assert!(matches!(records.verify().await, Err(RecordsError::Damaged { .. })));
    let read = records.turns(call.id).await;
    assert!(matches!(read, Err(RecordsError::Damaged { .. })), "{read:?}");
}

#[test]
fn a_database_in_the_clear_is_not_taken() {
    let (_folder, path) = folder();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE calls (id TEXT)").unwrap();
    assert!(matches!(Records::open(&path, &key()).err().unwrap(), RecordsError::Unencrypted { .. }));
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let error = Records::open(Path::new("/nonexistent/switchhook/records.db"), &key()).err().unwrap();
    assert!(error.to_string().contains("/nonexistent/switchhook"), "{error}");
}

#[tokio::test]
async fn a_second_daemon_is_refused_and_does_not_end_the_calls_of_the_first() {
    let (_folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    let call = a_call();
    records.begin_call(call.clone()).await.unwrap();
    assert!(matches!(Records::open(&path, &key()).err().unwrap(), RecordsError::InUse { .. }));
    assert_eq!(records.call(call.id).await.unwrap().unwrap().ending, None);
}

#[tokio::test]
async fn two_handles_write_at_once_and_nothing_is_lost() {
    let (_folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    let call = a_call();
    records.begin_call(call.clone()).await.unwrap();
    let writers = [0, 100].map(|first| {
        let (records, call) = (records.clone(), call.id);
        tokio::spawn(async move {
            for index in first..first + 50 {
                records.turn(call, a_turn(index)).await.unwrap();
            }
        })
    });
    for writer in writers {
        writer.await.unwrap();
    }
    let indices: Vec<_> = records.turns(call.id).await.unwrap().into_iter().map(|turn| turn.index).collect();
    assert_eq!(indices, (0..50).chain(100..150).collect::<Vec<_>>());
}

#[tokio::test]
async fn closing_does_what_was_asked_before_and_refuses_what_comes_after() {
    let (_folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    let other = records.clone();
    let call = a_call();
    let mut begins = pin!(other.begin_call(call.clone()));
    assert!(begins.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    records.close().await;
    begins.await.unwrap();
    assert!(matches!(other.calls(1).await, Err(RecordsError::Closed)));
    assert!(Records::open(&path, &key()).unwrap().call(call.id).await.unwrap().is_some());
}

#[tokio::test]
async fn a_commit_reaches_the_disk_before_it_returns() {
    let (_folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    for (setting, wanted) in
        [("synchronous", "2"), ("journal_mode", "wal"), ("foreign_keys", "1"), ("secure_delete", "1"), ("cipher_memory_security", "1")]
    {
        let found = records
            .run(move |db| {
                db.query_row(&format!("PRAGMA {setting}"), [], |row| {
                    Ok(match row.get_ref(0)? {
                        rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                        other => other.as_str()?.to_owned(),
                    })
                })
            })
            .await
            .unwrap();
        assert_eq!(found, wanted, "{setting}");
    }
}

/// Runs in a process of its own, as the next test's victim: writes for ever, and says what was acknowledged.
#[tokio::test]
#[ignore = "another test starts it"]
async fn a_victim_writes_until_it_is_killed() {
    let Some(path) = std::env::var_os(PATH_OF_CHILD) else { return };
    let records = Records::open(Path::new(&path), &key()).unwrap();
    let call = a_call();
    records.begin_call(call.clone()).await.unwrap();
    let mut out = std::io::stdout();
    writeln!(out, "\ncall {}", call.id).unwrap();
    for index in 0.. {
        records.turn(call.id, a_turn(index)).await.unwrap();
        let number = records.message(call.id, a_message(&format!("message {index}"))).await.unwrap();
        writeln!(out, "kept {index} {number}").unwrap();
    }
}

#[tokio::test]
async fn a_process_killed_while_writing_loses_nothing_that_was_acknowledged() {
    let (_folder, path) = folder();
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "records::tests::a_victim_writes_until_it_is_killed", "--ignored", "--nocapture"])
        .env(PATH_OF_CHILD, &path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(victim.stdout.take().unwrap()).lines().map(Result::unwrap);
    let call = said.find_map(|line| CallId::parse(line.strip_prefix("call ")?)).unwrap();
    let kept = |line: String| line.strip_prefix("kept ").and_then(|rest| rest.split_once(' ')?.0.parse::<u32>().ok());
    let mut acknowledged: Vec<u32> = said.by_ref().filter_map(kept).take(20).collect();
    victim.kill().unwrap();
    acknowledged.extend(said.filter_map(kept));
    victim.wait().unwrap();

    let records = Records::open(&path, &key()).unwrap();
    records.verify().await.unwrap();
    let turns: Vec<_> = records.turns(call).await.unwrap().into_iter().map(|turn| turn.index).collect();
    let messages: Vec<_> = records.messages(call).await.unwrap().into_iter().map(|task| task.message.text).collect();
    for index in acknowledged {
        assert!(turns.contains(&index), "turn {index} was acknowledged");
        assert!(messages.contains(&format!("message {index}")), "message {index} was acknowledged");
    }
    let ending = records.call(call).await.unwrap().unwrap().ending.unwrap();
    assert_eq!(ending.outcome, "fault");
}

#[tokio::test]
async fn a_call_that_a_crash_left_open_ends_when_it_was_last_heard_of() {
    let (_folder, path) = folder();
    let (open, silent, over) = (a_call(), a_call(), a_call());
    let records = Records::open(&path, &key()).unwrap();
    for call in [&open, &silent, &over] {
        records.begin_call(call.clone()).await.unwrap();
    }
    records.turn(open.id, a_turn(3)).await.unwrap();
    records.end_call(over.id, "goodbye", at(20)).await.unwrap();
    records.close().await;
    let records = Records::open(&path, &key()).unwrap();
    for (call, outcome, ended) in [(open, "fault", at(13)), (silent, "fault", at(0)), (over, "goodbye", at(20))] {
        let ending = records.call(call.id).await.unwrap().unwrap().ending;
        assert_eq!(ending, Some(Ending { outcome: outcome.into(), at: ended }));
    }
}

#[tokio::test]
async fn a_task_is_done_since_it_was_first_said_until_it_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let records = Records::open(&dir.path().join("records.db"), &key()).unwrap();
    let call = a_call();
    records.begin_call(call.clone()).await.unwrap();
    let number = records.message(call.id, a_message("the roof leaks")).await.unwrap();
    let other = records.message(call.id, a_message("the door sticks")).await.unwrap();
    records.task_done(number, Some(at(60))).await.unwrap();
    records.task_done(number, Some(at(90))).await.unwrap();
    let done = async || records.messages(call.id).await.unwrap().iter().map(|task| task.done).collect::<Vec<_>>();
    assert_eq!(done().await, [Some(at(60)), None]);
    records.task_done(number, None).await.unwrap();
    assert_eq!(done().await, [None, None]);
    let nobody = TaskNumber::new(other.get() + 1);
    assert!(matches!(records.task_done(nobody, Some(at(60))).await, Err(RecordsError::UnknownTask(number)) if number == nobody));
}

#[test]
fn nothing_of_the_handle_or_its_errors_shows_the_key() {
    let shown = format!("{:?} {:?}", key(), RecordsError::WrongKey { path: "records.db".into() });
    assert!(!shown.contains("of the tests"), "{shown}");
}

#[test]
fn what_ends_up_in_a_log_shows_no_word_name_or_number() {
    let (call, message) = (a_call(), a_message("the roof leaks"));
    let task = Task { number: TaskNumber(1), call: call.id, message: message.clone(), done: None };
    let entry = CallEntry { record: call.clone(), disclosures: vec![a_disclosure()], consents: vec![a_consent()], ending: None };
    let shown = format!("{call:?} {message:?} {task:?} {entry:?} {:?} {:#?}", a_turn(1), a_consent());
    for personal in ["441632960001", "01632960001", "Henrietta", "Fothergill", "Whitsunday", "hours", "roof", "treasurer", "by all means"] {
        assert!(!shown.contains(personal), "{personal:?} in {shown}");
    }
}
