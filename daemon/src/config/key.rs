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

impl Step {
    /// The name, if it is one.
    pub fn as_name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Item(_) => None,
        }
    }
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

    /// A table there as it is headed; one of several in a list has double brackets.
    pub fn head(&self) -> String {
        if matches!(self.0.last(), Some(Step::Item(_))) { format!("[[{self}]]") } else { format!("[{self}]") }
    }
}

/// With points between the names, as TOML has it. Which entry of a list it is tells the line beside it.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().filter_map(Step::as_name);
        for (i, name) in names.enumerate() {
            let point = if i == 0 { "" } else { "." };
            write!(f, "{point}{}", bare_or_quoted(name))?;
        }
        Ok(())
    }
}

/// A name as it stands in a key.
fn bare_or_quoted(name: &str) -> String {
    let is_bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if is_bare { name.to_owned() } else { quoted(name) }
}

/// Whether this moves a terminal's cursor, or turns the direction of writing.
#[must_use]
pub fn steers(c: char) -> bool {
    c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c)
}

/// A text as TOML reads it back. What could move a terminal's cursor, or turn the direction of writing, is escaped.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if steers(c) => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
