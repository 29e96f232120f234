//! A scenario and a page of knowledge from anybody, in one file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use switchhook::dialog::{Passage, Scenario};

fuzz_target!(|text: &str| {
    let (scenario, page) = text.split_once("\n---page---\n").unwrap_or((text, ""));
    let Ok(passages) = Passage::parse_page("page.md", page) else { return };
    if let Ok(scenario) = Scenario::parse("fuzzed".to_owned(), "0".to_owned(), scenario, passages) {
        assert!(!scenario.fixed_lines().is_empty());
    }
});
