//! Every message that warns is explained in the journal's catalog, and nothing else stands there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use switchhook::logging::MessageId;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(dir: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// What stands in the brackets of each of these macros.
fn messages(macros: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    sources(&root().join("daemon/src"), &mut all);
    let code = |text: &str, at: usize| !text[..at].rsplit('\n').next().unwrap_or_default().contains("//");
    let mut messages = Vec::new();
    for text in &all {
        for name in macros {
            let places = text.match_indices(name).filter(|(at, _)| code(text, *at));
            messages.extend(places.map(|(at, name)| in_brackets(&text[at + name.len()..]).to_owned()));
        }
    }
    messages
}

/// What stands before the bracket that closes; those in quotes do not count.
fn in_brackets(text: &str) -> &str {
    let (mut open, mut quoted, mut escaped) = (1, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => open += 1,
            ')' if !quoted => open -= 1,
            _ => {}
        }
        if open == 0 {
            return &text[..at];
        }
    }
    panic!("no bracket closes: {text}")
}

/// The events in these messages.
fn events(messages: &[String]) -> BTreeSet<String> {
    let event = |message: &String| {
        let (_, rest) = message.split_once("event = \"").unwrap_or_else(|| panic!("a message without an event: {message}"));
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    messages.iter().map(event).collect()
}

fn explained() -> BTreeSet<String> {
    let catalog = std::fs::read_to_string(root().join("systemd/switchhook.catalog")).unwrap();
    catalog.lines().filter_map(|line| line.strip_prefix("-- ")).map(str::to_owned).collect()
}

#[test]
fn every_warning_and_every_error_is_explained_in_the_catalog() {
    let warnings = messages(&["log::warn!(", "log::error!("]);
    assert!(warnings.len() > 50, "only {} were found", warnings.len());
    let explained = explained();
    let lacking: Vec<String> = events(&warnings)
        .into_iter()
        .filter(|event| !explained.contains(&MessageId::of(event).to_string()))
        .map(|event| format!("# {event}\n-- {}", MessageId::of(&event)))
        .collect();
    assert!(lacking.is_empty(), "systemd/switchhook.catalog says nothing of:\n{}", lacking.join("\n"));
}

#[test]
fn the_catalog_explains_nothing_that_is_never_said() {
    let said = messages(&["log::warn!(", "log::error!(", "log::info!("]);
    let known: BTreeSet<String> = events(&said).iter().map(|event| MessageId::of(event).to_string()).collect();
    let unknown: Vec<_> = explained().difference(&known).cloned().collect();
    assert!(unknown.is_empty(), "no message has these numbers: {unknown:?}");
}

#[test]
fn the_journal_takes_the_catalog() {
    let at = tempfile::tempdir().unwrap();
    for dir in ["usr/lib/systemd/catalog", "var/lib/systemd/catalog"] {
        std::fs::create_dir_all(at.path().join(dir)).unwrap();
    }
    std::fs::copy(root().join("systemd/switchhook.catalog"), at.path().join("usr/lib/systemd/catalog/switchhook.catalog")).unwrap();
    let journalctl = |argument: &str| {
        let output = Command::new("journalctl").arg(argument).arg("--root").arg(at.path()).output().expect("journalctl is needed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    journalctl("--update-catalog");
    let listed = journalctl("--list-catalog");
    assert_eq!(listed.lines().filter(|line| line.contains(" Switchhook: ")).count(), explained().len(), "{listed}");
}
