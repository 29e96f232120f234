#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::sync::mpsc::{Receiver, Sender, channel};

use super::*;

fn fetch(name: &str) -> Kind {
    Kind::FetchModel(name.to_owned())
}

/// Work that goes on until it is let go, or cancelled when it is.
fn waiting() -> (Sender<()>, impl FnOnce(&Teller, &Cancel) -> Result<Findings, Stop> + Send + 'static) {
    let (let_go, held): (_, Receiver<()>) = channel();
    let work = move |_: &Teller, cancel: &Cancel| {
        let _ = held.recv();
        cancel.check()?;
        Ok(Findings::new())
    };
    (let_go, work)
}

async fn over(job: &Job) -> View {
    job.view.clone().wait_for(View::is_over).await.unwrap().clone()
}

fn numbers(jobs: &Jobs) -> Vec<u32> {
    jobs.watch().borrow().jobs().map(|job| job.number.get()).collect()
}

#[tokio::test]
async fn a_job_tells_how_far_it_is_and_what_it_found() {
    let jobs = Jobs::default();
    let (let_go, held): (_, Receiver<()>) = channel();
    let job = jobs.begin(fetch("ears"), move |teller, _| {
        teller.doing("listening".into());
        teller.progress(Some(0.257));
        let _ = held.recv();
        Ok(Findings::from_iter([("heard".to_owned(), "a cough".into())]))
    });
    let job = job.unwrap();
    let view = job.view.clone().wait_for(|view| view.progress.is_some()).await.unwrap().clone();
    assert_eq!(view, View { state: State::Running, progress: Some(0.25), doing: "listening".into() });
    drop(let_go);
    let view = over(&job).await;
    let State::Done(found) = view.state else { panic!("{view:?}") };
    assert_eq!((view.progress, found["heard"].as_str()), (Some(1.0), Some("a cough")));
}

#[tokio::test]
async fn a_job_that_is_cancelled_or_fails_says_so() {
    let jobs = Jobs::default();
    let (let_go, work) = waiting();
    let job = jobs.begin(fetch("ears"), work).unwrap();
    job.cancel();
    drop(let_go);
    assert_eq!(over(&job).await.state, State::Cancelled);
    let failed = jobs.begin(fetch("eyes"), |_, _| Err(Stop::Failed("no eyes in the catalog".into()))).unwrap();
    assert_eq!(over(&failed).await.state, State::Failed("no eyes in the catalog".into()));
}

#[tokio::test]
async fn work_that_panics_has_failed_and_takes_nothing_with_it() {
    let jobs = Jobs::default();
    let job = jobs.begin(fetch("ears"), |_, _| panic!("a fault of the program")).unwrap();
    assert!(matches!(over(&job).await.state, State::Failed(_)));
    let (let_go, work) = waiting();
    let next = jobs.begin(fetch("ears"), work).unwrap();
    drop(let_go);
    assert!(matches!(over(&next).await.state, State::Done(_)));
}

#[tokio::test]
async fn what_is_being_done_already_is_not_begun_again() {
    let jobs = Jobs::default();
    let (let_go, work) = waiting();
    let first = jobs.begin(fetch("ears"), work).unwrap();
    let same = jobs.begin(fetch("ears"), |_, _| panic!("it is being done")).unwrap();
    assert_eq!(same.number, first.number);
    drop(let_go);
    over(&first).await;
    let again = jobs.begin(fetch("ears"), |_, _| Ok(Findings::new())).unwrap();
    assert_ne!(again.number, first.number);
}

#[tokio::test]
async fn no_more_jobs_run_and_are_kept_than_may() {
    let jobs = Jobs::default();
    let ((let_one_go, one), (let_two_go, two)) = (waiting(), waiting());
    let (one, two) = (jobs.begin(fetch("one"), one).unwrap(), jobs.begin(fetch("two"), two).unwrap());
    let refused = jobs.begin(fetch("three"), |_, _| Ok(Findings::new())).err().unwrap();
    assert!(refused.to_string().contains("switchhookctl jobs"), "{refused}");
    drop(let_one_go);
    over(&one).await;
    for _ in 0..2 * MOST_OVER {
        over(&jobs.begin(fetch("three"), |_, _| Ok(Findings::new())).unwrap()).await;
    }
    let kept = numbers(&jobs);
    assert_eq!(kept.len(), MOST_OVER + 1, "{kept:?}");
    assert!(kept.contains(&two.number.get()), "what runs is not forgotten");
    jobs.forget(two.number);
    assert!(numbers(&jobs).contains(&two.number.get()));
    drop(let_two_go);
    over(&two).await;
    jobs.forget(two.number);
    assert!(!numbers(&jobs).contains(&two.number.get()));
}

#[tokio::test]
async fn the_conversations_of_a_scenario_are_counted_and_their_faults_told() {
    let dir = tempfile::tempdir().unwrap();
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/reception");
    let copied = std::process::Command::new("cp").arg("-r").arg(shipped).arg(dir.path().join("reception")).status().unwrap();
    assert!(copied.success());
    let folder = dir.path().join("reception");
    let wrong = "language: en\nconversations:\n  - title: A greeting that nobody says\n    turns:\n      - caller: Hello\n        robot: Ahoy there\n";
    std::fs::write(folder.join("tests/wrong.yaml"), wrong).unwrap();
    let jobs = Jobs::default();
    let job = jobs.begin(Kind::TestScenario("reception".into()), move |teller, cancel| rehearsal::rehearse(&folder, teller, cancel));
    let view = over(&job.unwrap()).await;
    let State::Done(found) = view.state else { panic!("{view:?}") };
    assert_eq!(found["failed"], 1, "{found:?}");
    assert!(found["conversations"].as_u64().unwrap() > 10, "{found:?}");
    let fault = found["faults"][0].as_str().unwrap();
    assert!(fault.contains("wrong.yaml:5: ") && fault.contains("Ahoy there"), "{fault}");
}
