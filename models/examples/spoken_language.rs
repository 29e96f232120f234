//! How well a Whisper tells English from Mandarin over lists of clips, and how long it takes.
//!
//! `cargo run --release -p switchhook-models --example spoken_language -- [--model whisper-tiny] TRANSCRIPTS.tsv...`
//!
//! The lists are those of `word_error_rate`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod clips;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Parser;
use clips::{clips, name, read};
use switchhook_models::asr::whisper::Whisper;
use switchhook_models::catalog::Store;
use switchhook_models::{Cancel, Language};

#[derive(Parser)]
struct Arguments {
    /// The name of the installed model.
    #[arg(long, default_value = "whisper-base")]
    model: String,
    /// Hear only so much of each clip, in seconds.
    #[arg(long)]
    seconds: Option<f32>,
    /// Lists of clips.
    #[arg(required = true)]
    lists: Vec<PathBuf>,
}

fn main() {
    let arguments = Arguments::parse();
    let installed = Store::default_place().open(&arguments.model).unwrap_or_else(|fault| exit(&fault));
    let whisper = Whisper::open(&installed).unwrap_or_else(|fault| exit(&fault));
    for language in [Language::En, Language::Zh] {
        let (mut right, mut all, mut spent, mut heard, mut least) = (0, 0, Duration::ZERO, 0.0, 1.0_f32);
        for (path, _) in arguments.lists.iter().flat_map(|list| clips(list, language)) {
            let mut audio = read(&path);
            audio.truncate(arguments.seconds.map_or(audio.len(), |seconds| (seconds * 16_000.0) as usize));
            let begun = Instant::now();
            let found = whisper.language(&audio, &Cancel::new()).unwrap_or_else(|fault| exit(&fault));
            spent += begun.elapsed();
            heard += audio.len() as f64 / 16_000.0;
            all += 1;
            match found {
                Some((found, probability)) if found == language => {
                    right += 1;
                    least = least.min(probability);
                }
                other => println!("{}: {other:?}", name(&path)),
            }
        }
        println!(
            "{language}: {right} of {all} right, the least sure with {least:.2}; {:.2} s for {heard:.1} s of audio",
            spent.as_secs_f32()
        );
    }
}

fn exit(fault: &dyn std::fmt::Display) -> ! {
    eprintln!("{fault}");
    std::process::exit(1)
}
