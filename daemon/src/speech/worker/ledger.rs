//! What the worker was asked and has not answered, and which turns it has heard how far. Pure: orders, answers and losses go in, messages to the worker come
//! out.
//!
//! A worker may be gone at any moment. Its jobs stay here, with the sound of their turns, until they are answered or nobody waits for them: the next worker is given
//! them in the same order, and a sentence of which the caller has heard a part goes on behind it. A job that was lost so often that it may be the reason is
//! given up, and so is every job once there was no worker for too long: the call has its own ways to go on.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use switchhook_models::{Cancel, Error, Language};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
use tokio::time::Instant;

use super::message::{Answer, Fault, JobId, MOST_SAMPLES, MOST_TURNS, Task, ToWorker, TurnId};
use crate::dialog::{Expected, Question, Quote};
use crate::speech::engine::{EngineError, Pace, Sound};
use crate::speech::turn::{CallerSpeech, Watched};

/// So long is waited for a worker that was lost. One comes back sooner, or something is wrong that lasts.
pub(super) const PATIENCE: Duration = Duration::from_secs(6);
/// A job that was lost so often with its worker may be what killed it.
const MOST_LOSSES: u32 = 3;

/// Who does a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Model {
    Recogniser,
    Voice,
    TurnDetector,
    Reader,
}

impl Model {
    pub(super) const ALL: [Self; 4] = [Self::Recogniser, Self::Voice, Self::TurnDetector, Self::Reader];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Recogniser => "recogniser",
            Self::Voice => "voice",
            Self::TurnDetector => "turn detector",
            Self::Reader => "language model",
        }
    }
}

/// What a call wants.
pub(super) enum Order {
    Follow(CallerSpeech),
    Job(Job),
}

/// A job, and who waits for it.
pub(super) struct Job {
    pub asked: Asked,
    pub cancel: Cancel,
    pub reply: Reply,
    /// Its place in the model's queue.
    pub _place: OwnedSemaphorePermit,
}

/// What is asked.
pub(super) enum Asked {
    Hear(CallerSpeech, Expected),
    Judge(CallerSpeech),
    Speak(String, Pace),
    Weigh(Question),
    Quote(Quote),
    Ends(Language, String),
}

impl Asked {
    pub(super) fn model(&self) -> Model {
        match self {
            Self::Hear(..) => Model::Recogniser,
            Self::Judge(_) => Model::TurnDetector,
            Self::Speak(..) => Model::Voice,
            Self::Weigh(_) | Self::Quote(_) | Self::Ends(..) => Model::Reader,
        }
    }

    fn speech(&self) -> Option<&CallerSpeech> {
        match self {
            Self::Hear(speech, _) | Self::Judge(speech) => Some(speech),
            Self::Speak(..) | Self::Weigh(_) | Self::Quote(_) | Self::Ends(..) => None,
        }
    }

    fn task(&self) -> Task {
        match self {
            Self::Hear(speech, expected) => Task::Hear { turn: speech.number(), samples: speech.len(), expected: expected.clone() },
            Self::Judge(speech) => Task::Judge { turn: speech.number(), samples: speech.len() },
            Self::Speak(text, pace) => Task::Speak { text: text.clone(), pace: *pace },
            Self::Weigh(question) => Task::Weigh(question.clone()),
            Self::Quote(quote) => Task::Quote(quote.clone()),
            Self::Ends(language, said) => Task::Ends { language: *language, said: said.clone() },
        }
    }
}

/// Who waits.
pub(super) enum Reply {
    Once(oneshot::Sender<Result<Answer, EngineError>>),
    Pieces(mpsc::Sender<Result<Sound, EngineError>>),
}

impl Reply {
    fn is_closed(&self) -> bool {
        match self {
            Self::Once(to) => to.is_closed(),
            Self::Pieces(to) => to.is_closed(),
        }
    }

    fn fail(self, error: EngineError) {
        // Whoever is gone needs no answer, and a call that takes none of its sound hears of it by the end.
        match self {
            Self::Once(to) => drop(to.send(Err(error))),
            Self::Pieces(to) => drop(to.try_send(Err(error))),
        }
    }
}

/// A job that is not done.
struct Held {
    job: Job,
    /// How often a worker was lost that had it.
    losses: u32,
    /// Samples of its sound that the call has.
    said: usize,
    /// Samples that the present worker makes of it once more.
    again: usize,
}

/// A turn that the present worker knows.
struct Sent {
    turn: Watched,
    samples: usize,
}

/// Everything that is not done.
pub(super) struct Ledger {
    next: JobId,
    jobs: BTreeMap<JobId, Held>,
    turns: HashMap<TurnId, Sent>,
    /// Whether there is a worker, which has all of the jobs; if not, since when.
    away: Option<Instant>,
}

impl Ledger {
    /// Nothing is to be done, and there is no worker.
    pub(super) fn new(now: Instant) -> Self {
        Self { next: 0, jobs: BTreeMap::new(), turns: HashMap::new(), away: Some(now) }
    }

    /// Whether there is something to look after.
    pub(super) fn is_empty(&self) -> bool {
        self.jobs.is_empty() && self.turns.is_empty()
    }

    /// A call wants this. What the worker is told.
    pub(super) fn take(&mut self, order: Order) -> Vec<ToWorker> {
        match order {
            Order::Follow(_) if self.away.is_some() => Vec::new(),
            Order::Follow(speech) => {
                let mut messages = self.sound(&speech).unwrap_or_default();
                if !messages.is_empty() {
                    messages.push(ToWorker::Follow { turn: speech.number() });
                }
                messages
            }
            Order::Job(job) => {
                self.next += 1;
                let number = self.next;
                self.jobs.insert(number, Held { job, losses: 0, said: 0, again: 0 });
                if self.away.is_some() { Vec::new() } else { self.give(number) }
            }
        }
    }

    /// There is a worker: it is given everything.
    pub(super) fn found(&mut self) -> Vec<ToWorker> {
        self.away = None;
        let numbers: Vec<JobId> = self.jobs.keys().copied().collect();
        numbers.into_iter().flat_map(|number| self.give(number)).collect()
    }

    /// The worker is gone, with all that it knew.
    pub(super) fn lost(&mut self, now: Instant) {
        self.away.get_or_insert(now);
        self.turns.clear();
        for held in self.jobs.values_mut() {
            held.losses += 1;
            held.again = held.said;
        }
        self.give_up(|held| held.losses >= MOST_LOSSES);
    }

    /// Look after what changes by itself: nobody waits any more, or has waited for too long. What the worker is told.
    pub(super) fn look(&mut self, now: Instant) -> Vec<ToWorker> {
        if self.away.is_some_and(|since| now >= since + PATIENCE) {
            self.give_up(|_| true);
        }
        let (here, mut messages) = (self.away.is_none(), Vec::new());
        self.jobs.retain(|&job, held| {
            let wanted = !held.job.cancel.is_cancelled() && !held.job.reply.is_closed();
            if !wanted && here {
                messages.push(ToWorker::Cancel { job });
            }
            wanted
        });
        self.turns.retain(|&turn, sent| {
            let gone = sent.turn.is_gone();
            if gone {
                messages.push(ToWorker::Forget { turn });
            }
            !gone
        });
        messages
    }

    /// The worker has answered. What it is told.
    pub(super) fn answered(&mut self, number: JobId, answer: Answer) -> Vec<ToWorker> {
        // Who was asked to stop may have answered before.
        let Some(held) = self.jobs.get_mut(&number) else { return Vec::new() };
        let answer = match (&held.job.reply, answer) {
            (Reply::Pieces(to), Answer::Piece(mut sound)) => {
                let known = held.again.min(sound.len());
                held.again -= known;
                sound.drain(..known);
                held.said += sound.len();
                if sound.is_empty() || to.try_send(Ok(sound)).is_ok() {
                    return Vec::new();
                }
                // Nobody takes it.
                self.jobs.remove(&number);
                return vec![ToWorker::Cancel { job: number }];
            }
            (Reply::Once(_) | Reply::Pieces(_), answer) => answer,
        };
        let Some(Held { job, .. }) = self.jobs.remove(&number) else { return Vec::new() };
        match (job.reply, answer) {
            (reply, Answer::Failed(Fault::Cancelled)) => reply.fail(Error::Cancelled.into()),
            (reply, Answer::Failed(Fault::Other(what))) => reply.fail(EngineError::Worker(what)),
            // The pieces end.
            (Reply::Pieces(_), Answer::Spoken) => {}
            (reply @ Reply::Pieces(_), _) => reply.fail(EngineError::Gone(job.asked.model().name())),
            (Reply::Once(to), answer) => drop(to.send(Ok(answer))),
        }
        Vec::new()
    }

    fn give_up(&mut self, which: impl Fn(&Held) -> bool) {
        let numbers: Vec<JobId> = self.jobs.iter().filter(|(_, held)| which(held)).map(|(&number, _)| number).collect();
        for held in numbers.iter().filter_map(|number| self.jobs.remove(number)) {
            let model = held.job.asked.model();
            held.job.reply.fail(EngineError::Gone(model.name()));
        }
    }

    fn give(&mut self, number: JobId) -> Vec<ToWorker> {
        let Some(held) = self.jobs.get(&number) else { return Vec::new() };
        let task = held.job.asked.task();
        let mut messages = match held.job.asked.speech().cloned() {
            None => Vec::new(),
            Some(speech) => match self.sound(&speech) {
                Some(messages) => messages,
                None => {
                    if let Some(Held { job, .. }) = self.jobs.remove(&number) {
                        let model = job.asked.model();
                        job.reply.fail(EngineError::Overloaded(model.name()));
                    }
                    return Vec::new();
                }
            },
        };
        messages.push(ToWorker::Job { job: number, task });
        messages
    }

    /// What the worker has not heard of a turn yet; `None` if it hears too many.
    fn sound(&mut self, speech: &CallerSpeech) -> Option<Vec<ToWorker>> {
        let turn = speech.number();
        if self.turns.len() >= MOST_TURNS && !self.turns.contains_key(&turn) {
            return None;
        }
        let sent = self.turns.entry(turn).or_insert_with(|| Sent { turn: speech.watched(), samples: 0 });
        let new = speech.piece(sent.samples);
        sent.samples = sent.samples.max(speech.len());
        Some(new.chunks(MOST_SAMPLES).map(|samples| ToWorker::Sound { turn, samples: samples.to_vec() }).collect())
    }
}
