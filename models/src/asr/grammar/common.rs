//! The grammars that every office needs, in both languages.
//!
//! Their meanings are words for programs: `yes`, `no`; `0` to `9`; `month:3`, `day:14`, `weekday:2` (Monday is 1), `today`, `tomorrow`; what a
//! list gives.

use super::{Grammar, Piece, homophones};
use crate::{Language, Result};

/// The most digits that are said at once: E.164 has 15; people add a prefix.
const MOST_DIGITS: usize = 20;

/// Yes or no, with the words that people put around them. Means `yes` or `no`.
///
/// # Errors
/// Never in practice: the grammar is fixed.
pub fn yes_or_no(language: Language) -> Result<Grammar> {
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
    Grammar::new(&Piece::Sequence(vec![fillers(), Piece::OneOf(vec![side(yes, "yes"), side(no, "no")]), fillers()]))
}

/// Digits, one by one: between `least` and `most` of them. Each means itself, `0` to `9`. "Double three" is two digits. In Mandarin, any character that sounds like a digit
/// spells it.
///
/// # Errors
/// [`crate::Error::Input`] if `least` is 0, or more than `most`, or `most` is more than 20.
pub fn digits(language: Language, least: usize, most: usize) -> Result<Grammar> {
    if most > MOST_DIGITS {
        return Err(crate::Error::Input(format!("at most {MOST_DIGITS} digits are understood at once, not {most}")));
    }
    let names = digit_names(language);
    let one = |names: &[&str], digit: usize| Piece::any(names).means(digit.to_string());
    let mut single: Vec<_> = names.iter().enumerate().map(|(digit, names)| one(names, digit)).collect();
    if language == Language::Zh {
        let sounding_like =
            |(digit, characters): (usize, &&str)| Piece::OneOf(characters.chars().map(Piece::words).collect()).means(digit.to_string());
        single.extend(homophones::OF_DIGITS.iter().enumerate().map(sounding_like));
    }
    single.extend((0..10).map(|digit: usize| Piece::words(digit.to_string()).means(digit.to_string())));
    if language == Language::En {
        // Two meanings of one piece: the digit twice.
        let double = |(digit, names): (usize, &&[&str])| {
            let doubled = Piece::Sequence(vec![Piece::words("double"), Piece::any(names).means(digit.to_string())]);
            doubled.means(digit.to_string())
        };
        single.extend(names.iter().enumerate().map(double));
    }
    Grammar::new(&Piece::OneOf(single).repeated(least, most))
}

/// What the digits are called. Phones in Mandarin say 幺 for 1 and sometimes 洞 for 0; 兩 is 2 in speech.
fn digit_names(language: Language) -> [&'static [&'static str]; 10] {
    match language {
        Language::En => [
            &["zero", "oh", "o", "nought"],
            &["one"],
            &["two"],
            &["three"],
            &["four"],
            &["five"],
            &["six"],
            &["seven"],
            &["eight"],
            &["nine"],
        ],
        Language::Zh => [
            &["零", "〇", "洞"],
            &["一", "幺", "妖", "腰", "壹"],
            &["二", "两", "兩", "贰"],
            &["三", "叁"],
            &["四", "肆"],
            &["五", "伍"],
            &["六", "陆", "陸"],
            &["七", "柒", "拐"],
            &["八", "捌"],
            &["九", "玖", "勾"],
        ],
    }
}

/// A day: a weekday, a day of a month, today or tomorrow. Means `weekday:1` to `weekday:7` with `next` before it if it was said, `month:3` and
/// `day:14`, `today`, `tomorrow`, `day-after-tomorrow`.
///
/// # Errors
/// Never in practice: the grammar is fixed.
pub fn day(language: Language) -> Result<Grammar> {
    Grammar::new(&match language {
        Language::En => english_day(),
        Language::Zh => mandarin_day(),
    })
}

fn english_day() -> Piece {
    const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    const MONTHS: [&str; 12] =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    const ORDINALS: [&str; 31] = [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
        "twenty first",
        "twenty second",
        "twenty third",
        "twenty fourth",
        "twenty fifth",
        "twenty sixth",
        "twenty seventh",
        "twenty eighth",
        "twenty ninth",
        "thirtieth",
        "thirty first",
    ];
    let weekday = numbered(&WEEKDAYS, "weekday");
    let month = numbered(&MONTHS, "month");
    let day = Piece::OneOf(
        (1..)
            .zip(ORDINALS)
            .map(|(day, ordinal): (u32, _)| {
                let suffix = match day {
                    1 | 21 | 31 => "st",
                    2 | 22 => "nd",
                    3 | 23 => "rd",
                    _ => "th",
                };
                Piece::OneOf(vec![Piece::words(ordinal), Piece::words(format!("{day}{suffix}")), Piece::words(day.to_string())])
                    .means(format!("day:{day}"))
            })
            .collect(),
    );
    let of_month = Piece::Sequence(vec![Piece::words("the").maybe(), day.clone(), Piece::words("of").maybe(), month.clone()]);
    let month_first = Piece::Sequence(vec![month, Piece::words("the").maybe(), day.clone()]);
    let dated = Piece::OneOf(vec![of_month, month_first, Piece::Sequence(vec![Piece::words("the"), day])]);
    let next = Piece::words("next").means("next");
    let named = Piece::Sequence(vec![Piece::any(&["on", "this"]).maybe(), next.maybe(), weekday.clone()]);
    Piece::Sequence(vec![
        Piece::OneOf(vec![
            Piece::words("the day after tomorrow").means("day-after-tomorrow"),
            Piece::words("tomorrow").means("tomorrow"),
            Piece::words("today").means("today"),
            Piece::Sequence(vec![named.clone().maybe(), Piece::words("on").maybe(), dated]),
            named,
        ]),
        Piece::any(&["please", "if possible"]).maybe(),
    ])
}

fn mandarin_day() -> Piece {
    const FIGURES: [&str; 31] = [
        "一",
        "二",
        "三",
        "四",
        "五",
        "六",
        "七",
        "八",
        "九",
        "十",
        "十一",
        "十二",
        "十三",
        "十四",
        "十五",
        "十六",
        "十七",
        "十八",
        "十九",
        "二十",
        "二十一",
        "二十二",
        "二十三",
        "二十四",
        "二十五",
        "二十六",
        "二十七",
        "二十八",
        "二十九",
        "三十",
        "三十一",
    ];
    let figure = |most: usize, unit: &[&str], what: &str| {
        let numbers = (1..).zip(FIGURES).take(most).map(|(number, figure): (u32, _)| {
            Piece::OneOf(vec![Piece::words(figure), Piece::words(number.to_string())]).means(format!("{what}:{number}"))
        });
        Piece::Sequence(vec![Piece::OneOf(numbers.collect()), Piece::any(unit)])
    };
    let weekdays = (1..).zip(["一", "二", "三", "四", "五", "六"]).map(|(number, name): (u32, _)| {
        Piece::OneOf(vec![Piece::words(name), Piece::words(number.to_string())]).means(format!("weekday:{number}"))
    });
    let weekdays = weekdays.chain([Piece::any(&["日", "天"]).means("weekday:7")]).collect();
    let next = Piece::any(&["下个", "下個", "下"]).means("next");
    let this = Piece::any(&["这个", "這個", "这", "這", "本"]);
    Piece::OneOf(vec![
        Piece::any(&["大后天", "大後天"]).means("in-three-days"),
        Piece::any(&["后天", "後天"]).means("day-after-tomorrow"),
        Piece::any(&["明天", "明日"]).means("tomorrow"),
        Piece::any(&["今天", "今日"]).means("today"),
        Piece::Sequence(vec![figure(12, &["月"], "month"), figure(31, &["号", "號", "日"], "day")]),
        figure(31, &["号", "號"], "day"),
        Piece::Sequence(vec![
            Piece::OneOf(vec![next, this]).maybe(),
            Piece::any(&["星期", "礼拜", "禮拜", "周", "週"]),
            Piece::OneOf(weekdays),
        ]),
    ])
}

/// One of a list: each entry's meaning, and the ways to say it. For menus and for names.
///
/// # Errors
/// [`crate::Error::Input`] if the list is empty or too long, or an entry has no words.
pub fn list<'a>(entries: impl IntoIterator<Item = (&'a str, &'a [&'a str])>) -> Result<Grammar> {
    let entries = entries.into_iter().map(|(meaning, words)| Piece::any(words).means(meaning));
    Grammar::new(&Piece::OneOf(entries.collect()))
}

/// An entry of a list that is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What it means.
    pub meaning: String,
    /// The ways to say it.
    pub ways: Vec<String>,
}

/// A list that is written down, for [`list`] and for [`super::sounds`]: a line for each entry, its meaning, `=`, and the ways to say it between `|`. Empty
/// lines and those that begin with `#` are left out.
///
/// # Errors
/// [`crate::Error::Input`] names the line that is not so.
pub fn read_list(text: &str) -> Result<Vec<Listed>> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let entries = lines.map(|(number, line): (usize, _)| {
        let (meaning, ways) = line.split_once('=').ok_or_else(|| {
            crate::Error::Input(format!(
                "line {number} of the grammar: write MEANING = WORDS | OTHER WORDS, such as `maria = Maria Chen | Maria`"
            ))
        })?;
        Ok(Listed { meaning: meaning.trim().to_owned(), ways: ways.split('|').map(|way| way.trim().to_owned()).collect() })
    });
    entries.collect()
}

/// Each word means `what:N`, by its place from 1 on.
fn numbered(words: &[&str], what: &str) -> Piece {
    Piece::OneOf((1..).zip(words).map(|(number, &word): (u32, _)| Piece::words(word).means(format!("{what}:{number}"))).collect())
}
