//! The Kokoro voice: 82 million parameters, English and Mandarin, several speakers, 24 kHz.
//!
//! [`reading`] gives phonemes in misaki's alphabet, which pass through one file after the other. [`albert`] gives each
//! its meaning beside its neighbours; [`prosody`] says how long each lasts and how pitch and energy run; [`text`] encodes the sounds themselves;
//! [`decoder`] brings these together in time, and [`generator`] makes a wave of them, excited by the [`source`], through a [`spectrum`] every
//! 5 samples. All is adapted to a style ([`norm`]), which a speaker has for every number of phonemes. [`pieces`] cuts a text so that it is
//! heard early.
//!
//! The architecture is that of Kokoro-82M (Apache-2.0, hexgrad), which is StyleTTS 2 (Y. A. Li et al. 2023) without diffusion; it is written
//! anew here, on matrices in 8 bits. The noise in the sound is fixed by the phonemes, so the same text always sounds the same.

mod albert;
mod block;
mod decoder;
mod generator;
mod norm;
mod pieces;
mod prosody;
mod reading;
mod source;
mod spectrum;
#[cfg(test)]
mod tests;
mod text;
mod weights;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use candle_core::{Device, Tensor};
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::pauses::{Pauses, Rests};
use super::{Manner, Synthesizer, check_length};
use crate::catalog::Installed;
use crate::catalog::convert::{hibari, kokoro as files};
use crate::text::english::English;
use crate::text::english::tables::{Table, Tables};
use crate::{Cancel, Error, Language, Result};
use decoder::Decoder;
use generator::Generator;
use prosody::Prosody;
use reading::Reader;
use source::{FRAME, SAMPLE_RATE};
use text::TextEncoder;
use weights::Weights;

/// The catalog's name of the voice.
pub const NAME: &str = "kokoro-82m";
/// Phoneme ids that the voice knows.
const IDS: usize = 178;
/// The most ids of a piece, the pauses before and after it counted.
const POSITIONS: usize = 512;
/// Samples that are handed out at once.
const BLOCK: usize = SAMPLE_RATE as usize / 2;
/// Samples of silence that are left before the first word of a text, and where a sentence was cut.
const LEAD: usize = SAMPLE_RATE as usize * 75 / 1000;
/// Steps of a second.
const STEPS: u64 = SAMPLE_RATE as u64 / (2 * FRAME as u64);
/// A piece lasts some seconds; memory grows with it, so one that would last longer than this is not computed.
const MOST_STEPS: u64 = 60 * STEPS;
const THREADS: usize = 2;
/// The active speech level of each speaker, in dBov (`examples/voice_levels.rs`).
const LEVELS: [(&str, f32); 6] =
    [("af_heart", -25.1), ("am_puck", -20.9), ("zf_xiaobei", -22.7), ("zf_xiaoni", -21.6), ("zm_yunxia", -23.0), ("zm_yunyang", -26.6)];

/// The voice, loaded.
pub struct Kokoro {
    reader: Reader,
    ids: Table,
    network: Network,
    speakers: BTreeMap<String, Tensor>,
    /// Who was chosen.
    speaker: Option<String>,
    speed: f32,
    pauses: Pauses,
    threads: ThreadPool,
}

impl Kokoro {
    /// Load the voice. It speaks Mandarin if the dictionaries ([`crate::text::mandarin::NAME`]) are given.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Damaged`] or [`Error::Format`] naming the file that is not what it should be.
    pub fn open(installed: &Installed, mandarin: Option<Installed>) -> Result<Self> {
        let tables = Tables::read(&installed.file(hibari::TABLES))?;
        let mut weights = Weights::open(&installed.file(files::MODEL))?;
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get().min(THREADS));
        let threads = ThreadPoolBuilder::new().num_threads(threads).thread_name(|i| format!("voice-{i}")).build();
        let speakers = speakers(&mut weights)?;
        for language in [Language::En, Language::Zh] {
            if !speakers.contains_key(usual_speaker(language)) {
                return Err(weights.wrong(format!("the speaker `{}` is missing", usual_speaker(language))));
            }
        }
        Ok(Self {
            reader: Reader::new(English::open(&tables, &installed.file(hibari::UNKNOWN))?, mandarin),
            ids: tables.table("ids")?,
            network: Network::load(&mut weights)?,
            speakers,
            speaker: None,
            speed: 1.0,
            pauses: Pauses::default(),
            threads: threads.map_err(|e| Error::Input(format!("no threads for the voice: {e}")))?,
        })
    }

    /// The names of those who can speak, for [`Manner::voice`].
    pub fn speakers(&self) -> impl Iterator<Item = &str> {
        self.speakers.keys().map(String::as_str)
    }

    /// Let `speaker` speak one line of phonemes, the `first` of a text or a later one.
    fn speak_phonemes(
        &self,
        speaker: &str,
        phonemes: &str,
        first: bool,
        rests: &mut Rests,
        cancel: &Cancel,
        sink: &mut Sink<'_>,
    ) -> Result<ControlFlow<()>> {
        let pieces = pieces::pieces(phonemes, first);
        for (index, piece) in pieces.iter().enumerate() {
            let Some((ids, known)) = self.known(piece) else { continue };
            let style = self.style(speaker, ids.len())?;
            // Between two pieces of a sentence, its comma is pause enough.
            let silence = Silence { before: !first && index == 0, after: index + 1 == pieces.len() };
            let change = |durations: &mut [u32]| self.pauses.open(&known, durations);
            let Spoken { wave, durations, left_out } =
                self.threads.install(|| self.network.speak(&ids, &style, self.speed, change, silence, cancel))?;
            rests.line(&known, &durations, left_out);
            let wave = rests.push(&wave);
            for block in wave.chunks(BLOCK) {
                cancel.check()?;
                if sink(block).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// The ids of a piece, without the pauses around it, and the phonemes that have one; `None` if it holds no sound.
    fn known(&self, phonemes: &str) -> Option<(Vec<u32>, Vec<char>)> {
        let id = |c: char| self.ids.get(c.encode_utf8(&mut [0; 4]).as_bytes())?.first().copied().map(u32::from);
        let sounds = phonemes.chars().any(|c| c.is_alphabetic() && id(c).is_some());
        sounds.then(|| phonemes.chars().filter_map(|c| Some((id(c)?, c))).take(POSITIONS - 2).unzip())
    }

    /// A speaker's style for so many phonemes.
    fn style(&self, speaker: &str, phonemes: usize) -> Result<Style> {
        let styles = self.speakers.get(speaker).ok_or_else(|| self.no_speaker(speaker))?;
        let row = styles.get(phonemes.clamp(1, files::STYLES) - 1)?;
        Ok(Style { sound: row.narrow(0, 0, prosody::STYLE)?, prosody: row.narrow(0, prosody::STYLE, prosody::STYLE)? })
    }

    fn no_speaker(&self, name: &str) -> Error {
        let known = self.speakers().collect::<Vec<_>>().join(", ");
        Error::Input(format!("{NAME} has no voice `{name}`; it has {known}"))
    }
}

type Sink<'a> = dyn FnMut(&[f32]) -> ControlFlow<()> + 'a;

impl Synthesizer for Kokoro {
    fn sample_rate(&self) -> u32 {
        SAMPLE_RATE
    }

    fn level(&self, text: &str) -> Option<f32> {
        let speaker = self.speaker.as_deref().unwrap_or(usual_speaker(reading::language(text)));
        LEVELS.iter().find(|(name, _)| *name == speaker).map(|(_, level)| *level)
    }

    fn prepare(&mut self, language: Language) -> Result<()> {
        self.reader.prepare(language)
    }

    fn set_manner(&mut self, manner: &Manner) -> Result<()> {
        let (speed, pauses) = (manner.pace()?, Pauses::of(manner)?);
        if let Some(unknown) = manner.voice.as_deref().filter(|name| !self.speakers.contains_key(*name)) {
            return Err(self.no_speaker(unknown));
        }
        (self.speaker, self.speed, self.pauses) = (manner.voice.clone(), speed, pauses);
        Ok(())
    }

    fn speak(&mut self, text: &str, cancel: &Cancel, sink: &mut dyn FnMut(&[f32]) -> ControlFlow<()>) -> Result<()> {
        check_length(text)?;
        let language = reading::language(text);
        self.reader.prepare(language)?;
        let speaker = self.speaker.as_deref().unwrap_or(usual_speaker(language));
        let mut rests = Rests::new(self.pauses);
        let mut first = true;
        for sentence in self.reader.sentences(language, text)? {
            cancel.check()?;
            for phonemes in self.reader.lines(language, &sentence)? {
                let mut heard = false;
                let mut sound = |sound: &[f32]| {
                    heard = true;
                    sink(sound)
                };
                if self.speak_phonemes(speaker, &phonemes, first, &mut rests, cancel, &mut sound)?.is_break() {
                    return Ok(());
                }
                first &= !heard;
            }
        }
        let held = rests.finish();
        if !held.is_empty() {
            let _ = sink(&held);
        }
        Ok(())
    }
}

/// Who speaks a language unless another is chosen.
fn usual_speaker(language: Language) -> &'static str {
    match language {
        Language::En => "af_heart",
        Language::Zh => "zf_xiaobei",
    }
}

/// Every speaker's styles: `[STYLES, STYLE]`.
fn speakers(weights: &mut Weights) -> Result<BTreeMap<String, Tensor>> {
    let names = weights.names(files::VOICE);
    names
        .into_iter()
        .map(|name| Ok((name.clone(), weights.tensor(&format!("{}{name}", files::VOICE), &[files::STYLES, files::STYLE])?)))
        .collect()
}

/// What everything is adapted to.
struct Style {
    sound: Tensor,
    prosody: Tensor,
}

/// Which of the silences around a piece are kept whole.
#[derive(Clone, Copy)]
struct Silence {
    before: bool,
    after: bool,
}

/// A piece that was spoken.
struct Spoken {
    wave: Vec<f32>,
    /// Steps of the phonemes and the pauses around them.
    durations: Vec<u32>,
    /// Samples that were left out at the beginning.
    left_out: usize,
}

/// The networks.
struct Network {
    prosody: Prosody,
    text: TextEncoder,
    decoder: Decoder,
    generator: Generator,
}

impl Network {
    fn load(w: &mut Weights) -> Result<Self> {
        Ok(Self { prosody: Prosody::load(w)?, text: TextEncoder::load(w)?, decoder: Decoder::load(w)?, generator: Generator::load(w)? })
    }

    /// The wave of a piece; `change` may change how many steps its phonemes last.
    fn speak(
        &self,
        ids: &[u32],
        style: &Style,
        speed: f32,
        change: impl FnOnce(&mut [u32]),
        silence: Silence,
        cancel: &Cancel,
    ) -> Result<Spoken> {
        let seed = ids.iter().fold(0x811c_9dc5_u32, |hash, id| (hash ^ id).wrapping_mul(0x0100_0193));
        let ids = padded(ids)?;
        let (encoded, text) = rayon::join(|| self.prosody.encoded(&ids, &style.prosody, cancel), || self.text.forward(&ids, cancel));
        let (encoded, text) = (encoded?, text?);
        let mut durations = self.prosody.durations(&encoded, speed)?;
        change(&mut durations);
        let steps: u64 = durations.iter().copied().map(u64::from).sum();
        if steps > MOST_STEPS {
            return Err(Error::Input(format!(
                "{} phonemes would last {} s; {} s are the most",
                durations.len(),
                steps / STEPS,
                MOST_STEPS / STEPS
            )));
        }
        let places = prosody::places(&durations)?;
        let contour = self.prosody.contour(&encoded, &places, &style.prosody, cancel)?;
        cancel.check()?;
        let x = self.decoder.forward(&text.index_select(&places, 0)?, &contour, &style.sound, cancel)?;
        let excitation = self.generator.excitation(&contour.pitch.flatten_all()?.to_vec1::<f32>()?, Some(seed))?;
        let spectra = self.generator.spectra(&x, &excitation, &style.sound, cancel)?;
        let mut wave = self.generator.wave(&spectra)?;
        // What the first and the last id, the pauses, last beyond the silence that is left.
        let surplus = |steps: Option<&u32>| (steps.map_or(0, |steps| 2 * *steps as usize * FRAME)).saturating_sub(LEAD).min(wave.len() / 2);
        let (before, after) = (surplus(durations.first()), surplus(durations.last()));
        if !silence.after {
            wave.truncate(wave.len() - after);
        }
        if !silence.before {
            wave.drain(..before);
        }
        Ok(Spoken { wave, durations, left_out: if silence.before { 0 } else { before } })
    }
}

/// The ids between two pauses: `[phonemes]`.
fn padded(ids: &[u32]) -> Result<Tensor> {
    let padded: Vec<u32> = std::iter::once(0).chain(ids.iter().copied()).chain([0]).collect();
    Ok(Tensor::new(padded, &Device::Cpu)?)
}
