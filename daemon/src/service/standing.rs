//! Whether the house is ready: as long as one of its lines can take a call.
//!
//! systemd is told `READY=1` once every line has said whether it is up, or had its time to. A gateway that refuses our password thus
//! neither keeps a robot with another good line from its work, nor `systemctl start` from coming back; who is down stands in the status
//! line, and on D-Bus and MQTT `ready` is false for as long as no line can take a call. Beside it stands the rung on which calls begin.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::select_all;
use tokio::sync::watch;
use tokio::time::timeout;

use super::notify;
use crate::calls::House;
use crate::control::Standing;
use crate::control::api::FULL_RUNG;
use crate::lines::{Board, LineStatus};
use crate::speech::Engine;

/// A line that has not said how it is by then counts as down: a gateway answers within some seconds, or not at all.
const SETTLING: Duration = Duration::from_secs(20);

/// The rung below: the closest candidate stands where the language model would choose.
const NO_LANGUAGE_MODEL: &str = "no-llm";

/// The rung on which nothing is heard and nothing new said: keys, kept prompts, a person.
const NO_SPEECH: &str = "no-speech";

/// What all lines come to.
#[derive(Debug, PartialEq, Eq)]
struct Sum {
    /// Whether one of them can take a call.
    ready: bool,
    /// How they are, for `systemctl status`.
    status: String,
}

/// Tell systemd that the house is open once the lines have settled, and everybody how it stands from then on. Never ends.
pub(super) async fn keep(board: Board, standing: watch::Sender<Standing>, begun: Instant) {
    settled(&board).await;
    let sum = sum(&board);
    tell(&standing, &sum);
    notify::ready(&sum.status);
    let ready_ms = begun.elapsed().as_millis() as u64;
    if sum.ready {
        log::info!(event = "ready", ready_ms = ready_ms; "calls are answered from now on ({})", sum.status);
    } else {
        log::warn!(event = "not-ready", ready_ms = ready_ms; "the house is open, but nobody can call it: {}", sum.status);
    }
    follow(board, sum, |sum| {
        tell(&standing, sum);
        notify::status(&sum.status);
    })
    .await;
}

fn tell(standing: &watch::Sender<Standing>, sum: &Sum) {
    standing.send_if_modified(|standing| std::mem::replace(&mut standing.ready, sum.ready) != sum.ready);
}

/// The rung on which calls begin in this house as long as its models are at work.
pub(super) fn rung(house: &House) -> &'static str {
    if house.engine.reads() { FULL_RUNG } else { NO_LANGUAGE_MODEL }
}

/// Tell on which rung calls begin: on a lower one while the speech worker of a language that is spoken is away. Never ends, but with the house.
pub(super) async fn keep_rung(mut house: watch::Receiver<Arc<House>>, standing: watch::Sender<Standing>) {
    loop {
        let now = Arc::clone(&house.borrow_and_update());
        let mut all: Vec<_> = now.engines().map(Engine::watch_presence).collect();
        let here = all.iter_mut().all(|presence| presence.borrow_and_update().here);
        let rung = if here { rung(&now) } else { NO_SPEECH };
        // Nobody is held here: a house of the past is to go with its last call.
        drop(now);
        standing.send_if_modified(|standing| {
            let changes = standing.rung != rung;
            rung.clone_into(&mut standing.rung);
            changes
        });
        let changed = all.iter_mut().map(|presence| {
            Box::pin(async {
                if presence.changed().await.is_err() {
                    // Models that are a part of this process are never away.
                    std::future::pending::<()>().await;
                }
            })
        });
        tokio::select! {
            _ = select_all(changed) => {}
            renewed = house.changed() => if renewed.is_err() {
                return std::future::pending().await;
            }
        }
    }
}

/// Wait until every line is up or down.
async fn settled(board: &Board) {
    let all = async {
        for line in board.lines().iter() {
            // A line that is gone will not say any more.
            let _ = line.status.clone().wait_for(|status| *status != LineStatus::Starting).await;
        }
    };
    // Those that are late are told of when they come.
    let _ = timeout(SETTLING, all).await;
}

/// Tell whenever the lines come to something else than `known`.
async fn follow(board: Board, mut known: Sum, tell: impl Fn(&Sum)) {
    let mut others = board.watch();
    loop {
        let lines = others.borrow_and_update().iter().map(|line| line.status.clone()).collect();
        let look = || {
            let now = sum(&board);
            if now != known {
                tell(&now);
                known = now;
            }
        };
        tokio::select! {
            () = each_change(lines, look) => {}
            // The board is ours, and stays.
            Ok(()) = others.changed() => {}
        }
    }
}

/// Look at once, and whenever one of these lines changes. Never ends.
async fn each_change(mut lines: Vec<watch::Receiver<LineStatus>>, mut look: impl FnMut()) {
    loop {
        look();
        if lines.is_empty() {
            return std::future::pending().await;
        }
        let (changed, at, _) = select_all(lines.iter_mut().map(|line| Box::pin(line.changed()))).await;
        if changed.is_err() {
            lines.swap_remove(at);
        }
    }
}

fn sum(board: &Board) -> Sum {
    let lines = board.lines();
    let mut down = Vec::new();
    for line in lines.iter() {
        match &*line.status.borrow() {
            LineStatus::Ready { .. } => {}
            // The reason may name an account: it is on D-Bus, for those who may see it.
            LineStatus::Down { fault, .. } => down.push(format!("{} ({})", line.id, fault.as_str())),
            LineStatus::Starting | LineStatus::Draining => down.push(format!("{} ({})", line.id, line.status.borrow().word())),
        }
    }
    let ready = lines.len() - down.len();
    let status = match (lines.len(), down.is_empty()) {
        (0, _) => "no line is configured".to_owned(),
        (all, true) => format!("{all} of {all} lines ready"),
        (all, false) => format!("{ready} of {all} lines ready; down: {}", down.join(", ")),
    };
    Sum { ready: ready > 0, status }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use tokio::sync::mpsc;
    use tokio::time::Instant;

    use super::*;
    use crate::lines::{LineFault, LineHandle, LineId, LineKind};

    fn board<const N: usize>(ids: [&str; N]) -> (Board, [watch::Sender<LineStatus>; N]) {
        let statuses = ids.map(|_| watch::Sender::new(LineStatus::Starting));
        let handle = |(id, status): (&&str, &watch::Sender<LineStatus>)| {
            let (commands, _) = mpsc::channel(1);
            LineHandle { id: LineId::new(id).unwrap(), kind: LineKind::Sip, status: status.subscribe(), commands, dialler: None }
        };
        let handles = ids.iter().zip(&statuses).map(handle).collect();
        (Board::new(handles), statuses)
    }

    fn up() -> LineStatus {
        LineStatus::Ready { address: "sip:100@pbx".into() }
    }

    fn down() -> LineStatus {
        LineStatus::Down { fault: LineFault::Refused, reason: "not registered as `robot`".into() }
    }

    #[test]
    fn a_house_is_ready_as_long_as_one_line_can_take_a_call() {
        let (board, [office, desk]) = board(["office", "desk"]);
        let status = "0 of 2 lines ready; down: office (starting), desk (starting)";
        assert_eq!(sum(&board), Sum { ready: false, status: status.into() });
        office.send_replace(down());
        desk.send_replace(up());
        assert_eq!(sum(&board), Sum { ready: true, status: "1 of 2 lines ready; down: office (refused)".into() });
        desk.send_replace(down());
        assert!(!sum(&board).ready);
    }

    #[test]
    fn a_house_without_lines_is_not_ready() {
        assert_eq!(sum(&Board::default()), Sum { ready: false, status: "no line is configured".into() });
    }

    #[tokio::test(start_paused = true)]
    async fn lines_are_waited_for_until_they_have_said_how_they_are() {
        let (board, [office, desk]) = board(["office", "desk"]);
        let begun = Instant::now();
        let lines = async {
            tokio::time::sleep(Duration::from_secs(3)).await;
            office.send_replace(down());
            tokio::time::sleep(Duration::from_secs(3)).await;
            desk.send_replace(up());
        };
        tokio::join!(settled(&board), lines);
        assert_eq!(begun.elapsed().as_secs(), 6);
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_that_says_nothing_does_not_keep_the_house_closed() {
        let (board, [office, _desk]) = board(["office", "desk"]);
        office.send_replace(up());
        let begun = Instant::now();
        settled(&board).await;
        assert_eq!(begun.elapsed().as_secs(), SETTLING.as_secs());
        assert!(sum(&board).ready);
    }

    #[tokio::test]
    async fn lines_that_come_and_go_count() {
        let (board, [office, _desk]) = board(["office", "desk"]);
        office.send_replace(up());
        let (tell, mut told) = mpsc::unbounded_channel();
        let known = sum(&board);
        tokio::spawn(follow(board.clone(), known, move |sum| tell.send(sum.status.clone()).unwrap()));
        let office = board.line("office").unwrap();
        board.put(vec![office]);
        assert_eq!(told.recv().await.unwrap(), "1 of 1 lines ready");
        board.put(Vec::new());
        assert_eq!(told.recv().await.unwrap(), "no line is configured");
    }

    #[tokio::test]
    async fn what_the_lines_come_to_is_told_when_it_changes() {
        let (board, [office, desk]) = board(["office", "desk"]);
        let (tell, mut told) = mpsc::unbounded_channel();
        let known = sum(&board);
        tokio::spawn(follow(board, known, move |sum| tell.send(sum.ready).unwrap()));
        office.send_replace(up());
        assert_eq!(told.recv().await, Some(true));
        drop(office);
        desk.send_replace(down());
        assert_eq!(told.recv().await, Some(true), "the other line is told of after one is gone");
    }
}
