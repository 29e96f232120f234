//! A scenario from anybody: its four kinds of file, in one text.

#![no_main]

use std::path::PathBuf;

use libfuzzer_sys::fuzz_target;
use switchhook::dialog::{Folder, Page, Scenario};
use switchhook_models::Locale;

fuzz_target!(|text: &str| {
    let mut parts = text.splitn(4, "\n---\n");
    let mut page = |name: &str| Page { path: PathBuf::from(name), text: parts.next().unwrap_or_default().to_owned() };
    let folder = Folder {
        path: PathBuf::from("fuzzed"),
        scenario: page("scenario.yaml"),
        wording: page("lang/en.ftl"),
        callers: page("lang/en.yaml"),
        knowledge: vec![page("page.md")],
    };
    if let Ok(scenario) = Scenario::check(&folder, Locale::En) {
        assert!(!scenario.fixed_lines().is_empty());
    }
});
