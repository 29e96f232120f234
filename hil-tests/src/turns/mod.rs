//! How often callers are cut off in a pause, how long they wait behind their last word, and what stops a robot that speaks: `docs/turn-taking.md`, by one command.
//!
//! [`cases`] puts pauses into sentences, between words; [`listening`] lets the daemon's ears, recogniser and judge of turns hear them, on frames whose number is
//! the time; [`rules`] tells from what they heard when a turn is over, for every length of the pause at once; [`over`] speaks while the robot does. What was heard
//! is kept as JSON beside the [`page`], so that a rule can be changed and looked at without hearing everything again.

mod cases;
mod listening;
mod over;
mod page;
mod rules;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use clap::Args;
use serde::{Deserialize, Serialize};
use switchhook_models::catalog::Store;
use switchhook_models::{Language, open};

use self::listening::{Listener, Trace};
use self::over::Over;
use crate::accuracy::results::{self, Circumstances};
use crate::accuracy::voices::Voices;

/// What to measure, and where to write it.
#[derive(Args, Debug)]
pub struct Options {
    /// The folder of speech, with TRANSCRIPTS.tsv and noise/.
    #[arg(long, default_value = "../shared/audio", value_name = "DIR")]
    audio: PathBuf,
    /// Only this language.
    #[arg(long)]
    language: Option<Language>,
    /// The page; its figures are kept beside it, in a file of the same name that ends in .json.
    #[arg(long, default_value = "docs/turn-taking.md", value_name = "FILE")]
    page: PathBuf,
    /// Tell what was heard until each pause.
    #[arg(long)]
    each: bool,
    /// Write the page from what was heard before, by the rules of now.
    #[arg(long, conflicts_with_all = ["language", "each"])]
    rewrite: bool,
}

/// What was heard.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Found {
    traces: Vec<Trace>,
    over: Vec<Over>,
}

type Measured = results::Measured<Found>;

/// Measure, keep the figures, and write the page. Long.
///
/// # Errors
/// If there is no speech, a model fails or is not installed, or a file cannot be read or written.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let kept = options.page.with_extension("json");
    let measured = if options.rewrite {
        let text = std::fs::read_to_string(&kept).with_context(|| format!("{} cannot be read", kept.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is not what this program keeps", kept.display()))?
    } else {
        let (under, started) = (Circumstances::now(), Instant::now());
        let measured = Measured::now(measure(options).await?, &under, started);
        write(&kept, &(serde_json::to_string(&measured)? + "\n"))?;
        measured
    };
    write(&options.page, &page::page(&measured))
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

async fn measure(options: &Options) -> anyhow::Result<Found> {
    let store = Store::default_place();
    let mut found = Found::default();
    for language in [Language::En, Language::Zh] {
        if options.language.is_some_and(|only| only != language) {
            continue;
        }
        let (hears, times) = match language {
            Language::En => ("moonshine-base", "moonshine-tiny"),
            Language::Zh => ("whisper-small", "whisper-base"),
        };
        let mut voices = Voices::new(&store);
        let mut listener = Listener::open(&store, hears, language).await?;
        eprintln!("{language}: what is said over the robot");
        let over = over::measure(&options.audio, &mut voices, &mut listener).await?;
        if options.each {
            over.wrong.iter().for_each(|(said, heard)| eprintln!("  over: {said}: {heard}"));
        }
        found.over.push(over);
        let mut finder = open::recognizer(&store, times)?;
        let sentences = cases::sentences(&options.audio, &mut voices, language)?;
        eprintln!("{language}: {} sentences", sentences.len());
        for (number, sentence) in sentences.iter().enumerate() {
            for (place, at) in cases::breaks(sentence, language, finder.as_mut())?.into_iter().enumerate() {
                let trace = Trace { sentence: number, ..listener.hear(sentence.set, &sentence.sound, at, place == 0).await? };
                if options.each {
                    tell(&trace);
                }
                found.traces.push(trace);
            }
        }
    }
    Ok(found)
}

fn tell(trace: &Trace) {
    let one = |kind: &str, (seen, ms): &(listening::Seen, i64)| {
        eprintln!("  {:?} {} {kind} {:.3} {:?} {ms} {}", trace.set, trace.sentence, seen.sounds, seen.words, seen.text);
    };
    trace.inside.iter().for_each(|seen| one("pause", seen));
    trace.own.iter().for_each(|seen| one("own", seen));
    trace.end.iter().for_each(|seen| one("end", seen));
}
