//! Speech is heard within a grammar, what lies outside is told from it, and noise is no answer.

use crate::common::{clip, moonshine, sound, whisper, white};
use switchhook_models::asr::Recognizer;
use switchhook_models::asr::grammar::{Choice, Grammar, common};
use switchhook_models::audio::resample;
use switchhook_models::catalog::Store;
use switchhook_models::{Cancel, Language, open};

/// What each recogniser hears.
fn choices(audio: &[f32], grammar: &Grammar) -> [Choice; 2] {
    let recognizers: [Box<dyn Recognizer>; 2] = [Box::new(whisper()), Box::new(moonshine("moonshine-base"))];
    recognizers.map(|mut recognizer| recognizer.choose(audio, Some(Language::En), grammar, &Cancel::new()).unwrap())
}

/// What all recognisers agree was meant.
fn meaning(choices: &[Choice; 2]) -> String {
    let [whisper, moonshine] = choices.each_ref().map(one_meaning);
    if whisper == moonshine { whisper } else { format!("whisper: {whisper}; moonshine: {moonshine}") }
}

fn one_meaning(choice: &Choice) -> String {
    match choice {
        Choice::Said(answer) => answer.meaning.join(" "),
        Choice::Outside(_) | Choice::Nothing => format!("{choice:?}"),
    }
}

/// What our own voice makes of a text, as it comes over a telephone: 8 kHz, and back.
fn spoken(text: &str) -> Vec<f32> {
    let store = Store::default_place();
    let mut voice = open::synthesizer(&store, "hibari").unwrap_or_else(|fault| panic!("{fault}"));
    let sound = voice.spoken(text, &Cancel::new()).unwrap();
    let line = resample::resample(&sound, voice.sample_rate(), 8_000).unwrap();
    resample::resample(&line, 8_000, 16_000).unwrap()
}

#[test]
fn yes_and_no_are_heard_as_people_say_them() {
    let grammar = common::yes_or_no(Language::En).unwrap();
    assert_eq!(meaning(&choices(&clip("06-af_nicole.wav"), &grammar)), "yes");
    assert_eq!(meaning(&choices(&spoken("No, thank you."), &grammar)), "no");
}

#[test]
fn a_question_is_none_of_the_answers_and_its_words_are_kept() {
    for grammar in [common::yes_or_no(Language::En), common::digits(Language::En, 1, 20), common::day(Language::En)] {
        for choice in choices(&clip("01-am_michael.wav"), &grammar.unwrap()) {
            match choice {
                Choice::Outside(heard) => assert!(heard.text.starts_with("What time do you open"), "{heard:?}"),
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn a_telephone_number_is_heard_digit_by_digit() {
    let grammar = common::digits(Language::En, 7, 12).unwrap();
    let heard = choices(&spoken("zero two, five five five, one nine three four"), &grammar);
    assert_eq!(meaning(&heard), "0 2 5 5 5 1 9 3 4");
}

#[test]
fn a_single_digit_over_the_telephone_is_heard() {
    let grammar = common::digits(Language::En, 1, 4).unwrap();
    for (text, wanted) in [("Zero.", "0"), ("Four.", "4"), ("Seven.", "7"), ("Eight.", "8")] {
        assert_eq!(meaning(&choices(&spoken(text), &grammar)), wanted, "{text}");
    }
}

#[test]
fn a_name_from_a_list_is_heard_where_free_words_would_be_others() {
    let names = [("chen", &["Maria Chen"][..]), ("chan", &["Mary Chan"][..]), ("baker", &["Jonathan Baker"][..])];
    let grammar = common::list(names).unwrap();
    assert_eq!(meaning(&choices(&spoken("Maria Chen."), &grammar)), "chen");
    assert_eq!(meaning(&choices(&spoken("Jonathan Baker."), &grammar)), "baker");
}

#[test]
fn a_day_is_heard() {
    let grammar = common::day(Language::En).unwrap();
    assert_eq!(meaning(&choices(&spoken("Next Tuesday, please."), &grammar)), "next weekday:2");
    assert_eq!(meaning(&choices(&spoken("The fourteenth of March."), &grammar)), "day:14 month:3");
}

#[test]
fn silence_and_noise_are_no_answer() {
    let grammar = common::digits(Language::En, 1, 20).unwrap();
    let mut noise = white(7);
    for audio in [vec![0.0; 16_000], sound(1.5, |_| 0.05 * noise())] {
        assert_eq!(choices(&audio, &grammar), [Choice::Nothing, Choice::Nothing]);
    }
}

#[test]
fn a_single_digit_is_heard_wherever_it_lies_in_its_silence() {
    let grammar = common::digits(Language::En, 1, 20).unwrap();
    let mut faint = white(3);
    for (text, wanted) in [("Six.", "6"), ("Seven.", "7"), ("Three.", "3")] {
        let silence = |seconds: f32, faint: &mut dyn FnMut() -> f32| sound(seconds, |_| faint() * 0.0005);
        let turn = [silence(0.3, &mut faint), spoken(text), silence(0.5, &mut faint)].concat();
        assert_eq!(meaning(&choices(&turn, &grammar)), wanted, "{text}");
    }
}

#[test]
fn a_name_that_was_written_otherwise_is_found_by_its_sound() {
    let store = Store::default_place();
    let entries: [(&str, &[&str]); 3] = [("robot", &["機器人"]), ("accounting", &["會計部"]), ("chen", &["陳建國", "陳先生"])];
    let names = open::names(&store, Language::Zh, entries).unwrap_or_else(|fault| panic!("{fault}"));
    for (text, wanted) in [("急起人", "robot"), ("请找一下程建国。", "chen"), ("快计部", "accounting"), ("今天天氣很好", ""), ("", "")]
    {
        let found = names.closest(text).unwrap();
        assert_eq!(found.map(|answer| answer.meaning.concat()).unwrap_or_default(), wanted, "{text}");
    }
}
