//! Who is speaking right now? An energy detector with patience: a pause within a sentence does not end it.

use super::{AUDIBLE, WINDOW, rms};

/// Sound shorter than this many windows in a row is a click.
const ONSET_WINDOWS: u32 = 3;

/// What the heard side does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sounding {
    /// Nothing was heard yet, or the last speech is over.
    Quiet {
        /// Since which sample: the end of the last sound, or 0.
        since: usize,
    },
    /// Somebody speaks.
    Speaking {
        /// Since which sample.
        since: usize,
    },
}

/// Follows one track.
#[derive(Clone, Debug)]
pub struct Activity {
    patience: usize,
    seen: usize,
    now: Sounding,
    loud_windows: u32,
    /// The end of the last window with sound in it.
    last_sound: usize,
    utterances: u32,
}

impl Activity {
    /// A listener that takes speech to be over after `patience` samples of quiet.
    #[must_use]
    pub fn new(patience: usize) -> Self {
        Self { patience, seen: 0, now: Sounding::Quiet { since: 0 }, loud_windows: 0, last_sound: 0, utterances: 0 }
    }

    /// Listen to the track up to its sample `until`; what comes later may still change.
    pub fn follow(&mut self, track: &[i16], until: usize) {
        let until = until.min(track.len());
        while self.seen + WINDOW <= until {
            let window = track.get(self.seen..self.seen + WINDOW).unwrap_or_default();
            self.seen += WINDOW;
            self.window(rms(window) > AUDIBLE);
        }
    }

    /// What is heard at the sample up to which the track was followed.
    #[must_use]
    pub fn now(&self) -> Sounding {
        self.now
    }

    /// How often somebody began to speak.
    #[must_use]
    pub fn utterances(&self) -> u32 {
        self.utterances
    }

    fn window(&mut self, loud: bool) {
        self.loud_windows = if loud { self.loud_windows + 1 } else { 0 };
        if loud {
            self.last_sound = self.seen;
        }
        match self.now {
            Sounding::Quiet { .. } if self.loud_windows == ONSET_WINDOWS => {
                self.utterances += 1;
                self.now = Sounding::Speaking { since: self.seen - WINDOW * ONSET_WINDOWS as usize };
            }
            Sounding::Speaking { .. } if self.seen - self.last_sound >= self.patience => {
                self.now = Sounding::Quiet { since: self.last_sound };
            }
            Sounding::Quiet { .. } | Sounding::Speaking { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A track of stretches: milliseconds, and whether there is sound.
    fn track(stretches: &[(usize, bool)]) -> Vec<i16> {
        stretches
            .iter()
            .flat_map(|&(ms, sound)| (0..ms * 8).map(move |n| if sound { if n % 16 < 8 { 4_000 } else { -4_000 } } else { 8 }))
            .collect()
    }

    fn heard(track: &[i16]) -> Activity {
        let mut activity = Activity::new(700 * 8);
        activity.follow(track, track.len());
        activity
    }

    #[test]
    fn a_pause_within_a_sentence_does_not_end_it() {
        let activity = heard(&track(&[(200, false), (500, true), (600, false), (500, true), (300, false)]));
        assert_eq!(activity.now(), Sounding::Speaking { since: 200 * 8 });
        assert_eq!(activity.utterances(), 1);
    }

    #[test]
    fn speech_is_over_after_the_patience_and_ended_where_the_sound_did() {
        let activity = heard(&track(&[(200, false), (500, true), (710, false)]));
        assert_eq!(activity.now(), Sounding::Quiet { since: 700 * 8 });
    }

    #[test]
    fn a_click_is_no_speech() {
        let activity = heard(&track(&[(200, false), (20, true), (300, false)]));
        assert_eq!((activity.now(), activity.utterances()), (Sounding::Quiet { since: 0 }, 0));
    }

    proptest! {
        #[test]
        fn how_the_track_is_cut_does_not_matter(cuts in proptest::collection::vec(0..12_000_usize, 0..20)) {
            let track = track(&[(150, false), (300, true), (800, false), (250, true)]);
            let mut cuts = cuts;
            cuts.sort_unstable();
            let mut activity = Activity::new(700 * 8);
            for cut in cuts {
                activity.follow(&track, cut);
            }
            activity.follow(&track, track.len());
            prop_assert_eq!(activity.now(), heard(&track).now());
            prop_assert_eq!(activity.utterances(), 2);
        }
    }
}
