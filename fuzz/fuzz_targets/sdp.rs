//! A description from anybody.

#![no_main]

use libfuzzer_sys::fuzz_target;
use switchhook::lines::sip::fuzzing;

fuzz_target!(|data: &[u8]| {
    if let Some(answer) = fuzzing::answer_to(data) {
        assert!(fuzzing::is_read(answer.as_bytes()), "our own answer: {answer}");
    }
});
