//! Records handed out: to whoever may have them, whole, and into a file of their own.

use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;
use switchhook::calls::CallId;
use switchhook::control::{Control, api, serve};
use zbus::OwnedFd;

use super::bus::PrivateBus;
use super::ctl::{out, run, said_on_failure};
use super::house::{HEARD, House};

async fn up(bus: &PrivateBus, house: &House) -> Control {
    serve(&bus.bus(), house.board.clone(), house.registry.clone(), house.info()).await.unwrap()
}

#[tokio::test]
async fn everything_on_record_of_calls_is_written_into_a_file_of_its_owner_alone() {
    let (bus, house, dir) = (PrivateBus::open(), House::new(), tempfile::tempdir().unwrap());
    let _control = up(&bus, &house).await;
    let calls = [house.had_a_call().await, house.had_a_call().await];
    let path = dir.path().join("records.jsonl");
    let file = path.to_str().unwrap();
    let told: Value = serde_json::from_str(&out(&run(&bus, &["export", file, "--json"]).await)).unwrap();
    assert_eq!((&told["calls"], &told["path"]), (&2.into(), &file.into()));
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(&path).unwrap();
    let written: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(written.iter().map(|call| call["call"].as_str().unwrap()).collect::<Vec<_>>(), calls.map(CallId::simple));
    assert_eq!((&written[0]["messages"][0]["text"], &written[0]["report"]["goal"]), (&HEARD.into(), &"booked".into()));
    assert_eq!(written[0]["report"]["errands"][0]["told"]["service"], "cleaning");

    let looks = house.records.latest_looks(10).await.unwrap();
    assert_eq!(looks.iter().map(|look| look.at_what.as_str()).collect::<Vec<_>>(), ["Record.Export"]);
    let jobs = out(&run(&bus, &["jobs", "--json"]).await);
    assert!(jobs.contains("export-records") && !jobs.contains(HEARD), "{jobs}");

    assert!(said_on_failure(&run(&bus, &["export", file]).await).contains("is there already"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    assert_eq!(house.records.latest_looks(10).await.unwrap().len(), 1, "nothing was seen the second time");
    assert_eq!(out(&run(&bus, &["export", "-"]).await), text);
}

#[tokio::test]
async fn only_those_calls_are_written_that_were_meant_and_no_file_if_there_are_none() {
    let (bus, house, dir) = (PrivateBus::open(), House::new(), tempfile::tempdir().unwrap());
    let _control = up(&bus, &house).await;
    house.had_a_call().await;
    let path = dir.path().join("records.jsonl");
    let file = path.to_str().unwrap();
    for meant in [["--number", "+44 1632 960 999"], ["--since", "2026-11-24"], ["--until", "2026-11-20"]] {
        let said = out(&run(&bus, &["export", file, meant[0], meant[1]]).await);
        assert!(said.contains("nothing was written"), "{said}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "{meant:?}");
    }
    let said = out(&run(&bus, &["export", file, "--since", "2026-11-20", "--until", "2026-11-26"]).await);
    assert!(said.contains("one call"), "{said}");
    assert_eq!(run(&bus, &["export", file, "--since", "yore"]).await.status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_the_bus_one_is_handed_out_at_a_time_and_a_wrong_time_is_told() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    // More than a pipe holds, so that it goes on until it is read.
    for _ in 0..200 {
        house.had_a_call().await;
    }
    let client = api::connect(&bus.bus()).await.unwrap();
    let record = api::RecordProxy::new(&client).await.unwrap();
    let wrong = record.export("", "soon", "").await.unwrap_err().to_string();
    assert!(wrong.contains("WrongTime") && wrong.contains("`since`"), "{wrong}");
    let (job, calls) = record.export("", "", "").await.unwrap();
    let busy = record.export("", "", "").await.unwrap_err().to_string();
    assert!(busy.contains("Busy") && busy.contains("handed out already"), "{busy}");
    assert_eq!(lines(calls).await, 200);
    let job = api::JobProxy::builder(&client).path(job).build().await.unwrap();
    while job.state().await.unwrap() == "running" {
        tokio::task::yield_now().await;
    }
    assert_eq!((job.state().await.unwrap().as_str(), job.subject().await.unwrap().as_str()), ("done", "records"));
    let (job, calls) = record.export("", "", "").await.unwrap();
    let job = api::JobProxy::builder(&client).path(job).build().await.unwrap();
    job.cancel().await.unwrap();
    assert!(lines(calls).await < 200, "it was called off");
}

/// How many lines there are until the end.
async fn lines(calls: OwnedFd) -> usize {
    let read = tokio::task::spawn_blocking(move || {
        let mut text = String::new();
        std::fs::File::from(std::os::fd::OwnedFd::from(calls)).read_to_string(&mut text).unwrap();
        text.lines().count()
    });
    read.await.unwrap()
}
