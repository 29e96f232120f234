//! Every scenario that ships: its conversations go as they are written, in every language, and leave nothing of it untouched.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use switchhook::dialog::Scenario;
use switchhook::dialog::rehearsal::{Conversations, Coverage};

fn shipped() -> Vec<PathBuf> {
    let all = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")).unwrap();
    all.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
}

#[test]
fn every_conversation_goes_as_it_is_written() {
    let mut faults = Vec::new();
    for dir in shipped() {
        let files = Conversations::load(&dir).unwrap();
        for language in Scenario::languages(&dir).unwrap() {
            let scenario = Arc::new(Scenario::load(&dir, language).unwrap());
            let mut played = 0;
            for (path, file) in files.iter().filter(|(_, file)| file.language == language) {
                for conversation in &file.conversations {
                    let outcome = conversation.play(&scenario);
                    let at = |fault| format!("{}: {}: {fault}", path.display(), conversation.title);
                    faults.extend(outcome.faults.iter().map(at));
                    played += 1;
                }
            }
            assert!(played > 0, "{} has no conversation in {language}", dir.display());
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn in_english_nothing_of_a_scenario_is_left_untouched() {
    for dir in shipped() {
        let scenario = Arc::new(Scenario::load(&dir, switchhook_models::Locale::En).unwrap());
        let mut coverage = Coverage::default();
        for (_, file) in Conversations::load(&dir).unwrap().iter().filter(|(_, file)| file.language == scenario.language) {
            for conversation in &file.conversations {
                coverage.add(&conversation.play(&scenario).steps);
            }
        }
        for share in [coverage.knowledge(&scenario), coverage.intents(&scenario)] {
            assert!(share.untouched.is_empty(), "{}: {share:?}", dir.display());
        }
    }
}
