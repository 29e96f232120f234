//! Headers and bodies from anybody, one a line.

#![no_main]

use libfuzzer_sys::fuzz_target;
use switchhook::lines::sip::fuzzing;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.splitn(4, '\n');
    let (from, asserted, privacy) = (lines.next().unwrap_or_default(), lines.next(), lines.next());
    let party = fuzzing::caller(from, asserted, privacy);
    for part in [party.name, party.number].into_iter().flatten() {
        assert!(!part.is_empty() && part.chars().count() <= 80 && !part.chars().any(char::is_control), "{part:?}");
    }
    // That they return is all that is asked.
    let _ = (fuzzing::is_challenge(from), fuzzing::is_key(lines.next().unwrap_or_default(), data));
});
