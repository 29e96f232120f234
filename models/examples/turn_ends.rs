//! How often a rule for the end of a turn cuts people off, and how long it lets them wait.
//!
//! `cargo run --release -p switchhook-models --example turn_ends -- [--language en] [--line] TRANSCRIPTS.tsv...`
//!
//! Each clip of the list is one whole turn. Its *pauses* are the silences that voice activity finds inside it, 200 ms and longer. Its *breaks*
//! are made: the turn is cut off at the quietest moment around 30, 50 and 70 % of its speech, and silence follows, as when somebody looks for a word.
//! The detector is asked after each stretch of silence in `ASKED`. A rule that asks once or more ends the turn where
//! the probability is high enough, and after `LONGEST` in any case. What ends at a pause or a break is a *false cut*; what ends after the last word has
//! the silence as its *delay*.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};

use clap::Parser;
use switchhook_models::audio::resample::resample;
use switchhook_models::audio::wav;
use switchhook_models::catalog::Store;
use switchhook_models::turn::TurnDetector;
use switchhook_models::vad::{VoiceActivity, WINDOW};
use switchhook_models::{Cancel, Language, open};

/// Silences after which the detector is asked, in windows of 32 ms: about 200, 400, 600 ms.
const ASKED: [usize; 3] = [6, 12, 19];
/// The silence that ends a turn in any case: 0.8 s, as the daemon has it.
const LONGEST: usize = 25;
/// The fixed rules to compare with, in windows: 0.5, 0.8 and 1.2 s.
const FIXED: [usize; 3] = [16, 25, 37];
const THRESHOLDS: [f32; 5] = [0.3, 0.5, 0.7, 0.9, 0.95];
/// What a rule asks after: the first silence, the second, or all of them.
const RULES: [(&str, &[usize]); 3] = [("once, at 192 ms", &[0]), ("once, at 384 ms", &[1]), ("at 192, 384 and 608 ms", &[0, 1, 2])];
/// A break is shorter than [`LONGEST`], else every rule would cut it: 0.64 s.
const BREAK: usize = 20;

#[derive(Parser)]
struct Arguments {
    /// Only clips of this language.
    #[arg(long, default_value = "en")]
    language: Language,
    /// Send each clip through 8 kHz first.
    #[arg(long)]
    line: bool,
    /// Tell each moment's probabilities.
    #[arg(long)]
    each: bool,
    /// Lists of clips.
    #[arg(required = true)]
    lists: Vec<PathBuf>,
}

/// A silence in which the detector was asked: how many windows it lasts, and what was answered.
struct Silence {
    windows: usize,
    answers: Vec<f32>,
}

impl Silence {
    /// After how many windows the rule that asks at `asked` of [`ASKED`] ends the turn in this silence.
    fn ends(&self, asked: &[usize], threshold: f32) -> Option<usize> {
        let sure = |place: &&usize| self.answers.get(**place).is_some_and(|answer| *answer >= threshold);
        let windows = asked.iter().find(sure).map_or(LONGEST, |place| ASKED[*place]);
        (windows <= self.windows).then_some(windows)
    }
}

fn main() {
    let arguments = Arguments::parse();
    let store = Store::default_place();
    let detector = open::turn_detector(&store, "smart-turn").unwrap();
    let mut activity = open::voice_activity(&store, "silero-vad").unwrap();
    let (mut ends, mut pauses, mut breaks) = (Vec::new(), Vec::new(), Vec::new());
    for path in arguments.lists.iter().flat_map(|list| clips(list, arguments.language)) {
        let turn = read(&path, arguments.line);
        let windows = speech(activity.as_mut(), &turn);
        let (Some(first), Some(last)) = (windows.iter().position(|speech| *speech), windows.iter().rposition(|speech| *speech)) else {
            continue;
        };
        let tell = |kind: &str, silence: Silence, to: &mut Vec<Silence>| {
            if arguments.each {
                println!("{kind} {} windows={} {:.3?}", path.display(), silence.windows, silence.answers);
            }
            to.push(silence);
        };
        tell("end", ask(detector.as_ref(), &turn, last + 1, usize::MAX), &mut ends);
        for (from, length) in silences(&windows[first..=last]) {
            if length >= ASKED[0] {
                tell("pause", ask(detector.as_ref(), &turn, first + from, length), &mut pauses);
            }
        }
        for part in [0.3, 0.5, 0.7] {
            let at = quietest(&turn, first * WINDOW, (last + 1) * WINDOW, part);
            tell("break", ask(detector.as_ref(), &turn[..at], at.div_ceil(WINDOW), BREAK), &mut breaks);
        }
    }
    println!("{} ends, {} pauses, {} breaks of 0.64 s", ends.len(), pauses.len(), breaks.len());
    judged(&ends, &breaks);
    println!("\n| rule | false cuts at pauses | at breaks | delay, mean | longest |\n|---|---|---|---|---|");
    for fixed in FIXED {
        let cut = |silences: &[Silence]| silences.iter().filter(|silence| silence.windows >= fixed).count();
        let (pauses, breaks, delay) = (cut(&pauses), cut(&breaks), fixed * 32);
        println!("| {delay} ms of silence | {pauses} | {breaks} | {delay} ms | {delay} ms |");
    }
    for (rule, asked) in RULES {
        for threshold in THRESHOLDS {
            let ended = |silences: &[Silence]| silences.iter().filter_map(|silence| silence.ends(asked, threshold)).collect::<Vec<_>>();
            let delays = ended(&ends);
            let mean = delays.iter().sum::<usize>() * 32 / delays.len().max(1);
            let (pauses, breaks, most) = (ended(&pauses).len(), ended(&breaks).len(), delays.iter().max().copied().unwrap_or(0) * 32);
            println!("| {rule}, p >= {threshold} | {pauses} | {breaks} | {mean} ms | {most} ms |");
        }
    }
}

/// How many ends and breaks are told apart, asked once after 200 ms.
fn judged(ends: &[Silence], breaks: &[Silence]) {
    println!("\n| threshold | ends told as ends | breaks told as none | right |\n|---|---|---|---|");
    for threshold in THRESHOLDS {
        let over = |silences: &[Silence]| silences.iter().filter(|silence| silence.answers[0] >= threshold).count();
        let (right, wrong) = (over(ends), over(breaks));
        let all = 100.0 * (right + breaks.len() - wrong) as f32 / (ends.len() + breaks.len()) as f32;
        println!("| {threshold} | {right} of {} | {} of {} | {all:.1} % |", ends.len(), breaks.len() - wrong, breaks.len());
    }
}

/// The detector's answers in the silence after window `from`.
fn ask(detector: &dyn TurnDetector, turn: &[f32], from: usize, windows: usize) -> Silence {
    let heard = |silence: &usize| {
        let mut so_far = turn[..turn.len().min((from + silence) * WINDOW)].to_vec();
        so_far.resize((from + silence) * WINDOW, 0.0);
        detector.finished(&so_far, &Cancel::new()).unwrap()
    };
    Silence { windows, answers: ASKED.iter().filter(|silence| **silence <= windows).map(heard).collect() }
}

/// Which windows hold speech, with the hysteresis of the detector's authors.
fn speech(activity: &mut dyn VoiceActivity, turn: &[f32]) -> Vec<bool> {
    activity.reset();
    let mut speaking = false;
    let mut decide = |window: &[f32; WINDOW]| {
        speaking = activity.push(window).unwrap() >= if speaking { 0.35 } else { 0.5 };
        speaking
    };
    turn.as_chunks::<WINDOW>().0.iter().map(&mut decide).collect()
}

/// Beginning and length of each run of windows without speech.
fn silences(windows: &[bool]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    for run in windows.chunk_by(|a, b| a == b) {
        if !run[0] {
            found.push((at, run.len()));
        }
        at += run.len();
    }
    found
}

/// The middle of the quietest 30 ms within a tenth of the speech around `part` of it.
fn quietest(turn: &[f32], first: usize, last: usize, part: f32) -> usize {
    const STEP: usize = 160;
    let place = |part: f32| first + ((last.min(turn.len()) - first) as f32 * part) as usize;
    let power = |at: &usize| turn[at - STEP * 3 / 2..at + STEP * 3 / 2].iter().map(|sample| sample * sample).sum::<f32>();
    let places = (place(part - 0.1).max(2 * STEP)..place(part + 0.1)).step_by(STEP);
    places.filter(|at| at + 2 * STEP < turn.len()).min_by(|a, b| power(a).total_cmp(&power(b))).unwrap()
}

/// The clips of a list in the language, those at 16 kHz.
fn clips(list: &Path, language: Language) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(list).expect("the list can be read");
    let columns = text.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    let wanted = columns.filter(|row| row.get(1) == Some(&language.code()) && row.get(2) == Some(&"16000"));
    wanted.map(|row| list.with_file_name("").join(row[0])).collect()
}

/// A clip at 16 kHz, with some silence behind it in case it has none.
fn read(path: &Path, line: bool) -> Vec<f32> {
    let sound = wav::read(path).unwrap();
    assert_eq!(sound.rate, 16_000, "{}", path.display());
    let sound = [sound.samples, vec![0.0; 16_000]].concat();
    if line { resample(&resample(&sound, 16_000, 8_000).unwrap(), 8_000, 16_000).unwrap() } else { sound }
}
