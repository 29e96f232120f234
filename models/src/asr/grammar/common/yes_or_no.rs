//! Yes or no, in the words that people use for it.

use super::super::{Grammar, OUTSIDE, Piece};
use crate::{Language, Result};

/// How much less likely than free words, as a logarithm, a Mandarin yes or no may be. Measured with Whisper small on 148 of them by four voices over the line, of which
/// all but one lie at most 3.3 behind; of 128 other things that were said, those of two to four syllables (不想說) lie 4.4 or more behind, and longer ones are told by their length.
const OUTSIDE_ZH: f32 = 4.0;

/// Yes or no, with the words that people put around them. Means `yes` or `no`.
///
/// # Errors
/// Never in practice: the grammar is fixed.
pub fn yes_or_no(language: Language) -> Result<Grammar> {
    Ok(Grammar::new(&piece(language))?.at_most_behind(outside(language)))
}

/// How much less likely than free words they may be.
pub(super) fn outside(language: Language) -> f32 {
    if language == Language::Zh { OUTSIDE_ZH } else { OUTSIDE }
}

pub(super) fn piece(language: Language) -> Piece {
    let (yes, no, around): (&[&str], &[&str], &[&str]) = match language {
        Language::En => (
            &[
                "yes",
                "yeah",
                "yep",
                "yup",
                "yes please",
                "yes thank you",
                "yes that's right",
                "that's right",
                "that's correct",
                "correct",
                "right",
                "sure",
                "okay",
                "ok",
                "of course",
                "yes of course",
                "exactly",
                "yes I do",
                "yes it is",
                "please do",
                "absolutely",
                "definitely",
                "sounds good",
                "that's fine",
                "fine",
                "go ahead",
                "uh-huh",
                "mm-hmm",
                "speaking",
                "this is she",
                "this is he",
                "that's me",
            ],
            &[
                "no",
                "nope",
                "no thanks",
                "no thank you",
                "nah",
                "not really",
                "no that's wrong",
                "that's wrong",
                "that's not right",
                "that's not correct",
                "wrong",
                "incorrect",
                "no it isn't",
                "no it's not",
                "no I don't",
                "don't",
                "no way",
                "never",
                "not now",
            ],
            &["um", "uh", "er", "well", "oh"],
        ),
        Language::Zh => (
            &[
                "是",
                "是的",
                "对",
                "对的",
                "對",
                "對的",
                "好",
                "好的",
                "好啊",
                "好呀",
                "可以",
                "可以的",
                "行",
                "没错",
                "沒錯",
                "正确",
                "正確",
                "嗯",
                "要",
                "要的",
                "没问题",
                "沒問題",
                "当然",
                "當然",
                "同意",
                "我同意",
                "对对",
                "對對",
                "是啊",
                "对啊",
                "對啊",
                "对呀",
                "對呀",
                "没有错",
                "沒有錯",
                "我就是",
                "请说",
                "請說",
            ],
            &[
                "不",
                "不是",
                "不是的",
                "不对",
                "不對",
                "错了",
                "錯了",
                "不要",
                "不用",
                "不用了",
                "不行",
                "不可以",
                "不可以的",
                "不行的",
                "不会",
                "不會",
                "没办法",
                "沒辦法",
                "没有",
                "沒有",
                "不好",
                "不同意",
                "我不同意",
                "不需要",
                "不正确",
                "不正確",
            ],
            &["呃", "那个", "那個", "哦", "啊", "喔"],
        ),
    };
    let fillers = || Piece::any(around).repeated(0, 2);
    let side = |words, meaning: &str| Piece::any(words).repeated(1, 3).means(meaning);
    Piece::Sequence(vec![fillers(), Piece::OneOf(vec![side(yes, "yes"), side(no, "no")]), fillers()])
}
