//! Whom callers can speak to: members of staff, and queues of several of whom one is enough.

use jiff::Zoned;

use super::Office;
use super::hours::Hours;

/// A moment at which several hours agree is looked for so many times.
const MOST_TRIES: usize = 200;

/// Several people of whom one is enough.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    /// Names of `staff` or of `[people]`, in the order in which they are tried.
    pub(super) people: Vec<String>,
    /// How callers call it; the first is how the robot does.
    pub(super) names: Vec<String>,
    /// When it is looked after; `None` is always.
    pub(super) hours: Option<Hours>,
    /// The flows and intents that are its matter.
    pub(super) wishes: Vec<String>,
}

/// Somebody whom callers ask for by name.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// How callers call them; the first is how the robot does.
    pub(super) names: Vec<String>,
    /// Where they are reached: a name of `[people]`.
    pub(super) target: String,
    /// When they are there; `None` is always.
    pub(super) hours: Option<Hours>,
}

/// Whether somebody can be spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Now, by these names of `[people]`, tried in this order. There is at least one.
    Now(Vec<String>),
    /// Not now, but from then on; `None` if nobody can say when.
    Later(Option<Zoned>),
}

impl Office {
    pub(super) fn reach_of(&self, who: &str, now: &Zoned, robot_only: Option<&Hours>) -> Reach {
        let ways = self.ways(who);
        let there: Vec<String> = ways
            .iter()
            .filter(|(_, hours)| agreed(now, hours, robot_only).is_some_and(|when| when == *now))
            .map(|(target, _)| target.clone())
            .collect();
        if there.is_empty() {
            Reach::Later(ways.iter().filter_map(|(_, hours)| agreed(now, hours, robot_only)).min())
        } else {
            Reach::Now(there)
        }
    }

    /// By whom `who` can be reached at all, whatever their hours.
    #[must_use]
    pub fn everybody(&self, who: &str) -> Vec<String> {
        self.ways(who).into_iter().map(|(target, _)| target).collect()
    }

    /// By whom `who` can be reached, each with the hours that all have to agree.
    fn ways(&self, who: &str) -> Vec<(String, Vec<&Hours>)> {
        if let Some(Member { target, hours, .. }) = self.staff.get(who) {
            return vec![(target.clone(), hours.iter().collect())];
        }
        let Some(queue) = self.queues.get(who) else {
            return vec![(who.to_owned(), self.hours.iter().collect())];
        };
        let one = |who: &String| match self.staff.get(who) {
            Some(Member { target, hours, .. }) => (target.clone(), queue.hours.iter().chain(hours).collect()),
            None => (who.clone(), queue.hours.iter().collect()),
        };
        queue.people.iter().map(one).collect()
    }
}

/// The first moment from `now` on at which all of these are open, and the last is not.
fn agreed(now: &Zoned, open: &[&Hours], closed: Option<&Hours>) -> Option<Zoned> {
    let mut at = now.clone();
    for _ in 0..MOST_TRIES {
        let shut = open.iter().map(|hours| hours.at(&at)).find(|doors| !doors.are_open());
        let other = || closed.map(|hours| hours.at(&at)).filter(super::Doors::are_open);
        match shut.or_else(other) {
            None => return Some(at),
            Some(doors) => at = doors.until()?,
        }
    }
    None
}
