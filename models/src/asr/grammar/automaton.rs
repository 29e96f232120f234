//! A grammar as a nondeterministic automaton over the bytes of plain text (K. Thompson, *Regular expression search algorithm*, 1968).

use std::collections::{BinaryHeap, HashSet};

use serde::{Deserialize, Serialize};

use super::{Piece, plain};

/// More than any sensible grammar needs: a list of a thousand names has about 15,000.
const MOST_NODES: usize = 100_000;
/// Deeper nesting is a mistake, and would be read by recursion.
const DEEPEST: usize = 64;

/// Where an automaton may be: its nodes that wait for a byte, in order, and perhaps its end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Places(Vec<u32>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Node {
    /// Reads this byte and goes on to the next node.
    Byte(u8, u32),
    /// Goes on to one of these without reading, the first preferred.
    Split(Vec<u32>),
    /// Goes on without reading, and means something.
    Meaning(u32, String),
    /// The answer is over.
    End,
}

/// A grammar, ready to be followed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub(super) struct Automaton {
    nodes: Vec<Node>,
    start: u32,
}

/// An automaton as another process wrote it: it may be anything.
#[derive(Deserialize)]
struct Written {
    nodes: Vec<Node>,
    start: u32,
}

impl TryFrom<Written> for Automaton {
    type Error = String;

    fn try_from(Written { nodes, start }: Written) -> Result<Self, String> {
        if nodes.len() > MOST_NODES {
            return Err(format!("an automaton of {} nodes", nodes.len()));
        }
        // Built from the end: whatever leads on leads to an earlier node, so nothing goes round in circles.
        let leads_back = |(at, node): (usize, &Node)| match node {
            Node::Byte(_, next) | Node::Meaning(next, _) => (*next as usize) < at,
            Node::Split(ways) => ways.iter().all(|next| (*next as usize) < at),
            Node::End => true,
        };
        if start as usize >= nodes.len() || !nodes.iter().enumerate().all(leads_back) {
            return Err("an automaton that leads nowhere, or in circles".to_owned());
        }
        Self { nodes, start }.checked()
    }
}

impl Automaton {
    pub(super) fn of(piece: &Piece) -> Result<Self, String> {
        let mut automaton = Self { nodes: vec![Node::End], start: 0 };
        automaton.start = automaton.add(piece, 0, 0)?;
        automaton.checked()
    }

    /// The same, if there is something to be said in it.
    fn checked(self) -> Result<Self, String> {
        if self.places().ended(&self) {
            return Err("it allows an answer without words".to_owned());
        }
        if self.places().0.is_empty() {
            return Err("it allows no answer".to_owned());
        }
        Ok(self)
    }

    /// Add a piece that goes on to `next`; gives its first node. Built from the end, so that every node knows where it leads.
    fn add(&mut self, piece: &Piece, next: u32, depth: usize) -> Result<u32, String> {
        if depth > DEEPEST {
            return Err(format!("pieces within pieces, {DEEPEST} deep"));
        }
        match piece {
            Piece::Words(words) => {
                let bytes = plain(words);
                if bytes.is_empty() {
                    return Err(format!("{words:?} has neither letters nor digits"));
                }
                bytes.iter().rev().try_fold(next, |next, &byte| self.push(Node::Byte(byte, next)))
            }
            Piece::OneOf(pieces) => {
                let ways = pieces.iter().map(|piece| self.add(piece, next, depth + 1)).collect::<Result<_, _>>()?;
                self.push(Node::Split(ways))
            }
            Piece::Sequence(pieces) => pieces.iter().rev().try_fold(next, |next, piece| self.add(piece, next, depth + 1)),
            Piece::Repeat { piece, least, most } => {
                if least > most {
                    return Err(format!("a piece at least {least} and at most {most} times"));
                }
                let mut first = next;
                for round in (0..*most).rev() {
                    let through = self.add(piece, first, depth + 1)?;
                    first = if round < *least { through } else { self.push(Node::Split(vec![through, next]))? };
                }
                Ok(first)
            }
            Piece::Means(piece, what) => {
                let first = self.add(piece, next, depth + 1)?;
                self.push(Node::Meaning(first, what.clone()))
            }
        }
    }

    fn push(&mut self, node: Node) -> Result<u32, String> {
        if self.nodes.len() >= MOST_NODES {
            return Err(format!("more than {MOST_NODES} letters, all ways to say it together"));
        }
        self.nodes.push(node);
        Ok(self.nodes.len() as u32 - 1)
    }

    fn node(&self, index: u32) -> &Node {
        // Every index was made by `push`; the end is where a broken one would lead.
        self.nodes.get(index as usize).unwrap_or(&Node::End)
    }

    /// Where an answer begins.
    pub(super) fn places(&self) -> Places {
        self.closed([self.start])
    }

    /// All that is reached without reading. Every node leads to earlier ones, so those that are reached twice lie side by side if the latest is always next.
    fn closed(&self, from: impl IntoIterator<Item = u32>) -> Places {
        let mut waiting: BinaryHeap<u32> = from.into_iter().collect();
        let mut places = Vec::new();
        while let Some(index) = waiting.pop() {
            while waiting.peek() == Some(&index) {
                waiting.pop();
            }
            match self.node(index) {
                Node::Byte(..) | Node::End => places.push(index),
                Node::Split(ways) => waiting.extend(ways),
                Node::Meaning(next, _) => waiting.push(*next),
            }
        }
        places.reverse();
        Places(places)
    }

    /// The bytes that can be read next, in order, each once, and where they lead.
    pub(super) fn ways(&self, places: &Places) -> Vec<(u8, Places)> {
        let steps = places.0.iter().filter_map(|&index| match self.node(index) {
            Node::Byte(byte, next) => Some((*byte, *next)),
            Node::Split(_) | Node::Meaning(..) | Node::End => None,
        });
        let mut steps: Vec<(u8, u32)> = steps.collect();
        steps.sort_unstable();
        steps.chunk_by(|a, b| a.0 == b.0).map(|same| (same[0].0, self.closed(same.iter().map(|step| step.1)))).collect()
    }

    /// What a plain text means, if it is an answer.
    pub(super) fn read(&self, text: &[u8]) -> Option<Vec<String>> {
        // Depth first, preferred ways first; a node at a place in the text need not be tried twice.
        let mut seen = HashSet::new();
        let mut waiting = vec![(self.start, 0, Vec::new())];
        while let Some((index, at, meaning)) = waiting.pop() {
            if !seen.insert((index, at)) {
                continue;
            }
            match self.node(index) {
                Node::End if at == text.len() => return Some(meaning.into_iter().cloned().collect()),
                Node::Byte(byte, next) if text.get(at) == Some(byte) => waiting.push((*next, at + 1, meaning)),
                Node::End | Node::Byte(..) => {}
                Node::Split(ways) => waiting.extend(ways.iter().rev().map(|&way| (way, at, meaning.clone()))),
                Node::Meaning(next, what) => waiting.push((*next, at, meaning.into_iter().chain([what]).collect())),
            }
        }
        None
    }
}

impl Places {
    /// Whether the answer may be over here.
    pub(super) fn ended(&self, automaton: &Automaton) -> bool {
        self.0.iter().any(|&index| matches!(automaton.node(index), Node::End))
    }
}
