//! One exchange in the making: from what the caller did to the robot's first sound, with a time stamp for each part.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::calls::{Latency, Outcome, Turn};
use crate::dialog::Step;
use crate::records::TurnRecord;

/// When the parts of an answer were there.
#[derive(Clone, Copy)]
struct Stamps {
    endpoint: Duration,
    ended: Instant,
    words: Instant,
}

/// The exchange that is going on. It begins with the greeting, which answers nothing.
#[derive(Default)]
pub(super) struct Exchange {
    index: u32,
    heard: Option<String>,
    confidence: f32,
    stamps: Option<Stamps>,
    decided: Option<(Instant, Turn, Option<String>)>,
    outcome: Option<Outcome>,
}

impl Exchange {
    /// The caller's turn is over and its words are there.
    pub(super) fn begin_by_voice(&mut self, heard: Option<String>, confidence: f32, endpoint: Duration, ended: Instant) {
        self.begin(heard, confidence, Some(Stamps { endpoint, ended, words: Instant::now() }));
    }

    /// The caller pressed a key or said nothing, or the line has news.
    pub(super) fn begin_by_key(&mut self) {
        self.begin(None, 0.0, None);
    }

    fn begin(&mut self, heard: Option<String>, confidence: f32, stamps: Option<Stamps>) {
        self.index += 1;
        (self.heard, self.confidence, self.stamps) = (heard, confidence, stamps);
        self.decided = None;
    }

    /// It is known what to do. The language model may have been asked in between: the last step counts.
    pub(super) fn decided(&mut self, step: &Step) {
        let turn = Turn {
            index: self.index,
            heard: self.heard.clone(),
            confidence: self.confidence,
            understood: step.understood.clone(),
            action: step.action_name().to_owned(),
            said: step.said(),
            latency: None,
        };
        self.decided = Some((Instant::now(), turn, step.source.clone()));
    }

    /// Whether what was decided last was told already.
    pub(super) fn is_told(&self) -> bool {
        self.decided.is_none()
    }

    /// The exchange, once something sounds or nothing is to sound; `None` while it is not complete.
    pub(super) fn complete(&mut self, first_sound: Option<Instant>) -> Option<(Turn, TurnRecord)> {
        let silent = self
            .decided
            .as_ref()
            .is_some_and(|(_, turn, _)| turn.said.is_empty() && !matches!(turn.action.as_str(), "classify" | "quote" | "look-up"));
        if first_sound.is_none() && !silent {
            return None;
        }
        let (decided, mut turn, source) = self.decided.take()?;
        let first_sound = first_sound.unwrap_or(decided);
        turn.latency = self.stamps.take().map(|stamps| Latency {
            endpoint: stamps.endpoint,
            words: stamps.words.saturating_duration_since(stamps.ended),
            decision: decided.saturating_duration_since(stamps.words),
            first_sound: first_sound.saturating_duration_since(decided),
        });
        let record = TurnRecord {
            index: turn.index,
            at: Timestamp::now(),
            heard: turn.heard.clone(),
            confidence: turn.confidence,
            understood: turn.understood.clone(),
            action: turn.action.clone(),
            said: turn.said.clone(),
            source,
            latency: turn.latency.as_ref().map(Latency::total),
        };
        Some((turn, record))
    }

    /// The exchange, if it was decided and is broken off before anything of it sounded: what the caller did is on record all the same.
    pub(super) fn break_off(&mut self) -> Option<(Turn, TurnRecord)> {
        let (decided, turn, _) = self.decided.as_mut()?;
        turn.said.clear();
        self.stamps = None;
        let first_sound = *decided;
        self.complete(Some(first_sound))
    }

    /// Remember how the call ends, since the line only tells that we hung up.
    pub(super) fn hung_up_as(&mut self, outcome: Outcome) {
        self.outcome = Some(outcome);
    }

    /// How the call ends, if the robot ended it.
    pub(super) fn outcome(&self) -> Option<Outcome> {
        self.outcome
    }
}
