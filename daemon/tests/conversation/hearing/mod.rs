//! What the robot's ears take for a caller, and what not: its own voice as the line gives it back, hold music, and who talks far from the telephone. By its own canceller, voice activity, judge of turns and
//! recogniser (`switchhook-models fetch` installs them), over G.711. `--nocapture` shows what was heard.

mod music;
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

#[test]
fn hold_music_starts_nothing_in_mandarin_and_the_caller_is_heard_after_it() {
    hold_music_is_no_caller(Locale::ZhTw, "zh/02-zf_xiaoxiao.wav");
}

const ENGLISH: [&str; 8] =
    ["01-am_michael", "02-af_sarah", "03-bm_george", "04-bf_emma", "05-am_fenrir", "06-af_nicole", "07-am_michael", "08-af_sarah"];
const MANDARIN: [&str; 8] =
    ["01-zm_yunxi", "02-zf_xiaoxiao", "03-zm_yunjian", "04-zf_xiaoyi", "05-zm_yunxi", "06-zf_xiaoxiao", "07-zm_yunjian", "08-zf_xiaoyi"];

/// What people say, all of them at one level.
fn people(language: &str, names: &[&str]) -> Vec<Vec<i16>> {
    names.iter().map(|name| phone::levelled(&phone::recorded(&format!("{language}/{name}.wav")))).collect()
}

/// How soon each of these people, so many decibels below the caller, is noticed to begin a turn behind what the caller said; if that is nothing, nobody
/// is known as the caller.
fn noticed(office: &mut Office, caller: &[&[i16]], people: &[Vec<i16>], decibels: f32) -> Vec<Option<Duration>> {
    let mut call = office.call(Echo::NONE);
    for said in caller {
        call.comes(said);
        call.until_quiet();
    }
    let noticed = |said: &Vec<i16>| {
        call.nothing_comes_for(Duration::from_secs(1));
        if caller.is_empty() {
            call.is_asked_whether_they_are_there();
        }
        let (began, before) = (call.lasted(), call.onsets.len());
        call.comes(&phone::at(said, decibels));
        call.until_quiet();
        call.onsets.get(before).map(|onset| *onset - began)
    };
    people.iter().map(noticed).collect()
}

/// How many of them begin a turn.
fn begin_turns(office: &mut Office, caller: &[&[i16]], people: &[Vec<i16>], decibels: f32) -> usize {
    noticed(office, caller, people, decibels).iter().flatten().count()
}

/// Far from the telephone everybody begins a turn if no caller is known, and nobody who is 18 dB softer if one is.
fn who_talks_far_off_is_no_caller(locale: Locale, language: &str, names: &[&str]) {
    let mut office = Office::open(locale);
    let people = people(language, names);
    let caller = people[1].as_slice();
    println!("| {locale}: decibels below the caller | people | begin a turn, no caller known | once the caller is known |");
    println!("|---|---|---|---|");
    let seen = [-12.0, -18.0, -24.0].map(|decibels| {
        let before = begin_turns(&mut office, &[], &people, decibels);
        let after = begin_turns(&mut office, &[caller], &people, decibels);
        println!("| {decibels} | {} | {before} | {after} |", people.len());
        (before, after)
    });
    assert!(seen.iter().all(|(before, _)| *before == people.len()), "voice activity hears no level: {seen:?}");
    // At 12 dB the loudest 224 ms of a sentence are within the 10 dB.
    let [_, (_, at_18), (_, at_24)] = seen;
    assert_eq!((at_18, at_24), (0, 0), "{seen:?}");
}

#[test]
fn who_talks_far_from_an_english_caller_s_telephone_begins_no_turn() {
    who_talks_far_off_is_no_caller(Locale::En, "en", &ENGLISH);
}

#[test]
fn who_talks_far_from_a_mandarin_caller_s_telephone_begins_no_turn() {
    who_talks_far_off_is_no_caller(Locale::ZhTw, "zh", &MANDARIN);
}

/// A caller who becomes 6 dB softer, one whose first words are soft, and one who became softer than anybody is let in and is asked whether they are there.
fn callers_are_heard_however_loud_they_began(locale: Locale, language: &str, names: &[&str]) {
    let mut office = Office::open(locale);
    let people = people(language, names);
    let first = people[1].as_slice();
    let (softer, louder) =
        (begin_turns(&mut office, &[first], &people, -6.0), begin_turns(&mut office, &[&phone::at(first, -15.0)], &people, 0.0));
    println!("{locale}: of {} turns, {softer} are heard 6 dB softer than the first, {louder} louder by 15 dB", people.len());
    assert_eq!((softer, louder), (people.len(), people.len()));
    let (unknown, known) = (noticed(&mut office, &[], &people, 0.0), noticed(&mut office, &[first], &people, 0.0));
    let later: Vec<u128> =
        known.iter().zip(&unknown).map(|(known, unknown)| (known.unwrap().saturating_sub(unknown.unwrap())).as_millis()).collect();
    println!("{locale}: noticed so many ms later than where no caller is known: {later:?}");
    assert!(later.iter().all(|later| *later <= LATER.as_millis()), "{later:?}");
    let mut call = office.call(Echo::NONE);
    call.comes(first);
    call.until_quiet();
    let soft = phone::at(&people[0], -20.0);
    call.comes(&soft);
    call.nothing_comes_for(Duration::from_secs(1));
    assert_eq!(call.onsets.len(), 1, "20 dB softer is not heard");
    call.is_asked_whether_they_are_there();
    call.comes(&soft);
    call.until_quiet();
    assert_eq!(call.onsets.len(), 2, "but who is asked is");
}

#[test]
fn english_callers_are_heard_however_loud_they_began() {
    callers_are_heard_however_loud_they_began(Locale::En, "en", &ENGLISH);
}

#[test]
fn mandarin_callers_are_heard_however_loud_they_began() {
    callers_are_heard_however_loud_they_began(Locale::ZhTw, "zh", &MANDARIN);
}
