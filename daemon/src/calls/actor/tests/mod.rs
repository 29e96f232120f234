//! One call from end to end without a line or a model: what callers notice, on a machine of any speed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod bench;
mod foresight;
mod handing_over;
mod listening;
mod models;
mod placing;
mod thinking;
mod turn_taking;

use super::*;
use crate::lines::{EndCause, Party};
use bench::Bench;
use models::{DEAFENING, STEP, at_level};

const LIBRARY: &str = "opposite the library";

#[tokio::test]
async fn a_question_is_answered() {
    let mut bench = Bench::greeted().await;
    bench.says(1, "Where exactly is your office?").await;
    let turn = bench.answered(LIBRARY).await;
    assert_eq!(turn.heard.as_deref(), Some("Where exactly is your office?"));
}

#[tokio::test]
async fn a_sentence_that_a_pause_split_is_one_turn_however_slow_the_recogniser_is() {
    let mut bench = Bench::greeted().await;
    bench.script.hearing.close();
    bench.says(1, "Where exactly").await;
    bench.says(2, "is your office?").await;
    bench.script.hearing.open();
    let turn = bench.answered(LIBRARY).await;
    assert_eq!(turn.heard.as_deref(), Some("Where exactly is your office?"));
    bench.state(State::Listening).await;
}

#[tokio::test]
async fn a_key_during_dictation_keeps_what_was_being_said() {
    let mut bench = Bench::greeted().await;
    bench.says(1, "I'd like to leave a message for Maria.").await;
    bench.answered("your message for Maria").await;
    bench.state(State::Listening).await;
    bench.sentence(2, "The boiler is leaking.");
    bench.frames(40, 2 * STEP).await;
    bench.key('#').await;
    bench.answered("On which number").await;
    let (_, messages) = bench.ends(EndCause::Caller).await;
    assert!(messages.len() == 1 && messages[0].text == "The boiler is leaking.", "{messages:?}");
}

#[tokio::test]
async fn a_cough_before_the_answer_costs_nothing_and_nobody_is_spoken_over() {
    let mut bench = Bench::greeted().await;
    bench.script.thinking.close();
    // About as close to one passage as to another: the language model is asked.
    bench.says(1, "When can I park my car at the office?").await;
    bench.frames(20, 9 * STEP).await;
    bench.script.thinking.open();
    assert_eq!(bench.frames(60, 9 * STEP).await, 0, "the robot speaks over the caller");
    bench.frames(60, 0).await;
    let turn = bench.answered("Is there anything else?").await;
    assert_eq!(turn.heard.as_deref(), Some("When can I park my car at the office?"));
    bench.state(State::Listening).await;
    assert!(bench.turns().iter().all(|turn| turn.understood != "unclear"), "{:?}", bench.turns());
}

#[tokio::test]
async fn a_line_that_cannot_hear_while_it_speaks_is_answered_all_the_same() {
    let mut bench = Bench::greeted_on(false).await;
    bench.script.thinking.close();
    bench.says(1, "When can I park my car at the office?").await;
    bench.frames(20, 9 * STEP).await;
    bench.script.thinking.open();
    bench.frames(60, 9 * STEP).await;
    bench.answered("Is there anything else?").await;
    bench.state(State::Listening).await;
}

#[tokio::test]
async fn whom_the_admin_names_during_the_disclosure_gets_the_call() {
    let mut bench = Bench::ringing(true).await;
    bench.ask(Command::Transfer("boss".into())).await;
    bench.until("a transfer", |bench| bench.commands.iter().any(|command| matches!(command, LegCommand::Transfer(_)))).await;
    assert_eq!(bench.commands, [LegCommand::Transfer("sip:the-boss@pbx.office".into())]);
}

#[tokio::test]
async fn a_caller_who_is_impatient_in_the_second_disclosure_is_not_hung_up_on() {
    let mut bench = Bench::ringing(true).await;
    bench.key('0').await;
    bench.until("a transfer", |bench| !bench.commands.is_empty()).await;
    bench.line.events.send(LegEvent::Transfer(TransferStage::Failed("nobody".into()))).await.unwrap();
    bench.state(State::Disclosing).await;
    bench.key('0').await;
    bench.ask(Command::Transfer("boss".into())).await;
    bench.answered("nobody can take your call").await;
    bench.state(State::Listening).await;
}

#[tokio::test]
async fn a_caller_whom_the_ears_fail_is_passed_on_and_the_record_is_whole() {
    let mut bench = Bench::greeted().await;
    bench.says(1, "Where exactly is your office?").await;
    bench.answered(LIBRARY).await;
    bench.frames(4, DEAFENING).await;
    bench.until("a transfer", |bench| !bench.commands.is_empty()).await;
    let id = bench.call.id;
    let records = bench.records.clone();
    let (summary, _) = bench.ends(EndCause::Transferred).await;
    let turns = records.turns(id).await.unwrap();
    assert_eq!((turns.len(), turns.last().map(|turn| turn.action.as_str())), (3, Some("transfer")), "{turns:?}");
    assert_eq!(summary.turns, 2);
}

#[tokio::test]
async fn what_was_said_before_the_end_of_the_disclosure_is_not_listened_to() {
    let mut bench = Bench::ringing(true).await;
    bench.sentence(1, "Where exactly is your office?");
    // All of these wait in the queue when the disclosure is over: nothing runs in between.
    while !bench.call.snapshot.borrow().disclosed {
        for _ in 0..crate::lines::HEARS_CAPACITY {
            let _ = bench.line.hears.try_send(at_level(STEP));
            bench.line.clock.tick();
        }
        tokio::task::yield_now().await;
    }
    bench.frames(60, 0).await;
    bench.state(State::Listening).await;
    assert!(bench.turns().iter().all(|turn| turn.heard.is_none()), "{:?}", bench.turns());
}

#[tokio::test]
async fn a_number_is_spoken_or_pressed_and_only_the_whole_of_it_is_a_turn() {
    let mut bench = Bench::greeted().await;
    bench.says(1, "I'd like to leave a message for Maria.").await;
    bench.answered("your message for Maria").await;
    bench.state(State::Listening).await;
    bench.sentence(2, "The boiler is leaking.");
    bench.frames(40, 2 * STEP).await;
    for key in "0912345678".chars() {
        bench.key(key).await;
    }
    // Nothing more is pressed: that ends it, too.
    let turn = bench.answered("zero nine one, two three four").await;
    assert_eq!((turn.index, turn.understood.as_str()), (3, "number"));
    bench.state(State::Listening).await;
    bench.says(3, "Yes, that's right.").await;
    bench.answered("pass your message on").await;
    let (_, messages) = bench.ends(EndCause::Caller).await;
    assert_eq!(messages[0].callback.as_deref(), Some("0912345678"), "{messages:?}");
    assert_eq!(messages[0].text, "The boiler is leaking.");
}

#[tokio::test]
async fn whoever_asks_for_it_is_spoken_to_more_slowly_for_the_rest_of_the_call() {
    let mut bench = Bench::greeted().await;
    assert_eq!(*bench.script.speed.lock().unwrap(), None);
    bench.says(1, "Could you speak more slowly, please?").await;
    bench.answered("more slowly").await;
    assert!(bench.script.speed.lock().unwrap().is_some_and(|speed| speed < 1.0));
    bench.state(State::Listening).await;
    bench.says(2, "Where exactly is your office?").await;
    bench.answered(LIBRARY).await;
    assert!(bench.script.speed.lock().unwrap().is_some_and(|speed| speed < 1.0));
}

#[tokio::test]
async fn a_caller_who_presses_zero_while_nobody_is_there_is_told_listened_to_and_promised_a_call() {
    let mut bench = Bench::ringing_in_an_office_open(true, "closed").await;
    bench.key('0').await;
    bench.answered("can not take calls now").await;
    assert!(bench.call.snapshot.borrow().disclosed && bench.commands.is_empty(), "{:?}", bench.commands);
    bench.state(State::Listening).await;
    bench.says(1, "The boiler is leaking, call me back on 02-555-1234.").await;
    bench.answered("Is that right?").await;
    bench.state(State::Listening).await;
    bench.says(2, "Yes, that's right.").await;
    bench.answered("pass your message on").await;
    let (_, messages) = bench.ends(EndCause::Caller).await;
    assert_eq!(
        (messages[0].about.as_str(), messages[0].promised),
        ("call-back", None),
        "nobody knows when somebody is there: {messages:?}"
    );
}

/// Somebody who is called about an appointment.
fn maria() -> Party {
    Party { number: Some("0227345678".into()), ..Party::default() }
}

#[tokio::test]
async fn who_is_called_hears_what_was_looked_up_only_when_it_is_them() {
    let calls = [("calls.csv", "number,name,when\n+886227345678,Maria Chen,2099-11-27T10:00\n")];
    let mut bench = Bench::ringing_for(true, "reminder", maria(), &calls).await;
    bench.answered("Am I speaking with Maria Chen?").await;
    bench.state(State::Listening).await;
    assert!(bench.script.spoken.lock().unwrap().iter().all(|said| !said.contains("appointment")), "{:?}", bench.script.spoken.lock());
    bench.says(1, "Yes, that's me.").await;
    bench.answered("You have an appointment").await;
}

#[tokio::test]
async fn a_call_of_which_nothing_can_be_looked_up_ends_politely() {
    let mut bench = Bench::ringing_for(true, "reminder", maria(), &[]).await;
    let turn = bench.answered("I can not see just now why I am calling").await;
    assert_eq!((turn.index, turn.understood.as_str(), turn.action.as_str()), (0, "look-up-failed", "hang-up"));
    bench.until("the line is let go", |bench| bench.commands.contains(&LegCommand::Hangup)).await;
}

#[tokio::test]
async fn a_time_that_is_free_is_booked_in_a_call() {
    let mut bench = Bench::ringing_for(true, "appointment", maria(), &[]).await;
    bench.state(State::Listening).await;
    bench.says(1, "I'd like an appointment for a cleaning next Tuesday at ten in the morning, my name is Maria Chen.").await;
    bench.answered("On which number").await;
    bench.state(State::Listening).await;
    bench.says(2, "0 2 2 7 3 4 5 6 7 8").await;
    bench.answered("Is that right?").await;
    bench.state(State::Listening).await;
    bench.says(3, "Yes, that's right.").await;
    bench.answered("you are booked").await;
    assert!(bench.looked_up("appointment/appointments.ics").contains("X-SWITCHHOOK-NAME:Maria Chen"));
}
