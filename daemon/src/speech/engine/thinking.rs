//! The language model's jobs: what is asked in each stands in [`crate::speech::thinking`].
//!
//! Whoever asks and goes away (the call is over, the caller goes on, time is up) stops the model within a token.

use switchhook_models::llm::LanguageModel;
use switchhook_models::{Cancel, Language};
use tokio::sync::oneshot;

use super::{Engine, EngineError, Place};
use crate::dialog::{Question, Quotation, Quote};
use crate::progress::Heartbeat;
use crate::speech::reading::reads_finished;
use crate::speech::thinking;

type Answer<T> = oneshot::Sender<Result<T, EngineError>>;

/// What the language model is asked.
pub(in crate::speech) enum Think {
    /// How much likelier each choice makes what was said.
    Weigh { question: Question, cancel: Cancel, answer: Answer<Vec<f32>> },
    /// Which of the caller's words were asked for.
    Quote { quote: Quote, cancel: Cancel, answer: Answer<Option<Quotation>> },
    /// How likely a sentence ends so.
    Ends { language: Language, said: String, cancel: Cancel, answer: Answer<f32> },
}

impl Engine {
    /// How much likelier than from anybody what was said is from somebody who means each of the question's choices: logarithms of ratios.
    /// Dropping the future stops the model.
    ///
    /// # Errors
    /// [`EngineError::NoLanguageModel`] if none is configured.
    pub async fn weigh(&self, question: Question) -> Result<Vec<f32>, EngineError> {
        match &self.place {
            Place::Here(threads) => threads.think(|cancel, answer| Think::Weigh { question, cancel, answer }).await,
            Place::Beside(near) => near.weigh(question).await,
        }
    }

    /// The words that were asked for, as the caller said them; `None` if the model finds none. Dropping the future stops the model.
    ///
    /// # Errors
    /// [`EngineError::NoLanguageModel`] if none is configured.
    pub async fn quote(&self, quote: Quote) -> Result<Option<Quotation>, EngineError> {
        match &self.place {
            Place::Here(threads) => threads.think(|cancel, answer| Think::Quote { quote, cancel, answer }).await,
            Place::Beside(near) => near.quote(quote).await,
        }
    }

    /// How likely it is that a caller's sentence ends with these words; `None` if nothing here can tell. Dropping the future stops the model.
    ///
    /// # Errors
    /// [`EngineError::Overloaded`] at once if too many jobs wait.
    pub async fn reads_finished(&self, language: Language, said: String) -> Result<Option<f32>, EngineError> {
        if !self.reads() {
            return Ok(None);
        }
        let likely = match &self.place {
            Place::Here(threads) => threads.think(|cancel, answer| Think::Ends { language, said, cancel, answer }).await,
            Place::Beside(near) => near.ends(language, said).await,
        };
        likely.map(Some)
    }

    /// Whether there is a language model.
    #[must_use]
    pub fn reads(&self) -> bool {
        match &self.place {
            Place::Here(threads) => threads.reads(),
            Place::Beside(near) => near.reads(),
        }
    }
}

/// Do a job, unless whoever asked is gone.
pub(super) fn think(model: &mut Box<dyn LanguageModel>, job: Think, heart: &Heartbeat) {
    match job {
        Think::Weigh { cancel, .. } | Think::Quote { cancel, .. } | Think::Ends { cancel, .. } if cancel.is_cancelled() => {}
        Think::Weigh { question, cancel, answer } => {
            // A few answers in one: each shows that the model gets on.
            let weighed = thinking::weigh(model.as_mut(), &question, &cancel, || heart.on());
            let _ = answer.send(weighed.map_err(EngineError::from));
        }
        Think::Quote { quote, cancel, answer } => {
            let _ = answer.send(thinking::quote(model.as_mut(), &quote, &cancel).map_err(EngineError::from));
        }
        Think::Ends { language, said, cancel, answer } => {
            let _ = answer.send(reads_finished(model.as_mut(), language, &said, &cancel).map_err(EngineError::from));
        }
    }
}
