//! The models at work, as calls know them: jobs from all calls through bounded queues, answers through channels.
//!
//! They work in threads of this process ([`threads`]), or, for a house that is open to callers, in a process of their own beside it
//! ([`super::worker`], decision 0026): whoever asks does not notice which, but for the moments in which such a process is lost ([`Engine::presence`]). Voice activity is always
//! here, for it follows every 20 ms of every call. What the language model is asked stands in [`thinking`].

pub(super) mod thinking;
pub(super) mod threads;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use switchhook_models::catalog::Store;
use switchhook_models::llm::LanguageModel;
use switchhook_models::tts::{Manner, Synthesizer};
use switchhook_models::turn::TurnDetector;
use switchhook_models::vad::VoiceActivity;
use switchhook_models::{Cancel, Locale, open};
use tokio::sync::{mpsc, watch};

use super::recognition::{Recognised, Recognition};
use super::turn::CallerSpeech;
use super::worker::Near;
use crate::config::{self, Person};
use crate::dialog::Expected;
use crate::progress::Progress;
use threads::{Parts, Threads};

/// Jobs that may wait for one model. More callers than this cannot be served in time anyway.
pub(super) const QUEUE: usize = 16;
/// So much of the recogniser's queue stays free of turns that are only gone along with, for words that somebody waits for.
pub(super) const KEPT_FREE: usize = QUEUE / 2;

/// Sound at the line's rate, ready to be sent.
pub type Sound = Vec<i16>;

/// Why the engine could not do a job.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The model failed, or was cancelled.
    #[error(transparent)]
    Model(#[from] switchhook_models::Error),
    /// The worker says why.
    #[error("{0}")]
    Worker(String),
    /// Too many jobs wait.
    #[error("the {0} is overloaded: {QUEUE} jobs wait for it")]
    Overloaded(&'static str),
    /// The model's thread or process is gone, or failed in this job.
    #[error("the {0} failed, or is not running")]
    Gone(&'static str),
    /// There is no language model in this configuration.
    #[error("no language model is configured")]
    NoLanguageModel,
}

/// How fast the robot speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// Whether the models are at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presence {
    /// Whether they are now.
    pub here: bool,
    /// How often they were lost.
    pub losses: u64,
    /// The process in which they work, if it is one of its own.
    pub process: Option<u32>,
}

/// The models at work. Clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    place: Place,
    presence: watch::Receiver<Presence>,
    vad: Arc<Mutex<Box<dyn VoiceActivity>>>,
}

/// Where the models work.
#[derive(Clone)]
enum Place {
    Here(Threads),
    Beside(Near),
}

impl Engine {
    /// Have the configured models opened and at work in a process beside this one; `people` are those whose names callers may say. It is there when this returns, and
    /// comes back whenever it is lost, for as long as somebody has the engine. Voice activity alone is opened here.
    ///
    /// # Errors
    /// Names the model and the file, and the command that repairs it.
    pub async fn beside(
        store: &Store,
        models: &config::Models,
        people: &BTreeMap<String, Person>,
        locale: Locale,
    ) -> Result<Self, EngineError> {
        let (from, name) = (store.clone(), models.vad.clone());
        let vad = tokio::task::spawn_blocking(move || open::voice_activity(&from, &name));
        let vad = vad.await.map_err(|_| EngineError::Gone("voice activity detector"))??;
        let near = Near::open(store, models, people, locale).await?;
        Ok(Self { presence: near.presence(), place: Place::Beside(near), vad: Arc::new(Mutex::new(vad)) })
    }

    /// The bytes that such a process may have at most.
    ///
    /// # Errors
    /// If the catalog does not know one of the models.
    pub fn memory(store: &Store, models: &config::Models, locale: Locale) -> Result<u64, EngineError> {
        Ok(super::worker::memory::limit(store, models, locale)?)
    }

    /// These models at work in threads of this process.
    #[must_use]
    pub fn of(minds: Minds, progress: &Progress) -> Self {
        let Minds { recognition, voice, vad, turn, language_model } = minds;
        let threads = Threads::of(Parts { recognition, voice, turn, language_model }, progress);
        // Nobody will ever tell of a change.
        let (_, presence) = watch::channel(Presence { here: true, losses: 0, process: None });
        Self { place: Place::Here(threads), presence, vad: Arc::new(Mutex::new(vad)) }
    }

    /// How likely it is that who pauses here has finished; `None` if nothing here can tell.
    ///
    /// # Errors
    /// [`EngineError::Overloaded`] at once if too many jobs wait.
    pub async fn finished(&self, speech: CallerSpeech, cancel: Cancel) -> Result<Option<f32>, EngineError> {
        match &self.place {
            Place::Here(threads) if threads.judges() => threads.finished(speech, cancel).await.map(Some),
            Place::Beside(near) if near.judges() => near.finished(speech, cancel).await.map(Some),
            Place::Here(_) | Place::Beside(_) => Ok(None),
        }
    }

    /// Go along with what a caller is saying, if the recogniser can and has time: what is done now need not be done when they pause.
    pub fn follow(&self, speech: CallerSpeech) {
        match &self.place {
            Place::Here(threads) => threads.follow(speech),
            Place::Beside(near) => near.follow(speech),
        }
    }

    /// The words in what a caller said.
    ///
    /// # Errors
    /// [`EngineError::Overloaded`] at once if too many jobs wait.
    pub async fn hear(&self, speech: CallerSpeech, expected: Expected, cancel: Cancel) -> Result<Recognised, EngineError> {
        match &self.place {
            Place::Here(threads) => threads.hear(speech, expected, cancel).await,
            Place::Beside(near) => near.hear(speech, expected, cancel).await,
        }
    }

    /// The sound of `text`, piece by piece, as the voice makes it. Dropping the receiver stops the voice.
    ///
    /// # Errors
    /// [`EngineError::Overloaded`] at once if too many jobs wait.
    pub fn speak(&self, text: &str, pace: Pace, cancel: Cancel) -> Result<mpsc::Receiver<Result<Sound, EngineError>>, EngineError> {
        match &self.place {
            Place::Here(threads) => threads.speak(text.to_owned(), pace, cancel),
            Place::Beside(near) => near.speak(text.to_owned(), pace, cancel),
        }
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
    pub fn voice(&self) -> Arc<str> {
        match &self.place {
            Place::Here(_) => "".into(),
            Place::Beside(near) => near.voice(),
        }
    }

    /// Whether the models are at work.
    #[must_use]
    pub fn presence(&self) -> Presence {
        *self.presence.borrow()
    }

    /// The same, for whoever wants to know when that changes.
    #[must_use]
    pub fn watch_presence(&self) -> watch::Receiver<Presence> {
        self.presence.clone()
    }

    /// Voice activity detection for one more stream; the weights are shared.
    #[must_use]
    pub fn voice_activity(&self) -> Box<dyn VoiceActivity> {
        self.vad.lock().unwrap_or_else(PoisonError::into_inner).stream()
    }
}
