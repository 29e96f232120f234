//! The lists of clips that the examples measure on.

#![allow(clippy::unwrap_used, clippy::expect_used, dead_code)]

use std::path::{Path, PathBuf};

use switchhook_models::Language;

/// The name of a file, for a line of a report.
pub fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Path and reference of each clip in the language. "(same ...)" stands for the line above.
pub fn clips(list: &Path, language: Language) -> Vec<(PathBuf, String)> {
    let text = std::fs::read_to_string(list).expect("the list can be read");
    let mut clips: Vec<(PathBuf, String)> = Vec::new();
    for line in text.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [file, spoken, _, reference, ..] = columns.as_slice() else { continue };
        if *spoken != language.code() || reference.starts_with("(no ") {
            continue;
        }
        let reference = match clips.last() {
            Some((_, above)) if reference.starts_with("(same") => above.clone(),
            _ => (*reference).to_owned(),
        };
        clips.push((list.with_file_name("").join(file), reference));
    }
    clips
}

/// A mono 16-bit WAV at 16 kHz; one at 8 kHz is brought there.
pub fn read(path: &Path) -> Vec<f32> {
    let bytes = std::fs::read(path).expect("the clip can be read");
    let rate = u32::from_le_bytes(bytes[24..28].try_into().expect("a WAV header"));
    let data = bytes.windows(4).position(|tag| tag == b"data").expect("a data chunk") + 8;
    let samples: Vec<f32> = bytes[data..].chunks_exact(2).map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32768.0).collect();
    if rate == 8000 { twice_the_rate(&samples) } else { samples }
}

/// Between each two samples the one that a windowed sinc puts there.
fn twice_the_rate(samples: &[f32]) -> Vec<f32> {
    const REACH: i64 = 32;
    let between = |at: usize| {
        (-REACH..REACH)
            .map(|offset| {
                let sample = usize::try_from(at as i64 + 1 + offset).ok().and_then(|at| samples.get(at)).copied().unwrap_or(0.0);
                let x = (offset as f32 + 0.5) * std::f32::consts::PI;
                sample * x.sin() / x * (0.5 + 0.5 * (x / (REACH as f32 + 0.5)).cos())
            })
            .sum()
    };
    samples.iter().enumerate().flat_map(|(at, sample)| [*sample, between(at)]).collect()
}
