//! What the robot's ears take for a caller, and what not: its own voice as the line gives it back, and hold music. By its own canceller, voice activity, judge of turns and
//! recogniser (`switchhook-models fetch` installs them), over G.711. `--nocapture` shows what was heard.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

#[path = "hearing/music.rs"]
mod music;
#[path = "hearing/phone.rs"]
mod phone;

use std::time::Duration;

use phone::{Call, Echo, Office};
use switchhook::dialog::Input;
use switchhook_models::Locale;

const DELAYS: [usize; 5] = [20, 60, 120, 200, 300];
const DECIBELS: [f32; 4] = [-12.0, -18.0, -24.0, -30.0];
/// A caller is noticed over an echo no later than this after they would be without one.
const LATER: Duration = Duration::from_millis(100);

/// A table of what is seen on every line that gives back what it is sent.
fn table(title: &str, mut seen: impl FnMut(Echo) -> String) {
    println!("| {title} | {} |", DECIBELS.map(|decibels| format!("{decibels} dB")).join(" | "));
    println!("|---|---|---|---|---|");
    for delay_ms in DELAYS {
        println!("| {delay_ms} ms | {} |", DECIBELS.map(|decibels| seen(Echo { delay_ms, decibels })).join(" | "));
    }
}

/// The robot says all its sentences, with pauses between them, on every line.
fn nothing_is_heard_of_the_robot(locale: Locale) {
    let mut office = Office::open(locale);
    let prompts = office.prompts.clone();
    let mut disturbed = Vec::new();
    table(&format!("{} {locale}: turns that were its own echo", office.robot), |echo| {
        let mut call = office.call(echo);
        for prompt in &prompts {
            call.robot_says(prompt);
            call.until_quiet();
            call.nothing_comes_for(Duration::from_secs(1));
        }
        if !call.onsets.is_empty() {
            disturbed.push((echo, call.onsets.clone(), call.heard));
        }
        format!("{}", call.onsets.len())
    });
    assert!(disturbed.is_empty(), "the robot heard itself: {disturbed:?}");
}

/// Somebody says this while the robot is at its second sentence; when they began.
fn interrupt<'a>(office: &'a mut Office, echo: Echo, said: &[i16]) -> (Call<'a>, Duration) {
    let prompts = office.prompts.clone();
    let mut call = office.call(echo);
    call.robot_says(&prompts[0]);
    call.until_quiet();
    call.robot_says(&prompts[1]);
    call.nothing_comes_for(Duration::from_millis(1500));
    assert!(call.robot_speaks() && call.onsets.is_empty(), "{echo:?}: {:?}", call.onsets);
    let began = call.lasted();
    call.comes(said);
    call.until_quiet();
    (call, began)
}

/// A recording is spoken over every line's echo, and is heard as it is without one.
fn an_interruption_is_heard(locale: Locale, recording: &str, words: &str) {
    let mut office = Office::open(locale);
    for softer in [0.0, -10.0] {
        let said = phone::at(&phone::recorded(recording), softer);
        let (call, began) = interrupt(&mut office, Echo::NONE, &said);
        let without = call.onsets[0] - began;
        table(&format!("{recording} {softer} dB: noticed later than without an echo"), |echo| {
            let (call, began) = interrupt(&mut office, echo, &said);
            let noticed = call.onsets.first().map(|at| *at - began);
            assert!(call.held == 1 && noticed.is_some_and(|after| after <= without + LATER), "{echo:?}: {noticed:?}");
            assert_eq!(call.heard, [words], "{echo:?}");
            format!("{} ms", noticed.unwrap().saturating_sub(without).as_millis())
        });
    }
}

#[test]
fn an_english_robot_is_never_held_by_its_own_echo() {
    nothing_is_heard_of_the_robot(Locale::En);
}

#[test]
fn a_mandarin_robot_is_never_held_by_its_own_echo() {
    nothing_is_heard_of_the_robot(Locale::ZhTw);
}

#[test]
fn who_interrupts_an_english_robot_over_its_echo_is_heard() {
    an_interruption_is_heard(Locale::En, "en/02-af_sarah.wav", "Are you open on Saturday?");
}

#[test]
fn who_interrupts_a_mandarin_robot_over_its_echo_is_heard() {
    an_interruption_is_heard(Locale::ZhTw, "zh/02-zf_xiaoxiao.wav", "你們星期六有營業嗎?");
}

#[test]
fn an_echo_that_nobody_cancels_is_heard() {
    let mut office = Office::open(Locale::En);
    let sound = office.prompts.clone();
    let mut call = office.call(Echo::NONE);
    // As it comes back of the robot, while it is silent: the ears alone would take it for a caller, so that the tests above say something.
    call.comes(&phone::at(&sound[1], -24.0));
    call.until_quiet();
    assert!(!call.onsets.is_empty());
}

/// Forty seconds of each kind of music at two levels; then the caller is back. What the words in it were, if there were any, and what would be answered.
fn hold_music_is_no_caller(locale: Locale, recording: &str) {
    let mut office = Office::open(locale);
    let mut dialog = office.dialog();
    let said = phone::recorded(recording);
    println!("| {locale}: hold music | turns at -20 dB | at -30 dB |");
    println!("|---|---|---|");
    for music in &music::ALL {
        let row = [-20.0, -30.0].map(|decibels| {
            let mut call = office.call(Echo::NONE);
            call.comes(&music.lasts(40, decibels));
            call.nothing_comes_for(Duration::from_secs(3));
            let turns = std::mem::take(&mut call.heard);
            for heard in turns.iter().filter(|heard| !heard.is_empty()) {
                let step = dialog.on(Input::heard(heard.as_str()));
                assert_eq!(step.said(), "", "{} was answered: {heard}", music.name);
            }
            call.comes(&said);
            call.until_quiet();
            let [heard] = call.heard.as_slice() else { panic!("after {} at {decibels} dB: {:?}", music.name, call.heard) };
            assert!(!heard.is_empty(), "after {} at {decibels} dB", music.name);
            format!("{turns:?}")
        });
        println!("| {} | {} |", music.name, row.join(" | "));
    }
}

#[test]
fn hold_music_starts_nothing_in_english_and_the_caller_is_heard_after_it() {
    hold_music_is_no_caller(Locale::En, "en/02-af_sarah.wav");
}
