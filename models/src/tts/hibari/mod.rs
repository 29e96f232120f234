//! The hibari voice: a small English voice of one speaker, 24 kHz, some hundred times faster than real time on a desktop core.
//!
//! Text goes through the front end ([`crate::text::english`]) to phonemes. [`prosody`] says how long each lasts and how pitch and energy
//! run; [`decoder`] turns phonemes in time into the parameters of a spectrum every 12.5 ms; [`vocoder`] makes sound of them. The networks
//! are convolutions and attention ([`layers`]) in candle with 8-bit matrices of our own ([`crate::kernels::int8`]).
//!
//! Architecture and weights are those of hibari (Apache-2.0, Maureese Williams), distilled from Kokoro-82M (Apache-2.0, hexgrad); see
//! `models/NOTICE`. The noise in the sound is fixed by the phonemes, so the same text always sounds the same.

mod decoder;
mod layers;
mod prosody;
#[cfg(test)]
mod tests;
mod vocoder;
mod weights;

use std::ops::ControlFlow;

use candle_core::{Device, Tensor};
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::pauses::{Pauses, Rests};
use super::{Manner, Synthesizer, check_length};
use crate::catalog::Installed;
use crate::catalog::convert::hibari as files;
use crate::text::english::English;
use crate::text::english::tables::{Table, Tables};
use crate::{Cancel, Error, Result};
use decoder::Decoder;
use prosody::{Contour, Prosody};
use vocoder::{HOP, SAMPLE_RATE, Vocoder};
use weights::WeightFile;

/// The catalog's name of the voice.
pub const NAME: &str = "hibari";

/// Frames of the first block of sound, and of those after it: the first is short so that it is heard soon.
const FIRST_BLOCK: usize = 40;
const BLOCK: usize = 120;
/// Frames of silence that are left before the first word of a text.
const LEAD: usize = 6;
const THREADS: usize = 2;
/// Its active speech level, in dBov (`examples/voice_levels.rs`).
const LEVEL: f32 = -25.2;

/// The voice, loaded.
pub struct Hibari {
    english: English,
    voice: Voice,
    threads: ThreadPool,
    speed: f32,
    pauses: Pauses,
}

impl Hibari {
    /// Load the voice.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Damaged`] or [`Error::Format`] naming the file that is not what it should be.
    pub fn open(installed: &Installed) -> Result<Self> {
        let tables = Tables::read(&installed.file(files::TABLES))?;
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get().min(THREADS));
        let threads = ThreadPoolBuilder::new().num_threads(threads).thread_name(|i| format!("voice-{i}")).build();
        Ok(Self {
            english: English::open(&tables, &installed.file(files::UNKNOWN))?,
            voice: Voice { ids: tables.table("ids")?, network: Network::open(installed)? },
            threads: threads.map_err(|e| Error::Input(format!("no threads for the voice: {e}")))?,
            speed: 1.0,
            pauses: Pauses::default(),
        })
    }

    /// The phonemes of `text`, piece by piece as they are spoken.
    ///
    /// # Errors
    /// [`Error::Input`] if the text is too long.
    pub fn phonemes(&self, text: &str) -> Result<Vec<String>> {
        check_length(text)?;
        let mut out = Vec::new();
        for sentence in self.english.sentences(text) {
            out.extend(self.english.pieces(&sentence)?);
        }
        Ok(out)
    }
}

impl Synthesizer for Hibari {
    fn sample_rate(&self) -> u32 {
        SAMPLE_RATE
    }

    fn level(&self, _: &str) -> Option<f32> {
        Some(LEVEL)
    }

    fn set_manner(&mut self, manner: &Manner) -> Result<()> {
        if let Some(name) = &manner.voice {
            return Err(Error::Input(format!("{NAME} has one voice, which has no name; it has no `{name}`")));
        }
        (self.speed, self.pauses) = (manner.pace()?, Pauses::of(manner)?);
        Ok(())
    }

    fn speak(&mut self, text: &str, cancel: &Cancel, sink: &mut dyn FnMut(&[f32]) -> ControlFlow<()>) -> Result<()> {
        check_length(text)?;
        let Self { english, voice, threads, speed, pauses } = self;
        let mut rests = Rests::new(*pauses);
        let mut begun = false;
        for sentence in english.sentences(text) {
            cancel.check()?;
            for piece in english.pieces(&sentence)? {
                cancel.check()?;
                let Some((ids, phonemes)) = voice.ids(&piece) else { continue };
                let change = |durations: &mut [u32]| pauses.open(&phonemes, durations);
                let mut speaking = threads.install(|| voice.network.speech(&ids, *speed, change, !begun, cancel))?;
                begun = true;
                rests.line(&phonemes, &speaking.durations, speaking.skip);
                while let Some(sound) = threads.install(|| voice.network.next(&mut speaking)) {
                    cancel.check()?;
                    let sound = rests.push(&sound);
                    if !sound.is_empty() && sink(&sound).is_break() {
                        return Ok(());
                    }
                }
            }
        }
        let sound = rests.finish();
        if !sound.is_empty() {
            let _ = sink(&sound);
        }
        Ok(())
    }
}

struct Voice {
    ids: Table,
    network: Network,
}

impl Voice {
    /// The ids of a phoneme line between two pauses, and the phonemes that have one; `None` if it holds no sound.
    fn ids(&self, phonemes: &str) -> Option<(Vec<u32>, Vec<char>)> {
        if !phonemes.chars().any(char::is_alphabetic) {
            return None;
        }
        let id = |c: char| self.ids.get(c.encode_utf8(&mut [0; 4]).as_bytes())?.first().copied();
        let (known, phonemes): (Vec<u32>, Vec<char>) = phonemes.chars().filter_map(|c| Some((u32::from(id(c)?), c))).unzip();
        Some((std::iter::once(0).chain(known).chain([0]).collect(), phonemes))
    }
}

/// The networks and the vocoder.
struct Network {
    prosody: Prosody,
    decoder: Decoder,
    vocoder: Vocoder,
}

/// A piece that is being spoken.
struct Speech {
    piece: vocoder::Piece,
    activations: crate::kernels::int8::Activations,
    /// Steps per phoneme.
    durations: Vec<u32>,
    frames: usize,
    done: usize,
    /// Samples yet to be left out.
    skip: usize,
}

impl Network {
    fn open(installed: &Installed) -> Result<Self> {
        let file = WeightFile::read(installed.file(files::VOICE))?;
        let weights = file.weights()?;
        Ok(Self { prosody: Prosody::load(&weights)?, decoder: Decoder::load(&weights)?, vocoder: Vocoder::new() })
    }

    /// Everything up to the spectrum's parameters; `change` may change how long phonemes last, `trim` shortens the silence at the start.
    fn speech(&self, ids: &[u32], speed: f32, change: impl FnOnce(&mut [u32]) + Send, trim: bool, cancel: &Cancel) -> Result<Speech> {
        let seed = ids.iter().fold(0x811c_9dc5_u32, |hash, id| (hash ^ id).wrapping_mul(0x0100_0193));
        let ids = Tensor::new(ids, &Device::Cpu)?;
        let (contour, text) = rayon::join(|| self.prosody.forward(&ids, speed, change), || self.decoder.text(&ids));
        let (contour, text) = (contour?, text?);
        let x = self.decoder.blocks(self.decoder.enter(&text, &contour)?, || cancel.check())?;
        let pitch = contour.pitch.to_vec1::<f32>()?;
        let skip = if trim { lead(&contour).saturating_sub(LEAD) * HOP } else { 0 };
        Ok(Speech {
            piece: self.vocoder.piece(&pitch, Some(seed)),
            activations: self.decoder.normalised(&x)?,
            durations: contour.durations,
            frames: pitch.len(),
            done: 0,
            skip,
        })
    }

    /// The next block of sound, or `None` after the last.
    fn next(&self, speech: &mut Speech) -> Option<Vec<f32>> {
        while speech.done < speech.frames {
            // What is skipped belongs to the first block, or its sound would come late.
            let block = if speech.done == 0 { FIRST_BLOCK + speech.skip / HOP } else { BLOCK };
            let frames = speech.done..(speech.done + block).min(speech.frames);
            speech.done = frames.end;
            let parameters = self.decoder.parameters(&speech.activations, frames);
            let mut sound = self.vocoder.sound(&mut speech.piece, &parameters);
            let skipped = speech.skip.min(sound.len());
            speech.skip -= skipped;
            sound.drain(..skipped);
            if !sound.is_empty() {
                return Some(sound);
            }
        }
        None
    }
}

/// Frames of the pause before the first phoneme.
fn lead(contour: &Contour) -> usize {
    contour.durations.first().map_or(0, |steps| 2 * *steps as usize)
}
