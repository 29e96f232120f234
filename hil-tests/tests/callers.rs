//! Simulated callers call every scenario that ships, in every language, by text: a thousand of them each, always the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::path::Path;

use switchhook::dialog::Scenario;
use switchhook_hil::callers::Office;
use switchhook_hil::callers::outcome::Cause;

const CALLS: u64 = 1_000;
/// Fewer than measured by some hundredths (docs/callers.md): what falls below has become worse.
const RIGHT: f64 = 90.0;

#[test]
fn callers_reach_what_they_came_for_or_a_person_and_nothing_is_invented() {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("../daemon/scenarios");
    let mut faults = Vec::new();
    let mut called = 0;
    for entry in std::fs::read_dir(scenarios).unwrap() {
        let dir = entry.unwrap().path();
        for locale in Scenario::languages(&dir).unwrap() {
            let Some(office) = Office::open(&dir, locale).unwrap() else { continue };
            let found = office.by_text(1, CALLS).unwrap();
            called += CALLS;
            let name = format!("{} in {locale}", dir.display());
            for never in [Cause::Invented, Cause::ToldAnother, Cause::NoHandOver, Cause::NotDisclosed] {
                if let Some(count) = found.causes.get(&never) {
                    faults.push(format!("{name}: {} in {count} calls: {:?}", never.name(), found.shown.first()));
                }
            }
            assert_eq!(found.persons_asked, found.persons_given, "{name}: a person is given at once");
            if found.right() < RIGHT {
                faults.push(format!("{name}: {:.1} % right: {:?}", found.right(), found.causes));
            }
        }
    }
    assert!(called >= 7 * 3 * CALLS, "seven scenarios in three languages");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
