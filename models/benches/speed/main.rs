//! How fast the models are on this machine, and how much memory they take: `make bench`, or
//! `cargo bench -p switchhook-models -- [TASK...]`; with `--peers`, published implementations are measured beside them.
//!
//! An operation takes up to a second, so it is timed whole, `--rounds` times, and the median is told. Each task's model lives in a
//! process of its own, whose peak memory is therefore the model's. [`conductor`] starts that process (this program again, as a
//! [`worker`]) and the peer's (`benches/peers/run`), lets them play the same operation in turn, and never both at once; so what else
//! the machine does falls on both alike. [`report`] prints a table, and all of it as one line of JSON at the end. One file per task
//! says what an operation is; what is heard and said stands in `cases.toml`, which the peers read too.

mod asr;
mod cases;
mod conductor;
mod llm;
mod report;
mod tts;
mod turn;
mod vad;
mod worker;

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use serde::Serialize;
use switchhook_models::catalog::{self, Store};
use switchhook_models::{Locale, Result, open};

use self::worker::Bench;

/// Rounds that are measured under `cargo bench`.
const ROUNDS: usize = 11;

/// Measure the installed models: medians of whole operations, and peak memory.
#[derive(Debug, Parser)]
#[command(name = "speed", max_term_width = 100)]
struct Arguments {
    /// Which tasks [default: all]
    #[arg(value_name = "TASK")]
    tasks: Vec<Task>,
    /// How often each operation is measured [default: 11, or once if `cargo test` runs this]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    rounds: Option<u16>,
    /// Threads of recognition, end of turns (at most two) and language model, and of the peers; the voice has two, voice activity one
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    threads: u16,
    /// Measure the published implementations of `benches/peers` in the same rounds
    #[arg(long)]
    peers: bool,
    /// Play one task's operations as standard input asks for them
    #[arg(long, hide = true, value_name = "TASK")]
    serve: Option<Task>,
    /// What `cargo bench` says to every bench
    #[arg(long, hide = true)]
    bench: bool,
}

/// What models do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Task {
    /// Recognition by the catalog's default: a caller's turn to words.
    Asr,
    /// The same by Moonshine base.
    MoonshineBase,
    /// The same by Moonshine tiny.
    MoonshineTiny,
    /// Voice activity: one window of 32 ms.
    Vad,
    /// End of turn: one judgement.
    Turn,
    /// The voice: the first sound, and all of it.
    Tts,
    /// The larger voice.
    Kokoro,
    /// The language model: reading a prompt, and writing.
    Llm,
}

impl Task {
    /// The task's name, as it is given on the command line.
    fn name(self) -> &'static str {
        match self {
            Self::Asr => "asr",
            Self::MoonshineBase => "moonshine-base",
            Self::MoonshineTiny => "moonshine-tiny",
            Self::Vad => "vad",
            Self::Turn => "turn",
            Self::Tts => "tts",
            Self::Kokoro => "kokoro",
            Self::Llm => "llm",
        }
    }

    fn open(self, store: &Store, threads: usize) -> Result<Box<dyn Bench>> {
        Ok(match self {
            Self::Asr => Box::new(asr::Turns::open(store, "whisper-base".to_owned())?),
            Self::MoonshineBase | Self::MoonshineTiny => Box::new(asr::Turns::open(store, self.name().to_owned())?),
            Self::Vad => Box::new(vad::Stream::open(store)?),
            Self::Turn => Box::new(turn::Pauses::open(store)?),
            Self::Tts => Box::new(tts::Sentences::open(store, &open::default_model(store, catalog::Task::Voice, Locale::En)?)?),
            Self::Kokoro => Box::new(tts::Sentences::open(store, switchhook_models::tts::kokoro::NAME)?),
            Self::Llm => Box::new(llm::Tokens::open(store, threads)?),
        })
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let threads = usize::from(arguments.threads);
    let done = match arguments.serve {
        Some(task) => worker::serve(|| task.open(&Store::default_place(), threads)).map(|()| true),
        None => conduct(&arguments, threads),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

/// Measure and report. `false` if a task could not be measured; the others were.
fn conduct(arguments: &Arguments, threads: usize) -> Result<bool> {
    let rounds = arguments.rounds.map_or(if arguments.bench { ROUNDS } else { 1 }, usize::from);
    let tasks = if arguments.tasks.is_empty() { Task::value_variants() } else { &arguments.tasks };
    println!("Medians of {rounds} rounds on {threads} threads. ours/theirs compares times: below 1, ours is faster.");
    let mut measured = Vec::new();
    for &task in tasks {
        match conductor::measure(task, rounds, threads, arguments.peers) {
            Ok(found) => {
                report::print(&found);
                measured.push(found);
            }
            Err(fault) => eprintln!("{}: not measured: {fault}", task.name()),
        }
    }
    report::print_json(rounds, threads, &measured);
    Ok(measured.len() == tasks.len())
}
