//! The word error rate of an installed recogniser over a list of clips, and how long it takes.
//!
//! `cargo run --release -p switchhook-models --example word_error_rate -- [--model moonshine-base] [--language en] TRANSCRIPTS.tsv...`
//!
//! The list has the columns `file`, `lang`, `rate` and `reference`, separated by tabs; files lie relative to it. What is counted is what
//! `docs/accuracy.md` counts, clip by clip with what the guards saw.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod clips;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Parser;
use clips::{clips, name, read};
use switchhook_models::asr::Transcript;
use switchhook_models::asr::moonshine::Moonshine;
use switchhook_models::asr::whisper::Whisper;
use switchhook_models::catalog::{Architecture, Store};
use switchhook_models::text::score::{Scorer, distance};
use switchhook_models::{Cancel, Language, Result};

#[derive(Parser)]
struct Arguments {
    /// The name of the installed model.
    #[arg(long, default_value = "whisper-base")]
    model: String,
    /// Of Whisper: the silence after the turn that the encoder is given, instead of the measured one.
    #[arg(long)]
    margin_ms: Option<u64>,
    /// Of Whisper: without the silence that is remembered to follow.
    #[arg(long)]
    without_silence: bool,
    /// Only clips of this language.
    #[arg(long, default_value = "en")]
    language: Language,
    /// Let the recogniser find the language itself.
    #[arg(long)]
    detect: bool,
    /// Transcribe each clip this often, and report the least time.
    #[arg(long, default_value_t = 1)]
    repeat: usize,
    /// Lists of clips.
    #[arg(required = true)]
    lists: Vec<PathBuf>,
}

/// A recogniser that tells what its guards saw.
enum Model {
    Whisper(Box<Whisper>),
    Moonshine(Moonshine),
}

impl Model {
    fn open(arguments: &Arguments) -> Result<Self> {
        let store = Store::default_place();
        let installed = store.open(&arguments.model)?;
        if store.catalog()?.entry(&arguments.model)?.architecture == Architecture::Moonshine {
            return Ok(Self::Moonshine(Moonshine::open(&installed)?));
        }
        let mut whisper = Whisper::open(&installed)?;
        if let Some(margin) = arguments.margin_ms {
            whisper = whisper.with_margin(Duration::from_millis(margin));
        }
        if arguments.without_silence {
            whisper = whisper.without_silence();
        }
        Ok(Self::Whisper(Box::new(whisper)))
    }

    fn hear(&mut self, audio: &[f32], language: Option<Language>) -> Result<(Transcript, String)> {
        let cancel = Cancel::new();
        Ok(match self {
            Self::Whisper(whisper) => whisper.hear(audio, language, &cancel).map(|(heard, seen)| (heard, seen.to_string()))?,
            Self::Moonshine(moonshine) => moonshine.hear(audio, language, &cancel).map(|(heard, seen)| (heard, seen.to_string()))?,
        })
    }
}

fn main() {
    let arguments = Arguments::parse();
    let mut model = Model::open(&arguments).unwrap_or_else(|fault| exit(&fault));
    let scorer = Scorer::new().unwrap_or_else(|fault| exit(&fault));
    let (mut errors, mut words, mut heard, mut spent) = (0, 0, Duration::ZERO, Duration::ZERO);
    for (path, reference) in arguments.lists.iter().flat_map(|list| clips(list, arguments.language)) {
        let audio = read(&path);
        let language = (!arguments.detect).then_some(arguments.language);
        let mut least = Duration::MAX;
        let mut result = None;
        for _ in 0..arguments.repeat.max(1) {
            let begun = Instant::now();
            result = Some(model.hear(&audio, language).unwrap_or_else(|fault| exit(&fault)));
            least = least.min(begun.elapsed());
        }
        let Some((transcript, evidence)) = result else { continue };
        let (said, understood) = (scorer.units(&reference, arguments.language), scorer.units(&transcript.text, arguments.language));
        let distance = distance(&said, &understood);
        let length = Duration::from_secs_f64(audio.len() as f64 / 16_000.0);
        println!(
            "{distance:2} {:4} ms of {:5.2} s  {}  {:?}  [{evidence}]",
            least.as_millis(),
            length.as_secs_f32(),
            name(&path),
            transcript.text
        );
        errors += distance;
        words += said.len();
        heard += length;
        spent += least;
    }
    let rate = 100.0 * errors as f64 / words.max(1) as f64;
    println!("{rate:.2} % of {words} words wrong ({errors}); {:.2} s for {:.1} s of audio", spent.as_secs_f32(), heard.as_secs_f32());
}

fn exit(fault: &dyn std::fmt::Display) -> ! {
    eprintln!("{fault}");
    std::process::exit(1)
}
