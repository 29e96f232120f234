//! Moonshine: a transformer that hears samples and writes English words.
//!
//! The way of a turn: [`stem`] makes one vector of every 24 ms; [`encoder`] lets each look at all others; [`search`] asks [`decoder`] for the most
//! probable next token until it says that the text is over; [`tokens`] spells them. Nothing is padded, so a turn costs what its own
//! length costs. [`guards`] judge the audio before and the text after. [`turn`] hears a turn while it grows: the stem goes along with
//! the audio, and a hypothesis begins from the one before it; of a silence before the first word [`lead`] leaves out all but the end, because
//! the model, in its publisher's runtime too, writes nothing for a turn that begins with a second of it.
//!
//! Word times come from the mean over all heads of the decoder's upper half: none of them is published as following the audio, as some
//! of Whisper's are, but together they do (`docs/performance.md` says how well).
//!
//! Source: N. Jeffries et al., *Moonshine: speech recognition for live transcription and voice commands*, 2024.

mod decoder;
mod encoder;
pub mod guards;
mod lead;
mod search;
mod stem;
mod tokens;
mod turn;

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use candle_core::Tensor;
use rayon::{ThreadPool, ThreadPoolBuilder};

use self::decoder::{Decoder, State};
use self::encoder::Encoder;
use self::guards::{Acoustics, Evidence, Verdict};
use self::search::{Hypothesis, Spelling};
use self::stem::{Heard, Stem};
use self::tokens::Tokens;
use self::turn::Turn;
use super::grammar::vocabulary::Vocabulary;
use super::grammar::{self, Choice, Grammar};
use super::weights::Weights;
use super::words::{self, Word, Written};
use super::{Listening, Recognizer, StreamingRecognizer, Transcript};
use crate::audio::mel::{HOP, LogMel, RATE};
use crate::catalog::Installed;
use crate::kernels::tensor::rotary::Rotary;
use crate::{Cancel, Error, Language, Result};

/// The file of the weights.
pub const MODEL: &str = "model.gguf";
/// The architecture that a file of ours names.
pub const ARCHITECTURE: &str = "moonshine";
/// The longest turn, in seconds: what every recogniser here takes. The publisher has 64.
const LONGEST: usize = 30;
/// Samples to a position of the encoder: 24 ms.
const POSITION: usize = 384;
/// An answer may have so many tokens, however short the turn is.
const SHORT_ANSWER: usize = 6;

/// An installed Moonshine model.
pub struct Moonshine(Arc<Model>);

/// Weights, tables and threads: what all turns share, and none changes.
struct Model {
    mel: LogMel,
    stem: Stem,
    encoder: Encoder,
    decoder: Decoder,
    tokens: Tokens,
    /// Made when a grammar is first used.
    vocabulary: OnceLock<Vocabulary>,
    /// As many as there are processors, or as `RAYON_NUM_THREADS` says.
    threads: ThreadPool,
}

/// What each stage makes of some audio: for comparing them with the publisher's.
pub struct Stages {
    /// What leaves the stem: `[positions, width]`.
    pub stem: Tensor,
    /// What leaves each layer of the encoder.
    pub layers: Vec<Tensor>,
    /// The encoder's result.
    pub encoded: Tensor,
    /// The logits of the first token.
    pub first_logits: Vec<f32>,
    /// The tokens of the text, without start and end.
    pub tokens: Vec<u32>,
}

impl Moonshine {
    /// Open an installed model.
    ///
    /// # Errors
    /// [`Error::Damaged`] if its file cannot be read or is not a Moonshine of ours.
    pub fn open(installed: &Installed) -> Result<Self> {
        let path = installed.file(MODEL);
        let damaged = |fault: Error| Error::Damaged { model: installed.name().to_owned(), path: path.clone(), what: fault.to_string() };
        Ok(Self(Arc::new(Model::load(&path).map_err(damaged)?)))
    }

    /// What was decided about the turn, beside its words; for measurements and tests.
    ///
    /// # Errors
    /// As [`Recognizer::transcribe`].
    pub fn hear(&mut self, audio: &[f32], language: Option<Language>, cancel: &Cancel) -> Result<(Transcript, Evidence)> {
        let mut turn = Turn::begin(&self.0, language)?;
        turn.hear(audio)?;
        turn.whole(cancel)
    }

    /// Every stage, without guards.
    ///
    /// # Errors
    /// [`Error::Input`] if the audio is too short.
    pub fn stages(&self, audio: &[f32]) -> Result<Stages> {
        let model = &*self.0;
        model.threads.install(|| model.stages(audio))
    }
}

impl Model {
    fn load(path: &Path) -> Result<Self> {
        let mut weights = Weights::open(path, ARCHITECTURE)?;
        let tokens = Tokens::read(&weights)?;
        let heads = weights.number("moonshine.attention.head_count")?;
        let rotary = Rotary::new(&weights.tensor("rotary.frequencies")?)?;
        let stem = Stem::load(&mut weights)?;
        let encoder = Encoder::load(&mut weights, rotary.clone(), heads)?;
        let decoder = Decoder::load(&mut weights, rotary, heads)?;
        if decoder.vocabulary() != tokens.count() {
            return Err(weights.fault(format!("{} embeddings for {} tokens", decoder.vocabulary(), tokens.count())));
        }
        let threads = ThreadPoolBuilder::new().thread_name(|index| format!("ears-{index}")).build();
        let threads = threads.map_err(|fault| Error::Input(format!("no threads for recognition: {fault}")))?;
        Ok(Self { mel: LogMel::new(), stem, encoder, decoder, tokens, vocabulary: OnceLock::new(), threads })
    }

    /// What the audio itself says, before anything is computed from it.
    fn listen(&self, audio: &[f32]) -> Result<Evidence> {
        let mut evidence = Evidence { acoustics: Acoustics::of(audio), text: None };
        if evidence.verdict() == Verdict::Words {
            evidence.acoustics.look_at(&self.mel.compute(audio, audio.len().div_ceil(HOP).max(1))?)?;
        }
        Ok(evidence)
    }

    /// The most probable text of what was encoded, beginning from a `draft`.
    fn write(&self, encoded: &Tensor, duration: Duration, draft: &[u32], cancel: &Cancel) -> Result<(Hypothesis, State)> {
        search::greedy(&self.decoder, &self.tokens, encoded, draft, search::token_bound(duration), cancel)
    }

    /// When the words of a hypothesis were said: read once more, all tokens at a time, with an eye on what is attended to. `audio` is the turn,
    /// and how many samples at its beginning were left out.
    fn words(&self, tokens: &[u32], probabilities: &[f32], begun: &State, audio: (&[f32], usize), cancel: &Cancel) -> Result<Vec<Word>> {
        let (audio, skipped) = audio;
        let read: Vec<u32> = [self.tokens.start()].into_iter().chain(tokens.iter().copied()).chain([self.tokens.end()]).collect();
        let attention = self.decoder.attention(begun, &read, self.decoder.layers() / 2, cancel)?;
        let begins = attention.begins(0);
        let written = tokens.iter().zip(probabilities).zip(&begins).map(|((token, probability), position)| Written {
            bytes: self.tokens.bytes(*token),
            probability: *probability,
            begin: skipped + position * POSITION,
        });
        let end = skipped + begins.last().map_or(0, |position| position * POSITION);
        Ok(words::of(&written.collect::<Vec<_>>(), Language::En, end, audio))
    }

    /// What the encoder makes of what was heard, if that is enough for a single position.
    fn encode(&self, heard: &Heard, cancel: &Cancel) -> Result<Option<Tensor>> {
        cancel.check()?;
        let stem = self.stem.encode(heard)?;
        stem.map(|stem| self.encoder.forward(&stem, cancel, |_| ())).transpose()
    }

    /// The likeliest answers of a grammar to what was encoded.
    fn answers(&self, encoded: &Tensor, duration: Duration, grammar: &Grammar, cancel: &Cancel) -> Result<Vec<grammar::search::Found>> {
        let most = search::token_bound(duration).max(SHORT_ANSWER);
        let reader = Spelling { decoder: &self.decoder, tokens: &self.tokens, cancel };
        let vocabulary = self.vocabulary.get_or_init(|| Vocabulary::of(self.tokens.texts()));
        grammar::search::answers(&reader, reader.begin(encoded, most)?, grammar, vocabulary, most, cancel)
    }

    fn stages(&self, audio: &[f32]) -> Result<Stages> {
        let (mut heard, cancel) = (Heard::default(), Cancel::new());
        self.stem.push(&mut heard, audio)?;
        let stem = self.stem.encode(&heard)?.ok_or_else(|| Error::Input(format!("{} samples are too few", audio.len())))?;
        let mut layers = Vec::new();
        let encoded = self.encoder.forward(&stem, &cancel, |layer| layers.push(layer.clone()))?;
        let mut state = self.decoder.begin(&encoded, 1, &cancel)?;
        let first_logits = self.decoder.logits(&self.decoder.forward(&mut state, &[self.tokens.start()], &cancel)?)?;
        let tokens = self.write(&encoded, duration(audio.len()), &[], &cancel)?.0.tokens;
        Ok(Stages { stem, layers, encoded, first_logits, tokens })
    }
}

fn duration(samples: usize) -> Duration {
    Duration::from_secs_f64(samples as f64 / RATE as f64)
}

impl Recognizer for Moonshine {
    fn transcribe(&mut self, audio: &[f32], language: Option<Language>, cancel: &Cancel) -> Result<Transcript> {
        Ok(self.hear(audio, language, cancel)?.0)
    }

    fn choose(&mut self, audio: &[f32], language: Option<Language>, grammar: &Grammar, cancel: &Cancel) -> Result<Choice> {
        let mut turn = Turn::begin(&self.0, language)?;
        turn.hear(audio)?;
        turn.choose(grammar, cancel)
    }

    fn streaming(&self) -> Option<&dyn StreamingRecognizer> {
        Some(self)
    }
}

impl StreamingRecognizer for Moonshine {
    fn begin(&self, language: Option<Language>) -> Result<Box<dyn Listening>> {
        Ok(Box::new(Turn::begin(&self.0, language)?))
    }
}
