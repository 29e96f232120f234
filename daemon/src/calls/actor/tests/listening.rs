//! Somebody listens along: what they hear of the two, and when.

use tokio::sync::mpsc;

use super::handing_over::{asked_for_a_person, one};
use super::*;
use crate::media::{Frame, Overheard, TapFault};

/// All that was overheard since.
fn overheard(ear: &mut mpsc::Receiver<Overheard>) -> Vec<Overheard> {
    std::iter::from_fn(|| ear.try_recv().ok()).collect()
}

#[tokio::test]
async fn nothing_of_a_caller_is_overheard_before_they_were_told_and_what_they_say_then_is() {
    let mut bench = Bench::ringing(true).await;
    let mut ear = bench.call.tap.listen().unwrap();
    let (mut before, mut told) = (Vec::new(), false);
    while !told {
        bench.frames(2, 5 * STEP).await;
        told = bench.call.snapshot.borrow().disclosed;
        if !told {
            before.extend(overheard(&mut ear));
        }
    }
    assert!(before.len() > 100 && before.iter().all(|both| both.caller == Frame::SILENCE), "a word from before the disclosure");
    assert!(before.iter().filter(|both| both.robot != Frame::SILENCE).count() > 100, "the disclosure itself is heard");
    drop(overheard(&mut ear));
    bench.state(State::Listening).await;
    drop(overheard(&mut ear));
    bench.frames(40, 6 * STEP).await;
    let said = overheard(&mut ear).iter().filter(|both| both.caller == at_level(6 * STEP)).count();
    assert!(said >= 30, "{said} of 40 frames");
}

#[tokio::test]
async fn whoever_listens_hears_no_word_of_the_caller_and_a_person_and_nobody_else_begins() {
    let mut bench = asked_for_a_person().await;
    bench.colleague_answers().await;
    let mut ear = bench.call.tap.listen().unwrap();
    bench.colleague_does(one()).await;
    let mut all = Vec::new();
    bench
        .until("the two talk", |bench| {
            all.extend(overheard(&mut ear));
            bench.now() == State::Bridged
        })
        .await;
    bench.colleague_level = 7 * STEP;
    bench.frames(60, 5 * STEP).await;
    assert_eq!(bench.caller_heard, at_level(7 * STEP), "the two hear each other");
    all.extend(overheard(&mut ear));
    assert_eq!(ear.try_recv(), Err(mpsc::error::TryRecvError::Disconnected));
    assert!(all.iter().all(|both| both.robot != at_level(7 * STEP) && both.caller != at_level(5 * STEP)));
    assert_eq!(bench.call.tap.listen().err(), Some(TapFault::Closed));
}

#[tokio::test]
async fn whoever_does_not_read_changes_nothing_in_the_call() {
    let mut bench = Bench::ringing(true).await;
    let _stuck = bench.call.tap.listen().unwrap();
    bench.state(State::Listening).await;
    bench.says(1, "Where exactly is your office?").await;
    bench.answered(LIBRARY).await;
}
