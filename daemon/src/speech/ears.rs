//! A call's ears: the caller's frames in, the beginnings and ends of turns out, with the sound of each turn.

use std::sync::Arc;
use std::time::Duration;

use switchhook_models::audio::resample::Resampler;
use switchhook_models::vad::{VoiceActivity, WINDOW};

use super::endpoint::{Change, Endpointer};
use crate::dialog::Patience;
use crate::media::{Frame, SAMPLE_RATE};
use crate::policy::Disclosed;

/// The rate of recognition.
const RATE: u32 = 16_000;
/// Sound from before the onset belongs to the turn: the detector needs about 100 ms to be sure, and words begin softly.
const BEFORE: usize = RATE as usize * 4 / 10;
/// A turn is cut here: recognition takes 30 s at the most.
const LONGEST: usize = RATE as usize * 28;

/// What a caller said, 16 kHz. Only ears make it, and only whoever was told that a robot listens has ears: what is recognised was
/// said after the disclosure, by type.
///
/// ```compile_fail
/// # use std::sync::Arc;
/// # use switchhook::speech::{CallerSpeech, Engine};
/// # use switchhook_models::Cancel;
/// async fn overhear(engine: &Engine, sound: Arc<[f32]>) {
///     let _ = engine.hear(CallerSpeech(sound), None, Cancel::new()).await;
/// }
/// ```
#[derive(Clone)]
pub struct CallerSpeech(Arc<[f32]>);

impl CallerSpeech {
    /// The samples, in `[-1, 1]`.
    pub(super) fn samples(&self) -> &[f32] {
        &self.0
    }
}

/// What the caller does.
#[derive(Clone)]
pub enum EarEvent {
    /// They began to speak.
    Onset,
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
    /// 16 kHz sound that fills no window yet.
    pending: Vec<f32>,
    /// The turn so far, or the last moments before one.
    turn: Vec<f32>,
}

impl Ears {
    /// Open the ears of a call whose caller was told that a robot speaks.
    ///
    /// # Errors
    /// If the two rates cannot be converted, which they can.
    pub fn open(proof: Disclosed, vad: Box<dyn VoiceActivity>) -> switchhook_models::Result<Self> {
        let upsample = Resampler::new(SAMPLE_RATE, RATE)?;
        let endpointer = Endpointer::new(Patience::SHORT.endpoint);
        let (pending, turn) = (Vec::with_capacity(4 * WINDOW), Vec::with_capacity(RATE as usize * 8));
        Ok(Self { _proof: proof, vad, upsample, endpointer, pending, turn })
    }

    /// Change how much silence ends a turn.
    pub fn set_patience(&mut self, patience: Patience) {
        self.endpointer.set_patience(patience.endpoint);
    }

    /// Whether the caller is in a turn.
    #[must_use]
    pub fn in_turn(&self) -> bool {
        self.endpointer.in_turn()
    }

    /// Forget what was heard: the robot's own voice on a line that hears itself, or a turn that was answered by a key.
    pub fn forget(&mut self) {
        self.vad.reset();
        self.endpointer.reset();
        self.pending.clear();
        self.turn.clear();
    }

    /// What was said of a turn that is not over, because the call is.
    #[must_use]
    pub fn cut_off(&mut self) -> Option<CallerSpeech> {
        let turn = self.in_turn().then(|| CallerSpeech(self.turn.as_slice().into()));
        self.forget();
        turn
    }

    /// Take the next 20 ms. At most one event comes of it.
    ///
    /// # Errors
    /// If voice activity detection fails.
    pub fn push(&mut self, frame: &Frame) -> switchhook_models::Result<Option<EarEvent>> {
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
        self.turn.extend_from_slice(window);
        let change = self.endpointer.push(probability);
        if !self.endpointer.in_turn() && change.is_none() {
            let excess = self.turn.len().saturating_sub(BEFORE);
            self.turn.drain(..excess);
        }
        if self.turn.len() > LONGEST {
            let turn = CallerSpeech(self.turn.as_slice().into());
            self.forget();
            return Ok(Some(EarEvent::Cut(turn)));
        }
        Ok(change.map(|change| match change {
            Change::Onset => EarEvent::Onset,
            Change::Pause => EarEvent::Pause(CallerSpeech(self.turn.as_slice().into())),
            Change::Resumed => EarEvent::Resumed,
            Change::End => {
                let silence = self.endpointer.silence();
                self.turn.clear();
                EarEvent::End { silence }
            }
        }))
    }
}
