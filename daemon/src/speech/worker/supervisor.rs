//! One worker after the other: started, given its jobs, watched, and started anew when it is gone.
//!
//! A worker that was there is followed by the next at once; one that never got there is followed later each time. Whoever says nothing for [`SILENT`], or
//! anything that makes no sense, is killed. It ends when nobody holds the engine any more, or if the first worker says that it cannot be one.

use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::UnixStream;
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};
use tokio_util::task::AbortOnDropHandle;

use super::ledger::{Ledger, Order};
use super::message::{Begin, FromWorker, Ready, ToWorker};
use super::{frame, notes, open_error};
use crate::speech::engine::{EngineError, Presence};

/// A worker that has not said for so long that it goes on does not.
const SILENT: Duration = Duration::from_secs(10);
/// Models are open by then, on the slowest card.
const OPENING: Duration = Duration::from_secs(600);
/// While jobs are under way, whether somebody still waits for each is looked at so often.
const LOOK: Duration = Duration::from_millis(20);
/// Messages on their way to a worker. One that lets more wait does not read.
const MESSAGES: usize = 1_024;
/// The longest pause before the next worker.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A worker that was there for less is followed after a pause, too.
const HARDLY: Duration = Duration::from_secs(1);

/// Which worker is started.
pub(super) struct Site {
    pub program: PathBuf,
    pub begin: Begin,
    /// How long it may say nothing.
    pub silent: Duration,
}

impl Site {
    pub(super) fn of(program: PathBuf, begin: Begin) -> Self {
        Self { program, begin, silent: SILENT }
    }
}

/// What the first worker's opening comes to.
type Opened = Result<watch::Receiver<Ready>, EngineError>;

/// Keeps a worker.
pub(super) struct Keeper {
    site: Site,
    orders: mpsc::Receiver<Order>,
    ledger: Ledger,
    presence: watch::Sender<Presence>,
    stage: Stage,
    /// Workers that never got there, in a row.
    failures: u32,
    /// What the last worker said of itself.
    ready: Option<watch::Sender<Ready>>,
    /// Who waits for the first.
    first: Option<oneshot::Sender<Opened>>,
}

enum Stage {
    /// There is none; the next is started then.
    Away(Instant),
    Opening(Link),
    Here(Link),
    /// There will be none.
    Over,
}

/// A worker that runs.
struct Link {
    child: Child,
    to: mpsc::Sender<Vec<u8>>,
    from: mpsc::Receiver<io::Result<FromWorker>>,
    began: Instant,
    /// When it last said something.
    heard: Instant,
    notes: usize,
    _tasks: [AbortOnDropHandle<()>; 2],
}

impl Keeper {
    /// A keeper that takes these orders, and what tells when its first worker is there.
    pub(super) fn new(site: Site, orders: mpsc::Receiver<Order>) -> (Self, oneshot::Receiver<Opened>) {
        let (first, opened) = oneshot::channel();
        let (presence, _) = watch::channel(Presence { here: false, losses: 0, process: None });
        let now = Instant::now();
        let (ledger, stage) = (Ledger::new(now), Stage::Away(now));
        (Self { site, orders, ledger, presence, stage, failures: 0, ready: None, first: Some(first) }, opened)
    }

    /// Whether a worker is there.
    pub(super) fn presence(&self) -> watch::Receiver<Presence> {
        self.presence.subscribe()
    }

    /// Keep one, until nobody gives orders any more.
    pub(super) async fn run(mut self) {
        while !matches!(self.stage, Stage::Over) {
            let wakes = self.wakes(Instant::now());
            tokio::select! {
                order = self.orders.recv() => match order {
                    Some(order) => {
                        let messages = self.ledger.take(order);
                        self.tell(messages);
                    }
                    None => return,
                },
                said = said(&mut self.stage) => self.on(said),
                () = sleep_until(wakes) => {}
            }
            self.look(Instant::now());
        }
    }

    /// When something is to be looked after at the latest.
    fn wakes(&self, now: Instant) -> Instant {
        let due = match &self.stage {
            Stage::Away(until) => *until,
            Stage::Opening(link) => (link.heard + self.site.silent).min(link.began + OPENING),
            Stage::Here(link) => link.heard + self.site.silent,
            Stage::Over => now,
        };
        if self.ledger.is_empty() { due } else { due.min(now + LOOK) }
    }

    fn look(&mut self, now: Instant) {
        match &self.stage {
            Stage::Away(until) if now >= *until => self.start(now),
            Stage::Opening(link) if now >= link.began + OPENING => self.lose("it does not come to open its models"),
            Stage::Opening(link) | Stage::Here(link) if now >= link.heard + self.site.silent => self.lose("it does not go on"),
            Stage::Away(_) | Stage::Opening(_) | Stage::Here(_) | Stage::Over => {}
        }
        let messages = self.ledger.look(now);
        self.tell(messages);
    }

    fn start(&mut self, now: Instant) {
        match Link::to_new(&self.site, now) {
            Ok(link) => {
                self.stage = Stage::Opening(link);
                self.tell(vec![ToWorker::Begin(Box::new(self.site.begin.clone()))]);
            }
            Err(error) => self.not_there(now, open_error(&error)),
        }
    }

    fn on(&mut self, said: Option<io::Result<FromWorker>>) {
        let now = Instant::now();
        let (Stage::Opening(link) | Stage::Here(link)) = &mut self.stage else { return };
        link.heard = now;
        match said {
            None => self.lose("it is gone"),
            Some(Err(error)) => self.lose(&format!("it says what nobody understands: {error}")),
            Some(Ok(FromWorker::Beat)) => {}
            Some(Ok(FromWorker::Note(note))) => {
                link.notes += 1;
                if link.notes <= notes::MOST {
                    notes::write_down(&note);
                }
            }
            Some(Ok(FromWorker::Cannot(what))) => {
                self.stage = Stage::Away(now);
                self.not_there(now, EngineError::Worker(what));
            }
            Some(Ok(FromWorker::Ready(ready))) => self.found(ready, now),
            Some(Ok(FromWorker::Answer { job, answer })) => {
                let messages = self.ledger.answered(job, answer);
                self.tell(messages);
            }
        }
    }

    /// A worker is there.
    fn found(&mut self, ready: Ready, now: Instant) {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Opening(link) => {
                let took = now.duration_since(link.began).as_millis() as u64;
                log::info!(event = "speech-worker-ready", took_ms = took; "the speech worker is there, after {took} ms");
                Stage::Here(link)
            }
            other => {
                self.stage = other;
                return self.lose("it says twice that it is there");
            }
        };
        self.failures = 0;
        if let Some(first) = self.first.take() {
            for lacking in &ready.lacks {
                log::warn!(event = "speech-worker-unfenced"; "the speech worker keeps rights that it does not need: {lacking}");
            }
            let (tell, known) = watch::channel(ready);
            self.ready = Some(tell);
            // Whoever wanted it may have gone; then nobody gives orders.
            let _ = first.send(Ok(known));
        } else if let Some(tell) = &self.ready {
            tell.send_replace(ready);
        }
        let process = if let Stage::Here(link) = &self.stage { link.child.id() } else { None };
        self.presence.send_modify(|presence| (presence.here, presence.process) = (true, process));
        let messages = self.ledger.found();
        self.tell(messages);
    }

    /// The worker is lost.
    fn lose(&mut self, why: &str) {
        let now = Instant::now();
        match std::mem::replace(&mut self.stage, Stage::Away(now)) {
            Stage::Here(link) => {
                let pause = if now < link.began + HARDLY { HARDLY } else { Duration::ZERO };
                self.stage = Stage::Away(now + pause);
                self.presence.send_modify(|presence| {
                    *presence = Presence { here: false, losses: presence.losses + 1, process: None };
                });
                self.ledger.lost(now);
                link.end(why);
            }
            Stage::Opening(link) => {
                link.end(why);
                self.not_there(now, EngineError::Worker(format!("the speech worker was not there: {why}")));
            }
            other @ (Stage::Away(_) | Stage::Over) => self.stage = other,
        }
    }

    /// A worker did not get there. If it was the first, there will be none.
    fn not_there(&mut self, now: Instant, error: EngineError) {
        if let Some(first) = self.first.take() {
            let _ = first.send(Err(error));
            self.stage = Stage::Over;
            return;
        }
        let pause = Duration::from_secs(1 << self.failures.min(5)).min(LONGEST_PAUSE);
        self.failures += 1;
        self.stage = Stage::Away(now + pause);
        log::error!(event = "speech-worker-fault"; "the speech worker did not come back, and is tried again in {} s: {error}", pause.as_secs());
    }

    fn tell(&mut self, messages: Vec<ToWorker>) {
        for message in messages {
            let (Stage::Opening(link) | Stage::Here(link)) = &self.stage else { return };
            match frame::frame(&message).map(|frame| link.to.try_send(frame)) {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return self.lose("it does not take what it is told"),
                Err(error) => return self.lose(&format!("it cannot be told something: {error}")),
            }
        }
    }
}

/// What the worker says next; `None` if it is gone.
async fn said(stage: &mut Stage) -> Option<io::Result<FromWorker>> {
    match stage {
        Stage::Opening(link) | Stage::Here(link) => link.from.recv().await,
        Stage::Away(_) | Stage::Over => std::future::pending().await,
    }
}

impl Link {
    /// A worker that was just started. This thread has to live on: its end would be the worker's, too.
    fn to_new(site: &Site, now: Instant) -> io::Result<Self> {
        let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
        ours.set_nonblocking(true)?;
        let mut command = Command::new(&site.program);
        // Nothing of this process is left to it: no environment, which names the folder of secrets, and no file that is open here.
        command.arg0("switchhookd").arg("speech-worker").env_clear().current_dir("/").kill_on_drop(true);
        command.stdin(Stdio::from(std::os::fd::OwnedFd::from(theirs))).stdout(Stdio::null());
        let child = command.spawn()?;
        // It holds the other end, which only the child may.
        drop(command);
        let (mut reading, mut writing) = UnixStream::from_std(ours)?.into_split();
        let (to, mut frames) = mpsc::channel::<Vec<u8>>(MESSAGES);
        let (tell, from) = mpsc::channel(16);
        let writer = tokio::spawn(async move {
            while let Some(frame) = frames.recv().await {
                // Whoever is gone is noticed by what they do not say.
                if writing.write_all(&frame).await.is_err() {
                    return;
                }
            }
        });
        let reader = tokio::spawn(async move {
            loop {
                let said = frame::next(&mut reading).await.transpose();
                let Some(said) = said else { return };
                let failed = said.is_err();
                if tell.send(said).await.is_err() || failed {
                    return;
                }
            }
        });
        Ok(Self { child, to, from, began: now, heard: now, notes: 0, _tasks: [writer, reader].map(AbortOnDropHandle::new) })
    }

    /// It is killed, if it runs, and its end told.
    fn end(self, why: &str) {
        let (mut child, why) = (self.child, why.to_owned());
        tokio::spawn(async move {
            let _ = child.start_kill();
            let how = child.wait().await.map_or_else(|error| error.to_string(), |status| status.to_string());
            log::warn!(event = "speech-worker-lost"; "the speech worker is lost ({why}; {how}); the next one is started, and calls go on");
        });
    }
}
