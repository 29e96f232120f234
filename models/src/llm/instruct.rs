//! Models that answer chats: SmolLM2 Instruct (Ben Allal et al. 2025) for English, Qwen2.5 Instruct (Qwen Team 2024) for English and
//! Mandarin, and whatever else comes as a GGUF file with its chat template.
//!
//! The decoder is [`super::llama`]; here a chat becomes tokens and tokens become text. What differs between families (cutting, template,
//! sizes, biases) is in the file. The keys and values of the last chats are kept,
//! so that jobs which begin alike (the same instructions) compute only what differs. That changes the time and no bit of the answer.

use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::chat::ChatTemplate;
use super::constraint::guide::{Guide, Guides};
use super::gguf::{GgufFile, Metadata};
use super::llama::Llama;
use super::sample::Sampler;
use super::stream::WholeCharacters;
use super::tokenizer::Tokenizer;
use super::{Constraint, Finish, Generate, LanguageModel, Message};
use crate::catalog::Installed;
use crate::kernels::pointwise;
use crate::{Cancel, Error, Result};

/// The name of the installed file.
pub const FILE: &str = "model.q8_0.gguf";

/// Tokens that chat and answer may have together: some ten minutes of talk. The memory for them is used as they come.
const CONTEXT: usize = 2048;
/// What ends a sentence, where it is one token.
const ENDS: [&str; 23] = [
    ".", "?", "!", "\n", "\n\n", ".\n", "?\n", "!\n", ".\n\n", "?\n\n", "!\n\n", ".\"", "?\"", "!\"", "\"", "。", "？", "！", "。\n",
    "？\n", "！\n", "。\n\n", "？\n\n",
];
/// More threads than this wait for memory and for each other.
const MOST_THREADS: usize = 4;

/// A SmolLM2 model that answers chats.
#[derive(Debug)]
pub struct Instruct {
    decoder: Llama,
    tokenizer: Arc<Tokenizer>,
    template: ChatTemplate,
    /// Made for the first constraint.
    guides: Option<Guides>,
    /// The tokens behind which a sentence has ended.
    ends: Vec<u32>,
}

impl Instruct {
    /// Read an installed model, to compute on one thread less than there are processors, so that audio has one to itself.
    ///
    /// # Errors
    /// [`Error::Io`] if its file cannot be read; [`Error::Format`] if it is not such a model.
    pub fn open(installed: &Installed) -> Result<Self> {
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self::open_with_threads(installed, processors.saturating_sub(1).clamp(1, MOST_THREADS))
    }

    /// Read an installed model, to compute on `threads` threads.
    ///
    /// # Errors
    /// As [`Instruct::open`].
    pub fn open_with_threads(installed: &Installed, threads: usize) -> Result<Self> {
        let mut file = GgufFile::open(&installed.file(FILE))?;
        let metadata = Metadata(file.metadata());
        let tokenizer = Tokenizer::from_metadata(&metadata).map_err(|what| file.wrong(what))?;
        let template = metadata.text("tokenizer.chat_template").map_err(|what| file.wrong(what))?;
        let template = ChatTemplate::new(template, tokenizer.control().to_vec()).map_err(|what| file.wrong(what))?;
        let decoder = Llama::read(&mut file, CONTEXT, threads)?;
        let lone = |end: &&str| tokenizer.encode(end).ok().and_then(|tokens| <[u32; 1]>::try_from(tokens).ok());
        let ends = ENDS.iter().filter_map(lone).flatten().chain([tokenizer.end_of_turn()]).collect();
        Ok(Self { decoder, tokenizer: Arc::new(tokenizer), template, guides: None, ends })
    }

    /// The tokens of `text` as the model sees them; control tokens that are spelled out count as such.
    ///
    /// # Errors
    /// [`Error::Input`] if the text cannot be cut.
    pub fn tokens(&self, text: &str) -> Result<Vec<u32>> {
        self.tokenizer.encode(text).map_err(Error::Input)
    }

    /// The text of `chat` as the model sees it, up to where its answer begins.
    ///
    /// # Errors
    /// [`Error::Input`] if the chat does not fit the model's template.
    pub fn prompt(&self, chat: &[Message]) -> Result<String> {
        self.template.render(chat).map_err(Error::Input)
    }

    /// The logits of the token after `tokens`.
    ///
    /// # Errors
    /// As [`Llama::see`].
    pub fn logits(&mut self, tokens: &[u32], cancel: &Cancel) -> Result<Vec<f32>> {
        self.decoder.see(tokens, cancel)
    }

    /// How many tokens the model has computed and kept of the job before.
    #[must_use]
    pub fn seen(&self) -> usize {
        self.decoder.seen()
    }

    fn guide(&mut self, constraint: &Constraint) -> Result<Guide> {
        let guides = match self.guides.take() {
            Some(guides) => guides,
            None => Guides::new(Arc::clone(&self.tokenizer))?,
        };
        self.guides.insert(guides).begin(constraint)
    }

    fn chat_tokens(&self, chat: &[Message]) -> Result<Vec<u32>> {
        let tokens = self.tokens(&self.prompt(chat)?)?;
        let context = self.decoder.config().context;
        if tokens.len() >= context {
            return Err(Error::Input(format!("a chat of {} tokens leaves no room in a context of {context}", tokens.len())));
        }
        Ok(tokens)
    }
}

impl LanguageModel for Instruct {
    fn generate(
        &mut self,
        chat: &[Message],
        options: &Generate,
        cancel: &Cancel,
        sink: &mut dyn FnMut(&str) -> ControlFlow<()>,
    ) -> Result<Finish> {
        let mut tokens = self.chat_tokens(chat)?;
        let mut guide = options.constraint.as_ref().map(|constraint| self.guide(constraint)).transpose()?;
        let most = options.max_tokens.min(self.decoder.config().context - tokens.len());
        let end = tokens.len() + most;
        let mut sampler = Sampler::new(options.temperature, options.seed);
        let mut characters = WholeCharacters::default();
        loop {
            // What the constraint leaves no choice about is seen by the model in one piece, together with what came before.
            let mut next = guide.as_mut().map(Guide::forced).transpose()?.unwrap_or_default();
            if next.is_empty() {
                if guide.as_ref().map(Guide::finished).transpose()? == Some(true) {
                    return Ok(Finish::EndOfTurn);
                }
                if tokens.len() == end {
                    return Ok(Finish::Length);
                }
                let mut logits = self.decoder.see(&tokens, cancel)?;
                if let Some(guide) = &mut guide {
                    guide.mask(&mut logits)?;
                }
                let token = sampler.pick(&logits);
                if token == self.tokenizer.end_of_turn() {
                    return Ok(Finish::EndOfTurn);
                }
                if let Some(guide) = &mut guide {
                    guide.take(token)?;
                }
                next.push(token);
            }
            for token in next {
                cancel.check()?;
                if tokens.len() == end {
                    return Ok(Finish::Length);
                }
                tokens.push(token);
                let text = characters.push(self.tokenizer.bytes(token));
                if !text.is_empty() && sink(&text).is_break() {
                    return Ok(Finish::Stopped);
                }
            }
        }
    }

    fn likelihoods(&mut self, chat: &[Message], answers: &[&str], cancel: &Cancel) -> Result<Vec<f32>> {
        let first = self.decoder.see(&self.chat_tokens(chat)?, cancel)?;
        let mut likelihoods = Vec::with_capacity(answers.len());
        for answer in answers {
            cancel.check()?;
            // The whole answer: the turn must end behind it.
            let mut ending = self.tokens(answer)?;
            ending.push(self.tokenizer.end_of_turn());
            likelihoods.push(self.decoder.likelihood(&first, &ending, cancel)?);
        }
        Ok(likelihoods)
    }

    fn ends(&mut self, before: &str, said: &str, cancel: &Cancel) -> Result<f32> {
        let said = said.trim_end_matches(|c: char| !c.is_alphanumeric());
        if said.is_empty() {
            return Err(Error::Input("nothing was said that could end".to_owned()));
        }
        let logits = self.decoder.see(&self.tokens(&format!("{before}\n{said}"))?, cancel)?;
        let likely = |token: &u32| pointwise::log_probability(&logits, *token as usize).exp();
        Ok(self.ends.iter().map(likely).sum::<f32>().min(1.0))
    }

    fn length(&self, chat: &[Message]) -> Result<usize> {
        Ok(self.chat_tokens(chat)?.len())
    }
}
