//! The models at work: one thread for each, jobs from all calls through bounded queues, answers through channels.
//!
//! A job whose caller has gone is not begun: every job holds the channel of its answer, and a closed one is skipped. What the language model is asked stands in
//! [`thinking`].

mod thinking;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use switchhook_models::catalog::Store;
use switchhook_models::embed::Embedder;
use switchhook_models::llm::LanguageModel;
use switchhook_models::tts::line::ForLine;
use switchhook_models::tts::{Manner, Synthesizer};
use switchhook_models::turn::TurnDetector;
use switchhook_models::vad::VoiceActivity;
use switchhook_models::{Cancel, Locale, open};
use tokio::sync::{mpsc, oneshot};

use super::pauses::Pauses;
use super::recognition::{Recognised, Recognition};
use super::roster::Roster;
use super::turn::CallerSpeech;
use crate::config::{self, Person};
use crate::dialog::Expected;
use crate::media::SAMPLE_RATE;
use crate::progress::{Heartbeat, Progress};
use thinking::{Think, think};

/// Jobs that may wait for one model. More callers than this cannot be served in time anyway.
const QUEUE: usize = 16;
/// Pieces of sound that may wait for a call.
const PIECES: usize = 32;
/// A model that is at one job for longer than this is stuck: no turn, answer or sentence takes a third of it on the smallest board.
const LONGEST_JOB: Duration = Duration::from_secs(60);
/// A model whose jobs fail so often in a row, by a fault of the program, will not recover.
const MOST_FAULTS: u32 = 3;

/// Sound at the line's rate, ready to be sent.
pub type Sound = Vec<i16>;

/// Why the engine could not do a job.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The model failed, or was cancelled.
    #[error(transparent)]
    Model(#[from] switchhook_models::Error),
    /// Too many jobs wait.
    #[error("the {0} is overloaded: {QUEUE} jobs wait for it")]
    Overloaded(&'static str),
    /// The model's thread is gone, or failed in this job.
    #[error("the {0} failed, or is not running")]
    Gone(&'static str),
    /// There is no language model in this configuration.
    #[error("no language model is configured")]
    NoLanguageModel,
}

enum Hear {
    /// Go along with a turn.
    Follow(CallerSpeech),
    /// Find its words.
    Words {
        speech: CallerSpeech,
        expected: Expected,
        people: Option<Arc<Roster>>,
        cancel: Cancel,
        answer: oneshot::Sender<Result<Recognised, EngineError>>,
    },
}

/// How fast the robot speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// As the voice does by itself.
    #[default]
    Usual,
    /// For whoever asks for it.
    Slow,
}

/// The speed of a voice that speaks slowly, as a multiple of its own: slower, it draws vowels out until they are hard to follow.
const SLOW: f32 = 0.8;

impl Pace {
    fn manner(self) -> Manner {
        let speed = match self {
            Self::Usual => None,
            Self::Slow => Some(SLOW),
        };
        Manner { speed, ..Manner::default() }
    }
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

/// The models of an engine.
pub struct Minds {
    /// Hears words.
    pub recognition: Recognition,
    /// Speaks, at the line's rate.
    pub voice: Box<dyn Synthesizer>,
    /// Tells speech from silence.
    pub vad: Box<dyn VoiceActivity>,
    /// Tells whether who pauses has finished.
    pub turn: Option<Box<dyn TurnDetector>>,
    /// Weighs meanings and quotes names.
    pub language_model: Option<Box<dyn LanguageModel>>,
}

/// The models at work. Clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    people: Option<Arc<Roster>>,
    hear: mpsc::Sender<Hear>,
    goes_along: bool,
    speak: mpsc::Sender<Speak>,
    voice: Arc<str>,
    think: Option<mpsc::Sender<Think>>,
    judge: Option<mpsc::Sender<Judge>>,
    vad: Arc<Mutex<Box<dyn VoiceActivity>>>,
}

impl Engine {
    /// Open the configured models and start their threads; `people` are those whose names callers may say, `meaning` makes vectors of what they say. Blocking: it reads and checks every file of them.
    ///
    /// # Errors
    /// Names the model and the file, and the command that repairs it.
    pub fn open(
        store: &Store,
        models: &config::Models,
        people: &BTreeMap<String, Person>,
        meaning: Option<Arc<dyn Embedder>>,
        locale: Locale,
        progress: &Progress,
    ) -> Result<Self, EngineError> {
        let people = Roster::open(store, people, locale.language())?;
        let recognition = Recognition::of(open::recognizer(store, &models.recognizer)?, locale)?.with_meaning(meaning);
        let line = ForLine { rate: SAMPLE_RATE, ..ForLine::default() };
        let voice = Box::new(line.voice(open::synthesizer(store, &models.voice)?)?);
        let called = format!("{} {}", models.voice, store.version(&models.voice)?);
        let vad = open::voice_activity(store, &models.vad)?;
        let turn = models.turn.as_deref().map(|name| open::turn_detector(store, name)).transpose()?;
        let language_model = models.language_model.as_deref().map(|name| open::language_model(store, name)).transpose()?;
        Ok(Self {
            people: people.map(Arc::new),
            voice: called.into(),
            ..Self::of(Minds { recognition, voice, vad, turn, language_model }, progress)
        })
    }

    /// These models at work.
    #[must_use]
    pub fn of(minds: Minds, progress: &Progress) -> Self {
        let Minds { recognition, voice, vad, turn, language_model } = minds;
        let goes_along = recognition.goes_along();
        let hear = worker("recogniser", progress, recognition, hear);
        let speak = worker("voice", progress, voice, speak);
        let think = language_model.map(|model| worker("language model", progress, model, think));
        let judge = turn.map(|model| worker("turn detector", progress, model, judge));
        Self { people: None, hear, goes_along, speak, voice: "".into(), think, judge, vad: Arc::new(Mutex::new(vad)) }
    }

    /// The same models, for calls of an office that lists these people.
    #[must_use]
    pub fn knowing(&self, people: Option<Roster>) -> Self {
        Self { people: people.map(Arc::new), ..self.clone() }
    }

    /// How likely it is that who pauses here has finished; `None` if nothing here can tell.
    ///
    /// # Errors
    /// [`EngineError::Overloaded`] at once if too many jobs wait.
    pub async fn finished(&self, speech: CallerSpeech, cancel: Cancel) -> Result<Option<f32>, EngineError> {
        let Some(judge) = &self.judge else { return Ok(None) };
        let (answer, answered) = oneshot::channel();
        submit("turn detector", judge, Judge { speech, cancel, answer })?;
        answered.await.map_err(|_| EngineError::Gone("turn detector"))?.map(Some)
    }

    /// Go along with what a caller is saying, if the recogniser can and has time: what is done now need not be done when they pause.
    pub fn follow(&self, speech: CallerSpeech) {
        // Half of the queue stays free for words that somebody waits for.
        if self.goes_along && self.hear.capacity() > QUEUE / 2 {
            // Whatever is not heard now is heard with the words.
            let _ = self.hear.try_send(Hear::Follow(speech));
        }
    }

    /// The words in what a caller said.
    ///
    /// # Errors
    /// [`EngineError::Overloaded`] at once if too many jobs wait.
    pub async fn hear(&self, speech: CallerSpeech, expected: Expected, cancel: Cancel) -> Result<Recognised, EngineError> {
        let (answer, answered) = oneshot::channel();
        submit("recogniser", &self.hear, Hear::Words { speech, expected, people: self.people.clone(), cancel, answer })?;
        answered.await.map_err(|_| EngineError::Gone("recogniser"))?
    }

    /// The sound of `text`, piece by piece, as the voice makes it. Dropping the receiver stops the voice.
    ///
    /// # Errors
    /// [`EngineError::Overloaded`] at once if too many jobs wait.
    pub fn speak(&self, text: &str, pace: Pace, cancel: Cancel) -> Result<mpsc::Receiver<Result<Sound, EngineError>>, EngineError> {
        let (answer, pieces) = mpsc::channel(PIECES);
        submit("voice", &self.speak, Speak { text: text.to_owned(), pace, cancel, answer })?;
        Ok(pieces)
    }

    /// The sound of `text`, whole.
    ///
    /// # Errors
    /// As [`Engine::speak`], and if the voice fails on the way.
    pub async fn render(&self, text: &str) -> Result<Sound, EngineError> {
        let mut pieces = self.speak(text, Pace::Usual, Cancel::new())?;
        let mut whole = Sound::new();
        while let Some(piece) = pieces.recv().await {
            whole.extend(piece?);
        }
        Ok(whole)
    }

    /// The voice's name and the version of its installation: what two sounds of one text have in common.
    #[must_use]
    pub fn voice(&self) -> &str {
        &self.voice
    }

    /// Voice activity detection for one more stream; the weights are shared.
    #[must_use]
    pub fn voice_activity(&self) -> Box<dyn VoiceActivity> {
        self.vad.lock().unwrap_or_else(PoisonError::into_inner).stream()
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
            // closes. A model that goes on failing is stuck, and the watchdog restarts the daemon.
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
        Hear::Words { speech, expected, people, cancel, answer } => {
            let heard = model.recognise(&speech, &expected, people.as_deref(), &cancel);
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
