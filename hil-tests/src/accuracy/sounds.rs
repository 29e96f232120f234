//! Sounds that a line brings and that are no speech: tones by their published frequencies and cadences, music, noise, and next to nothing.
//!
//! Sources: ITU-T E.180 supplement 2 (tones of the world's networks), Telcordia GR-506 (North America's), ITU-T T.30 (calling tone, V.21 flags),
//! V.25 and V.8 (answering tone), Q.23 (keys).

use std::f32::consts::TAU;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::clips::RATE;

/// A turn of it.
pub struct Sound {
    pub kind: String,
    /// At 16 kHz, not yet over a line.
    pub samples: Vec<f32>,
    /// Whether a recogniser that knows both languages is told Mandarin.
    pub in_mandarin: bool,
}

/// What can be heard of a kind.
enum Kind<'a> {
    /// Frequencies that sound together, and how long they sound and are silent, in seconds, again and again.
    Tone(&'static str, &'static [f32], &'static [f32]),
    /// A function of time, in seconds.
    Wave(&'static str, fn(f32) -> f32),
    /// Noise whose power falls by this many decibels for each octave.
    Noise(&'static str, f32),
    /// Notes by chance, of that timbre.
    Music(&'static str, fn(f32) -> f32),
    /// Keys by chance.
    Keys,
    /// A recording.
    Recorded(&'a str, &'a [f32]),
    /// So quiet that it is left at its level, in decibels, with hum at that level.
    Quiet(&'static str, f32, f32),
}

const TONES: [Kind<'static>; 13] = [
    Kind::Tone("ring-back, North America", &[440.0, 480.0], &[2.0, 4.0]),
    Kind::Tone("ring-back, Europe", &[425.0], &[1.0, 4.0]),
    Kind::Tone("ring-back, Britain", &[400.0, 450.0], &[0.4, 0.2, 0.4, 2.0]),
    Kind::Tone("ring-back, Taiwan", &[440.0, 480.0], &[1.0, 2.0]),
    Kind::Tone("busy, North America", &[480.0, 620.0], &[0.5, 0.5]),
    Kind::Tone("busy, China", &[450.0], &[0.35, 0.35]),
    Kind::Tone("busy, Europe", &[425.0], &[0.5, 0.5]),
    Kind::Tone("reorder, North America", &[480.0, 620.0], &[0.25, 0.25]),
    Kind::Tone("dial tone, North America", &[350.0, 440.0], &[1.0, 0.0]),
    Kind::Tone("dial tone, Europe", &[425.0], &[1.0, 0.0]),
    Kind::Tone("call waiting", &[440.0], &[0.3, 9.7]),
    Kind::Tone("calling fax", &[1100.0], &[0.5, 3.0]),
    Kind::Tone("receiver off the hook", &[1400.0, 2060.0, 2450.0, 2600.0], &[0.1, 0.1]),
];

/// Turns of 1 to 10 s, `minutes` of them in all, each kind as often as every other. The same each time.
pub fn turns(minutes: u32, recorded: &[(String, Vec<f32>)]) -> Vec<Sound> {
    let mut kinds: Vec<Kind<'_>> = TONES.into_iter().collect();
    kinds.extend([
        Kind::Wave("answering fax", answering_fax),
        Kind::Wave("fax data", fax_data),
        Kind::Wave("special information tone", special_information),
        Kind::Wave("hum of 50 Hz", |t| sine(50.0, t) + 0.5 * sine(150.0, t) + 0.2 * sine(250.0, t)),
        Kind::Wave("hum of 60 Hz", |t| sine(60.0, t) + 0.5 * sine(180.0, t) + 0.2 * sine(300.0, t)),
        Kind::Wave("siren", |t| (TAU * (900.0 * t - 300.0 * (TAU * 0.3 * t).cos() / (TAU * 0.3))).sin()),
        Kind::Keys,
        Kind::Noise("white noise", 0.0),
        Kind::Noise("pink noise", 3.0),
        Kind::Noise("rumble", 6.0),
        Kind::Music("music, plucked", |phase| (TAU * phase).sin() + 0.5 * (2.0 * TAU * phase).sin() + 0.25 * (3.0 * TAU * phase).sin()),
        Kind::Music("music, organ", |phase| (TAU * phase).sin() + 0.7 * (2.0 * TAU * phase).sin() + 0.5 * (4.0 * TAU * phase).sin()),
        Kind::Music("music, strings", |phase| 2.0 * phase.fract() - 1.0),
        Kind::Quiet("digital silence", f32::NEG_INFINITY, f32::NEG_INFINITY),
        Kind::Quiet("idle line", -62.0, f32::NEG_INFINITY),
        Kind::Quiet("idle line with hum", -58.0, -48.0),
    ]);
    // As often as the other noises: recordings are what comes nearest to speech.
    kinds.extend(recorded.iter().chain(recorded).map(|(name, sound)| Kind::Recorded(name, sound)));
    let mut random = StdRng::seed_from_u64(30);
    let mut left = 60.0 * minutes as f32;
    let mut turns = Vec::new();
    for kind in kinds.iter().cycle() {
        if left <= 0.0 {
            break;
        }
        let seconds = random.random_range(1.0..10.0_f32).min(left.max(1.0));
        left -= seconds;
        let level = [-12.0, -20.0, -30.0, -40.0][random.random_range(0..4_usize)];
        let in_mandarin = random.random_bool(0.5);
        let (kind, samples) = kind.sound(seconds, level, &mut random);
        turns.push(Sound { kind, samples, in_mandarin });
    }
    turns
}

impl Kind<'_> {
    /// So many seconds of it, its loudest half at a level in decibels of full scale, from a place in its course that is left to chance.
    fn sound(&self, seconds: f32, level: f32, random: &mut StdRng) -> (String, Vec<f32>) {
        let count = (seconds * RATE as f32) as usize;
        let begin: f32 = random.random_range(0.0..6.0);
        let wave = |f: &dyn Fn(f32) -> f32| (0..count).map(|i| f(begin + i as f32 / RATE as f32)).collect::<Vec<_>>();
        let (name, samples) = match self {
            Self::Tone(name, frequencies, cadence) => {
                (*name, wave(&|t| if sounds(cadence, t) { frequencies.iter().map(|hertz| sine(*hertz, t)).sum() } else { 0.0 }))
            }
            Self::Wave(name, f) => (*name, wave(f)),
            Self::Noise(name, falling) => (*name, noise(count, *falling, random)),
            Self::Music(name, timbre) => (*name, music(count, *timbre, random)),
            Self::Keys => ("keys", keys(count, random)),
            Self::Recorded(name, sound) => {
                let from = random.random_range(0..sound.len().max(1));
                (*name, sound.iter().copied().cycle().skip(from).take(count).collect())
            }
            Self::Quiet(name, hiss, hum) => {
                let (hiss, hum) = (10_f32.powf(hiss / 20.0), 10_f32.powf(hum / 20.0));
                let sound = wave(&|t| hum * 1.41 * (sine(50.0, t) + 0.4 * sine(150.0, t)));
                let sound = sound.into_iter().map(|x| x + hiss * 1.73 * random.random_range(-1.0..1.0_f32)).collect();
                return ((*name).to_owned(), sound);
            }
        };
        (format!("{name} at {level} dB, {seconds:.1} s"), levelled(samples, level))
    }
}

fn sine(hertz: f32, time: f32) -> f32 {
    (TAU * (hertz * time).fract()).sin()
}

/// Whether a cadence sounds at a time.
fn sounds(cadence: &[f32], time: f32) -> bool {
    let mut rest = time % cadence.iter().sum::<f32>().max(0.01);
    for (index, part) in cadence.iter().enumerate() {
        if rest < *part {
            return index % 2 == 0;
        }
        rest -= part;
    }
    false
}

/// 2100 Hz, turned over every 450 ms and beating at 15 Hz: ANSam of V.8.
fn answering_fax(time: f32) -> f32 {
    let turned = if ((time / 0.45) as usize).is_multiple_of(2) { 1.0 } else { -1.0 };
    turned * (1.0 + 0.2 * sine(15.0, time)) * sine(2100.0, time)
}

/// Flags of V.21 at 300 bits a second: 1650 Hz for 1, 1850 Hz for 0, in the byte 01111110.
fn fax_data(time: f32) -> f32 {
    let bit = (time * 300.0) as usize % 8;
    sine(if matches!(bit, 0 | 7) { 1850.0 } else { 1650.0 }, time)
}

/// 950, 1400 and 1800 Hz, each for a third of a second, then a second of silence.
fn special_information(time: f32) -> f32 {
    match (time % 2.0 / 0.333) as usize {
        0 => sine(950.0, time),
        1 => sine(1400.0, time),
        2 => sine(1800.0, time),
        _ => 0.0,
    }
}

/// White noise through one pole for 6 dB an octave, through three small ones for 3 (P. Kellet's economical filter).
fn noise(count: usize, falling: f32, random: &mut StdRng) -> Vec<f32> {
    let (mut slow, mut middle, mut fast, mut pole) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
    (0..count)
        .map(|_| {
            let white: f32 = random.random_range(-1.0..1.0);
            if falling < 1.0 {
                white
            } else if falling < 4.0 {
                slow = 0.997_65 * slow + white * 0.099_046;
                middle = 0.963 * middle + white * 0.296_516_4;
                fast = 0.57 * fast + white * 1.052_691_3;
                slow + middle + fast + white * 0.1848
            } else {
                pole = 0.98 * pole + 0.02 * white;
                pole
            }
        })
        .collect()
}

/// A melody over a bass, in a major scale, of notes from an eighth to half a second.
fn music(count: usize, timbre: fn(f32) -> f32, random: &mut StdRng) -> Vec<f32> {
    const SCALE: [f32; 8] = [0.0, 2.0, 4.0, 5.0, 7.0, 9.0, 11.0, 12.0];
    let mut samples = Vec::with_capacity(count);
    let root: f32 = random.random_range(180.0..330.0);
    while samples.len() < count {
        let step = SCALE.get(random.random_range(0..SCALE.len())).copied().unwrap_or_default();
        let (note, bass) = (root * 2_f32.powf(step / 12.0), root / 2.0);
        let length = [0.125, 0.25, 0.25, 0.5][random.random_range(0..4_usize)];
        let of_note = (length * RATE as f32) as usize;
        samples.extend((0..of_note).map(|i| {
            let time = i as f32 / RATE as f32;
            (1.0 - 0.7 * i as f32 / of_note as f32) * timbre(note * time) + 0.5 * timbre(bass * time)
        }));
    }
    samples.truncate(count);
    samples
}

/// A key of 80 ms every 200 ms.
fn keys(count: usize, random: &mut StdRng) -> Vec<f32> {
    const LOW: [f32; 4] = [697.0, 770.0, 852.0, 941.0];
    const HIGH: [f32; 3] = [1209.0, 1336.0, 1477.0];
    let mut samples = Vec::with_capacity(count);
    while samples.len() < count {
        let low = LOW.get(random.random_range(0..LOW.len())).copied().unwrap_or_default();
        let high = HIGH.get(random.random_range(0..HIGH.len())).copied().unwrap_or_default();
        samples.extend((0..RATE / 5).map(|i| {
            let time = i as f32 / RATE as f32;
            if time < 0.08 { sine(low, time) + sine(high, time) } else { 0.0 }
        }));
    }
    samples.truncate(count);
    samples
}

/// With the louder half of its 20 ms at this level, in decibels of full scale.
fn levelled(samples: Vec<f32>, level: f32) -> Vec<f32> {
    let mut powers: Vec<f32> =
        samples.chunks(RATE as usize / 50).map(|frame| frame.iter().map(|x| x * x).sum::<f32>() / frame.len() as f32).collect();
    powers.sort_unstable_by(|a, b| b.total_cmp(a));
    powers.truncate(powers.len().div_ceil(2));
    powers.retain(|power| *power > 0.0);
    let power = powers.iter().sum::<f32>() / powers.len().max(1) as f32;
    let gain = 10_f32.powf(level / 20.0) / power.sqrt().max(1e-6);
    samples.into_iter().map(|x| (gain * x).clamp(-1.0, 1.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_turns_fill_the_minutes_and_are_the_same_each_time() {
        let recorded = [("street".to_owned(), vec![0.1, -0.1, 0.2])];
        let (turns, again) = (turns(2, &recorded), super::turns(2, &recorded));
        let seconds = |turns: &[Sound]| turns.iter().map(|turn| turn.samples.len()).sum::<usize>() as f32 / RATE as f32;
        assert!((119.0..122.0).contains(&seconds(&turns)), "{}", seconds(&turns));
        assert!(turns.iter().zip(&again).all(|(one, other)| one.kind == other.kind && one.samples == other.samples));
        assert!(turns.iter().all(|turn| turn.samples.iter().all(|x| x.abs() <= 1.0)));
    }

    #[test]
    fn a_cadence_sounds_and_is_silent_by_turns() {
        let british = [0.4, 0.2, 0.4, 2.0];
        let heard: Vec<bool> = [0.1, 0.5, 0.7, 1.5, 3.1].iter().map(|time| sounds(&british, *time)).collect();
        assert_eq!(heard, [true, false, true, false, true]);
        assert!(sounds(&[1.0, 0.0], 77.7));
    }
}
