//! Who speaks into the telephone, and who further off. Voice activity hears no level, so that a colleague across the room or a television sounds like a caller.
//!
//! A turn begins only with sound that is, over the last 224 ms, no more than 10 dB below the caller's own level. One window of 32 ms tells nothing: speech moves by 10 dB
//! from one to the next. The level is known from turns in which there were words; a cough or music teaches nothing, and until there were words everybody is heard. It
//! is quick to fall and slow to rise: whoever is let in by mistake costs a turn that nobody meant, whoever is locked out is a caller that nobody hears.
//!
//! Nobody is locked out for long: when the caller has said nothing for as long as they were given, and is asked whether they are there, the level is forgotten, and the next
//! to speak is heard however softly. They may have laid the telephone down, or given it to somebody else. A gateway with automatic gain brings the far voice up in a pause: then it is let in,
//! as it was without a gate, and the caller, who is never below it, is heard as before. The end of a turn knows no level: voices sink there.

use std::collections::VecDeque;

use super::endpoint::SPEECH;

/// So many of the detector's windows of 32 ms are judged together.
const LATELY: usize = 7;
/// How far below the caller's own level a turn still begins, in decibels.
const BELOW: f32 = 10.0;
/// A turn that is softer than what is known counts for half.
const FALLS: f32 = 0.5;
/// One that is louder counts for a quarter: a shout of 20 dB moves the bar by 5.
const RISES: f32 = 0.25;
/// Fewer windows of speech than this tell no level: a quarter of a second.
const LEAST: u32 = 8;

/// Follows one caller.
#[derive(Debug, Default)]
pub(super) struct Nearness {
    /// The mean squares of the last windows.
    lately: VecDeque<f32>,
    /// The sum of the mean squares of a turn's windows with speech, and how many those are.
    turn: (f32, u32),
    /// The level of the last turn that is over, in decibels of full scale.
    last: Option<f32>,
    /// The caller's own level, in decibels of full scale.
    own: Option<f32>,
}

impl Nearness {
    /// Somebody speaks in this window with this probability.
    pub(super) fn hears(&mut self, window: &[f32], probability: f32) {
        let power = window.iter().map(|sample| sample * sample).sum::<f32>() / window.len().max(1) as f32;
        self.lately.truncate(LATELY - 1);
        self.lately.push_front(power);
        if probability >= SPEECH {
            self.turn = (self.turn.0 + power, self.turn.1 + 1);
        }
    }

    /// Whether what was heard lately is loud enough to be the caller.
    pub(super) fn is_near(&self) -> bool {
        self.own.is_none_or(|own| decibels(self.lately.iter().sum::<f32>() / LATELY as f32) >= own - BELOW)
    }

    /// A turn begins: what was heard lately belongs to it.
    pub(super) fn begins(&mut self) {
        self.turn = (0.0, 0);
    }

    /// The turn is over.
    pub(super) fn ends(&mut self) {
        let (power, windows) = std::mem::take(&mut self.turn);
        self.last = (windows >= LEAST).then(|| decibels(power / windows as f32));
    }

    /// There were words in the turn that is over: it was the caller.
    pub(super) fn were_words(&mut self) {
        let Some(last) = self.last.take() else { return };
        self.own = Some(self.own.map_or(last, |own| own + (last - own) * if last < own { FALLS } else { RISES }));
    }

    /// Whoever speaks next may be somebody else.
    pub(super) fn forget(&mut self) {
        self.own = None;
    }
}

fn decibels(power: f32) -> f32 {
    10.0 * power.max(f32::MIN_POSITIVE).log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Somebody speaks for so many windows, so many decibels below full scale; in how many of them a turn could begin.
    fn speaks(nearness: &mut Nearness, decibels: f32, windows: usize) -> usize {
        let window = [10f32.powf(decibels / 20.0); 512];
        let mut near = 0;
        for _ in 0..windows {
            nearness.hears(&window, 0.9);
            near += usize::from(nearness.is_near());
        }
        near
    }

    /// A turn of the caller's, and silence after it.
    fn turn(nearness: &mut Nearness, decibels: f32) {
        nearness.begins();
        speaks(nearness, decibels, 40);
        nearness.ends();
        nearness.were_words();
        speaks(nearness, -90.0, LATELY);
    }

    fn known(decibels: f32) -> Nearness {
        let mut nearness = Nearness::default();
        turn(&mut nearness, decibels);
        nearness
    }

    #[test]
    fn who_is_far_below_the_caller_begins_no_turn() {
        assert_eq!(speaks(&mut known(-20.0), -32.0, 100), 0);
    }

    #[test]
    fn the_caller_begins_one_as_soon_as_speech_is_noticed_and_a_softer_one_after_224_ms() {
        assert_eq!(speaks(&mut known(-20.0), -20.0, 3), 3);
        assert!(speaks(&mut known(-20.0), -29.0, 7) >= 1);
    }

    #[test]
    fn before_the_first_words_everybody_is_heard() {
        assert_eq!(speaks(&mut Nearness::default(), -60.0, 10), 10);
    }

    #[test]
    fn a_sound_without_words_says_nothing_of_the_caller() {
        let mut nearness = Nearness::default();
        nearness.begins();
        speaks(&mut nearness, -10.0, 40);
        nearness.ends();
        assert_eq!(speaks(&mut nearness, -40.0, 40), 40);
    }

    #[test]
    fn the_bar_follows_a_caller_who_becomes_softer_and_moves_little_for_a_shout() {
        let mut nearness = known(-20.0);
        for softer in [-26.0, -31.0, -36.0] {
            assert!(speaks(&mut nearness, softer, 10) > 0, "{softer} dB");
            turn(&mut nearness, softer);
        }
        let mut nearness = known(-24.0);
        turn(&mut nearness, -4.0);
        assert!(speaks(&mut nearness, -24.0, 10) > 0, "after a shout");
    }

    #[test]
    fn whoever_is_asked_whether_they_are_there_is_heard_however_softly() {
        let mut nearness = known(-20.0);
        nearness.forget();
        assert_eq!(speaks(&mut nearness, -45.0, 10), 10);
    }
}
