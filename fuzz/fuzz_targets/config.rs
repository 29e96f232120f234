//! A configuration from anybody.

#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(problem) = switchhook::config::parse(text, Path::new("switchhook.toml")) {
        assert!(!problem.to_string().is_empty());
    }
});
