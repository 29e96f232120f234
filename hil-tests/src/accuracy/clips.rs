//! Recorded speech with its words, and recorded noise.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use switchhook_models::Language;
use switchhook_models::audio::{resample, wav};

/// The rate of all sound here, in hertz: what recognisers take.
pub const RATE: u32 = 16_000;

/// Something that a person said.
pub struct Clip {
    pub language: Language,
    /// What was said.
    pub reference: String,
    /// At [`RATE`].
    pub samples: Vec<f32>,
}

/// The clips that the lists in `audio` and in the folders below it name: `TRANSCRIPTS.tsv` with the columns `file`, `lang`, `rate` and `reference`. What is not
/// at 16 kHz is left out, because it was made from a clip that is, and what has no transcript.
pub fn clips(audio: &Path) -> anyhow::Result<Vec<Clip>> {
    let mut lists = vec![audio.join("TRANSCRIPTS.tsv")];
    lists.extend(folders(audio)?.into_iter().map(|folder| folder.join("TRANSCRIPTS.tsv")).filter(|list| list.is_file()));
    let mut clips = Vec::new();
    for list in lists {
        let text = std::fs::read_to_string(&list)
            .with_context(|| format!("{} cannot be read; name the folder of speech with --audio", list.display()))?;
        for line in text.lines().skip(1) {
            let columns: Vec<&str> = line.split('\t').collect();
            let [file, language, rate, reference, ..] = columns.as_slice() else { continue };
            let (Ok(language), true) = (language.parse::<Language>(), *rate == "16000" && !reference.starts_with('(')) else { continue };
            let samples = read(&list.with_file_name(file))?;
            clips.push(Clip { language, reference: (*reference).to_owned(), samples });
        }
    }
    ensure!(!clips.is_empty(), "{} lists no clips at 16 kHz", audio.display());
    Ok(clips)
}

/// The recordings in a folder, in the order of their names, each with its name.
pub fn recordings(folder: &Path) -> anyhow::Result<Vec<(String, Vec<f32>)>> {
    let mut files = entries(folder)?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "wav"));
    ensure!(!files.is_empty(), "{} has no WAV files", folder.display());
    let name = |path: &Path| path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    files.iter().map(|path| Ok((name(path), read(path)?))).collect()
}

fn folders(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut folders = entries(folder)?;
    folders.retain(|path| path.is_dir());
    Ok(folders)
}

fn entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let found = std::fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read; name the folder of speech with --audio", folder.display()))?;
    let mut paths: Vec<PathBuf> = found.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    paths.sort_unstable();
    Ok(paths)
}

fn read(path: &Path) -> anyhow::Result<Vec<f32>> {
    let sound = wav::read(path)?;
    Ok(resample::resample(&sound.samples, sound.rate, RATE)?)
}
