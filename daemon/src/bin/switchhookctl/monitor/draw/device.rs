//! The first line, how the device is, and the last one, what can be done: as much of each as has room, what matters most first.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::super::call;
use super::super::super::output::{Tone, shown};
use super::super::super::words::{Term, say, width};
use super::super::sight::Sight;
use super::{QUIET, STRONG, dot};

/// A Raspberry Pi slows down from 80 °C on.
const HOT: f64 = 80.0;
const WARM: f64 = 70.0;
/// Between two things that are told.
const BETWEEN: &str = "   ";

pub(super) fn line(sight: &Sight, columns: u16) -> Line<'static> {
    let device = &sight.device;
    let (tone, word) = if device.ready { (Tone::Good, say!("ready")) } else { (Tone::Bad, say!("not-ready")) };
    let rung = if device.rung == switchhook::control::api::FULL_RUNG { Tone::Good } else { Tone::Busy };
    let rung_word = format!("{} {}", say!("monitor-rung"), shown(&Term::Rung.said(&device.rung)));
    let mut told = vec![
        vec![Span::styled(shown(&device.name), STRONG)],
        vec![dot(tone), Span::raw(word)],
        vec![Span::raw(say!("monitor-calls", on = sight.on(), at_once = device.calls_at_once))],
        vec![dot(rung), Span::raw(rung_word)],
    ];
    if let Some(heat) = sight.vitals.temperature {
        let tone = if heat < WARM {
            Tone::Good
        } else if heat < HOT {
            Tone::Busy
        } else {
            Tone::Bad
        };
        told.push(vec![dot(tone), Span::raw(format!("{heat:.0} °C"))]);
    }
    if let Some(available) = sight.available {
        told.push(vec![Span::raw(say!("monitor-memory", megabytes = format!("{:>5}", available / 1_000_000)))]);
    }
    if let Some(load) = sight.vitals.load {
        told.push(vec![Span::raw(say!("monitor-load", load = format!("{load:.2}")))]);
    }
    told.push(vec![Span::styled(format!("switchhook {}", shown(&device.version)), QUIET)]);
    fitting(told, usize::from(columns))
}

pub(super) fn keys(sight: &Sight, columns: u16) -> Line<'static> {
    let columns = usize::from(columns);
    let sentence = |tone: Tone, text: &str| {
        let text = width::cut(text, columns.saturating_sub(3));
        Line::from(vec![Span::raw(" "), dot(tone), Span::styled(text, STRONG)])
    };
    if let Some(id) = &sight.asked {
        return sentence(Tone::Busy, &say!("monitor-end-call", call = shown(call::short(id))));
    }
    if let Some(note) = &sight.note {
        return sentence(Tone::Bad, &shown(note));
    }
    let keys = [("q", say!("monitor-key-leave")), ("↑↓", say!("monitor-key-call")), ("h", say!("monitor-key-hang-up"))];
    let told = keys.map(|(key, what)| vec![Span::styled(key, STRONG), Span::raw(format!(" {what}"))]);
    fitting(told.into(), columns)
}

/// One behind the other, as many as have room. Whatever has none is left out whole, but for the first.
fn fitting(told: Vec<Vec<Span<'static>>>, columns: usize) -> Line<'static> {
    let (mut line, mut taken) = (vec![Span::raw(" ")], 1);
    for (number, thing) in told.into_iter().enumerate() {
        let between = if number == 0 { "" } else { BETWEEN };
        let wide = between.len() + thing.iter().map(Span::width).sum::<usize>();
        if number > 0 && taken + wide > columns {
            break;
        }
        line.push(Span::styled(between, Style::new()));
        line.extend(thing);
        taken += wide;
    }
    Line::from(line)
}
