//! Commands that prose names in passing: they exist, with the options that they are given there.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use super::pages::{self, Page};
use super::system;

const OURS: [&str; 3] = ["switchhookctl", "switchhookd", "switchhook-models"];

/// What stands in backquotes and begins with one of our programs, in words.
fn commands(page: &Page) -> BTreeSet<Vec<String>> {
    let outside = page.text.split("\n```").step_by(2).collect::<Vec<_>>().join("\n");
    let spans = outside.split('`').skip(1).step_by(2).map(|span| span.split_whitespace().map(String::from).collect::<Vec<_>>());
    let ours = |words: &Vec<String>| words.first().is_some_and(|first| OURS.contains(&first.as_str()));
    spans.map(|words| if words.first().is_some_and(|first| first == "sudo") { words[1..].to_vec() } else { words }).filter(ours).collect()
}

/// A word of the program's own, and no value or place for one.
fn own(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-')
}

/// Whether a program of ours knows these words and options.
pub fn understood(words: &[String]) -> Result<(), String> {
    if words.len() == 2 && system::COMMANDS.iter().any(|(name, _)| *name == words[0]) && system::holds(words).is_ok() {
        return Ok(());
    }
    let program = Path::new(env!("CARGO_BIN_EXE_switchhookctl")).with_file_name(&words[0]);
    let asked = words[1..].iter().take_while(|word| own(word));
    let told = Command::new(program).args(asked).arg("--help").env("LC_ALL", "C").output().unwrap();
    if !told.status.success() {
        return Err(String::from_utf8_lossy(&told.stderr).into_owned());
    }
    let help = String::from_utf8_lossy(&told.stdout);
    let options = words.iter().filter_map(|word| word.split(['=', ',', '[', ']']).find(|part| part.starts_with("--")));
    let missing = options.into_iter().find(|option| !help.split_whitespace().any(|word| word == *option));
    missing.map_or(Ok(()), |option| Err(format!("it has no option {option}")))
}

#[test]
fn what_prose_names_exists() {
    let mut faults = Vec::new();
    for page in pages::all() {
        for words in commands(&page) {
            if let Err(why) = understood(&words) {
                faults.push(format!("{}: `{}`: {why}", page.name, words.join(" ")));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_is_misspelt_in_prose_does_not_exist() {
    let page = |text: &str| Page { name: "made-up.md".into(), text: text.into() };
    for wrong in
        ["`switchhookctl dance`", "`sudo switchhookctl call sing CALL`", "`switchhookctl looks --how-many 3`", "`switchhookd --dance`"]
    {
        let commands = commands(&page(wrong));
        assert!(commands.len() == 1 && commands.iter().all(|words| understood(words).is_err()), "{wrong}");
    }
    assert!(commands(&page("```sh\nswitchhookctl dance\n```\n`dance` is none")).is_empty());
}
