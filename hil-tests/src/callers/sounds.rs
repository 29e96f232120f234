//! What callers say, aloud: made by our voices, and kept in a folder if there is one, by who says what. The next run's callers, who say the same, need not be made again: that is two
//! fifths of what a call costs.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use switchhook::aloud::{Speaker, Voices};

/// The voices, and what they said.
pub struct Sounds<'a> {
    voices: Voices<'a>,
    folder: Option<PathBuf>,
}

impl<'a> Sounds<'a> {
    /// # Errors
    /// If the folder cannot be made.
    pub fn new(voices: Voices<'a>, folder: Option<PathBuf>) -> anyhow::Result<Self> {
        if let Some(folder) = &folder {
            std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        Ok(Self { voices, folder })
    }

    /// What a speaker makes of a text, at the line's rate and level.
    ///
    /// # Errors
    /// If the voice is not installed or fails, or a file cannot be read or written.
    pub fn say(&mut self, speaker: Speaker, text: &str) -> anyhow::Result<Arc<[i16]>> {
        let Some(folder) = &self.folder else { return Ok(self.voices.say(speaker, text)?) };
        let mut hasher = DefaultHasher::new();
        (speaker.name(), text).hash(&mut hasher);
        let path = folder.join(format!("{:016x}.s16", hasher.finish()));
        match std::fs::read(&path) {
            Ok(bytes) => return Ok(bytes.chunks_exact(2).filter_map(|pair| Some(i16::from_le_bytes(pair.try_into().ok()?))).collect()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
        }
        let sound = self.voices.say(speaker, text)?;
        let bytes: Vec<u8> = sound.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        // Others may make the same one at the same time: it is there whole, or not at all.
        let unfinished = tempfile::NamedTempFile::new_in(folder)?;
        std::fs::write(unfinished.path(), bytes)?;
        unfinished.persist(&path).with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(sound)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use switchhook_models::catalog::Store;

    use super::*;

    #[test]
    fn what_was_said_once_needs_no_voice_again() {
        let (folder, nowhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let store = Store::at(nowhere.path());
        let speaker = Speaker { model: "hibari", voice: None, speed: None };
        let mut sounds = Sounds::new(Voices::new(&store), Some(folder.path().to_owned())).unwrap();
        assert!(sounds.say(speaker, "Hello.").is_err(), "no voice is installed there");
        let mut hasher = DefaultHasher::new();
        (speaker.name(), "Hello.").hash(&mut hasher);
        std::fs::write(folder.path().join(format!("{:016x}.s16", hasher.finish())), [1, 0, 255, 255]).unwrap();
        assert_eq!(*sounds.say(speaker, "Hello.").unwrap(), [1, -1]);
    }
}
