//! The daemon's end: what calls hold of a worker. Each call's job goes to the [`Keeper`], which has the worker, and waits for its answer.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use switchhook_models::catalog::Store;
use switchhook_models::{Cancel, Language, Locale};
use tokio::sync::{Semaphore, mpsc, oneshot, watch};

use super::ledger::{Asked, Job, Model, Order, Reply};
use super::message::{Answer, Begin, Models, Ready, Spoken, VERSION};
use super::supervisor::{Keeper, Site};
use super::{memory, open_error};
use crate::config::{self, Person};
use crate::dialog::{Expected, Question, Quotation, Quote};
use crate::speech::engine::{EngineError, KEPT_FREE, Pace, Presence, QUEUE, Sound};
use crate::speech::recognition::Recognised;
use crate::speech::turn::CallerSpeech;

/// Orders that the keeper has not looked at yet. It looks at once.
const ORDERS: usize = 128;
/// Pieces of sound that a call may leave lying: longer than any text.
const PIECES: usize = 1_024;

/// A speech worker, as calls know it. Clones are the same; when the last is gone, so is the worker.
#[derive(Clone)]
pub(in crate::speech) struct Near {
    orders: mpsc::Sender<Order>,
    /// The queue of each model, in the order of [`Model::ALL`].
    places: Arc<[Arc<Semaphore>; 4]>,
    ready: watch::Receiver<Ready>,
    presence: watch::Receiver<Presence>,
    judges: bool,
    reads: bool,
}

impl Near {
    /// Start a worker with these models, and wait until it is there.
    ///
    /// # Errors
    /// What the worker says: it names the model and the command that repairs it.
    pub(in crate::speech) async fn open(
        store: &Store,
        models: &config::Models,
        people: &BTreeMap<String, Person>,
        locale: Locale,
    ) -> Result<Self, EngineError> {
        let begin = Begin {
            version: VERSION,
            store: std::path::absolute(store.dir()).map_err(|error| open_error(&error))?,
            models: Models {
                recognizer: models.recognizer.clone(),
                voice: models.voice.clone(),
                turn: models.turn.clone(),
                language_model: models.language_model.clone(),
                embedding: models.embedding.clone(),
            },
            people: people.values().map(|person| Spoken { spoken: person.spoken.clone(), also: person.also.clone() }).collect(),
            locale,
            memory: memory::limit(store, models, locale)?,
            verbosity: log::max_level() as usize,
        };
        Self::begin(Site::of(PathBuf::from("/proc/self/exe"), begin)).await
    }

    /// Start what the site says.
    pub(super) async fn begin(site: Site) -> Result<Self, EngineError> {
        let (judges, reads) = (site.begin.models.turn.is_some(), site.begin.models.language_model.is_some());
        let (orders, taken) = mpsc::channel(ORDERS);
        let (keeper, opened) = Keeper::new(site, taken);
        let presence = keeper.presence();
        // It ends when the last of these handles is gone.
        tokio::spawn(keeper.run());
        let ready = opened.await.map_err(|_| EngineError::Gone("speech worker"))??;
        let places = Arc::new(Model::ALL.map(|_| Arc::new(Semaphore::new(QUEUE))));
        Ok(Self { orders, places, ready, presence, judges, reads })
    }

    pub(in crate::speech) fn presence(&self) -> watch::Receiver<Presence> {
        self.presence.clone()
    }

    pub(in crate::speech) fn voice(&self) -> Arc<str> {
        self.ready.borrow().voice.as_str().into()
    }

    pub(in crate::speech) fn judges(&self) -> bool {
        self.judges
    }

    pub(in crate::speech) fn reads(&self) -> bool {
        self.reads
    }

    pub(in crate::speech) fn follow(&self, speech: CallerSpeech) {
        let room = self.places(Model::Recogniser).available_permits() > KEPT_FREE;
        if room && self.ready.borrow().goes_along {
            // Whatever is not heard now is heard with the words.
            let _ = self.orders.try_send(Order::Follow(speech));
        }
    }

    pub(in crate::speech) async fn hear(
        &self,
        speech: CallerSpeech,
        expected: Expected,
        cancel: Cancel,
    ) -> Result<Recognised, EngineError> {
        let heard = |answer| if let Answer::Heard(heard) = answer { Some(heard) } else { None };
        self.ask(Asked::Hear(speech, expected), cancel, heard).await
    }

    pub(in crate::speech) async fn finished(&self, speech: CallerSpeech, cancel: Cancel) -> Result<f32, EngineError> {
        let likely = |answer| if let Answer::Likely(likely) = answer { Some(likely) } else { None };
        self.ask(Asked::Judge(speech), cancel, likely).await
    }

    pub(in crate::speech) async fn weigh(&self, question: Question) -> Result<Vec<f32>, EngineError> {
        let weighed = |answer| if let Answer::Weighed(weighed) = answer { Some(weighed) } else { None };
        self.ask(Asked::Weigh(question), Cancel::new(), weighed).await
    }

    pub(in crate::speech) async fn quote(&self, quote: Quote) -> Result<Option<Quotation>, EngineError> {
        let quoted = |answer| if let Answer::Quoted(quoted) = answer { Some(quoted) } else { None };
        self.ask(Asked::Quote(quote), Cancel::new(), quoted).await
    }

    pub(in crate::speech) async fn ends(&self, language: Language, said: String) -> Result<f32, EngineError> {
        let likely = |answer| if let Answer::Likely(likely) = answer { Some(likely) } else { None };
        self.ask(Asked::Ends(language, said), Cancel::new(), likely).await
    }

    pub(in crate::speech) fn speak(
        &self,
        text: String,
        pace: Pace,
        cancel: Cancel,
    ) -> Result<mpsc::Receiver<Result<Sound, EngineError>>, EngineError> {
        let (reply, pieces) = mpsc::channel(PIECES);
        self.order(Asked::Speak(text, pace), cancel, Reply::Pieces(reply))?;
        Ok(pieces)
    }

    /// Have this done, and wait for the answer. Dropping the future calls it off.
    async fn ask<T>(&self, asked: Asked, cancel: Cancel, read: impl FnOnce(Answer) -> Option<T>) -> Result<T, EngineError> {
        let name = asked.model().name();
        let (reply, answered) = oneshot::channel();
        self.order(asked, cancel, Reply::Once(reply))?;
        let answer = answered.await.map_err(|_| EngineError::Gone(name))??;
        // Whoever answers another question than was asked has not answered.
        read(answer).ok_or(EngineError::Gone(name))
    }

    fn order(&self, asked: Asked, cancel: Cancel, reply: Reply) -> Result<(), EngineError> {
        let model = asked.model();
        let place = Arc::clone(self.places(model)).try_acquire_owned().map_err(|_| EngineError::Overloaded(model.name()))?;
        let order = Order::Job(Job { asked, cancel, reply, _place: place });
        self.orders.try_send(order).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => EngineError::Overloaded(model.name()),
            mpsc::error::TrySendError::Closed(_) => EngineError::Gone(model.name()),
        })
    }

    fn places(&self, model: Model) -> &Arc<Semaphore> {
        let [recogniser, voice, turn, language] = &*self.places;
        match model {
            Model::Recogniser => recogniser,
            Model::Voice => voice,
            Model::TurnDetector => turn,
            Model::Reader => language,
        }
    }
}
