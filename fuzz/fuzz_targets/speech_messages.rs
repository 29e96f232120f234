//! A message between the daemon and its speech worker, from whichever of the two was led astray.

#![no_main]

use libfuzzer_sys::fuzz_target;
use switchhook::speech::worker::is_read;

fuzz_target!(|data: (&[u8], &str)| {
    let _ = is_read(data.0, data.1);
});
