//! One call from end to end without a line or a model: what callers notice, on a machine of any speed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod bench;
mod models;

use super::*;
use bench::Bench;

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
