//! A short answer, heard twice: as it came, and close up.
//!
//! A recogniser that was trained on sentences is unsure of half a second: Moonshine writes nothing, or "six six six" for "six", Whisper takes a word without silence
//! before it for noise, and what they do depends on where in the turn the word lies. Cut out of its silence and given a little on either side, the same word is heard otherwise, with other mistakes.
//! So an answer's probability is the geometric mean of both hearings, as in a product of experts (G. Hinton, *Training products of experts by minimizing
//! contrastive divergence*, 2002), and so is that of what was written freely.

use std::ops::Range;
use std::time::Duration;

use super::search::{BEHIND, Found};
use super::{Choice, Doubted, Grammar, length};
use crate::Result;
use crate::asr::Transcript;
use crate::asr::words::{FRAME, power};
use crate::audio::mel::RATE;

/// What is quieter than the loudest frame by this much, in decibels, is silence around a word.
const QUIETER: f32 = 35.0;
/// Longer words than this need no second hearing.
const SHORT: usize = RATE;
/// What is kept of the turn on either side of the sounding part: 60 ms, for the quiet beginning of "three" and the quiet end of "six".
const KEPT: usize = 6;
/// The silence on either side of that when a word is heard close up: 100 ms. Of 0, 100, 200 to 300 and 400 to 600 ms, it is what Moonshine hears single digits
/// best with.
const AROUND: usize = RATE / 10;

/// What one hearing found.
pub(in crate::asr) struct View {
    /// What was written freely.
    pub(in crate::asr) transcript: Transcript,
    /// Whether that can be believed.
    pub(in crate::asr) believed: bool,
    /// The logarithm of the probability of what was written freely, believed or not.
    pub(in crate::asr) log_probability: f32,
    /// The likeliest answers, the likeliest first.
    pub(in crate::asr) found: Vec<Found>,
}

/// What follows from a turn of which `first` was heard, and from its close-up, which `again` hears if there is one. What could not be heard at all is not heard again.
pub(in crate::asr) fn choose(
    grammar: &Grammar,
    doubted: Doubted,
    audio: &[f32],
    first: Option<View>,
    again: impl FnOnce(&[f32]) -> Result<Option<View>>,
) -> Result<Choice> {
    let mut views: Vec<View> = first.into_iter().collect();
    if let (false, Some(close)) = (views.is_empty(), close_up(audio)) {
        views.extend(again(&close)?);
    }
    let sounds = sounding(audio, length::QUIETER).map_or(0, |word| word.len());
    Ok(Choice::of_views(grammar, views, doubted, Duration::from_secs_f32(sounds as f32 / RATE as f32)))
}

/// From where to where audio at 16 kHz is less than so many decibels below its loudest frame; nowhere, if it is silent.
fn sounding(audio: &[f32], below: f32) -> Option<Range<usize>> {
    let powers: Vec<f32> = audio.chunks(FRAME).map(power).collect();
    let bar = powers.iter().copied().fold(0.0, f32::max) / 10_f32.powf(below / 10.0);
    let first = powers.iter().position(|power| *power > bar)?;
    let last = powers.iter().rposition(|power| *power > bar)?;
    Some(first * FRAME..((last + 1) * FRAME).min(audio.len()))
}

/// The sounding part of audio at 16 kHz with a little silence around it, if it is short.
fn close_up(audio: &[f32]) -> Option<Vec<f32>> {
    let Range { start, end } = sounding(audio, QUIETER)?;
    let word = audio.get(start.saturating_sub(KEPT * FRAME)..(end + KEPT * FRAME).min(audio.len()))?;
    let silence = [0.0; AROUND];
    (word.len() <= SHORT).then(|| [&silence, word, &silence].concat())
}

/// The answers of two hearings by their mean. What one of them did not find was behind its best by [`BEHIND`] at least.
pub(super) fn together(one: &[Found], other: &[Found]) -> Vec<Found> {
    let floor = |found: &[Found]| found.first().map_or(f32::NEG_INFINITY, |best| best.log_probability - BEHIND);
    let of = |found: &[Found], meaning: &[String]| {
        let same = found.iter().find(|answer| answer.meaning == meaning);
        same.map_or_else(|| floor(found), |answer| answer.log_probability)
    };
    let mut all: Vec<Found> = Vec::new();
    for answer in one.iter().chain(other) {
        if all.iter().all(|known| known.meaning != answer.meaning) {
            let mean = f32::midpoint(of(one, &answer.meaning), of(other, &answer.meaning));
            all.push(Found { log_probability: mean, ..answer.clone() });
        }
    }
    all.sort_by(|a, b| b.log_probability.total_cmp(&a.log_probability));
    all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    fn found(answers: &[(&str, f32)]) -> Vec<Found> {
        let found = |&(meaning, log_probability): &(&str, f32)| Found {
            meaning: vec![meaning.to_owned()],
            text: meaning.to_owned(),
            log_probability,
        };
        answers.iter().map(found).collect()
    }

    #[test]
    fn a_word_is_cut_out_of_its_silence() {
        let word: Vec<f32> = (0..RATE / 2).map(|i| 0.3 * (i as f32 * 0.2).sin()).collect();
        let turn = [vec![0.0002; RATE], word.clone(), vec![0.0002; RATE]].concat();
        let close = close_up(&turn).unwrap();
        let before = AROUND + KEPT * FRAME;
        assert_eq!(close.len(), word.len() + 2 * before);
        assert_eq!(close[before..before + word.len()], word);
    }

    #[test]
    fn a_sentence_is_heard_once() {
        assert_eq!(close_up(&vec![0.1; 2 * RATE]), None);
        assert_eq!(close_up(&[]), None);
        assert_eq!(close_up(&vec![0.0; RATE]), None);
    }

    #[test]
    fn an_answer_that_is_likely_in_both_hearings_wins_over_one_that_is_likeliest_in_one() {
        let all = together(&found(&[("666", -3.5), ("6", -4.0)]), &found(&[("6", -0.4)]));
        assert_eq!(all.first().unwrap().meaning, ["6"]);
        assert!((all.first().unwrap().log_probability + 2.2).abs() < 1e-5);
    }

    proptest! {
        #[test]
        fn hearings_count_alike(one in proptest::collection::vec((0..9_u8, -9.0..0.0_f32), 0..5), other in proptest::collection::vec((0..9_u8, -9.0..0.0_f32), 0..5)) {
            let sorted = |answers: Vec<(u8, f32)>| {
                let mut answers: Vec<Found> = answers.into_iter().map(|(meaning, log_probability)| Found {
                    meaning: vec![meaning.to_string()], text: String::new(), log_probability,
                }).collect();
                answers.sort_by(|a, b| b.log_probability.total_cmp(&a.log_probability));
                let mut seen = std::collections::HashSet::new();
                answers.retain(|answer| seen.insert(answer.meaning.clone()));
                answers
            };
            let (one, other) = (sorted(one), sorted(other));
            let means = |found: &[Found]| {
                let mut means: Vec<_> = found.iter().map(|answer| (answer.meaning.clone(), answer.log_probability.to_bits())).collect();
                means.sort();
                means
            };
            prop_assert_eq!(means(&together(&one, &other)), means(&together(&other, &one)));
        }
    }
}
