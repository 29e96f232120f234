//! Who has the word, and when: what callers notice of turn-taking.

use super::bench::Bench;
use crate::calls::State;

#[tokio::test]
async fn the_last_digit_of_a_number_ends_the_turn_at_once() {
    let mut bench = Bench::greeted().await;
    bench.says(1, "I'd like to leave a message for Maria.").await;
    bench.answered("your message for Maria").await;
    bench.state(State::Listening).await;
    bench.says(2, "The boiler is leaking.").await;
    bench.answered("On which number").await;
    bench.state(State::Listening).await;
    bench.begins(3, "Two one two, five five five, one two three four.").await;
    // 640 ms in all: less than a number that could go on is given.
    assert!(bench.is_over_within(20).await);
    bench.answered("Is that right?").await;
}

#[tokio::test]
async fn a_trailing_and_does_not_end_the_turn() {
    let mut bench = Bench::greeted().await;
    bench.begins(1, "Where exactly is your office, and").await;
    bench.frames(60, 0).await;
    assert_eq!(bench.now(), State::Listening, "the robot waits for the rest");
    bench.says(2, "is it near the library?").await;
    let turn = bench.answered(super::LIBRARY).await;
    // The bench hears a level, and there were two.
    assert_eq!(turn.index, 1, "{turn:?}");
}

#[tokio::test]
async fn an_answer_that_takes_its_time_is_bridged_once_and_still_comes() {
    let mut bench = Bench::greeted().await;
    bench.script.hearing.close();
    bench.says(1, "Where exactly is your office?").await;
    let bridged = |bench: &mut Bench| bench.script.spoken.lock().unwrap().iter().filter(|said| *said == "Let me see.").count();
    bench.until("a word that bridges", |bench| bridged(bench) == 1).await;
    bench.script.hearing.open();
    let turn = bench.answered(super::LIBRARY).await;
    assert_eq!((turn.index, turn.heard.as_deref()), (1, Some("Where exactly is your office?")));
    bench.state(State::Listening).await;
    assert_eq!(bridged(&mut bench), 1);
}

#[tokio::test]
async fn an_answer_that_comes_in_time_is_not_bridged() {
    let mut bench = Bench::greeted().await;
    bench.says(1, "Where exactly is your office?").await;
    bench.answered(super::LIBRARY).await;
    bench.state(State::Listening).await;
    assert!(bench.script.spoken.lock().unwrap().iter().all(|said| said != "Let me see."));
}

#[tokio::test]
async fn who_goes_on_when_the_answer_has_hardly_begun_is_answered_to_the_whole() {
    let mut bench = Bench::greeted().await;
    bench.says(1, "Could you put me").await;
    bench.answered("did not understand").await;
    bench.says(2, "through?").await;
    bench.answered("I am calling").await;
}
