//! What people see: tables and colours, the latter only on a terminal and if they are wanted (<https://no-color.org>).

use std::io::{IsTerminal, Write};

use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table, presets};
use serde::Serialize;
use switchhook::config::steers;

/// How to write.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub json: bool,
    pub colour: bool,
}

impl Output {
    pub fn new(json: bool) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { json, colour: wanted && std::io::stdout().is_terminal() }
    }

    /// A table with these columns.
    pub fn table(self, columns: &[impl AsRef<str>]) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        if self.colour {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        table.set_header(columns.iter().map(|name| Cell::new(name.as_ref()).add_attribute(Attribute::Bold)));
        table
    }

    /// Text in one of [`Tone`]s.
    pub fn paint(self, tone: Tone, text: &str) -> String {
        if !self.colour {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Good => 32,
            Tone::Bad => 31,
            Tone::Busy => 33,
            Tone::Quiet => 2,
            Tone::Strong => 1,
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// What a text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Bad,
    Busy,
    Quiet,
    Strong,
}

impl Tone {
    fn color(self) -> Option<Color> {
        match self {
            Self::Good => Some(Color::Green),
            Self::Bad => Some(Color::Red),
            Self::Busy => Some(Color::Yellow),
            Self::Quiet => Some(Color::DarkGrey),
            Self::Strong => None,
        }
    }
}

/// A cell of a table in a tone.
pub fn cell(tone: Tone, text: &str) -> Cell {
    let cell = Cell::new(shown(text));
    match tone.color() {
        Some(color) => cell.fg(color),
        None => cell.add_attribute(Attribute::Bold),
    }
}

/// A caller chooses what their telephone sends: whatever could move a terminal's cursor is made visible.
pub fn shown(text: &str) -> String {
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}

/// One line to standard output.
pub fn line(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()?;
    Ok(())
}

/// One JSON document on a line of its own.
pub fn json(value: &impl Serialize) -> anyhow::Result<()> {
    line(&serde_json::to_string(value)?)
}

/// One thing: an object for programs, text for people.
pub fn told(output: Output, record: &impl Serialize, text: &str) -> anyhow::Result<()> {
    if output.json { json(record) } else { line(text) }
}

/// A command was carried out: programs are told, people see it where they look next.
pub fn done(output: Output) -> anyhow::Result<()> {
    if output.json { json(&serde_json::json!({"done": true})) } else { Ok(()) }
}

/// Whether whoever read our output has had enough.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_cannot_paint_the_admin_s_terminal() {
        assert_eq!(shown("\x1b[2J+44\u{202e}1"), "\u{fffd}[2J+44\u{fffd}1");
    }

    #[test]
    fn without_colour_nothing_is_added() {
        let output = Output { json: false, colour: false };
        assert_eq!(output.paint(Tone::Bad, "down"), "down");
        let mut table = output.table(&["ID"]);
        table.add_row([cell(Tone::Bad, "down")]);
        assert!(!table.to_string().contains('\x1b'));
    }
}
