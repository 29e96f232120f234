//! One call on a clock of its own: frame by frame through the line into the robot's ears.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use switchhook_models::{Error, Language, Result};
use tokio::task::unconstrained;

use super::line::Line;
use crate::dialog::{Expected, Judge, Patience};
use crate::media::{FRAME, FRAME_SAMPLES, Frame, Playout, SAMPLE_RATE};
use crate::policy::{Disclosed, Disclosure, Evidence};
use crate::speech::{Listener, Listening, Noticed};

/// After a caller has finished, no turn stays open for longer than this: what they say is over within 1.2 s of silence unless noise keeps it open.
const LONGEST_TAIL: Duration = Duration::from_secs(6);
/// How fast the robot speaks, in characters a second, as our voices do on average.
const PACE_EN: f64 = 14.0;
const PACE_ZH: f64 = 4.4;

/// A turn of the caller's, as the robot heard it.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Its words; empty if none were found.
    pub text: String,
    /// Whether there are none because it is not sure which of few answers was given.
    pub unsure: bool,
    /// What they mean, as a vector, where a model tells.
    pub vector: Option<Vec<f32>>,
    /// When it was taken to be over, since the call began.
    pub at: Duration,
}

/// A call.
pub struct Call<'a> {
    listening: Listening<'a>,
    line: Line,
    frames: u32,
    evidence: Evidence,
}

/// Play the disclosure on the call's own clock; `pass` is called for each frame of it.
fn disclose(disclosure: Disclosure, language: Language, mut pass: impl FnMut()) -> Result<Disclosed> {
    let length = speaking_time(disclosure.text(), language).as_secs_f64() * f64::from(SAMPLE_RATE);
    let sound: Arc<[i16]> = vec![0; length as usize].into();
    let (mouth, clock) = Playout::new();
    let unplayed = || Error::Input("the disclosure was not played to its end".to_owned());
    let playing = disclosure.prepared(sound).map_err(|error| Error::Input(error.to_string()))?.play(&mouth).ok_or_else(unplayed)?;
    while !mouth.is_idle() {
        clock.tick();
        pass();
    }
    // Where many calls follow one another in one task, tokio would have the hundredth wait for its turn.
    unconstrained(playing.finished()).now_or_never().flatten().ok_or_else(unplayed)
}

/// How long the robot speaks for this.
#[must_use]
pub fn speaking_time(text: &str, language: Language) -> Duration {
    let pace = match language {
        Language::En => PACE_EN,
        Language::Zh => PACE_ZH,
    };
    Duration::from_secs_f64(text.chars().count() as f64 / pace)
}

impl<'a> Call<'a> {
    /// Answer a caller on this line, and tell them that a robot speaks; only then are they listened to.
    ///
    /// # Errors
    /// If the disclosure cannot be played, or a model fails.
    pub fn answer(listener: &'a mut Listener, disclosure: Disclosure, language: Language, mut line: Line) -> Result<Self> {
        let mut frames = 0;
        let proof = disclose(disclosure, language, || {
            line.pass(Frame::SILENCE);
            frames += 1;
        })?;
        let evidence = proof.evidence().clone();
        Ok(Self { listening: listener.listen(proof)?, line, frames, evidence })
    }

    /// What the caller was told before they were listened to.
    #[must_use]
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// How long the call has lasted.
    #[must_use]
    pub fn lasted(&self) -> Duration {
        FRAME * self.frames
    }

    /// How the caller is listened to from now on, and what their pauses are held against.
    pub fn expect(&mut self, expected: Expected, patience: Patience, judge: Judge) {
        self.listening.expect(expected, patience, judge);
    }

    /// The caller says nothing for so long; what their room made of it, if the robot took it for a turn.
    ///
    /// # Errors
    /// If a model fails.
    pub fn quiet(&mut self, lasts: Duration) -> Result<Vec<Heard>> {
        let mut heard = Vec::new();
        let end = self.lasted() + lasts;
        while self.lasted() < end {
            heard.extend(self.frame(Frame::SILENCE)?);
        }
        Ok(heard)
    }

    /// The caller says this, so much louder or softer than our voices do, and then waits until the robot takes it to be over: nothing, if it was not noticed; more
    /// than one turn if a pause in it was taken for the end.
    ///
    /// # Errors
    /// If a model fails.
    pub fn says(&mut self, sound: &[i16], decibels: f32) -> Result<Vec<Heard>> {
        let gain = 10_f32.powf(decibels / 20.0);
        let mut heard = Vec::new();
        for piece in sound.chunks(FRAME_SAMPLES) {
            let mut frame = Frame::padded(piece);
            for sample in &mut frame.0 {
                // `as` saturates.
                *sample = (f32::from(*sample) * gain) as i16;
            }
            heard.extend(self.frame(frame)?);
        }
        let end = self.lasted() + LONGEST_TAIL;
        while self.listening.in_turn() && self.lasted() < end {
            heard.extend(self.frame(Frame::SILENCE)?);
        }
        self.listening.forget();
        Ok(heard)
    }

    fn frame(&mut self, spoken: Frame) -> Result<Option<Heard>> {
        self.frames += 1;
        Ok(match self.listening.push(&self.line.pass(spoken))? {
            Some(Noticed::End { heard, .. }) => {
                let unsure = heard.is_unsure();
                Some(Heard { text: heard.transcript.text, unsure, vector: heard.vector, at: FRAME * self.frames })
            }
            Some(Noticed::Onset) | None => None,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use switchhook_models::Locale;

    use super::*;
    use crate::aloud::rehearse::some_office;

    #[tokio::test]
    async fn as_many_calls_as_one_likes_are_answered_in_one_task() {
        for _ in 0..300 {
            let mut frames = 0;
            disclose(Disclosure::of(&some_office(Locale::En)).unwrap(), Language::En, || frames += 1).unwrap();
            assert!(frames > 100);
        }
    }
}
