//! What is seen on screens of several sizes.

#![allow(clippy::unwrap_used, reason = "tests")]

use super::super::sight::Sight;
use super::super::sight::tests::{began, turn};
use super::*;
use crate::call::Caller;
use crate::device::DeviceRow;
use crate::house::LineRow;
use crate::watch::{Happening, Turn};
use crate::words::{self, Language};
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

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

fn on_screen(sight: &Sight, width: u16, height: u16) -> Terminal<TestBackend> {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw(frame, sight)).unwrap();
    terminal
}

fn drawn(sight: &Sight, width: u16, height: u16) -> Buffer {
    on_screen(sight, width, height).backend().buffer().clone()
}

fn seen(sight: &Sight, width: u16, height: u16) -> String {
    on_screen(sight, width, height).backend().to_string()
}

#[test]
fn the_device_its_lines_and_the_words_of_a_call_are_seen() {
    let mut sight = sight();
    sight.happens(began("0192abcd01234567"));
    sight.happens(turn("0192abcd01234567", "when do you open", "At nine."));
    let picture = seen(&sight, 120, 24);
    for part in [
        "north-street",
        "● ready",
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

/// A call in which one exchange was, on a screen of this size.
fn talking(width: u16, height: u16) -> String {
    let mut sight = sight();
    sight.happens(began("0192abcd01234567"));
    sight.happens(turn("0192abcd01234567", "when do you open", "We are open from nine to five, and on Saturday from ten to two."));
    seen(&sight, width, height)
}

#[test]
fn an_empty_screen_says_what_it_waits_for() {
    let picture = seen(&sight(), 80, 24);
    for part in ["no calls", "nobody is on the line", "nothing was answered yet", "q leave", "h hang up"] {
        assert!(picture.contains(part), "{part} is not in\n{picture}");
    }
    let picture = seen(&Sight::default(), 80, 24);
    assert!(picture.contains("no lines"), "{picture}");
}

#[test]
fn words_that_were_said_before_are_not_called_silence() {
    let mut sight = sight();
    sight.happens(began("a"));
    assert!(seen(&sight, 80, 24).contains("nothing was said yet"));
    sight.happens(Happening::Changed { call: "a".into(), what: [("turns".to_owned(), 3.into())].into() });
    assert!(seen(&sight, 80, 24).contains("what was said before this was opened"));
}

#[test]
fn words_go_on_below_words_and_not_below_who_speaks() {
    let picture = talking(80, 24);
    let begins: Vec<_> = picture.lines().filter_map(|line| line.split('│').nth(3)).map(str::trim_end).collect();
    let at = begins.iter().position(|line| line.starts_with("robot   We are open")).unwrap();
    assert!(begins[at - 1].starts_with("caller  when") && begins[at + 1].starts_with("        "), "{picture}");
}

#[test]
fn a_narrow_screen_and_a_low_one_show_the_call_and_its_words() {
    for (width, height) in [(40, 12), (59, 40), (80, 10)] {
        let picture = talking(width, height);
        for part in ["north-street", "+4420", "listening", "when do you", "q leave"] {
            assert!(picture.contains(part), "{width} x {height}: {part} is not in\n{picture}");
        }
    }
}

#[test]
fn what_has_no_room_ends_in_an_ellipsis() {
    let mut sight = sight();
    let Happening::Began { call, .. } = began("a") else { unreachable!() };
    let caller = Caller { number: "+442079460123".into(), name: "Margaret Appleyard".into() };
    sight.happens(Happening::Began { call, caller: Some(caller) });
    let picture = seen(&sight, 80, 24);
    assert!(picture.contains("+44207946…") && picture.contains("● listening "), "{picture}");
}

#[test]
fn why_a_line_is_down_stands_below_it_and_a_line_that_answers_gives_way() {
    let mut sight = sight();
    assert!(seen(&sight, 80, 24).contains("the gateway refused the"), "{}", seen(&sight, 80, 24));
    sight.lines = (0..9).map(|_| sight.lines[0].clone()).chain([sight.lines[1].clone()]).collect();
    let picture = seen(&sight, 80, 14);
    let lines: Vec<_> = picture.lines().filter_map(|line| line.split('│').nth(1)).map(str::trim_end).collect();
    assert!(lines[0].starts_with("second") && lines.iter().take(5).any(|line| line.trim() == "…"), "{picture}");
}

#[test]
fn the_robot_s_greeting_answers_nobody() {
    let mut sight = sight();
    sight.happens(began("a"));
    let Happening::Turn { call, turn } = turn("a", "", "How can I help you?") else { unreachable!() };
    sight.happens(Happening::Turn { call, turn: Turn { index: 0, ..turn } });
    let picture = seen(&sight, 100, 30);
    assert!(picture.contains("robot   How can I help") && !picture.contains("no words"), "{picture}");
}

#[test]
fn nothing_moves_when_a_state_changes() {
    for language in [Language::English, Language::TraditionalChinese, Language::SimplifiedChinese] {
        words::speak_here(language);
        let places: Vec<_> = ["ringing", "disclosing", "speaking", "listening", "thinking", "transferring", "bridged"]
            .into_iter()
            .map(|state| {
                let mut sight = sight();
                sight.happens(began("a"));
                sight.happens(Happening::Changed {
                    call: "a".into(),
                    what: [("state".to_owned(), state.into()), ("turns".to_owned(), 7.into())].into(),
                });
                let buffer = drawn(&sight, 80, 24);

                buffer.content().iter().position(|cell| cell.symbol() == "7").map(|at| buffer.pos_of(at))
            })
            .collect();
        assert!(places[0].is_some() && places.iter().all(|place| *place == places[0]), "{language:?}: {places:?}");
    }
}

#[test]
fn what_a_colour_means_is_read_without_it_and_on_every_background() {
    let mut sight = sight();
    (sight.device.ready, sight.device.rung, sight.vitals.temperature) = (false, "no-llm".into(), Some(85.0));
    sight.happens(began("a"));
    sight.happens(turn("a", "when do you open", "At nine."));
    sight.ask_to_hang_up();
    let coloured: String = drawn(&sight, 140, 40)
        .content()
        .iter()
        .filter(|cell| cell.fg != Color::Reset && cell.symbol().chars().all(char::is_alphanumeric))
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert_eq!(coloured, "callerrobot");
}

#[test]
fn the_parts_of_an_answer_are_as_long_as_they_took_on_a_bar_of_a_second() {
    let picture = talking(140, 30);
    let bar = picture.lines().find(|line| line.contains('█')).unwrap();
    let of = |block: char| bar.chars().filter(|c| *c == block).count();
    let all = of('█') + of('▓') + of('▒') + of('░') + of('·');
    assert!((of('█') * 4).abs_diff(all) <= 4 && of('▓') > of('▒') && (of('·') * 10).abs_diff(all * 6) <= 10, "{bar}");
    assert!(picture.contains("1.0 s"), "{picture}");
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
