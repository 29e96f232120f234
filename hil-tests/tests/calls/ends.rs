//! How calls end.

use std::time::Duration;

use switchhook::config::Secret;
use switchhook::records::Records;
use switchhook_hil::bench::{House, Settings, Visit, until};
use switchhook_hil::caller::{Call, End};

use super::{SECOND, SOON, open, plain, words};

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_says_nothing_is_asked_and_then_taken_leave_of() {
    let (_place, house) = open(&plain()).await;
    let call = house.call(Visit::saying(&[])).await.unwrap();
    assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
    assert!(words(&call).contains("are you still there"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_from_which_no_sound_comes_is_ended() {
    let (_place, house) = open(&plain()).await;
    let call = house.call(Visit::saying(&[]).mute()).await.unwrap();
    assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
    let journal = house.process.output();
    assert!(journal.contains("media-lost") || journal.contains("MediaLost"), "{journal}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_the_caller_ends_leaves_nothing_behind() {
    let (_place, house) = open(&plain()).await;
    let call = house.call(Visit::saying(&[]).who(|plan| plan.longest = 3 * SECOND)).await.unwrap();
    assert_eq!(call.report.end, End::Timeout);
    until("the call is gone from the bus", SOON, async || house.calls().await.is_ok_and(|calls| calls == 0).then_some(())).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_calls_go_on_at_once_and_the_third_is_told_that_the_line_is_busy() {
    let (_place, house) = open(&plain()).await;
    let long = || Visit::saying(&["02-af_sarah", "23-am_fenrir"]);
    let third = async {
        until("two calls are there", SOON, async || house.calls().await.is_ok_and(|calls| calls == 2).then_some(())).await.unwrap();
        house.call(Visit::saying(&[])).await.unwrap()
    };
    let (first, second, third) = tokio::join!(house.call(long()), house.call(long()), third);
    assert_eq!((third.report.answered, third.report.status), (false, 486), "{:?}", third.report);
    for call in [first.unwrap(), second.unwrap()] {
        assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
        assert!(words(&call).contains("saturday"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_that_is_told_to_close_in_mid_call_lets_the_call_finish() {
    let (_place, mut house) = open(&plain()).await;
    let (call, status) = {
        let dial = house.dial().to_owned();
        let visit = house.call(Visit::saying(&["02-af_sarah", "23-am_fenrir"]));
        let closing = async {
            until("a call is there", SOON, async || house.calls().await.is_ok_and(|calls| calls == 1).then_some(())).await.unwrap();
            house.process.terminate().unwrap();
            // A call that comes before the signal is heard is let in, and rightly so.
            until("the house closes", SOON, async || house.process.output().contains("event=closing").then_some(())).await.unwrap();
            // Nobody new is let in from now on: refused, or not there any more.
            let late = house.call(Visit::saying(&[])).await.unwrap();
            assert!(!late.report.answered, "{dial}: {:?}", late.report);
        };
        let (call, ()) = tokio::join!(visit, closing);
        (call.unwrap(), house.process.ended(SOON).await.unwrap())
    };
    assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
    assert!(words(&call).contains("saturday"), "the question was still answered");
    assert!(status.success(), "{status}");
}

/// A caller who says nothing and stays, while the house is told to close once or twice.
async fn cut_short(house: &mut House, signals: usize) -> Call {
    let visit = house.call(Visit::saying(&[]));
    let closing = async {
        until("the call is disclosed", SOON, async || house.process.output().contains("event=disclosed").then_some(())).await.unwrap();
        for signal in 1..=signals {
            house.process.terminate().unwrap();
            let closing = async || (house.process.output().matches("event=closing").count() == 1).then_some(());
            until(&format!("signal {signal} is heard"), SOON, closing).await.unwrap();
        }
    };
    let (call, ()) = tokio::join!(visit, closing);
    let status = house.process.ended(SOON).await.unwrap();
    assert!(status.success(), "{status}");
    call.unwrap()
}

/// How the only call on record ended.
async fn outcome(house: &House) -> String {
    let (path, key) = house.records();
    let calls = Records::open(path, &Secret::new(key)).unwrap().calls(10).await.unwrap();
    assert_eq!(calls.len(), 1);
    calls[0].ending.clone().unwrap().outcome
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_stays_beyond_the_grace_is_taken_leave_of_and_the_record_says_why() {
    let (_place, mut house) = open(&Settings { grace: Duration::from_secs(1), ..plain() }).await;
    let call = cut_short(&mut house, 1).await;
    assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
    assert!(words(&call).contains("goodbye"), "nobody is hung up on without a word");
    assert_eq!(outcome(&house).await, "shutdown");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_does_not_wait_for_the_grace() {
    // Longer than the test: only the second signal can end the call as it ends here.
    let (_place, mut house) = open(&Settings { grace: Duration::from_secs(3600), ..plain() }).await;
    let call = cut_short(&mut house, 2).await;
    assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
    assert_eq!(outcome(&house).await, "shutdown");
}
