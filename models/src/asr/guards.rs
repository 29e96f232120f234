//! What tells words from everything else a line carries, whichever model listens: how loud a turn is, whether it is made of tones, and
//! whether a text goes in circles.
//!
//! Each recogniser adds what its own probabilities say; its thresholds stand with it.

use candle_core::Tensor;
use flate2::Compression;
use flate2::write::ZlibEncoder;

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
/// A text that becomes this many times smaller when it is compressed goes in circles; as Whisper's published code.
pub(super) const REPETITIVE: f32 = 2.4;

/// What the sound alone says: words, if nothing in it speaks against them.
pub(super) fn of_sound(loudest: f32, tonal: f32) -> Verdict {
    if loudest < SILENCE {
        Verdict::Silence
    } else if tonal > TONES {
        Verdict::Tones
    } else {
        Verdict::Words
    }
}

/// The loudest 20 ms of audio at 16 kHz, as root mean square relative to full scale, in decibels.
pub(super) fn loudest(audio: &[f32]) -> f32 {
    let power = |block: &[f32]| block.iter().map(|x| x * x).sum::<f32>() / block.len().max(1) as f32;
    let loudest = audio.chunks(320).map(power).fold(0.0, f32::max);
    10.0 * loudest.max(1e-12).log10()
}

/// The part of the sounding frames whose spectrum is the same as 100 ms later and lies in few bands: keys, ringing, fax, hum. A voice
/// moves by more than a band (37 Hz below 1 kHz) in that time, and fills many. `mel` has shape `[frames, bands]`.
pub(super) fn tonal(mel: &Tensor) -> Result<f32> {
    /// Frames from one look to the next.
    const STEP: usize = 10;
    /// How alike (cosine of the power spectra) two looks are.
    const ALIKE: f32 = 0.98;
    /// The part of the power that lies in the loudest few bands.
    const FEW: usize = 8;
    const CONCENTRATED: f32 = 0.9;
    // Logarithms were scaled by (x + 4) / 4: back to power.
    let power: Vec<Vec<f32>> = mel.to_vec2::<f32>()?.iter().map(|row| row.iter().map(|x| 10_f32.powf(4.0 * x - 4.0)).collect()).collect();
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
    Ok(tones as f32 / sounding.max(1) as f32)
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
    use super::*;

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
