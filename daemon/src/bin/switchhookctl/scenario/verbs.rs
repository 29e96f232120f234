//! What can be typed behind `switchhookctl scenario`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use switchhook::dialog::Schema;
use switchhook_models::Locale;

use super::shelf::PLACE;
use crate::job::Waiting;

#[derive(Subcommand)]
pub enum ScenarioVerb {
    /// Begin a scenario in a new folder: every file, as small as it can be.
    New {
        dir: PathBuf,
        /// The languages that it is written in.
        #[arg(long, value_delimiter = ',', default_value = "en", value_parser = locale, value_name = "TAG")]
        language: Vec<Locale>,
    },
    /// Read a scenario in each of its languages, and say what is wrong, where, and how to mend it.
    Check { dir: PathBuf },
    /// Play the conversations in its tests/*.yaml, by text.
    Test {
        /// Without it, the robot plays those of the scenario that it follows.
        dir: Option<PathBuf>,
        /// Say them aloud: through our voices, a telephone line and the recogniser. Needs the models, and seconds for each conversation.
        #[arg(long, requires = "dir")]
        voice: bool,
        #[command(flatten)]
        waiting: Waiting,
        /// In these languages alone.
        #[arg(long, requires = "dir", value_delimiter = ',', value_parser = locale, value_name = "TAG")]
        language: Vec<Locale>,
    },
    /// Say what of a scenario no conversation in its tests/*.yaml touches: knowledge, flows and their steps, rules, intents, keys.
    Coverage {
        dir: PathBuf,
        /// In these languages alone.
        #[arg(long, value_delimiter = ',', value_parser = locale, value_name = "TAG")]
        language: Vec<Locale>,
    },
    /// Show what callers wanted in vain, grouped by meaning: candidates for the knowledge in DIR. The robot is asked; nothing changes without --accept.
    Improve {
        dir: PathBuf,
        /// In so many days until now.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=366))]
        days: u32,
        /// In these languages alone.
        #[arg(long, value_delimiter = ',', value_parser = locale, value_name = "TAG")]
        language: Vec<Locale>,
        /// Ask for each of them what to write, and write it into the scenario's knowledge.
        #[arg(long, conflicts_with = "json")]
        accept: bool,
    },
    /// Talk to the robot in the terminal, by text.
    Chat {
        dir: PathBuf,
        /// In this language instead of the scenario's first.
        #[arg(long, value_parser = locale, value_name = "TAG")]
        language: Option<Locale>,
    },
    /// Check and try a scenario, keep a copy of it as a version, and let the robot follow it from the next call on; calls that are on go on with theirs.
    Activate {
        dir: PathBuf,
        /// Even if its conversations go otherwise than they are written, or it has none.
        #[arg(long)]
        untested: bool,
        /// So many versions are kept.
        #[arg(long, default_value_t = 10, value_name = "N")]
        keep: usize,
        #[command(flatten)]
        waiting: Waiting,
        #[command(flatten)]
        shelf: ShelfPlace,
    },
    /// Let the robot follow an earlier version again: the one before, or that which is named.
    Rollback {
        /// The scenario's name.
        name: String,
        /// A version, or its beginning.
        #[arg(long, value_name = "VERSION")]
        to: Option<String>,
        #[command(flatten)]
        waiting: Waiting,
        #[command(flatten)]
        shelf: ShelfPlace,
    },
    /// Show what changed, line by line, and which conversations go otherwise for it. A and B are folders, or NAME@VERSION.
    Diff {
        /// What is compared; without B, with the active version of its name.
        #[arg(value_name = "A")]
        first: String,
        #[arg(value_name = "B")]
        second: Option<String>,
        #[command(flatten)]
        shelf: ShelfPlace,
    },
    /// Show the versions that were activated, the last one first.
    List {
        /// Of this scenario alone.
        name: Option<String>,
        #[command(flatten)]
        shelf: ShelfPlace,
    },
    /// Show what a version is for, where it lies, and how records name it.
    Show {
        /// The scenario's name.
        name: String,
        /// A version, or its beginning; without it, the active one.
        version: Option<String>,
        #[command(flatten)]
        shelf: ShelfPlace,
    },
    /// Write the JSON Schema of a kind of file, for editors: `scenario`, `lang` or `tests`.
    Schema { schema: Schema },
}

/// Where versions are kept.
#[derive(Args)]
pub struct ShelfPlace {
    /// Where versions are kept.
    #[arg(long = "shelf", default_value = PLACE, value_name = "DIR")]
    pub place: PathBuf,
}

fn locale(tag: &str) -> Result<Locale, String> {
    tag.parse().map_err(|error: switchhook_models::Error| error.to_string())
}
