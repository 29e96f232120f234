//! Whether a caller has said all that was asked for: what ends a turn at once, and what keeps it open over a pause.
//!
//! The tenth digit of a number ends the turn; a trailing "and" does not. It is only a judgement of words: the voice and a model of turns say
//! the rest.

use switchhook_models::{Language, Locale};

use super::answers_by_sound;
use super::context::Context;
use super::kind::Kind;
use super::part::{Lacks, Part};
use super::pattern::Pattern;
use super::phrases::Said;
use super::reading::{Bound, Reading, Sure, just_yes_or_no, names_a_number, read, telephone};
use super::signs::signs;
use super::value::Value;

/// What the words so far are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// All that was asked for: nothing needs to follow.
    Complete,
    /// Something must follow.
    MoreToCome,
    /// Either.
    Unknown,
}

/// After these words nobody stops for good.
const OPEN_EN: [&str; 59] = [
    "and", "so", "um", "uh", "er", "erm", "the", "my", "its", "or", "but", "because", "a", "an", "plus", "double", "triple", "then",
    "well", "im", "id", "ill", "next", "this", "name", "half", "past", "quarter", "if", "which", "as", "than", "until", "between", "your",
    "our", "their", "also", "mr", "mrs", "ms", "i", "we", "you know", "i mean", "hold on", "hang on", "i want", "i need", "can you",
    "can i", "could i", "do you", "is there", "there is", "may i", "i will", "i have", "could we",
];
const OPEN_PHRASES_EN: [&str; 10] = [
    "let me see",
    "let me check",
    "one second",
    "would like",
    "id like to",
    "could you",
    "would you",
    "are there",
    "there are",
    "you please",
];
/// Nor after these, but questions end with them: "What is it about?"
const OPEN_UNLESS_ASKED_EN: [&str; 16] =
    ["at", "on", "is", "to", "for", "with", "of", "in", "from", "about", "are", "be", "when", "by", "was", "were"];
const OPEN_ZH: [&str; 61] = [
    "然后", "然後", "还有", "還有", "就是", "那个", "那個", "嗯", "呃", "和", "跟", "因为", "因為", "所以", "但是", "不过", "不過", "是",
    "在", "我", "我的", "我要", "我想", "下", "下个", "下個", "以及", "或者", "如果", "要是", "而且", "可是", "比如", "例如", "那么",
    "那麼", "接着", "接著", "从", "從", "把", "给", "給", "让", "讓", "请", "請", "想要", "我们", "我們", "这个", "這個", "上个", "上個",
    "第", "关于", "關於", "帮我", "幫我", "等等", "并且",
];
const OPEN_PHRASES_ZH: [&str; 9] = ["的电话", "的電話", "就是说", "就是說", "等一下", "我看看", "我想想", "的号码", "的號碼"];
/// And these are whole, though they end like one of those.
const CLOSED_ZH: [&str; 4] = ["不是", "是不是", "不在", "還在"];

/// With these words people close what they wanted to say, if they said anything before.
const CLOSING_EN: [&str; 5] = ["please", "thank you", "thanks", "goodbye", "bye"];
/// And the particles of a question.
const CLOSING_ZH: [&str; 8] = ["吗", "嗎", "呢", "谢谢", "謝謝", "再见", "再見", "拜拜"];

/// Whether what was said is whole where anything could be: what ends with a word that asks for another, or in the middle of one, goes on ("and", "that is",
/// 然後, 就是), and so does what a recogniser heard a comma behind; what ends with "please" or 嗎 does not.
#[must_use]
pub fn completeness_of_anything(said: &str, locale: Locale) -> Completeness {
    let words = Said::new(said);
    let broken_off = ["...", "…", "-", "—", "–"].iter().any(|end| said.trim_end().ends_with(end));
    if words.words.is_empty() {
        Completeness::Unknown
    } else if broken_off || ends_with_comma(said) || is_open(&words, locale) {
        Completeness::MoreToCome
    } else if closes(&words, locale) {
        Completeness::Complete
    } else {
        Completeness::Unknown
    }
}

/// Whether the last words close what was said before them.
fn closes(said: &Said<'_>, locale: Locale) -> bool {
    let closing: &[&str] = match locale.language() {
        Language::En => &CLOSING_EN,
        Language::Zh => &CLOSING_ZH,
    };
    closing.iter().any(|phrase| {
        let last = said.all(phrase).pop();
        last.is_some_and(|place| {
            let (before, after) = (said.text.get(..place.start).unwrap_or_default(), said.from(place.end));
            before.contains(char::is_alphanumeric) && !after.contains(char::is_alphanumeric)
        })
    })
}

/// Whether `said` is the whole answer to a question for this kind.
#[must_use]
pub fn completeness(kind: &Kind, said: &str, locale: Locale, context: &Context<'_>) -> Completeness {
    let by_sound = if matches!(kind, Kind::YesNo) { answers_by_sound::written(said, locale) } else { None };
    let said = by_sound.as_deref().unwrap_or(said);
    let words = Said::new(said);
    if words.words.is_empty() {
        return Completeness::Unknown;
    }
    // 是 and 就是 are a whole yes where one is asked for.
    if matches!(kind, Kind::YesNo) && just_yes_or_no(said, locale).is_some() {
        return Completeness::Complete;
    }
    let reading = read(kind, said, locale, context);
    if is_open(&words, locale) || (is_dictated(kind) && ends_with_comma(said) && !is_certain(&reading)) {
        return Completeness::MoreToCome;
    }
    match reading {
        Reading::Found { value, sure, .. } => of_value(kind, &value, sure, context),
        Reading::Part(part, _) => of_part(kind, &part),
        Reading::Outside { bound: Bound::TooLong | Bound::TooEarly | Bound::TooLate | Bound::OtherCurrency, .. } | Reading::DontKnow => {
            Completeness::Complete
        }
        Reading::None if matches!(kind, Kind::Phone { .. }) && !signs(&words).is_empty() => Completeness::MoreToCome,
        Reading::Outside { .. } | Reading::None => Completeness::Unknown,
    }
}

/// What is known of an answer to a read-back by the telephone number that it corrects: the rest of one that was begun must follow ("no, the number is four one
/// five"), the last digit ends it.
#[must_use]
pub fn completeness_of_correction(said: &str, locale: Locale) -> Option<Completeness> {
    let words = Said::new(said);
    let named = names_a_number(&words);
    // A time or a price has no 0 before it.
    let begins = |digits: &str| named || digits.starts_with(['0', '+']);
    match telephone(said, true, None, locale) {
        Reading::Part(Part::Digits { told, .. }, _) if begins(&told) => Some(Completeness::MoreToCome),
        Reading::Found { value: Value::Phone { number, .. }, sure: Sure::Told, .. } if begins(&number) => Some(Completeness::Complete),
        Reading::None if named && !signs(&words).is_empty() => Some(Completeness::MoreToCome),
        _ => None,
    }
}

/// Whether the last word asks for another.
fn is_open(said: &Said<'_>, locale: Locale) -> bool {
    let ends = |phrases: &[&str]| said.last_end(phrases).is_some_and(|end| !said.from(end).contains(char::is_alphanumeric));
    match locale.language() {
        Language::En => ends(&OPEN_EN) || ends(&OPEN_PHRASES_EN) || (!said.text.trim_end().ends_with('?') && ends(&OPEN_UNLESS_ASKED_EN)),
        Language::Zh => (ends(&OPEN_ZH) || ends(&OPEN_PHRASES_ZH)) && !ends(&CLOSED_ZH),
    }
}

fn is_dictated(kind: &Kind) -> bool {
    matches!(kind, Kind::Text | Kind::Phone { .. } | Kind::Pattern(_) | Kind::Address)
}

fn ends_with_comma(said: &str) -> bool {
    said.trim_end().ends_with([',', '，', '、'])
}

fn is_certain(reading: &Reading) -> bool {
    matches!(reading, Reading::Found { sure: Sure::Told, .. })
}

fn of_value(kind: &Kind, value: &Value, sure: Sure, context: &Context<'_>) -> Completeness {
    let told = sure == Sure::Told;
    let complete = match (kind, value) {
        // "Four" can be the beginning of "four hundred" only where four hundred are allowed.
        (Kind::Number(limits), _) => told && limits.most.is_some_and(|most| most < 20),
        // "The third" may go on with "of December".
        (Kind::Phone { .. } | Kind::Money { .. } | Kind::YesNo | Kind::Date(_), _) => told,
        // And "ten" with "thirty".
        (Kind::Time, Value::Time(time)) => told || time.minute() != 0 || context.so_far.is_some(),
        (Kind::Pattern(patterns), Value::Code(code)) => !goes_on(patterns, code),
        (Kind::DateTime(_) | Kind::Choice(_), _) => true,
        (Kind::Text | Kind::Name | Kind::Address | Kind::Time | Kind::Pattern(_), _) => false,
    };
    if complete { Completeness::Complete } else { Completeness::Unknown }
}

/// Whether a longer code begins so.
fn goes_on(patterns: &[Pattern], code: &str) -> bool {
    let signs: Vec<_> = code.chars().filter(char::is_ascii_alphanumeric).map(super::pattern::Sign::Sure).collect();
    patterns.iter().any(|pattern| pattern.length() > signs.len() && pattern.written(&signs).is_some())
}

fn of_part(kind: &Kind, part: &Part) -> Completeness {
    match (kind, part) {
        (_, Part::Digits { .. } | Part::Code { .. }) => Completeness::MoreToCome,
        (Kind::DateTime(_), Part::When(when)) => match when.lacks() {
            Some(Lacks::Time) if when.part.is_none() => Completeness::MoreToCome,
            Some(Lacks::Day) if when.stretch.is_none() && when.time.is_some() => Completeness::MoreToCome,
            Some(Lacks::Day | Lacks::Time | Lacks::Half) | None => Completeness::Unknown,
        },
        (_, Part::When(_) | Part::OneOf(_)) => Completeness::Unknown,
    }
}

#[cfg(test)]
mod tests;
