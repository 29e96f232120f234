//! For models whose publisher already ships the form that the runtime reads: every source file, under its own name.

use std::path::Path;

use super::Progress;
use crate::{Error, Result};

/// A [`super::Converter`].
pub fn convert(sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()> {
    for file in std::fs::read_dir(sources).map_err(Error::io(sources))? {
        let file = file.map_err(Error::io(sources))?;
        std::fs::copy(file.path(), out.join(file.file_name())).map_err(Error::io(file.path()))?;
    }
    progress(1.0);
    Ok(())
}
