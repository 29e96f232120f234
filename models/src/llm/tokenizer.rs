//! Byte-level BPE tokenizers, from the vocabulary in a GGUF file.
//!
//! GGUF names the rule by which text is cut before merging. `smollm` cuts every digit apart, then cuts as GPT-2 does; `qwen2` cuts as its
//! publisher's expression says, and composes characters first (Unicode's form C). Neither puts a space before the text.

use std::borrow::Cow;

use tokenizers::models::bpe::BPE;
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{AddedToken, SplitDelimiterBehavior, Tokenizer as Bpe};
use unicode_normalization::UnicodeNormalization;

use super::gguf::Metadata;

/// GGUF's type of a token that steers the model and is no text.
const CONTROL: i32 = 3;
/// Of a token that is cut out of a text whole, before any rule.
const USER_DEFINED: i32 = 4;
/// Of a number that stands for nothing.
const UNUSED: i32 = 5;

/// How text is cut before merging, by GGUF's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    SmolLm,
    Qwen2,
}

/// Qwen2's cut, from its publisher's `tokenizer.json`.
const QWEN2: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// Turns text into tokens and tokens into bytes.
#[derive(Debug)]
pub(super) struct Tokenizer {
    cut: Cut,
    bpe: Bpe,
    /// The bytes of every token; none for control tokens.
    bytes: Vec<Vec<u8>>,
    control: Vec<String>,
    end_of_turn: u32,
}

impl Tokenizer {
    /// The tokenizer that GGUF `metadata` describes. The error is for a reader.
    pub(super) fn from_metadata(metadata: &Metadata<'_>) -> Result<Self, String> {
        let model = metadata.text("tokenizer.ggml.model")?;
        if model != "gpt2" {
            return Err(format!("`tokenizer.ggml.model` is `{model}`, but only `gpt2` is known here"));
        }
        let cut = match metadata.text("tokenizer.ggml.pre")? {
            "smollm" => Cut::SmolLm,
            "qwen2" => Cut::Qwen2,
            other => return Err(format!("`tokenizer.ggml.pre` is `{other}`, but only `smollm` and `qwen2` are known here")),
        };
        let tokens = texts(metadata, "tokenizer.ggml.tokens")?;
        let types: Vec<i32> = integers(metadata, "tokenizer.ggml.token_type")?;
        if types.len() != tokens.len() {
            return Err(format!("there are {} tokens, but types of {}", tokens.len(), types.len()));
        }
        let of_type = |wanted: i32| {
            let those = tokens.iter().zip(&types).filter(move |(_, kind)| **kind == wanted);
            those.map(|(token, _)| (*token).to_owned()).collect::<Vec<String>>()
        };
        let control = of_type(CONTROL);
        let end_of_turn = metadata.size("tokenizer.ggml.eos_token_id", 0..=tokens.len().saturating_sub(1))?;
        let spell = byte_spelling();
        let spelled = |(token, kind): (&&str, &i32)| if matches!(*kind, CONTROL | UNUSED) { Vec::new() } else { spell(token) };
        let bytes = tokens.iter().zip(&types).map(spelled).collect();
        let bpe = build(cut, &tokens, &texts(metadata, "tokenizer.ggml.merges")?, &control, &of_type(USER_DEFINED))?;
        Ok(Self { cut, bpe, bytes, control, end_of_turn: end_of_turn as u32 })
    }

    /// The tokens of `text` as the model's publisher cuts it, control tokens included where they are spelled out. The error is for a reader.
    pub(super) fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
        let text = match self.cut {
            Cut::SmolLm => Cow::Borrowed(text),
            Cut::Qwen2 => Cow::Owned(text.nfc().collect()),
        };
        self.encode_as_is(&text)
    }

    /// As [`Tokenizer::encode`], but the tokens spell `text` byte for byte.
    pub(super) fn encode_as_is(&self, text: &str) -> Result<Vec<u32>, String> {
        let encoding = self.bpe.encode_fast(text, false).map_err(|error| format!("a text cannot be cut into tokens: {error}"))?;
        Ok(encoding.get_ids().to_vec())
    }

    /// The bytes that `token` stands for; none for control tokens and tokens that do not exist.
    pub(super) fn bytes(&self, token: u32) -> &[u8] {
        self.bytes.get(token as usize).map_or(&[], Vec::as_slice)
    }

    /// The bytes of all tokens, in the order of their numbers.
    pub(super) fn vocabulary(&self) -> &[Vec<u8>] {
        &self.bytes
    }

    /// The texts of the control tokens.
    pub(super) fn control(&self) -> &[String] {
        &self.control
    }

    /// The token with which the model ends its turn.
    pub(super) fn end_of_turn(&self) -> u32 {
        self.end_of_turn
    }
}

fn build(cut: Cut, tokens: &[&str], merges: &[&str], control: &[String], whole: &[String]) -> Result<Bpe, String> {
    let vocabulary: Vec<(String, u32)> = tokens.iter().zip(0_u32..).map(|(token, id)| ((*token).to_owned(), id)).collect();
    let merges = merges
        .iter()
        .map(|merge| merge.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned())).ok_or_else(|| format!("`{merge}` is no merge")))
        .collect::<Result<Vec<_>, _>>()?;
    let wrong = |error: tokenizers::Error| format!("its tokenizer is wrong: {error}");
    let model = BPE::builder().vocab_and_merges(vocabulary.into_iter().collect::<tokenizers::models::bpe::Vocab>(), merges);
    let mut bpe = Bpe::new(model.build().map_err(wrong)?);
    let cuts: Vec<PreTokenizerWrapper> = match cut {
        Cut::SmolLm => vec![Digits::new(true).into(), ByteLevel::new(false, false, true).into()],
        Cut::Qwen2 => {
            let words = Split::new(SplitPattern::Regex(QWEN2.to_owned()), SplitDelimiterBehavior::Isolated, false).map_err(wrong)?;
            vec![words.into(), ByteLevel::new(false, false, false).into()]
        }
    };
    bpe.with_pre_tokenizer(Some(Sequence::new(cuts)));
    bpe.add_tokens(whole.iter().map(|text| AddedToken::from(text.as_str(), false))).map_err(wrong)?;
    bpe.add_special_tokens(control.iter().map(|text| AddedToken::from(text.as_str(), true))).map_err(wrong)?;
    Ok(bpe)
}

/// How a token is spelled: GPT-2 writes each byte as one printable character, the printable ones of Latin-1 as themselves and the
/// others, in order, as the characters from U+0100 on. Characters that spell no byte stand for themselves.
fn byte_spelling() -> impl Fn(&str) -> Vec<u8> {
    let printable = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    let others: Vec<u8> = (0..=u8::MAX).filter(|byte| !printable(*byte)).collect();
    move |token| {
        let mut bytes = Vec::new();
        for character in token.chars() {
            let code = u32::from(character) as usize;
            match u8::try_from(code).ok().filter(|byte| printable(*byte)).or_else(|| others.get(code.checked_sub(0x100)?).copied()) {
                Some(byte) => bytes.push(byte),
                None => bytes.extend(character.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        bytes
    }
}

fn texts<'a>(metadata: &Metadata<'a>, key: &str) -> Result<Vec<&'a str>, String> {
    let values = metadata.list(key)?.iter();
    values.map(|value| value.to_string().map(String::as_str).map_err(|_| format!("`{key}` holds something that is no text"))).collect()
}

fn integers(metadata: &Metadata<'_>, key: &str) -> Result<Vec<i32>, String> {
    let values = metadata.list(key)?.iter();
    values.map(|value| value.to_i32().map_err(|_| format!("`{key}` holds something that is no number"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_spelled_byte_by_byte() {
        let spell = byte_spelling();
        assert_eq!(spell("Ġthe"), b" the");
        assert_eq!(spell("Ċ"), b"\n");
        assert_eq!(spell("Ã©"), "é".as_bytes());
        assert_eq!(spell("Ń"), [0xad]);
    }
}
