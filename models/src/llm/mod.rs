//! The language model: a bounded, cancellable helper that quotes and weighs. It never chooses an action, a number or a price.

mod chat;
mod constraint;
pub(crate) mod gguf;
pub mod instruct;
pub mod llama;
mod sample;
mod stream;
mod tokenizer;

use std::ops::ControlFlow;

pub use constraint::Constraint;

use crate::{Cancel, Result};

/// Who says a message of a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The instructions.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
}

/// One message of a chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// What is said.
    pub content: String,
}

impl Message {
    /// A message.
    pub fn new(role: Role, content: impl Into<String>) -> Self {
        Self { role, content: content.into() }
    }
}

/// How long, how free and how fixed an answer may be.
#[derive(Clone, Debug)]
pub struct Generate {
    /// No more tokens than this.
    pub max_tokens: usize,
    /// 0 takes the likeliest token always.
    pub temperature: f32,
    /// Seed of the sampler, used if `temperature` is above 0.
    pub seed: u64,
    /// What the answer must look like, if it matters.
    pub constraint: Option<Constraint>,
}

impl Default for Generate {
    fn default() -> Self {
        Self { max_tokens: 64, temperature: 0.0, seed: 0, constraint: None }
    }
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// The model said its end-of-turn token, or the constraint lets nothing follow: the answer is whole.
    EndOfTurn,
    /// `max_tokens` was reached, or the context is full: the answer is cut off, and need not fit its constraint.
    Length,
    /// The receiver broke off.
    Stopped,
}

/// A chat model. One value serves one job at a time; nothing is kept from one job to the next but what speeds up a shared prefix.
pub trait LanguageModel: Send {
    /// Answer `chat`; each piece of text goes to `sink` as soon as it is whole characters.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`] within one token of `cancel`; [`crate::Error::Input`] if the chat does not fit the model's context, or no
    /// answer can be written under the constraint.
    fn generate(
        &mut self,
        chat: &[Message],
        options: &Generate,
        cancel: &Cancel,
        sink: &mut dyn FnMut(&str) -> ControlFlow<()>,
    ) -> Result<Finish>;

    /// How likely each of `answers` is as the whole answer to `chat`: the natural logarithms of their probabilities, in the order of
    /// `answers`. The prompt is computed once. A longer answer is a less likely one: compare what one answer is worth under several
    /// chats, or answers of one form.
    ///
    /// # Errors
    /// As [`LanguageModel::generate`].
    fn likelihoods(&mut self, chat: &[Message], answers: &[&str], cancel: &Cancel) -> Result<Vec<f32>>;

    /// How likely a sentence ends behind `said`, said in answer to `before`, instead of going on with another word: the probability, in `[0, 1]`, that a sign
    /// which ends a sentence comes next. Signs at the end of `said` are left out, because those who write down what they hear put them anywhere.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`]; [`crate::Error::Input`] if nothing was said, or it does not fit the model's context.
    fn ends(&mut self, before: &str, said: &str, cancel: &Cancel) -> Result<f32>;

    /// How many tokens the model reads of `chat` before it answers, with all that its template puts around the messages.
    ///
    /// # Errors
    /// [`crate::Error::Input`] if the chat does not fit the model's context.
    fn length(&self, chat: &[Message]) -> Result<usize>;
}
