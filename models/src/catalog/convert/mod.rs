//! From what publishers ship to what the runtime reads. One file per architecture; each is a pure function from a folder of checked
//! sources to a folder of finished files.

pub mod whisper;

use std::path::Path;

use crate::Result;

/// Told how far a conversion is, as a fraction in `[0, 1]`.
pub type Progress<'a> = &'a dyn Fn(f32);

/// The form of every converter: read the catalog entry's unpacked sources in `sources`, write the finished files into `out` (which
/// exists and is empty).
pub type Converter = fn(sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()>;
