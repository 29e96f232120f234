//! Words with their places, and the phrases that frame a value: what people say before it, instead of it, and when they begin anew.

use std::ops::Range;

use switchhook_models::Language;

use crate::dialog::words::{is_han, phrase, places, words};

/// No more of what was said than this is searched, in bytes: nobody says a value after so many words.
const LONGEST: usize = 2_000;

/// What was said, as words and where each stands.
pub(super) struct Said<'a> {
    /// As it was recognised.
    pub text: &'a str,
    /// The words, as [`words`] makes them.
    pub words: Vec<String>,
    places: Vec<Range<usize>>,
}

impl<'a> Said<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let end = (0..=LONGEST.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or_default();
        let text = text.get(..end).unwrap_or_default();
        let mut said = Self { text, words: Vec::new(), places: Vec::new() };
        let mut open: Option<usize> = None;
        for (at, c) in text.char_indices() {
            let inside = !is_han(c) && (c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}'));
            if !inside && let Some(start) = open.take() {
                said.push(start..at);
            }
            if is_han(c) {
                said.push(at..at + c.len_utf8());
            } else if inside {
                open.get_or_insert(at);
            }
        }
        if let Some(start) = open {
            said.push(start..text.len());
        }
        said
    }

    fn push(&mut self, place: Range<usize>) {
        for word in words(self.text.get(place.clone()).unwrap_or_default()) {
            self.words.push(word);
            self.places.push(place.clone());
        }
    }

    /// The bytes of some words.
    pub(super) fn place(&self, words: &Range<usize>) -> Option<Range<usize>> {
        Some(self.places.get(words.start)?.start..self.places.get(words.end.checked_sub(1)?)?.end)
    }

    /// Where one of `phrases` stands first, in bytes; the longest of those.
    pub(super) fn first(&self, phrases: &[&str]) -> Option<Range<usize>> {
        let all = phrases.iter().flat_map(|known| self.all(known));
        all.min_by_key(|place| (place.start, std::cmp::Reverse(place.end)))
    }

    /// Where one of `phrases` ends last.
    pub(super) fn last_end(&self, phrases: &[&str]) -> Option<usize> {
        phrases.iter().flat_map(|known| self.all(known)).map(|place| place.end).max()
    }

    /// Everywhere that a phrase stands, in bytes.
    pub(super) fn all(&self, known: &str) -> Vec<Range<usize>> {
        let known = phrase(known);
        if known.is_empty() {
            return Vec::new();
        }
        places(&self.words, &known).filter_map(|words| self.place(&words)).collect()
    }

    /// What stands from a byte on.
    pub(super) fn from(&self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or_default()
    }

    /// Whether what stands before a byte ends with a word that denies what follows: "not the third", 不是星期二.
    pub(super) fn denied(&self, at: usize) -> bool {
        const BETWEEN: [&str; 11] = ["the", "on", "at", "a", "for", "in", "this", "next", "an", "it", "that"];
        let before = self.places.iter().take_while(|place| place.end <= at).count();
        let mut before = self.words.iter().take(before).rev().skip_while(|word| BETWEEN.contains(&word.as_str()));
        match before.next().map(String::as_str) {
            Some("not" | "isnt" | "wasnt") => true,
            Some("than") => before.next().is_some_and(|word| word == "rather"),
            Some("of") => before.next().is_some_and(|word| word == "instead"),
            Some("是") => before.next().is_some_and(|word| word == "不"),
            Some("要") => before.next().is_some_and(|word| word == "不"),
            _ => false,
        }
    }

    /// Where the last attempt begins: behind "sorry", "I mean", 不對 and the like, if one of them stands there.
    pub(super) fn restart(&self) -> usize {
        self.last_end(&RESTARTS).unwrap_or_default()
    }

    /// Whether the caller says that they do not know.
    pub(super) fn knows_not(&self, language: Language) -> bool {
        let phrases: &[&str] = match language {
            Language::En => &IGNORANCE_EN,
            Language::Zh => &IGNORANCE_ZH,
        };
        self.first(phrases).is_some()
    }
}

/// The caller begins the value anew: what stands before is void.
const RESTARTS: [&str; 22] = [
    "sorry",
    "no wait",
    "wait no",
    "i mean",
    "i meant",
    "rather",
    "scratch that",
    "correction",
    "make that",
    "make it",
    "i said",
    "no no",
    "不对",
    "不對",
    "我是说",
    "我是說",
    "我说的是",
    "我說的是",
    "应该是",
    "應該是",
    "改成",
    "说错了",
];

const IGNORANCE_EN: [&str; 19] = [
    "dont know",
    "do not know",
    "dunno",
    "no idea",
    "no clue",
    "not sure",
    "im unsure",
    "i forget",
    "i forgot",
    "ive forgotten",
    "dont remember",
    "cant remember",
    "do not remember",
    "dont recall",
    "cant recall",
    "havent decided",
    "couldnt tell you",
    "cant say",
    "dont have it on me",
];

const IGNORANCE_ZH: [&str; 18] = [
    "不知道",
    "不晓得",
    "不曉得",
    "不清楚",
    "不确定",
    "不確定",
    "不记得",
    "不記得",
    "记不得",
    "記不得",
    "记不起来",
    "忘了",
    "忘记",
    "忘記",
    "没概念",
    "沒概念",
    "还没决定",
    "還沒決定",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_where_they_were_said() {
        let said = Said::new("I don’t know, 我不知道 ok");
        assert_eq!(said.words, words("I don’t know, 我不知道 ok"));
        assert_eq!(said.first(&["dont know"]).and_then(|place| said.text.get(place)), Some("don’t know"));
        assert!(said.knows_not(Language::En) && said.knows_not(Language::Zh));
    }

    #[test]
    fn what_stands_behind_not_is_denied() {
        for (text, value) in [("not the third, the tenth", "third"), ("不是星期二", "星期二"), ("instead of Tuesday", "Tuesday")] {
            assert!(Said::new(text).denied(text.find(value).unwrap_or_default()), "{text}");
        }
        let text = "not the third, the tenth";
        assert!(!Said::new(text).denied(text.find("tenth").unwrap_or_default()));
    }

    proptest::proptest! {
        #[test]
        fn places_are_in_the_text(text in "\\PC{0,80}|[a-z'’ 不是İẞ]{0,40}") {
            let said = Said::new(&text);
            for at in 0..said.words.len() {
                proptest::prop_assert!(said.place(&(at..at + 1)).is_some_and(|place| text.get(place).is_some()));
            }
            let _ = (said.restart(), said.denied(text.len()));
        }
    }
}
