//! smart-turn v3.2 (<https://github.com/pipecat-ai/smart-turn>, BSD-2-Clause): has the speaker finished?
//!
//! The way of a turn: [`features`] takes its last 8 s, or puts silence before it, and makes Whisper's spectrogram of them; the encoder of
//! Whisper tiny, trained anew on how people end their turns in many languages, makes one vector per 20 ms of it; [`head`] weighs these moments, and judges
//! their mean.
//!
//! It has a pool of its own, of [`THREADS`] at most: it is asked at the same pause at which recognition begins, and in one pool its few tasks would
//! wait behind those, although the turn ends no sooner than it answers.

mod features;
mod head;

use std::path::Path;

use candle_core::Tensor;
use rayon::{ThreadPool, ThreadPoolBuilder};

use self::features::Features;
use self::head::Head;
use super::TurnDetector;
use crate::asr::weights::Weights;
use crate::asr::whisper::encoder::Encoder;
use crate::catalog::Installed;
use crate::{Cancel, Error, Result};

pub use features::HEARD;

/// The file of the weights.
pub const MODEL: &str = "model.gguf";
/// Threads of a judgement, where the machine gives rayon as many: more do not make 35 ms of work shorter by much.
const THREADS: usize = 2;
/// The architecture that a file of ours names.
pub(crate) const ARCHITECTURE: &str = "smart-turn";

/// An installed smart-turn.
pub struct SmartTurn {
    features: Features,
    encoder: Encoder,
    head: Head,
    threads: ThreadPool,
}

impl SmartTurn {
    /// Open an installed model.
    ///
    /// # Errors
    /// [`Error::Damaged`] if its file cannot be read or is no smart-turn of ours.
    pub fn open(installed: &Installed) -> Result<Self> {
        let path = installed.file(MODEL);
        Self::load(&path).map_err(|fault| Error::Damaged { model: installed.name().to_owned(), path, what: fault.to_string() })
    }

    fn load(path: &Path) -> Result<Self> {
        let mut weights = Weights::open(path, ARCHITECTURE)?;
        let encoder = Encoder::load(&mut weights)?;
        if encoder.positions() != features::FRAMES / 2 {
            return Err(weights.fault(format!("{} positions, not {}", encoder.positions(), features::FRAMES / 2)));
        }
        let head = Head::load(&mut weights)?;
        let count = THREADS.min(rayon::current_num_threads());
        let threads = ThreadPoolBuilder::new().num_threads(count).thread_name(|index| format!("turn-{index}")).build();
        let threads = threads.map_err(|fault| Error::Input(format!("no threads for the end of turns: {fault}")))?;
        Ok(Self { features: Features::new(), encoder, head, threads })
    }

    /// The spectrogram that the encoder is given for `turn`: shape `[800 frames of 10 ms, 80]`. For comparing stages.
    ///
    /// # Errors
    /// As [`TurnDetector::finished`].
    pub fn spectrogram(&self, turn: &[f32]) -> Result<Tensor> {
        self.features.compute(turn)
    }

    /// What the encoder makes of a spectrogram: shape `[400, width]`. For comparing stages.
    ///
    /// # Errors
    /// [`Error::Cancelled`], or [`Error::Candle`] if the spectrogram has another shape.
    pub fn encode(&self, spectrogram: &Tensor, cancel: &Cancel) -> Result<Tensor> {
        self.threads.install(|| self.encoder.forward(spectrogram, None, cancel))
    }

    /// The mean of `encoded` over the moments that count: shape `[1, width]`. For comparing stages.
    ///
    /// # Errors
    /// [`Error::Candle`] if `encoded` has another shape than [`SmartTurn::encode`] gives.
    pub fn pool(&self, encoded: &Tensor) -> Result<Tensor> {
        self.threads.install(|| self.head.pool(encoded))
    }

    /// The probability that a turn with the mean `pooled` is over. For comparing stages.
    ///
    /// # Errors
    /// [`Error::Candle`] if `pooled` has another shape than [`SmartTurn::pool`] gives.
    pub fn judge(&self, pooled: &Tensor) -> Result<f32> {
        self.threads.install(|| self.head.judge(pooled))
    }
}

impl TurnDetector for SmartTurn {
    fn finished(&self, turn: &[f32], cancel: &Cancel) -> Result<f32> {
        cancel.check()?;
        let encoded = self.encode(&self.spectrogram(turn)?, cancel)?;
        self.judge(&self.pool(&encoded)?)
    }
}
