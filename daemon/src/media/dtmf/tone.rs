//! Keys as pairs of tones (ITU-T Q.23), found with Goertzel's algorithm and told from speech by the rules of Q.24: both tones strong and
//! alike, little else in the frame, and long enough.

use std::collections::VecDeque;
use std::f32::consts::TAU;

use super::{Digit, WAITING};
use crate::media::{FRAME_SAMPLES, Frame, SAMPLE_RATE};

const ROWS: [f32; 4] = [697.0, 770.0, 852.0, 941.0];
const COLUMNS: [f32; 4] = [1209.0, 1336.0, 1477.0, 1633.0];
const PAD: [[char; 4]; 4] = [['1', '2', '3', 'A'], ['4', '5', '6', 'B'], ['7', '8', '9', 'C'], ['*', '0', '#', 'D']];

/// The quietest pair, as mean power of the frame: about -36 dB below full scale.
const QUIETEST: f32 = 260_000.0;
/// The pair holds at least this part of the frame's energy; in speech harmonics and noise hold more.
const PURE: f32 = 0.75;
/// No tone is stronger than the other by more than this factor of power: 9 dB.
const TWIST: f32 = 8.0;
/// A tone is stronger than each other one of its group by at least this factor of power: 8 dB.
const ALONE: f32 = 6.3;
/// Frames that must agree before a key counts (40 ms), and that must not before it counts again.
const AGREE: u8 = 2;
/// How long a press of ours lasts and how long it is quiet after, in frames: 120 and 80 ms.
const PRESSED: u8 = 6;
const PAUSE: u8 = 4;
/// The level of each tone of ours: -9 dB below full scale.
const AMPLITUDE: f32 = 11_600.0;

/// Finds presses in one stream of frames.
#[derive(Default)]
pub struct ToneDetector {
    candidate: Option<Digit>,
    agreed: u8,
    /// The key that is down.
    down: Option<Digit>,
}

impl ToneDetector {
    /// The next frame: a key, once per press.
    pub fn hear(&mut self, frame: &Frame) -> Option<Digit> {
        let key = key_in(frame);
        self.agreed = if key == self.candidate { self.agreed.saturating_add(1) } else { 1 };
        self.candidate = key;
        if self.agreed < AGREE || self.down == key {
            return None;
        }
        self.down = key;
        key
    }
}

/// The key whose tones fill this frame.
fn key_in(frame: &Frame) -> Option<Digit> {
    let power = frame.0.iter().map(|&s| f32::from(s) * f32::from(s)).sum::<f32>() / FRAME_SAMPLES as f32;
    if power < QUIETEST {
        return None;
    }
    let (row, row_power) = strongest(frame, &ROWS)?;
    let (column, column_power) = strongest(frame, &COLUMNS)?;
    let alike = row_power < column_power * TWIST && column_power < row_power * TWIST;
    let pure = row_power + column_power > power * PURE;
    (alike && pure).then(|| Digit::from_char(PAD[row][column]))?
}

/// The tone of a group that stands out, and its power.
fn strongest(frame: &Frame, group: &[f32; 4]) -> Option<(usize, f32)> {
    let powers = group.map(|hertz| goertzel(frame, hertz));
    let (best, &power) = powers.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    let alone = powers.iter().enumerate().all(|(i, &other)| i == best || other * ALONE < power);
    alone.then_some((best, power))
}

/// The power of one frequency in the frame, as if it were a tone: Goertzel's recurrence (1958).
fn goertzel(frame: &Frame, hertz: f32) -> f32 {
    let coefficient = 2.0 * (TAU * hertz / SAMPLE_RATE as f32).cos();
    let (mut one, mut two) = (0.0f32, 0.0f32);
    for &sample in &frame.0 {
        let next = f32::from(sample) + coefficient * one - two;
        (two, one) = (one, next);
    }
    let magnitude = one * one + two * two - coefficient * one * two;
    2.0 * magnitude / (FRAME_SAMPLES * FRAME_SAMPLES) as f32
}

/// Plays presses as tones.
#[derive(Default)]
pub struct ToneWriter {
    waiting: VecDeque<Digit>,
    now: Option<(usize, usize)>,
    /// Frames since the press began.
    frames: u8,
}

impl ToneWriter {
    /// Press a key after those that wait. `false` if too many wait.
    pub fn press(&mut self, key: Digit) -> bool {
        let fits = self.waiting.len() < WAITING;
        if fits {
            self.waiting.push_back(key);
        }
        fits
    }

    /// The frame to send instead of sound, if a key is pressed now.
    pub fn tick(&mut self) -> Option<Frame> {
        if self.now.is_none() {
            self.now = Some(place(self.waiting.pop_front()?)?);
            self.frames = 0;
        }
        let (row, column) = self.now?;
        let first = usize::from(self.frames) * FRAME_SAMPLES;
        self.frames += 1;
        if self.frames == PRESSED + PAUSE {
            self.now = None;
        }
        Some(if self.frames > PRESSED { Frame::SILENCE } else { pair(ROWS[row], COLUMNS[column], first) })
    }
}

fn place(key: Digit) -> Option<(usize, usize)> {
    let of = |row: &[char; 4]| row.iter().position(|&c| c == key.char());
    PAD.iter().enumerate().find_map(|(row, keys)| of(keys).map(|column| (row, column)))
}

fn pair(low: f32, high: f32, first: usize) -> Frame {
    let mut frame = Frame::SILENCE;
    for (i, sample) in frame.0.iter_mut().enumerate() {
        let at = TAU * (first + i) as f32 / SAMPLE_RATE as f32;
        *sample = (AMPLITUDE * ((low * at).sin() + (high * at).sin())) as i16;
    }
    frame
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ALL: &str = "0123456789*#ABCD";

    #[test]
    fn every_key_that_is_pressed_is_heard_once() {
        let (mut writer, mut detector) = (ToneWriter::default(), ToneDetector::default());
        for key in ALL.chars().chain("00".chars()) {
            assert!(writer.press(Digit::from_char(key).unwrap()));
        }
        let heard: String = std::iter::from_fn(|| writer.tick()).filter_map(|frame| detector.hear(&frame)).map(Digit::char).collect();
        assert_eq!(heard, format!("{ALL}00"));
    }

    #[test]
    fn forty_milliseconds_are_enough_wherever_the_frames_are_cut() {
        for cut in (0..FRAME_SAMPLES).step_by(16) {
            let mut sound = vec![0i16; cut];
            for frame in 0..3 {
                sound.extend(pair(770.0, 1336.0, frame * FRAME_SAMPLES).0);
            }
            sound.resize(6 * FRAME_SAMPLES, 0);
            let mut detector = ToneDetector::default();
            let heard: Vec<_> = sound.chunks(FRAME_SAMPLES).filter_map(|chunk| detector.hear(&Frame::padded(chunk))).collect();
            assert_eq!(heard, [Digit::from_char('5').unwrap()], "cut at {cut}");
        }
    }

    #[test]
    fn a_single_tone_noise_and_a_buzz_are_no_keys() {
        let mut detector = ToneDetector::default();
        let mut noise = 1u32;
        for i in 0..200 {
            let mut frames = [Frame::SILENCE; 3];
            for n in 0..FRAME_SAMPLES {
                let at = (i * FRAME_SAMPLES + n) as f32 / 8000.0;
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                frames[0].0[n] = (9000.0 * (TAU * 770.0 * at).sin()) as i16;
                frames[1].0[n] = (noise >> 18) as i16;
                frames[2].0[n] = if (at * 120.0).fract() < 0.1 { 20_000 } else { 0 };
            }
            for frame in &frames {
                assert_eq!(detector.hear(frame), None);
            }
        }
    }
}
