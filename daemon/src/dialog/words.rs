//! Text as words that can be compared: lower case, without punctuation, with the endings of English inflection taken off.

use std::ops::Range;

pub use switchhook_models::text::script::is_han;

/// The words of a text: lower case, apostrophes closed up ("I'd" is "id", "that's" is "thats"), split at everything that is not a
/// letter or a digit. A Chinese character is a word of its own.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if is_han(c) {
            flush(&mut word, &mut words);
            words.push(c.to_string());
        } else if c.is_alphanumeric() {
            word.push(c);
        } else if !matches!(c, '\'' | '\u{2019}') {
            flush(&mut word, &mut words);
        }
    }
    flush(&mut word, &mut words);
    words
}

/// A text without what recognisers put around it: quotation marks, and a comma behind which nothing came.
#[must_use]
pub fn unquoted(text: &str) -> &str {
    let around = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\u{2018}'..='\u{201f}' | '«' | '»' | '「' | '」' | '『' | '』');
    text.trim_matches(around).trim_end_matches(|c| around(c) || matches!(c, ',' | '，' | '、' | ';' | '；'))
}

fn flush(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

/// How long what was said is, in words: Mandarin is written without spaces, and its words have about two characters.
#[must_use]
pub fn spoken_length(words: &[String]) -> usize {
    let han = words.iter().filter(|word| word.chars().all(is_han)).count();
    words.len() - han + han.div_ceil(2)
}

/// English questions begin with one of these.
const QUESTIONS_EN: [&str; 21] = [
    "what", "whats", "when", "where", "who", "why", "how", "which", "do", "does", "did", "is", "are", "can", "could", "may", "must",
    "should", "will", "would", "have",
];
/// Mandarin questions hold one of these.
const QUESTIONS_ZH: [&str; 12] = ["嗎", "吗", "多少", "什麼", "什么", "幾", "几", "哪", "怎麼", "怎么", "誰", "谁"];

/// Whether this is put as a question: recognisers do not always write the mark.
#[must_use]
pub fn is_question(said: &str) -> bool {
    let begins = || words(said).first().is_some_and(|first| QUESTIONS_EN.contains(&first.as_str()));
    said.trim_end().ends_with(['?', '？']) || QUESTIONS_ZH.iter().any(|sign| said.contains(sign)) || begins()
}

/// With these, an English question proposes something instead of asking.
const PROPOSALS_EN: [&str; 9] =
    ["how about", "what about", "can i", "could i", "may i", "can we", "could we", "would it be possible", "is it possible"];
/// And a Mandarin one with these.
const PROPOSALS_ZH: [&str; 10] = ["可以嗎", "可以吗", "好嗎", "好吗", "行嗎", "行吗", "方便嗎", "方便吗", "可不可以", "行不行"];

/// Whether a question proposes what was asked for: "how about Monday", 下星期二可以嗎.
#[must_use]
pub fn is_proposal(said: &str) -> bool {
    let spoken = words(said);
    let begins = |proposal: &str| spoken.iter().map(String::as_str).zip(proposal.split(' ')).filter(|(a, b)| a == b).count();
    PROPOSALS_ZH.iter().any(|sign| said.contains(sign)) || PROPOSALS_EN.iter().any(|sign| begins(sign) == sign.split(' ').count())
}

/// The stem of an English word, so that "opening", "opens" and "open" meet: the S1 and -ing/-ed rules of Porter's stemmer (1980),
/// and no more of it, since what follows conflates words that callers mean differently.
#[must_use]
pub fn stem(word: &str) -> String {
    let vowel = |s: &str| s.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    let mut stem = word;
    if let Some(s) = stem.strip_suffix("sses") {
        return format!("{s}ss");
    } else if let Some(s) = stem.strip_suffix("ies").filter(|s| s.len() > 1) {
        return format!("{s}y");
    } else if let Some(s) = stem.strip_suffix('s').filter(|s| s.len() > 2 && !s.ends_with(['s', 'u', 'i'])) {
        stem = s;
    }
    for ending in ["ing", "ed"] {
        if let Some(s) = stem.strip_suffix(ending).filter(|s| s.len() > 2 && vowel(s)) {
            let mut last = s.chars().rev();
            let doubled = last.next().filter(|&a| last.next() == Some(a) && !"lsz".contains(a));
            return doubled.and_then(|letter| s.strip_suffix(letter)).unwrap_or(s).to_owned();
        }
    }
    stem.strip_suffix('e').filter(|s| s.len() > 2).unwrap_or(stem).to_owned()
}

/// Whether `phrase` stands in `text`, word by word. A `*` in the phrase stands for up to three words.
#[must_use]
pub fn contains(text: &[String], phrase: &[String]) -> bool {
    places(text, phrase).next().is_some()
}

/// Where `phrase` stands in `text`.
pub fn places<'a>(text: &'a [String], phrase: &'a [String]) -> impl Iterator<Item = Range<usize>> + 'a {
    (0..text.len()).filter_map(move |start| matched(&text[start..], phrase).map(|length| start..start + length))
}

/// How many words of the beginning of `text` the phrase takes.
fn matched(text: &[String], phrase: &[String]) -> Option<usize> {
    match phrase {
        [] => Some(0),
        [first, rest @ ..] if first == "*" => {
            (0..=3.min(text.len())).find_map(|skip| matched(&text[skip..], rest).map(|length| skip + length))
        }
        [first, rest @ ..] if text.first().is_some_and(|word| is_same(word, first)) => matched(&text[1..], rest).map(|length| length + 1),
        _ => None,
    }
}

/// Whether an English word is the one of a phrase, or that one of several: "appointments" is heard for "appointment", and is meant for it.
fn is_same(word: &str, wanted: &str) -> bool {
    /// "His" is no "hi".
    const SHORTEST: usize = 4;
    let one_of_several = |several: &str, one: &str| one.len() >= SHORTEST && one.is_ascii() && several.strip_suffix('s') == Some(one);
    word == wanted || one_of_several(word, wanted)
}

/// The words of a phrase that may hold `*`.
#[must_use]
pub fn phrase(text: &str) -> Vec<String> {
    text.split('*').map(words).collect::<Vec<_>>().join(&"*".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_case_and_apostrophes_do_not_matter() {
        assert_eq!(words("I'd like  a PERSON, please!"), ["id", "like", "a", "person", "please"]);
    }

    #[test]
    fn a_chinese_character_is_a_word() {
        assert_eq!(words("我要找真人ok"), ["我", "要", "找", "真", "人", "ok"]);
    }

    #[test]
    fn inflections_meet_in_one_stem() {
        for (a, b) in [
            ("opening", "open"),
            ("opens", "open"),
            ("deliveries", "delivery"),
            ("cards", "card"),
            ("stopped", "stop"),
            ("closed", "close"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} and {b}");
        }
        assert_eq!(stem("address"), "address");
        assert_eq!(stem("bus"), "bus");
    }

    #[test]
    fn a_doubled_letter_of_another_alphabet_is_one_letter() {
        assert_eq!(stem("a\u{e9}\u{e9}ing"), "a\u{e9}");
    }

    #[test]
    fn a_question_is_one_without_its_mark_too() {
        for said in ["What does it cost", "It costs how much?", "請問多少錢", "可以刷卡吗"] {
            assert!(is_question(said), "{said}");
        }
        assert!(!is_question("On Tuesday at ten.") && !is_question("星期二上午十點"));
    }

    #[test]
    fn two_characters_are_about_a_word() {
        assert_eq!(spoken_length(&words("好的，沒問題 ok")), 4);
    }

    #[test]
    fn what_recognisers_put_around_words_is_taken_off() {
        for (text, bare) in
            [("\"anishmith\"", "anishmith"), ("Memor,", "Memor"), ("「暖氣壞了」，", "暖氣壞了"), ("It doesn't work.", "It doesn't work.")]
        {
            assert_eq!(unquoted(text), bare);
        }
    }

    #[test]
    fn several_of_a_thing_are_that_thing() {
        let text = words("Please cancel my appointments.");
        assert!(contains(&text, &phrase("cancel * appointment")));
        assert!(!contains(&words("This is his."), &phrase("hi")) && !contains(&words("Cancel it"), &phrase("cancels")));
    }

    #[test]
    fn a_star_stands_for_a_few_words() {
        let said = words("can I please speak to a real person");
        assert!(contains(&said, &phrase("speak to * person")));
        assert!(!contains(&words("speak to me about all of the many persons"), &phrase("speak to * person")));
        assert!(!contains(&said, &phrase("personal")));
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in "\\PC{0,200}") {
            for word in words(&text) {
                let _ = stem(&word);
            }
        }
    }
}
