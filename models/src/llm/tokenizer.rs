//! Byte-level BPE tokenizers, from the vocabulary in a GGUF file.
//!
//! GGUF names the rule by which text is cut before merging. `smollm` cuts every digit apart, then cuts as GPT-2 does, and puts no space
//! before the text.

use tokenizers::models::bpe::BPE;
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::{AddedToken, Tokenizer as Bpe};

use super::gguf::Metadata;

/// GGUF's type of a token that steers the model and is no text.
const CONTROL: i32 = 3;

/// Turns text into tokens and tokens into bytes.
#[derive(Debug)]
pub(super) struct Tokenizer {
    bpe: Bpe,
    /// The bytes of every token; none for control tokens.
    bytes: Vec<Vec<u8>>,
    control: Vec<String>,
    end_of_turn: u32,
}

impl Tokenizer {
    /// The tokenizer that GGUF `metadata` describes. The error is for a reader.
    pub(super) fn from_metadata(metadata: &Metadata<'_>) -> Result<Self, String> {
        for (key, expected) in [("tokenizer.ggml.model", "gpt2"), ("tokenizer.ggml.pre", "smollm")] {
            let found = metadata.text(key)?;
            if found != expected {
                return Err(format!("`{key}` is `{found}`, but only `{expected}` is known here"));
            }
        }
        let tokens = texts(metadata, "tokenizer.ggml.tokens")?;
        let types: Vec<i32> = integers(metadata, "tokenizer.ggml.token_type")?;
        if types.len() != tokens.len() {
            return Err(format!("there are {} tokens, but types of {}", tokens.len(), types.len()));
        }
        let control: Vec<String> =
            tokens.iter().zip(&types).filter(|(_, kind)| **kind == CONTROL).map(|(token, _)| (*token).to_owned()).collect();
        let end_of_turn = metadata.size("tokenizer.ggml.eos_token_id", 0..=tokens.len().saturating_sub(1))?;
        let spell = byte_spelling();
        let bytes = tokens.iter().zip(&types).map(|(token, kind)| if *kind == CONTROL { Vec::new() } else { spell(token) }).collect();
        let bpe = build(&tokens, &texts(metadata, "tokenizer.ggml.merges")?, &control)?;
        Ok(Self { bpe, bytes, control, end_of_turn: end_of_turn as u32 })
    }

    /// The tokens of `text`, control tokens included where they are spelled out. The error is for a reader.
    pub(super) fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
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

fn build(tokens: &[&str], merges: &[&str], control: &[String]) -> Result<Bpe, String> {
    let vocabulary: Vec<(String, u32)> = tokens.iter().zip(0_u32..).map(|(token, id)| ((*token).to_owned(), id)).collect();
    let merges = merges
        .iter()
        .map(|merge| merge.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned())).ok_or_else(|| format!("`{merge}` is no merge")))
        .collect::<Result<Vec<_>, _>>()?;
    let wrong = |error: tokenizers::Error| format!("its tokenizer is wrong: {error}");
    let model = BPE::builder().vocab_and_merges(vocabulary.into_iter().collect::<tokenizers::models::bpe::Vocab>(), merges);
    let mut bpe = Bpe::new(model.build().map_err(wrong)?);
    let cuts: Vec<PreTokenizerWrapper> = vec![Digits::new(true).into(), ByteLevel::new(false, false, true).into()];
    bpe.with_pre_tokenizer(Some(Sequence::new(cuts)));
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
