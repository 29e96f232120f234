//! Who calls: what they want, how much they bear, and what they do beside answering. All of it follows from the seed.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

/// What a caller does beside answering, once in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quirk {
    /// Tells values with the wish.
    TellsAtOnce,
    /// Asks something of the knowledge in the middle.
    Digresses,
    /// Tells a wrong value and puts it right afterwards.
    Corrects,
    /// Says that they do not know.
    Unsure,
    /// Says something that answers nothing.
    OffTopic,
    /// Says nothing for once.
    Silent,
    /// Wants to hear it again.
    AsksAgain,
    /// Asks whether this is a robot.
    AsksRobot,
    /// Wants a person before they have what they came for.
    WantsPerson,
    /// Presses 0.
    PressesZero,
    /// Presses 0, or says so, while the robot still says what it is.
    PressesZeroAtOnce,
    /// Says goodbye before they have what they came for.
    LeavesEarly,
    /// Never says anything.
    NeverSpeaks,
    /// Answers with keys where there are keys.
    Keys,
    /// Begins to speak before the robot has finished.
    Interrupts,
    /// Says "uh-huh" while the robot speaks.
    Backchannels,
    /// Tells the day and the time one after the other.
    TellsInParts,
}

impl Quirk {
    /// All of them, each with how many of a hundred callers have it.
    const ALL: [(Self, f64); 17] = [
        (Self::TellsAtOnce, 0.30),
        (Self::Digresses, 0.15),
        (Self::Corrects, 0.12),
        (Self::Unsure, 0.06),
        (Self::OffTopic, 0.08),
        (Self::Silent, 0.06),
        (Self::AsksAgain, 0.08),
        (Self::AsksRobot, 0.04),
        (Self::WantsPerson, 0.06),
        (Self::PressesZero, 0.02),
        (Self::PressesZeroAtOnce, 0.02),
        (Self::LeavesEarly, 0.03),
        (Self::NeverSpeaks, 0.01),
        (Self::Keys, 0.10),
        (Self::Interrupts, 0.15),
        (Self::Backchannels, 0.10),
        (Self::TellsInParts, 0.15),
    ];
}

/// One of those who call.
#[derive(Debug)]
pub struct Persona {
    /// Which of the goals.
    pub goal: usize,
    pub quirks: Vec<Quirk>,
    /// So often they say the same thing again before they want a person or leave.
    pub patience: u32,
    /// Whether they then ask for a person instead of leaving.
    pub asks_for_a_person: bool,
    /// In which of their turns a quirk that needs a moment comes.
    pub moment: u32,
    pub random: StdRng,
}

impl Persona {
    /// Caller `number` of those that the seed makes, who wants one of several things by their weights.
    pub fn of(seed: u64, number: u64, weights: &[u32]) -> Self {
        // Neighbours have nothing in common: a step of 2^64 over the golden ratio (Steele, Lea and Flood 2014).
        let mut random = StdRng::seed_from_u64(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let goal = weighted(weights, random.random_range(0..weights.iter().sum::<u32>().max(1)));
        // Drawn one by one, so that one of them more or less changes no other.
        let quirks = Quirk::ALL.into_iter().filter(|(_, share)| random.random_bool(*share)).map(|(quirk, _)| quirk).collect();
        let (patience, asks_for_a_person) = (random.random_range(2..=4), random.random_bool(0.5));
        let moment = random.random_range(1..=4);
        Self { goal, quirks, patience, asks_for_a_person, moment, random }
    }

    pub fn has(&self, quirk: Quirk) -> bool {
        self.quirks.contains(&quirk)
    }

    /// Whether they have the quirk and have not shown it yet; now they have.
    pub fn shows(&mut self, quirk: Quirk) -> bool {
        let place = self.quirks.iter().position(|&has| has == quirk);
        place.map(|place| self.quirks.remove(place)).is_some()
    }
}

fn weighted(weights: &[u32], mut drawn: u32) -> usize {
    for (place, &weight) in weights.iter().enumerate() {
        match drawn.checked_sub(weight) {
            Some(left) => drawn = left,
            None => return place,
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_callers_and_another_makes_others() {
        let made = |seed| (0..50).map(|number| Persona::of(seed, number, &[1, 2, 3])).map(|p| (p.goal, p.quirks)).collect::<Vec<_>>();
        assert_eq!(made(1), made(1));
        assert_ne!(made(1), made(2));
    }

    #[test]
    fn goals_come_by_their_weights() {
        let wants = |goal| (0..1_000).filter(|&number| Persona::of(7, number, &[1, 3]).goal == goal).count();
        assert!((650..850).contains(&wants(1)), "{}", wants(1));
    }
}
