//! How it looks: the device above, lines and calls on the left, what is said on the right, and below it where the time of the last answer went; the keys at the
//! bottom. A narrow screen has them below each other, and a low one leaves out what it can spare.
//!
//! What a thing means is told by a dot in a colour, and its word is in the terminal's own: so it is read on black, on white, and without colours.

mod device;
mod latency;
mod tables;
#[cfg(test)]
mod tests;
mod transcript;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::Span;
use ratatui::widgets::{Block, Borders};

use super::super::output::Tone;
use super::super::words::width;
use super::sight::Sight;

/// Narrower screens have everything below each other.
const NARROW: u16 = 60;
/// The left side is no narrower and no wider.
const LEFT: (u16, u16) = (32, 60);
/// Lower screens do without the parts of the last answer.
const LOW: u16 = 16;

const QUIET: Style = Style::new().add_modifier(Modifier::DIM);
const STRONG: Style = Style::new().add_modifier(Modifier::BOLD);

pub fn draw(frame: &mut Frame<'_>, sight: &Sight) {
    let [top, middle, bottom] = Layout::vertical([Constraint::Length(1), Constraint::Min(3), Constraint::Length(1)]).areas(frame.area());
    frame.render_widget(device::line(sight, top.width), top);
    frame.render_widget(device::keys(sight, bottom.width), bottom);
    let talk = sight.shown().and_then(|at| sight.talks.get(at));
    let is_narrow = middle.width < NARROW;
    let [left, right] = if is_narrow {
        // Two calls, and the head and the foot of their table.
        let calls = u16::try_from(sight.talks.len()).unwrap_or(u16::MAX).clamp(1, 2) + 3;
        Layout::vertical([Constraint::Length(calls), Constraint::Fill(1)]).areas(middle)
    } else {
        let wide = (middle.width / 5 * 2).clamp(LEFT.0, LEFT.1);
        Layout::horizontal([Constraint::Length(wide), Constraint::Fill(1)]).areas(middle)
    };
    if is_narrow {
        tables::calls(frame, sight, left);
    } else {
        let upper = tables::height(sight, left).min((left.height / 2).max(3));
        let [upper, lower] = Layout::vertical([Constraint::Length(upper), Constraint::Fill(1)]).areas(left);
        tables::lines(frame, sight, upper);
        tables::calls(frame, sight, lower);
    }
    let parts = if middle.height < LOW { 0 } else { latency::height(right.width) };
    let [words, below] = Layout::vertical([Constraint::Fill(1), Constraint::Length(parts)]).areas(right);
    transcript::draw(frame, sight, talk, words);
    if parts > 0 {
        latency::draw(frame, talk, below);
    }
}

/// The dot before a word that means this.
fn dot(tone: Tone) -> Span<'static> {
    let style = match tone {
        Tone::Good => Style::new().fg(Color::Green),
        Tone::Bad => Style::new().fg(Color::Red),
        Tone::Busy => Style::new().fg(Color::Yellow),
        Tone::Quiet | Tone::Strong => QUIET,
    };
    Span::styled(if tone == Tone::Bad { "✗ " } else { "● " }, style)
}

fn titled(title: &str, area: Rect) -> Block<'static> {
    let room = usize::from(area.width).saturating_sub(4);
    Block::new()
        .borders(Borders::ALL)
        .border_style(QUIET)
        .title(Span::styled(format!(" {} ", width::cut(title, room)), STRONG.remove_modifier(Modifier::DIM)))
}
