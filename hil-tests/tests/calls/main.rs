//! Real calls to the real robot, judged by the sound that the caller hears.
//!
//! The robot runs with its installed models: `switchhook-models fetch` installs them. Nothing here measures time against a bound that a busy machine
//! could miss; what is asserted is what happened, and in which order.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests")]

mod announced;
mod directed;
mod doctor;
mod ends;
mod losses;
mod people;
mod reload;
mod setup;
mod surroundings;
mod talk;

use std::time::Duration;

use switchhook_hil::bench::{House, Place, Settings};
use switchhook_hil::caller::Call;
use switchhook_hil::rtp::RATE;
use switchhook_models::Language;

/// One second of samples.
const SECOND: usize = RATE as usize;
/// For what must happen, but on a slow machine takes its time.
const SOON: Duration = Duration::from_secs(30);

/// What somebody heard, in small letters.
fn words(call: &Call) -> String {
    switchhook_hil::ear::words(&call.tracks.heard, Language::En).unwrap().to_lowercase()
}

/// A robot without a language model: flows, knowledge and messages are what these tests are about.
fn plain() -> Settings {
    Settings { without_language_model: true, ..Settings::default() }
}

async fn open(settings: &Settings) -> (Place, House) {
    let place = Place::new().unwrap();
    let house = House::open(&place, settings).await.unwrap();
    (place, house)
}
