//! The figures of a model: times in seconds, memory in bytes, all of one machine.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::Language;

/// More turns or sentences than anybody measures.
const MOST_ROWS: usize = 64;
/// What a time may be, in seconds; a speed, in tokens per second; a number of tokens.
const AMOUNTS: RangeInclusive<f64> = 1e-9..=1e6;

/// What was measured of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// What it took to open it, in seconds: every byte of it is read and checked.
    pub open_seconds: f64,
    /// The most memory that a process had that held this model alone, in bytes, with what the program itself has (some 10 MB); absent where the system
    /// does not tell.
    pub peak_memory_bytes: Option<u64>,
    /// How fast it does its task.
    pub speed: Speed,
}

/// How fast a model does its task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Speed {
    /// From speech to words.
    Recognition {
        /// Whether it goes along with the caller, in frames of 20 ms, or begins when they pause.
        streaming: bool,
        /// From short to long, language by language.
        turns: Vec<Turn>,
    },
    /// From words to speech.
    Voice {
        /// Language by language.
        sentences: Vec<Sentence>,
    },
    /// Tells speech from everything else.
    VoiceActivity {
        /// What a window of 32 ms takes.
        window_seconds: f64,
    },
    /// Tells the end of a turn from a pause in it.
    EndOfTurn {
        /// What a verdict takes.
        verdict_seconds: f64,
    },
    /// Phrases and classifies.
    LanguageModel {
        /// The length of the prompt, in tokens.
        prompt_tokens: usize,
        /// How fast a prompt is read, up to the first word of the answer.
        read_tokens_per_second: f64,
        /// How fast an answer is written behind it.
        write_tokens_per_second: f64,
    },
    /// Words and their sounds: there is nothing to wait for.
    Pronunciation,
    /// Sentences as vectors.
    Embedding {
        /// What a caller's sentence takes.
        sentence_seconds: f64,
    },
}

/// A turn of a caller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    /// What is spoken.
    pub language: Language,
    /// How long the turn is.
    pub audio_seconds: f64,
    /// All the work of hearing it.
    pub seconds: f64,
    /// From its last sample to its words.
    pub delay_seconds: f64,
}

/// A sentence of the robot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    /// What is spoken.
    pub language: Language,
    /// How long its sound is.
    pub audio_seconds: f64,
    /// From its text to the first of its sound.
    pub first_audio_seconds: f64,
    /// From its text to the last of its sound.
    pub seconds: f64,
}

impl Turn {
    /// The work of a second of sound, in seconds.
    #[must_use]
    pub fn real_time_factor(&self) -> f64 {
        self.seconds / self.audio_seconds
    }
}

impl Sentence {
    /// The work of a second of sound, in seconds.
    #[must_use]
    pub fn real_time_factor(&self) -> f64 {
        self.seconds / self.audio_seconds
    }
}

impl Speed {
    /// The work of a second of sound, in seconds, over everything that was measured: below 1, the model keeps up with the caller. `None` of tasks that
    /// do not follow sound.
    #[must_use]
    pub fn real_time_factor(&self) -> Option<f64> {
        let over = |parts: &mut dyn Iterator<Item = (f64, f64)>| {
            let (work, sound) = parts.fold((0.0, 0.0), |(work, sound), part| (work + part.0, sound + part.1));
            (sound > 0.0).then_some(work / sound)
        };
        match self {
            Self::Recognition { turns, .. } => over(&mut turns.iter().map(|turn| (turn.seconds, turn.audio_seconds))),
            Self::Voice { sentences } => over(&mut sentences.iter().map(|sentence| (sentence.seconds, sentence.audio_seconds))),
            Self::VoiceActivity { window_seconds } => over(&mut [(*window_seconds, WINDOW_SECONDS)].into_iter()),
            Self::EndOfTurn { .. } | Self::LanguageModel { .. } | Self::Pronunciation | Self::Embedding { .. } => None,
        }
    }
}

/// The length of a window of voice activity.
const WINDOW_SECONDS: f64 = crate::vad::WINDOW as f64 / 16_000.0;

impl Figures {
    /// Whether every figure is one that can be measured. The error is for a reader.
    pub(super) fn check(&self) -> Result<(), String> {
        let (rows, amounts): (usize, Vec<f64>) = match &self.speed {
            Speed::Recognition { turns, .. } => {
                (turns.len(), turns.iter().flat_map(|turn| [turn.audio_seconds, turn.seconds, turn.delay_seconds]).collect())
            }
            Speed::Voice { sentences } => {
                let of = |sentence: &Sentence| [sentence.audio_seconds, sentence.first_audio_seconds, sentence.seconds];
                (sentences.len(), sentences.iter().flat_map(of).collect())
            }
            Speed::VoiceActivity { window_seconds: seconds }
            | Speed::EndOfTurn { verdict_seconds: seconds }
            | Speed::Embedding { sentence_seconds: seconds } => (1, vec![*seconds]),
            Speed::LanguageModel { prompt_tokens, read_tokens_per_second, write_tokens_per_second } => {
                (1, vec![*prompt_tokens as f64, *read_tokens_per_second, *write_tokens_per_second])
            }
            Speed::Pronunciation => (0, Vec::new()),
        };
        if rows > MOST_ROWS {
            return Err(format!("it has {rows} rows; {MOST_ROWS} are the most"));
        }
        match amounts.into_iter().chain([self.open_seconds]).find(|amount| !AMOUNTS.contains(amount)) {
            Some(amount) => Err(format!("{amount} is nothing that can be measured")),
            None => Ok(()),
        }
    }
}
