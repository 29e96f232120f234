//! Listening to a live call over the bus, and by `switchhookctl call listen`.

use std::fs::File;
use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;
use switchhook::calls::State;
use switchhook::control::{Control, api};
use switchhook::media::{FRAME_SAMPLES, Overheard};
use switchhook_models::audio::wav;
use tokio::io::{AsyncBufReadExt, BufReader};
use zbus::Connection;

use super::bus::PrivateBus;
use super::control::{error_name, up};
use super::ctl::{ctl, out, run, said_on_failure};
use super::house::{Call, House};

/// The call as the bus has it, from when the bus has it.
async fn call_of(client: &Connection, call: &Call) -> api::CallProxy<'static> {
    let proxy = api::CallProxy::builder(client).path(api::call_path(call.id)).build().await.unwrap();
    while proxy.state().await.is_err() {
        tokio::task::yield_now().await;
    }
    proxy
}

async fn open() -> (PrivateBus, House, Control, Connection) {
    let (bus, house) = (PrivateBus::open(), House::new());
    let (control, client) = up(&bus, &house).await;
    (bus, house, control, client)
}

/// The robot says so many frames.
async fn speaks(call: &Call, frames: i16) {
    for level in 1..=frames {
        call.mouth.push(&[100 * level; FRAME_SAMPLES]).unwrap();
        call.clock.tick();
        tokio::task::yield_now().await;
    }
}

fn read(ear: OwnedFd) -> Vec<Overheard> {
    let mut bytes = Vec::new();
    File::from(ear).read_to_end(&mut bytes).unwrap();
    let (frames, rest) = bytes.as_chunks::<{ Overheard::BYTES }>();
    assert!(rest.is_empty());
    frames.iter().map(Overheard::parted).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_heard_comes_by_a_pipe_that_ends_with_the_call_and_the_look_is_on_record() {
    let (_bus, house, _control, client) = open().await;
    let call = house.ring();
    let ear: OwnedFd = call_of(&client, &call).await.listen().await.unwrap().into();
    let looks = house.records.latest_looks(1).await.unwrap();
    assert_eq!((looks[0].at_what.as_str(), looks[0].call), ("Call.Listen", Some(call.id)));
    speaks(&call, 20).await;
    let Call { clock, .. } = call;
    drop(clock);
    let heard = tokio::task::spawn_blocking(move || read(ear)).await.unwrap();
    let levels: Vec<i16> = heard.iter().map(|both| both.robot.0[0]).collect();
    assert_eq!(levels, (1..=20).map(|level| 100 * level).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_listens_to_a_caller_and_a_person_nor_to_a_call_that_is_over() {
    let (_bus, house, _control, client) = open().await;
    let call = house.ring();
    let proxy = call_of(&client, &call).await;
    call.go(State::Bridged);
    // As the call does, before it passes anything on.
    call.mouth.tap().close();
    let (name, said) = error_name(proxy.listen().await.unwrap_err());
    assert_eq!(name, "org.switchhook.Error.WithAPerson", "{said}");
    call.go(State::Ended);
    // Its object goes soon after.
    let refused = proxy.listen().await.unwrap_err().to_string();
    assert!(["org.switchhook.Error.CallOver", "UnknownObject"].iter().any(|name| refused.contains(name)), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_leaves_the_bus_has_stopped_listening_though_somebody_keeps_their_pipe() {
    let (bus, house, _control, _client) = open().await;
    let call = house.ring();
    let other = api::connect(&bus.bus()).await.unwrap();
    let ear: OwnedFd = call_of(&other, &call).await.listen().await.unwrap().into();
    other.close().await.unwrap();
    // It ends, though the call does not.
    tokio::task::spawn_blocking(move || read(ear)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_put_on_record_is_not_heard() {
    let (_bus, house, _control, client) = open().await;
    let call = house.ring();
    house.records.clone().close().await;
    assert_eq!(error_name(call_of(&client, &call).await.listen().await.unwrap_err()).0, "org.switchhook.Error.NoRecord");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_only_call_is_written_to_a_file_of_the_admin_s_own_until_it_is_over() {
    let (bus, house, _control, _client) = open().await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("call.wav");
    let file = path.to_str().unwrap();
    let said = said_on_failure(&run(&bus, &["call", "listen", "--to", file]).await);
    assert!(said.contains("no call to listen to") && !path.exists(), "{said}");
    let call = house.ring();
    let mut child = ctl(&bus, &["--json", "call", "listen", "--to", file]);
    let child = child.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let begun = async {
        // Whoever begins to listen is put on record.
        while house.records.latest_looks(1).await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    begun.await;
    let id = call.id;
    let ends = async {
        // It has a pipe soon after that: it hears at least the end of this.
        while std::fs::metadata(&path).map_or(0, |file| file.len()) < 20_000 {
            speaks(&call, 1).await;
        }
        let Call { clock, .. } = call;
        drop(clock);
    };
    let (output, ()) = tokio::join!(child.wait_with_output(), ends);
    let told: Value = serde_json::from_str(&out(&output.unwrap())).unwrap();
    assert_eq!(
        (told["call"].as_str(), told["end"].as_str(), told["file"].as_str()),
        (Some(id.simple().as_str()), Some("over"), Some(file))
    );
    let sound = wav::read(&path).unwrap();
    assert!(sound.rate == 8_000 && sound.samples.iter().all(|sample| (sample * 32_768.0 - 50.0).abs() < 0.01), "the robot's half of 100");
    assert!((told["seconds"].as_f64().unwrap() - sound.seconds()).abs() < 1e-9, "{told}");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "nobody else reads it");
    let said = said_on_failure(&run(&bus, &["call", "listen", "--to", file, &id.simple()]).await);
    assert!(!said.is_empty() && wav::read(&path).unwrap() == sound, "no file is lost for it: {said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sound_card_that_is_not_there_is_named_before_anybody_listens() {
    let (bus, house, _control, _client) = open().await;
    let _call = house.ring();
    let said = said_on_failure(&run(&bus, &["call", "listen", "--device", "hw:CARD=NoSuchCard"]).await);
    assert!(said.contains("NoSuchCard") && said.contains("aplay -L"), "{said}");
    assert!(house.records.latest_looks(1).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_who_stops_is_told_how_long_they_listened() {
    let (bus, house, _control, _client) = open().await;
    let call = house.ring();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("call.wav");
    let mut child = ctl(&bus, &["call", "listen", "--to", path.to_str().unwrap()]);
    let mut child = child.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.next_line().await.unwrap().unwrap().contains("listening to"));
    while std::fs::metadata(&path).map_or(0, |file| file.len()) < 2_000 {
        speaks(&call, 1).await;
    }
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id().unwrap()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let told = out(&child.wait_with_output().await.unwrap());
    assert!(told.starts_with("stopped listening after "), "{told}");
    assert!(wav::read(&path).unwrap().seconds() > 0.01);
}
