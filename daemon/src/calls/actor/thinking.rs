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

/// A question for the language model, on its way or answered. Whoever drops it stops the model.
pub(super) struct Thought {
    number: u64,
    question: Action,
    answer: Option<Known>,
    _task: AbortOnDropHandle<()>,
}

/// What is known at last.
#[derive(Clone)]
pub(super) struct Known {
    /// What the dialog is told.
    pub(super) input: Input,
    /// How long the language model took, if it was asked.
    took: Option<Duration>,
}

impl Thought {
    /// Whether it has this number.
    pub(super) fn is(&self, number: u64) -> bool {
        self.number == number
    }

    /// Whether it is an answer to this.
    pub(super) fn answers(&self, question: &Action) -> bool {
        self.question == *question
    }

    /// This is what came of it.
    pub(super) fn answered(&mut self, known: Known) {
        self.answer = Some(known);
    }
}

impl Actor {
    /// Ask the language model, if this is a question for it and was not asked while the caller paused.
    pub(super) fn ask_the_model(&mut self, question: Action) {
        let Some(mut thought) = self.foreseen_thought(&question).or_else(|| self.think_about(question)) else { return };
        self.thinking = true;
        if let Some(known) = thought.answer.take() {
            // It is told in its turn: an answer is never a part of the step that asks.
            thought._task = self.tell_thought(thought.number, async move { known });
        }
        self.thought = Some(thought);
    }

    /// Let the language model begin with this question, if it is one.
    pub(super) fn think_about(&mut self, question: Action) -> Option<Thought> {
        let otherwise = question.without_a_model()?;
        self.thoughts += 1;
        let (number, engine) = (self.thoughts, self.engine.clone());
        let task = match question.clone() {
            // What nobody is to believe need not be thought.
            Action::Classify(Question { calibration: None, .. }) => {
                self.tell_thought(number, async { Known { input: otherwise, took: None } })
            }
            Action::Classify(question) => self.tell_thought(number, think(weigh(engine, question), otherwise)),
            Action::Quote(quote) => self.tell_thought(number, think(look(engine, quote), otherwise)),
            _ => return None,
        };
        Some(Thought { number, question, answer: None, _task: task })
    }

    fn tell_thought(&self, number: u64, known: impl Future<Output = Known> + Send + 'static) -> AbortOnDropHandle<()> {
        let done = self.tell_done.clone();
        AbortOnDropHandle::new(tokio::spawn(async move {
            // If the call is over, nobody waits for this.
            let _ = done.send(Done::Thought(number, known.await)).await;
        }))
    }

    /// The language model has answered.
    pub(super) fn on_thought(&mut self, number: u64, known: Known) {
        if !self.thought.as_ref().is_some_and(|thought| thought.is(number)) {
            return self.foreseen(number, known);
        }
        if !self.listens() {
            return;
        }
        if let Some(took) = known.took.map(|took| took.as_millis() as u64) {
            log::info!(event = "thought", call_id = self.id.simple().as_str(), think_ms = took; "the language model was asked, and took {took} ms");
        }
        self.decide(known.input);
    }

    /// What the language model was asked before is of no interest any more.
    pub(super) fn think_no_more(&mut self) {
        self.thought = None;
    }
}

async fn think(thought: impl Future<Output = Result<Input, EngineError>>, otherwise: Input) -> Known {
    let begun = Instant::now();
    let thought = timeout(PATIENCE, thought).await;
    let took = Some(begun.elapsed());
    match thought {
        Ok(Ok(input)) => Known { input, took },
        Ok(Err(EngineError::NoLanguageModel)) => Known { input: otherwise, took: None },
        Ok(Err(error)) => {
            log::warn!(event = "language-model-fault"; "the language model could not answer: {error}");
            Known { input: otherwise, took }
        }
        Err(_late) => Known { input: otherwise, took },
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
