//! What a call came to, and why.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::persona::Quirk;

/// What a call came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The caller has what they came for, and it is right.
    Reached,
    /// They wanted a person, and were passed on.
    HandedOver,
    /// The robot did not understand as often as the scenario says, or the caller had enough of it, and they were passed on.
    PassedOn(Cause),
    /// They left, or never spoke, and the robot let them go.
    Left,
    /// Nothing of that.
    Failed(Cause),
}

impl Outcome {
    /// Whether that is as it has to be.
    pub fn is_right(self) -> bool {
        !matches!(self, Self::Failed(_))
    }
}

/// Why a call did not come to what the caller wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The words that were recognised were others.
    Misheard,
    /// The caller was taken to have finished in the middle of a sentence.
    CutOff,
    /// The words were right, and were not understood.
    Misunderstood,
    /// The caller had enough.
    OutOfPatience,
    /// Something was kept that the caller had not said.
    WrongValue,
    /// Something was kept that the caller had not confirmed.
    Unconfirmed,
    /// The caller asked for a person, was understood, and was not passed on.
    NoHandOver,
    /// The robot ended the call.
    RobotLeft,
    /// The robot said something that nobody wrote.
    Invented,
    /// Somebody heard what concerns nobody but the right person.
    ToldAnother,
    /// The caller was not told that a robot speaks before anything else.
    NotDisclosed,
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Misheard,
        Self::CutOff,
        Self::Misunderstood,
        Self::OutOfPatience,
        Self::WrongValue,
        Self::Unconfirmed,
        Self::NoHandOver,
        Self::RobotLeft,
        Self::Invented,
        Self::ToldAnother,
        Self::NotDisclosed,
    ];

    /// What the page calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Misheard => "misheard",
            Self::CutOff => "cut off",
            Self::Misunderstood => "misunderstood",
            Self::OutOfPatience => "out of patience",
            Self::WrongValue => "wrong value kept",
            Self::Unconfirmed => "kept unconfirmed",
            Self::NoHandOver => "no hand-over",
            Self::RobotLeft => "robot left",
            Self::Invented => "invented",
            Self::ToldAnother => "told somebody else",
            Self::NotDisclosed => "not disclosed",
        }
    }
}

/// What one of the two did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// What the caller said or did.
    pub caller: String,
    /// What the robot heard of it; nothing if there was nothing to hear.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heard: Vec<String>,
    /// What it was understood as.
    pub understood: String,
    /// What the robot said.
    pub robot: String,
}

/// A call that was held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Which of the callers.
    pub number: u64,
    /// What they wanted.
    pub goal: String,
    /// What they did beside answering.
    pub quirks: Vec<Quirk>,
    /// Who spoke, and over what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// What it came to.
    pub outcome: Outcome,
    /// What is to be told of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// How it went.
    pub exchanges: Vec<Exchange>,
    /// How often a person was asked for in words or keys that were rightly heard, and how often that was done at once.
    pub persons_asked: usize,
    /// And at once given.
    pub persons_given: usize,
    /// How often the robot was spoken over, and how often it heard that.
    pub interruptions: usize,
    /// And heard it.
    pub interruptions_heard: usize,
    /// How often it was told to go on while it spoke, and how often it did.
    pub murmurs: usize,
    /// And went on.
    pub murmurs_let_pass: usize,
}

/// What the calls of a scenario in a language came to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Found {
    /// How many.
    pub calls: usize,
    /// What made them.
    pub seed: u64,
    /// [`Outcome::Reached`].
    pub reached: usize,
    /// [`Outcome::HandedOver`].
    pub handed_over: usize,
    /// [`Outcome::PassedOn`].
    pub passed_on: usize,
    /// [`Outcome::Left`].
    pub left: usize,
    /// [`Outcome::Failed`].
    pub failed: usize,
    /// Of the failed ones and of those passed on for want of understanding.
    pub causes: BTreeMap<Cause, usize>,
    /// Exchanges of all calls.
    pub turns: usize,
    /// As in [`Held`], of all calls.
    pub persons_asked: usize,
    /// As in [`Held`], of all calls.
    pub persons_given: usize,
    /// As in [`Held`], of all calls.
    pub interruptions: usize,
    /// As in [`Held`], of all calls.
    pub interruptions_heard: usize,
    /// As in [`Held`], of all calls.
    pub murmurs: usize,
    /// As in [`Held`], of all calls.
    pub murmurs_let_pass: usize,
    /// Processor time, in seconds.
    pub processor: f64,
    /// The calls that failed or were passed on, as they went.
    pub shown: Vec<Held>,
}

/// So many calls are kept as they went.
const SHOWN: usize = 40;

impl Found {
    /// One more call.
    pub fn add(&mut self, held: Held) {
        self.calls += 1;
        self.turns += held.exchanges.len();
        self.persons_asked += held.persons_asked;
        self.persons_given += held.persons_given;
        self.interruptions += held.interruptions;
        self.interruptions_heard += held.interruptions_heard;
        self.murmurs += held.murmurs;
        self.murmurs_let_pass += held.murmurs_let_pass;
        let count = match held.outcome {
            Outcome::Reached => &mut self.reached,
            Outcome::HandedOver => &mut self.handed_over,
            Outcome::Left => &mut self.left,
            Outcome::PassedOn(cause) => {
                *self.causes.entry(cause).or_default() += 1;
                &mut self.passed_on
            }
            Outcome::Failed(cause) => {
                *self.causes.entry(cause).or_default() += 1;
                &mut self.failed
            }
        };
        *count += 1;
        if matches!(held.outcome, Outcome::Failed(_) | Outcome::PassedOn(_)) && self.shown.len() < SHOWN {
            self.shown.push(held);
        }
    }

    /// Of a hundred calls, how many came to what they had to.
    pub fn right(&self) -> f64 {
        100.0 * (self.calls - self.failed) as f64 / self.calls.max(1) as f64
    }
}
