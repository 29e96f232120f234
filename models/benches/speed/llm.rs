//! The language model: reading a prompt, and writing behind it token by token.

use std::time::{Duration, Instant};

use switchhook_models::catalog::{Store, Task};
use switchhook_models::llm::instruct::Instruct;
use switchhook_models::{Cancel, Locale, Result, open};

use crate::cases::{self, Cases};
use crate::worker::{Bench, Figure, Operation};

pub struct Tokens {
    model: String,
    decoder: Instruct,
    count: cases::Tokens,
    /// Prompts so far.
    prompts: u32,
}

impl Tokens {
    /// The trait's methods take text: tokens are counted on the architecture itself.
    pub fn open(store: &Store, threads: usize) -> Result<Self> {
        let model = open::default_model(store, Task::LanguageModel, Locale::En)?;
        let decoder = Instruct::open_with_threads(&store.open(&model)?, threads)?;
        Ok(Self { model, decoder, count: Cases::read()?.tokens, prompts: 0 })
    }
}

impl Bench for Tokens {
    fn model(&self) -> &str {
        &self.model
    }

    fn operations(&self) -> Vec<Operation> {
        let cases::Tokens { prompt, generated } = self.count;
        let figures = vec![
            Figure { name: format!("read {prompt} tokens"), tokens: Some(prompt) },
            Figure { name: format!("write {generated} tokens"), tokens: Some(generated) },
        ];
        vec![Operation { name: "tokens".to_owned(), figures }]
    }

    fn play(&mut self, _: usize) -> Result<Vec<Duration>> {
        self.prompts += 1;
        let cancel = Cancel::new();
        let mut tokens = prompt(self.prompts, self.count.prompt);
        let started = Instant::now();
        self.decoder.logits(&tokens, &cancel)?;
        let read = started.elapsed();
        let started = Instant::now();
        for token in (2_000..).take(self.count.generated) {
            tokens.push(token);
            self.decoder.logits(&tokens, &cancel)?;
        }
        Ok(vec![read, started.elapsed()])
    }
}

/// Another first token for each prompt, so that nothing of the prompt before can be used again.
fn prompt(number: u32, length: usize) -> Vec<u32> {
    (1..).take(length).map(|index| 1_000 + 7_919_u32.wrapping_mul(number).wrapping_mul(index) % 40_000).collect()
}
