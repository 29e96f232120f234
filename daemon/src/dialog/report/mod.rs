//! What became of a call: whether its caller got what it was for, what they told, how content they are, and what went badly.
//!
//! The dialog keeps an [`Account`] while it goes on; when the call is over, how it ended makes a [`Report`] of it. Everything here is taken from what
//! was said and done, never from how somebody sounds: a rating is one that the caller gave, or there is none (Regulation (EU) 2024/1689, article 5
//! (1) (f) and annex III 1 (c), on inferring emotions).

mod account;
mod hand_over;
mod summary;
mod tag;

use serde_json::{Map, Value};

pub(super) use account::Account;
pub use account::Close;
pub use hand_over::{HandOver, HandOverEnd};
pub use tag::Tag;

/// The word for a question that the office's knowledge answered.
pub const ANSWERED: &str = "answered";
/// The word for a message that was taken.
pub const MESSAGE_TAKEN: &str = "message-taken";
/// The word for a call that a person took.
pub const TRANSFERRED: &str = "transferred";

/// What became of a call. Personal data, except its goal and its tags.
#[derive(Clone, PartialEq, Eq)]
pub struct Report {
    /// Whether the caller got what they came for.
    pub goal: Goal,
    /// The flows that were begun, in order.
    pub errands: Vec<Errand>,
    /// The people whom it was tried to hand the call to, in order.
    pub hand_overs: Vec<HandOver>,
    /// Whether the caller complained.
    pub complaint: bool,
    /// How well the call helped, 1 to 5, if the caller said so.
    pub satisfaction: Option<Rating>,
    /// All of it in a few sentences, in the office's language.
    pub summary: String,
    /// What went badly, each once.
    pub tags: Vec<Tag>,
}

impl Report {
    /// Something went badly.
    pub fn tag(&mut self, tag: Tag) {
        if let Err(place) = self.tags.binary_search(&tag) {
            self.tags.insert(place, tag);
        }
    }
}

impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Report").field("goal", &self.goal).field("tags", &self.tags).finish_non_exhaustive()
    }
}

/// Whether a caller got what they came for, by the scenario's measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// By these results, in the order in which they came: `booked`, [`ANSWERED`], [`MESSAGE_TAKEN`], [`TRANSFERRED`].
    Reached(Vec<String>),
    /// Not, and why.
    Missed(Missed),
}

impl Goal {
    /// Whether it was reached.
    #[must_use]
    pub fn is_reached(&self) -> bool {
        matches!(self, Self::Reached(_))
    }

    /// By what it was reached, or why not, in words for records.
    #[must_use]
    pub fn why(&self) -> String {
        match self {
            Self::Reached(results) => results.join(" "),
            Self::Missed(why) => why.as_str().to_owned(),
        }
    }

    /// What [`Self::why`] wrote.
    #[must_use]
    pub fn read(reached: bool, why: &str) -> Option<Self> {
        if reached {
            return Some(Self::Reached(why.split_whitespace().map(str::to_owned).collect()));
        }
        Missed::ALL.into_iter().find(|missed| missed.as_str() == why).map(Self::Missed)
    }
}

/// Why a caller did not get what they came for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    /// The line, the program or the office ended the call.
    CutOff,
    /// A person was wanted, and nobody took the call.
    NobodyThere,
    /// The caller left in the middle of a flow.
    LeftHalfway,
    /// A flow ended, with a result that the scenario does not count as success.
    OtherResult,
    /// The caller was not understood.
    NotUnderstood,
    /// The caller said nothing any more.
    Silence,
    /// The caller wanted nothing.
    NothingWanted,
}

impl Missed {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::CutOff, Self::NobodyThere, Self::LeftHalfway, Self::OtherResult, Self::NotUnderstood, Self::Silence, Self::NothingWanted];

    /// The word in records and figures.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CutOff => "cut-off",
            Self::NobodyThere => "nobody-there",
            Self::LeftHalfway => "left-halfway",
            Self::OtherResult => "other-result",
            Self::NotUnderstood => "not-understood",
            Self::Silence => "silence",
            Self::NothingWanted => "nothing-wanted",
        }
    }
}

/// A flow that was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errand {
    /// The flow's name.
    pub flow: String,
    /// Its result; none if it was left.
    pub result: Option<String>,
    /// What the caller told, by slot, as records keep it.
    pub told: Map<String, Value>,
}

/// A caller's own mark for a call, 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rating(u8);

impl Rating {
    /// The mark, if it is one.
    #[must_use]
    pub fn new(mark: u8) -> Option<Self> {
        (1..=5).contains(&mark).then_some(Self(mark))
    }

    /// The mark.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_goal_comes_back_from_the_words_that_records_keep() {
        let reached = Goal::Reached(vec!["booked".into(), ANSWERED.into()]);
        for goal in Missed::ALL.map(Goal::Missed).into_iter().chain([reached]) {
            assert_eq!(Goal::read(goal.is_reached(), &goal.why()), Some(goal));
        }
        assert_eq!(Goal::read(false, "booked"), None);
    }

    #[test]
    fn nobody_gives_a_six() {
        assert_eq!([0, 1, 5, 6].map(|mark| Rating::new(mark).map(Rating::get)), [None, Some(1), Some(5), None]);
    }
}
