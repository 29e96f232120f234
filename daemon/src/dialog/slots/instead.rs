//! What is told behind a no that names nothing: "no, my order has the wrong colour", 不對，是暖氣壞了. Words that only say that something is wrong tell nothing.

use std::ops::Range;

use super::correction::behind_opening;
use super::phrases::Said;
use crate::dialog::words::{unquoted, words};

/// With these words people say that something is wrong, and not what: "no, that is not what I said", 不是這樣，你聽錯了.
const IDLE_EN: [&str; 40] = [
    "no",
    "nope",
    "not",
    "that",
    "thats",
    "this",
    "is",
    "isnt",
    "its",
    "it",
    "was",
    "wasnt",
    "right",
    "wrong",
    "correct",
    "incorrect",
    "true",
    "all",
    "the",
    "a",
    "an",
    "i",
    "you",
    "me",
    "my",
    "said",
    "say",
    "what",
    "did",
    "didnt",
    "message",
    "text",
    "sorry",
    "please",
    "thank",
    "thanks",
    "again",
    "mistake",
    "heard",
    "misheard",
];
const IDLE_ZH: &str = "不對对是錯错的了這这樣样那個个我你您聽听說说沒没有全都完誤误講讲啊喔啦嗎吗內内容事由留言部分剛刚才再一次遍請请就而";
/// So many other words tell something.
const FEWEST_TOLD: usize = 2;
/// What stands between a no and what is right.
const INSTEAD: [&str; 16] = [
    "its",
    "it is",
    "it was",
    "i said",
    "i meant",
    "i mean",
    "should be",
    "its about",
    "it is about",
    "是",
    "就是",
    "我說的是",
    "我说的是",
    "應該是",
    "应该是",
    "我是說",
];

/// What is told behind a no, in words that could be a text: "no, my order has the wrong colour". Nothing if the words only say that something is wrong.
#[must_use]
pub fn told_instead(said: &str) -> Option<String> {
    let said = Said::new(said);
    let rest = Said::new(said.from(behind_opening(&said)));
    let begins = |place: &Range<usize>| !rest.text.get(..place.start).unwrap_or_default().contains(char::is_alphanumeric);
    let start = INSTEAD.iter().flat_map(|lead| rest.all(lead)).filter(begins).map(|place| place.end).max().unwrap_or_default();
    let told = unquoted(rest.from(start).trim_start_matches(|c: char| !c.is_alphanumeric()));
    let idle = |word: &str| IDLE_EN.contains(&word) || IDLE_ZH.contains(word);
    let telling = words(told).iter().filter(|word| !idle(word)).count();
    (telling >= FEWEST_TOLD).then(|| told.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_behind_a_no_are_told_unless_they_only_say_that_it_is_wrong() {
        for (said, told) in [
            ("No, my order has the wrong color.", Some("my order has the wrong color.")),
            ("No, it's about the heating.", Some("about the heating.")),
            ("不對是暖氣壞了", Some("暖氣壞了")),
            ("不對，是我的訂單顏色錯了。", Some("我的訂單顏色錯了。")),
            ("暖氣壞了", Some("暖氣壞了")),
            ("No, that's not what I said.", None),
            ("No.", None),
            ("不對，你聽錯了", None),
            ("不是這樣", None),
            ("", None),
        ] {
            assert_eq!(told_instead(said).as_deref(), told, "{said}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(said in "\\PC{0,80}") {
            let _ = told_instead(&said);
        }
    }
}
