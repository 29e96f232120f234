//! `switchhookd rehearse`: a scenario's own tests, said aloud, before it goes live. It needs the models and no robot that runs.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use serde_json::json;
use switchhook_models::Locale;
use switchhook_models::catalog::Store;

use crate::aloud::rehearse::{Rehearsing, Spoken};
use crate::config::{self, usual_models};
use crate::dialog::rehearsal::Conversations;
use crate::dialog::{Circumstances, Scenario};
use crate::speech::{Listener, understanding};

/// Say the conversations of the scenario in `dir` aloud, with the models of this configuration, or the usual ones if it is not there.
///
/// # Errors
/// What is wrong with the scenario or the models, and how many conversations went otherwise than they are written.
pub fn rehearse(dir: &Path, languages: &[Locale], config: &Path, json: bool) -> anyhow::Result<()> {
    let config = if config.is_file() { Some(config::load(config)?) } else { None };
    let (mut played, mut failed) = (0, 0);
    for locale in Scenario::languages(dir)? {
        if !languages.is_empty() && !languages.contains(&locale) {
            continue;
        }
        let files = Conversations::load(dir, locale)?;
        if files.is_empty() {
            continue;
        }
        let configured = config.as_ref().filter(|config| config.office.language == locale);
        let models = configured.map_or_else(|| usual_models(locale), |config| Ok(config.models.clone())).map_err(anyhow::Error::msg)?;
        let people = configured.map(|config| config.people.clone()).unwrap_or_default();
        let place = config.as_ref().and_then(|config| config.models.dir.as_ref());
        let store = place.map_or_else(Store::default_place, Store::at);
        let (scenario, meaning) = understanding(Scenario::load(dir, locale)?, &store, &models).context("the models cannot be opened")?;
        let listener = Listener::open(&store, &models, &people, meaning, locale).context("the models cannot be opened")?;
        let mut rehearsing = Rehearsing::new(Arc::new(scenario), listener, &store);
        for (path, file) in &files {
            for conversation in &file.conversations {
                let spoken = rehearsing.play(conversation, &Circumstances::at(file.now()))?;
                played += 1;
                failed += usize::from(!spoken.outcome.faults.is_empty());
                tell(path, &conversation.title, locale, &spoken, json)?;
            }
        }
    }
    if failed > 0 {
        bail!("{failed} of {played} conversations went otherwise than they are written, said aloud");
    }
    if played == 0 {
        bail!("{} has no conversations; write some in tests/*.yaml", dir.display());
    }
    line(&if json {
        json!({"done": true, "conversations": played}).to_string()
    } else {
        format!("{played} conversations went as they are written, said aloud")
    })
}

fn tell(path: &Path, title: &str, locale: Locale, spoken: &Spoken, json: bool) -> anyhow::Result<()> {
    let Spoken { speaker, outcome, turns } = spoken;
    if json {
        let faults: Vec<_> = outcome.faults.iter().map(|fault| json!({"line": fault.line, "what": fault.what})).collect();
        let record = json!({"file": path, "title": title, "language": locale, "speaker": speaker.name(), "faults": faults, "turns": turns});
        return line(&record.to_string());
    }
    line(&format!("{} {title} ({})", if outcome.faults.is_empty() { "ok   " } else { "WRONG" }, speaker.name()))?;
    if outcome.faults.is_empty() {
        return Ok(());
    }
    for fault in &outcome.faults {
        line(&format!("        {}:{}: {}", path.display(), fault.line, fault.what))?;
    }
    for turn in turns {
        let heard = if turn.heard.is_empty() { "nothing".to_owned() } else { turn.heard.join(" | ") };
        line(&format!("        said: {}\n        heard: {heard}", turn.said))?;
    }
    Ok(())
}

fn line(text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}
