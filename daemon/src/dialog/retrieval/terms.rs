//! What is counted of a text: words and pieces of words.
//!
//! English words are counted by their stems, and, so that a misheard syllable or another ending costs little, by their three-letter pieces. Mandarin has no
//! spaces: pairs of characters stand for words, and single characters for their pieces (character n-grams, as J. Nie, J. Gao, J. Zhang and M. Zhou found
//! as good as segmentation in *On the use of words and n-grams for Chinese information retrieval*, 2000).
//!
//! Words that hold a sentence together count little: among a few dozen sentences of one office, frequency alone would call "shall" as telling as "parking".

use super::bm25::Term;
use crate::dialog::words::{is_han, stem, words};

/// What a word counts that only holds sentences together.
const GLUE: f32 = 0.2;

/// Words that hold English sentences together, as [`words`] writes them.
const ENGLISH: &[&str] = &[
    "a",
    "an",
    "the",
    "and",
    "or",
    "but",
    "if",
    "of",
    "to",
    "in",
    "on",
    "at",
    "for",
    "from",
    "with",
    "by",
    "as",
    "into",
    "about",
    "than",
    "then",
    "is",
    "are",
    "am",
    "was",
    "were",
    "be",
    "been",
    "being",
    "do",
    "does",
    "did",
    "have",
    "has",
    "had",
    "having",
    "can",
    "could",
    "will",
    "would",
    "shall",
    "should",
    "may",
    "might",
    "must",
    "i",
    "you",
    "he",
    "she",
    "it",
    "we",
    "they",
    "me",
    "him",
    "her",
    "us",
    "them",
    "my",
    "your",
    "yours",
    "his",
    "its",
    "our",
    "their",
    "this",
    "that",
    "these",
    "those",
    "there",
    "here",
    "not",
    "no",
    "so",
    "too",
    "very",
    "just",
    "also",
    "please",
    "some",
    "any",
    "im",
    "id",
    "ive",
    "ill",
    "youre",
    "its",
    "thats",
    "dont",
    "cant",
    "isnt",
    "arent",
    "wont",
    "lets",
    "hi",
    "hello",
    "hey",
    "well",
    "okay",
    "ok",
    "um",
    "uh",
    "er",
    "know",
    "like",
    "want",
    "need",
    "would",
    "get",
    "got",
    "give",
    "tell",
    "say",
    "wonder",
    "wondering",
    "let",
    "one",
    "something",
    "thing",
    "now",
    "yes",
    "really",
    "actually",
    "maybe",
    "much",
    "thanks",
    "thank",
    "sorry",
    "excuse",
    "ask",
    "question",
];

/// Characters that hold Mandarin sentences together, in both scripts.
const MANDARIN: &str = "我你您他她它們们的得了嗎吗呢吧啊呀喔是有在要可以能會会想請请問问就也都還还這这那個个把給给跟和對对到去來来用很太一下說说讲講麼么什怎樣样";

/// The sounds of the most frequent of them, as [`super::sounds`] names them.
const GLUE_SOUNDS: &[&str] = &[
    "wo", "li", "lin", "ta", "men", "de", "le", "ma", "le", "ba", "a", "ya", "si", "you", "zai", "yao", "ke", "yi", "len", "hui", "xian",
    "qin", "wen", "jiu", "ye", "dou", "hai", "ze", "la", "ge", "gei", "gen", "he", "dui", "dao", "qu", "lai", "yon", "hen", "tai", "xia",
    "suo", "jian", "me", "sen", "zen", "yan",
];

/// Mandarin politeness, which says nothing of what is wanted.
const POLITE: &[&str] = &["不好意思", "對不起", "对不起", "謝謝", "谢谢"];

/// A text without politeness.
pub(super) fn to_the_point(text: &str) -> String {
    POLITE.iter().fold(text.to_owned(), |text, phrase| if text.contains(phrase) { text.replace(phrase, "，") } else { text })
}

/// The words of a text that are counted: stems, and pairs of Chinese characters.
pub(super) fn of_words(text: &str) -> Vec<Term> {
    let words = words(text);
    let mut terms: Vec<Term> = words.iter().filter(|word| !han(word)).map(|word| Term { text: stem(word), weight: weight(word) }).collect();
    for (one, next) in words.iter().zip(words.iter().skip(1)).filter(|(one, next)| han(one) && han(next)) {
        terms.push(Term { text: format!("{one}{next}"), weight: weight(one).max(weight(next)) });
    }
    terms
}

/// The pieces of a text's words: three letters, of which the first or last may be a word's edge, and single Chinese characters.
pub(super) fn of_pieces(text: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    for word in words(text) {
        let weight = weight(&word);
        if han(&word) {
            terms.push(Term { text: word, weight });
            continue;
        }
        let padded: Vec<char> = format!("^{word}$").chars().collect();
        // All pieces of a word together count about as much as a word.
        let weight = weight / (padded.len() - 2) as f32;
        terms.extend(padded.windows(3).map(|piece| Term { text: piece.iter().collect(), weight }));
    }
    terms
}

/// Neighbouring pairs of sounds, and the sounds alone.
pub(super) fn of_sounds(sounds: &[String]) -> Vec<Term> {
    let weight = |sound: &str| if GLUE_SOUNDS.contains(&sound) { GLUE } else { 1.0 };
    let neighbours = sounds.iter().zip(sounds.iter().skip(1));
    let pairs = neighbours.map(|(one, next)| Term { text: format!("{one} {next}"), weight: weight(one).max(weight(next)) });
    pairs.chain(sounds.iter().map(|sound| Term { text: sound.clone(), weight: weight(sound) })).collect()
}

fn han(word: &str) -> bool {
    word.chars().all(is_han)
}

fn weight(word: &str) -> f32 {
    if ENGLISH.contains(&word) || (han(word) && MANDARIN.contains(word)) { GLUE } else { 1.0 }
}
