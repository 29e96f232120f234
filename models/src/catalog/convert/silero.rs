//! Silero VAD: the publisher's safetensors file is what the runtime reads; converting it is checking it.

use std::path::Path;

use super::Progress;
use crate::vad::silero::{FILE, Weights};
use crate::{Error, Result};

/// Copy `silero_vad_16k.safetensors` from `sources` to `out`, having read it the way that the runtime will.
///
/// # Errors
/// [`Error::Io`]; [`Error::Format`] if the file is not Silero's 16 kHz model.
pub fn convert(sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()> {
    let source = sources.join(FILE);
    Weights::read(&source)?;
    progress(0.5);
    let target = out.join(FILE);
    std::fs::copy(&source, &target).map_err(Error::io(&target))?;
    progress(1.0);
    Ok(())
}
