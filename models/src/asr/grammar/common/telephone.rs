//! A telephone number where one was asked for, or that the caller gives none: without that, a refusal is heard as the digits that sound nearest.

use super::super::{Grammar, Piece, length};
use super::digits;
use crate::{Language, Result};

const REFUSALS_EN: [&str; 30] = [
    "no",
    "nope",
    "no thanks",
    "no thank you",
    "no number",
    "not now",
    "never mind",
    "I don't have one",
    "I don't have a phone",
    "I don't have a telephone",
    "I don't have a number",
    "I don't have a phone number",
    "I do not have one",
    "I have none",
    "I have no phone",
    "I have no number",
    "I haven't got one",
    "there is none",
    "I'd rather not",
    "I'd rather not say",
    "I'd rather not give it",
    "I would rather not",
    "I prefer not to",
    "I don't want to",
    "I don't want to say",
    "I don't want to give it",
    "I don't know",
    "I don't know it",
    "I don't remember",
    "I don't remember it",
];
const REFUSALS_ZH: [&str; 40] = [
    "沒有",
    "没有",
    "我沒有",
    "我没有",
    "沒有電話",
    "没有电话",
    "我沒有電話",
    "我没有电话",
    "沒有手機",
    "没有手机",
    "我沒有手機",
    "我没有手机",
    "不方便",
    "我不方便",
    "不太方便",
    "不方便說",
    "不方便说",
    "不方便留",
    "不方便給",
    "不方便给",
    "不想說",
    "不想说",
    "我不想說",
    "我不想说",
    "不想留",
    "我不想留",
    "不想給",
    "不想给",
    "不用",
    "不用了",
    "不要",
    "不需要",
    "不必了",
    "不知道",
    "我不知道",
    "不記得",
    "不记得",
    "我不記得",
    "我不记得",
    "我忘了",
];

/// A number of so many digits as [`super::digits`] has them, which mean themselves; or that there is none, which means `no`.
///
/// # Errors
/// As for [`super::digits`].
pub fn telephone(language: Language, least: usize, most: usize) -> Result<Grammar> {
    Grammar::new(&Piece::OneOf(vec![digits::piece(language, least, most)?, refused(language)]))
}

/// That the caller gives no number, in the words that people use for it. Means `no`.
///
/// # Errors
/// Never in practice: the grammar is fixed.
pub fn refusal(language: Language) -> Result<Grammar> {
    Grammar::new(&refused(language))
}

/// Refusals that no digit sounds like.
pub(super) fn long_refusals(language: Language) -> impl Iterator<Item = &'static str> {
    let (refusals, shortest): (&[&str], usize) = match language {
        Language::En => (&REFUSALS_EN, 2),
        Language::Zh => (&REFUSALS_ZH, 3),
    };
    refusals.iter().copied().filter(move |refusal| length::signs(refusal) >= shortest)
}

fn refused(language: Language) -> Piece {
    let (refusals, before, behind): (&[&str], &[&str], &[&str]) = match language {
        Language::En => {
            (&REFUSALS_EN, &["sorry", "um", "uh", "well", "oh"], &["sorry", "thanks", "thank you", "please", "actually", "either"])
        }
        Language::Zh => (
            &REFUSALS_ZH,
            &["不好意思", "抱歉", "呃", "嗯", "喔", "哦", "那個", "那个"],
            &["耶", "喔", "哦", "啊", "了", "謝謝", "谢谢", "不好意思"],
        ),
    };
    let around = |words| Piece::any(words).repeated(0, 2);
    Piece::Sequence(vec![around(before), Piece::any(refusals).repeated(1, 2), around(behind)]).means("no")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn who_gives_no_number_is_heard_where_one_is_asked_for() {
        for (language, said, meaning) in [
            (Language::En, "No, I don't have one.", Some("no")),
            (Language::En, "Sorry, I'd rather not.", Some("no")),
            (Language::En, "212 555 0142", Some("2125550142")),
            (Language::En, "Oh.", None),
            (Language::En, "One.", None),
            (Language::Zh, "沒有。", Some("no")),
            (Language::Zh, "不好意思，我不方便。", Some("no")),
            (Language::Zh, "零九一二三四五六七八", Some("0912345678")),
            (Language::Zh, "就", None),
            (Language::Zh, "要", None),
        ] {
            let heard = telephone(language, 6, 15).unwrap().read(said).map(|meaning| meaning.concat());
            assert_eq!(heard.as_deref(), meaning, "{said}");
            assert_eq!(refusal(language).unwrap().read(said).is_some(), meaning == Some("no"), "{said}");
        }
    }
}
