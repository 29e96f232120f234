//! A calendar from anybody: other programs write it, too.

#![no_main]

use jiff::Timestamp;
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
    let _ = switchhook::lookups::calendar::check(text, &now);
});
