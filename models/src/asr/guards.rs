//! What tells words from everything else a line carries, whichever model listens: how loud a turn is, whether it is made of tones, whether it changes at
//! all, and whether a text goes in circles.
//!
//! Each recogniser adds what its own probabilities say; its thresholds stand with it.

use std::fmt;

use candle_core::Tensor;
use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::words::power;
use crate::Result;

/// Whether a turn's text can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Words were said.
    Words,
    /// The turn is silent.
    Silence,
    /// The turn is made of tones: ringing, keys, fax, hum.
    Tones,
    /// The turn is a noise that does not change.
    Steady,
    /// The model wrote something, but does not believe in it itself.
    Doubt,
    /// The text goes in circles.
    Circles,
}

/// A turn whose loudest 20 ms lie below this is silence. An idle G.711 line has -66 dB (one step of the quantizer) to -55 dB; a caller
/// who can be understood at all reaches -45 dB.
const SILENCE: f32 = -55.0;
/// More steady-tone frames than this are no speech.
const TONES: f32 = 0.6;
/// A turn that moves by less than this, in decibels, is no speech. Measured through G.711: coloured noises of 1 to 10 s move by up to 4.5, 56 sentences in noise
/// as loud as they are by 11.8 or more, and single digits by 12.6 or more.
const STEADY: f32 = 6.0;
/// A text that becomes this many times smaller when it is compressed goes in circles; as Whisper's published code.
pub(super) const REPETITIVE: f32 = 2.4;

/// What speaks for and against words in the sound of a turn alone.
#[derive(Clone, Copy, Debug)]
pub struct Acoustics {
    /// The loudest 20 ms, as root mean square relative to full scale, in decibels.
    pub loudest: f32,
    /// The part of the sounding frames that are steady tones, in `[0, 1]`.
    pub tonal: f32,
    /// By how much the spectrum rises and falls as a whole, in decibels.
    pub moves: f32,
}

impl Acoustics {
    /// Listen to the audio (16 kHz) itself.
    pub(super) fn of(audio: &[f32]) -> Self {
        Self { loudest: loudest(audio), tonal: 0.0, moves: f32::INFINITY }
    }

    /// Look at its spectrogram, of shape `[frames, bands]`, logarithms scaled as Whisper's.
    pub(super) fn look_at(&mut self, mel: &Tensor) -> Result<()> {
        let mel = mel.to_vec2::<f32>()?;
        (self.tonal, self.moves) = (tonal(&mel), moves(&mel));
        Ok(())
    }

    /// Words, if nothing in it speaks against them.
    pub(super) fn verdict(&self) -> Verdict {
        if self.loudest < SILENCE {
            Verdict::Silence
        } else if self.tonal > TONES {
            Verdict::Tones
        } else if self.moves < STEADY {
            Verdict::Steady
        } else {
            Verdict::Words
        }
    }
}

impl fmt::Display for Acoustics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} dB, tonal {:.2}, moves by {:.0} dB", self.loudest, self.tonal, self.moves)
    }
}

/// A frame's logarithm of power, of which there is one for each band, in Bel above the loudest that a spectrogram keeps.
fn bel(scaled: f32) -> f32 {
    4.0 * scaled - 4.0
}

/// The difference between the loudest and the softest 50 ms, of the mean over all bands in decibels: noise that is the same in every band is averaged away, while
/// a voice opens and closes.
fn moves(mel: &[Vec<f32>]) -> f32 {
    /// Frames of 10 ms.
    const BLOCK: usize = 5;
    let mean = |row: &Vec<f32>| 10.0 * row.iter().map(|scaled| bel(*scaled)).sum::<f32>() / row.len().max(1) as f32;
    let blocks = || mel.chunks_exact(BLOCK).map(|rows| rows.iter().map(mean).sum::<f32>() / BLOCK as f32);
    match (blocks().reduce(f32::max), blocks().reduce(f32::min)) {
        (Some(most), Some(least)) if mel.len() >= 4 * BLOCK => most - least,
        // Too short to tell.
        _ => f32::INFINITY,
    }
}

/// The loudest 20 ms of audio at 16 kHz, as root mean square relative to full scale, in decibels.
fn loudest(audio: &[f32]) -> f32 {
    let loudest = audio.chunks(320).map(power).fold(0.0, f32::max);
    10.0 * loudest.max(1e-12).log10()
}

/// The part of the sounding frames whose spectrum is the same as 100 ms later and lies in few bands: keys, ringing, fax, hum. A voice
/// moves by more than a band (37 Hz below 1 kHz) in that time, and fills many.
fn tonal(mel: &[Vec<f32>]) -> f32 {
    /// Frames from one look to the next.
    const STEP: usize = 10;
    /// How alike (cosine of the power spectra) two looks are.
    const ALIKE: f32 = 0.98;
    /// The part of the power that lies in the loudest few bands.
    const FEW: usize = 8;
    const CONCENTRATED: f32 = 0.9;
    let power: Vec<Vec<f32>> = mel.iter().map(|row| row.iter().map(|scaled| 10_f32.powf(bel(*scaled))).collect()).collect();
    let total = |row: &[f32]| row.iter().sum::<f32>();
    let loudest = power.iter().map(|row| total(row)).fold(0.0, f32::max);
    let (mut sounding, mut tones) = (0_u32, 0_u32);
    for (row, later) in power.iter().zip(power.iter().skip(STEP)) {
        if total(row) < 1e-3 * loudest {
            continue;
        }
        sounding += 1;
        let product: f32 = row.iter().zip(later).map(|(a, b)| a * b).sum();
        let norm = |row: &[f32]| row.iter().map(|a| a * a).sum::<f32>().sqrt();
        let alike = product / (norm(row) * norm(later)).max(f32::MIN_POSITIVE);
        let mut sorted = row.clone();
        sorted.sort_unstable_by(|a, b| b.total_cmp(a));
        if alike > ALIKE && total(&sorted[..FEW.min(sorted.len())]) > CONCENTRATED * total(row) {
            tones += 1;
        }
    }
    tones as f32 / sounding.max(1) as f32
}

/// How many times smaller a text becomes when it is compressed: repetition shows here even if it is not exact.
pub(super) fn compression(text: &str) -> f32 {
    use std::io::Write;
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
    // Writing to memory does not fail; if it did, nothing would speak against the text.
    written.map_or(1.0, |bytes| text.len() as f32 / bytes.len().max(1) as f32)
}

/// If the tokens end in a circle: how many of them to keep, which is all up to the circle's first round.
///
/// People do repeat themselves ("no, no, no", "five five five five"), so a short round must come often before it counts.
pub(super) fn circle(tokens: &[u32]) -> Option<usize> {
    /// Rounds of up to this many tokens are looked for.
    const LONGEST: usize = 16;
    (1..=LONGEST).find_map(|length| {
        let rounds = match length {
            1 => 8,
            2 => 5,
            3 | 4 => 4,
            _ => 3,
        };
        let start = tokens.len().checked_sub(length * rounds)?;
        let (first, rest) = tokens[start..].split_at(length);
        rest.chunks_exact(length).all(|round| round == first).then_some(start + length)
    })
}

/// If the tokens end in two rounds of anything or more: how many of them to keep, which is all up to the first round. For a text that is
/// suspect already.
pub(super) fn repetition(tokens: &[u32]) -> Option<usize> {
    (1..=tokens.len() / 2).find_map(|length| {
        let repeated = tokens.iter().rev().zip(tokens.iter().rev().skip(length)).take_while(|(later, earlier)| later == earlier).count();
        (repeated >= length).then(|| tokens.len() - repeated)
    })
}

/// Whether a text is one that subtitles have where nobody speaks. Callers say some of these too.
pub(super) fn is_from_subtitles(text: &str) -> bool {
    const SUBTITLES: [&str; 8] =
        ["thank you", "thanks for watching", "thank you for watching", "you", "bye", "謝謝觀看", "谢谢观看", "字幕志愿者"];
    SUBTITLES.contains(&text.trim_end_matches(['.', '!', '。', '!']).to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::audio::mel::LogMel;

    /// What the sound alone says of two seconds of white noise, as loud at each moment as this tells.
    fn verdict(loudness: impl Fn(f32) -> f32) -> Verdict {
        let mut seed = 7_u32;
        let mut white = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        let audio: Vec<f32> = (0..32_000).map(|i| 0.2 * loudness(i as f32 / 16_000.0) * white()).collect();
        let mut acoustics = Acoustics::of(&audio);
        acoustics.look_at(&LogMel::new().compute(&audio, 200).unwrap()).unwrap();
        acoustics.verdict()
    }

    #[test]
    fn a_noise_that_does_not_change_is_no_speech() {
        assert_eq!(verdict(|_| 1.0), Verdict::Steady);
        // As syllables come: four times a second.
        assert_eq!(verdict(|time| 1.1 + (time * 25.0).sin()), Verdict::Words);
        assert_eq!(verdict(|time| if (0.5..0.8).contains(&time) { 3.0 } else { 1.0 }), Verdict::Words);
    }

    #[test]
    fn a_text_that_goes_in_circles_is_cut_after_its_first_round() {
        let words = [5, 6, 7, 8, 9];
        let text: Vec<u32> = [1, 2].into_iter().chain(words).chain(words).chain(words).collect();
        assert_eq!(circle(&text), Some(7));
        assert_eq!(circle(&[4; 8]), Some(1));
    }

    #[test]
    fn a_caller_may_repeat_a_word_or_a_digit() {
        assert_eq!(circle(&[4; 7]), None);
        assert_eq!(circle(&[1, 2, 1, 2, 1, 2, 1, 2]), None);
        assert_eq!(circle(&[1, 2, 3, 4, 5, 1, 2, 3, 4, 5]), None);
    }

    #[test]
    fn a_suspect_text_is_kept_up_to_its_first_round_wherever_it_was_cut() {
        assert_eq!(repetition(&[1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3]), Some(4));
        assert_eq!(repetition(&[9, 6, 7, 6, 7]), Some(3));
        assert_eq!(repetition(&[5, 5]), Some(1));
        assert_eq!(repetition(&[1, 2, 3, 4, 1, 2, 3]), None);
        assert_eq!(repetition(&[]), None);
    }

    #[test]
    fn only_repetition_compresses_well() {
        assert!(compression("Please ask her to call me back on zero two, five five five, one two three four.") < 2.0);
        assert!(compression(&"Thank you for watching. ".repeat(12)) > 2.4);
    }
}
