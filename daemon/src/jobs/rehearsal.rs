//! The conversations in a scenario's tests are played, by text, in every language that it is written in.

use std::path::Path;

use serde_json::json;
use switchhook_models::Cancel;

use super::{Findings, Stop, Teller};
use crate::dialog::rehearsal::Conversations;
use crate::dialog::{Circumstances, Scenario, ScenarioError};

/// No more faults than this are told word for word.
const MOST_FAULTS: usize = 100;

impl From<ScenarioError> for Stop {
    fn from(error: ScenarioError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Read the scenario in `dir` as it lies there now, and play what its `tests/*.yaml` hold. Blocking. Finds how many `conversations` there are, how many
/// `failed`, and the `faults`: `FILE:LINE: what was expected, and what happened`.
///
/// # Errors
/// What is wrong with the scenario, where, and how to mend it; that there is nothing to play; or that it was cancelled.
pub fn rehearse(dir: &Path, teller: &Teller, cancel: &Cancel) -> Result<Findings, Stop> {
    teller.doing("reading the scenario".to_owned());
    let scenarios = Scenario::in_every_language(dir)?;
    let mut files = Vec::new();
    for scenario in &scenarios {
        files.extend(Conversations::load(dir, scenario.language)?.into_iter().map(|(path, file)| (scenario, path, file)));
    }
    let all: usize = files.iter().map(|(.., file)| file.conversations.len()).sum();
    if all == 0 {
        return Err(Stop::Failed(format!("{} has no conversations; write some in tests/*.yaml", dir.display())));
    }
    let (mut played, mut failed, mut faults) = (0_usize, 0_usize, Vec::new());
    for (scenario, path, file) in &files {
        for conversation in &file.conversations {
            cancel.check()?;
            teller.doing(format!("{}: {}", scenario.language, conversation.title));
            let outcome = conversation.play(scenario, &Circumstances::at(file.now()));
            played += 1;
            failed += usize::from(!outcome.faults.is_empty());
            let told = outcome.faults.iter().map(|fault| format!("{}:{}: {}", path.display(), fault.line, fault.what));
            faults.extend(told.take(MOST_FAULTS.saturating_sub(faults.len())));
            teller.progress(Some(played as f64 / all as f64));
        }
    }
    Ok(Findings::from_iter([
        ("conversations".to_owned(), json!(played)),
        ("failed".to_owned(), json!(failed)),
        ("faults".to_owned(), json!(faults)),
    ]))
}
