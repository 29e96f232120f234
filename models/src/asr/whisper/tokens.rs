//! What the tokens mean: text as byte-level BPE, and the marks that steer the decoder.

use candle_core::quantized::gguf_file::Value;

use super::letters::byte_of;
use crate::asr::weights::Weights;
use crate::{Language, Result};

pub(super) struct Tokens {
    /// The bytes of each text token; the marks come after them.
    texts: Vec<Vec<u8>>,
    count: usize,
    /// `[never to be said]`: marks other than the end, and sounds that are not speech, such as `♪` and `(`.
    suppressed: Vec<u32>,
    /// Not to be said first: a lone space, and the end.
    suppressed_at_start: Vec<u32>,
    start: u32,
    /// `None` if the model knows English alone.
    languages: Option<Languages>,
    no_timestamps: u32,
    no_speech: u32,
}

/// The marks that a model of several languages is told what to do with.
struct Languages {
    english: u32,
    mandarin: u32,
    transcribe: u32,
}

impl Languages {
    fn of(&self, language: Language) -> u32 {
        match language {
            Language::En => self.english,
            Language::Zh => self.mandarin,
        }
    }
}

impl Tokens {
    pub(super) fn read(weights: &Weights) -> Result<Self> {
        let names = weights.list("tokenizer.ggml.tokens")?;
        let find = |wanted: &str| {
            let place = names.iter().position(|name| matches!(name, Value::String(name) if name == wanted));
            place.map(|place| place as u32).ok_or_else(|| weights.fault(format!("the token `{wanted}` is missing")))
        };
        let end = find("<|endoftext|>")?;
        let count = names.len();
        let texts = names.iter().take(end as usize).map(|name| match name {
            Value::String(name) => name.chars().filter_map(byte_of).collect(),
            _ => Vec::new(),
        });
        let ids = |key| -> Result<Vec<u32>> {
            let ids = weights.list(key)?.iter().map(|id| match id {
                Value::U32(id) if (*id as usize) < count => Ok(*id),
                other => Err(weights.fault(format!("`{key}` holds {other:?}, which is no token"))),
            });
            ids.collect()
        };
        let mut suppressed = ids("whisper.suppressed_tokens")?;
        suppressed.extend(end + 1..count as u32);
        suppressed.sort_unstable();
        suppressed.dedup();
        let languages = if weights.is_of("general.languages", &["en"]) {
            None
        } else {
            Some(Languages { english: find("<|en|>")?, mandarin: find("<|zh|>")?, transcribe: find("<|transcribe|>")? })
        };
        Ok(Self {
            texts: texts.collect(),
            count,
            suppressed,
            suppressed_at_start: ids("whisper.suppressed_tokens_at_start")?,
            start: find("<|startoftranscript|>")?,
            languages,
            no_timestamps: find("<|notimestamps|>")?,
            no_speech: find("<|nocaptions|>").or_else(|_| find("<|nospeech|>"))?,
        })
    }

    /// How many tokens there are, marks included.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The bytes of each text token, from 0 on.
    pub(super) fn texts(&self) -> impl Iterator<Item = &[u8]> {
        self.texts.iter().map(Vec::as_slice)
    }

    /// The bytes of one token; none of a mark.
    pub(super) fn bytes(&self, token: u32) -> &[u8] {
        self.texts.get(token as usize).map_or(&[], Vec::as_slice)
    }

    /// The mark that a text is over.
    pub(super) fn end(&self) -> u32 {
        self.texts.len() as u32
    }

    /// The mark that a text begins.
    pub(super) fn start(&self) -> u32 {
        self.start
    }

    /// The mark that there was no speech.
    pub(super) fn no_speech(&self) -> u32 {
        self.no_speech
    }

    /// The language that the model knows, if it knows one alone.
    pub(super) fn only_language(&self) -> Option<Language> {
        if self.languages.is_some() { None } else { Some(Language::En) }
    }

    /// The mark of a language, if the model knows several.
    pub(super) fn language(&self, language: Language) -> Option<u32> {
        self.languages.as_ref().map(|marks| marks.of(language))
    }

    /// What the decoder is given before the text: transcribe in this language, without times. A model of English alone is told neither.
    pub(super) fn prompt(&self, language: Language) -> Vec<u32> {
        let told = self.languages.as_ref().map(|marks| [marks.of(language), marks.transcribe]);
        [self.start].into_iter().chain(told.into_iter().flatten()).chain([self.no_timestamps]).collect()
    }

    /// Make the tokens that must not come next impossible.
    pub(super) fn suppress(&self, logits: &mut [f32], first: bool) {
        let at_start = if first { self.suppressed_at_start.as_slice() } else { &[] };
        for token in self.suppressed.iter().chain(at_start) {
            if let Some(logit) = logits.get_mut(*token as usize) {
                *logit = f32::NEG_INFINITY;
            }
        }
    }

    /// The text of some tokens. Bytes that are no UTF-8 (half a character at the end) are left out.
    pub(super) fn spell(&self, tokens: &[u32]) -> String {
        let bytes: Vec<u8> = tokens.iter().filter_map(|token| self.texts.get(*token as usize)).flatten().copied().collect();
        String::from_utf8_lossy(&bytes).replace(char::REPLACEMENT_CHARACTER, "")
    }
}
