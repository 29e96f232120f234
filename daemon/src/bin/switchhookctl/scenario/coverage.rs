//! What of a scenario its tests do not touch: `switchhookctl scenario coverage`.

use std::path::Path;

use anyhow::bail;
use serde_json::json;
use switchhook::dialog::Circumstances;
use switchhook::dialog::rehearsal::{Conversations, Coverage, Part};
use switchhook_models::Locale;

use super::every_language;
use crate::output::{Output, Tone, cell, line, shown, told};

/// Play the conversations in `dir`, in every language or in these, and say what none of them comes to.
///
/// # Errors
/// What is wrong with the scenario, or that it has no conversations.
pub fn tell(dir: &Path, languages: &[Locale], output: Output) -> anyhow::Result<()> {
    let mut played = 0;
    let mut table = output.table(&["LANGUAGE", "OF", "TOUCHED", "NOT TOUCHED"]);
    for (locale, scenario) in every_language(dir)? {
        if !languages.is_empty() && !languages.contains(&locale) {
            continue;
        }
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
                line(&record.to_string())?;
            } else if share.all() > 0 {
                let tone = if share.untouched.is_empty() { Tone::Good } else { Tone::Busy };
                let touched = cell(tone, &format!("{} of {}", share.touched, share.all()));
                table.add_row([
                    shown(locale.tag()).into(),
                    shown(part.as_str()).into(),
                    touched,
                    shown(&share.untouched.join(", ")).into(),
                ]);
            }
        }
    }
    if played == 0 {
        bail!("{} has no conversations; write some in tests/*.yaml", dir.display());
    }
    if output.json {
        return told(output, &json!({"done": true, "conversations": played}), "");
    }
    line(&table.to_string())
}
