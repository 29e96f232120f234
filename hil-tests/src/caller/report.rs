//! What is told of a call: drawn from its sound alone.

use serde::Serialize;

use super::{End, Utterance};
use crate::ear::{Tracks, first_sound, percentile, silence_after, speech_end, speech_start};
use crate::rtp::RATE;

/// A robot that is silent for so long has finished: 700 ms.
const FINISHED: usize = 5_600;
/// A robot that is silent for so long has stopped, when it was interrupted: 300 ms, longer than pauses between words.
const STOPPED: usize = 2_400;

/// A call, seen from the caller's side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Whether the call was taken.
    pub answered: bool,
    /// The SIP status of the answer.
    pub status: u16,
    /// How it ended.
    pub end: End,
    /// How long it lasted from the answer on.
    pub seconds: f64,
    /// When the greeting began.
    pub greeting_ms: Option<usize>,
    /// One entry for each thing that was said.
    pub turns: Vec<TurnReport>,
    /// Over all answered turns.
    pub latency_ms: Percentiles,
    /// Packets of sound that came.
    pub packets_received: u64,
    /// Packets of sound that the other side says it sent.
    pub packets_sent_by_them: u64,
    /// Whom the robot passed the call to, if it tried.
    pub transfer: Option<Transfer>,
}

/// One thing that was said, and its answer. Times are in milliseconds since the call was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TurnReport {
    /// From the caller's last audible sample to the robot's first; `None` if the robot did not answer.
    pub latency_ms: Option<usize>,
    /// The file.
    pub said: String,
    /// When the caller began to be audible.
    pub said_from_ms: usize,
    /// When the caller ended.
    pub said_to_ms: usize,
    /// When the robot's answer began.
    pub answer_from_ms: Option<usize>,
    /// When it ended.
    pub answer_to_ms: Option<usize>,
    /// If the robot spoke when the caller began: for how long it went on.
    pub robot_stopped_after_ms: Option<usize>,
}

/// The middle and the bad end of what was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Percentiles {
    /// Median.
    pub p50: Option<usize>,
    /// 95th percentile.
    pub p95: Option<usize>,
}

/// Where the robot passed the call to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Transfer {
    /// The address that it gave.
    pub to: String,
    /// The SIP status that the new call came to, if it did.
    pub status: Option<u16>,
}

impl Percentiles {
    /// Of these values.
    #[must_use]
    pub fn of(values: &[usize]) -> Self {
        Self { p50: percentile(values, 0.5), p95: percentile(values, 0.95) }
    }
}

/// What each utterance came to; `said` are their indices and the places where they begin, in order.
pub(super) fn turns(tracks: &Tracks, utterances: &[Utterance], said: &[(usize, usize)]) -> Vec<TurnReport> {
    let turn = |(at, &(index, place)): (usize, &(usize, usize))| {
        let utterance = utterances.get(index)?;
        let until = said.get(at + 1).map_or(tracks.heard.len(), |&(_, next)| next);
        Some(one_turn(tracks, utterance, place, until))
    };
    said.iter().enumerate().filter_map(turn).collect()
}

fn one_turn(tracks: &Tracks, utterance: &Utterance, place: usize, until: usize) -> TurnReport {
    let heard = &tracks.heard;
    let from = place + speech_start(&utterance.samples).unwrap_or(0);
    let to = place + speech_end(&utterance.samples).unwrap_or(utterance.samples.len());
    let sounding = |at: usize| first_sound(heard, at).is_some_and(|start| start < at + STOPPED / 4);
    // A good ear hears the breath before the first loud sound: a robot may have stopped by then.
    let stopped = [from, place].into_iter().find(|&at| sounding(at)).map(|at| silence_after(heard, at, STOPPED));
    // A robot that still speaks when the caller has finished did not yet answer.
    let free = stopped.map_or(to, |stop| stop.max(to));
    // The search ends where the caller spoke again.
    let window = heard.get(..until.min(heard.len())).unwrap_or_default();
    let answer = first_sound(window, free);
    TurnReport {
        latency_ms: answer.map(|answer| millis(answer - to)),
        said: utterance.name.clone(),
        said_from_ms: millis(from),
        said_to_ms: millis(to),
        answer_from_ms: answer.map(millis),
        answer_to_ms: answer.map(|answer| millis(silence_after(window, answer, FINISHED))),
        robot_stopped_after_ms: stopped.map(|stop| millis(stop.saturating_sub(from))),
    }
}

pub(super) fn millis(samples: usize) -> usize {
    samples * 1_000 / RATE as usize
}

#[cfg(test)]
mod tests {
    #![expect(clippy::single_range_in_vec_init, reason = "a list of stretches may hold one")]
    use super::*;

    fn tracks(heard: &[std::ops::Range<usize>], length_ms: usize) -> Tracks {
        let mut track = vec![0; length_ms * 8];
        for stretch in heard {
            for (n, sample) in track.iter_mut().enumerate().take(stretch.end * 8).skip(stretch.start * 8) {
                *sample = if n % 16 < 8 { 3_000 } else { -3_000 };
            }
        }
        let mut tracks = Tracks::default();
        tracks.heard = track;
        tracks
    }

    /// 100 ms of silence, 800 ms of speech, 300 ms of silence.
    fn utterance() -> Utterance {
        let samples = (0..1_200 * 8).map(|n| if (800..7_200).contains(&n) { 5_000 * if n % 16 < 8 { 1 } else { -1 } } else { 0 });
        Utterance { name: "a.wav".into(), samples: samples.collect() }
    }

    #[test]
    fn each_turn_is_measured_from_its_last_word_to_the_answer() {
        let tracks = tracks(&[0..1_000, 3_350..4_000, 6_000..6_500], 8_000);
        let turns = turns(&tracks, &[utterance(), utterance()], &[(0, 2_000 * 8), (1, 4_800 * 8)]);
        let latencies: Vec<_> = turns.iter().map(|turn| turn.latency_ms).collect();
        assert_eq!(latencies, [Some(450), Some(300)]);
        assert_eq!((turns[0].said_to_ms, turns[0].answer_from_ms, turns[0].answer_to_ms), (2_900, Some(3_350), Some(4_000)));
        assert_eq!(turns[0].robot_stopped_after_ms, None);
    }

    #[test]
    fn a_turn_without_an_answer_has_no_latency_and_does_not_take_the_next_turns() {
        let tracks = tracks(&[6_000..6_500], 8_000);
        let turns = turns(&tracks, &[utterance(), utterance()], &[(0, 2_000 * 8), (1, 4_800 * 8)]);
        assert_eq!(turns.iter().map(|turn| turn.latency_ms).collect::<Vec<_>>(), [None, Some(300)]);
    }

    #[test]
    fn an_interrupted_robot_is_timed_until_it_falls_silent_and_then_until_it_answers() {
        let tracks = tracks(&[1_000..2_280, 3_400..4_000], 6_000);
        let turn = &turns(&tracks, &[utterance()], &[(0, 2_000 * 8)])[0];
        assert_eq!((turn.robot_stopped_after_ms, turn.latency_ms), (Some(180), Some(500)));
    }
}
