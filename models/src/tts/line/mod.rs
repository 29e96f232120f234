//! A voice as it goes to the telephone: at the line's rate, limited to its band, as loud as every other voice.
//!
//! Voices come at levels 6 dB apart. Each was measured once, over [`sentences`] that a robot says ([`Synthesizer::level`]), so its gain is known
//! before its first sample: nothing waits for the end of a sentence, and one sentence is as loud beside the next as the voice made it.
//! The measure is ITU-T P.56's active level ([`crate::audio::level`]), which leaves out pauses. A [`Limiter`] holds peaks below the line's
//! full scale, between samples too.
//!
//! Rate conversion and limiter look ahead 10 ms; that is all that sound is later for it.

mod limiter;
pub mod sentences;

use std::ops::ControlFlow;

use self::limiter::Limiter;
use super::{Manner, Synthesizer};
use crate::audio::resample::Resampler;
use crate::{Cancel, Error, Result};

/// Rates of telephones: narrow and wide band.
const RATES: [u32; 2] = [8_000, 16_000];
/// Levels that speech can be told to have. Louder would be limited all the time.
const LEVELS: std::ops::RangeInclusive<f32> = -40.0..=-14.0;
/// What no peak exceeds, as a part of full scale: -1 dB.
const PEAK: f32 = 0.891;

/// How a voice is to reach the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ForLine {
    /// Samples per second: 8,000 or 16,000.
    pub rate: u32,
    /// The active speech level, in dBov.
    pub level: f32,
}

impl Default for ForLine {
    /// Narrow band at -20 dBov.
    fn default() -> Self {
        Self { rate: 8_000, level: -20.0 }
    }
}

impl ForLine {
    /// `voice`, as this says. A voice whose level was never measured passes with its own, limited.
    ///
    /// # Errors
    /// [`Error::Input`] if the rate is no telephone's, or the level is not between -40 and -14 dBov.
    pub fn voice(self, voice: Box<dyn Synthesizer>) -> Result<OnLine> {
        if !RATES.contains(&self.rate) {
            return Err(Error::Input(format!("a line of {} Hz; use 8,000 or 16,000", self.rate)));
        }
        if !LEVELS.contains(&self.level) {
            let (least, most) = (LEVELS.start(), LEVELS.end());
            return Err(Error::Input(format!("speech of {} dBov; use a level between {least} and {most}", self.level)));
        }
        Ok(OnLine { resampler: Resampler::new(voice.sample_rate(), self.rate)?, limiter: Limiter::new(self.rate, PEAK), voice, form: self })
    }
}

/// A voice on the line.
pub struct OnLine {
    voice: Box<dyn Synthesizer>,
    form: ForLine,
    resampler: Resampler,
    limiter: Limiter,
}

impl Synthesizer for OnLine {
    fn sample_rate(&self) -> u32 {
        self.form.rate
    }

    fn level(&self, text: &str) -> Option<f32> {
        self.voice.level(text).map(|_| self.form.level)
    }

    fn set_manner(&mut self, manner: &Manner) -> Result<()> {
        self.voice.set_manner(manner)
    }

    fn speak(&mut self, text: &str, cancel: &Cancel, sink: &mut dyn FnMut(&[f32]) -> ControlFlow<()>) -> Result<()> {
        let gain = self.voice.level(text).map_or(1.0, |level| 10.0_f32.powf((self.form.level - level) / 20.0));
        let Self { voice, form, resampler, limiter } = self;
        // What a text before left behind, if it was broken off.
        *resampler = Resampler::new(voice.sample_rate(), form.rate)?;
        limiter.reset();
        let (mut converted, mut out) = (Vec::new(), Vec::new());
        let mut stopped = false;
        voice.speak(text, cancel, &mut |sound| {
            resampler.push(sound, &mut converted);
            converted.iter_mut().for_each(|sample| *sample *= gain);
            limiter.push(&converted, &mut out);
            converted.clear();
            if out.is_empty() {
                return ControlFlow::Continue(());
            }
            let flow = sink(&out);
            out.clear();
            stopped = flow.is_break();
            flow
        })?;
        if stopped {
            return Ok(());
        }
        resampler.finish(&mut converted);
        converted.iter_mut().for_each(|sample| *sample *= gain);
        limiter.push(&converted, &mut out);
        limiter.finish(&mut out);
        let _ = sink(&out);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
