//! What is said in the call that is shown: who speaks stands on the left, their words beside it, and the last ones are in sight.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::super::super::output::shown;
use super::super::super::watch::Turn;
use super::super::super::words::{say, width};
use super::super::sight::{Sight, Talk};
use super::{QUIET, STRONG, titled};

pub(super) fn draw(frame: &mut Frame<'_>, sight: &Sight, talk: Option<&Talk>, area: Rect) {
    let (columns, rows) = (usize::from(area.width).saturating_sub(2), usize::from(area.height).saturating_sub(2));
    let title = talk.map_or_else(|| say!("monitor-words"), |talk| shown(&talk.call.id));
    let remark = |text: String| width::lines(&text, columns).into_iter().map(|line| Line::styled(line, QUIET)).collect::<Vec<_>>();
    let mut lines = match (talk, &sight.words_are_hidden) {
        (None, _) => remark(say!("monitor-nobody")),
        (Some(_), Some(why)) => remark(say!("monitor-hidden", why = shown(why))),
        (Some(talk), None) if talk.turns.is_empty() && talk.call.turns > 0 => remark(say!("monitor-said-before")),
        (Some(talk), None) if talk.turns.is_empty() => remark(say!("monitor-nothing-said")),
        (Some(talk), None) => words(talk, columns, rows),
    };
    // The last words are those that matter: what is above them goes out of sight.
    lines.drain(..lines.len().saturating_sub(rows));
    frame.render_widget(Paragraph::new(lines).block(titled(&title, area)), area);
}

/// Who speaks, in as many columns for either.
struct Speakers {
    caller: Span<'static>,
    robot: Span<'static>,
    columns: usize,
}

impl Speakers {
    fn new() -> Self {
        let (caller, robot) = (say!("monitor-caller"), say!("monitor-robot"));
        let columns = width::of(&caller).max(width::of(&robot)) + 2;
        let span = |name: &str, colour| Span::styled(width::padded(name, columns), Style::new().fg(colour).patch(STRONG));
        Self { caller: span(&caller, Color::Magenta), robot: span(&robot, Color::Green), columns }
    }
}

/// The last turns, from the first that is in sight on.
fn words(talk: &Talk, columns: usize, rows: usize) -> Vec<Line<'static>> {
    let speakers = Speakers::new();
    let (mut turns, mut lines) = (Vec::new(), 0);
    for turn in talk.turns.iter().rev() {
        let said = exchange(turn, &speakers, columns);
        lines += said.len();
        turns.push(said);
        if lines >= rows {
            break;
        }
    }
    turns.into_iter().rev().flatten().collect()
}

/// What was heard, and what was said to it and why.
fn exchange(turn: &Turn, speakers: &Speakers, columns: usize) -> Vec<Line<'static>> {
    let room = columns.saturating_sub(speakers.columns);
    let heard = if turn.heard.is_empty() { say!("no-words") } else { shown(&turn.heard) };
    // At first the robot greets, and nobody has spoken yet.
    let greets = turn.index == 0 && turn.heard.is_empty();
    let mut lines = if greets { Vec::new() } else { spoken(&speakers.caller, width::lines(&heard, room)) };
    lines.extend(spoken(&speakers.robot, width::lines(&shown(&turn.said), room)));
    let why = format!("({} → {})", shown(&turn.understood), shown(&turn.action));
    let last = lines.last().map_or(0, Line::width);
    if let Some(line) = lines.last_mut().filter(|_| last + 2 + width::of(&why) <= columns) {
        line.push_span(Span::styled(format!("  {why}"), QUIET));
    } else {
        let indent = " ".repeat(speakers.columns);
        lines.extend(width::lines(&why, room).into_iter().map(|why| Line::from(vec![Span::raw(indent.clone()), Span::styled(why, QUIET)])));
    }
    lines
}

/// Who speaks before the first line, and nothing before the others.
fn spoken(speaker: &Span<'static>, lines: Vec<String>) -> Vec<Line<'static>> {
    let indent = " ".repeat(speaker.width());
    let begin = |number| if number == 0 { speaker.clone() } else { Span::raw(indent.clone()) };
    lines.into_iter().enumerate().map(|(number, text)| Line::from(vec![begin(number), Span::raw(text)])).collect()
}
