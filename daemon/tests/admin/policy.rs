//! Who is let onto the bus, and who is not.

use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use switchhook::control::api;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout};
use zbus::Connection;

use super::bus::PrivateBus;
use super::control::{everything, next, up};
use super::house::{HEARD, House, NUMBER};

/// What `dbus-send` gets for a call of `GetManagedObjects`, as user `uid`.
fn ask_as(uid: u32, address: &str) -> (bool, String) {
    let output = Command::new("dbus-send")
        .args([&format!("--bus={address}"), "--print-reply", &format!("--dest={}", api::BUS_NAME), api::ROOT])
        .arg("org.freedesktop.DBus.ObjectManager.GetManagedObjects")
        .uid(uid)
        .gid(uid)
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// An ear of user `uid` on the bus, which prints every signal that it is let to hear.
struct Ear {
    lines: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Ear {
    fn of(uid: u32, address: &str) -> Self {
        let mut child = tokio::process::Command::new("dbus-monitor")
            .args(["--address", address, "type='signal'"])
            .uid(uid)
            .gid(uid)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self { lines: BufReader::new(child.stdout.take().unwrap()).lines(), _child: child }
    }

    /// Knock on the bus with a signal of that name until the ear hears it; all that it heard before.
    async fn hears(&mut self, client: &Connection, knock: &str) -> String {
        let mut heard = String::new();
        let mut again = tokio::time::interval(Duration::from_millis(20));
        loop {
            tokio::select! {
                line = self.lines.next_line() => {
                    let line = line.unwrap().expect("the ear hears as long as it is");
                    if line.contains(&format!("member={knock}")) {
                        return heard;
                    }
                    heard.push_str(&line);
                }
                _ = again.tick() => client.emit_signal(None::<&str>, "/test", "org.example.Test", knock, &()).await.unwrap(),
            }
        }
    }
}

/// Needs root, to become somebody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_outside_the_group_can_neither_ask_nor_listen() {
    let whoami = Command::new("id").arg("-un").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&whoami.stdout).trim(), "root", "this test becomes somebody else: run it as root, as CI does");
    let (bus, house) = (PrivateBus::with_shipped_policy("root"), House::new());
    let (_control, client) = up(&bus, &house).await;
    assert!(ask_as(0, &bus.address).0);
    let (let_in, said) = ask_as(65_534, &bus.address);
    assert!(!let_in && said.contains("AccessDenied"), "{said}");

    let (mut ours, mut theirs) = (Ear::of(0, &bus.address), Ear::of(65_534, &bus.address));
    ours.hears(&client, "Before").await;
    theirs.hears(&client, "Before").await;
    let mut told = everything(&client).await;
    let ringing = house.ring();
    next(&mut told, "CallBegan").await;
    ringing.turn();
    next(&mut told, "Turn").await;
    let heard = ours.hears(&client, "After").await;
    assert!(heard.contains(HEARD) && heard.contains(NUMBER), "the admin hears: {heard}");
    let heard = theirs.hears(&client, "After").await;
    assert!(!heard.contains(HEARD) && !heard.contains(NUMBER) && !heard.contains("switchhook"), "{heard}");
}
