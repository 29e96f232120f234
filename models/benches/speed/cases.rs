//! What is heard and said: `benches/cases.toml`.

use std::path::Path;

use serde::Deserialize;
use switchhook_models::audio::wav;
use switchhook_models::{Error, Result};

/// The rate that models hear at, in hertz.
pub const RATE: u32 = 16_000;

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    /// From short to long.
    pub turns: Vec<Turn>,
    pub sentences: Vec<Sentence>,
    pub tokens: Tokens,
}

/// What a caller says at once.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    pub seconds: f32,
    clips: Vec<String>,
}

/// What the robot says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    pub name: String,
    pub text: String,
}

/// How much the language model reads and writes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    pub prompt: usize,
    pub generated: usize,
}

impl Cases {
    pub fn read() -> Result<Self> {
        toml::from_str(include_str!("../cases.toml"))
            .map_err(|fault| Error::Format { path: "benches/cases.toml".into(), what: fault.to_string() })
    }
}

impl Turn {
    /// The turn's samples at [`RATE`].
    pub fn sound(&self) -> Result<Vec<f32>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hil-tests/speech/en");
        let mut samples = Vec::new();
        for clip in &self.clips {
            let path = folder.join(clip);
            let sound = wav::read(&path)?;
            if sound.rate != RATE {
                return Err(Error::Format { path, what: format!("it has {} samples per second, not {RATE}", sound.rate) });
            }
            samples.extend(sound.samples);
        }
        let length = (self.seconds * RATE as f32) as usize;
        if samples.len() < length {
            return Err(Error::Input(format!("{:?} are shorter than {} s", self.clips, self.seconds)));
        }
        samples.truncate(length);
        Ok(samples)
    }
}
