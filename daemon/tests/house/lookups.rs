//! Look-ups that leave the process: programs in their sandbox, and services on the office's own network.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use switchhook::config;
use switchhook::lookups::LookUps;
use switchhook::lookups::query::{Found, LookUp, Place, Query, Row, Url};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn row(pairs: &[(&str, &str)]) -> Row {
    pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn query(at: Place, within: Duration, inputs: &[(&str, &str)]) -> Query {
    let of = LookUp { name: "order".into(), at, inputs: vec![], outputs: vec![], within, slow: false };
    Query { number: 1, of: Arc::new(of), inputs: row(inputs), now: jiff::Zoned::now() }
}

fn lookups(dir: &Path, hosts: &[&str]) -> LookUps {
    let settings = config::LookUps { data: dir.join("data"), hosts: hosts.iter().map(|&host| host.to_owned()).collect() };
    LookUps::of(&settings, dir, "tyres").launched_by(env!("CARGO_BIN_EXE_switchhookd").into())
}

const LONG: Duration = Duration::from_secs(20);

/// What a program in the sandbox finds.
async fn run(program: &str, inputs: &[(&str, &str)], within: Duration) -> Found {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("programs/find");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path.with_file_name("beside.json"), r#"{"state": "beside"}"#).unwrap();
    fs::write(dir.path().join("secret.json"), r#"{"state": "secret"}"#).unwrap();
    fs::write(&path, program).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    lookups(dir.path(), &[]).find(query(Place::Program("programs/find".into()), within, inputs)).await
}

async fn shell(script: &str) -> Found {
    run(&format!("#!/bin/sh\n{script}\n"), &[("number", "17\"; echo")], LONG).await
}

#[tokio::test]
async fn a_program_reads_what_is_known_and_tells_what_it_finds() {
    assert_eq!(shell("cat").await, Found::One(row(&[("number", "17\"; echo")])));
    assert_eq!(shell("echo null").await, Found::Nothing);
    assert_eq!(shell("cat beside.json").await, Found::One(row(&[("state", "beside")])));
    assert_eq!(shell("env | grep -c SWITCHHOOK; exit 1").await, Found::Failed);
    assert_eq!(shell("echo ready").await, Found::Failed);
    assert_eq!(shell("exit 3").await, Found::Failed);
}

#[tokio::test]
async fn a_program_sees_nothing_that_is_not_its_own() {
    for forbidden in [
        "cat ../secret.json",
        "cat /etc/passwd > /dev/null && echo '{\"state\": \"read\"}'",
        "cat /proc/self/environ > /dev/null && echo '{\"state\": \"read\"}'",
        "ls / > /dev/null && echo '{\"state\": \"listed\"}'",
        "echo x > written && echo '{\"state\": \"written\"}'",
        "echo x > /tmp/switchhook-written && echo '{\"state\": \"written\"}'",
        "kill -0 $PPID && echo '{\"state\": \"signalled\"}'",
    ] {
        assert_eq!(shell(&format!("{forbidden} || exit 7")).await, Found::Failed, "{forbidden}");
    }
}

#[tokio::test]
async fn a_program_has_no_network() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let program = format!(
        "#!/usr/bin/env python3\nimport socket, json\ntry:\n    socket.create_connection(('127.0.0.1', {port}), 2)\n    print(json.dumps({{'state': 'connected'}}))\nexcept OSError as error:\n    print(json.dumps({{'state': str(error.errno)}}))\n"
    );
    assert_eq!(run(&program, &[], LONG).await, Found::One(row(&[("state", "1")])), "EPERM, and by the sandbox");
}

#[tokio::test]
async fn a_program_that_takes_too_long_is_killed_with_what_it_started() {
    let dir = tempfile::tempdir().unwrap();
    let fifo = dir.path().join("alive");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let path = dir.path().join("find");
    // Its child holds the end of a pipe that we read: it is closed once both are gone.
    fs::write(&path, "#!/bin/sh\n(while :; do sleep 1; done) < alive &\nwait\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let writer = tokio::task::spawn_blocking(move || {
        use std::io::Write;
        let mut pipe = fs::OpenOptions::new().write(true).open(fifo).unwrap();
        let begun = Instant::now();
        while pipe.write_all(b"x").is_ok() {
            assert!(begun.elapsed() < LONG, "what the program started lives on");
            std::thread::yield_now();
        }
    });
    let begun = Instant::now();
    let found = lookups(dir.path(), &[]).find(query(Place::Program("find".into()), Duration::from_secs(2), &[])).await;
    assert_eq!(found, Found::TooSlow);
    assert!(begun.elapsed() < LONG);
    writer.await.unwrap();
}

#[tokio::test]
async fn a_program_that_says_too_much_or_wants_too_much_memory_fails() {
    assert_eq!(shell("yes '{}'").await, Found::Failed);
    let greedy = "#!/usr/bin/env python3\nx = bytearray(1 << 30)\nprint('{\"state\": \"large\"}')\n";
    assert_eq!(run(greedy, &[], LONG).await, Found::Failed);
}

/// A service that answers every request so, and what it was asked.
async fn service(answer: &'static str) -> (u16, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        while !asked.ends_with(b"}") {
            let mut part = [0; 1024];
            let length = stream.read(&mut part).await.unwrap();
            assert!(length > 0, "the question was cut off");
            asked.extend_from_slice(&part[..length]);
        }
        // Whoever has read enough may have gone.
        let _ = stream.write_all(answer.as_bytes()).await;
        String::from_utf8(asked).unwrap()
    });
    (port, task)
}

async fn ask(port: u16, host: &str, hosts: &[&str]) -> Found {
    let dir = tempfile::tempdir().unwrap();
    let at = Place::Http(Url { host: host.into(), port, path: "/find?by=number".into() });
    lookups(dir.path(), hosts).find(query(at, Duration::from_secs(3), &[("number", "17")])).await
}

#[tokio::test]
async fn a_service_of_the_office_s_is_asked_in_json() {
    let body = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n{\"state\": \"ready\"}";
    let (port, asked) = service(body).await;
    assert_eq!(ask(port, "localhost", &["localhost"]).await, Found::One(row(&[("state", "ready")])));
    let asked = asked.await.unwrap();
    assert!(asked.starts_with("POST /find?by=number HTTP/1.1\r\n") && asked.ends_with("{\"number\":\"17\"}"), "{asked}");
}

#[tokio::test]
async fn a_service_may_know_nothing_fail_or_send_elsewhere() {
    for (answer, found) in [
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", Found::Nothing),
        ("HTTP/1.1 204 No Content\r\n\r\n", Found::Nothing),
        ("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", Found::Failed),
        ("HTTP/1.1 302 Found\r\nLocation: http://example.com/\r\nContent-Length: 0\r\n\r\n", Found::Failed),
        ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwhat", Found::Failed),
        ("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n{}", Found::Failed),
        ("nonsense\r\n\r\n", Found::Failed),
    ] {
        let (port, _asked) = service(answer).await;
        assert_eq!(ask(port, "localhost", &["localhost"]).await, found, "{answer}");
    }
}

#[tokio::test]
async fn a_service_that_is_not_allowed_by_name_is_not_asked() {
    let (port, asked) = service("HTTP/1.1 204 No Content\r\n\r\n").await;
    assert_eq!(ask(port, "localhost", &[]).await, Found::Failed);
    assert_eq!(ask(port, "127.0.0.1", &["localhost"]).await, Found::Failed);
    assert!(!asked.is_finished());
}

#[tokio::test]
async fn an_address_outside_the_office_is_not_asked() {
    assert_eq!(ask(80, "8.8.8.8", &["8.8.8.8"]).await, Found::Failed);
}

#[tokio::test]
async fn a_service_that_never_answers_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let dir = tempfile::tempdir().unwrap();
    let at = Place::Http(Url { host: "localhost".into(), port, path: "/".into() });
    let query = query(at, Duration::from_millis(200), &[]);
    assert_eq!(lookups(dir.path(), &["localhost"]).find(query).await, Found::TooSlow);
    drop(listener);
}
