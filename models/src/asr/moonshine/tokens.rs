//! What the tokens mean: pieces of words, with `▁` for a space and single bytes for letters that no piece has.

use std::collections::HashMap;

use candle_core::quantized::gguf_file::Value;

use crate::Result;
use crate::asr::weights::Weights;

/// GGUF's type of a token that steers the model and is no text.
const CONTROL: i32 = 3;
/// GGUF's type of a token that is one byte, named `<0x41>`.
const BYTE: i32 = 6;

pub(super) struct Tokens {
    /// The bytes of each token; none of those that steer.
    texts: Vec<Vec<u8>>,
    /// For each token the first that has the same letters, whatever their case and the spaces around them.
    folded: Vec<u32>,
    start: u32,
    end: u32,
}

impl Tokens {
    pub(super) fn read(weights: &Weights) -> Result<Self> {
        let fault = |key: &str| weights.fault(format!("`{key}` holds something that is no token"));
        let (names, kinds) = (weights.list("tokenizer.ggml.tokens")?, weights.list("tokenizer.ggml.token_type")?);
        if names.len() != kinds.len() {
            return Err(weights.fault(format!("{} tokens, but types of {}", names.len(), kinds.len())));
        }
        let mut texts = Vec::with_capacity(names.len());
        for (name, kind) in names.iter().zip(kinds) {
            texts.push(match (name, kind) {
                (Value::String(_), Value::I32(CONTROL)) => Vec::new(),
                (Value::String(name), Value::I32(BYTE)) => vec![byte(name).ok_or_else(|| fault("tokenizer.ggml.tokens"))?],
                (Value::String(name), Value::I32(_)) => name.replace('▁', " ").into_bytes(),
                _ => return Err(fault("tokenizer.ggml.tokens")),
            });
        }
        let find = |wanted: &str| {
            let place = names.iter().position(|name| matches!(name, Value::String(name) if name == wanted));
            place.map(|place| place as u32).ok_or_else(|| weights.fault(format!("the token `{wanted}` is missing")))
        };
        Ok(Self { start: find("<s>")?, end: find("</s>")?, folded: fold(&texts), texts })
    }

    /// The bytes of each token; none of those that steer.
    pub(super) fn texts(&self) -> impl Iterator<Item = &[u8]> {
        self.texts.iter().map(Vec::as_slice)
    }

    /// The bytes of one token; none of those that steer.
    pub(super) fn bytes(&self, token: u32) -> &[u8] {
        self.texts.get(token as usize).map_or(&[], Vec::as_slice)
    }

    pub(super) fn count(&self) -> usize {
        self.texts.len()
    }

    /// The token that a text begins after.
    pub(super) fn start(&self) -> u32 {
        self.start
    }

    /// The token that says that the text is over.
    pub(super) fn end(&self) -> u32 {
        self.end
    }

    /// A token that stands for all that have the same letters, whatever their case and the spaces around them.
    pub(super) fn folded(&self, token: u32) -> u32 {
        self.folded.get(token as usize).copied().unwrap_or(token)
    }

    /// The text of some tokens, without a space at either end. Bytes that are no UTF-8 (half a letter at the end) are left out.
    pub(super) fn spell(&self, tokens: &[u32]) -> String {
        let bytes: Vec<u8> = tokens.iter().filter_map(|token| self.texts.get(*token as usize)).flatten().copied().collect();
        String::from_utf8_lossy(&bytes).replace(char::REPLACEMENT_CHARACTER, "").trim().to_owned()
    }
}

fn fold(texts: &[Vec<u8>]) -> Vec<u32> {
    let mut first = HashMap::new();
    let folded = texts.iter().zip(0_u32..).map(|(text, token)| {
        let letters = text.trim_ascii().to_ascii_lowercase();
        if letters.is_empty() { token } else { *first.entry(letters).or_insert(token) }
    });
    folded.collect()
}

/// `0x41` of `<0x41>`.
fn byte(name: &str) -> Option<u8> {
    u8::from_str_radix(name.strip_prefix("<0x")?.strip_suffix('>')?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_without_a_piece_of_their_own_are_spelled_byte_by_byte() {
        let texts = [" caf", "\u{c3}", "\u{a9}", ""].map(|text| text.chars().map(|letter| u32::from(letter) as u8).collect()).to_vec();
        let tokens = Tokens { folded: fold(&texts), texts, start: 3, end: 3 };
        assert_eq!(tokens.spell(&[3, 0, 1, 2]), "café");
        assert_eq!(tokens.spell(&[0, 1]), "caf", "half a letter");
        assert_eq!(tokens.spell(&[99]), "");
        assert_eq!((byte("<0x0A>"), byte("<0xZZ>"), byte("0A")), (Some(10), None, None));
    }

    #[test]
    fn tokens_with_the_same_letters_are_folded_into_the_first() {
        let texts: Vec<Vec<u8>> = ["", " six", "Six", "", ",", "six", " "].map(|text| text.as_bytes().to_vec()).to_vec();
        assert_eq!(fold(&texts), [0, 1, 1, 3, 4, 1, 6]);
    }
}
