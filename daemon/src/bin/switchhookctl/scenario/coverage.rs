//! What of a scenario its tests do not touch: `switchhookctl scenario coverage`.

use std::path::Path;

use anyhow::bail;
use serde_json::json;
use switchhook::dialog::Circumstances;
use switchhook::dialog::rehearsal::{Conversations, Coverage, Part};
use switchhook_models::Locale;

use super::these_languages;
use crate::output::{Output, Tone, json as write_json, line, shown};
use crate::table::cell;
use crate::words::{Term, columns, say};

/// Play the conversations in `dir`, in every language or in these, and say what none of them comes to.
///
/// # Errors
/// What is wrong with the scenario, or that it has no conversations.
pub fn tell(dir: &Path, languages: &[Locale], output: Output) -> anyhow::Result<()> {
    let mut played = 0;
    let mut table = output.table(columns(["language", "part", "touched", "untouched"]));
    for scenario in these_languages(dir, languages)? {
        let locale = scenario.language;
        let mut coverage = Coverage::default();
        for (_, file) in &Conversations::load(dir, locale)? {
            for conversation in &file.conversations {
                coverage.add(&conversation.play(&scenario, &Circumstances::at(file.now())));
                played += 1;
            }
        }
        for part in Part::ALL {
            let share = coverage.of(part, &scenario);
            if output.json {
                let record =
                    json!({"language": locale, "of": part, "touched": share.touched, "all": share.all(), "untouched": share.untouched});
                write_json(&record)?;
            } else if share.all() > 0 {
                let tone = if share.untouched.is_empty() { Tone::Good } else { Tone::Busy };
                let touched = cell(tone, &say!("scenario-touched", touched = share.touched, all = share.all()));
                // One in a line: there may be many of them.
                let untouched: Vec<String> = counted(&share.untouched).iter().map(|name| shown(name)).collect();
                table.row([locale.tag().into(), Term::Part.said(part.as_str()).into(), touched, untouched.join("\n").into()]);
            }
        }
    }
    if played == 0 {
        bail!(say!("scenario-no-conversations", dir = dir));
    }
    if output.json {
        return write_json(&json!({"done": true, "conversations": played}));
    }
    line(&table.to_string())
}

/// Each once, and how often where it is more than that.
fn counted(names: &[String]) -> Vec<String> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for name in names {
        match counts.iter_mut().find(|(known, _)| known == name) {
            Some((_, times)) => *times += 1,
            None => counts.push((name, 1)),
        }
    }
    counts
        .into_iter()
        .map(|(name, times)| if times == 1 { name.to_owned() } else { say!("scenario-times", name = name, times = times) })
        .collect()
}
