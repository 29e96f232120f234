//! Letters and digits as people spell them: by themselves, by the words that stand for them (NATO's alphabet), "B for Bravo", "double
//! seven", and in Mandarin by what sounds like them.

use std::ops::Range;

use super::pattern::Sign;
use super::phrases::Said;

/// NATO's alphabet and the names of letters, where they are no words that people say otherwise.
const LETTERS: [(&str, char); 58] = [
    ("alpha", 'A'),
    ("alfa", 'A'),
    ("bravo", 'B'),
    ("bee", 'B'),
    ("charlie", 'C'),
    ("cee", 'C'),
    ("delta", 'D'),
    ("dee", 'D'),
    ("echo", 'E'),
    ("foxtrot", 'F'),
    ("eff", 'F'),
    ("golf", 'G'),
    ("gee", 'G'),
    ("hotel", 'H'),
    ("aitch", 'H'),
    ("india", 'I'),
    ("juliet", 'J'),
    ("juliett", 'J'),
    ("jay", 'J'),
    ("kilo", 'K'),
    ("kay", 'K'),
    ("lima", 'L'),
    ("mike", 'M'),
    ("november", 'N'),
    ("oscar", 'O'),
    ("papa", 'P'),
    ("pee", 'P'),
    ("quebec", 'Q'),
    ("queue", 'Q'),
    ("cue", 'Q'),
    ("romeo", 'R'),
    ("sierra", 'S'),
    ("ess", 'S'),
    ("tango", 'T'),
    ("tee", 'T'),
    ("uniform", 'U'),
    ("victor", 'V'),
    ("vee", 'V'),
    ("whiskey", 'W'),
    ("whisky", 'W'),
    ("xray", 'X'),
    ("ex", 'X'),
    ("yankee", 'Y'),
    ("zulu", 'Z'),
    ("zee", 'Z'),
    ("zed", 'Z'),
    ("欸", 'A'),
    ("诶", 'A'),
    ("誒", 'A'),
    ("逼", 'B'),
    ("比", 'B'),
    ("西", 'C'),
    ("迪", 'D'),
    ("歪", 'Y'),
    ("欧", 'O'),
    ("歐", 'O'),
    ("踢", 'T'),
    ("批", 'P'),
];

/// Letters that Mandarin says in several characters, or English in several words.
const LONG_LETTERS: [(&[&str], char); 12] = [
    (&["double", "u"], 'W'),
    (&["double", "you"], 'W'),
    (&["x", "ray"], 'X'),
    (&["艾", "克", "斯"], 'X'),
    (&["爱", "克", "斯"], 'X'),
    (&["愛", "克", "斯"], 'X'),
    (&["艾", "夫"], 'F'),
    (&["艾", "斯"], 'S'),
    (&["艾", "姆"], 'M'),
    (&["达", "不", "溜"], 'W'),
    (&["達", "不", "溜"], 'W'),
    (&["艾", "尔"], 'L'),
];

const DIGITS: [(&str, char); 34] = [
    ("zero", '0'),
    ("nought", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("niner", '9'),
    ("零", '0'),
    ("〇", '0'),
    ("洞", '0'),
    ("一", '1'),
    ("幺", '1'),
    ("么", '1'),
    ("二", '2'),
    ("两", '2'),
    ("兩", '2'),
    ("三", '3'),
    ("四", '4'),
    ("五", '5'),
    ("六", '6'),
    ("七", '7'),
    ("拐", '7'),
    ("八", '8'),
    ("九", '9'),
    ("勾", '9'),
    ("吧", '8'),
    ("酒", '9'),
    ("溜", '6'),
    ("玲", '0'),
];
const TEENS: [&str; 10] = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
/// What people say between letters and digits.
const BETWEEN: [&str; 20] = [
    "dash", "hyphen", "space", "slash", "dot", "and", "then", "uh", "um", "er", "减", "槓", "杠", "然", "后", "後", "嗯", "呃", "的", "是",
];
/// What joins a letter to the word that stands for it.
const JOINS: [&[&str]; 6] = [&["as", "in"], &["as"], &["for"], &["like"], &["is", "for"], &["like", "in"]];

/// The letters and digits of what was said, in runs of neighbours, each with its bytes.
pub(super) fn signs(said: &Said<'_>) -> Vec<Vec<(Sign, Range<usize>)>> {
    let mut runs = Vec::new();
    let mut run: Vec<(Sign, Range<usize>)> = Vec::new();
    let mut at = 0;
    while at < said.words.len() {
        let (signs, taken) = element(said, at);
        if signs.is_empty() {
            let between = said.words.get(at).is_some_and(|word| BETWEEN.contains(&word.as_str()));
            if !between && !run.is_empty() {
                runs.push(std::mem::take(&mut run));
            }
            at += 1;
            continue;
        }
        if let Some(place) = said.place(&(at..at + taken)) {
            run.extend(signs.into_iter().map(|sign| (sign, place.clone())));
        }
        at += taken;
    }
    if !run.is_empty() {
        runs.push(run);
    }
    runs
}

/// What is spelt at a word, and by how many words.
fn element(said: &Said<'_>, at: usize) -> (Vec<Sign>, usize) {
    let rest = said.words.get(at..).unwrap_or_default();
    let begins = |head: &[&str]| rest.len() >= head.len() && rest.iter().zip(head).all(|(word, known)| word == known);
    if let Some((words, letter)) = LONG_LETTERS.iter().find(|(words, _)| begins(words)) {
        return (vec![Sign::Sure(*letter)], words.len());
    }
    let times = match rest.first().map(String::as_str) {
        Some("double") => 2,
        Some("triple" | "treble") => 3,
        _ => 1,
    };
    let skipped = usize::from(times > 1);
    let Some(word) = rest.get(skipped) else { return (Vec::new(), 0) };
    let mut taken = skipped + 1;
    let mut signs = one(said, at + skipped, word);
    if times > 1 {
        if signs.len() != 1 {
            return (Vec::new(), 0);
        }
        signs = signs.repeat(times);
    }
    // "Twenty-three" is 23, "twenty" 20.
    if let Some(tens) = TENS.iter().position(|known| known == word) {
        let tens = char::from_digit(u32::try_from(tens + 2).unwrap_or_default(), 10).unwrap_or('0');
        let unit = rest.get(taken).and_then(|next| DIGITS.iter().find(|(known, digit)| known == next && *digit != '0'));
        taken += usize::from(unit.is_some());
        return (vec![Sign::Sure(tens), Sign::Sure(unit.map_or('0', |(_, digit)| *digit))], taken);
    }
    if let [Sign::Sure(letter)] = signs.as_slice()
        && letter.is_ascii_uppercase()
    {
        taken += stands_for(rest.get(taken..).unwrap_or_default(), *letter);
    }
    (signs, taken)
}

/// How many words say again which letter it is: "as in alpha", "for Bravo".
fn stands_for(rest: &[String], letter: char) -> usize {
    let joins = JOINS.iter().find(|join| rest.len() > join.len() && rest.iter().zip(**join).all(|(word, known)| word == known));
    let Some(join) = joins else { return 0 };
    let same = rest.get(join.len()).is_some_and(|word| word.starts_with(letter.to_ascii_lowercase()));
    if same { join.len() + 1 } else { 0 }
}

fn one(said: &Said<'_>, at: usize, word: &str) -> Vec<Sign> {
    if matches!(word, "oh" | "o") {
        return vec![Sign::Oh];
    }
    if let Some((_, digit)) = DIGITS.iter().find(|(known, _)| *known == word) {
        return vec![Sign::Sure(*digit)];
    }
    if let Some(teen) = TEENS.iter().position(|known| *known == word) {
        let unit = char::from_digit(u32::try_from(teen).unwrap_or_default(), 10).unwrap_or('0');
        return vec![Sign::Sure('1'), Sign::Sure(unit)];
    }
    if let Some((_, letter)) = LETTERS.iter().find(|(known, _)| *known == word) {
        return vec![Sign::Sure(*letter)];
    }
    // ABC, ab1234: as they are written, if they are no word.
    let written = said.place(&(at..at + 1)).and_then(|place| said.text.get(place)).unwrap_or_default();
    let spelt = word.len() == 1 || word.contains(|c: char| c.is_ascii_digit()) || !written.contains(|c: char| c.is_lowercase());
    if spelt && word.bytes().all(|b| b.is_ascii_alphanumeric()) {
        word.chars().map(|c| Sign::Sure(c.to_ascii_uppercase())).collect()
    } else {
        Vec::new()
    }
}
