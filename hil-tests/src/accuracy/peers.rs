//! The published engines, in Python: `models/benches/peers` installs and runs them.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use switchhook_models::Language;
use switchhook_models::audio::wav;

use super::clips::RATE;

/// A line of what they say: one engine, one clip.
#[derive(Deserialize)]
struct Line {
    engine: String,
    text: String,
}

/// Whether a published engine runs the same weights.
pub fn has(model: &str) -> bool {
    matches!(model, "whisper-base" | "moonshine-base" | "moonshine-tiny")
}

/// What each engine for the model hears in the sounds, by the engine's name.
pub fn transcribe(model: &str, language: Language, sounds: &[Vec<f32>]) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    let place = tempfile::tempdir().context("no temporary folder for what the published engines are to hear")?;
    let mut list = String::new();
    for (number, sound) in sounds.iter().enumerate() {
        let path = place.path().join(format!("{number}.wav"));
        wav::write(&path, sound, RATE)?;
        list.push_str(&format!("{}\n", path.display()));
    }
    let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/benches/peers/run");
    let mut child = Command::new(&run)
        .args(["transcribe", model, language.code()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} cannot be run", run.display()))?;
    if let Some(mut to) = child.stdin.take() {
        to.write_all(list.as_bytes()).context("the published engines do not listen")?;
    }
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "the published engine for {model} failed; the reason stands above");
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let Line { engine, text } = serde_json::from_str(line).with_context(|| format!("a published engine said `{line}`"))?;
        texts.entry(engine).or_default().push(text);
    }
    for (engine, heard) in &texts {
        ensure!(heard.len() == sounds.len(), "{engine} heard {} of {} clips", heard.len(), sounds.len());
    }
    Ok(texts)
}
