//! What callers object to in what was read back, where they tell no other value: a part by its name ("the phone number", 電話不對), nothing after all ("everything is fine"), or they do
//! not know. None of these is a text, whatever was asked.

use std::sync::LazyLock;

use switchhook_models::Language;
use switchhook_models::asr::grammar::{Grammar, Piece};

use super::phrases::Said;
use crate::dialog::words::{is_han, phrase, places, spoken_length};

/// What a caller objects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objection {
    /// This part, and they did not say what is right.
    To(PartName),
    /// Nothing.
    None,
    /// They do not know.
    Unknown,
}

/// A part of what was read back, as callers name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartName {
    /// The telephone number.
    Number,
    /// The name of the caller, or of whom a message is for.
    Name,
    /// The day.
    Day,
    /// The time.
    Time,
    /// The message itself, or what it is about.
    Text,
    /// The address.
    Address,
}

/// How parts are named, longer names first.
const NAMES: [(&[&str], PartName); 6] = [
    (
        &[
            "telephone number",
            "phone number",
            "cell phone number",
            "mobile number",
            "number",
            "telephone",
            "cell phone",
            "phone",
            "mobile",
            "digits",
            "電話號碼",
            "电话号码",
            "手機號碼",
            "手机号码",
            "電話",
            "电话",
            "號碼",
            "号码",
            "手機",
            "手机",
        ],
        PartName::Number,
    ),
    (&["last name", "first name", "family name", "surname", "recipient", "name", "名字", "姓名", "姓", "收件人"], PartName::Name),
    (&["date", "day", "日期", "日子", "哪一天"], PartName::Day),
    (&["time", "hour", "時間", "时间", "幾點", "几点"], PartName::Time),
    (&["message", "text", "reason", "subject", "topic", "留言內容", "留言内容", "內容", "内容", "留言", "事由"], PartName::Text),
    (&["address", "地址", "住址"], PartName::Address),
];

/// What may stand around the name of a part.
const AROUND: [&str; 52] = [
    "no",
    "nope",
    "sorry",
    "um",
    "uh",
    "er",
    "well",
    "oh",
    "it",
    "its",
    "is",
    "isnt",
    "was",
    "wasnt",
    "thats",
    "that",
    "not",
    "the",
    "my",
    "your",
    "a",
    "an",
    "of",
    "in",
    "with",
    "only",
    "just",
    "i",
    "think",
    "guess",
    "wrong",
    "incorrect",
    "right",
    "correct",
    "there",
    "theres",
    "has",
    "mistake",
    "error",
    "please",
    "you",
    "have",
    "got",
    "misheard",
    "part",
    "this",
    "true",
    "what",
    "change",
    "to",
    "can",
    "we",
];
const AROUND_ZH: &str = "不是對对錯错了的這这那我你您有問问題题弄聽听記记寫写誤误就個个嗯呃啊喔哦好像應应該该沒没正確确只部分地方裡里";

/// Who says that they do not know says little else.
const LONGEST_UNKNOWN: usize = 7;

static NOTHING_EN: LazyLock<Option<Grammar>> = LazyLock::new(|| nothing(Language::En));
static NOTHING_ZH: LazyLock<Option<Grammar>> = LazyLock::new(|| nothing(Language::Zh));

/// That nothing is wrong, with the words that people put around it.
fn nothing(language: Language) -> Option<Grammar> {
    let around = |words: &[&str]| Piece::any(words).repeated(0, 3);
    let piece = match language {
        Language::En => {
            let all = Piece::Sequence(vec![
                Piece::any(&["everything", "everything's", "all", "all of it", "it", "it's", "it all", "that", "that's"]),
                Piece::any(&["is", "was", "looks", "sounds", "seems"]).maybe(),
                Piece::any(&["all", "just"]).maybe(),
                Piece::any(&["fine", "right", "correct", "good", "okay", "ok", "all right", "perfect"]),
            ]);
            let none = Piece::any(&[
                "nothing",
                "nothing is wrong",
                "nothing's wrong",
                "nothing was wrong",
                "there is nothing wrong",
                "never mind",
            ]);
            let before = around(&["no", "oh", "um", "uh", "well", "sorry", "actually", "I think", "I guess", "yes"]);
            Piece::Sequence(vec![
                before,
                Piece::OneOf(vec![all, none]),
                around(&["after all", "now", "thanks", "thank you", "really", "sorry"]),
            ])
        }
        Language::Zh => {
            let none = Piece::any(&[
                "沒事",
                "没事",
                "沒什麼",
                "没什么",
                "都對",
                "都对",
                "都沒錯",
                "都没错",
                "都沒問題",
                "都没问题",
                "沒問題",
                "没问题",
                "沒有問題",
                "没有问题",
                "沒有不對",
                "没有不对",
                "沒有錯",
                "没有错",
                "都是對的",
                "都是对的",
                "全部都對",
                "全部都对",
                "都正確",
                "都正确",
            ]);
            let before = around(&["呃", "嗯", "喔", "哦", "不好意思", "其實", "其实", "應該", "应该"]);
            Piece::Sequence(vec![before, none, around(&["了", "啊", "喔", "哦", "的", "啦", "謝謝", "谢谢"])])
        }
    };
    Grammar::new(&piece).ok()
}

impl Objection {
    /// What is objected to, if these words do nothing else.
    #[must_use]
    pub fn of(said: &str, language: Language) -> Option<Self> {
        let nothing = if language == Language::En { NOTHING_EN.as_ref() } else { NOTHING_ZH.as_ref() };
        let spoken = Said::new(said);
        if nothing.is_some_and(|nothing| nothing.read(spoken.text).is_some()) {
            Some(Self::None)
        } else if spoken_length(&spoken.words) <= LONGEST_UNKNOWN && spoken.knows_not(language) {
            Some(Self::Unknown)
        } else {
            part_named(&spoken.words).map(Self::To)
        }
    }
}

/// The part that these words name, if they tell nothing else.
fn part_named(spoken: &[String]) -> Option<PartName> {
    let is_around = |word: &String| AROUND.contains(&word.as_str()) || word.chars().all(|c| is_han(c) && AROUND_ZH.contains(c));
    let is_all = |name: &str| {
        let name = phrase(name);
        places(spoken, &name).any(|place| spoken.iter().enumerate().all(|(at, word)| place.contains(&at) || is_around(word)))
    };
    NAMES.iter().find(|(names, _)| names.iter().any(|name| is_all(name))).map(|(_, part)| *part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_named_and_nothing_else_is_told() {
        for (said, objection) in [
            ("The phone number.", Some(Objection::To(PartName::Number))),
            ("No, the number is wrong.", Some(Objection::To(PartName::Number))),
            ("I think it's the name.", Some(Objection::To(PartName::Name))),
            ("The time is not right.", Some(Objection::To(PartName::Time))),
            ("You misheard the message.", Some(Objection::To(PartName::Text))),
            ("The number of seats is wrong.", None),
            ("No, the message is that the boiler leaks.", None),
            ("My order has the wrong color.", None),
            ("No, that's not what I said.", None),
            ("The name is Anna Smith.", None),
            ("", None),
        ] {
            assert_eq!(Objection::of(said, Language::En), objection, "{said}");
        }
        for (said, objection) in [
            ("電話號碼", Some(Objection::To(PartName::Number))),
            ("不對，電話錯了", Some(Objection::To(PartName::Number))),
            ("名字不對", Some(Objection::To(PartName::Name))),
            ("是時間弄錯了", Some(Objection::To(PartName::Time))),
            ("電話壞了", None),
            ("不對，是暖氣壞了", None),
            ("不對", None),
        ] {
            assert_eq!(Objection::of(said, Language::Zh), objection, "{said}");
        }
    }

    #[test]
    fn who_has_nothing_to_object_to_says_so() {
        for said in ["Nothing.", "Everything is fine.", "No, it's all right.", "Oh, sorry, that's correct.", "Never mind."] {
            assert_eq!(Objection::of(said, Language::En), Some(Objection::None), "{said}");
        }
        for said in ["都沒問題", "喔，都對啊", "沒事了，謝謝"] {
            assert_eq!(Objection::of(said, Language::Zh), Some(Objection::None), "{said}");
        }
        for (said, language) in [("I don't know.", Language::En), ("我不知道", Language::Zh)] {
            assert_eq!(Objection::of(said, language), Some(Objection::Unknown), "{said}");
        }
        for said in
            ["Everything is wrong.", "Nothing works since Monday.", "I don't know why the heating in my flat stopped working yesterday."]
        {
            assert_eq!(Objection::of(said, Language::En), None, "{said}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(said in "\\PC{0,80}") {
            for language in [Language::En, Language::Zh] {
                let _ = Objection::of(&said, language);
            }
        }
    }
}
