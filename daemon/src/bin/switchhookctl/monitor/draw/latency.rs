//! Where the time of the last answer went: its parts on a bar that is one second long, or as long as the answer took if that was more.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::super::super::words::{say, width};
use super::super::sight::Talk;
use super::{QUIET, titled};

/// The parts: their names on the bus, and how they look, with colours and without.
const PARTS: [(&str, &str, Color); 4] = [
    ("endpoint_ms", "█", Color::Cyan),
    ("words_ms", "▓", Color::Magenta),
    ("decision_ms", "▒", Color::Yellow),
    ("first_sound_ms", "░", Color::Green),
];
/// Milliseconds that the bar is long at least.
const SECOND: f64 = 1000.0;
/// Where what the parts are called takes two lines.
const FOLDED: u16 = 66;

/// So many rows are needed where it is so wide.
pub(super) fn height(columns: u16) -> u16 {
    if columns < FOLDED { 5 } else { 4 }
}

pub(super) fn draw(frame: &mut Frame<'_>, talk: Option<&Talk>, area: Rect) {
    let latency = talk.and_then(|talk| talk.turns.iter().rev().find(|turn| !turn.latency.is_empty())).map(|turn| &turn.latency);
    let Some(latency) = latency else {
        let text = Line::styled(width::cut(&say!("monitor-no-answer"), usize::from(area.width).saturating_sub(2)), QUIET);
        return frame.render_widget(Paragraph::new(text).block(titled(&say!("monitor-last-answer"), area)), area);
    };
    let told = |name: &str| latency.get(name).copied().unwrap_or(0.0).max(0.0);
    let (total, parts) = (told("total_ms"), PARTS.map(|(name, ..)| told(name)));
    let columns = usize::from(area.width).saturating_sub(2);
    let scale = total.max(SECOND);
    let widths = shares(parts, columns as f64 / scale);
    let mut bar: Vec<Span<'_>> =
        PARTS.into_iter().zip(widths).map(|((_, block, colour), wide)| Span::styled(block.repeat(wide), Style::new().fg(colour))).collect();
    bar.push(Span::styled("·".repeat(columns.saturating_sub(widths.iter().sum())), QUIET));
    let mut lines = vec![Line::from(bar)];
    lines.extend(called(parts, columns));
    let title = say!("monitor-last-answer-took", milliseconds = format!("{total:.0}"));
    let end = Line::from(Span::styled(format!(" {:.1} s ", scale / SECOND), QUIET)).right_aligned();
    frame.render_widget(Paragraph::new(lines).block(titled(&title, area).title(end)), area);
}

/// How many columns each part has: what took some time is seen, and together they are as long as the whole.
fn shares(parts: [f64; 4], columns_each_ms: f64) -> [usize; 4] {
    let mut before = 0.0;
    parts.map(|part| {
        let begun = f64::round(before * columns_each_ms);
        before += part;
        let wide = (before * columns_each_ms).round() - begun;
        wide as usize
    })
}

/// What the parts are called, with how long each took, on as many lines as that takes.
fn called(parts: [f64; 4], columns: usize) -> Vec<Line<'static>> {
    let names = [say!("latency-endpoint"), say!("latency-words"), say!("latency-decision"), say!("latency-first-sound")];
    let (mut lines, mut line, mut taken) = (Vec::new(), Vec::new(), 0);
    for (((_, block, colour), name), part) in PARTS.into_iter().zip(names).zip(parts) {
        let text = format!(" {name} {part:.0}   ");
        let wide = 1 + width::of(text.trim_end());
        if taken > 0 && taken + wide > columns {
            lines.push(Line::from(std::mem::take(&mut line)));
            taken = 0;
        }
        taken += 1 + width::of(&text);
        line.push(Span::styled(block, Style::new().fg(colour)));
        line.push(Span::raw(text));
    }
    lines.push(Line::from(line));
    lines
}
