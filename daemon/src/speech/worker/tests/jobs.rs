//! Jobs whose worker is lost.

use std::sync::Arc;
use std::time::Duration;

use switchhook_models::{Cancel, Error, Language};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::Instant;

use super::super::ledger::{Asked, Job, Ledger, Order, PATIENCE, Reply};
use super::super::message::{Answer, Fault, MOST_SAMPLES, MOST_TURNS, Task, ToWorker};
use crate::dialog::Expected;
use crate::speech::engine::{EngineError, Pace, Sound};
use crate::speech::turn::CallerSpeech;

type Once = oneshot::Receiver<Result<Answer, EngineError>>;

/// A ledger whose worker is there.
fn ledger() -> Ledger {
    let mut ledger = Ledger::new(Instant::now());
    assert!(ledger.found().is_empty());
    ledger
}

fn job(asked: Asked, reply: Reply) -> (Order, Cancel) {
    let cancel = Cancel::new();
    let place = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
    (Order::Job(Job { asked, cancel: cancel.clone(), reply, _place: place }), cancel)
}

fn hear(speech: &CallerSpeech) -> (Order, Cancel, Once) {
    let (reply, answered) = oneshot::channel();
    let (order, cancel) = job(Asked::Hear(speech.clone(), Expected::Anything), Reply::Once(reply));
    (order, cancel, answered)
}

fn speak(text: &str) -> (Order, mpsc::Receiver<Result<Sound, EngineError>>) {
    let (reply, pieces) = mpsc::channel(4);
    (job(Asked::Speak(text.into(), Pace::Usual), Reply::Pieces(reply)).0, pieces)
}

/// What a worker is told, in short.
fn told(messages: &[ToWorker]) -> Vec<String> {
    let short = |message: &ToWorker| match message {
        ToWorker::Sound { samples, .. } => format!("{} samples", samples.len()),
        ToWorker::Follow { .. } => "follow".into(),
        ToWorker::Forget { .. } => "forget".into(),
        ToWorker::Job { job, task: Task::Hear { samples, .. } } => format!("job {job}: hear {samples}"),
        ToWorker::Job { job, .. } => format!("job {job}"),
        ToWorker::Cancel { job } => format!("cancel {job}"),
        ToWorker::Begin(_) => "begin".into(),
    };
    messages.iter().map(short).collect()
}

#[test]
fn the_sound_of_a_turn_is_sent_once_however_often_it_is_asked_about() {
    let mut ledger = ledger();
    let mut speech = CallerSpeech::begin(&[0.1; 100]);
    assert_eq!(told(&ledger.take(Order::Follow(speech.clone()))), ["100 samples", "follow"]);
    speech.extend(&[0.1; 50]);
    let paused = speech.clone();
    speech.extend(&[0.1; 25]);
    assert_eq!(told(&ledger.take(Order::Follow(speech.clone()))), ["75 samples", "follow"]);
    assert_eq!(told(&ledger.take(Order::Follow(speech.clone()))), [""; 0], "there is nothing new");
    assert_eq!(told(&ledger.take(hear(&paused).0)), ["job 1: hear 150"], "a pause ends where it was");
    let long = CallerSpeech::begin(&vec![0.1; MOST_SAMPLES + 1]);
    assert_eq!(told(&ledger.take(hear(&long).0)), ["64000 samples", "1 samples", "job 2: hear 64001"]);
}

#[test]
fn a_turn_that_nobody_holds_any_more_is_forgotten() {
    let mut ledger = ledger();
    let speech = CallerSpeech::begin(&[0.1; 100]);
    ledger.take(Order::Follow(speech.clone()));
    assert_eq!(told(&ledger.look(Instant::now())), [""; 0]);
    drop(speech);
    assert_eq!(told(&ledger.look(Instant::now())), ["forget"]);
    assert!(ledger.is_empty());
}

#[test]
fn a_new_worker_is_given_what_was_not_answered_with_the_sound_of_its_turns() {
    let (mut ledger, now) = (ledger(), Instant::now());
    let speech = CallerSpeech::begin(&[0.1; 100]);
    let ((first, _, mut answered), (second, _pieces)) = (hear(&speech), speak("One moment."));
    ledger.take(first);
    ledger.take(second);
    ledger.lost(now);
    assert!(ledger.look(now + PATIENCE - Duration::from_millis(1)).is_empty());
    let (third, _, _third) = hear(&speech);
    assert_eq!(told(&ledger.take(third)), [""; 0], "there is nobody to be told");
    assert_eq!(told(&ledger.found()), ["100 samples", "job 1: hear 100", "job 2", "job 3: hear 100"]);
    ledger.answered(1, Answer::Likely(0.5));
    assert!(matches!(answered.try_recv(), Ok(Ok(Answer::Likely(_)))));
}

#[test]
fn a_sentence_goes_on_behind_what_was_heard_of_it() {
    let mut ledger = ledger();
    let (order, mut pieces) = speak("Thank you for waiting.");
    ledger.take(order);
    ledger.answered(1, Answer::Piece(vec![1, 2, 3]));
    for _ in 0..2 {
        ledger.lost(Instant::now());
        ledger.found();
        ledger.answered(1, Answer::Piece(vec![1, 2]));
    }
    ledger.answered(1, Answer::Piece(vec![3, 4]));
    ledger.answered(1, Answer::Spoken);
    let mut heard = Vec::new();
    while let Ok(piece) = pieces.try_recv() {
        heard.push(piece.unwrap());
    }
    assert_eq!(heard, [vec![1, 2, 3], vec![4]]);
    assert!(pieces.is_closed() && ledger.is_empty());
}

#[test]
fn who_waits_for_a_worker_that_does_not_come_back_is_told_in_time_and_so_is_who_comes_later() {
    let (mut ledger, now) = (ledger(), Instant::now());
    let speech = CallerSpeech::begin(&[0.1; 100]);
    let (order, _, mut answered) = hear(&speech);
    ledger.take(order);
    ledger.lost(now);
    // One that opens its models and ends makes the wait no longer.
    ledger.lost(now + PATIENCE / 2);
    ledger.look(now + PATIENCE);
    assert!(matches!(answered.try_recv(), Ok(Err(EngineError::Gone("recogniser")))));
    let (order, _, mut answered) = hear(&speech);
    ledger.take(order);
    ledger.look(now + PATIENCE);
    assert!(answered.try_recv().unwrap().is_err());
    assert!(ledger.is_empty());
}

#[test]
fn a_job_that_is_lost_with_each_worker_is_not_given_to_a_fourth() {
    let mut ledger = ledger();
    let (order, _, mut answered) = hear(&CallerSpeech::begin(&[0.1; 100]));
    ledger.take(order);
    for round in 1..=3 {
        assert!(answered.try_recv().is_err(), "round {round}");
        ledger.lost(Instant::now());
        assert_eq!(ledger.found().is_empty(), round == 3);
    }
    assert!(answered.try_recv().unwrap().is_err());
}

#[test]
fn what_nobody_waits_for_is_called_off() {
    let mut ledger = ledger();
    let speech = CallerSpeech::begin(&[0.1; 100]);
    let ((first, cancel, _first), (second, _, gone), (third, pieces)) = (hear(&speech), hear(&speech), speak("Hello."));
    for order in [first, second, third] {
        ledger.take(order);
    }
    cancel.cancel();
    drop((gone, pieces));
    assert_eq!(told(&ledger.look(Instant::now())), ["cancel 1", "cancel 2", "cancel 3"]);
    assert!(ledger.answered(1, Answer::Likely(1.0)).is_empty(), "it was faster");
}

#[test]
fn a_call_that_takes_none_of_its_sound_keeps_nobody_waiting() {
    let mut ledger = ledger();
    let (order, _pieces) = speak("A very long story.");
    ledger.take(order);
    let told: Vec<_> = (0..5).flat_map(|_| told(&ledger.answered(1, Answer::Piece(vec![1])))).collect();
    assert_eq!(told, ["cancel 1"]);
    assert!(ledger.is_empty());
}

#[test]
fn what_the_worker_cannot_do_is_told_and_an_answer_to_another_question_is_none() {
    let mut ledger = ledger();
    let speech = CallerSpeech::begin(&[0.1; 100]);
    let ((first, _, mut cancelled), (second, _, mut failed), (third, mut pieces)) = (hear(&speech), hear(&speech), speak("Hello."));
    for order in [first, second, third] {
        ledger.take(order);
    }
    ledger.answered(1, Answer::Failed(Fault::Cancelled));
    ledger.answered(2, Answer::Failed(Fault::Other("the model is tired".into())));
    ledger.answered(3, Answer::Likely(0.5));
    assert!(matches!(cancelled.try_recv(), Ok(Err(EngineError::Model(Error::Cancelled)))));
    assert!(matches!(failed.try_recv(), Ok(Err(EngineError::Worker(what))) if what == "the model is tired"));
    assert!(matches!(pieces.try_recv(), Ok(Err(EngineError::Gone("voice")))));
    ledger.answered(99, Answer::Spoken);
}

#[test]
fn more_turns_than_a_worker_hears_are_refused() {
    let mut ledger = ledger();
    let all: Vec<_> = (0..MOST_TURNS).map(|_| CallerSpeech::begin(&[0.1; 10])).collect();
    for speech in &all {
        ledger.take(Order::Follow(speech.clone()));
    }
    let (order, _, mut answered) = hear(&CallerSpeech::begin(&[0.1; 10]));
    assert!(ledger.take(order).is_empty());
    assert!(matches!(answered.try_recv(), Ok(Err(EngineError::Overloaded(_)))));
    let (reply, _answered) = oneshot::channel();
    assert_eq!(told(&ledger.take(job(Asked::Ends(Language::En, "I".into()), Reply::Once(reply)).0)), ["job 2"]);
}
