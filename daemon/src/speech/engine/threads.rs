//! Models at work in this process: one thread for each, jobs through bounded queues, answers through channels.
//!
//! A job whose caller has gone is not begun: every job holds the channel of its answer, and a closed one is skipped.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use switchhook_models::Cancel;
use switchhook_models::llm::LanguageModel;
use switchhook_models::tts::Synthesizer;
use switchhook_models::turn::TurnDetector;
use tokio::sync::{mpsc, oneshot};

use super::thinking::{Think, think};
use super::{EngineError, KEPT_FREE, Pace, QUEUE, Sound};
use crate::dialog::Expected;
use crate::progress::{Heartbeat, Progress};
use crate::speech::pauses::Pauses;
use crate::speech::recognition::{Recognised, Recognition};
use crate::speech::turn::CallerSpeech;

/// Pieces of sound that may wait for a call.
const PIECES: usize = 32;
/// A model that is at one job for longer than this is stuck: no turn, answer or sentence takes a third of it on the smallest board.
const LONGEST_JOB: Duration = Duration::from_secs(60);
/// A model whose jobs fail so often in a row, by a fault of the program, will not recover.
const MOST_FAULTS: u32 = 3;

enum Hear {
    /// Go along with a turn.
    Follow(CallerSpeech),
    /// Find its words.
    Words { speech: CallerSpeech, expected: Expected, cancel: Cancel, answer: oneshot::Sender<Result<Recognised, EngineError>> },
}

struct Speak {
    text: String,
    pace: Pace,
    cancel: Cancel,
    answer: mpsc::Sender<Result<Sound, EngineError>>,
}

struct Judge {
    speech: CallerSpeech,
    cancel: Cancel,
    answer: oneshot::Sender<Result<f32, EngineError>>,
}

/// Models that work in this process. Clones are the same.
#[derive(Clone)]
pub(in crate::speech) struct Threads {
    hear: mpsc::Sender<Hear>,
    goes_along: bool,
    speak: mpsc::Sender<Speak>,
    think: Option<mpsc::Sender<Think>>,
    judge: Option<mpsc::Sender<Judge>>,
}

/// What they are made of.
pub(in crate::speech) struct Parts {
    pub recognition: Recognition,
    pub voice: Box<dyn Synthesizer>,
    pub turn: Option<Box<dyn TurnDetector>>,
    pub language_model: Option<Box<dyn LanguageModel>>,
}

impl Threads {
    /// These models at work.
    pub(in crate::speech) fn of(parts: Parts, progress: &Progress) -> Self {
        let Parts { recognition, voice, turn, language_model } = parts;
        let goes_along = recognition.goes_along();
        let hear = worker("recogniser", progress, recognition, hear);
        let speak = worker("voice", progress, voice, speak);
        let think = language_model.map(|model| worker("language model", progress, model, think));
        let judge = turn.map(|model| worker("turn detector", progress, model, judge));
        Self { hear, goes_along, speak, think, judge }
    }

    /// Whether the recogniser goes along with a turn.
    pub(in crate::speech) fn goes_along(&self) -> bool {
        self.goes_along
    }

    /// Whether something tells the end of a turn.
    pub(super) fn judges(&self) -> bool {
        self.judge.is_some()
    }

    /// Whether there is a language model.
    pub(super) fn reads(&self) -> bool {
        self.think.is_some()
    }

    pub(in crate::speech) async fn finished(&self, speech: CallerSpeech, cancel: Cancel) -> Result<f32, EngineError> {
        let judge = self.judge.as_ref().ok_or(EngineError::Gone("turn detector"))?;
        let (answer, answered) = oneshot::channel();
        submit("turn detector", judge, Judge { speech, cancel, answer })?;
        answered.await.map_err(|_| EngineError::Gone("turn detector"))?
    }

    pub(in crate::speech) fn follow(&self, speech: CallerSpeech) {
        if self.goes_along && self.hear.capacity() > KEPT_FREE {
            // Whatever is not heard now is heard with the words.
            let _ = self.hear.try_send(Hear::Follow(speech));
        }
    }

    pub(in crate::speech) async fn hear(
        &self,
        speech: CallerSpeech,
        expected: Expected,
        cancel: Cancel,
    ) -> Result<Recognised, EngineError> {
        let (answer, answered) = oneshot::channel();
        submit("recogniser", &self.hear, Hear::Words { speech, expected, cancel, answer })?;
        answered.await.map_err(|_| EngineError::Gone("recogniser"))?
    }

    pub(in crate::speech) fn speak(
        &self,
        text: String,
        pace: Pace,
        cancel: Cancel,
    ) -> Result<mpsc::Receiver<Result<Sound, EngineError>>, EngineError> {
        let (answer, pieces) = mpsc::channel(PIECES);
        submit("voice", &self.speak, Speak { text, pace, cancel, answer })?;
        Ok(pieces)
    }

    /// Ask the language model. Dropping the future stops it.
    pub(in crate::speech) async fn think<T>(
        &self,
        job: impl FnOnce(Cancel, oneshot::Sender<Result<T, EngineError>>) -> Think,
    ) -> Result<T, EngineError> {
        let think = self.think.as_ref().ok_or(EngineError::NoLanguageModel)?;
        let cancel = Cancel::new();
        let _gone = cancel.on_drop();
        let (answer, answered) = oneshot::channel();
        submit("language model", think, job(cancel.clone(), answer))?;
        answered.await.map_err(|_| EngineError::Gone("language model"))?
    }
}

fn submit<J>(name: &'static str, queue: &mpsc::Sender<J>, job: J) -> Result<(), EngineError> {
    queue.try_send(job).map_err(|error| match error {
        mpsc::error::TrySendError::Full(_) => EngineError::Overloaded(name),
        mpsc::error::TrySendError::Closed(_) => EngineError::Gone(name),
    })
}

/// Start a thread that does `job` with `model`, one after the other, until every sender is gone.
fn worker<M, J>(
    name: &'static str,
    progress: &Progress,
    mut model: M,
    job: impl Fn(&mut M, J, &Heartbeat) + Send + 'static,
) -> mpsc::Sender<J>
where
    M: Send + 'static,
    J: Send + 'static,
{
    let (queue, mut jobs) = mpsc::channel(QUEUE);
    let heart = progress.register(name, LONGEST_JOB);
    let run = move || {
        let mut faults = 0;
        while let Some(next) = jobs.blocking_recv() {
            let busy = heart.busy();
            // A job that failed spoils no other: recogniser and voice make their state anew for each, and the language model, which keeps
            // the chat before, counts a token as seen only once it has passed every layer. Its caller is answered by the channel that
            // closes. A model that goes on failing is stuck, and the process is started anew.
            let done = catch_unwind(AssertUnwindSafe(|| job(&mut model, next, &heart)));
            faults = if done.is_ok() { 0 } else { faults + 1 };
            if faults == MOST_FAULTS {
                log::error!(event = "engine-fault"; "the {name} failed {MOST_FAULTS} times in a row by a fault of the program");
                return busy.for_ever();
            }
        }
    };
    if let Err(error) = std::thread::Builder::new().name(name.replace(' ', "-")).spawn(run) {
        // The queue's receiver went with the closure: every job will say that the worker is gone.
        log::error!(event = "engine-thread"; "the {name}'s thread could not be started: {error}");
    }
    queue
}

fn hear(model: &mut Recognition, job: Hear, _heart: &Heartbeat) {
    match job {
        Hear::Follow(speech) => {
            if let Err(error) = model.follow(&speech) {
                // Nothing is lost: the words are found from the whole turn.
                log::debug!(event = "recogniser-behind"; "a turn could not be heard along: {error}");
            }
        }
        Hear::Words { answer, cancel, .. } if answer.is_closed() || cancel.is_cancelled() => {}
        Hear::Words { speech, expected, cancel, answer } => {
            let heard = model.recognise(&speech, &expected, &cancel);
            // A caller who hung up meanwhile needs no answer.
            let _ = answer.send(heard.map_err(EngineError::from));
        }
    }
}

fn speak(model: &mut Box<dyn Synthesizer>, Speak { text, pace, cancel, answer }: Speak, heart: &Heartbeat) {
    if answer.is_closed() {
        return;
    }
    // A voice that has one pace speaks at that: its words matter more.
    if let Err(error) = model.set_manner(&pace.manner()) {
        log::warn!(event = "voice-pace"; "the voice cannot speak more slowly: {error}");
    }
    if let Err(error) = speak_to(model.as_mut(), &text, &cancel, &answer, heart) {
        // A call that is over meanwhile needs no answer.
        let _ = answer.blocking_send(Err(error));
    }
}

fn speak_to(
    model: &mut dyn Synthesizer,
    text: &str,
    cancel: &Cancel,
    answer: &mpsc::Sender<Result<Sound, EngineError>>,
    heart: &Heartbeat,
) -> Result<(), EngineError> {
    use std::ops::ControlFlow::{Break, Continue};
    let mut pauses = Pauses::default();
    model.speak(text, cancel, &mut |sound| {
        // A long text is many jobs in one: each piece shows that the voice gets on.
        heart.on();
        let piece = pauses.shorten(&samples(sound));
        if answer.blocking_send(Ok(piece)).is_err() { Break(()) } else { Continue(()) }
    })?;
    Ok(())
}

fn samples(sound: &[f32]) -> Sound {
    sound.iter().map(|sample| (sample * 32_767.0).clamp(-32_768.0, 32_767.0) as i16).collect()
}

fn judge(model: &mut Box<dyn TurnDetector>, job: Judge, _heart: &Heartbeat) {
    if !job.answer.is_closed() && !job.cancel.is_cancelled() {
        let finished = model.finished(&job.speech.samples(), &job.cancel);
        let _ = job.answer.send(finished.map_err(EngineError::from));
    }
}
