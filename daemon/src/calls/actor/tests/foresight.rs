//! What is made ready while the caller is silent, and is nothing if they go on.

use super::bench::Bench;
use super::thinking::{AMBIGUOUS, stopped};
use crate::calls::State;

const WHERE: &str = "Where exactly is your office?";

/// How often the voice made this.
fn made(bench: &Bench, text: &str) -> usize {
    bench.script.spoken.lock().unwrap().iter().filter(|said| said.contains(text)).count()
}

#[tokio::test]
async fn an_answer_is_made_in_the_silence_before_it_and_once() {
    let mut bench = Bench::greeted().await;
    bench.begins(1, WHERE).await;
    bench.comes("an answer", |bench| made(bench, super::LIBRARY) == 1).await;
    assert_eq!(bench.now(), State::Listening, "the caller may go on");
    assert!(bench.turns().iter().all(|turn| turn.heard.is_none()), "{:?}", bench.turns());
    bench.frames(60, 0).await;
    let turn = bench.answered(super::LIBRARY).await;
    assert_eq!((turn.index, turn.heard.as_deref()), (1, Some(WHERE)));
    bench.state(State::Listening).await;
    assert_eq!(made(&bench, super::LIBRARY), 1);
}

#[tokio::test]
async fn what_was_made_for_half_a_sentence_is_not_said() {
    let mut bench = Bench::greeted().await;
    bench.begins(1, WHERE).await;
    bench.comes("an answer", |bench| made(bench, super::LIBRARY) == 1).await;
    bench.sentence(2, "Where exactly is your office? No, I want to speak to a person.");
    // The bench hears a level, and there were two: this one is longer.
    bench.frames(60, 2 * super::models::STEP).await;
    bench.frames(60, 0).await;
    bench.answered("I am calling a person").await;
    assert!(bench.turns().iter().all(|turn| !turn.said.contains(super::LIBRARY)), "{:?}", bench.turns());
}

#[tokio::test]
async fn the_model_thinks_in_the_silence_and_is_not_asked_again() {
    let mut asked_behind = Bench::greeted().await;
    asked_behind.says(1, AMBIGUOUS).await;
    asked_behind.answered("Is there anything else?").await;
    let begun = |bench: &Bench| *bench.script.begun.lock().unwrap();

    let mut bench = Bench::greeted().await;
    bench.begins(1, AMBIGUOUS).await;
    bench.comes("a thought", |bench| made(bench, "Is there anything else?") == 1 || begun(bench) == begun(&asked_behind)).await;
    assert_eq!(bench.now(), State::Listening, "the caller may go on");
    bench.frames(60, 0).await;
    let turn = bench.answered("Is there anything else?").await;
    assert_eq!((turn.index, turn.heard.as_deref()), (1, Some(AMBIGUOUS)));
    assert_eq!(begun(&bench), begun(&asked_behind));
}

#[tokio::test]
async fn a_model_that_still_thinks_when_the_turn_is_over_is_waited_for() {
    let mut bench = Bench::greeted().await;
    bench.script.thinking.close();
    bench.begins(1, AMBIGUOUS).await;
    bench.comes("a thought", |bench| *bench.script.begun.lock().unwrap() == 1).await;
    bench.frames(60, 0).await;
    bench.comes("the end of the turn", |bench| bench.now() == State::Thinking).await;
    bench.script.thinking.open();
    bench.answered("Is there anything else?").await;
    assert_eq!(*bench.script.given_up.lock().unwrap(), 0, "nothing was stopped and begun again");
}

#[tokio::test]
async fn a_caller_who_goes_on_stops_the_model() {
    let mut bench = Bench::greeted().await;
    bench.script.thinking.close();
    bench.begins(1, AMBIGUOUS).await;
    bench.comes("a thought", |bench| *bench.script.begun.lock().unwrap() == 1).await;
    bench.frames(5, super::models::STEP).await;
    stopped(&bench.script).await;
    assert_eq!(bench.now(), State::Listening, "nothing is answered to half a sentence");
}
