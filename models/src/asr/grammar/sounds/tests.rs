//! Distances are distances, and near sounds are near. Without any model.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::english::{Phone, phones};
use super::fit::fitted;
use super::mandarin::{Syllable, syllables};
use super::{Sound, distance};

fn pinyin(text: &str) -> Vec<Syllable> {
    let parts: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let found = syllables(&parts);
    assert_eq!(found.len(), parts.len(), "{text}");
    found
}

fn far(one: &str, other: &str) -> f32 {
    let (one, other) = (pinyin(one), pinyin(other));
    fitted(&one, &other) / one.len() as f32
}

#[test]
fn a_robot_is_heard_in_what_base_writes_for_it() {
    let robot = far("ji1 qi4 ren2", "ji2 qi3 ren2");
    assert!(robot < 0.15, "{robot}");
    assert!(far("kuai4 ji4 bu4", "ji2 qi3 ren2") > 0.5);
}

#[test]
fn sounds_that_speakers_merge_are_nearer_than_others() {
    for (merged, other) in [("zhang1", "lang1"), ("lin2", "lun2"), ("chen2", "ben2"), ("shi4", "ji4")] {
        let southern = match merged {
            "zhang1" => "zang1",
            "lin2" => "ling2",
            "chen2" => "cheng2",
            _ => "si4",
        };
        assert!(far(merged, southern) < far(merged, other), "{merged}");
    }
    assert!(far("liu2", "niu2") < far("liu2", "jiu2"));
}

#[test]
fn pinyin_has_one_rime_however_it_is_written() {
    for (one, other) in
        [("yi1", "ji1"), ("you3", "liu3"), ("wei2", "hui2"), ("yu2", "qu2"), ("yuan2", "juan2"), ("wang2", "huang2"), ("ye4", "jie4")]
    {
        let (one, other) = (Syllable::parse(one).unwrap(), Syllable::parse(other).unwrap());
        assert!(one.differs(&other) < 0.41, "{one:?} {other:?}");
    }
    for wrong in ["", "1", "ma", "ma6", "ma0", "馬"] {
        assert_eq!(Syllable::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn words_around_a_name_cost_little() {
    let alone = far("chen2 jian4 guo2", "chen2 jian4 guo2");
    let within = far("chen2 jian4 guo2", "qing3 zhao3 chen2 jian4 guo2 xie4 xie5");
    assert!(alone < 1e-6 && within < 0.1, "{alone} {within}");
}

#[test]
fn phones_that_differ_in_one_feature_are_near() {
    let differs = |one, other| Phone::of(one).unwrap().differs(&Phone::of(other).unwrap());
    assert!(differs('p', 'b') < differs('p', 'm'));
    assert!(differs('s', 'ʃ') < differs('s', 'k'));
    assert!(differs('ɪ', 'i') < differs('ɪ', 'ɑ'));
    assert_eq!(differs('i', 's'), 1.0);
}

fn any_pinyin() -> impl Strategy<Value = Vec<Syllable>> {
    let syllable =
        proptest::sample::select(vec!["ma1", "zhang4", "zang4", "li3", "ni3", "yu2", "lv4", "wen2", "jun1", "er4", "shi2", "xiong2"]);
    proptest::collection::vec(syllable, 0..7).prop_map(|parts| syllables(&parts.into_iter().map(str::to_owned).collect::<Vec<_>>()))
}

fn check<S: Sound + Clone>(one: &[S], other: &[S]) -> Result<(), TestCaseError> {
    prop_assert!(distance(one, one).abs() < 1e-4);
    prop_assert!((distance(one, other) - distance(other, one)).abs() < 1e-4);
    let apart: f32 = one.iter().chain(other).map(Sound::alone).sum();
    prop_assert!((0.0..=apart + 1e-4).contains(&distance(one, other)));
    // A part of what was heard is never farther than the whole.
    prop_assert!(fitted(one, other) <= distance(one, other) + 1e-4);
    Ok(())
}

proptest! {
    #[test]
    fn a_distance_is_nothing_to_itself_and_the_same_both_ways_in_mandarin(one in any_pinyin(), other in any_pinyin()) {
        check(&one, &other)?;
    }

    #[test]
    fn the_same_holds_in_english(one in "[pbtdkɡmnŋfvszʃʒlɹwjhiɪɛæəʌɑɔʊuAIWYO]{0,9}", other in "[pbtdkɡmnŋfvszʃʒlɹwjhiɪɛæəʌɑɔʊuAIWYO]{0,9}") {
        check(&phones(&one), &phones(&other))?;
    }

    #[test]
    fn no_phonemes_are_too_odd(line in "\\PC{0,40}") {
        prop_assert!(phones(&line).len() <= line.chars().count());
        let _ = syllables(&[line]);
    }
}
