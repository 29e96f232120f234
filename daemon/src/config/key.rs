//! The way to a value: through which tables and lists, and by which key.

use std::fmt;

/// The way to a value, from the top.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(Vec<Step>);

/// One step on that way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// To what a table has by this name.
    Name(String),
    /// To what a list has at this place, counted from 0.
    Item(usize),
}

impl Key {
    /// `["calls", "at_once"]` is the way to `calls.at_once`.
    pub fn of<const N: usize>(names: [&str; N]) -> Self {
        Self(names.into_iter().map(|name| Step::Name(name.to_owned())).collect())
    }

    /// One step on, to what the table there has by this name.
    pub fn name(mut self, name: &str) -> Self {
        self.0.push(Step::Name(name.to_owned()));
        self
    }

    /// One step on, to what the list there has at this place.
    pub fn item(mut self, at: usize) -> Self {
        self.0.push(Step::Item(at));
        self
    }

    /// The same way, begun one step earlier.
    pub fn after(mut self, step: Step) -> Self {
        self.0.insert(0, step);
        self
    }

    /// The steps, from the top.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The way to the table or list that it is in, and its name there. A place in a list is no name.
    pub fn parent(&self) -> (Self, Option<&str>) {
        match self.0.split_last() {
            Some((Step::Name(name), before)) => (Self(before.to_vec()), Some(name)),
            Some((Step::Item(_), before)) => (Self(before.to_vec()), None),
            None => (Self::default(), None),
        }
    }

    /// Whether it ends in a list.
    pub fn is_item(&self) -> bool {
        matches!(self.0.last(), Some(Step::Item(_)))
    }
}

/// With points between the names, as TOML has it. Which entry of a list it is tells the line beside it.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().filter_map(|step| match step {
            Step::Name(name) => Some(name),
            Step::Item(_) => None,
        });
        for (i, name) in names.enumerate() {
            let point = if i == 0 { "" } else { "." };
            let is_bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
            if is_bare { write!(f, "{point}{name}")? } else { write!(f, "{point}{name:?}")? }
        }
        Ok(())
    }
}
