//! What it costs to hear a turn while it grows: frames of 20 ms are pushed as fast as they are taken, and a hypothesis is asked for at even times.
//!
//! `cargo run --release -p switchhook-models --example streaming_delay -- [--model moonshine-base] [--every-ms 500] FILE.wav...`
//!
//! The files are mono at 16 kHz. *end* is the delay that a caller notices: from the last frame to the final text. Once it is told after a
//! hypothesis 200 ms earlier, as when recognition began at the pause, and once without any.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Parser;
use switchhook_models::asr::StreamingRecognizer;
use switchhook_models::audio::wav;
use switchhook_models::catalog::Store;
use switchhook_models::{Cancel, Error, Result, open};

/// Samples of a frame of 20 ms.
const FRAME: usize = 320;
/// Frames from the last hypothesis to the end: 200 ms.
const BEFORE_END: usize = 10;

#[derive(Parser)]
struct Arguments {
    /// The name of the installed model.
    #[arg(long, default_value = "moonshine-base")]
    model: String,
    /// How often a hypothesis is asked for.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u64).range(20..))]
    every_ms: u64,
    /// What is said.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Times of one turn.
#[derive(Default)]
struct Spent {
    pushing: Duration,
    slowest_push: Duration,
    partials: Vec<Duration>,
    end: Duration,
}

fn main() {
    let arguments = Arguments::parse();
    if let Err(fault) = run(&arguments) {
        eprintln!("{fault}");
        std::process::exit(1);
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let model = open::recognizer(&Store::default_place(), &arguments.model)?;
    let whole = || Error::Input(format!("`{}` only hears whole turns; `moonshine-base` hears them as they grow", arguments.model));
    let model = model.streaming().ok_or_else(whole)?;
    let every = usize::try_from(arguments.every_ms / 20).unwrap_or(1);
    for file in &arguments.files {
        let samples = wav::read(file)?.samples;
        let frames = samples.len().div_ceil(FRAME);
        let seconds = samples.len() as f32 / 16_000.0;
        let asks = |index: usize| index + BEFORE_END == frames || (index % every == every - 1 && index + BEFORE_END < frames);
        let (text, asked) = hear(model, &samples, asks)?;
        let (_, unasked) = hear(model, &samples, |_| false)?;
        let work = asked.pushing + asked.partials.iter().sum::<Duration>() + asked.end;
        println!(
            "{seconds:5.2} s  push {:.2} ms of 20, at most {:.1}  partials {:.0} to {:.0} ms  end {:.0} ms, {:.0} without  real time {:.3}  {text:?}",
            millis(asked.pushing) / frames.max(1) as f64,
            millis(asked.slowest_push),
            asked.partials.iter().copied().min().map_or(0.0, millis),
            asked.partials.iter().copied().max().map_or(0.0, millis),
            millis(asked.end),
            millis(unasked.end),
            work.as_secs_f32() / seconds,
        );
    }
    Ok(())
}

fn hear(model: &dyn StreamingRecognizer, samples: &[f32], asks: impl Fn(usize) -> bool) -> Result<(String, Spent)> {
    let (mut turn, mut spent, cancel) = (model.begin(None)?, Spent::default(), Cancel::new());
    for (index, frame) in samples.chunks(FRAME).enumerate() {
        let begun = Instant::now();
        turn.push(frame)?;
        let took = begun.elapsed();
        spent.pushing += took;
        spent.slowest_push = spent.slowest_push.max(took);
        if asks(index) {
            let begun = Instant::now();
            turn.partial(&cancel)?;
            spent.partials.push(begun.elapsed());
        }
    }
    let begun = Instant::now();
    let text = turn.finish(&cancel)?.text;
    spent.end = begun.elapsed();
    Ok((text, spent))
}

fn millis(time: Duration) -> f64 {
    1e3 * time.as_secs_f64()
}
