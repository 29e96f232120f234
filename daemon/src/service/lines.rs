//! The lines of an open house: those that the configuration in force names, and those that it names no longer and that carry their last calls.
//!
//! A line that did not change is not touched. What one can take over while it runs is told to it, for its next call. One that is to go takes no new call,
//! gives its registration back, and ends when its last call does; what takes its name, or its port, begins then.

use std::collections::HashMap;

use anyhow::{Context as _, anyhow};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

use crate::config::{self, Credentials, Kind, LineId};
use crate::duties::{Duties, End};
use crate::lines::handset::HandsetLine;
use crate::lines::sip::{self, SipLine};
use crate::lines::{Board, Leg, Line, LineHandle, LinePorts, LineStatus, keeps};
use crate::progress::Progress;

/// Commands that may wait for one line.
const COMMANDS: usize = 8;

/// What every line stands on.
pub(super) struct Ground {
    /// Where calls go.
    pub legs: mpsc::Sender<Leg>,
    /// What registrations need.
    pub credentials: Credentials,
    /// Where lines show that they get on.
    pub progress: Progress,
    /// Cancelled when the house closes.
    pub close: CancellationToken,
}

/// Lines that can begin.
pub(super) struct Prepared {
    wanted: Vec<config::Line>,
    made: HashMap<LineId, Box<dyn Line>>,
}

/// What is asked of the lines of an open house.
pub(super) enum Order {
    /// See whether there could be these lines, and make those that there are not.
    Prepare(Vec<config::Line>, oneshot::Sender<anyhow::Result<Prepared>>),
    /// There are these from now on.
    Take(Prepared),
}

/// All lines.
pub(super) struct Lines {
    ground: Ground,
    board: Board,
    wanted: Prepared,
    running: Vec<Running>,
    tasks: Duties,
    orders: mpsc::Receiver<Order>,
}

/// One that runs.
struct Running {
    config: config::Line,
    handle: LineHandle,
    settings: watch::Sender<Kind>,
    /// Cancelled when it is to go.
    close: CancellationToken,
    task: AbortHandle,
}

impl Running {
    /// Whether it becomes this line without a break.
    fn becomes(&self, line: &config::Line) -> bool {
        self.config.id == line.id && !self.close.is_cancelled() && keeps(&self.config.kind, &line.kind)
    }

    fn listens_where(&self, sip: &config::Sip) -> bool {
        matches!(&self.config.kind, Kind::Sip(ours) if ours.meets(sip))
    }
}

impl Lines {
    /// Begin these lines. `board` shows what there is.
    ///
    /// # Errors
    /// If a password is not there.
    pub(super) fn open(lines: &[config::Line], ground: Ground, board: Board, orders: mpsc::Receiver<Order>) -> anyhow::Result<Self> {
        let nothing = Prepared { wanted: Vec::new(), made: HashMap::new() };
        let mut all = Self { ground, board, wanted: nothing, running: Vec::new(), tasks: Duties::default(), orders };
        let prepared = all.make(lines)?;
        all.take(prepared);
        Ok(all)
    }

    /// Carry out orders; which line ended though it was not to, and how. Cancel-safe as far as the house is concerned: whoever stops to ask closes it.
    pub(super) async fn left(&mut self) -> String {
        loop {
            tokio::select! {
                Some(order) = self.orders.recv() => match order {
                    Order::Prepare(lines, answer) => {
                        // Whoever asked may have gone.
                        let _ = answer.send(self.prepare(&lines).await);
                    }
                    Order::Take(prepared) => self.take(prepared),
                },
                end = self.tasks.next() => match end {
                    End::Meant => self.settle(),
                    End::Fault(left) => return left,
                },
            }
        }
    }

    /// Wait until all have ended, as they were told to.
    pub(super) async fn over(&mut self) {
        self.tasks.over().await;
    }

    /// End them all.
    pub(super) async fn dismiss(&mut self) {
        self.tasks.dismiss().await;
    }

    /// Make what there is not, and see whether it could listen where nobody of ours does.
    async fn prepare(&mut self, lines: &[config::Line]) -> anyhow::Result<Prepared> {
        let prepared = self.make(lines)?;
        let listens_anew = |line: &&config::Line| {
            let Kind::Sip(config) = &line.kind else { return false };
            prepared.made.contains_key(&line.id) && !self.running.iter().any(|running| running.listens_where(config))
        };
        for line in lines.iter().filter(listens_anew).collect::<Vec<_>>() {
            if let Kind::Sip(config) = &line.kind {
                sip::can_listen(config).await.with_context(|| format!("line `{}`", line.id))?;
            }
        }
        Ok(prepared)
    }

    fn make(&self, lines: &[config::Line]) -> anyhow::Result<Prepared> {
        let new = lines.iter().filter(|line| !self.running.iter().any(|running| running.becomes(line)));
        let made = new.map(|line| Ok((line.id.clone(), made(line, &self.ground.credentials)?))).collect::<anyhow::Result<_>>()?;
        Ok(Prepared { wanted: lines.to_vec(), made })
    }

    fn take(&mut self, prepared: Prepared) {
        if prepared.wanted.is_empty() {
            log::warn!(event = "no-lines"; "no line is configured, so nobody can call; add a [[line]] to the configuration");
        }
        self.wanted = prepared;
        self.settle();
    }

    /// Bring what runs to what is wanted, as far as that can be now.
    fn settle(&mut self) {
        self.running.retain(|running| !running.task.is_finished());
        for running in &mut self.running {
            match self.wanted.wanted.iter().find(|line| running.becomes(line)) {
                Some(line) if running.config == *line => {}
                Some(line) => {
                    running.config = line.clone();
                    running.settings.send_replace(line.kind.clone());
                }
                None => running.close.cancel(),
            }
        }
        for config in &self.wanted.wanted {
            if self.running.iter().any(|running| running.stands_in_the_way_of(config)) {
                continue;
            }
            if let Some(line) = self.wanted.made.remove(&config.id) {
                self.running.push(begin(config.clone(), line, &self.ground, &mut self.tasks));
            }
        }
        let place = |id: &LineId| self.wanted.wanted.iter().position(|line| line.id == *id).unwrap_or(usize::MAX);
        let mut shown: Vec<LineHandle> = self.running.iter().map(|running| running.handle.clone()).collect();
        shown.sort_by_key(|line| place(&line.id));
        let before = self.board.lines();
        if before.len() != shown.len() || before.iter().zip(&shown).any(|(before, now)| !before.is(now)) {
            self.board.put(shown);
        }
    }
}

impl Running {
    /// Whether that line can begin only when this one is gone.
    fn stands_in_the_way_of(&self, line: &config::Line) -> bool {
        self.config.id == line.id || matches!(&line.kind, Kind::Sip(sip) if self.listens_where(sip))
    }
}

fn begin(config: config::Line, line: Box<dyn Line>, ground: &Ground, tasks: &mut Duties) -> Running {
    let (status, watching) = watch::channel(LineStatus::Starting);
    let (commands, waiting) = mpsc::channel(COMMANDS);
    let (settings, set) = watch::channel(config.kind.clone());
    let close = ground.close.child_token();
    let handle = LineHandle { id: line.id().clone(), kind: line.kind(), status: watching, commands, dialler: line.dialler() };
    let ports = LinePorts {
        calls: ground.legs.clone(),
        status,
        commands: waiting,
        progress: ground.progress.clone(),
        settings: set,
        shutdown: close.clone(),
    };
    let task = tasks.begin_until(close.clone(), format!("line `{}`", config.id), line.run(ports));
    Running { config, handle, settings, close, task }
}

fn made(line: &config::Line, credentials: &Credentials) -> anyhow::Result<Box<dyn Line>> {
    Ok(match &line.kind {
        Kind::Sip(sip) => {
            let password = sip.register.as_ref().map(|register| credentials.get(&register.credential)).transpose()?;
            Box::new(SipLine::new(line.id.clone(), sip.clone(), password))
        }
        Kind::Handset(handset) => Box::new(HandsetLine::new(line.id.clone(), handset.clone())),
    })
}

/// Where orders are given.
#[derive(Clone)]
pub(super) struct Orders(pub mpsc::Sender<Order>);

impl Orders {
    /// Make what is needed for these lines.
    ///
    /// # Errors
    /// Says which line cannot be, and why; or the house closes.
    pub(super) async fn prepare(&self, lines: Vec<config::Line>) -> anyhow::Result<Prepared> {
        let (answer, answered) = oneshot::channel();
        let closing = || anyhow!("the robot is just closing");
        self.0.send(Order::Prepare(lines, answer)).await.map_err(|_| closing())?;
        answered.await.map_err(|_| closing())?
    }

    /// There are these lines from now on.
    pub(super) async fn take(&self, prepared: Prepared) {
        // If nobody listens any more, the house closes, and its lines with it.
        let _ = self.0.send(Order::Take(prepared)).await;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use std::net::{SocketAddr, UdpSocket};
    use std::path::Path;
    use std::time::Duration;

    use tokio::task::JoinHandle;
    use tokio::time::timeout;

    use super::*;

    const SOON: Duration = Duration::from_secs(20);

    /// SIP lines on loopback, written as an office would.
    fn lines(text: &str) -> Vec<config::Line> {
        let text = format!("[device]\nname = \"t\"\n[office]\nname = \"ours\"\n{text}");
        config::parse(&text, Path::new("/etc/switchhook/switchhook.toml")).unwrap_or_else(|problem| panic!("{problem}")).lines
    }

    fn sip(id: &str, port: u16, more: &str) -> String {
        format!("[[line]]\nkind = \"sip\"\nid = \"{id}\"\nlisten = \"127.0.0.1:{port}\"\n{more}\n")
    }

    /// Lines at work.
    struct Bench {
        board: Board,
        orders: Orders,
        close: CancellationToken,
        task: JoinHandle<String>,
        _legs: mpsc::Receiver<Leg>,
    }

    impl Bench {
        fn open(text: &str) -> Self {
            let (legs, arriving) = mpsc::channel(1);
            let (orders, ordered) = mpsc::channel(1);
            let (board, close) = (Board::default(), CancellationToken::new());
            let credentials = Credentials::in_folder("/nowhere");
            let ground = Ground { legs, credentials, progress: Progress::default(), close: close.clone() };
            let mut all = Lines::open(&lines(text), ground, board.clone(), ordered).unwrap();
            let task = tokio::spawn(async move { all.left().await });
            Self { board, orders: Orders(orders), close, task, _legs: arriving }
        }

        async fn renew(&self, text: &str) -> Result<(), String> {
            let prepared = self.orders.prepare(lines(text)).await.map_err(|error| format!("{error:#}"))?;
            self.orders.take(prepared).await;
            Ok(())
        }

        async fn until(&self, is_so: impl Fn(&[LineHandle]) -> bool) -> Vec<LineHandle> {
            let mut watch = self.board.watch();
            timeout(SOON, watch.wait_for(|lines| is_so(lines))).await.unwrap().unwrap().to_vec()
        }

        async fn ready(&self, id: &str) -> LineHandle {
            let line = self.board.line(id).unwrap();
            let is_up = |status: &LineStatus| matches!(status, LineStatus::Ready { .. });
            timeout(SOON, line.status.clone().wait_for(is_up)).await.unwrap().unwrap();
            line
        }
    }

    fn free() -> u16 {
        UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
    }

    #[tokio::test]
    async fn a_line_that_takes_over_what_changed_is_the_same_line() {
        let bench = Bench::open(&sip("office", 0, ""));
        let before = bench.ready("office").await;
        bench.renew(&format!("{}{}", sip("hall", 0, ""), sip("office", 0, "codecs = [\"pcmu\"]"))).await.unwrap();
        let both = bench.until(|lines| lines.len() == 2).await;
        assert_eq!(both.iter().map(|line| line.id.as_str()).collect::<Vec<_>>(), ["hall", "office"], "as they are written");
        assert!(both[1].is(&before));
        assert!(matches!(*before.status.borrow(), LineStatus::Ready { .. }));
    }

    #[tokio::test]
    async fn a_line_that_moves_gives_way_to_the_one_that_takes_its_name_and_one_that_goes_is_gone() {
        let bench = Bench::open(&format!("{}{}", sip("office", 0, ""), sip("hall", 0, "")));
        let before = bench.ready("office").await;
        let port = free();
        bench.renew(&sip("office", port, "")).await.unwrap();
        bench.until(|lines| lines.len() == 1 && !lines[0].is(&before)).await;
        bench.ready("office").await;
        let there: SocketAddr = ([127, 0, 0, 1], port).into();
        assert!(UdpSocket::bind(there).is_err(), "it listens there");
        // Another name has the same port once the first is gone.
        bench.renew(&sip("yard", port, "")).await.unwrap();
        bench.until(|lines| lines.len() == 1 && lines[0].id.as_str() == "yard").await;
        bench.ready("yard").await;
    }

    #[tokio::test]
    async fn a_line_whose_port_somebody_else_has_or_whose_password_is_not_there_is_refused_and_nothing_changes() {
        let bench = Bench::open(&sip("office", 0, ""));
        let before = bench.ready("office").await;
        let taken = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let refused = bench.renew(&sip("hall", port, "")).await.unwrap_err();
        assert!(refused.contains("line `hall`") && refused.contains(&port.to_string()), "{refused}");
        let register = "register = { registrar = \"sip:pbx\", user = \"robot\", credential = \"sip-password\" }";
        let refused = bench.renew(&sip("office", 0, register)).await.unwrap_err();
        assert!(refused.contains("LoadCredential=sip-password"), "{refused}");
        assert!(bench.board.lines().len() == 1 && bench.board.lines()[0].is(&before));
    }

    #[tokio::test]
    async fn lines_of_a_house_that_closes_have_ended_as_they_were_told_to() {
        let bench = Bench::open(&sip("office", 0, ""));
        bench.ready("office").await;
        bench.close.cancel();
        bench.until(<[_]>::is_empty).await;
        assert!(!bench.task.is_finished());
    }
}
