//! The tool that scripts use: what `switchhook-models --json` tells of a sentence that it says and writes down again.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use switchhook_hil::bench::{binary, speech};

/// The one line of JSON that the tool tells.
fn tell(arguments: &[&str], file: &Path) -> Value {
    let output = Command::new(binary("switchhook-models").unwrap()).args(arguments).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(told.lines().count(), 1, "one object on one line: {told:?}");
    serde_json::from_str(&told).unwrap()
}

fn fields(value: &Value) -> Vec<&str> {
    let mut names: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

#[test]
fn a_sentence_that_was_said_is_written_down_with_its_figures() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("x.wav");
    let said = tell(&["say", "--json", "We are open on Saturday from ten to two.", "-o"], &file);
    assert_eq!(fields(&said), ["audio_seconds", "first_audio_seconds", "seconds"]);
    assert!(said.as_object().unwrap().values().all(|figure| figure.as_f64().is_some_and(|figure| figure > 0.0)), "{said}");

    let heard = tell(&["transcribe", "--json"], &file);
    assert_eq!(fields(&heard), ["audio_seconds", "file", "language", "seconds", "text", "words"]);
    assert_eq!(heard["file"].as_str(), file.to_str());
    assert_eq!(heard["language"], "en");
    let (said, heard_for) = (said["audio_seconds"].as_f64().unwrap(), heard["audio_seconds"].as_f64().unwrap());
    assert!((said - heard_for).abs() < 0.1, "{said} s said, {heard_for} s heard");
    let text = heard["text"].as_str().unwrap().to_lowercase();
    assert!(text.contains("open on saturday"), "{text}");
}

#[test]
fn a_person_who_was_recorded_is_written_down() {
    let heard = tell(&["transcribe", "--json", "--language", "en"], &speech("02-af_sarah"));
    assert!(heard["text"].as_str().unwrap().to_lowercase().contains("open on saturday"), "{heard}");
}
