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
use switchhook::dialog::Told;
use switchhook::speech::reads_finished;
use switchhook_models::catalog::Store;
use switchhook_models::{Cancel, Language, open};

use self::listening::{Listener, Trace, Wholeness};
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
    /// Keep there what was heard with all its words, which are in no page: with `--rewrite`, the words are judged anew.
    #[arg(long, value_name = "FILE")]
    heard: Option<PathBuf>,
    /// Hear only what is said over the robot; of the turns, what was heard before stays.
    #[arg(long, conflicts_with_all = ["heard", "rewrite"])]
    over: bool,
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
        let mut measured: Measured = read(options.heard.as_deref().unwrap_or(&kept))?;
        if options.heard.is_some() {
            measured.found.judge_anew(&Store::default_place())?;
        }
        measured
    } else if options.over {
        let kept: Measured = read(&kept)?;
        let anew = measure(options).await?.over;
        let stays = |over: &Over| anew.iter().all(|anew| anew.language != over.language);
        let over = kept.found.over.into_iter().filter(stays).chain(anew.iter().cloned()).collect();
        Measured { found: Found { over, ..kept.found }, ..kept }
    } else {
        let (under, started) = (Circumstances::now(), Instant::now());
        Measured::now(measure(options).await?, &under, started)
    };
    if let (Some(heard), false) = (&options.heard, options.rewrite) {
        write(heard, &(serde_json::to_string(&measured)? + "\n"))?;
    }
    let measured = Measured { found: measured.found.without_words(), ..measured };
    write(&kept, &(serde_json::to_string(&measured)? + "\n"))?;
    write(&options.page, &page::page(&measured))
}

impl Found {
    /// Judge the words by the rules of now.
    fn judge_anew(&mut self, store: &Store) -> anyhow::Result<()> {
        let now = jiff::Zoned::now();
        for language in [Language::En, Language::Zh] {
            let mut reader = listening::reader(store, language)?;
            for trace in self.traces.iter_mut().filter(|trace| trace.language == language) {
                let set = trace.set;
                for seen in trace.seen_mut() {
                    seen.words = Wholeness::of(set, language, &seen.text, &now);
                    seen.signed = Told::default().of(&seen.text).signed;
                    let wanted = seen.wants_reading();
                    seen.reads = wanted.then(|| reads_finished(reader.as_mut(), language, &seen.text, &Cancel::new())).transpose()?;
                }
            }
        }
        Ok(())
    }

    /// What may be kept beside the page.
    fn without_words(mut self) -> Self {
        for trace in &mut self.traces {
            trace.seen_mut().for_each(|seen| seen.text.clear());
        }
        self
    }
}

fn read(path: &Path) -> anyhow::Result<Measured> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not what this program keeps", path.display()))
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
        found.over.push(over::measure(&options.audio, &mut voices, &mut listener).await?);
        if options.over {
            continue;
        }
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
