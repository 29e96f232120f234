//! The speech worker is lost in the middle of calls: killed, or stuck. Calls go on, and nobody hears nothing for long.

use std::time::{Duration, Instant};

use switchhook::control::api::ManagerProxy;
use switchhook_hil::bench::{House, Settings, Visit, signal, until};
use switchhook_hil::caller::{Call, End};
use switchhook_hil::ear::spoken;

use super::talk::records;
use super::{SECOND, SOON, open, plain, words};

/// So often the worker is killed.
const KILLS: usize = 50;
/// It is back by then.
const BACK: Duration = Duration::from_secs(5);
/// Nobody who waits for the robot hears nothing for longer.
const LONGEST_SILENCE: usize = 2 * SECOND;
/// What callers say: the robot answers with sentences that it knows, and with some that it has to make.
const CONVERSATION: [&str; 8] =
    ["02-af_sarah", "03-bm_george", "14-af_sarah", "18-af_nicole", "04-bf_emma", "05-am_fenrir", "06-af_nicole", "23-am_fenrir"];

/// The one worker that the house has, once it has one.
async fn worker(house: &House) -> u32 {
    let found = async || match house.process.children("speech-worker")[..] {
        [worker] => Some(worker),
        _ => None,
    };
    until("there is a speech worker", SOON, found).await.unwrap()
}

/// How often the journal says that a worker was there.
fn came(house: &House) -> usize {
    house.process.output().matches("event=speech-worker-ready").count()
}

/// Where a caller waited for the robot and heard nothing, longest first: from the end of what they said until they spoke again, but for the quiet after the robot's last
/// words. In samples: how long, and since when.
fn silences(call: &Call) -> Vec<(usize, usize)> {
    let samples = |ms: usize| ms * SECOND / 1_000;
    let turns = &call.report.turns;
    let mut silences = Vec::new();
    for (at, turn) in turns.iter().enumerate() {
        let from = samples(turn.said_to_ms);
        let until = turns.get(at + 1).map_or(call.tracks.heard.len(), |next| samples(next.said_from_ms)).min(call.tracks.heard.len());
        let window = call.tracks.heard.get(from..until).unwrap_or_default();
        let mut silent_since = 0;
        for sound in spoken(window, SECOND / 2) {
            silences.push((sound.start.saturating_sub(silent_since), from + silent_since));
            silent_since = sound.end;
        }
        if silent_since == 0 {
            silences.push((window.len(), from));
        }
    }
    silences.sort_unstable_by(|a, b| b.cmp(a));
    silences
}

/// Kill whatever worker there is, again and again, each time a little later after it has come back; how long it was away each time.
async fn kill(house: &House, times: usize) -> Vec<Duration> {
    let mut away = Vec::new();
    for kill in 0..times {
        let victim = worker(house).await;
        let before = came(house);
        signal(victim, "KILL").unwrap();
        let begun = Instant::now();
        until("the speech worker is back", 6 * BACK, async || (came(house) > before).then_some(())).await.unwrap();
        away.push(begun.elapsed());
        // Wherever it hits: while it hears, thinks, speaks, or rests.
        tokio::time::sleep(Duration::from_millis(300 + 270 * (kill as u64 * 7 % 11))).await;
    }
    away
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_is_lost_and_nobody_hears_nothing_for_long_though_the_speech_worker_is_killed_fifty_times() {
    let (_place, house) = open(&Settings::default()).await;
    let first = worker(&house).await;
    let over = std::sync::atomic::AtomicBool::new(false);
    let callers = async |lag: u64| {
        tokio::time::sleep(Duration::from_secs(lag)).await;
        let mut calls = Vec::new();
        while !over.load(std::sync::atomic::Ordering::Relaxed) {
            // Whoever takes a pause of the robot's for its end would speak into the silence that is looked for.
            let visit = Visit::saying(&CONVERSATION).who_waits_for(3 * SECOND).who(|plan| plan.longest = 300 * SECOND);
            calls.push(house.call(visit).await.unwrap());
        }
        calls
    };
    let killing = async {
        until("a call is there", SOON, async || house.calls().await.is_ok_and(|calls| calls > 0).then_some(())).await.unwrap();
        let away = kill(&house, KILLS).await;
        over.store(true, std::sync::atomic::Ordering::Relaxed);
        away
    };
    let (one, other, away) = tokio::join!(callers(0), callers(5), killing);
    assert_eq!(away.len(), KILLS);
    assert_ne!(worker(&house).await, first);
    let calls: Vec<Call> = one.into_iter().chain(other).collect();
    let longest: Vec<_> = calls.iter().filter_map(|call| silences(call).first().copied()).collect();
    let longest_ms = longest.iter().map(|(silence, _)| silence * 1_000 / SECOND).max().unwrap();
    println!("{} calls, {KILLS} kills; away for {:?} at most; {longest_ms} ms of silence at most", calls.len(), away.iter().max().unwrap());
    for (call, (silence, since)) in calls.iter().zip(&longest) {
        let heard = words(call);
        assert!(matches!(call.report.end, End::Robot | End::Caller), "{:?}: {heard}", call.report);
        let at = *since as f64 / SECOND as f64;
        assert!(*silence <= LONGEST_SILENCE, "{} ms of silence at {at:.1} s: {heard}\n{:?}", silence * 1_000 / SECOND, call.report);
        assert!(heard.contains("saturday") || heard.contains("robot"), "{heard}");
    }
    assert!(away.iter().all(|away| *away <= BACK), "{away:?}");
    let spoken_anew = house.process.output().matches("event=prompts").count();
    assert_eq!(spoken_anew, 1, "prompts are not spoken anew");
    let mut house = house;
    let records = records(&mut house).await.calls(100).await.unwrap();
    assert_eq!(records.len(), calls.len());
    let outcomes: Vec<_> = records.iter().map(|call| call.ending.as_ref().map(|ending| ending.outcome.clone())).collect();
    assert!(
        outcomes.iter().all(|outcome| outcome.as_ref().is_some_and(|outcome| outcome != "fault" && outcome != "media-lost")),
        "{outcomes:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_stuck_is_killed_and_the_house_says_meanwhile_that_it_does_not_hear() {
    let (_place, house) = open(&plain()).await;
    let manager = ManagerProxy::builder(house.connection()).cache_properties(zbus::proxy::CacheProperties::No).build().await.unwrap();
    let rung = async |wanted: &str| {
        until(wanted, SOON, async || manager.rung().await.is_ok_and(|rung| rung == wanted).then_some(())).await.unwrap();
    };
    rung("no-llm").await;
    let stuck = worker(&house).await;
    // Nobody lets it on again: neither the daemon nor this test.
    signal(stuck, "STOP").unwrap();
    rung("no-speech").await;
    rung("no-llm").await;
    assert_ne!(worker(&house).await, stuck);
    let call = house.call(Visit::saying(&["02-af_sarah", "23-am_fenrir"])).await.unwrap();
    assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
    assert!(words(&call).contains("saturday"));
    assert!(house.process.output().contains("it does not go on"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worker_has_no_rights_and_goes_with_the_daemon() {
    let (_place, mut house) = open(&plain()).await;
    let worker = worker(&house).await;
    let read = |file: &str| std::fs::read_to_string(format!("/proc/{worker}/{file}")).unwrap_or_default();
    let status = read("status");
    assert!(status.contains("Seccomp:\t2") && status.contains("NoNewPrivs:\t1"), "{status}");
    assert_eq!(read("oom_score_adj").trim(), "500");
    let limits = read("limits");
    let data = limits.lines().find(|line| line.starts_with("Max data size")).unwrap();
    assert!(!data.contains("unlimited"), "{data}");
    assert!(read("environ").is_empty(), "it knows no folder of secrets");
    let files: Vec<_> =
        std::fs::read_dir(format!("/proc/{worker}/fd")).unwrap().filter_map(|file| file.unwrap().path().read_link().ok()).collect();
    assert!(!files.iter().any(|file| file.to_string_lossy().contains("records")), "{files:?}");
    let id = house.process.id().unwrap();
    signal(id, "KILL").unwrap();
    house.process.ended(SOON).await.unwrap();
    let gone = async || (!std::path::Path::new(&format!("/proc/{worker}")).exists()).then_some(());
    until("the worker is gone with it", SOON, gone).await.unwrap();
}
