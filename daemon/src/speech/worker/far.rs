//! The worker's end: it gives up its rights, opens its models, and does jobs until the daemon is gone. The models work in threads as they would in the daemon; here is
//! one more, which reads what is asked and writes what came of it.

use std::collections::HashMap;
use std::io::{self, Error, ErrorKind};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream as Socket;
use std::process::ExitCode;
use std::time::Duration;

use switchhook_models::Cancel;
use tokio::io::AsyncWriteExt;
use tokio::net::UnixStream;
use tokio::net::unix::OwnedReadHalf;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, JoinSet};

use super::confinement::{confine, seal};
use super::frame;
use super::message::{
    Answer, Begin, Fault, FromWorker, JobId, MOST_JOBS, MOST_SAMPLES, MOST_TURNS, Ready, Task, ToWorker, TurnId, VERSION,
};
use super::notes::Notes;
use super::opening::{Opened, open};
use crate::progress::Progress;
use crate::speech::engine::EngineError;
use crate::speech::engine::thinking::Think;
use crate::speech::engine::threads::Threads;
use crate::speech::turn::CallerSpeech;

/// Whoever starts a worker says at once what it is to be.
const FIRST_WORDS: Duration = Duration::from_secs(30);
/// How often it says that it goes on.
pub(super) const BEAT: Duration = Duration::from_secs(1);
/// Answers that wait to be written. A voice whose sound is not read waits.
const ANSWERS: usize = 64;
/// No turn is longer: recognition takes 30 s at the most.
const LONGEST_TURN: usize = 30 * 16_000;

/// Be the speech worker of the daemon at the other end of standard input, until it is gone.
#[must_use]
pub fn run() -> ExitCode {
    match live() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("switchhookd speech-worker: {error} (the daemon starts it by itself)");
            ExitCode::FAILURE
        }
    }
}

fn live() -> io::Result<()> {
    let socket = Socket::from(io::stdin().as_fd().try_clone_to_owned()?);
    socket.set_read_timeout(Some(FIRST_WORDS))?;
    let ToWorker::Begin(begin) = frame::first(&socket)? else { return Err(strange("a job before the beginning")) };
    if begin.version != VERSION {
        return Err(strange("a daemon of another version"));
    }
    socket.set_nonblocking(true)?;
    // It makes sockets of its own, which is forbidden from here on.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let lacks = confine(&begin).map_err(Error::other)?;
    runtime.block_on(work(socket, *begin, lacks))
}

fn strange(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidData, what.into())
}

async fn work(socket: Socket, begin: Begin, mut lacks: Vec<String>) -> io::Result<()> {
    let (from, mut to) = UnixStream::from_std(socket)?.into_split();
    let (answers, mut written) = mpsc::channel::<FromWorker>(ANSWERS);
    let writer = async move {
        while let Some(message) = written.recv().await {
            to.write_all(&frame::frame(&message)?).await?;
        }
        io::Result::Ok(())
    };
    let progress = Progress::default();
    let (beats, watched) = (answers.clone(), progress.clone());
    let hearts = async move {
        let mut interval = tokio::time::interval(BEAT);
        loop {
            interval.tick().await;
            if let Some(stuck) = watched.stuck() {
                return Err(Error::other(format!("the {} has been at one job for {:.0} s", stuck.name, stuck.busy.as_secs_f64())));
            }
            // Where answers wait, there is no need of it.
            let _ = beats.try_send(FromWorker::Beat);
        }
    };
    Notes::begin(answers.clone(), begin.verbosity);
    let jobs = async move {
        // Models take their time, and the thread here beats meanwhile.
        let (tell, opened) = oneshot::channel();
        std::thread::Builder::new().name("opening".into()).spawn(move || tell.send(open(&begin, &progress)))?;
        let Opened { threads, voice } = match opened.await.map_err(|_| strange("a fault of the program"))? {
            Ok(opened) => opened,
            Err(error) => {
                // The daemon reads why, and closes.
                let _ = answers.send(FromWorker::Cannot(error.to_string())).await;
                return drained(from).await;
            }
        };
        lacks.extend(seal().map_err(Error::other)?);
        let ready = Ready { voice, goes_along: threads.goes_along(), lacks };
        let _ = answers.send(FromWorker::Ready(ready)).await;
        Worker::of(threads, answers).run(from).await
    };
    tokio::select! {
        ended = writer => ended,
        ended = hearts => ended,
        ended = jobs => ended,
    }
}

/// Wait until the daemon is gone.
async fn drained(mut from: OwnedReadHalf) -> io::Result<()> {
    while frame::next::<ToWorker>(&mut from).await?.is_some() {}
    Ok(())
}

/// What is being done.
pub(super) struct Worker {
    threads: Threads,
    answers: mpsc::Sender<FromWorker>,
    turns: HashMap<TurnId, CallerSpeech>,
    running: HashMap<JobId, (Cancel, AbortHandle)>,
    tasks: JoinSet<JobId>,
}

impl Worker {
    /// A worker of these models, which answers there.
    pub(super) fn of(threads: Threads, answers: mpsc::Sender<FromWorker>) -> Self {
        Self { threads, answers, turns: HashMap::new(), running: HashMap::new(), tasks: JoinSet::new() }
    }

    /// Do what is asked, until the daemon is gone.
    pub(super) async fn run(mut self, mut from: OwnedReadHalf) -> io::Result<()> {
        let (tell, mut asked) = mpsc::channel(1);
        // A message is not given up halfway.
        let mut reader = tokio::spawn(async move {
            while let Some(message) = frame::next(&mut from).await? {
                if tell.send(message).await.is_err() {
                    break;
                }
            }
            io::Result::Ok(())
        });
        loop {
            tokio::select! {
                Some(message) = asked.recv() => self.on(message)?,
                Some(done) = self.tasks.join_next() => drop(done.ok().and_then(|job| self.running.remove(&job))),
                ended = &mut reader => return ended.map_err(Error::other)?,
            }
        }
    }

    fn on(&mut self, message: ToWorker) -> io::Result<()> {
        match message {
            ToWorker::Begin(_) => return Err(strange("a second beginning")),
            ToWorker::Sound { turn, samples } => self.sound(turn, &samples)?,
            ToWorker::Follow { turn } => {
                let speech = self.turns.get(&turn).ok_or_else(|| strange("a turn that was not heard"))?;
                self.threads.follow(speech.clone());
            }
            ToWorker::Forget { turn } => drop(self.turns.remove(&turn)),
            ToWorker::Job { job, task } => self.begin(job, task)?,
            ToWorker::Cancel { job } => {
                // It may be done already.
                if let Some((cancel, task)) = self.running.remove(&job) {
                    cancel.cancel();
                    task.abort();
                }
            }
        }
        Ok(())
    }

    fn sound(&mut self, turn: TurnId, samples: &[f32]) -> io::Result<()> {
        let known = self.turns.get(&turn).map_or(0, CallerSpeech::len);
        if samples.len() > MOST_SAMPLES || known + samples.len() > LONGEST_TURN || self.turns.len() > MOST_TURNS {
            return Err(strange("more sound than anybody says"));
        }
        self.turns.entry(turn).or_insert_with(|| CallerSpeech::begin(&[])).extend(samples);
        Ok(())
    }

    fn begin(&mut self, job: JobId, task: Task) -> io::Result<()> {
        if self.running.len() > MOST_JOBS || self.running.contains_key(&job) {
            return Err(strange("more jobs than there are"));
        }
        let (threads, cancel, answers) = (self.threads.clone(), Cancel::new(), self.answers.clone());
        let speech = |turn, samples| {
            let speech = self.turns.get(&turn).and_then(|speech: &CallerSpeech| speech.up_to(samples));
            speech.ok_or_else(|| strange("a turn that was not heard"))
        };
        let stop = cancel.clone();
        let task = match task {
            Task::Hear { turn, samples, expected } => {
                let speech = speech(turn, samples)?;
                self.tasks.spawn(told(job, answers, async move { threads.hear(speech, expected, stop).await.map(Answer::Heard) }))
            }
            Task::Judge { turn, samples } => {
                let speech = speech(turn, samples)?;
                self.tasks.spawn(told(job, answers, async move { threads.finished(speech, stop).await.map(Answer::Likely) }))
            }
            Task::Speak { text, pace } => {
                let pieces = answers.clone();
                let spoken = async move {
                    let mut sound = threads.speak(text, pace, stop)?;
                    while let Some(piece) = sound.recv().await {
                        // The daemon is gone if nobody takes it.
                        let _ = pieces.send(FromWorker::Answer { job, answer: Answer::Piece(piece?) }).await;
                    }
                    Ok(Answer::Spoken)
                };
                self.tasks.spawn(told(job, answers, spoken))
            }
            Task::Weigh(question) => self.tasks.spawn(told(job, answers, async move {
                threads.think(|cancel, answer| Think::Weigh { question, cancel, answer }).await.map(Answer::Weighed)
            })),
            Task::Quote(quote) => self.tasks.spawn(told(job, answers, async move {
                threads.think(|cancel, answer| Think::Quote { quote, cancel, answer }).await.map(Answer::Quoted)
            })),
            Task::Ends { language, said } => self.tasks.spawn(told(job, answers, async move {
                threads.think(|cancel, answer| Think::Ends { language, said, cancel, answer }).await.map(Answer::Likely)
            })),
        };
        self.running.insert(job, (cancel, task));
        Ok(())
    }
}

/// Do it, and tell what came of it.
async fn told(job: JobId, answers: mpsc::Sender<FromWorker>, done: impl Future<Output = Result<Answer, EngineError>>) -> JobId {
    let answer = done.await.unwrap_or_else(|error| {
        Answer::Failed(match error {
            EngineError::Model(switchhook_models::Error::Cancelled) => Fault::Cancelled,
            other => Fault::Other(other.to_string()),
        })
    });
    // The daemon is gone if nobody takes it.
    let _ = answers.send(FromWorker::Answer { job, answer }).await;
    job
}
