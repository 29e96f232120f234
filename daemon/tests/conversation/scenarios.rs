//! Every scenario that ships: its conversations go as they are written, in every language, and leave nothing of it untouched.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::strategy::Strategy;
use switchhook::dialog::rehearsal::{Conversations, Coverage, Part, Rehearsal};
use switchhook::dialog::{Action, Circumstances, Direction, Input, Scenario};
use switchhook::lines::Key;
use switchhook_models::Locale;

/// A scenario whose callers may go on in its other languages.
fn scenario(dir: &Path, language: Locale) -> Arc<Scenario> {
    let others = Scenario::languages(dir).unwrap().into_iter().filter(|other| *other != language);
    let others = others.map(|other| Arc::new(Scenario::load(dir, other).unwrap())).collect();
    Arc::new(Scenario::load(dir, language).unwrap().with_others(others))
}

/// The conversations that go so in every scenario.
fn manners(language: Locale) -> Conversations {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("manners/tests/{language}.yaml"));
    Conversations::parse(&fs::read_to_string(path).unwrap()).unwrap()
}

fn shipped() -> Vec<PathBuf> {
    let all = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")).unwrap();
    all.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
}

#[test]
fn every_conversation_goes_as_it_is_written() {
    let mut faults = Vec::new();
    for dir in shipped() {
        for language in Scenario::languages(&dir).unwrap() {
            let scenario = scenario(&dir, language);
            let mut played = 0;
            for (path, file) in &Conversations::load(&dir, language).unwrap() {
                for conversation in &file.conversations {
                    let outcome = conversation.play(&scenario, &Circumstances::at(file.now()));
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
fn the_rules_that_hold_everywhere_hold_in_every_scenario_and_language() {
    let mut faults = Vec::new();
    for dir in shipped() {
        for language in Scenario::languages(&dir).unwrap() {
            let (scenario, file) = (scenario(&dir, language), manners(language));
            if scenario.direction == Direction::Outbound {
                // Its calls are about something that these conversations do not know.
                continue;
            }
            for conversation in &file.conversations {
                let outcome = conversation.play(&scenario, &Circumstances::at(file.now()));
                faults
                    .extend(outcome.faults.iter().map(|fault| format!("{} in {language}: {}: {fault}", dir.display(), conversation.title)));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn nothing_of_a_scenario_is_left_untouched() {
    for locale in [Locale::En, Locale::ZhTw] {
        let reception = scenario(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/reception"), locale);
        let rules = manners(locale);
        for dir in shipped() {
            let scenario = scenario(&dir, locale);
            let mut coverage = Coverage::default();
            // The rules that hold everywhere are touched where they are tested.
            for conversation in &rules.conversations {
                coverage.add_rules(&conversation.play(&reception, &Circumstances::at(rules.now())));
            }
            for (_, file) in &Conversations::load(&dir, scenario.language).unwrap() {
                for conversation in &file.conversations {
                    coverage.add(&conversation.play(&scenario, &Circumstances::at(file.now())));
                }
            }
            for part in Part::ALL {
                let share = coverage.of(part, &scenario);
                assert!(share.untouched.is_empty(), "{} in {locale}: {part:?}: {share:?}", dir.display());
            }
        }
    }
}

fn appointment() -> Arc<Scenario> {
    static SCENARIO: std::sync::LazyLock<Arc<Scenario>> = std::sync::LazyLock::new(|| {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/appointment");
        Arc::new(Scenario::load(&dir, Locale::En).unwrap())
    });
    Arc::clone(&SCENARIO)
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever a caller does in the middle of a form, the robot has an answer, until the call is passed on or over.
    #[test]
    fn no_caller_is_too_odd_for_a_form(
        turns in proptest::collection::vec(proptest::prop_oneof![
            "\\PC{0,40}".prop_map(|said: String| Input::heard(said)),
            proptest::sample::select(vec!["book an appointment", "a cleaning", "tuesday", "at ten", "no", "yes", "i don't know", "maria chen", "no, friday"])
                .prop_map(Input::heard),
            "[0-9*#]".prop_map(|key| Input::Key(Key::new(key.chars().next().unwrap()).unwrap())),
            proptest::strategy::Just(Input::Silence),
            proptest::strategy::Just(Input::Unclear),
        ], 0..30)
    ) {
        let (mut robot, _) = Rehearsal::begin(appointment(), Circumstances::at("2026-11-26T10:00[UTC]".parse().unwrap()));
        for turn in turns {
            let step = robot.on(turn.clone());
            proptest::prop_assert!(!step.actions.is_empty(), "{turn:?}: {step:?}");
            if step.actions.iter().any(|action| matches!(action, Action::Transfer(_) | Action::HangUp(_))) {
                break;
            }
        }
    }
}
