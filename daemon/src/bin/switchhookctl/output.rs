//! What people see: lines and colours, the latter only on a terminal and if they are wanted (<https://no-color.org>).

use std::io::{IsTerminal, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use switchhook::config::steers;

use super::table::Table;
use super::words::Columns;

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
    pub fn table<const N: usize>(self, columns: Columns<N>) -> Table<N> {
        Table::new(columns, self.colour)
    }

    /// Text in one of [`Tone`]s.
    pub fn paint(self, tone: Tone, text: &str) -> String {
        if !self.colour {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Good => "32",
            Tone::Bad => "31",
            // The yellow of sixteen colours is not seen on white.
            Tone::Busy => "38;5;136",
            Tone::Quiet => "2",
            Tone::Strong => "1",
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

/// A caller chooses what their telephone sends: whatever could move a terminal's cursor is made visible.
pub fn shown(text: &str) -> String {
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}

/// A moment as the robot tells it (RFC 3339), by this machine's own clock and to the second, as the journal shows it; what is none, as it is.
pub fn moment(told: &str) -> String {
    told.parse::<Timestamp>().map_or_else(|_| shown(told), |at| clock(at, TimeZone::system()))
}

fn clock(at: Timestamp, zone: TimeZone) -> String {
    at.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// How wide the terminal is, if standard output is one.
pub fn columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    (size.ws_col > 0).then(|| usize::from(size.ws_col))
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
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_caller_cannot_paint_the_admin_s_terminal() {
        assert_eq!(shown("\x1b[2J+44\u{202e}1"), "\u{fffd}[2J+44\u{fffd}1");
    }

    #[test]
    fn without_colour_nothing_is_added() {
        let output = Output { json: false, colour: false };
        assert_eq!(output.paint(Tone::Bad, "down"), "down");
    }

    #[test]
    fn a_moment_is_told_by_the_machine_s_own_clock_to_the_second() {
        let at = "2026-11-27T19:06:25.273299531Z".parse().unwrap();
        assert_eq!(clock(at, TimeZone::fixed(jiff::tz::offset(8))), "2026-11-28 03:06:25");
        assert_eq!(moment("tomorrow\x1b"), "tomorrow\u{fffd}");
    }
}
