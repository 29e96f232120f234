//! What lies between a caller's mouth and the recogniser.
//!
//! A line brings sound to 8 kHz, writes every sample in the eight bits of G.711's mu-law, sends 20 ms in a packet, and the robot hears it at 16 kHz again.
//! Lost packets are made up by the daemon's own concealment, so what is measured is what a call has.

use switchhook::config::Codec;
use switchhook::media::concealment::Concealment;
use switchhook::media::{FRAME_SAMPLES, Frame, SAMPLE_RATE, codec};
use switchhook_models::audio::resample;

use super::clips::RATE;
use crate::rtp::Impairment;

/// Sound at 16 kHz as it comes out of a telephone line that loses `loss` (a share) of its packets; the same seed loses the same ones.
pub fn through(samples: &[f32], loss: f64, seed: u64) -> switchhook_models::Result<Vec<f32>> {
    let frames = frames(samples, loss, seed)?;
    let heard: Vec<f32> = frames.iter().flat_map(|frame| frame.0).map(|sample| f32::from(sample) / 32_768.0).collect();
    resample::resample(&heard, SAMPLE_RATE, RATE)
}

/// The same, as the frames that a call is given.
pub fn frames(samples: &[f32], loss: f64, seed: u64) -> switchhook_models::Result<Vec<Frame>> {
    let narrow = resample::resample(samples, RATE, SAMPLE_RATE)?;
    let mut network = Impairment::new(loss, false, seed);
    let mut concealment = Concealment::default();
    let mut heard = Vec::with_capacity(narrow.len() / FRAME_SAMPLES + 1);
    for frame in narrow.chunks(FRAME_SAMPLES) {
        // `as` saturates.
        let spoken: Vec<i16> = frame.iter().map(|sample| (sample * 32_768.0) as i16).collect();
        let mut packet = vec![0; FRAME_SAMPLES];
        codec::encode(Codec::Pcmu, &Frame::padded(&spoken).0, &mut packet);
        heard.push(match network.pass(packet).first() {
            Some(packet) => {
                let mut frame = Frame::SILENCE;
                codec::decode(Codec::Pcmu, packet, &mut frame.0);
                concealment.heard(&mut frame);
                frame
            }
            None => concealment.lost(),
        });
    }
    Ok(heard)
}

/// Speech with noise behind it, `decibels` quieter. Levels are those of the whole: power of the speech above power of the noise that lies behind it, which
/// begins at a place of the recording that the seed chooses and goes on from its start where it ends.
pub fn with_noise(speech: &[f32], noise: &[f32], decibels: f32, seed: usize) -> Vec<f32> {
    // A prime step, so that neighbours begin at different places.
    let behind: Vec<f32> = noise.iter().copied().cycle().skip(seed.wrapping_mul(7919) % noise.len().max(1)).take(speech.len()).collect();
    let power = |sound: &[f32]| sound.iter().map(|x| x * x).sum::<f32>() / sound.len().max(1) as f32;
    let gain = (power(speech) / power(&behind).max(f32::MIN_POSITIVE) / 10_f32.powf(decibels / 10.0)).sqrt();
    speech.iter().zip(behind).map(|(speech, noise)| (speech + gain * noise).clamp(-1.0, 1.0)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn tone(hertz: f32) -> Vec<f32> {
        (0..RATE).map(|i| 0.25 * (std::f32::consts::TAU * hertz * i as f32 / RATE as f32).sin()).collect()
    }

    fn level(sound: &[f32]) -> f32 {
        10.0 * (sound.iter().map(|x| x * x).sum::<f32>() / sound.len() as f32).log10()
    }

    #[test]
    fn a_line_keeps_what_is_below_4_khz_and_nothing_above() {
        let (low, high) = (through(&tone(1000.0), 0.0, 1).unwrap(), through(&tone(6000.0), 0.0, 1).unwrap());
        assert!((level(&low) - level(&tone(1000.0))).abs() < 0.5, "{}", level(&low));
        assert!(level(&high) < -50.0, "{}", level(&high));
    }

    #[test]
    fn a_line_that_loses_packets_sounds_different_and_the_same_each_time() {
        let speech: Vec<f32> = tone(130.0).iter().zip(tone(3.0)).map(|(voice, beat)| voice * beat * 4.0).collect();
        let (good, bad) = (through(&speech, 0.0, 7).unwrap(), through(&speech, 0.3, 7).unwrap());
        assert_eq!(good.len(), bad.len());
        assert_ne!(good, bad);
        assert_eq!(bad, through(&speech, 0.3, 7).unwrap());
    }

    #[test]
    fn noise_lies_as_far_below_the_speech_as_it_should() {
        let (speech, noise) = (tone(400.0), tone(90.0));
        let both = with_noise(&speech, &noise[..5000], 10.0, 3);
        let behind: Vec<f32> = both.iter().zip(&speech).map(|(both, speech)| both - speech).collect();
        assert!((level(&speech) - level(&behind) - 10.0).abs() < 0.1, "{}", level(&behind));
    }
}
