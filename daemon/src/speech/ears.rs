//! A call's ears: the caller's frames in, the beginnings and ends of turns out, with the sound of each turn.

use std::time::Duration;

use switchhook_models::audio::resample::Resampler;
use switchhook_models::vad::{VoiceActivity, WINDOW};

use super::endpoint::{Change, Endpointer};
use super::nearness::Nearness;
use super::turn::CallerSpeech;
use crate::dialog::{Patience, Verdict};
use crate::media::{Frame, SAMPLE_RATE, Tap};
use crate::policy::Disclosed;

/// The rate of recognition.
const RATE: u32 = 16_000;
/// Sound from before the onset belongs to the turn: the detector needs about 100 ms to be sure, and words begin softly.
const BEFORE: usize = RATE as usize * 4 / 10;
/// So much more of a turn is worth being heard along: 256 ms, eight of the detector's windows.
const MORE: usize = 8 * WINDOW;
/// A turn is cut here: recognition takes 30 s at the most.
const LONGEST: usize = RATE as usize * 28;

/// What the caller does.
#[derive(Clone)]
pub enum EarEvent {
    /// They began to speak.
    Onset,
    /// They speak; this is the turn so far, worth being heard along with them.
    More(CallerSpeech),
    /// They paused; this is the turn so far, worth recognising on speculation.
    Pause(CallerSpeech),
    /// They went on: the speculation is void.
    Resumed,
    /// Their turn is over. The sound is that of the last pause, in which nothing but silence came since.
    End {
        /// Silence since the last speech.
        silence: Duration,
    },
    /// The turn was too long and is cut: this is what there is.
    Cut(CallerSpeech),
}

/// Follows one caller. It takes proof that the caller was told to open them; they keep it.
pub struct Ears {
    _proof: Disclosed,
    vad: Box<dyn VoiceActivity>,
    upsample: Resampler,
    endpointer: Endpointer,
    nearness: Nearness,
    /// 16 kHz sound that fills no window yet.
    pending: Vec<f32>,
    /// The last moments before a turn.
    before: Vec<f32>,
    /// The turn so far.
    turn: Option<CallerSpeech>,
    /// So much of it was given to be heard along.
    followed: usize,
    /// Where the call can be overheard: what ears are given, and nothing else of the caller, goes there.
    tap: Option<Tap>,
}

impl Ears {
    /// Open the ears of a call whose caller was told that a robot speaks.
    ///
    /// # Errors
    /// If the two rates cannot be converted, which they can.
    pub fn open(proof: Disclosed, vad: Box<dyn VoiceActivity>) -> switchhook_models::Result<Self> {
        let upsample = Resampler::new(SAMPLE_RATE, RATE)?;
        let endpointer = Endpointer::new(Patience::SHORT);
        let (pending, before) = (Vec::with_capacity(4 * WINDOW), Vec::with_capacity(BEFORE + WINDOW));
        let nearness = Nearness::default();
        Ok(Self { _proof: proof, vad, upsample, endpointer, nearness, pending, before, turn: None, followed: 0, tap: None })
    }

    /// The same ears; who listens along at this place hears of the caller what they hear.
    #[must_use]
    pub fn overheard(self, tap: Tap) -> Self {
        Self { tap: Some(tap), ..self }
    }

    /// Change how much silence ends a turn.
    pub fn set_patience(&mut self, patience: Patience) {
        self.endpointer.set_patience(patience);
    }

    /// What the last pause is, if it goes on.
    pub fn judge(&mut self, verdict: Verdict) {
        self.endpointer.judge(verdict);
    }

    /// Whether the caller is in a turn.
    #[must_use]
    pub fn in_turn(&self) -> bool {
        self.endpointer.in_turn()
    }

    /// There were words in the turn that is over: it was the caller, who is known by their level from now on.
    pub fn were_words(&mut self) {
        self.nearness.were_words();
    }

    /// The caller is asked whether they are there: whoever speaks next is heard, however softly.
    pub fn hear_anybody(&mut self) {
        self.nearness.forget();
    }

    /// Forget what was heard: the robot's own voice on a line that hears itself, or a turn that was answered by a key.
    pub fn forget(&mut self) {
        self.vad.reset();
        self.endpointer.reset();
        self.pending.clear();
        self.before.clear();
        self.turn = None;
    }

    /// What was said of a turn that is not over, because the call is.
    #[must_use]
    pub fn cut_off(&mut self) -> Option<CallerSpeech> {
        let turn = self.turn.take();
        self.forget();
        turn
    }

    /// Take the next 20 ms. At most one event comes of it.
    ///
    /// # Errors
    /// If voice activity detection fails.
    pub fn push(&mut self, frame: &Frame) -> switchhook_models::Result<Option<EarEvent>> {
        if let Some(tap) = &self.tap {
            tap.hears(frame);
        }
        let mut samples = [0.0f32; crate::media::FRAME_SAMPLES];
        for (to, &from) in samples.iter_mut().zip(&frame.0) {
            *to = f32::from(from) / 32_768.0;
        }
        self.upsample.push(&samples, &mut self.pending);
        let mut event = None;
        while let Some((window, _)) = self.pending.split_first_chunk::<WINDOW>() {
            let window = *window;
            self.pending.drain(..WINDOW);
            if let Some(next) = self.window(&window)? {
                event = Some(next);
            }
        }
        Ok(event)
    }

    fn window(&mut self, window: &[f32; WINDOW]) -> switchhook_models::Result<Option<EarEvent>> {
        let probability = self.vad.push(window)?;
        self.nearness.hears(window, probability);
        let change = self.endpointer.push(probability, self.nearness.is_near());
        let turn = match &mut self.turn {
            Some(turn) => {
                turn.extend(window);
                turn
            }
            None => {
                self.before.extend_from_slice(window);
                if change != Some(Change::Onset) {
                    let excess = self.before.len().saturating_sub(BEFORE);
                    self.before.drain(..excess);
                    return Ok(None);
                }
                self.followed = 0;
                self.nearness.begins();
                self.turn.insert(CallerSpeech::begin(&std::mem::take(&mut self.before)))
            }
        };
        if turn.len() > LONGEST {
            let turn = turn.clone();
            self.nearness.ends();
            self.forget();
            return Ok(Some(EarEvent::Cut(turn)));
        }
        let more = turn.len() >= self.followed + MORE;
        let speaks = self.endpointer.speaks();
        Ok(match change {
            Some(Change::Onset) => Some(EarEvent::Onset),
            Some(Change::Pause) => Some(EarEvent::Pause(turn.clone())),
            Some(Change::Resumed) => Some(EarEvent::Resumed),
            Some(Change::End) => {
                let silence = self.endpointer.silence();
                self.nearness.ends();
                self.turn = None;
                Some(EarEvent::End { silence })
            }
            None if speaks && more => {
                self.followed = turn.len();
                Some(EarEvent::More(turn.clone()))
            }
            None => None,
        })
    }
}
