//! The answers to a question that has few: one of several things by its name, or a small number, with the words that people put around them; and what callers
//! may say at any time, so that it is not taken for the answer that sounds nearest.

use std::ops::RangeInclusive;

use super::super::{Grammar, OUTSIDE, Piece, homophones};
use super::digits::digit_names;
use super::telephone::long_refusals;
use super::yes_or_no;
use crate::{Language, Result};

/// No more numbers than this are told apart by their sound: 0 to 20.
pub const MOST_NUMBERS: usize = 21;
/// What sounds like 10 in Mandarin, but for 是, which is a yes.
const LIKE_TEN: &str = "石时時实實食拾";
/// Digits of telephone numbers that are something else where they stand alone: "oh" is what people say before they think, and 要 is a yes.
const NO_NUMBERS: [(Language, usize, &[&str]); 2] = [(Language::En, 0, &["oh", "o"]), (Language::Zh, 1, &["要"])];
const TEENS: [&str; 11] =
    ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"];
const TEENS_ZH: [&str; 11] = ["十", "十一", "十二", "十三", "十四", "十五", "十六", "十七", "十八", "十九", "二十"];

/// Answers that are being put together.
#[derive(Clone, Debug)]
pub struct Answers {
    language: Language,
    one_of: Vec<Piece>,
    /// What stands alone, without words around it.
    whole: Vec<Piece>,
    outside: f32,
}

impl Answers {
    /// None yet.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self { language, one_of: Vec::new(), whole: Vec::new(), outside: OUTSIDE }
    }

    /// This, by any of these names. Means `meaning`.
    #[must_use]
    pub fn named<'a>(mut self, meaning: &str, names: impl IntoIterator<Item = &'a str>) -> Self {
        let names = names.into_iter().map(Piece::words).collect();
        self.one_of.push(Piece::OneOf(names).means(meaning));
        self
    }

    /// These whole numbers, of 0 to 20. Each means itself in digits. In Mandarin, any character that sounds like a number up to ten spells it. A lone word that callers say
    /// otherwise is none ([`NO_NUMBERS`]): it means itself, and so does a refusal.
    #[must_use]
    pub fn numbers(mut self, numbers: RangeInclusive<usize>) -> Self {
        let otherwise = NO_NUMBERS.iter().filter(|(language, number, _)| *language == self.language && numbers.contains(number));
        self.whole.extend(otherwise.flat_map(|(.., words)| words.iter()).map(|&word| Piece::words(word).means(word)));
        let refusals = long_refusals(self.language);
        self = self.or(refusals);
        self.one_of.extend(numbers.take(MOST_NUMBERS).map(|number| Piece::OneOf(names(self.language, number)).means(number.to_string())));
        self
    }

    /// Yes or no, as [`super::yes_or_no`] has them.
    #[must_use]
    pub fn yes_or_no(mut self) -> Self {
        self.whole.push(yes_or_no::piece(self.language));
        self.outside = yes_or_no::outside(self.language);
        self
    }

    /// What may be said instead of any answer. It means itself, as it is written here.
    #[must_use]
    pub fn or<'a>(mut self, phrases: impl IntoIterator<Item = &'a str>) -> Self {
        let (before, behind): (&[&str], &[&str]) = match self.language {
            Language::En => (&["please", "sorry"], &["please", "thanks", "again"]),
            Language::Zh => (&["請", "请", "麻煩", "麻烦", "不好意思"], &["了", "謝謝", "谢谢"]),
        };
        let politely =
            |phrase| Piece::Sequence(vec![Piece::any(before).maybe(), Piece::words(phrase).means(phrase), Piece::any(behind).maybe()]);
        self.whole.extend(phrases.into_iter().map(politely));
        self
    }

    /// Their grammar.
    ///
    /// # Errors
    /// [`crate::Error::Input`] if there are none, or too many, or one has no words.
    pub fn grammar(self) -> Result<Grammar> {
        let (before, behind): (&[&str], &[&str]) = match self.language {
            Language::En => (
                &[
                    "I'd like",
                    "I would like",
                    "I want",
                    "I need",
                    "I'll take",
                    "I'd give it",
                    "I'd say",
                    "it's",
                    "it is",
                    "that's",
                    "for",
                    "the",
                    "a",
                    "an",
                    "um",
                    "uh",
                    "er",
                    "well",
                    "oh",
                    "yes",
                ],
                &["please", "thanks", "thank you", "I think", "one", "points"],
            ),
            Language::Zh => (
                &[
                    "我要",
                    "我想要",
                    "我想",
                    "我要做",
                    "我選",
                    "我选",
                    "我給",
                    "我给",
                    "給",
                    "给",
                    "是",
                    "要",
                    "呃",
                    "嗯",
                    "那個",
                    "那个",
                    "那",
                    "大概",
                ],
                &["謝謝", "谢谢", "好了", "就好", "吧", "分", "的", "喔", "哦", "可以嗎", "可以吗"],
            ),
        };
        let around = |words: &[&str], most| Piece::any(words).repeated(0, most);
        let mut any = self.whole;
        if !self.one_of.is_empty() {
            any.push(Piece::Sequence(vec![around(before, 3), Piece::OneOf(self.one_of), around(behind, 2)]));
        }
        Ok(Grammar::new(&Piece::OneOf(any))?.at_most_behind(self.outside))
    }
}

/// What a number is called.
fn names(language: Language, number: usize) -> Vec<Piece> {
    let is_one = |name: &str| !NO_NUMBERS.iter().any(|(of, its, words)| (*of, *its) == (language, number) && words.contains(&name));
    let digits = digit_names(language).get(number).copied().unwrap_or_default();
    let mut names: Vec<Piece> = digits.iter().filter(|name| is_one(name)).map(|&name| Piece::words(name)).collect();
    let teens = if language == Language::En { TEENS } else { TEENS_ZH };
    names.extend(number.checked_sub(10).and_then(|teen| teens.get(teen)).map(|&name| Piece::words(name)));
    names.push(Piece::words(number.to_string()));
    if language == Language::Zh {
        let like = homophones::OF_DIGITS.get(number).copied().or((number == 10).then_some(LIKE_TEN));
        names.extend(like.unwrap_or_default().chars().map(String::from).filter(|name| is_one(name)).map(Piece::words));
    }
    names
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn read(grammar: &Grammar, text: &str) -> Option<String> {
        grammar.read(text).map(|meaning| meaning.join(" "))
    }

    #[test]
    fn a_thing_is_named_with_the_words_that_people_put_around_it() {
        let english =
            Answers::new(Language::En).named("clean", ["cleaning", "teeth cleaning"]).named("look", ["check-up"]).grammar().unwrap();
        for (said, meaning) in [("A cleaning, please.", Some("clean")), ("Um, I'd like a checkup", Some("look")), ("A treatment.", None)] {
            assert_eq!(read(&english, said).as_deref(), meaning, "{said}");
        }
        let mandarin = Answers::new(Language::Zh).named("clean", ["洗牙"]).named("treat", ["治療", "治疗"]).grammar().unwrap();
        for (said, meaning) in [("我要治療。", Some("treat")), ("洗牙，謝謝。", Some("clean")), ("不要治療", None)] {
            assert_eq!(read(&mandarin, said).as_deref(), meaning, "{said}");
        }
    }

    #[test]
    fn a_small_number_is_read_by_its_name_its_digits_and_its_sound() {
        let english = Answers::new(Language::En).numbers(0..=10).grammar().unwrap();
        for (said, number) in [("Zero, please.", "0"), ("ten", "10"), ("I'd say a 7.", "7"), ("10", "10")] {
            assert_eq!(read(&english, said).as_deref(), Some(number), "{said}");
        }
        assert_eq!(read(&english, "eleven"), None);
        let mandarin = Answers::new(Language::Zh).numbers(1..=12).grammar().unwrap();
        for (said, number) in [("四分。", "4"), ("我給八分", "8"), ("就", "9"), ("石", "10"), ("十二", "12"), ("12", "12")] {
            assert_eq!(read(&mandarin, said).as_deref(), Some(number), "{said}");
        }
        assert_eq!(read(&mandarin, "是"), None, "a yes is no number");
    }

    #[test]
    fn a_lone_word_that_is_said_otherwise_and_a_refusal_are_no_numbers() {
        let english = Answers::new(Language::En).numbers(0..=10).grammar().unwrap();
        for said in ["oh", "I'd rather not", "I don't know"] {
            assert_eq!(read(&english, said).as_deref(), Some(said));
        }
        assert_eq!(read(&english, "Oh, seven.").as_deref(), Some("7"));
        let mandarin = Answers::new(Language::Zh).numbers(1..=5).grammar().unwrap();
        for said in ["要", "不想說", "我不知道"] {
            assert_eq!(read(&mandarin, said).as_deref(), Some(said));
        }
        assert_eq!(read(&mandarin, "要一分").as_deref(), Some("1"));
    }

    #[test]
    fn what_may_be_said_at_any_time_means_itself() {
        let grammar = Answers::new(Language::Zh).numbers(1..=5).or(["我要找專人", "再說一次"]).grammar().unwrap();
        for said in ["我要找專人。", "不好意思，我要找專人，謝謝。"] {
            assert_eq!(read(&grammar, said).as_deref(), Some("我要找專人"), "{said}");
        }
        assert!(Answers::new(Language::En).grammar().is_err(), "there is no answer");
    }
}
