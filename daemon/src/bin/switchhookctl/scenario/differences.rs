//! What differs between two scenarios, for a person: line by line, and which conversations go otherwise.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use serde_json::json;
use similar::TextDiff;
use switchhook::dialog::rehearsal::Conversations;
use switchhook::dialog::{Circumstances, Scenario};

use super::live::name_of;
use super::shelf::{Contents, Shelf, contents};
use crate::output::{Output, Tone, json, line, shown};
use crate::words::say;

/// Lines around a difference.
const AROUND: usize = 2;

/// Show how `after` differs from `before`, both folders or `NAME@VERSION`; from the active version, if nothing is named before.
pub fn diff(first: &str, second: Option<&str>, shelf: &Shelf, output: Output) -> anyhow::Result<()> {
    let (before, after) = match second {
        Some(second) => (place(first, shelf)?, place(second, shelf)?),
        None => {
            let after = place(first, shelf)?;
            let name = first.split_once('@').map_or_else(|| name_of(&after), |(name, _)| Ok(name.to_owned()))?;
            let active = shelf.versions(&name)?.into_iter().find(|version| version.active);
            (active.with_context(|| say!("scenario-never-activated-diff", name = &name))?.path, after)
        }
    };
    let files = files(&contents(&before)?, &contents(&after)?);
    let tests = outcomes(&before, &after)?;
    if output.json {
        return json(&json!({"before": before, "after": after, "files": files, "tests": tests}));
    }
    if files.is_empty() && tests.is_empty() {
        return line(&say!("scenario-same"));
    }
    for text in files.values() {
        for text in text.lines() {
            let tone = match text.chars().next() {
                Some('+') => Tone::Good,
                Some('-') => Tone::Bad,
                Some('@') => Tone::Quiet,
                _ => {
                    line(&shown(text))?;
                    continue;
                }
            };
            line(&output.paint(tone, &shown(text)))?;
        }
    }
    for test in &tests {
        let (tone, what) = if test.after { (Tone::Good, say!("scenario-goes-right")) } else { (Tone::Bad, say!("scenario-goes-wrong")) };
        line(&format!("{} {} ({})", output.paint(tone, &what), test.title, test.language))?;
    }
    Ok(())
}

/// A folder, or `NAME@VERSION` on the shelf.
fn place(named: &str, shelf: &Shelf) -> anyhow::Result<PathBuf> {
    match named.split_once('@').filter(|_| !Path::new(named).exists()) {
        Some((name, version)) => Ok(shelf.find(name, version)?.path),
        None => Ok(PathBuf::from(named)),
    }
}

/// By file, what differs, as a unified diff; only files that differ.
fn files(before: &Contents, after: &Contents) -> BTreeMap<String, String> {
    let texts = |contents: &Contents| -> BTreeMap<String, String> {
        contents.iter().map(|(name, bytes)| (name.clone(), String::from_utf8_lossy(bytes).into_owned())).collect()
    };
    let (before, after) = (texts(before), texts(after));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    let mut all = BTreeMap::new();
    for name in names {
        let text = |of: &BTreeMap<String, String>| of.get(name).cloned().unwrap_or_default();
        let (old, new) = (text(&before), text(&after));
        if old != new {
            let diff = TextDiff::from_lines(&old, &new);
            let unified =
                diff.unified_diff().context_radius(AROUND).header(&format!("before/{name}"), &format!("after/{name}")).to_string();
            all.insert(name.clone(), unified);
        }
    }
    all
}

/// A conversation that goes otherwise.
#[derive(Debug, serde::Serialize)]
struct Change {
    title: String,
    language: String,
    /// Whether it went right before, and goes right after.
    before: bool,
    after: bool,
}

/// The conversations of the second that go otherwise in the first.
fn outcomes(before: &Path, after: &Path) -> anyhow::Result<Vec<Change>> {
    let mut changes = Vec::new();
    let known = Scenario::languages(before)?;
    for locale in Scenario::languages(after)? {
        if !known.contains(&locale) {
            continue;
        }
        let scenarios = [Arc::new(Scenario::load(before, locale)?), Arc::new(Scenario::load(after, locale)?)];
        for (_, file) in Conversations::load(after, locale)? {
            for conversation in &file.conversations {
                let right = |scenario: &Arc<Scenario>| conversation.play(scenario, &Circumstances::at(file.now())).faults.is_empty();
                let [before, after] = [right(&scenarios[0]), right(&scenarios[1])];
                if before != after {
                    changes.push(Change { title: conversation.title.clone(), language: locale.to_string(), before, after });
                }
            }
        }
    }
    Ok(changes)
}
