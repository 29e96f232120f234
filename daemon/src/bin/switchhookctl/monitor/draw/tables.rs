//! The lines, and the calls. Columns are as wide as what can ever stand in them, so that nothing moves when a state changes.

use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Cell, HighlightSpacing, Paragraph, Row, Table, TableState};

use super::super::super::call::{self, Caller};
use super::super::super::house::LineRow;
use super::super::super::line;
use super::super::super::output::{Tone, shown};
use super::super::super::words::{Term, say, width};
use super::super::sight::{Sight, Talk};
use super::{QUIET, STRONG, dot, titled};

/// A line's name takes no more columns.
const NAME: usize = 16;
/// Why it is down takes no more lines.
const REASON: usize = 4;
/// A call's state with its dot takes no more columns, and less than this is not enough for who calls.
const STATE: usize = 15;
const CALLER: usize = 10;
/// So many columns are for a call's line, where there is room for them.
const LINE: usize = 8;
/// Before the call that is shown.
const MARK: &str = "▸ ";

/// A word that means this, in so many columns.
fn state(tone: Tone, word: &str, columns: usize) -> Line<'static> {
    Line::from(vec![dot(tone), Span::raw(width::cut(word, columns.saturating_sub(2)))])
}

/// A box in which nothing stands yet, and why.
fn empty(frame: &mut Frame<'_>, text: &str, block: Block<'static>, area: Rect) {
    let lines: Vec<Line<'_>> =
        width::lines(text, usize::from(area.width).saturating_sub(2)).into_iter().map(|text| Line::styled(text, QUIET)).collect();
    frame.render_widget(Paragraph::new(lines).block(block), area);
}

/// So many rows are needed for all lines, each with why it is down.
pub(super) fn height(sight: &Sight, area: Rect) -> u16 {
    let rows: usize = sight.lines.iter().map(|row| told(row, &Columns::of(sight, area)).len()).sum();
    u16::try_from(rows.max(1)).unwrap_or(u16::MAX).saturating_add(2)
}

pub(super) fn lines(frame: &mut Frame<'_>, sight: &Sight, area: Rect) {
    let block = titled(&say!("monitor-lines"), area);
    if sight.lines.is_empty() {
        return empty(frame, &say!("no-lines"), block, area);
    }
    let columns = Columns::of(sight, area);
    let rows = usize::from(area.height).saturating_sub(2);
    let mut seen: Vec<(bool, Vec<Line<'_>>)> = sight.lines.iter().map(|row| (row.status == "ready", told(row, &columns))).collect();
    // Where not all have room, those that do not answer are seen first.
    if seen.iter().map(|(_, told)| told.len()).sum::<usize>() > rows {
        seen.sort_by_key(|(is_ready, _)| *is_ready);
    }
    let mut text: Vec<Line<'_>> = seen.into_iter().flat_map(|(_, told)| told).collect();
    if text.len() > rows {
        text.truncate(rows.saturating_sub(1));
        text.push(Line::styled("…", QUIET));
    }
    frame.render_widget(Paragraph::new(text).block(block), area);
}

/// How wide what is told of a line is.
struct Columns {
    inner: usize,
    name: usize,
    status: usize,
}

impl Columns {
    fn of(sight: &Sight, area: Rect) -> Self {
        let name = sight.lines.iter().map(|row| width::of(&shown(&row.id))).max().unwrap_or_default().min(NAME);
        let status = ["starting", "ready", "draining", "down"].map(|word| width::of(&Term::LineStatus.said(word)));
        Self { inner: usize::from(area.width).saturating_sub(2), name, status: status.into_iter().max().unwrap_or_default() }
    }
}

/// A line with where it is reached, or with why it is down below it.
fn told(row: &LineRow, columns: &Columns) -> Vec<Line<'static>> {
    let name = width::padded(&width::cut(&shown(&row.id), columns.name), columns.name + 1);
    let status = width::padded(&width::cut(&shown(&Term::LineStatus.said(&row.status)), columns.status), columns.status + 2);
    let place = width::cut(&shown(&row.address), columns.inner.saturating_sub(columns.name + columns.status + 5));
    let mut told = vec![Line::from(vec![
        Span::styled(name, STRONG),
        dot(line::tone(&row.status)),
        Span::raw(status),
        Span::raw(if row.reason.is_empty() { place } else { String::new() }),
    ])];
    let why = width::lines(&shown(&row.reason), columns.inner.saturating_sub(2));
    let more = why.len() > REASON;
    for (number, text) in why.into_iter().take(REASON).filter(|text| !text.is_empty()).enumerate() {
        let text = if more && number + 1 == REASON { width::cut(&format!("{text} …"), columns.inner.saturating_sub(2)) } else { text };
        told.push(Line::styled(format!("  {text}"), QUIET));
    }
    told
}

pub(super) fn calls(frame: &mut Frame<'_>, sight: &Sight, area: Rect) {
    let block = titled(&say!("monitor-calls-title"), area);
    if sight.talks.is_empty() {
        return empty(frame, &say!("no-calls"), block, area);
    }
    let inner = usize::from(area.width).saturating_sub(2 + width::of(MARK));
    let turns = width::of(&say!("monitor-turns")).max(3);
    let rest = inner.saturating_sub(turns + 2);
    let state_columns = STATE.min(rest.saturating_sub(CALLER)).max(rest / 3);
    let rest = rest.saturating_sub(state_columns);
    // Which line it is matters where there are several, and there is room.
    let line = if sight.lines.len() > 1 && rest >= 2 * CALLER + LINE { LINE } else { 0 };
    let caller = rest.saturating_sub(if line > 0 { line + 1 } else { 0 });
    let shown_columns = if line > 0 { 4 } else { 3 };
    let rows = sight.talks.iter().map(|talk| {
        let who = width::cut(&who(talk), caller);
        let word = talk.over.as_ref().map_or_else(|| Term::CallState.said(&talk.call.state), |outcome| Term::Outcome.said(outcome));
        let cells = [
            Cell::from(Span::styled(who, if talk.over.is_some() { QUIET } else { Style::new() })),
            Cell::from(state(call::tone(&talk.call.state), &shown(&word), state_columns)),
            Cell::from(Line::from(talk.call.turns.to_string()).right_aligned()),
            Cell::from(width::cut(&shown(&talk.call.line), line)),
        ];
        Row::new(cells.into_iter().take(shown_columns))
    });
    let heading = |name: String, columns: usize| Cell::from(width::cut(&name, columns));
    let header = [
        heading(say!("monitor-from"), caller),
        heading(format!("  {}", say!("monitor-state")), state_columns),
        Cell::from(Line::from(say!("monitor-turns")).right_aligned()),
        heading(say!("monitor-line"), line),
    ];
    let header = Row::new(header.into_iter().take(shown_columns));
    let widths = [caller, state_columns, turns, line].map(|wide| Constraint::Length(u16::try_from(wide).unwrap_or(u16::MAX)));
    let table = Table::new(rows, widths.into_iter().take(shown_columns))
        .header(header.style(QUIET))
        .highlight_symbol(MARK)
        .highlight_spacing(HighlightSpacing::Always)
        .row_highlight_style(STRONG)
        .block(block);
    let mut chosen = TableState::new().with_selected(sight.shown());
    frame.render_stateful_widget(table, area, &mut chosen);
}

/// Who calls, or the call's name where that may not be seen.
fn who(talk: &Talk) -> String {
    talk.caller.as_ref().map_or_else(|| shown(call::short(&talk.call.id)), Caller::shown)
}
