//! What somebody is called: "my name is Maria Chen", 我叫陳美玲, or just "Maria Chen" where a name was asked for.

use std::ops::Range;

use switchhook_models::{Language, Locale};

use super::{Asked, Candidate, Sure};
use crate::dialog::slots::phrases::Said;
use crate::dialog::slots::value::Value;
use crate::dialog::words::{is_han, unquoted};

/// A name has no more words than this; in Mandarin, characters.
const MOST_WORDS: usize = 4;
const MOST_CHARACTERS: usize = 6;

/// What stands before a name and before nothing else.
const LEADS_EN: [&str; 10] = [
    "my name is",
    "my names",
    "the name is",
    "the names",
    "name is",
    "under the name of",
    "under the name",
    "call me",
    "my full name is",
    "last name is",
];
/// What stands before a name that was asked for, and before much else.
const WEAK_EN: [&str; 8] = ["this is", "its", "it is", "i am", "im", "thats", "under", "for"];
const LEADS_ZH: [&str; 12] =
    ["我的名字是", "我的名字叫", "名字是", "名字叫", "我叫做", "我叫", "敝姓", "我姓", "免貴姓", "免贵姓", "姓名是", "大名是"];
const WEAK_ZH: [&str; 6] = ["我是", "這是", "这是", "這裡是", "叫", "姓"];

/// Words that belong to no name: there, it has ended.
const STOPS_EN: [&str; 49] = [
    "and", "i", "at", "on", "next", "my", "phone", "number", "calling", "from", "with", "please", "to", "would", "need", "want", "can",
    "could", "is", "im", "id", "ill", "you", "we", "he", "she", "it", "thanks", "thank", "here", "speaking", "but", "about", "the", "a",
    "in", "tomorrow", "today", "this", "that", "what", "who", "how", "when", "why", "where", "back", "again", "later",
];
/// Nor these, alone: they answer something else.
const NOBODY_EN: [&str; 26] = [
    "yes", "no", "yeah", "nope", "okay", "ok", "sure", "hello", "hi", "sorry", "pardon", "me", "nobody", "someone", "somebody", "um", "uh",
    "er", "well", "so", "not", "correct", "right", "wrong", "maybe", "none",
];
const STOPS_ZH: [&str; 44] = [
    "我", "想", "要", "的", "在", "打", "預約", "预约", "找", "跟", "是", "電話", "电话", "手機", "手机", "號", "号", "請", "请", "可以",
    "會", "会", "今天", "明天", "後天", "后天", "下午", "上午", "早上", "晚上", "下週", "下周", "下個", "下个", "星期", "禮拜", "礼拜",
    "嗎", "吗", "呢", "吧", "喔", "不", "有",
];
const TITLES_ZH: [&str; 6] = ["先生", "小姐", "女士", "太太", "經理", "经理"];

pub(super) fn read(said: &Said<'_>, locale: Locale, asked: Asked) -> Option<Candidate> {
    let (leads, weak): (&[&str], &[&str]) = match locale.language() {
        Language::En => (&LEADS_EN, &WEAK_EN),
        Language::Zh => (&LEADS_ZH, &WEAK_ZH),
    };
    let behind = |leads: &[&str]| {
        let at = said.last_end(leads)?;
        name_at(said, at, locale.language())
    };
    let found = |place: Range<usize>, sure| {
        let name = said.text.get(place.clone())?.to_owned();
        Some(Candidate::found(Value::Name(name), vec![place], sure))
    };
    if let Some(place) = behind(leads) {
        return found(place, Sure::Told);
    }
    match asked {
        Asked::Yes => behind(weak).and_then(|place| found(place, Sure::Inferred)).or_else(|| {
            let restart = said.restart();
            clauses(said, restart).find_map(|start| name_at(said, start, locale.language())).and_then(|place| found(place, Sure::Guessed))
        }),
        // "This is Maria Chen" at the beginning, if the letters say that it is a name.
        Asked::No => {
            let place = said.first(&["this is", "im", "i am"]).and_then(|lead| name_at(said, lead.end, locale.language()))?;
            let capitals = said.text.get(place.clone())?.split_whitespace().all(|word| word.starts_with(char::is_uppercase));
            (locale == Locale::En && capitals).then(|| found(place, Sure::Inferred)).flatten()
        }
    }
}

/// Where clauses begin, from `start` on.
fn clauses<'s>(said: &'s Said<'_>, start: usize) -> impl Iterator<Item = usize> + 's {
    let marks = said.text.char_indices().filter(|(_, c)| matches!(c, ',' | '.' | '，' | '。' | '、' | ';' | '!' | '！'));
    std::iter::once(start).chain(marks.map(|(at, c)| at + c.len_utf8()).filter(move |at| *at > start))
}

/// The name that stands at a byte, if one does.
fn name_at(said: &Said<'_>, at: usize, language: Language) -> Option<Range<usize>> {
    let rest = said.from(at);
    let start = at + (rest.len() - rest.trim_start_matches(|c: char| !c.is_alphanumeric()).len());
    let place = match language {
        Language::En => english(said, start)?,
        Language::Zh => mandarin(said, start)?,
    };
    let name = unquoted(said.text.get(place.clone())?);
    (!name.is_empty()).then(|| place.start..place.start + name.len())
}

fn english(said: &Said<'_>, start: usize) -> Option<Range<usize>> {
    let clause = said.from(start).split([',', '.', '?', '!', ';', ':']).next().unwrap_or_default();
    // "Dr. Chen" goes on behind its period.
    let titled = ["Dr", "Mr", "Mrs", "Ms", "dr", "mr", "mrs", "ms"].contains(&clause.trim());
    let clause =
        if titled { said.from(start).split([',', '?', '!', ';', ':']).next().unwrap_or_default().trim_end_matches('.') } else { clause };
    let mut end = start;
    let mut count = 0;
    for word in clause.split_whitespace() {
        let small: String = word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let odd = small.is_empty() || small.contains(|c: char| c.is_ascii_digit());
        if odd || STOPS_EN.contains(&small.as_str()) || (count == 0 && NOBODY_EN.contains(&small.as_str())) {
            break;
        }
        count += 1;
        // A word is a part of the text: its place is where it lies in it.
        end = said.text.get(end..)?.find(word).map(|at| end + at + word.len())?;
    }
    let rest = clause.get(end.checked_sub(start)?..).is_some_and(|rest| rest.contains(char::is_alphanumeric));
    // A longer clause is a sentence; a name that stands before "and", "from" or the like is one all the same.
    (1..=MOST_WORDS)
        .contains(&count)
        .then_some(())
        .filter(|()| count > 0 && !(rest && count == 1 && clause.split_whitespace().count() > 8))?;
    Some(start..end)
}

fn mandarin(said: &Said<'_>, start: usize) -> Option<Range<usize>> {
    let rest = said.from(start);
    let clause = rest.split(|c: char| !(c.is_alphanumeric() || c == ' ' || c == '·')).next().unwrap_or_default();
    if let Some(title) = TITLES_ZH.iter().filter_map(|title| Some(clause.find(title)? + title.len())).min()
        && clause.get(..title).is_some_and(|name| name.chars().count() <= MOST_CHARACTERS)
    {
        return Some(start..start + title);
    }
    let stop = STOPS_ZH.iter().filter_map(|stop| clause.find(stop)).min();
    let name = stop.and_then(|stop| clause.get(..stop)).unwrap_or(clause).trim_end();
    let han = name.chars().filter(|c| is_han(*c)).count();
    let digits = name.contains(|c: char| c.is_ascii_digit()) || name.contains(|c| "零一二三四五六七八九十".contains(c)) && han > 3;
    let foreign = han == 0 && name.split_whitespace().count() <= MOST_WORDS && !name.is_empty();
    ((foreign || (1..=MOST_CHARACTERS).contains(&han)) && !digits).then(|| start..start + name.len())
}
