//! Whether a sentence says yes or no, by its words: wherever a no stands, and where a yes stands that is meant.
//!
//! "No, that's not correct" holds "correct": a no anywhere is a no, unless it is a part of a longer yes, as in "no problem" and 沒有錯. A yes is one only where somebody who agrees says
//! it: at the beginning of a clause ("Yes, speaking, go ahead") or at its end ("My name is Peter, yes"). In the middle of other words it says nothing of the kind ("he's tough
//! right now", 我們對這個有興趣), and a wrong yes tells somebody else what is private.

use std::ops::Range;

use super::scenario::{Intent, Scenario};
use super::words::{phrase, places, words};

/// What holds a yes and is none.
const NO_YES: &[&str] = &[
    "right now",
    "right away",
    "right here",
    "right there",
    "right after",
    "right before",
    "right at",
    "right in",
    "right on the",
    "sure enough",
    "對不起",
    "对不起",
    "對方",
    "对方",
    "對面",
    "对面",
    "對於",
    "对于",
    "對你們",
    "对你们",
    "開會",
    "开会",
    "會議",
    "会议",
    "機會",
    "机会",
    "會計",
    "会计",
];
/// What may stand before a yes in its clause, and says nothing by itself.
const BEFORE: &[&str] = &[
    "um", "uh", "er", "well", "oh", "ah", "so", "and", "hello", "hi", "hey", "i", "id", "im", "think", "guess", "believe", "suppose",
    "say", "thats", "that", "this", "it", "its", "is", "all", "嗯", "呃", "喔", "哦", "啊", "那", "應", "該",
];
/// And behind one.
const BEHIND: &[&str] = &[
    "please", "thanks", "thank", "you", "sir", "madam", "maam", "then", "now", "i", "think", "謝", "谢", "啊", "呀", "喔", "哦", "的",
    "了", "吧", "準", "准", "時", "时", "到", "去", "來", "来", "過", "过",
];

/// Yes or no, or neither.
pub(super) fn yes_or_no(scenario: &Scenario, said: &str) -> Option<bool> {
    if let Some(answer) = scenario.understanding.just_yes_or_no(said) {
        return Some(answer);
    }
    let phrases = |intent| scenario.intents.get(&intent).map(|signs| signs.words.as_slice()).unwrap_or_default();
    let found = |intent, spoken: &[String]| phrases(intent).iter().flat_map(|phrase| places(spoken, phrase)).collect::<Vec<_>>();
    let spoken = words(said);
    let yes = found(Intent::Yes, &spoken);
    let inside = |no: &Range<usize>| yes.iter().any(|yes| yes.len() > no.len() && yes.start <= no.start && no.end <= yes.end);
    if found(Intent::No, &spoken).iter().any(|no| !inside(no)) {
        return Some(false);
    }
    let ends = ends_of_clauses(said);
    yes.iter().any(|yes| is_meant(&spoken, &ends, yes)).then_some(true)
}

/// How many words stand before the end of each clause.
fn ends_of_clauses(said: &str) -> Vec<usize> {
    let lengths = said.split(ends_a_clause).map(|clause| words(clause).len());
    lengths
        .scan(0, |so_far, length| {
            *so_far += length;
            Some(*so_far)
        })
        .collect()
}

fn ends_a_clause(c: char) -> bool {
    matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | '，' | '。' | '；' | '：' | '！' | '？' | '、' | '—' | '–' | '…')
}

/// Whether a yes stands where somebody who agrees says it: at the beginning of the clause in which it begins, or at the end of that in which it ends.
fn is_meant(spoken: &[String], ends: &[usize], yes: &Range<usize>) -> bool {
    let begin = ends.iter().copied().filter(|end| *end <= yes.start).max().unwrap_or_default();
    let end = ends.iter().copied().find(|end| *end >= yes.end).unwrap_or(spoken.len());
    let is_part = |longer: &str| {
        let longer = phrase(longer);
        places(spoken, &longer).any(|place| place.start <= yes.start && yes.end <= place.end)
    };
    let all = |words: Option<&[String]>, known: &[&str]| words.unwrap_or_default().iter().all(|word| known.contains(&word.as_str()));
    !NO_YES.iter().any(|longer| is_part(longer)) && (all(spoken.get(begin..yes.start), BEFORE) || all(spoken.get(yes.end..end), BEHIND))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;

    use switchhook_models::Locale;

    use super::*;

    fn each_is(locale: Locale, meant: Option<bool>, all: &[&str]) {
        let scenario = Scenario::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/reminder"), locale).unwrap();
        for said in all {
            assert_eq!(yes_or_no(&scenario, said), meant, "{said}");
        }
    }

    #[test]
    fn a_yes_stands_where_somebody_who_agrees_says_it() {
        let all = [
            "Yes, speaking, go ahead.",
            "Yeah this is Peter Miller",
            "My name is Peter Miller, yes.",
            "I think that's right, go on.",
            "Um, I guess so, sure.",
            "All right.",
            "That is correct, thank you very much for calling me about it.",
            "Right, that was me.",
            "I'm in the car. Yes, go ahead.",
        ];
        each_is(Locale::En, Some(true), &all);
        each_is(
            Locale::ZhTw,
            Some(true),
            &["對我就是", "我是王小明沒錯", "嗯對啊怎麼了", "喂，對，請說。", "好的謝謝", "沒有錯", "我會準時到"],
        );
        each_is(Locale::ZhCn, Some(true), &["对我就是", "喂，对，请说。"]);
    }

    #[test]
    fn a_yes_in_the_middle_of_other_words_is_none() {
        let all =
            ["I'm like he's tough right now.", "I can call you right back", "The sure way is to write", "Right now I talk to somebody."];
        each_is(Locale::En, None, &all);
        each_is(Locale::ZhTw, None, &["我們對這個有興趣", "對不起，我在開會。", "我在公司對面"]);
        each_is(Locale::ZhCn, None, &["对不起，我在开会。"]);
    }

    #[test]
    fn a_no_anywhere_is_a_no() {
        each_is(Locale::En, Some(false), &["No, that's not correct.", "Yes and no, that is wrong.", "I am not he, sure."]);
        each_is(Locale::ZhTw, Some(false), &["對不起，我不是王小明", "這個不對"]);
    }
}
