//! The vocabulary of a Whisper: the names of its texts and marks, and which of them are never to be said.
//!
//! Forms that bring the bytes of the texts alone leave out the marks after them, which are the same for all models, and the lists of tokens
//! never to be said, which follow from the texts. Both are made here as the published code (openai-whisper's `tokenizer.py`) makes them.

use std::collections::HashMap;

use crate::asr::whisper::letters;

/// The tokens of a model.
pub(super) struct Vocabulary {
    /// In GPT-2's byte-level letters; marks by their names.
    pub(super) names: Vec<String>,
    pub(super) suppressed: Vec<u32>,
    pub(super) suppressed_at_start: Vec<u32>,
    /// The model knows no other language, and is not told one.
    pub(super) english_only: bool,
}

/// The languages of the first models, in the order of their marks.
const LANGUAGES: &str = "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml cy sk te \
                         fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps \
                         tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su";
/// Times of 20 ms, from 0 to 30 s.
const TIMES: usize = 1501;
/// Signs that no caller says, if they are one token, with a space before them or without.
const SIGNS: &str =
    "\" # ( ) * + / : ; < = > @ [ \\ ] ^ _ ` { | } ~ 「 」 『 』 << >> <<< >>> -- --- -( -[ (' (\" (( )) ((( ))) [[ ]] {{ }} ♪♪ ♪♪♪";
/// Signs that may stand inside a word, but not begin one.
const INSIDE: [&str; 2] = [" -", " '"];
/// Signs of music, of which even the first piece is not to be said.
const MUSIC: [&str; 7] = ["♩", "♪", "♫", "♬", "♭", "♮", "♯"];

impl Vocabulary {
    /// The vocabulary whose texts are `texts`, of `count` tokens in all. English alone has 50,256 texts, all languages 50,257. The error is for a
    /// reader.
    pub(super) fn of_texts(texts: &[Vec<u8>], count: usize) -> Result<Self, String> {
        let english_only = match texts.len() {
            50_256 => true,
            50_257 => false,
            other => return Err(format!("a vocabulary of {other} texts, which no Whisper has")),
        };
        let mut names: Vec<String> = texts.iter().map(|text| letters(text)).collect();
        names.extend(marks());
        if names.len() != count {
            return Err(format!("{} texts and marks, but an embedding of {count} tokens", names.len()));
        }
        let (suppressed, space) = unsaid(texts)?;
        Ok(Self { names, suppressed, suppressed_at_start: vec![space, texts.len() as u32], english_only })
    }
}

/// The names of all marks, in their order.
fn marks() -> Vec<String> {
    let languages = LANGUAGES.split_ascii_whitespace();
    let others = ["translate", "transcribe", "startoflm", "startofprev", "nocaptions", "notimestamps"];
    let named = ["endoftext", "startoftranscript"].into_iter().chain(languages).chain(others).map(|name| format!("<|{name}|>"));
    named.chain((0..TIMES).map(|time| format!("<|{}.{:02}|>", time / 50, time % 50 * 2))).collect()
}

/// The texts that are never to be said, and the lone space. The error is for a reader.
fn unsaid(texts: &[Vec<u8>]) -> Result<(Vec<u32>, u32), String> {
    let by_text: HashMap<&[u8], u32> = texts.iter().map(Vec::as_slice).zip(0..).collect();
    let token = |text: &str| by_text.get(text.as_bytes()).copied();
    let first_piece = |text: &str| {
        let bytes = text.as_bytes();
        (1..=bytes.len()).rev().find_map(|length| by_text.get(&bytes[..length]).copied())
    };
    let spaced = |sign: &str| [sign.to_owned(), format!(" {sign}")];
    let mut unsaid: Vec<u32> = INSIDE.into_iter().filter_map(token).collect();
    unsaid.extend(SIGNS.split(' ').flat_map(spaced).filter_map(|sign| token(&sign)));
    unsaid.extend(MUSIC.into_iter().flat_map(spaced).filter_map(|sign| first_piece(&sign)));
    unsaid.sort_unstable();
    unsaid.dedup();
    let space = token(" ").ok_or("a vocabulary without a space")?;
    Ok((unsaid, space))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    /// Texts that the real vocabularies have, filled up to `count`.
    fn texts(count: usize) -> Vec<Vec<u8>> {
        let known = ["!", "\"", " ", " -", "-", " (", "((", "♪♪", "'", " '", "a"].map(|text| text.as_bytes().to_vec());
        let pieces = [b"\xe2\x99".to_vec(), b" \xe2\x99".to_vec(), b" \xe2".to_vec()];
        let mut texts: Vec<Vec<u8>> = known.into_iter().chain(pieces).collect();
        texts.extend((texts.len()..count).map(|index| format!("text{index}").into_bytes()));
        texts
    }

    #[test]
    fn what_no_caller_says_is_found_in_the_texts() {
        let vocabulary = Vocabulary::of_texts(&texts(50_257), 51_865).unwrap();
        assert_eq!(vocabulary.suppressed, [1, 3, 5, 6, 7, 9, 11, 12]);
        assert_eq!(vocabulary.suppressed_at_start, [2, 50_257]);
        assert!(!vocabulary.english_only);
    }

    #[test]
    fn marks_follow_the_texts_in_the_published_order() {
        let many = Vocabulary::of_texts(&texts(50_257), 51_865).unwrap().names;
        let at = |id: usize| many[id].as_str();
        assert_eq!([at(50_257), at(50_258), at(50_259), at(50_260)], ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|zh|>"]);
        assert_eq!([at(50_357), at(50_359), at(50_362), at(50_363)], ["<|su|>", "<|transcribe|>", "<|nocaptions|>", "<|notimestamps|>"]);
        assert_eq!([at(50_364), at(50_365), at(51_864)], ["<|0.00|>", "<|0.02|>", "<|30.00|>"]);
        let english = Vocabulary::of_texts(&texts(50_256), 51_864).unwrap();
        assert!(english.english_only && english.names[50_361] == "<|nocaptions|>" && english.names[50_256] == "<|endoftext|>");
    }

    #[test]
    fn a_vocabulary_that_is_no_whisper_s_is_refused() {
        assert!(Vocabulary::of_texts(&texts(50_255), 51_864).is_err());
        assert!(Vocabulary::of_texts(&texts(50_257), 51_864).is_err());
        assert!(Vocabulary::of_texts(&vec![b"a".to_vec(); 50_257], 51_865).is_err());
    }
}
