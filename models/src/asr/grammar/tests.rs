//! What grammars allow and mean, and that the search finds the likeliest answer: tried with a decoder whose probabilities are given.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::determined::Determined;
use super::search::{Reader, answers};
use super::vocabulary::Vocabulary;
use super::*;
use crate::{Cancel, Language};

fn meaning(grammar: &Grammar, text: &str) -> Option<String> {
    grammar.read(text).map(|meaning| meaning.join(" "))
}

#[test]
fn capitals_spaces_and_punctuation_do_not_count() {
    let digits = common::digits(Language::En, 1, 12).unwrap();
    for text in ["Five five five, one two.", "555-12", "5 5 5 one TWO", "double five, 5; 1, 2"] {
        assert_eq!(meaning(&digits, text).as_deref(), Some("5 5 5 1 2"), "{text}");
    }
    assert_eq!(meaning(&digits, "five apples"), None);
    assert_eq!(meaning(&digits, ""), None);
}

#[test]
fn yes_and_no_are_told_apart_in_both_languages() {
    let english = common::yes_or_no(Language::En).unwrap();
    assert_eq!(meaning(&english, "Yes, that's right.").as_deref(), Some("yes"));
    assert_eq!(meaning(&english, "Um, no thank you").as_deref(), Some("no"));
    assert_eq!(meaning(&english, "What time do you open?"), None);
    let mandarin = common::yes_or_no(Language::Zh).unwrap();
    assert_eq!(meaning(&mandarin, "對，沒錯。").as_deref(), Some("yes"));
    assert_eq!(meaning(&mandarin, "不對").as_deref(), Some("no"));
}

#[test]
fn digits_in_mandarin_have_their_telephone_names() {
    let digits = common::digits(Language::Zh, 1, 12).unwrap();
    assert_eq!(meaning(&digits, "零二，二五五五，幺二三四").as_deref(), Some("0 2 2 5 5 5 1 2 3 4"));
    assert_eq!(meaning(&digits, "兩一").as_deref(), Some("2 1"));
}

#[test]
fn a_day_is_understood_as_people_say_it() {
    let english = common::day(Language::En).unwrap();
    for (text, wanted) in [
        ("Next Tuesday.", "next weekday:2"),
        ("the fourteenth of March", "day:14 month:3"),
        ("March 14th, please", "month:3 day:14"),
        ("Wednesday the 25th of November", "weekday:3 day:25 month:11"),
        ("the twenty-first", "day:21"),
        ("tomorrow", "tomorrow"),
    ] {
        assert_eq!(meaning(&english, text).as_deref(), Some(wanted), "{text}");
    }
    let mandarin = common::day(Language::Zh).unwrap();
    for (text, wanted) in [
        ("三月十四號", "month:3 day:14"),
        ("下星期二", "next weekday:2"),
        ("11月25日", "month:11 day:25"),
        ("後天。", "day-after-tomorrow"),
    ] {
        assert_eq!(meaning(&mandarin, text).as_deref(), Some(wanted), "{text}");
    }
}

#[test]
fn a_grammar_that_allows_nothing_or_silence_or_is_too_large_is_refused() {
    for piece in [
        Piece::OneOf(Vec::new()),
        Piece::words("yes").maybe(),
        Piece::words("?!"),
        Piece::words("a").repeated(3, 2),
        Piece::words("a").repeated(0, 1_000_000),
        (0..100).fold(Piece::words("a"), |piece, _| piece.repeated(1, 2)),
    ] {
        assert!(matches!(Grammar::new(&piece), Err(Error::Input(_))), "{piece:?}");
    }
    assert!(common::digits(Language::En, 1, 1000).is_err());
}

/// A decoder with these tokens and their logits, whatever came before; the last token is the end.
struct Fixed {
    texts: Vec<&'static str>,
    logits: Vec<f32>,
}

impl Reader for Fixed {
    type State = ();

    fn read(&self, states: &mut [()], _: &[u32]) -> Result<Vec<Vec<f32>>> {
        Ok(vec![self.logits.clone(); states.len()])
    }

    fn end(&self) -> u32 {
        self.texts.len() as u32
    }

    fn spell(&self, tokens: &[u32]) -> String {
        tokens.iter().filter_map(|&token| self.texts.get(token as usize)).copied().collect()
    }
}

fn found(texts: &[&'static str], logits: &[f32], grammar: &Grammar) -> Vec<search::Found> {
    let reader = Fixed { texts: texts.to_vec(), logits: logits.to_vec() };
    let vocabulary = Vocabulary::of(texts.iter().map(|text| text.as_bytes()));
    answers(&reader, ((), reader.logits.clone()), grammar, &vocabulary, 8, &Cancel::new()).unwrap()
}

#[test]
fn the_likeliest_answer_inside_the_grammar_is_found_whatever_is_likelier_outside() {
    let grammar = common::list([("maria", &["Maria Chen"][..]), ("mary", &["Mary Chan"][..])]).unwrap();
    let texts = [" Maria", " Mar", "ia", "y", " Chen", " Chan", ".", "hello"];
    //                      Maria Mar  ia   y    Chen Chan .    hello end
    let answers = found(&texts, &[2.0, 6.0, 0.0, 3.0, 0.0, 4.0, 1.0, 9.0, 1.0], &grammar);
    assert_eq!(answers[0].meaning, ["mary"]);
    assert_eq!(answers[0].text, "Mary Chan");
    assert_eq!(answers.len(), 2, "{answers:?}");
    assert!(answers[0].log_probability > answers[1].log_probability);
}

#[test]
fn an_answer_is_as_likely_as_its_tokens_and_its_end() {
    let grammar = Grammar::new(&Piece::words("yes").means("yes")).unwrap();
    let answers = found(&[" yes", "no"], &[1.0, 0.5, 0.0], &grammar);
    let total = (1.0_f32.exp() + 0.5_f32.exp() + 1.0).ln();
    assert!((answers[0].log_probability - (1.0 - total - total)).abs() < 1e-5, "{answers:?}");
}

#[test]
fn an_answer_is_as_likely_as_all_ways_to_write_it() {
    let grammar = common::digits(Language::En, 1, 1).unwrap();
    let answers = found(&["three", "3"], &[1.0, 0.0, 0.0], &grammar);
    let total = 1.0_f32.exp() + 2.0;
    let wanted = (1.0_f32.exp() + 1.0) / total / total;
    assert_eq!((answers.len(), answers[0].text.as_str()), (1, "three"));
    assert!((answers[0].log_probability - wanted.ln()).abs() < 1e-5, "{answers:?}");
}

/// A decoder that holds what follows "th" for certain, and what follows any other beginning for all but impossible.
struct Begun;

impl Reader for Begun {
    type State = Vec<u32>;

    fn read(&self, states: &mut [Vec<u32>], tokens: &[u32]) -> Result<Vec<Vec<f32>>> {
        states.iter_mut().zip(tokens).for_each(|(state, token)| state.push(*token));
        let logits = |state: &Vec<u32>| match state.as_slice() {
            [0] => vec![-9.0, 9.0, -9.0, -9.0, -9.0, -9.0, -9.0, -9.0, -9.0, -9.0],
            [0, 1] => vec![-9.0, -9.0, -9.0, -9.0, -9.0, -9.0, -9.0, -9.0, -9.0, 9.0],
            _ => vec![-9.0, -9.0, -9.0, 0.0, 0.0, 0.0, 0.0, 0.0, 9.0, -9.0],
        };
        Ok(states.iter().map(logits).collect())
    }

    fn end(&self) -> u32 {
        9
    }

    fn spell(&self, tokens: &[u32]) -> String {
        tokens.iter().filter_map(|&token| BEGINNINGS.get(token as usize)).copied().collect()
    }
}

const BEGINNINGS: [&str; 9] = ["th", "ree", "ne", "o", "tw", "fo", "fi", "se", "hello"];

#[test]
fn an_answer_is_not_lost_to_others_that_only_begin_better() {
    let grammar = common::digits(Language::En, 1, 1).unwrap();
    let vocabulary = Vocabulary::of(BEGINNINGS.iter().map(|text| text.as_bytes()));
    let first = vec![-2.0, -9.0, -9.0, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0, -9.0];
    let found = answers(&Begun, (Vec::new(), first), &grammar, &vocabulary, 4, &Cancel::new()).unwrap();
    assert_eq!(found[0].meaning, ["3"], "{found:?}");
}

proptest! {
    #[test]
    fn whatever_is_said_in_digits_is_read_as_those_digits(digits in proptest::collection::vec(0_usize..10, 1..15)) {
        const NAMES: [&str; 10] = ["oh", "one", "Two", "three ", "4", "five-", "six", "7", "eight", "nine."];
        let grammar = common::digits(Language::En, 1, 15).unwrap();
        let said: Vec<_> = digits.iter().map(|&digit| NAMES[digit]).collect();
        let wanted: Vec<_> = digits.iter().map(ToString::to_string).collect();
        prop_assert_eq!(grammar.read(&said.join(" ")), Some(wanted));
    }

    #[test]
    fn an_automaton_whose_places_have_numbers_leads_where_it_led(digits in proptest::collection::vec(0_usize..10, 1..6), cut in 0_usize..20) {
        const NAMES: [&str; 10] = ["oh", "one", "two", "three", "4", "five", "six", "7", "eight", "nine"];
        let grammar = common::digits(Language::En, 1, 5).unwrap();
        let said: String = digits.iter().map(|&digit| NAMES[digit]).collect();
        let said = said.get(..cut.min(said.len())).unwrap();
        let (mut determined, mut place) = Determined::of(&grammar.automaton);
        for byte in said.bytes() {
            let ways = determined.ways(place);
            place = ways.iter().find(|way| way.0 == byte).unwrap().1;
        }
        prop_assert_eq!(determined.ended(place), grammar.read(said).is_some());
    }

    #[test]
    fn every_answer_that_is_found_lies_in_the_grammar(logits in proptest::collection::vec(-5.0_f32..5.0, 9)) {
        let grammar = common::digits(Language::En, 1, 3).unwrap();
        for answer in found(&["one", " two", "t", "wo", "3", ",", "dou", "ble"], &logits, &grammar) {
            prop_assert_eq!(grammar.read(&answer.text), Some(answer.meaning));
        }
    }
}
