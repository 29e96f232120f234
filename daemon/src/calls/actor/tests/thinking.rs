//! The language model beside a call: it is bridged, stopped, and never waited for in vain.

use super::bench::Bench;
use super::models::Script;
use crate::calls::State;
use crate::lines::{EndCause, Party};

/// About as close to one passage as to another: the language model is asked.
pub(super) const AMBIGUOUS: &str = "How much do I pay for parking?";

/// A caller whose sentence the language model is thinking about.
async fn thought_about() -> Bench {
    let mut bench = Bench::greeted().await;
    bench.script.thinking.close();
    bench.says(1, AMBIGUOUS).await;
    bench.until("a thought", |bench| *bench.script.begun.lock().unwrap() > 0).await;
    bench
}

/// The model has stopped before it was let on.
pub(super) async fn stopped(script: &Script) {
    while *script.given_up.lock().unwrap() == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_model_that_takes_its_time_is_bridged_and_its_answer_still_comes() {
    let mut bench = thought_about().await;
    let bridged = |bench: &mut Bench| bench.script.spoken.lock().unwrap().iter().filter(|said| *said == "Let me see.").count();
    bench.until("a word that bridges", |bench| bridged(bench) == 1).await;
    bench.script.thinking.open();
    let turn = bench.answered("Is there anything else?").await;
    assert_eq!((turn.index, turn.heard.as_deref()), (1, Some(AMBIGUOUS)));
    assert_eq!(bridged(&mut bench), 1);
}

#[tokio::test]
async fn a_caller_who_goes_on_stops_the_model() {
    let mut bench = thought_about().await;
    bench.says(2, "I want to speak to a person.").await;
    bench.answered("I am calling a person").await;
    stopped(&bench.script).await;
}

#[tokio::test]
async fn a_caller_who_hangs_up_stops_the_model() {
    let bench = thought_about().await;
    let script = bench.script.clone();
    bench.ends(EndCause::Caller).await;
    stopped(&script).await;
}

#[tokio::test]
async fn a_model_that_is_too_slow_is_stopped_and_the_closest_stands() {
    let mut bench = thought_about().await;
    bench.answered("Is there anything else?").await;
    stopped(&bench.script).await;
}

#[tokio::test]
async fn a_name_in_the_middle_of_a_sentence_is_quoted() {
    let mut bench = Bench::ringing_for(true, "appointment", Party::default(), &[]).await;
    bench.state(State::Listening).await;
    bench.says(1, "I'd like to cancel my appointment.").await;
    bench.answered("name").await;
    bench.state(State::Listening).await;
    bench.says(2, "That would be under my husband's, so Peter Miller").await;
    let turn = bench.answered("number").await;
    assert_eq!(turn.understood, "name");
}
