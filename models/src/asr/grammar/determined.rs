//! An automaton of which every place that a search comes to has a number, and the ways from there are found once: the subset construction, as far as it is needed
//! (A. Aho, R. Sethi and J. Ullman, *Compilers*, 1986, section 3.9).
//!
//! The digits of a telephone number have some fifty spellings, which lead to the same place: a search of seventy passes asks for the ways from one a thousand times.

use std::collections::HashMap;
use std::rc::Rc;

use super::automaton::{Automaton, Places};

/// Where an answer may be, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place(usize);

/// As much of an automaton as was walked.
pub(super) struct Determined<'a> {
    automaton: &'a Automaton,
    numbers: HashMap<Places, Place>,
    known: Vec<Known>,
}

/// What is known of a place.
struct Known {
    places: Places,
    ended: bool,
    ways: Option<Rc<[(u8, Place)]>>,
}

impl<'a> Determined<'a> {
    /// Of this automaton, nothing walked yet; and where an answer begins.
    pub(super) fn of(automaton: &'a Automaton) -> (Self, Place) {
        let mut determined = Self { automaton, numbers: HashMap::new(), known: Vec::new() };
        let start = determined.number(automaton.places());
        (determined, start)
    }

    fn number(&mut self, places: Places) -> Place {
        if let Some(&known) = self.numbers.get(&places) {
            return known;
        }
        let place = Place(self.known.len());
        self.known.push(Known { ended: places.ended(self.automaton), places: places.clone(), ways: None });
        self.numbers.insert(places, place);
        place
    }

    /// Whether the answer may be over here.
    pub(super) fn ended(&self, place: Place) -> bool {
        self.known.get(place.0).is_some_and(|known| known.ended)
    }

    /// The bytes that can be read next, in order, each once, and where they lead.
    pub(super) fn ways(&mut self, place: Place) -> Rc<[(u8, Place)]> {
        let Some(known) = self.known.get(place.0) else { return Rc::default() };
        if let Some(ways) = &known.ways {
            return Rc::clone(ways);
        }
        let ways = self.automaton.ways(&known.places);
        let ways: Rc<[_]> = ways.into_iter().map(|(byte, places)| (byte, self.number(places))).collect();
        if let Some(known) = self.known.get_mut(place.0) {
            known.ways = Some(Rc::clone(&ways));
        }
        ways
    }
}
