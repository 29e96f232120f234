//! Values, and where each was written.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::Problem;
use crate::config::key::{Key, Step};

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Node {
    pub place: Place,
    pub value: Value,
}

/// A file, and the line of it on which a key or an entry stands; none for the file as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub path: Arc<Path>,
    pub line: Option<usize>,
}

/// What TOML can say, as far as a configuration has use for it.
#[derive(Clone, Debug)]
pub enum Value {
    Text(String),
    Whole(i64),
    Number(f64),
    Truth(bool),
    /// A date or a time, whichever: nothing in a configuration is one.
    Date,
    List(Vec<Node>),
    Table(Table),
}

pub type Table = BTreeMap<String, Node>;

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.path.display()),
            None => write!(f, "{}", self.path.display()),
        }
    }
}

impl Node {
    /// An empty file.
    pub fn nothing(path: &Path) -> Self {
        Self { place: Place { path: path.into(), line: None }, value: Value::Table(Table::new()) }
    }

    /// What is written there, if anything is.
    pub fn at(&self, key: &Key) -> Option<&Self> {
        key.steps().iter().try_fold(self, Self::step)
    }

    /// The place of what is written there, else of what it would be in.
    pub fn nearest(&self, key: &Key) -> &Place {
        let mut nearest = self;
        for step in key.steps() {
            let Some(next) = nearest.step(step) else { break };
            nearest = next;
        }
        &nearest.place
    }

    /// Take out what is written there. Whether anything was.
    pub fn strike(&mut self, key: &Key) -> bool {
        let Some((last, before)) = key.steps().split_last() else { return false };
        let Some(holder) = before.iter().try_fold(self, Self::step_to) else { return false };
        match (&mut holder.value, last) {
            (Value::Table(table), Step::Name(name)) => table.remove(name).is_some(),
            (Value::List(items), Step::Item(at)) if *at < items.len() => {
                items.remove(*at);
                true
            }
            _ => false,
        }
    }

    fn step_to(&mut self, step: &Step) -> Option<&mut Self> {
        match (&mut self.value, step) {
            (Value::Table(table), Step::Name(name)) => table.get_mut(name),
            (Value::List(items), Step::Item(at)) => items.get_mut(*at),
            _ => None,
        }
    }

    fn step(&self, step: &Step) -> Option<&Self> {
        match (&self.value, step) {
            (Value::Table(table), Step::Name(name)) => table.get(name),
            (Value::List(items), Step::Item(at)) => items.get(*at),
            _ => None,
        }
    }

    /// Add what a later file has to say.
    pub fn merge(&mut self, later: Self) {
        match (&mut self.value, later) {
            (Value::Table(ours), Self { value: Value::Table(theirs), .. }) => {
                for (key, node) in theirs {
                    match ours.entry(key) {
                        Entry::Occupied(mut there) => there.get_mut().merge(node),
                        Entry::Vacant(free) => drop(free.insert(node)),
                    }
                }
            }
            (Value::List(ours), Self { value: Value::List(theirs), .. }) if are_tables(ours) && are_tables(&theirs) => ours.extend(theirs),
            (_, later) => *self = later,
        }
    }
}

/// Whether a list has the form of `[[line]]`.
fn are_tables(list: &[Node]) -> bool {
    !list.is_empty() && list.iter().all(|node| matches!(node.value, Value::Table(_)))
}

/// Everything that stands in one file.
pub fn parse(text: &str, path: &Path) -> Result<Node, Problem> {
    let lines = Lines::of(text);
    let table = DeTable::parse(text).map_err(|error| {
        let what = error.message().trim_end().replace('\n', ", ");
        Problem::at(path, error.span().map(|span| lines.line(span.start)), what)
    })?;
    let reader = Reader { path: path.into(), lines };
    let value = Value::Table(reader.table(table.into_inner())?);
    Ok(Node { place: Place { path: reader.path, line: None }, value })
}

struct Reader {
    path: Arc<Path>,
    lines: Lines,
}

impl Reader {
    fn table(&self, table: DeTable<'_>) -> Result<Table, Problem> {
        let entry = |(key, value): (Spanned<_>, Spanned<_>)| {
            let line = self.lines.line(key.span().start);
            Ok((String::from(key.into_inner()), self.node(line, value.into_inner())?))
        };
        table.into_iter().map(entry).collect()
    }

    fn node(&self, line: usize, value: DeValue<'_>) -> Result<Node, Problem> {
        let too_large = |number: &str| Problem::at(&self.path, line, format!("{number} is too large a number"));
        let value = match value {
            DeValue::String(text) => Value::Text(text.into_owned()),
            DeValue::Integer(number) => {
                Value::Whole(i64::from_str_radix(number.as_str(), number.radix()).map_err(|_| too_large(number.as_str()))?)
            }
            DeValue::Float(number) => Value::Number(number.as_str().parse().map_err(|_| too_large(number.as_str()))?),
            DeValue::Boolean(truth) => Value::Truth(truth),
            DeValue::Datetime(_) => Value::Date,
            DeValue::Array(items) => {
                let item = |item: Spanned<_>| self.node(self.lines.line(item.span().start), item.into_inner());
                Value::List(items.into_iter().map(item).collect::<Result<_, _>>()?)
            }
            DeValue::Table(table) => Value::Table(self.table(table)?),
        };
        Ok(Node { place: Place { path: self.path.clone(), line: Some(line) }, value })
    }
}

/// Where each line of a text ends.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(at, _)| at).collect())
    }

    /// The number of the line in which a byte is, from 1.
    fn line(&self, at: usize) -> usize {
        self.0.partition_point(|&end| end < at) + 1
    }
}
