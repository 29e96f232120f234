//! What the engine's jobs tell the call that asked for them.

use super::thinking::Known;
use crate::lookups::query::Found;
use crate::speech::{EngineError, Recognised, Sound};

/// A job, or a part of one, is done. The number tells whether it is still of interest.
pub(super) enum Done {
    /// Sound of the sentence being spoken; `Ok(None)` when it is complete.
    Piece(u64, Result<Option<Sound>, EngineError>),
    /// The words of a turn.
    Words(u64, Result<Recognised, EngineError>),
    /// How likely the caller had finished at the pause where job of this number began.
    Finished(u64, f32),
    /// What came of asking the language model.
    Thought(u64, Known),
    /// How likely a sentence ends with the words until the pause where the job of this number began, if a language model can tell.
    Reads(u64, Option<f32>),
    /// What came of the look-up of this number.
    Found(u64, Found),
}
