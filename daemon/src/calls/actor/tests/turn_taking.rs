//! Who has the word, and when: what callers notice of turn-taking.

use std::time::Duration;

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
    let turn = bench.answered("Is that right?").await;
    assert!(turn.latency.unwrap().endpoint < Duration::from_millis(400), "{turn:?}");
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
