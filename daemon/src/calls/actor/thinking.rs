//! What the language model is asked beside the call. It has a short time for it; without an answer, what was likely before stands. Whatever the dialog
//! decides next, and the end of the call, stop it within a token.

use std::time::Duration;

use tokio::time::{Instant, timeout};
use tokio_util::task::AbortOnDropHandle;

use super::Actor;
use super::done::Done;
use crate::dialog::{Action, Input, Question, Quote};
use crate::speech::{Engine, EngineError};

/// The language model has this long.
const PATIENCE: Duration = Duration::from_millis(1500);

impl Actor {
    /// Ask the language model, if this is a question for it.
    pub(super) fn ask_the_model(&mut self, action: Action) {
        let Some(otherwise) = action.without_a_model() else { return };
        match action {
            // What nobody is to believe need not be thought.
            Action::Classify(Question { calibration: None, .. }) => self.think(otherwise, async { Err(EngineError::NoLanguageModel) }),
            Action::Classify(question) => self.think(otherwise, weigh(self.engine.clone(), question)),
            Action::Quote(quote) => self.think(otherwise, look(self.engine.clone(), quote)),
            _ => {}
        }
    }

    fn think(&mut self, otherwise: Input, thought: impl Future<Output = Result<Input, EngineError>> + Send + 'static) {
        self.thinking = true;
        let (job, done, call) = (self.thought_job, self.tell_done.clone(), self.id);
        let task = async move {
            let begun = Instant::now();
            let outcome = timeout(PATIENCE, thought).await;
            if !matches!(outcome, Ok(Err(EngineError::NoLanguageModel))) {
                let took = begun.elapsed().as_millis() as u64;
                log::info!(event = "thought", call_id = call.simple().as_str(), think_ms = took; "the language model was asked, and took {took} ms");
            }
            let input = match outcome {
                Ok(Ok(input)) => input,
                Ok(Err(EngineError::NoLanguageModel)) => otherwise,
                Ok(Err(error)) => {
                    log::warn!(event = "language-model-fault"; "the language model could not answer: {error}");
                    otherwise
                }
                Err(_late) => otherwise,
            };
            // If the call is over, nobody waits for this.
            let _ = done.send(Done::Thought(job, input)).await;
        };
        self.thought = Some(AbortOnDropHandle::new(tokio::spawn(task)));
    }

    /// What the language model was asked before is of no interest any more.
    pub(super) fn think_no_more(&mut self) {
        self.thought_job += 1;
        self.thought = None;
    }
}

async fn weigh(engine: Engine, question: Question) -> Result<Input, EngineError> {
    let likelier = engine.weigh(question.clone()).await?;
    Ok(Input::Classified(question.choose(&likelier)))
}

async fn look(engine: Engine, quote: Quote) -> Result<Input, EngineError> {
    let quotation = engine.quote(quote.clone()).await?;
    Ok(Input::Quoted(quote.verified(quotation)))
}
