//! Voice activity and the end of turns: what is judged many times in a call.

use std::hint::black_box;
use std::time::Instant;

use switchhook_models::measured::Speed;
use switchhook_models::turn::TurnDetector;
use switchhook_models::vad::{VoiceActivity, WINDOW};
use switchhook_models::{Cancel, Error, Result};

use super::rounds::Rounds;
use super::turns::Turn;

/// The mean over the windows of the longest turn.
pub fn activity(detector: &mut dyn VoiceActivity, turns: &[Turn], rounds: &mut Rounds<'_>) -> Result<Speed> {
    let (windows, _) = longest(turns)?.samples.as_chunks::<WINDOW>();
    rounds.expect(1);
    let [window_seconds] = rounds.medians("windows of 32 ms", |_| {
        detector.reset();
        let started = Instant::now();
        for window in windows {
            black_box(detector.push(window)?);
        }
        Ok([started.elapsed().as_secs_f64() / windows.len().max(1) as f64])
    })?;
    Ok(Speed::VoiceActivity { window_seconds })
}

/// One verdict at the end of the longest turn. Of any turn the last seconds are heard.
pub fn end_of_turn(detector: &dyn TurnDetector, turns: &[Turn], rounds: &mut Rounds<'_>) -> Result<Speed> {
    let turn = &longest(turns)?.samples;
    rounds.expect(1);
    let [verdict_seconds] = rounds.medians("verdicts", |_| {
        let started = Instant::now();
        black_box(detector.finished(turn, &Cancel::new())?);
        Ok([started.elapsed().as_secs_f64()])
    })?;
    Ok(Speed::EndOfTurn { verdict_seconds })
}

fn longest(turns: &[Turn]) -> Result<&Turn> {
    turns.iter().max_by_key(|turn| turn.samples.len()).ok_or_else(|| Error::Input("there is no turn to judge".to_owned()))
}
