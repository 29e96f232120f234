//! Scenarios in a folder: begun, checked, tried and talked to, without a robot that runs; how they go live ([`live`]),
//! and what callers wanted of them in vain ([`improve`]). Nothing here needs a model or a telephone,
//! but for tests that are said aloud.

mod aloud;
mod coverage;
mod differences;
mod improve;
mod live;
mod shelf;
mod verbs;

use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::bail;
use jiff::Zoned;
use serde_json::json;
use switchhook::config::Bus;
use switchhook::dialog::rehearsal::{Conversations, Rehearsal};
use switchhook::dialog::{Action, Circumstances, Input, Scenario, Schema, Step};
use switchhook::lines::Key;
use switchhook_models::Locale;

use shelf::Shelf;
pub use verbs::ScenarioVerb;
use verbs::ShelfPlace;

use crate::disk;
use crate::output::{Output, line, told};
use crate::words::{say, width};

/// So many columns tell how a conversation went.
const HOW: usize = 5;

/// Do what was asked.
///
/// # Errors
/// What is wrong with the scenario, where, and how to mend it.
pub fn run(verb: &ScenarioVerb, bus: &Bus, output: Output) -> anyhow::Result<()> {
    match verb {
        ScenarioVerb::New { dir, language } => new(dir, language, output),
        ScenarioVerb::Check { dir } => check(dir, output),
        ScenarioVerb::Test { dir: None, waiting, .. } => live::test(waiting, bus, output),
        ScenarioVerb::Test { dir: Some(dir), voice: true, language, .. } => aloud::test(dir, language, output),
        ScenarioVerb::Test { dir: Some(dir), language, .. } => test(dir, language, output),
        ScenarioVerb::Coverage { dir, language } => coverage::tell(dir, language, output),
        ScenarioVerb::Improve { dir, days, language, accept } => improve::improve(dir, *days, language, *accept, bus, output),
        ScenarioVerb::Chat { dir, language } => chat(dir, *language, output),
        ScenarioVerb::Activate { dir, untested, keep, waiting, shelf } => {
            live::activate(dir, &at(shelf), *untested, *keep, waiting, bus, output)
        }
        ScenarioVerb::Rollback { name, to, waiting, shelf } => live::rollback(name, to.as_deref(), &at(shelf), waiting, bus, output),
        ScenarioVerb::Diff { first, second, shelf } => differences::diff(first, second.as_deref(), &at(shelf), output),
        ScenarioVerb::List { name, shelf } => live::list(name.as_deref(), &at(shelf), output),
        ScenarioVerb::Show { name, version, shelf } => live::show(name, version.as_deref(), &at(shelf), output),
        ScenarioVerb::Schema { schema } => line(schema.json().trim_end()),
    }
}

fn at(shelf: &ShelfPlace) -> Shelf {
    Shelf::at(&shelf.place)
}

/// What a new scenario begins with: every file, as small as it can be.
fn new(dir: &Path, languages: &[Locale], output: Output) -> anyhow::Result<()> {
    if dir.exists() {
        bail!(say!("scenario-is-there", dir = dir));
    }
    let name = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let tags = languages.iter().map(|locale| locale.tag()).collect::<Vec<_>>().join(", ");
    disk::write(&dir.join("scenario.yaml"), &include_str!("../../../../template/scenario.yaml").replace("LANGUAGES", &tags))?;
    for locale in languages {
        let (wording, knowledge, tests) = match locale {
            Locale::En => (
                include_str!("../../../../template/en.ftl"),
                include_str!("../../../../template/en.md"),
                include_str!("../../../../template/en.tests.yaml"),
            ),
            Locale::ZhTw => (
                include_str!("../../../../template/zh-TW.ftl"),
                include_str!("../../../../template/zh-TW.md"),
                include_str!("../../../../template/zh-TW.tests.yaml"),
            ),
            Locale::ZhCn => (
                include_str!("../../../../template/zh-CN.ftl"),
                include_str!("../../../../template/zh-CN.md"),
                include_str!("../../../../template/zh-CN.tests.yaml"),
            ),
        };
        disk::write(&dir.join(format!("lang/{locale}.ftl")), wording)?;
        disk::write(&dir.join(format!("knowledge/{locale}/office.md")), knowledge)?;
        disk::write(&dir.join(format!("tests/{locale}.yaml")), tests)?;
    }
    for schema in Schema::ALL {
        disk::write(&dir.join(format!(".schemas/{schema}.schema.json")), &schema.json())?;
    }
    let next = say!("scenario-begun", name = &name, dir = dir);
    told(output, &json!({"done": true, "scenario": name, "dir": dir}), &next)
}

fn check(dir: &Path, output: Output) -> anyhow::Result<()> {
    for scenario in Scenario::in_every_language(dir)? {
        let locale = scenario.language;
        for (path, file) in Conversations::load(dir, locale)? {
            file.knows_its_sources(&path, &scenario)?;
        }
        let (passages, version) = (scenario.knowledge.len(), &scenario.version);
        let short = format!("{version:.12}");
        let shown = say!("scenario-sound", name = &scenario.name, language = locale.tag(), passages = passages, version = short);
        told(output, &json!({"scenario": scenario.name, "language": locale, "passages": passages, "version": version}), &shown)?;
    }
    Ok(())
}

/// In these of its languages, or in all where none is named.
fn these_languages(dir: &Path, wanted: &[Locale]) -> anyhow::Result<Vec<Arc<Scenario>>> {
    let mut all = Scenario::in_every_language(dir)?;
    all.retain(|scenario| wanted.is_empty() || wanted.contains(&scenario.language));
    Ok(all)
}

fn test(dir: &Path, languages: &[Locale], output: Output) -> anyhow::Result<()> {
    let (mut played, mut failed) = (0, 0);
    for scenario in these_languages(dir, languages)? {
        let locale = scenario.language;
        for (path, file) in &Conversations::load(dir, locale)? {
            for conversation in &file.conversations {
                let outcome = conversation.play(&scenario, &Circumstances::at(file.now()));
                played += 1;
                failed += usize::from(!outcome.faults.is_empty());
                let faults: Vec<_> = outcome.faults.iter().map(|fault| json!({"line": fault.line, "what": fault.what})).collect();
                let how = if faults.is_empty() { say!("scenario-ok") } else { say!("scenario-wrong") };
                let mut shown = format!("{} {}", width::padded(&how, HOW), conversation.title);
                for fault in &outcome.faults {
                    shown.push_str(&format!("\n        {}:{}: {}", path.display(), fault.line, fault.what));
                }
                told(output, &json!({"file": path, "title": conversation.title, "language": locale, "faults": faults}), &shown)?;
            }
        }
    }
    if failed > 0 {
        bail!(say!("scenario-failed", failed = failed, played = played));
    }
    if played == 0 {
        bail!(say!("scenario-no-conversations", dir = dir));
    }
    told(output, &json!({"done": true, "conversations": played}), &say!("scenario-passed", played = played))
}

/// The robot in the terminal, by text.
fn chat(dir: &Path, language: Option<Locale>, output: Output) -> anyhow::Result<()> {
    let languages = Scenario::languages(dir)?;
    let Some(language) = language.or(languages.first().copied()) else { bail!(say!("scenario-no-languages", dir = dir)) };
    let every = Scenario::in_every_language(dir)?;
    let Some(scenario) = every.into_iter().find(|scenario| scenario.language == language) else {
        bail!(say!("scenario-not-in-language", dir = dir, language = language.tag()));
    };
    let (mut robot, greeting) = Rehearsal::begin(scenario, Circumstances::at(Zoned::now()));
    if !output.json {
        eprintln!("{}", say!("chat-begin"));
    }
    let mut over = tell(&greeting, output)?;
    for typed in std::io::stdin().lock().lines() {
        if over {
            break;
        }
        let typed = typed?;
        let step = match typed.trim() {
            "" => robot.on(Input::Silence),
            said => match said.strip_prefix('/') {
                Some(keys) => {
                    let keys: Option<Vec<Key>> = keys.chars().map(Key::new).collect();
                    let Some(keys) = keys.filter(|keys| !keys.is_empty()) else {
                        eprintln!("{}", say!("chat-keys"));
                        continue;
                    };
                    let Some(step) = keys.into_iter().map(|key| robot.on(Input::Key(key))).last() else { continue };
                    step
                }
                None => robot.on(Input::heard(said)),
            },
        };
        over = tell(&step, output)?;
        std::io::stdout().flush()?;
    }
    if let Some(note) = robot.unfinished() {
        let shown = say!("chat-kept", recipient = &note.recipient, text = &note.text);
        told(output, &json!({"kept": {"for": note.recipient, "text": note.text, "confirmed": false}}), &shown)?;
    }
    Ok(())
}

/// Show what the robot does; whether the call is over then.
fn tell(step: &Step, output: Output) -> anyhow::Result<bool> {
    let mut shown = if step.said().is_empty() { String::new() } else { format!("{}\n", say!("chat-robot", said = step.said())) };
    let (understood, does) = (&step.understood, step.action_name());
    shown.push_str(&match step.source.as_deref() {
        Some(source) => format!("       {}", say!("chat-does-from", understood = understood, does = does, source = source)),
        None => format!("       ({understood}: {does})"),
    });
    let record = json!({"said": step.said(), "understood": step.understood, "does": step.action_name(), "source": step.source});
    told(output, &record, &shown)?;
    Ok(step.actions.iter().any(|action| matches!(action, Action::HangUp(_) | Action::Transfer(_))))
}
