//! A disk that hangs, and requests that fail by a fault of the program.

use tokio::time::Instant;

use super::*;
use crate::progress::Progress;

#[tokio::test]
async fn a_disk_that_hangs_makes_askers_wait_and_does_not_fill_the_memory() {
    let (_folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    let let_go = records.hang().await;
    let mut now = Context::from_waker(Waker::noop());
    let mut waiting: Vec<_> = (0..=QUEUE).map(|_| Box::pin(records.calls(1))).collect();
    assert!(waiting.iter_mut().all(|asked| asked.as_mut().poll(&mut now).is_pending()));
    assert_eq!(records.free_places(), 0);
    drop(let_go);
    for asked in waiting {
        asked.await.unwrap();
    }
}

/// Records in a house that looks whether they get on, and what it sees in an hour.
fn watched(path: &Path) -> (Records, impl Fn() -> Option<String>) {
    let progress = Progress::default();
    let records = Records::open_watched(path, &key(), &progress).unwrap();
    (records, move || progress.stuck_at(Instant::now() + Duration::from_secs(3600)).map(|stuck| stuck.name))
}

#[tokio::test]
async fn a_disk_that_hangs_starves_the_watchdog_and_one_that_rests_does_not() {
    let (_folder, path) = folder();
    let (records, stuck) = watched(&path);
    records.begin_call(a_call()).await.unwrap();
    while stuck().is_some() {
        tokio::task::yield_now().await;
    }
    let let_go = records.hang().await;
    assert_eq!(stuck().as_deref(), Some("records"));
    drop(let_go);
    records.close().await;
    assert_eq!(stuck(), None);
}

/// What a fault of the program looks like.
#[expect(clippy::panic, reason = "the fault that the test is about")]
async fn fault(records: &Records) -> Result<(), RecordsError> {
    records.run(|_| panic!("a fault of the tests")).await
}

#[tokio::test]
async fn a_fault_in_one_request_spoils_no_other() {
    let (_folder, path) = folder();
    let (records, stuck) = watched(&path);
    let call = a_call();
    for _ in 0..5 {
        assert!(matches!(fault(&records).await, Err(RecordsError::Fault)));
        records.calls(1).await.unwrap();
    }
    records.begin_call(call.clone()).await.unwrap();
    assert!(records.call(call.id).await.unwrap().is_some());
    records.close().await;
    assert_eq!(stuck(), None);
}

#[tokio::test]
async fn records_that_only_fail_give_up_and_starve_the_watchdog() {
    let (_folder, path) = folder();
    let (records, stuck) = watched(&path);
    for _ in 0..3 {
        assert!(matches!(fault(&records).await, Err(RecordsError::Fault)));
    }
    assert!(matches!(records.calls(1).await, Err(RecordsError::Closed)));
    assert_eq!(stuck().as_deref(), Some("records"));
    drop(records);
    assert_eq!(stuck().as_deref(), Some("records"), "and so it stays");
    Records::open(&path, &key()).unwrap().verify().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_hangs_does_not_keep_the_house_from_closing() {
    let (_folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    let held = records.hang().await;
    records.clone().close().await;
    drop(held);
}
