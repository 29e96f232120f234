//! The vocabulary in a publisher's `tokenizer.json`: the text of every token, and whether it is one.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::{Error, Result};

/// More bytes than any tokenizer of these models has.
const MOST_BYTES: u64 = 16 << 20;

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    /// As it is written in the file: pieces and byte-level letters are the converter's business.
    pub(super) text: String,
    /// Whether it steers the decoder and is no text.
    pub(super) special: bool,
}

/// The parts of `tokenizer.json` that spelling needs.
#[derive(Deserialize)]
struct Tokenizer {
    model: Model,
    added_tokens: Vec<Added>,
}

#[derive(Deserialize)]
struct Model {
    vocab: BTreeMap<String, usize>,
}

#[derive(Deserialize)]
struct Added {
    id: usize,
    content: String,
    special: bool,
}

/// The tokens of a vocabulary of `count`, in their order.
///
/// # Errors
/// [`Error::Io`]; [`Error::Format`] if the file is something else, or not every token has a text.
pub(super) fn read(path: &Path, count: usize) -> Result<Vec<Token>> {
    let fault = |what: String| Error::Format { path: path.to_owned(), what };
    let size = std::fs::metadata(path).map_err(Error::io(path))?.len();
    if size > MOST_BYTES {
        return Err(fault(format!("{size} bytes are more than any tokenizer of these models has")));
    }
    let text = std::fs::read(path).map_err(Error::io(path))?;
    let tokenizer: Tokenizer = serde_json::from_slice(&text).map_err(|what| fault(format!("not a tokenizer: {what}")))?;
    let mut tokens: Vec<Option<Token>> = vec![None; count];
    let texts = tokenizer.model.vocab.into_iter().map(|(text, id)| (id, Token { text, special: false }));
    let added = tokenizer.added_tokens.into_iter().map(|added| (added.id, Token { text: added.content, special: added.special }));
    for (id, token) in texts.chain(added) {
        let place = tokens.get_mut(id).ok_or_else(|| fault(format!("token {id}, `{}`, of a vocabulary of {count}", token.text)))?;
        *place = Some(token);
    }
    let known: Option<Vec<Token>> = tokens.into_iter().collect();
    known.ok_or_else(|| fault(format!("not all of {count} tokens have a text")))
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    /// A tokenizer of four tokens.
    pub(in super::super) const SMALL: &str = r#"{
        "model": { "vocab": { "<s>": 0, "<0x41>": 1, "▁six": 2 } },
        "added_tokens": [{ "id": 0, "content": "<s>", "special": true }, { "id": 3, "content": "<<ST_0>>", "special": true }]
    }"#;

    fn of(json: &str, count: usize) -> Result<Vec<Token>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tokenizer.json");
        std::fs::write(&path, json).unwrap();
        read(&path, count)
    }

    #[test]
    fn a_vocabulary_tells_text_from_what_steers() {
        let tokens = of(SMALL, 4).unwrap();
        let told: Vec<(&str, bool)> = tokens.iter().map(|token| (token.text.as_str(), token.special)).collect();
        assert_eq!(told, [("<s>", true), ("<0x41>", false), ("▁six", false), ("<<ST_0>>", true)]);
    }

    #[test]
    fn a_vocabulary_of_another_model_is_refused() {
        for (json, count) in [(SMALL, 3), (SMALL, 5), ("{}", 4), ("[", 4)] {
            assert!(matches!(of(json, count), Err(Error::Format { .. })), "{count} tokens");
        }
    }
}
