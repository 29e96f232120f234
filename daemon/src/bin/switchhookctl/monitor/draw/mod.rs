//! How it looks: the device above, lines and calls on the left, what is said on the right, and below it where the time of the last answer went.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Block, Borders, Paragraph, Row, Table, TableState, Wrap};

use super::super::call::{self, Caller};
use super::super::line;
use super::super::output::{Tone, shown};
use super::super::words::{Term, say, width};
use super::sight::{Sight, Talk};

/// The parts of an answer's latency: its name on the bus, and its colour.
const PARTS: [(&str, Color); 4] =
    [("endpoint_ms", Color::Blue), ("words_ms", Color::Cyan), ("decision_ms", Color::Magenta), ("first_sound_ms", Color::Green)];
/// So many columns tell who speaks.
const SPEAKER: usize = 8;
const QUIET: Style = Style::new().fg(Color::DarkGray);
const STRONG: Style = Style::new().add_modifier(Modifier::BOLD);

pub fn draw(frame: &mut Frame<'_>, sight: &Sight) {
    let [top, middle, bottom] = Layout::vertical([Constraint::Length(1), Constraint::Min(6), Constraint::Length(1)]).areas(frame.area());
    frame.render_widget(device(sight), top);
    frame.render_widget(help(sight), bottom);
    let [left, right] = Layout::horizontal([Constraint::Percentage(42), Constraint::Fill(1)]).areas(middle);
    let height = u16::try_from(sight.lines.len()).unwrap_or(u16::MAX).saturating_add(2).min((left.height / 2).max(3));
    let [upper, lower] = Layout::vertical([Constraint::Length(height), Constraint::Fill(1)]).areas(left);
    lines(frame, sight, upper);
    calls(frame, sight, lower);
    let talk = sight.shown().and_then(|at| sight.talks.get(at));
    let [words, latency] = Layout::vertical([Constraint::Fill(1), Constraint::Length(4)]).areas(right);
    transcript(frame, sight, talk, words);
    parts(frame, talk, latency);
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Good => Style::new().fg(Color::Green),
        Tone::Bad => Style::new().fg(Color::Red),
        Tone::Busy => Style::new().fg(Color::Yellow),
        Tone::Quiet => QUIET,
        Tone::Strong => STRONG,
    }
}

fn titled(title: &str) -> Block<'static> {
    Block::new().borders(Borders::ALL).border_style(QUIET).title(Span::styled(format!(" {title} "), STRONG))
}

fn device(sight: &Sight) -> Line<'static> {
    let device = &sight.device;
    let (tone, word) = if device.ready { (Tone::Good, say!("ready")) } else { (Tone::Bad, say!("not-ready")) };
    let rung = if device.rung == switchhook::control::api::FULL_RUNG { Tone::Good } else { Tone::Busy };
    let mut spans = vec![
        Span::styled(format!(" {} ", shown(&device.name)), STRONG),
        Span::styled(word, style(tone)),
        Span::raw(format!("  {} ", say!("monitor-rung"))),
        Span::styled(shown(&Term::Rung.said(&device.rung)), style(rung)),
        Span::raw(format!("  {}", say!("monitor-calls", on = sight.on(), at_once = device.calls_at_once))),
    ];
    if let Some(load) = sight.vitals.load {
        spans.push(Span::raw(format!("  {}", say!("monitor-load", load = format!("{load:.2}")))));
    }
    if let Some(heat) = sight.vitals.temperature {
        // A Raspberry Pi slows down from 80 °C on.
        let tone = if heat < 70.0 {
            Tone::Good
        } else if heat < 80.0 {
            Tone::Busy
        } else {
            Tone::Bad
        };
        spans.push(Span::styled(format!("  {heat:.0} °C"), style(tone)));
    }
    if let Some(available) = sight.available {
        spans.push(Span::raw(format!("  {}", say!("monitor-memory", megabytes = available / 1_000_000))));
    }
    spans.push(Span::styled(format!("  switchhook {}", shown(&device.version)), QUIET));
    Line::from(spans)
}

fn help(sight: &Sight) -> Line<'static> {
    if let Some(id) = &sight.asked {
        return Line::styled(format!(" {}", say!("monitor-end-call", call = shown(call::short(id)))), style(Tone::Busy));
    }
    if let Some(note) = &sight.note {
        return Line::styled(format!(" {}", shown(note)), style(Tone::Bad));
    }
    Line::styled(format!(" {}", say!("monitor-keys")), QUIET)
}

fn lines(frame: &mut Frame<'_>, sight: &Sight, area: Rect) {
    let rows = sight.lines.iter().map(|row| {
        Row::new([
            Span::styled(shown(&row.id), STRONG),
            Span::styled(shown(&Term::LineStatus.said(&row.status)), style(line::tone(&row.status))),
            Span::raw(shown(row.place())),
        ])
    });
    let widths = [Constraint::Max(16), Constraint::Length(9), Constraint::Fill(1)];
    frame.render_widget(Table::new(rows, widths).block(titled(&say!("monitor-lines"))), area);
}

fn calls(frame: &mut Frame<'_>, sight: &Sight, area: Rect) {
    let rows = sight.talks.iter().map(|talk| {
        let who = talk.caller.as_ref().map_or_else(|| shown(call::short(&talk.call.id)), Caller::shown);
        let state = talk.over.as_ref().map_or_else(|| Term::CallState.said(&talk.call.state), |outcome| Term::Outcome.said(outcome));
        let turns = Span::raw(format!("{:>3}", talk.call.turns));
        Row::new([
            Span::styled(who, if talk.over.is_some() { QUIET } else { STRONG }),
            Span::styled(shown(&state), style(call::tone(&talk.call.state))),
            turns,
            Span::raw(shown(&talk.call.line)),
        ])
    });
    let widths = [Constraint::Fill(2), Constraint::Length(14), Constraint::Length(5), Constraint::Fill(1)];
    let header = Row::new([say!("monitor-from"), say!("monitor-state"), say!("monitor-turns"), say!("monitor-line")]).style(QUIET);
    let table = Table::new(rows, widths)
        .header(header)
        .row_highlight_style(Style::new().add_modifier(Modifier::REVERSED))
        .block(titled(&say!("monitor-calls-title")));
    let mut state = TableState::new().with_selected(sight.shown());
    frame.render_stateful_widget(table, area, &mut state);
}

fn transcript(frame: &mut Frame<'_>, sight: &Sight, talk: Option<&Talk>, area: Rect) {
    let mut text = Text::default();
    match (talk, &sight.words_are_hidden) {
        (None, _) => text.push_line(Line::styled(say!("monitor-nobody"), QUIET)),
        (Some(_), Some(why)) => text.push_line(Line::styled(say!("monitor-hidden", why = shown(why)), style(Tone::Busy))),
        (Some(talk), None) => {
            for turn in &talk.turns {
                let heard = if turn.heard.is_empty() { say!("no-words") } else { shown(&turn.heard) };
                text.push_line(Line::from(vec![
                    Span::styled(width::padded(&say!("monitor-caller"), SPEAKER), style(Tone::Busy)),
                    Span::raw(heard),
                ]));
                let why = format!("  ({} → {})", shown(&turn.understood), shown(&turn.action));
                text.push_line(Line::from(vec![
                    Span::styled(width::padded(&say!("monitor-robot"), SPEAKER), style(Tone::Good)),
                    Span::raw(shown(&turn.said)),
                    Span::styled(why, QUIET),
                ]));
            }
            if talk.turns.is_empty() {
                text.push_line(Line::styled(say!("monitor-nothing-said"), QUIET));
            }
        }
    }
    let title = talk.map_or_else(|| say!("monitor-words"), |talk| shown(&talk.call.id));
    let words = Paragraph::new(text).wrap(Wrap { trim: false });
    // The last words are those that matter: what is above them goes out of sight.
    let inner = area.height.saturating_sub(2);
    let above = u16::try_from(words.line_count(area.width.saturating_sub(2))).unwrap_or(u16::MAX).saturating_sub(inner);
    frame.render_widget(words.scroll((above, 0)).block(titled(&title)), area);
}

fn parts(frame: &mut Frame<'_>, talk: Option<&Talk>, area: Rect) {
    let Some(latency) = talk.and_then(|talk| talk.turns.iter().rev().find(|turn| !turn.latency.is_empty())).map(|turn| &turn.latency)
    else {
        frame.render_widget(titled(&say!("monitor-last-answer")), area);
        return;
    };
    let part = |name: &str| latency.get(name).copied().unwrap_or(0.0).max(0.0);
    let total = part("total_ms").max(1.0);
    let width = f64::from(area.width.saturating_sub(2));
    let bar = PARTS.map(|(name, colour)| Span::styled("█".repeat((part(name) / total * width).round() as usize), Style::new().fg(colour)));
    let words: Vec<Span<'_>> = PARTS
        .into_iter()
        .zip([say!("latency-endpoint"), say!("latency-words"), say!("latency-decision"), say!("latency-first-sound")])
        .map(|((name, colour), called)| Span::styled(format!("{called} {:.0}  ", part(name)), Style::new().fg(colour)))
        .collect();
    let block = titled(&say!("monitor-last-answer-took", milliseconds = format!("{total:.0}")));
    frame.render_widget(Paragraph::new(vec![Line::from(bar.to_vec()), Line::from(words)]).block(block), area);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::super::sight::Sight;
    use super::super::sight::tests::{began, turn};
    use super::*;
    use crate::device::DeviceRow;
    use crate::house::LineRow;
    use crate::words::{self, Language};
    use proptest::prelude::*;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    fn sight() -> Sight {
        let device = DeviceRow {
            name: "north-street".into(),
            version: "0.2.0".into(),
            ready: true,
            rung: "full".into(),
            calls_at_once: 2,
            ..DeviceRow::default()
        };
        let line = |id: &str, status: &str| LineRow {
            id: id.into(),
            kind: "sip".into(),
            status: status.into(),
            reason: if status == "down" { "the gateway refused the password".into() } else { String::new() },
            address: "sip:192.0.2.10:5060".into(),
        };
        let mut sight = Sight::default();
        (sight.device, sight.lines) = (device, vec![line("gateway", "ready"), line("second", "down")]);
        sight
    }

    fn seen(sight: &Sight, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(frame, sight)).unwrap();
        terminal.backend().to_string()
    }

    #[test]
    fn the_device_its_lines_and_the_words_of_a_call_are_seen() {
        let mut sight = sight();
        sight.happens(began("0192abcd01234567"));
        sight.happens(turn("0192abcd01234567", "when do you open", "At nine."));
        let picture = seen(&sight, 120, 24);
        for part in [
            "north-street",
            "ready",
            "rung full",
            "calls 1 of 2",
            "the gateway refused",
            "+4420",
            "when do you open",
            "At nine.",
            "the last answer: 400 ms",
        ] {
            assert!(picture.contains(part), "{part} is not in\n{picture}");
        }
    }

    #[test]
    fn the_screen_is_in_the_language_of_whoever_looks() {
        words::speak_here(Language::TraditionalChinese);
        let mut sight = sight();
        sight.happens(began("0192abcd01234567"));
        sight.happens(turn("0192abcd01234567", "幾點開門", "九點。"));
        let picture: String = seen(&sight, 120, 24).chars().filter(|c| *c != ' ').collect();
        for part in ["服務等級完整", "通話1／2", "聆聽中", "不通", "來電者幾點開門", "機器人九點。", "最近一次回答：400毫秒"]
        {
            assert!(picture.contains(part), "{part} is not in\n{picture}");
        }
    }

    #[test]
    fn the_last_words_are_in_sight_when_there_are_many() {
        let mut sight = sight();
        sight.happens(began("a"));
        for number in 0..80 {
            sight.happens(turn(
                "a",
                &format!("question {number}"),
                "an answer that is long enough to go on on the next line of the screen, if the screen is narrow",
            ));
        }
        let picture = seen(&sight, 80, 24);
        assert!(picture.contains("question 79") && !picture.contains("question 10"), "{picture}");
    }

    #[test]
    fn whoever_may_not_see_words_sees_why_and_the_rest() {
        let mut sight = sight();
        sight.words_are_hidden = Some("user 1000 may not see who calls and what is said".into());
        sight.happens(began("a"));
        let picture = seen(&sight, 120, 24);
        assert!(picture.contains("what is said is hidden") && picture.contains("listening"), "{picture}");
    }

    proptest! {
        #[test]
        fn no_screen_is_too_small_and_no_word_too_odd(width in 1u16..200, height in 1u16..60, heard in ".{0,200}", said in ".{0,200}") {
            let mut sight = sight();
            sight.happens(began("a"));
            sight.happens(turn("a", &heard, &said));
            let _ = seen(&sight, width, height);
        }
    }
}
