//! A line that gives the robot its own voice back, and a caller on it.
#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use super::*;
use crate::config::Codec;
use crate::media::{SAMPLE_RATE, codec};

/// Like speech to a filter: noise with more low than high tones, in syllables with pauses between them.
fn speech(seed: u64, seconds: usize, loudness: f32) -> Vec<i16> {
    let mut random = StdRng::seed_from_u64(seed);
    let (mut low, mut length, mut level) = (0.0f32, 0, 0.0f32);
    (0..seconds * SAMPLE_RATE as usize)
        .map(|_| {
            if length == 0 {
                length = random.random_range(800..2400);
                level = if random.random_bool(0.3) { 0.0 } else { random.random_range(0.3..1.0) };
            }
            length -= 1;
            low = 0.8 * low + random.random_range(-1.0..1.0f32);
            (low * level * loudness * 32_768.0).clamp(-32_768.0, 32_767.0) as i16
        })
        .collect()
}

/// What comes back: later, weaker, and ringing for some milliseconds as a hybrid does.
fn echo(sent: &[i16], delay_ms: usize, decibel: f32) -> Vec<f32> {
    let delay = delay_ms * SAMPLE_RATE as usize / 1000;
    let gain = 10f32.powf(decibel / 20.0);
    let hybrid = [0.1, 0.8, -0.5, 0.3, -0.2, 0.12, -0.07, 0.04];
    (0..sent.len())
        .map(|at| {
            let tap = |(n, weight): (usize, &f32)| {
                let from = at.checked_sub(delay + 3 * n)?;
                Some(gain * weight * f32::from(*sent.get(from)?))
            };
            hybrid.iter().enumerate().filter_map(tap).sum()
        })
        .collect()
}

/// Through G.711 there.
fn coded(sound: &[f32]) -> Vec<i16> {
    let whole: Vec<i16> = sound.iter().map(|sample| sample.clamp(-32_768.0, 32_767.0) as i16).collect();
    whole
        .chunks(FRAME_SAMPLES)
        .flat_map(|frame| {
            let (mut bytes, mut back) = ([0; FRAME_SAMPLES], [0; FRAME_SAMPLES]);
            codec::encode(Codec::Pcmu, &Frame::padded(frame).0, &mut bytes);
            codec::decode(Codec::Pcmu, &bytes, &mut back);
            back
        })
        .collect()
}

/// What is left when the line brings `comes` while the robot sends `sent`.
fn cleaned(canceller: &mut EchoCanceller, sent: &[i16], comes: &[i16]) -> Vec<i16> {
    let mut left = Vec::new();
    for (sent, comes) in sent.chunks(FRAME_SAMPLES).zip(comes.chunks(FRAME_SAMPLES)) {
        let mut frame = Frame::padded(comes);
        canceller.clean(&mut frame);
        left.extend(frame.0);
        canceller.sent(&Frame::padded(sent));
    }
    left
}

/// In decibels, over the last seconds.
fn level(sound: &[i16], seconds: usize) -> f32 {
    let from = sound.len() - seconds * SAMPLE_RATE as usize;
    let mean = sound[from..].iter().map(|sample| f32::from(*sample).powi(2)).sum::<f32>() / (sound.len() - from) as f32;
    10.0 * (mean + 1.0e-3).log10()
}

fn mixed(one: &[f32], other: &[i16]) -> Vec<f32> {
    one.iter().zip(other).map(|(one, other)| one + f32::from(*other)).collect()
}

#[test]
fn an_echo_of_any_delay_and_strength_is_gone_after_a_few_seconds() {
    let sent = speech(1, 8, 0.15);
    for delay in [20, 90, 170, 300] {
        for decibel in [-12.0, -20.0, -30.0] {
            let comes = coded(&echo(&sent, delay, decibel));
            let left = cleaned(&mut EchoCanceller::new(), &sent, &comes);
            let gone = level(&comes, 3) - level(&left, 3);
            assert!(gone > 20.0, "{delay} ms, {decibel} dB: {gone} dB less");
        }
    }
}

#[test]
fn an_echo_is_not_forgotten_while_the_robot_is_silent() {
    let mut sent = speech(7, 6, 0.15);
    // Whatever the line, the first 300 ms of the sentence behind the pause come back when the filter expects its echo already.
    sent.extend(vec![0; 2 * SAMPLE_RATE as usize]);
    sent.extend(speech(8, 2, 0.15));
    for delay in [60, 170, 300] {
        let comes = coded(&echo(&sent, delay, -15.0));
        let left = cleaned(&mut EchoCanceller::new(), &sent, &comes);
        let gone = level(&comes, 2) - level(&left, 2);
        assert!(gone > 20.0, "{delay} ms: {gone} dB less");
    }
}

#[test]
fn a_caller_over_the_echo_is_heard_and_the_echo_is_still_known_behind_them() {
    let sent = speech(2, 14, 0.15);
    let comes = echo(&sent, 120, -15.0);
    let rate = SAMPLE_RATE as usize;
    let mut caller = vec![0; 6 * rate];
    caller.extend(speech(3, 4, 0.1));
    caller.resize(sent.len(), 0);
    let comes = coded(&mixed(&comes, &caller));
    let left = cleaned(&mut EchoCanceller::new(), &sent, &comes);
    let over = 6 * rate..10 * rate;
    let lost: Vec<i16> = caller[over.clone()].iter().zip(&left[over.clone()]).map(|(said, heard)| said.saturating_sub(*heard)).collect();
    let said = level(&caller[over], 4);
    assert!(said - level(&lost, 4) > 10.0, "{} dB of {said} are not what was said", level(&lost, 4));
    assert!(level(&comes, 3) - level(&left, 3) > 15.0, "the echo comes back when the caller has finished");
}

#[test]
fn a_line_without_echo_is_not_touched() {
    let sent = speech(4, 6, 0.15);
    let comes = coded(&mixed(&vec![0.0; sent.len()], &speech(5, 6, 0.1)));
    let mut canceller = EchoCanceller::new();
    assert!(cleaned(&mut canceller, &sent, &comes) == comes, "frames were changed");
    assert!(!canceller.is_at_work());
}

#[test]
fn a_line_whose_delay_changes_is_learned_anew() {
    let sent = speech(6, 16, 0.15);
    let mut comes = echo(&sent, 60, -15.0);
    comes.truncate(6 * SAMPLE_RATE as usize);
    let later = echo(&sent, 140, -15.0);
    comes.extend(&later[comes.len()..]);
    let comes = coded(&comes);
    let left = cleaned(&mut EchoCanceller::new(), &sent, &comes);
    let gone = level(&comes, 4) - level(&left, 4);
    assert!(gone > 15.0, "{gone} dB less");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Whatever comes: nothing is made louder than the loudest sound, and no number goes astray for good.
    #[test]
    fn no_line_is_too_odd(seed in any::<u64>(), loud in 0.0f32..1.5, back in -40.0f32..6.0, square in any::<bool>()) {
        let mut sent = speech(seed, 2, loud);
        if square {
            sent = sent.iter().map(|sample| if *sample > 0 { i16::MAX } else { i16::MIN }).collect();
        }
        let comes = coded(&mixed(&echo(&sent, 40, back), &speech(!seed, 2, loud)));
        let mut canceller = EchoCanceller::new();
        cleaned(&mut canceller, &sent, &comes);
        let silence = vec![0; SAMPLE_RATE as usize];
        let left = cleaned(&mut canceller, &silence, &silence);
        prop_assert!(left[FRAME_SAMPLES * 25..].iter().all(|sample| *sample == 0), "silence comes out of silence");
    }
}
