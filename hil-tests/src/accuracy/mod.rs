//! How right the installed recognisers are: every table of `docs/accuracy.md`, by one command.
//!
//! [`clips`] finds speech, [`line`] does to it what a telephone line does, and [`score`] counts what is wrong and how sure that figure is. Five
//! parts ask one question each: [`speech`] how many words of recorded people are wrong, beside the published engines ([`peers`]);
//! [`round_trip`] how much of an office's sentences survives our own voices and the line; [`digits`] whether a digit is the digit that was said; [`names`] whether a name is found in a list;
//! and [`no_words`] whether sounds that are no speech stay without words. What a part found is kept as [`results`], one file of JSON, so that a part
//! can be measured again alone; [`page`] writes the page from that file.

pub(crate) mod clips;
mod digits;
pub(crate) mod line;
mod names;
mod no_words;
mod page;
mod peers;
mod recognisers;
pub(crate) mod results;
mod round_trip;
pub(crate) mod score;
mod sounds;
mod speech;
mod told;
pub(crate) mod voices;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use switchhook_models::catalog::Store;

pub(crate) use self::clips::{RATE, recordings};
use self::recognisers::Listed;
use self::results::Results;
pub(crate) use self::results::{Circumstances, Measured};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Part {
    /// Words of recorded people.
    Speech,
    /// Sentences spoken by our voices.
    RoundTrip,
    /// Single digits under the digit grammar.
    Digits,
    /// Names from a list, by the grammar and by sound.
    Names,
    /// Sounds that are no speech.
    NoWords,
}

/// What to measure, and where to write it.
#[derive(Args, Debug)]
pub struct Options {
    /// The folder of speech and noise, with TRANSCRIPTS.tsv, noise/ and digits8k/.
    #[arg(long, default_value = "../shared/audio", value_name = "DIR")]
    audio: PathBuf,
    /// Measure these parts and leave the others as they were.
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    only: Vec<Part>,
    /// Only these recognisers; without it, all that are installed.
    #[arg(long, value_delimiter = ',', value_name = "MODEL")]
    recognisers: Vec<String>,
    /// Run the published engines on the same sounds; they install themselves with pip.
    #[arg(long)]
    peers: bool,
    /// Minutes of sounds without words.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=600))]
    minutes: u32,
    /// The page; its figures are kept beside it, in a file of the same name that ends in .json.
    #[arg(long, default_value = "docs/accuracy.md", value_name = "FILE")]
    page: PathBuf,
    /// Write the page from the figures that are kept, and measure nothing.
    #[arg(long, conflicts_with_all = ["only", "peers", "recognisers"])]
    rewrite: bool,
}

/// Measure, keep the figures, and write the page. Blocking, and long.
///
/// # Errors
/// If there is no speech or no recogniser, a model fails, or a file cannot be read or written.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let kept = options.page.with_extension("json");
    let mut results = Results::read(&kept)?;
    if !options.rewrite {
        let store = Store::default_place();
        let listed = recognisers::installed(&store, &options.recognisers)?;
        let parts = if options.only.is_empty() { Part::value_variants() } else { &options.only };
        for &part in parts {
            measure(part, options, &store, &listed, &mut results).with_context(|| format!("the part `{}`", part.name()))?;
            // What was measured is kept even if a later part fails.
            results.write(&kept)?;
        }
    }
    let mut page = page::page(&results);
    page.push('\n');
    std::fs::write(&options.page, page).with_context(|| format!("{} cannot be written", options.page.display()))?;
    eprintln!("{} and {} were written", options.page.display(), kept.display());
    Ok(())
}

fn measure(part: Part, options: &Options, store: &Store, listed: &[Listed], results: &mut Results) -> anyhow::Result<()> {
    let started = Instant::now();
    let bench = Bench { store, listed, audio: &options.audio };
    let under = &Circumstances::now();
    match part {
        Part::Speech => results.speech = Some(Measured::now(speech::measure(&bench, options.peers)?, under, started)),
        Part::RoundTrip => results.round_trip = Some(Measured::now(round_trip::measure(&bench)?, under, started)),
        Part::Digits => results.digits = Some(Measured::now(digits::measure(&bench)?, under, started)),
        Part::Names => results.names = Some(Measured::now(names::measure(&bench)?, under, started)),
        Part::NoWords => results.no_words = Some(Measured::now(no_words::measure(&bench, options.minutes)?, under, started)),
    }
    Ok(())
}

/// What every part is given.
struct Bench<'a> {
    store: &'a Store,
    listed: &'a [Listed],
    audio: &'a Path,
}

impl Part {
    /// The part's name, as it is given on the command line.
    fn name(self) -> &'static str {
        match self {
            Self::Speech => "speech",
            Self::RoundTrip => "round-trip",
            Self::Digits => "digits",
            Self::Names => "names",
            Self::NoWords => "no-words",
        }
    }
}

/// A bar on standard error for so many steps; where there is no terminal, a line that says what begins.
fn bar(part: Part, what: &str, steps: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        eprintln!("{}: {what}, {steps} steps", part.name());
    }
    let bar = ProgressBar::new(steps as u64);
    let style = ProgressStyle::with_template("{prefix}: {msg} {wide_bar} {pos}/{len}, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_prefix(part.name());
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}
