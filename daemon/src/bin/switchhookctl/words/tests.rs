//! Whether everything can be said in every language, and is.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory as _};
use fluent_bundle::{FluentArgs, FluentResource};
use switchhook::dialog::rehearsal::Part;
use switchhook::dialog::report::{ANSWERED, HandOverEnd, MESSAGE_TAKEN, Missed, TRANSFERRED, Tag};
use switchhook_models::text::script::{Script, is_han};

use super::help::Place;
use super::{Language, Term, Words, bundle, refused, spoken, texts};
use crate::cli::Cli;

const CHINESE: [Language; 2] = [Language::TraditionalChinese, Language::SimplifiedChinese];

type Variables = BTreeSet<String>;

/// The messages of a text and the variables of each, its attributes' too.
fn messages(text: &str) -> BTreeMap<String, Variables> {
    let mut all: BTreeMap<String, Variables> = BTreeMap::new();
    let mut id = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if !line.starts_with([' ', '}']) {
            id = line.split_once(" =").unwrap_or_else(|| panic!("no message: {line}")).0.to_owned();
            assert!(all.insert(id.clone(), Variables::new()).is_none(), "{id} stands there twice");
        }
        let name = |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
        all.get_mut(&id).unwrap().extend(line.split('$').skip(1).map(name));
    }
    all
}

fn all_messages(language: Language) -> BTreeMap<String, Variables> {
    messages(&texts(language).concat())
}

/// The sources of this program, without what is tested in them.
fn sources() -> Vec<(PathBuf, String)> {
    let (mut all, mut folders) = (Vec::new(), vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin/switchhookctl")]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && path.file_name().is_some_and(|name| name != "tests.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
                let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
                all.push((path, lines.join("\n")));
            }
        }
    }
    all
}

/// What stands between the brackets that are open where `text` begins, part by part.
fn arguments(text: &str) -> Vec<String> {
    let (mut parts, mut depth, mut quoted, mut before) = (vec![String::new()], 0, false, ' ');
    for c in text.chars() {
        match c {
            '"' if before != '\\' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted && depth == 0 => break,
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                parts.push(String::new());
                before = c;
                continue;
            }
            _ => {}
        }
        before = c;
        parts.last_mut().unwrap().push(c);
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// What stands behind each place where this does.
fn behind<'a>(text: &'a str, what: &'static str) -> impl Iterator<Item = &'a str> {
    text.match_indices(what).map(move |(at, _)| &text[at + what.len()..])
}

/// Everything that is said somewhere: the message, the variables that it is given, and where.
fn said() -> Vec<(String, Variables, String)> {
    let mut all = Vec::new();
    for (path, text) in sources() {
        let place = path.display().to_string();
        for call in behind(&text, "say!(") {
            let mut parts = arguments(call);
            parts.retain(|part| !part.starts_with("in "));
            let Some(id) = parts.first().and_then(|id| id.strip_prefix('"')?.strip_suffix('"')) else { continue };
            let id = id.to_owned();
            let variables = parts[1..].iter().map(|part| part.split('=').next().unwrap_or_default().trim().to_owned());
            all.push((id, variables.collect(), place.clone()));
        }
        for call in behind(&text, "columns([") {
            let names = arguments(call).into_iter().map(|name| name.trim_matches('"').to_owned()).filter(|name| !name.is_empty());
            all.extend(names.map(|name| (format!("column-{name}"), Variables::new(), place.clone())));
        }
    }
    assert!(all.len() > 250, "most of what is said was not found: {}", all.len());
    all
}

/// Whether only other languages need this message: what the machine calls something is English, and so are clap and whoever refuses.
fn is_for_others(id: &str) -> bool {
    let prefixes = ["refused-", "help-", "heading-", "mistake-"].into_iter().chain(Term::ALL.map(Term::prefix));
    id == "help" || prefixes.into_iter().any(|prefix| id.starts_with(prefix))
}

#[test]
fn every_file_is_fluent() {
    for language in CHINESE.into_iter().chain([Language::English]) {
        for text in texts(language) {
            assert!(FluentResource::try_new((*text).to_owned()).is_ok(), "{}", language.tag());
        }
    }
}

#[test]
fn every_message_is_in_every_language_with_the_same_variables() {
    let english = all_messages(Language::English);
    let [traditional, simplified] = CHINESE.map(all_messages);
    assert_eq!(traditional, simplified);
    for (id, variables) in &english {
        assert_eq!(traditional.get(id), Some(variables), "{id}");
    }
    let beyond: Vec<_> = traditional.keys().filter(|id| !english.contains_key(*id) && !is_for_others(id)).collect();
    assert!(beyond.is_empty(), "not in en.ftl: {beyond:?}");
}

#[test]
fn whatever_is_said_is_a_message_and_is_given_its_variables() {
    let english = all_messages(Language::English);
    for (id, given, place) in said() {
        let Some(variables) = english.get(&id) else { panic!("{place}: there is no message {id}") };
        assert_eq!(variables, &given, "{place}: {id}");
    }
}

#[test]
fn every_message_is_said_somewhere() {
    let said: BTreeSet<_> = said().into_iter().map(|(id, ..)| id).collect();
    let unsaid: Vec<_> = all_messages(Language::English).into_keys().filter(|id| !said.contains(id)).collect();
    assert!(unsaid.is_empty(), "{unsaid:?}");
}

#[test]
fn no_sentence_stands_in_the_sources() {
    for (path, text) in sources() {
        for way in ["bail!(\"", "anyhow!(\"", ".context(\"", "line(\"", "println!(\"", "print!(\"", "eprintln!(\""] {
            for sentence in text.split(way).skip(1) {
                let literal = sentence.split('"').next().unwrap_or_default();
                let words = literal.split(['{', '}']).step_by(2).collect::<String>();
                let plain = words.trim_start_matches("switchhookctl: ").replace("\\n", "");
                assert!(!plain.chars().any(char::is_alphabetic), "{}: {literal:?} belongs into words/*.ftl", path.display());
            }
        }
    }
}

#[test]
fn no_message_is_left_in_english() {
    for language in CHINESE {
        let text = texts(language).concat();
        for line in text.lines().filter(|line| !line.starts_with(['#', ' ']) && line.contains(" = ")) {
            let (id, mut rest) = line.split_once(" = ").unwrap();
            let mut plain = String::new();
            while let Some(at) = rest.find(['{', '`']) {
                let end = if rest[at..].starts_with('{') { '}' } else { '`' };
                plain.push_str(&rest[..at]);
                rest = rest[at + 1..].split_once(end).map_or("", |(_, behind)| behind);
            }
            plain.push_str(rest);
            let is_english = plain.chars().any(|c| c.is_ascii_lowercase()) && !plain.chars().any(is_han);
            assert!(!is_english, "{}: {id}", language.tag());
        }
    }
}

#[test]
fn simplified_chinese_has_no_traditional_characters() {
    let converter = Script::Simplified.converter().unwrap();
    for line in texts(Language::SimplifiedChinese).concat().lines() {
        assert_eq!(converter.convert(line), line);
    }
}

/// The words between quotes behind `=>` in a part of a source, which begins with `from`.
fn words_of(file: &str, from: &str) -> Vec<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file)).unwrap();
    let part = text.split_once(from).unwrap_or_else(|| panic!("{from} is not in {file}")).1;
    let part = part.split("\n}\n").next().unwrap_or_default();
    let words =
        part.lines().filter_map(|line| line.split_once("=> \"")).map(|(_, word)| word.split('"').next().unwrap_or_default().to_owned());
    let words: Vec<String> = words.collect();
    assert!(!words.is_empty(), "{file} has no words behind {from}");
    words
}

#[test]
fn whatever_the_machine_calls_something_has_a_name_in_chinese() {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let known = [
        (Term::CallState, words_of("calls/snapshot.rs", "impl State {")),
        (Term::Outcome, words_of("calls/outcome.rs", "impl Outcome {")),
        (Term::LineStatus, words_of("lines/mod.rs", "impl LineStatus {")),
        (Term::LineKind, words_of("lines/mod.rs", "impl LineKind {")),
        (Term::Rung, owned(&["full", "no-llm", "no-speech"])),
        (Term::JobState, words_of("jobs/mod.rs", "impl State {")),
        (Term::JobKind, words_of("jobs/mod.rs", "impl Kind {")),
        (Term::ModelState, owned(&["absent", "installed", "damaged"])),
        (Term::Goal, owned(&Missed::ALL.map(Missed::as_str))),
        (Term::Goal, owned(&[ANSWERED, MESSAGE_TAKEN, TRANSFERRED])),
        (Term::About, words_of("dialog/action.rs", "impl About {")),
        (Term::HandOver, owned(&HandOverEnd::ALL.map(HandOverEnd::as_str))),
        (Term::Tag, owned(&Tag::ALL.map(Tag::as_str))),
        (Term::Part, owned(&Part::ALL.map(Part::as_str))),
    ];
    for language in CHINESE {
        let words = Words::of(language);
        for (term, machine) in &known {
            let unnamed: Vec<_> = machine.iter().filter(|word| term.in_words(&words, word) == **word).collect();
            assert!(unnamed.is_empty(), "{}: {term:?}: {unnamed:?}", language.tag());
        }
    }
    assert_eq!(Term::CallState.said("ringing"), "ringing", "in English it is that word");
    assert_eq!(Term::CallState.in_words(&Words::of(Language::TraditionalChinese), "dancing"), "dancing", "what nobody knows is as it is");
}

#[test]
fn whoever_looks_at_the_robot_knows_what_was_looked_at() {
    let examined: BTreeSet<String> = sources()
        .iter()
        .filter(|(path, _)| path.to_string_lossy().contains("doctor"))
        .flat_map(|(_, text)| text.split("Finding::").skip(1).map(ToOwned::to_owned).collect::<Vec<_>>())
        .filter_map(|call| arguments(call.split_once('(')?.1).first()?.strip_prefix('"')?.strip_suffix('"').map(ToOwned::to_owned))
        .collect();
    assert!(examined.contains("disk") && examined.contains("broker"), "{examined:?}");
    for language in CHINESE {
        let words = Words::of(language);
        let unnamed: Vec<_> = examined.iter().filter(|part| Term::Examined.in_words(&words, part) == **part).collect();
        assert!(unnamed.is_empty(), "{}: {unnamed:?}", language.tag());
    }
}

#[test]
fn every_refusal_of_the_robot_has_a_heading_and_keeps_its_text() {
    let faults = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/control/fault.rs")).unwrap();
    let faults = faults.split_once("pub enum Fault {").unwrap().1.split("\n}\n").next().unwrap();
    let names: Vec<&str> = faults.lines().filter_map(|line| line.trim().strip_suffix("(String),")).collect();
    assert!(names.len() > 10, "{names:?}");
    super::speak_here(Language::TraditionalChinese);
    for name in names {
        let said = refused(spoken(), &format!("org.switchhook.Error.{name}"), "no task 2");
        assert!(said.ends_with("：no task 2") && said.starts_with(is_han), "{name}: {said}");
    }
    super::speak_here(Language::English);
    assert_eq!(refused(spoken(), "org.switchhook.Error.UnknownTask", "no task 2"), "no task 2");
    assert_eq!(refused(spoken(), "org.switchhook.Error.Dance", "no"), "no");
}

/// The places of every command and argument whose help is written in English, and the messages that would say it.
fn helps(command: &Command, place: &Place, all: &mut Vec<Vec<String>>) {
    if command.get_about().is_some() {
        all.push(vec![place.about()]);
    }
    let helped = command.get_arguments().filter(|argument| argument.get_help().is_some());
    all.extend(helped.map(|argument| place.argument(argument).to_vec()));
    for verb in command.get_subcommands() {
        helps(verb, &place.of(verb.get_name()), all);
    }
}

#[test]
fn every_command_and_argument_has_its_help_in_every_language_and_there_is_no_other() {
    let mut command = Cli::command();
    command.build();
    let mut all = Vec::new();
    helps(&command, &Place::default(), &mut all);
    for language in CHINESE {
        let messages = all_messages(language);
        let lacking: Vec<_> = all.iter().filter(|ids| !ids.iter().any(|id| messages.contains_key(id))).collect();
        assert!(lacking.is_empty(), "{}: write zh-*.help.ftl: {lacking:?}", language.tag());
        let known: BTreeSet<&String> = all.iter().flatten().collect();
        let specs = ["help-default", "help-environment", "help-values"];
        let left_over: Vec<_> =
            messages.keys().filter(|id| id.starts_with("help") && !known.contains(id) && !specs.contains(&id.as_str())).collect();
        assert!(left_over.is_empty(), "{}: {left_over:?}", language.tag());
    }
}

#[test]
fn what_a_language_cannot_say_is_said_in_english() {
    let broken = FluentResource::try_new("note = 注意：{ $nota }\n".to_owned()).unwrap();
    let mut first = bundle(Language::SimplifiedChinese);
    first.add_resource_overriding(broken);
    let words = Words { bundles: vec![first, bundle(Language::English)] };
    assert_eq!(words.said("note", &[("note", "x".into())]), "note: x");
    assert_eq!(words.said("nobody-wrote-this", &[]), "nobody-wrote-this");
    assert_eq!(words.own("nobody-wrote-this", None, &FluentArgs::new()), None);
}
