//! `switchhookctl monitor` on a terminal of its own.

use std::process::Stdio;

use switchhook::control::serve;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};

use super::bus::PrivateBus;
use super::ctl::{run, said_on_failure};
use super::house::House;

/// What a terminal is told when a program takes the whole screen, and when it gives it back.
const TAKES: &str = "\x1b[?1049h";
const GIVES_BACK: &str = "\x1b[?1049l";

/// The monitor on a terminal, which says first its process's number, and then, in what state it was left.
fn on_a_terminal(bus: &PrivateBus) -> Child {
    let monitor = r#"stty rows 24 cols 80; sh -c 'echo "pid=$$"; exec "$MONITOR" monitor'; stty -a"#;
    Command::new("script")
        .args(["-qec", monitor, "/dev/null"])
        .envs([
            ("MONITOR", env!("CARGO_BIN_EXE_switchhookctl")),
            ("SWITCHHOOK_BUS", bus.address.as_str()),
            ("LC_ALL", "C"),
            ("TERM", "xterm"),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// What is seen until this is.
async fn until(child: &mut Child, wanted: &str) -> String {
    let (mut seen, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let read = child.stdout.as_mut().unwrap().read(&mut piece).await.unwrap();
        assert!(read > 0, "{}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&seen);
        if text.contains(wanted) {
            return text.into_owned();
        }
    }
}

#[tokio::test]
async fn the_terminal_is_given_back_however_the_monitor_is_ended() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = serve(&bus.bus(), house.board.clone(), house.registry.clone(), house.info()).await.unwrap();
    for signal in ["TERM", "HUP", "INT"] {
        let mut child = on_a_terminal(&bus);
        let seen = until(&mut child, "front-gate").await;
        assert!(seen.contains(TAKES), "{seen}");
        let pid: String = seen.split_once("pid=").unwrap().1.chars().take_while(char::is_ascii_digit).collect();
        assert!(Command::new("kill").args(["-s", signal, &pid]).status().await.unwrap().success());
        let left = until(&mut child, "iexten").await;
        assert!(left.contains(GIVES_BACK) && !left.contains("-icanon") && !left.contains("-iexten"), "{signal}: {left}");
    }
}

#[tokio::test]
async fn there_is_no_full_screen_in_a_file() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = serve(&bus.bus(), house.board.clone(), house.registry.clone(), house.info()).await.unwrap();
    assert!(said_on_failure(&run(&bus, &["monitor"]).await).contains("needs a terminal"));
}
