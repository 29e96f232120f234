//! What a line brings while somebody has put the robot on hold. All of it is made here; none is a recording.
//!
//! Tones are those of ITU-T E.180 supplement 2; the singer's formants are those of a tenor's vowels (Peterson and Barney 1952, Sundberg 1987 for the vibrato).

use std::f32::consts::TAU;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use switchhook::media::SAMPLE_RATE;

const RATE: f32 = SAMPLE_RATE as f32;
const SEED: u64 = 41;

/// A kind of it: a name, and so many seconds at any level.
pub struct Music {
    pub name: &'static str,
    make: fn(usize) -> Vec<f32>,
}

pub const ALL: [Music; 9] = [
    Music { name: "piano: chords, a melody, decay", make: piano },
    Music { name: "strings: slow chords", make: strings },
    Music { name: "drums: noise and thumps", make: drums },
    Music { name: "band: piano, strings and drums", make: band },
    Music { name: "singer: a melody with vibrato on changing vowels", make: singer },
    Music { name: "humming: vibrato without words", make: humming },
    Music { name: "hold tone, 425 Hz", make: |count| tone(count, &[425.0], &[0.2, 0.2, 0.2, 4.4]) },
    Music { name: "hold tone, 440 Hz", make: |count| tone(count, &[440.0], &[0.5, 1.5]) },
    Music { name: "ring-back, North America", make: |count| tone(count, &[440.0, 480.0], &[2.0, 4.0]) },
];

impl Music {
    /// At the line's rate, its power on average at so many decibels of full scale.
    pub fn lasts(&self, seconds: usize, decibels: f32) -> Vec<i16> {
        let sound = (self.make)(seconds * SAMPLE_RATE as usize);
        let power = sound.iter().map(|x| x * x).sum::<f32>() / sound.len() as f32;
        let gain = 32_768.0 * 10f32.powf(decibels / 20.0) / power.sqrt();
        sound.iter().map(|x| (gain * x) as i16).collect()
    }
}

fn sine(hertz: f32, time: f32) -> f32 {
    (TAU * (hertz * time).fract()).sin()
}

/// The frequency of a note, in semitones above A of 220 Hz.
fn note(semitones: i32) -> f32 {
    220.0 * 2f32.powf(semitones as f32 / 12.0)
}

fn tone(count: usize, frequencies: &[f32], cadence: &[f32]) -> Vec<f32> {
    let sounds = |time: f32| {
        let mut rest = time % cadence.iter().sum::<f32>();
        cadence.iter().enumerate().find_map(|(place, part)| {
            let within = rest < *part;
            rest -= part;
            within.then_some(place % 2 == 0)
        })
    };
    let sample = |time: f32| frequencies.iter().map(|hertz| sine(*hertz, time)).sum::<f32>();
    (0..count).map(|at| at as f32 / RATE).map(|time| if sounds(time) == Some(true) { sample(time) } else { 0.0 }).collect()
}

/// The triads of C, A minor, F and G, two seconds each.
const CHORDS: [[i32; 3]; 4] = [[3, 7, 10], [0, 3, 7], [-4, 0, 3], [-2, 2, 5]];

/// Adds a struck string.
fn strike(into: &mut [f32], from: f32, hertz: f32, loud: f32) {
    let begin = (from * RATE) as usize;
    for (at, sample) in into.iter_mut().skip(begin).take(2 * SAMPLE_RATE as usize).enumerate() {
        let time = at as f32 / RATE;
        let partial = |n: f32| sine(n * hertz * (1.0 + 0.0004 * n * n), time) * (-time * (1.5 + 1.2 * n)).exp() / n;
        *sample += loud * [1.0, 2.0, 3.0, 4.0, 5.0].into_iter().filter(|n| n * hertz < 3_400.0).map(partial).sum::<f32>();
    }
}

fn piano(count: usize) -> Vec<f32> {
    let mut random = StdRng::seed_from_u64(SEED);
    let mut sound = vec![0.0; count];
    for bar in 0..count / (2 * SAMPLE_RATE as usize) {
        let (from, chord) = (2.0 * bar as f32, CHORDS[bar % CHORDS.len()]);
        for semitones in chord {
            strike(&mut sound, from, note(semitones - 12), 0.5);
            strike(&mut sound, from + 1.0, note(semitones), 0.3);
        }
        for eighth in 0..8 {
            if random.random_bool(0.7) {
                strike(&mut sound, from + 0.25 * eighth as f32, note(chord[random.random_range(0..3)] + 12), 0.6);
            }
        }
    }
    sound
}

fn strings(count: usize) -> Vec<f32> {
    let bowed = |hertz: f32, time: f32| {
        let hertz = hertz * (1.0 + 0.004 * sine(5.2, time));
        (1..12).map(|n| n as f32).filter(|n| n * hertz < 3_400.0).map(|n| sine(n * hertz, time) / n).sum::<f32>()
    };
    let sample = |at: usize| {
        let time = at as f32 / RATE;
        let swell = (TAU * time / 4.0).sin().abs().max(0.1);
        swell * CHORDS[(time / 4.0) as usize % CHORDS.len()].iter().map(|semitones| bowed(note(*semitones), time)).sum::<f32>()
    };
    (0..count).map(sample).collect()
}

fn drums(count: usize) -> Vec<f32> {
    let mut random = StdRng::seed_from_u64(SEED);
    (0..count)
        .map(|at| {
            let time = at as f32 / RATE;
            let (beat, within) = ((time / 0.5) as usize, time % 0.5);
            let thump = sine(55.0 + 60.0 * (-40.0 * within).exp(), within) * (-12.0 * within).exp();
            let noise: f32 = random.random_range(-1.0..1.0);
            let snare = if beat % 2 == 1 { noise * (-18.0 * within).exp() } else { 0.0 };
            let hat = 0.3 * noise * (-60.0 * (time % 0.25)).exp();
            thump + snare + hat
        })
        .collect()
}

fn band(count: usize) -> Vec<f32> {
    let (piano, strings, drums) = (piano(count), strings(count), drums(count));
    piano.iter().zip(&strings).zip(&drums).map(|((piano, strings), drums)| piano + 0.2 * strings + 0.8 * drums).collect()
}

/// First, second and third formant of "ah", "eh", "oh" and "oo", in hertz.
const VOWELS: [[f32; 3]; 4] = [[700.0, 1150.0, 2600.0], [530.0, 1840.0, 2480.0], [450.0, 800.0, 2830.0], [325.0, 700.0, 2700.0]];

/// A voice without consonants: harmonics under formants, a note of half a second to a second and a half each.
fn voice(count: usize, vowels: &[[f32; 3]], rests: bool) -> Vec<f32> {
    let mut random = StdRng::seed_from_u64(SEED);
    let mut sound = Vec::with_capacity(count);
    let mut phase = 0.0f32;
    while sound.len() < count {
        let length = [0.5, 0.75, 1.0, 1.5][random.random_range(0..4)] * RATE;
        let hertz = note(CHORDS[random.random_range(0..4)][random.random_range(0..3)] - 5);
        let formants = vowels[random.random_range(0..vowels.len())];
        let loud = if rests && random.random_bool(0.15) { 0.0 } else { 1.0 };
        for at in 0..length as usize {
            let time = at as f32 / RATE;
            let now = hertz * (1.0 + 0.025 * sine(5.5, time));
            phase = (phase + now / RATE).fract();
            let swell = (at as f32 / 800.0).min((length - at as f32) / 1_200.0).min(1.0);
            let harmonic = |n: f32| {
                let near = |formant: &f32| 1.0 / (1.0 + ((n * now - formant) / 90.0).powi(2));
                (TAU * (n * phase).fract()).sin() * formants.iter().map(near).sum::<f32>() / n.sqrt()
            };
            sound.push(loud * swell * (1..24).map(|n| n as f32).filter(|n| n * now < 3_400.0).map(harmonic).sum::<f32>());
        }
    }
    sound.truncate(count);
    sound
}

fn singer(count: usize) -> Vec<f32> {
    voice(count, &VOWELS, true)
}

fn humming(count: usize) -> Vec<f32> {
    voice(count, &[[300.0, 900.0, 2_200.0]], false)
}
