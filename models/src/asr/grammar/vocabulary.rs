//! A recogniser's tokens as a grammar reads them, in order, so that those which can come next are found without trying them all.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::determined::{Determined, Place};
use super::{Grammar, plain};

/// The tokens by their plain text.
pub(in crate::asr) struct Vocabulary {
    /// Where a token's plain text lies in `bytes`, and the token; in the order of the texts.
    entries: Vec<(Range<u32>, u32)>,
    bytes: Vec<u8>,
}

impl Vocabulary {
    /// Of these texts, one for each token from 0 on, as the model spells them.
    pub(in crate::asr) fn of<'a>(texts: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut spelled: Vec<(Vec<u8>, u32)> = texts
            .zip(0..)
            .map(|(text, token)| {
                // Half a character is no text yet: it counts as it is.
                (std::str::from_utf8(text).map_or_else(|_| text.to_vec(), plain), token)
            })
            .collect();
        spelled.sort_unstable();
        let (mut entries, mut bytes) = (Vec::with_capacity(spelled.len()), Vec::new());
        for (text, token) in spelled {
            let begin = bytes.len() as u32;
            bytes.extend(text);
            entries.push((begin..bytes.len() as u32, token));
        }
        Self { entries, bytes }
    }

    fn text(&self, entry: usize) -> &[u8] {
        let range = self.entries.get(entry).map_or(0..0, |(range, _)| range.start as usize..range.end as usize);
        self.bytes.get(range).unwrap_or_default()
    }

    /// All entries of `range` begin with the same `read` bytes, which have led to `place`.
    fn walk(&self, grammar: &mut Determined<'_>, place: Place, range: Range<usize>, read: usize, found: &mut Vec<(u32, Place)>) {
        // The shortest come first: those that end here.
        let ending = range.clone().take_while(|&entry| self.text(entry).len() == read).count();
        let here = self.entries.get(range.start..range.start + ending).unwrap_or_default();
        found.extend(here.iter().map(|(_, token)| (*token, place)));
        let longer = range.start + ending..range.end;
        if longer.is_empty() {
            return;
        }
        for (byte, onward) in grammar.ways(place).iter().copied() {
            let bound = |wanted: &dyn Fn(u8) -> bool| {
                let (mut low, mut high) = (longer.start, longer.end);
                while low < high {
                    let middle = low.midpoint(high);
                    if self.text(middle).get(read).is_some_and(|&byte| wanted(byte)) { low = middle + 1 } else { high = middle }
                }
                low
            };
            let range = bound(&|other| other < byte)..bound(&|other| other <= byte);
            if !range.is_empty() {
                self.walk(grammar, onward, range, read + 1, found);
            }
        }
    }
}

/// A grammar in the tokens of a vocabulary.
pub(super) struct InTokens<'a> {
    vocabulary: &'a Vocabulary,
    grammar: Determined<'a>,
    next: HashMap<Place, Rc<[(u32, Place)]>>,
}

impl<'a> InTokens<'a> {
    /// Of this grammar; and where an answer begins.
    pub(super) fn of(grammar: &'a Grammar, vocabulary: &'a Vocabulary) -> (Self, Place) {
        let (grammar, start) = Determined::of(&grammar.automaton);
        (Self { vocabulary, grammar, next: HashMap::new() }, start)
    }

    /// Whether the answer may be over here.
    pub(super) fn ended(&self, place: Place) -> bool {
        self.grammar.ended(place)
    }

    /// The tokens that can come next at a place, and where they lead. Those that have no letters lead nowhere else.
    pub(super) fn next(&mut self, place: Place) -> Rc<[(u32, Place)]> {
        if let Some(next) = self.next.get(&place) {
            return Rc::clone(next);
        }
        let mut found = Vec::new();
        self.vocabulary.walk(&mut self.grammar, place, 0..self.vocabulary.entries.len(), 0, &mut found);
        let next: Rc<[_]> = found.into();
        self.next.insert(place, Rc::clone(&next));
        next
    }
}
