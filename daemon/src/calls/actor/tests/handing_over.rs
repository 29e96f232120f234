//! A caller is handed to somebody who is told first: what the two of them notice.

use super::*;
use crate::dialog::report::HandOverEnd;
use crate::lines::Replaceable;

/// A caller who has asked where the office is and then for a person, who is being called.
pub(super) async fn asked_for_a_person() -> Bench {
    let mut bench = Bench::greeted_where_people_are_called().await;
    bench.says(1, "Where exactly is your office?").await;
    bench.answered(LIBRARY).await;
    bench.state(State::Listening).await;
    bench.says(2, "Can I speak to a person, please?").await;
    assert_eq!(bench.calls().await, "sip:the-front-desk@pbx.office");
    bench
}

/// What came of it, by the record.
async fn attempts(bench: &Bench) -> Vec<(String, HandOverEnd)> {
    let reports = bench.records.latest_reports(1).await.unwrap();
    reports[0].1.hand_overs.iter().map(|attempt| (attempt.to.clone(), attempt.end)).collect()
}

async fn left(bench: Bench, cause: EndCause) -> (crate::calls::Summary, Vec<(String, HandOverEnd)>, Vec<crate::records::Message>) {
    let records = bench.records.clone();
    let (summary, messages) = bench.ends(cause).await;
    let reports = records.latest_reports(1).await.unwrap();
    (summary, reports[0].1.hand_overs.iter().map(|attempt| (attempt.to.clone(), attempt.end)).collect(), messages)
}

pub(super) fn one() -> LegEvent {
    LegEvent::Key(crate::lines::Key::new('1').unwrap())
}

#[tokio::test]
async fn a_colleague_hears_what_it_is_about_takes_the_call_by_key_and_nobody_listens_to_the_two() {
    let mut bench = asked_for_a_person().await;
    bench.answered("I am calling").await;
    bench.colleague_answers().await;
    let spoken = bench.script.spoken.lock().unwrap().join("|");
    assert!(spoken.contains("They asked about: Where we are") && spoken.contains("number is zero two"), "{spoken}");
    bench.colleague_does(one()).await;
    bench.state(State::Bridged).await;
    assert_eq!(bench.sought, [("front-desk".to_owned(), HandOverEnd::Accepted)]);
    assert!(bench.script.spoken.lock().unwrap().iter().any(|said| said.contains("putting you through")));
    let heard = *bench.script.heard.lock().unwrap();
    bench.colleague_level = 7 * STEP;
    bench.frames(60, 5 * STEP).await;
    assert_eq!(
        (bench.colleague_heard.0[0], bench.caller_heard.0[0]),
        (at_level(5 * STEP).0[0], at_level(7 * STEP).0[0]),
        "each hears the other"
    );
    bench.colleague_level = 0;
    bench.frames(100, 0).await;
    assert_eq!(*bench.script.heard.lock().unwrap(), heard, "nothing of it was recognised");
    bench.colleague_does(LegEvent::Ended(EndCause::Caller)).await;
    bench.until("the caller's phone is put down", |bench| bench.commands.contains(&LegCommand::Hangup)).await;
    bench.until("the end", |bench| bench.summary.is_some()).await;
    assert_eq!(bench.summary.as_ref().unwrap().outcome, Outcome::Transferred);
    assert_eq!(attempts(&bench).await, [("front-desk".to_owned(), HandOverEnd::Accepted)]);
}

#[tokio::test]
async fn a_colleague_takes_the_call_by_a_word() {
    let mut bench = asked_for_a_person().await;
    bench.colleague_answers().await;
    bench.sentence(3, "Yes, please.");
    bench.frames(40, 0).await;
    bench.colleague_level = 3 * STEP;
    bench.frames(30, 0).await;
    bench.colleague_level = 0;
    bench.state(State::Bridged).await;
    let (summary, attempts, _) = left(bench, EndCause::Caller).await;
    assert_eq!((summary.outcome, attempts[0].1), (Outcome::Transferred, HandOverEnd::Accepted));
}

#[tokio::test]
async fn a_colleague_who_declines_or_does_not_answer_leaves_the_caller_with_a_message() {
    let two = LegEvent::Key(crate::lines::Key::new('2').unwrap());
    for (happens, end) in [
        (two, HandOverEnd::Declined),
        (LegEvent::Ended(EndCause::Caller), HandOverEnd::Declined),
        (LegEvent::Ended(EndCause::Refused(486)), HandOverEnd::Declined),
        (LegEvent::Ended(EndCause::Unanswered), HandOverEnd::Unanswered),
    ] {
        let mut bench = asked_for_a_person().await;
        if !matches!(happens, LegEvent::Ended(EndCause::Refused(_) | EndCause::Unanswered)) {
            bench.colleague_answers().await;
        }
        bench.colleague_does(happens).await;
        bench.answered("nobody can take your call").await;
        bench.until("the colleague's phone is free", Bench::colleague_is_let_go).await;
        bench.state(State::Listening).await;
        bench.says(4, "The boiler is leaking, call me back on 02-555-1234.").await;
        bench.answered("Is that right?").await;
        assert_eq!(bench.sought, [("front-desk".to_owned(), end)], "it is told while the call is on");
        let (_, attempts, messages) = left(bench, EndCause::Caller).await;
        assert_eq!(attempts, [("front-desk".to_owned(), end)]);
        assert!(messages.len() == 1 && messages[0].about == "call-back" && messages[0].promised.is_some(), "{messages:?}");
    }
}

#[tokio::test]
async fn a_colleague_who_hangs_up_before_the_two_are_together_has_not_taken_the_call() {
    let mut bench = asked_for_a_person().await;
    bench.colleague_answers().await;
    bench.colleague_does(one()).await;
    bench.colleague.as_ref().unwrap().events.send(LegEvent::Ended(EndCause::Caller)).await.unwrap();
    bench.answered("nobody can take your call").await;
    let (_, attempts, _) = left(bench, EndCause::Caller).await;
    assert_eq!(attempts, [("front-desk".to_owned(), HandOverEnd::Declined)]);
}

#[tokio::test]
async fn who_hangs_up_while_a_colleague_is_called_is_called_for_no_more() {
    let mut bench = asked_for_a_person().await;
    bench.colleague_does(LegEvent::Ringing).await;
    let mut colleague = bench.colleague.take().unwrap();
    let (summary, attempts, _) = left(bench, EndCause::Caller).await;
    assert_eq!((summary.outcome, attempts[0].1), (Outcome::CallerHungUp, HandOverEnd::CallerLeft));
    assert_eq!(colleague.commands.recv().await, None, "nobody holds the leg any more");
}

#[tokio::test]
async fn who_would_rather_leave_a_message_is_heard_while_a_colleague_is_called() {
    let mut bench = asked_for_a_person().await;
    bench.colleague_does(LegEvent::Ringing).await;
    bench.state(State::Transferring).await;
    bench.says(3, "I'd rather leave a message.").await;
    bench.answered("your message for the office").await;
    bench.until("the colleague's phone is free", Bench::colleague_is_let_go).await;
    let (_, attempts, _) = left(bench, EndCause::Caller).await;
    assert_eq!(attempts, [("front-desk".to_owned(), HandOverEnd::CalledOff)]);
}

#[tokio::test]
async fn a_telephone_that_can_take_the_call_in_our_place_is_given_it_and_the_robot_passes_sound_on_if_that_fails() {
    let mut bench = asked_for_a_person().await;
    bench.colleague_does(LegEvent::Replaceable(Replaceable::new("sip:front-desk@pbx?Replaces=x".into()))).await;
    bench.colleague_answers().await;
    bench.colleague_does(one()).await;
    bench.until("the call is put through", |bench| matches!(bench.commands.last(), Some(LegCommand::PutThrough(_)))).await;
    bench.line.events.send(LegEvent::Transfer(TransferStage::Failed("no".into()))).await.unwrap();
    bench.state(State::Bridged).await;
}

#[tokio::test]
async fn what_a_colleague_is_told_is_there_to_read_before_they_answer() {
    let mut bench = asked_for_a_person().await;
    bench.until("it can be read", |bench| !bench.briefings.is_empty()).await;
    let briefing = &bench.briefings[0];
    assert!(briefing.person == "front-desk" && briefing.summary.contains("Where we are"), "{}", briefing.summary);
    assert!(!format!("{briefing:?}").contains("Where we are"), "and not in a log");
}
