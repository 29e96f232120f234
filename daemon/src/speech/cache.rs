//! Prompts on disk: what the voice always says, kept as sound from one start to the next. A voice that needs as long to speak as a listener to
//! listen would hold up every start otherwise.
//!
//! A file is named by what it depends on: the text, the voice with the sums of its files, and this program's way of preparing sound for the
//! line. Nothing that a caller said is ever kept here: only sentences that stand in the scenario or the configuration are asked for.
//! Whatever is wrong with a file, it is as if it were not there; whatever is wrong with the folder, the house opens without it.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};

use super::engine::Sound;

/// All files together are no longer than this: 64 MiB, more than an hour of sound.
const MOST_BYTES: u64 = 64 << 20;
/// No prompt is longer than this: two minutes at 8 kHz.
const LONGEST: u64 = 2 * 120 * 8_000;
/// Raised whenever sound is prepared for the line in another way.
const REVISION: u32 = 2;
/// What stands before the samples: the digest of what follows.
const DIGEST: usize = 32;
/// How our files end.
const ENDING: &str = "pcm";
/// And how, while they are being written.
const UNFINISHED: &str = "part";
/// Nobody writes a file for so long: it is what a power cut left.
const LEFT_BEHIND: Duration = Duration::from_secs(3_600);

/// A folder of prompts in one voice.
pub(super) struct Cache {
    folder: PathBuf,
    /// The voice's name and the version of its installation.
    voice: String,
}

impl Cache {
    /// The prompts of this voice in `folder`, which is made if it is not there. `None` if that cannot be.
    pub(super) fn open(folder: &Path, voice: String) -> Option<Self> {
        match fs::create_dir_all(folder) {
            Ok(()) => Some(Self { folder: folder.to_owned(), voice }),
            Err(error) => {
                let place = folder.display();
                log::warn!(event = "prompt-cache"; "prompts are spoken anew at every start, because {place} cannot be made: {error}; name another folder as models.prompts");
                None
            }
        }
    }

    /// The sound of `text`, if it is here and whole.
    pub(super) fn get(&self, text: &str) -> Option<Sound> {
        let file = File::open(self.path(text)).ok()?;
        let mut bytes = Vec::new();
        (&file).take(LONGEST + DIGEST as u64 + 1).read_to_end(&mut bytes).ok()?;
        let (digest, samples) = bytes.split_at_checked(DIGEST)?;
        if samples.is_empty() || samples.len() as u64 > LONGEST || Sha256::digest(samples).as_slice() != digest {
            return None;
        }
        // What was used last goes last. A clock that cannot be written to costs only that.
        let _ = file.set_modified(SystemTime::now());
        Some(samples.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect())
    }

    /// Keep the sound of `text`: whole, or not at all if power fails.
    pub(super) fn put(&self, text: &str, sound: &[i16]) {
        if let Err(error) = self.write(text, sound) {
            log::warn!(event = "prompt-cache"; "a prompt could not be kept in {}: {error}", self.folder.display());
        }
    }

    fn write(&self, text: &str, sound: &[i16]) -> std::io::Result<()> {
        let samples: Vec<u8> = sound.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        if samples.is_empty() || samples.len() as u64 > LONGEST {
            return Ok(());
        }
        let mut file = tempfile::Builder::new().suffix(&format!(".{UNFINISHED}")).tempfile_in(&self.folder)?;
        std::io::Write::write_all(&mut file, &Sha256::digest(&samples))?;
        std::io::Write::write_all(&mut file, &samples)?;
        file.as_file().sync_data()?;
        file.persist(self.path(text))?;
        Ok(())
    }

    /// Throw away what was not used for longest, as far as there is too much.
    pub(super) fn trim(&self) {
        trim(&self.folder, MOST_BYTES);
    }

    fn path(&self, text: &str) -> PathBuf {
        let mut name = Sha256::new();
        name.update(REVISION.to_le_bytes());
        for part in [self.voice.as_str(), text] {
            name.update((part.len() as u64).to_le_bytes());
            name.update(part);
        }
        let name: String = name.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(format!("{name}.{ENDING}"))
    }
}

fn trim(folder: &Path, most: u64) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let (mut files, mut unfinished) = (Vec::new(), Vec::new());
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok((modified, length)) = entry.metadata().and_then(|found| Ok((found.modified()?, found.len()))) else { continue };
        match path.extension().and_then(|ending| ending.to_str()) {
            Some(ENDING) => files.push((modified, length, path)),
            Some(UNFINISHED) if modified.elapsed().is_ok_and(|age| age > LEFT_BEHIND) => unfinished.push(path),
            _ => {}
        }
    }
    for path in unfinished {
        // Another process may have been faster, here and below.
        let _ = fs::remove_file(path);
    }
    files.sort();
    let mut bytes: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
    for (_, length, path) in files {
        if bytes <= most {
            return;
        }
        let _ = fs::remove_file(path);
        bytes -= length;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn cache(folder: &Path, voice: &str) -> Cache {
        Cache::open(folder, voice.to_owned()).unwrap()
    }

    #[test]
    fn a_prompt_is_kept_for_its_text_and_its_voice_alone() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("prompts");
        cache(&place, "one").put("Hello.", &[1, -2, i16::MIN]);
        assert_eq!(cache(&place, "one").get("Hello."), Some(vec![1, -2, i16::MIN]));
        assert_eq!(cache(&place, "one").get("Hello"), None);
        assert_eq!(cache(&place, "another").get("Hello."), None);
    }

    #[test]
    fn a_file_that_was_cut_or_altered_is_as_if_it_were_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path(), "one");
        cache.put("Hello.", &[7; 100]);
        let whole = fs::read(cache.path("Hello.")).unwrap();
        let mut altered = whole.clone();
        altered[DIGEST] ^= 1;
        for bytes in [&whole[..10], &whole[..DIGEST], &whole[..DIGEST + 50], &altered] {
            fs::write(cache.path("Hello."), bytes).unwrap();
            assert_eq!(cache.get("Hello."), None);
        }
        cache.put("Hello.", &[7; 100]);
        assert_eq!(cache.get("Hello."), Some(vec![7; 100]));
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first_and_what_is_not_ours_stays() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path(), "one");
        fs::write(folder.path().join("notes.txt"), [0; 1_000]).unwrap();
        let long_ago = SystemTime::now() - 2 * LEFT_BEHIND;
        for (name, modified) in [("cut-off.part", long_ago), ("being-written.part", SystemTime::now())] {
            File::create(folder.path().join(name)).unwrap().set_modified(modified).unwrap();
        }
        for (text, age) in [("a", 3), ("b", 2), ("c", 1)] {
            cache.put(text, &[1; 100]);
            File::open(cache.path(text)).unwrap().set_modified(long_ago - Duration::from_secs(age)).unwrap();
        }
        assert!(cache.get("a").is_some(), "and it is the newest now");
        trim(folder.path(), 2 * (DIGEST as u64 + 200));
        assert_eq!(["a", "b", "c"].map(|text| cache.get(text).is_some()), [true, false, true]);
        let is_there = |name: &str| folder.path().join(name).is_file();
        assert_eq!(["notes.txt", "cut-off.part", "being-written.part"].map(is_there), [true, false, true]);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_done_without() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a-file");
        fs::write(&file, "").unwrap();
        assert!(Cache::open(&file.join("prompts"), "one".into()).is_none());
    }
}
