//! Whisper: a transformer that reads a spectrogram and writes the words.
//!
//! The way of a turn: [`LogMel`] makes a spectrogram on the turn's own length (not on 30 s, as the published code does) and a margin;
//! [`encoder`] turns it into one vector per 20 ms, with [`silence`] remembered beyond it; [`search`] asks [`decoder`] for the most probable next token until it
//! says that the text is over; [`tokens`] spells them. [`guards`] judge the audio before, the tokens meanwhile and the text after, since
//! Whisper was trained on subtitles and invents some for silence, music and tones.
//!
//! Nothing is kept from one turn to the next but weights and tables.
//!
//! Source: A. Radford et al., *Robust speech recognition via large-scale weak supervision*, 2022.

mod decoder;
pub(crate) mod encoder;
pub mod guards;
mod heads;
mod letters;
mod search;
pub mod silence;
mod tokens;

pub(crate) use letters::letters;

use std::sync::OnceLock;
use std::time::Duration;

use candle_core::Tensor;
use rayon::{ThreadPool, ThreadPoolBuilder};

use self::decoder::Decoder;
use self::encoder::Encoder;
use self::search::{Begun, Hypothesis, Spelling};
use self::silence::Silence;
use self::tokens::Tokens;
use super::grammar::views::{self, View};
use super::grammar::vocabulary::Vocabulary;
use super::grammar::{self, Choice, Grammar};
use super::weights::Weights;
use super::words::{self, Word, Written};
use super::{Recognizer, Transcript};
use crate::audio::mel::{HOP, LogMel, RATE};
use crate::catalog::Installed;
use crate::{Cancel, Error, Language, Result};

/// The file of the weights.
pub const MODEL: &str = "model.gguf";
/// The architecture that a file of ours names.
const ARCHITECTURE: &str = "whisper";
/// The longest turn, in seconds: what Whisper's encoder has positions for.
const LONGEST: usize = 30;
/// Samples to a position of the encoder: 20 ms.
const POSITION: usize = 2 * HOP;
/// Silence that is computed behind the turn, before the remembered one begins. With that, it hardly matters: 0 to 0.4 s gave the same
/// words but for three in 1,336 (`docs/performance.md`).
const MARGIN: Duration = Duration::from_millis(300);

/// An installed Whisper model.
pub struct Whisper {
    mel: LogMel,
    encoder: Encoder,
    decoder: Decoder,
    tokens: Tokens,
    /// Made when a grammar is first used.
    vocabulary: OnceLock<Vocabulary>,
    silence: Option<Silence>,
    margin: Duration,
    /// As many as there are processors, or as `RAYON_NUM_THREADS` says.
    threads: ThreadPool,
}

impl Whisper {
    /// Open an installed model.
    ///
    /// # Errors
    /// [`Error::Damaged`] if its file cannot be read or is not a Whisper of ours.
    pub fn open(installed: &Installed) -> Result<Self> {
        let damaged = |path, fault: Error| Error::Damaged { model: installed.name().to_owned(), path, what: fault.to_string() };
        let path = installed.file(MODEL);
        let mut whisper = Self::load(&path).map_err(|fault| damaged(path, fault))?;
        let path = installed.file(silence::FILE);
        let silence = Silence::open(&path, &whisper.encoder, &whisper.decoder).map_err(|fault| damaged(path, fault))?;
        whisper.silence = Some(silence);
        Ok(whisper)
    }

    fn load(path: &std::path::Path) -> Result<Self> {
        let mut weights = Weights::open(path, ARCHITECTURE)?;
        let tokens = Tokens::read(&weights)?;
        let encoder = Encoder::load(&mut weights)?;
        let decoder = Decoder::load(&mut weights)?;
        if decoder.vocabulary() != tokens.count() {
            return Err(weights.fault(format!("{} embeddings for {} tokens", decoder.vocabulary(), tokens.count())));
        }
        let threads = ThreadPoolBuilder::new().thread_name(|index| format!("ears-{index}")).build();
        let threads = threads.map_err(|fault| Error::Input(format!("no threads for recognition: {fault}")))?;
        Ok(Self { mel: LogMel::new(), encoder, decoder, tokens, vocabulary: OnceLock::new(), silence: None, margin: MARGIN, threads })
    }

    /// Compute another margin of silence; for measurements. 30 s gives the context that Whisper was trained on.
    #[must_use]
    pub fn with_margin(mut self, margin: Duration) -> Self {
        self.margin = margin;
        self
    }

    /// Hear the turn and its margin alone, without the silence that would follow: for measurements and for comparing stages.
    #[must_use]
    pub fn without_silence(mut self) -> Self {
        self.silence = None;
        self
    }

    /// The spectrogram that the encoder is given for `audio`: shape `[frames of 10 ms, 80]`.
    ///
    /// # Errors
    /// [`Error::Input`] if the audio is too long or holds a value that is no number.
    pub fn spectrogram(&self, audio: &[f32]) -> Result<Tensor> {
        refuse_too_long(audio)?;
        let margin = (self.margin.as_millis() / 10) as usize;
        let most = LONGEST * RATE / HOP;
        let frames = (audio.len().div_ceil(HOP) + margin).clamp(2, most);
        self.mel.compute(audio, frames.next_multiple_of(2))
    }

    /// What the encoder makes of a spectrogram: shape `[frames of 20 ms, width]`.
    ///
    /// # Errors
    /// [`Error::Cancelled`], or [`Error::Candle`] if the spectrogram has another shape.
    pub fn encode(&self, spectrogram: &Tensor, cancel: &Cancel) -> Result<Tensor> {
        self.encoder.forward(spectrogram, self.silence.as_ref(), cancel)
    }

    /// The logits of the first text token, after the prompt for `language`, over the whole vocabulary and before any suppression.
    ///
    /// # Errors
    /// [`Error::Candle`] if `encoded` has another shape than [`Whisper::encode`] gives.
    pub fn first_logits(&self, encoded: &Tensor, language: Language) -> Result<Vec<f32>> {
        let mut state = self.decoder.begin(encoded, self.silence.as_ref(), 8)?;
        let prompt = self.tokens.prompt(language);
        let hidden = self.decoder.forward(&mut state, &prompt)?;
        self.decoder.logits(&hidden.narrow(0, prompt.len() - 1, 1)?)
    }

    /// Which language a turn is in, of those that this model knows, and how probable that is among them, in `[0, 1]`; `None` if the sound alone
    /// says that nobody spoke. `audio` is as for [`Recognizer::transcribe`]. It costs what a text without words would: the encoder and one
    /// token.
    ///
    /// # Errors
    /// As [`Recognizer::transcribe`]; [`Error::Input`] if the model knows English alone.
    pub fn language(&self, audio: &[f32], cancel: &Cancel) -> Result<Option<(Language, f32)>> {
        self.threads.install(|| {
            cancel.check()?;
            refuse_too_long(audio)?;
            if let Some(only) = self.tokens.only_language() {
                return Err(Error::Input(format!("this model hears `{only}` only and cannot tell languages apart; use `whisper-tiny`")));
            }
            let (evidence, spectrogram) = self.sound(audio)?;
            let Some(spectrogram) = spectrogram.filter(|_| evidence.verdict() == guards::Verdict::Words) else { return Ok(None) };
            let encoded = self.encode(&spectrogram, cancel)?;
            let mut state = self.decoder.begin(&encoded, self.silence.as_ref(), 1)?;
            let logits = self.decoder.logits(&self.decoder.forward(&mut state, &[self.tokens.start()])?)?;
            Ok(Some(search::likelier(&logits, &self.tokens)))
        })
    }

    /// What was decided about the turn, beside its words; for measurements and tests.
    ///
    /// # Errors
    /// As [`Recognizer::transcribe`].
    pub fn hear(&mut self, audio: &[f32], language: Option<Language>, cancel: &Cancel) -> Result<(Transcript, guards::Evidence)> {
        let model = &*self;
        let Heard { transcript, evidence, .. } = model.threads.install(|| model.listen(audio, language, cancel))?;
        Ok((transcript, evidence))
    }

    /// What was decided about the turn, beside which answer of a grammar it holds; for measurements and tests.
    ///
    /// # Errors
    /// As [`Recognizer::choose`].
    pub fn hear_for(
        &mut self,
        audio: &[f32],
        language: Option<Language>,
        grammar: &Grammar,
        cancel: &Cancel,
    ) -> Result<(Choice, guards::Evidence)> {
        let model = &*self;
        model.threads.install(|| model.listen_for(audio, language, grammar, cancel))
    }

    fn listen(&self, audio: &[f32], language: Option<Language>, cancel: &Cancel) -> Result<Heard> {
        cancel.check()?;
        refuse_too_long(audio)?;
        self.refuse_unknown(language)?;
        let duration = Duration::from_secs_f64(audio.len() as f64 / RATE as f64);
        let nothing = |language: Option<Language>| Transcript {
            text: String::new(),
            language: language.unwrap_or(Language::En),
            confidence: 0.0,
            span: Duration::ZERO..duration,
            words: Vec::new(),
        };
        let (mut evidence, spectrogram) = self.sound(audio)?;
        let Some(spectrogram) = spectrogram.filter(|_| evidence.verdict() == guards::Verdict::Words) else {
            return Ok(Heard { transcript: nothing(language), evidence, free: None });
        };
        let encoded = self.encode(&spectrogram, cancel)?;
        let most = search::token_bound(duration);
        let begun = search::begin(&self.decoder, &self.tokens, &encoded, self.silence.as_ref(), language, most)?;
        let heard = search::greedy(&self.decoder, &self.tokens, begun.clone(), most, cancel)?;
        let text = self.tokens.spell(&heard.tokens).trim().to_owned();
        evidence.add_text(&heard, &text);
        let log_probability = heard.mean_log_probability * (heard.tokens.len() + 1) as f32;
        if evidence.verdict() != guards::Verdict::Words {
            let begun = (evidence.verdict() == guards::Verdict::Doubt).then_some(Free { begun, most, log_probability });
            return Ok(Heard { transcript: nothing(Some(heard.language)), evidence, free: begun });
        }
        cancel.check()?;
        let words = self.words(&heard, &begun.state, audio)?;
        let Hypothesis { language, confidence, .. } = heard;
        let transcript = Transcript { text, language, confidence, span: Duration::ZERO..duration, words };
        Ok(Heard { transcript, evidence, free: Some(Free { begun, most, log_probability }) })
    }

    /// What the sound alone says, and its spectrogram, if it is not silent.
    fn sound(&self, audio: &[f32]) -> Result<(guards::Evidence, Option<Tensor>)> {
        let mut evidence = guards::Evidence::of_audio(audio);
        if evidence.verdict() != guards::Verdict::Words {
            return Ok((evidence, None));
        }
        let spectrogram = self.spectrogram(audio)?;
        evidence.add_spectrogram(&spectrogram.narrow(0, 0, audio.len().div_ceil(HOP).min(spectrogram.dim(0)?))?)?;
        Ok((evidence, Some(spectrogram)))
    }

    /// When the words of what was heard were said: read once more, all tokens at a time, with an eye on the heads that follow the audio.
    fn words(&self, heard: &Hypothesis, begun: &decoder::State, audio: &[f32]) -> Result<Vec<Word>> {
        let prompt = self.tokens.prompt(heard.language);
        let read: Vec<u32> = prompt.iter().chain(&heard.tokens).copied().chain([self.tokens.end()]).collect();
        let (layers, heads) = self.decoder.size();
        let heads = heads::that_follow_the_audio(layers, heads, self.tokens.only_language().is_some());
        let attention = self.decoder.attention(begun, &read, &heads, audio.len().div_ceil(POSITION).min(begun.heard()))?;
        // A row attends to the token that comes next, and the last mark of the prompt to the first.
        let begins = attention.begins(prompt.len() - 1);
        let end = begins.last().map_or(0, |position| position * POSITION);
        let written = heard.tokens.iter().zip(&heard.probabilities).zip(&begins).map(|((token, probability), position)| Written {
            bytes: self.tokens.bytes(*token),
            probability: *probability,
            begin: position * POSITION,
        });
        Ok(words::of(&written.collect::<Vec<_>>(), heard.language, end, audio))
    }

    fn refuse_unknown(&self, language: Option<Language>) -> Result<()> {
        match (language, self.tokens.only_language()) {
            (Some(asked), Some(only)) if asked != only => Err(Error::Input(format!(
                "this model hears `{only}` only; for the language `{asked}` use `whisper-base` or `whisper-small`"
            ))),
            _ => Ok(()),
        }
    }

    /// Write freely first, then within the grammar; a short turn twice.
    fn listen_for(
        &self,
        audio: &[f32],
        language: Option<Language>,
        grammar: &Grammar,
        cancel: &Cancel,
    ) -> Result<(Choice, guards::Evidence)> {
        let (view, evidence) = self.view(audio, language, grammar, cancel)?;
        let again = |close: &[f32]| Ok(self.view(close, language, grammar, cancel)?.0);
        Ok((views::choose(grammar, guards::DOUBTED, audio, view, again)?, evidence))
    }

    /// What the turn says freely and within the grammar, unless its sound is none of a voice or its text goes in circles.
    fn view(
        &self,
        audio: &[f32],
        language: Option<Language>,
        grammar: &Grammar,
        cancel: &Cancel,
    ) -> Result<(Option<View>, guards::Evidence)> {
        let Heard { transcript, mut evidence, free } = self.listen(audio, language, cancel)?;
        let Some(Free { begun, most, log_probability }) = free else { return Ok((None, evidence)) };
        let vocabulary = self.vocabulary.get_or_init(|| Vocabulary::of(self.tokens.texts()));
        let reader = Spelling { decoder: &self.decoder, tokens: &self.tokens };
        let found = grammar::search::answers(&reader, (begun.state, begun.logits), grammar, vocabulary, most, cancel)?;
        evidence.add_answer(found.first().map(|best| best.log_probability - log_probability));
        let believed = evidence.verdict() == guards::Verdict::Words;
        Ok((Some(View { transcript, believed, log_probability, found }), evidence))
    }
}

/// A turn that was heard freely.
struct Heard {
    transcript: Transcript,
    evidence: guards::Evidence,
    /// If there may be words.
    free: Option<Free>,
}

/// Where a text began, how many tokens it may have, and the logarithm of the probability of what was written freely.
struct Free {
    begun: Begun,
    most: usize,
    log_probability: f32,
}

fn refuse_too_long(audio: &[f32]) -> Result<()> {
    if audio.len() <= LONGEST * RATE {
        return Ok(());
    }
    let seconds = audio.len() as f32 / RATE as f32;
    Err(Error::Input(format!("a turn of {seconds:.1} s; at most {LONGEST} s can be recognised at once")))
}

impl Recognizer for Whisper {
    fn transcribe(&mut self, audio: &[f32], language: Option<Language>, cancel: &Cancel) -> Result<Transcript> {
        Ok(self.hear(audio, language, cancel)?.0)
    }

    fn choose(&mut self, audio: &[f32], language: Option<Language>, grammar: &Grammar, cancel: &Cancel) -> Result<Choice> {
        Ok(self.hear_for(audio, language, grammar, cancel)?.0)
    }
}
