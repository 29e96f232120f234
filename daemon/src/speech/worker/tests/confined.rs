//! What a confined process can still do, asked of the kernel: each test runs an ignored one in a process of its own, which gives up its rights as a worker does.

use std::net::{TcpStream, UdpSocket};
use std::os::unix::net::UnixDatagram;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use switchhook_models::Locale;

use super::super::confinement::{confine, seal};
use super::super::message::{Begin, Models, VERSION};

/// Where the child finds its files.
const PLACE: &str = "SWITCHHOOK_TEST_PLACE";

fn run(test: &str, place: &Path) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("speech::worker::tests::confined::{test}"), "--ignored", "--nocapture"])
        .env(PLACE, place)
        .output()
        .unwrap()
}

/// The office's folder: models, which may be read, and what may not.
fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    for (file, text) in [("models/a/model.gguf", "weights"), ("records.db", "who called"), ("credentials/records-key", "the key")] {
        let path = place.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    place
}

fn begin(place: &Path, memory: u64) -> Begin {
    let name = || "model".to_owned();
    let models = Models { recognizer: name(), voice: name(), turn: None, language_model: None, embedding: None };
    Begin { version: VERSION, store: place.join("models"), models, people: vec![], locale: Locale::En, memory, verbosity: 0 }
}

fn here() -> Option<PathBuf> {
    std::env::var_os(PLACE).map(PathBuf::from)
}

#[test]
fn a_worker_reads_models_and_neither_records_nor_secrets_and_reaches_nobody() {
    let place = place();
    let output = run("child_tries_everything", place.path());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 3, "it wrote nothing");
}

#[test]
#[ignore = "run by the test above"]
fn child_tries_everything() {
    let Some(place) = here() else { return };
    // A service that listens, and a file that is open: neither is any use.
    let listening = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listening.local_addr().unwrap();
    let lacks = confine(&begin(&place, 4 << 30)).unwrap();
    assert_eq!(std::fs::read_to_string(place.join("models/a/model.gguf")).unwrap(), "weights");
    assert!(TcpStream::connect(address).is_err() && UdpSocket::bind("127.0.0.1:0").is_err() && UnixDatagram::unbound().is_err());
    assert!(listening.accept().is_err());
    assert!(Command::new("/bin/true").status().is_err());
    assert_eq!(std::thread::spawn(|| 1).join().unwrap(), 1, "threads are its own");
    let secrets = ["records.db", "credentials/records-key"].map(|file| place.join(file));
    if lacks.is_empty() {
        assert!(secrets.iter().all(|file| std::fs::read(file).is_err()), "Landlock");
        assert!(std::fs::write(place.join("models/a/more"), "").is_err() && std::fs::write(place.join("more"), "").is_err());
    }
    assert!(seal().unwrap().is_empty());
    let all = secrets.into_iter().chain([place.join("models/a/model.gguf"), "/etc/passwd".into()]);
    assert!(all.into_iter().all(|file| std::fs::read(file).is_err()), "models are open; nothing else will be");
    let other_thread = std::thread::spawn(|| std::fs::read("/etc/passwd").is_err());
    assert!(other_thread.join().unwrap());
}

#[test]
fn a_worker_that_takes_more_memory_than_it_may_have_is_at_its_end() {
    let place = place();
    let output = run("child_takes_memory", place.path());
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("it has 64 MB") && !said.contains("it has 512 MB"), "{said}");
    assert_eq!(output.status.signal(), Some(6), "{:?}", output.status);
}

#[test]
#[ignore = "run by the test above"]
fn child_takes_memory() {
    let Some(place) = here() else { return };
    confine(&begin(&place, 256 << 20)).unwrap();
    for megabytes in [64, 512] {
        let taken = vec![1u8; megabytes << 20];
        println!("it has {} MB", taken.len() >> 20);
    }
}

#[test]
fn a_worker_does_not_outlive_the_daemon_and_goes_before_it_when_memory_is_short() {
    let place = place();
    let output = run("child_tells_its_standing", place.path());
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("killed with its parent: true, first to go: 500"), "{said}");
}

#[test]
#[ignore = "run by the test above"]
fn child_tells_its_standing() {
    let Some(place) = here() else { return };
    confine(&begin(&place, 4 << 30)).unwrap();
    let killed = rustix::process::parent_process_death_signal().unwrap() == Some(rustix::process::Signal::KILL);
    let goes = std::fs::read_to_string("/proc/self/oom_score_adj").unwrap();
    println!("killed with its parent: {killed}, first to go: {}", goes.trim());
}
