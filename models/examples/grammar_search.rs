//! What it costs to hear a turn within a grammar, beside hearing it freely: telephone numbers, of which every digit has rivals.
//!
//! `cargo run --release -p switchhook-models --example grammar_search -- [--model whisper-small] [--language zh] [--repeat 3] FILE.wav...`
//!
//! The files are mono at 8 or 16 kHz. *freely* is the time of the words alone, *answer* that of the words and the search behind them; the least of the
//! repeats each.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod clips;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Parser;
use clips::{name, read};
use switchhook_models::asr::grammar::{Choice, common};
use switchhook_models::catalog::Store;
use switchhook_models::{Cancel, Language, Result, open};

/// Digits of a telephone number.
const LEAST: usize = 6;
const MOST: usize = 15;

#[derive(Parser)]
struct Arguments {
    /// The name of the installed model.
    #[arg(long, default_value = "whisper-small")]
    model: String,
    /// What is spoken.
    #[arg(long, default_value = "zh")]
    language: Language,
    /// Hear each file this often.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// What is said.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

fn main() {
    let arguments = Arguments::parse();
    if let Err(fault) = run(&arguments) {
        eprintln!("{fault}");
        std::process::exit(1);
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let mut model = open::recognizer(&Store::default_place(), &arguments.model)?;
    let grammar = common::telephone(arguments.language, LEAST, MOST)?;
    let (mut freely, mut answers) = (Vec::new(), Vec::new());
    for file in &arguments.files {
        let samples = read(file);
        let language = Some(arguments.language);
        let (free, words) = least(arguments.repeat, || model.transcribe(&samples, language, &Cancel::new()))?;
        let (within, choice) = least(arguments.repeat, || model.choose(&samples, language, &grammar, &Cancel::new()))?;
        println!(
            "{:24} freely {:4} ms  answer {:4} ms  {:?}  {}",
            name(file),
            free.as_millis(),
            within.as_millis(),
            words.text,
            told(&choice)
        );
        freely.push(free);
        answers.push(within);
    }
    println!("median: freely {} ms, answer {} ms", median(freely).as_millis(), median(answers).as_millis());
    Ok(())
}

fn told(choice: &Choice) -> String {
    match choice {
        Choice::Said(answer) => format!(
            "{} {:.2} (others {:?})",
            answer.meaning.concat(),
            answer.confidence,
            answer.others.iter().map(|(meaning, share)| format!("{} {share:.2}", meaning.concat())).collect::<Vec<_>>()
        ),
        Choice::Outside(_) => "outside".to_owned(),
        Choice::Nothing => "nothing".to_owned(),
    }
}

/// The least time of so many, and what the last gave.
fn least<T>(repeat: u32, mut once: impl FnMut() -> Result<T>) -> Result<(Duration, T)> {
    let mut timed = || {
        let begin = Instant::now();
        once().map(|what| (begin.elapsed(), what))
    };
    let (mut best, mut what) = timed()?;
    for _ in 1..repeat {
        let (took, again) = timed()?;
        (best, what) = (best.min(took), again);
    }
    Ok((best, what))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
