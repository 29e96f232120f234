//! What can be typed behind `switchhookctl call`.

use std::path::PathBuf;

use clap::Subcommand;

use super::place::Stay;
use super::{hangup, listen, place, transfer};
use crate::house::Link;
use crate::output::Output;
use crate::watch::{self, Whose};

#[derive(Subcommand)]
pub enum CallVerb {
    /// Show one call, and who calls.
    Show { id: String },
    /// Show what happens as it happens, in one call until it ends, or in all: who calls, and what is said.
    Watch {
        id: Option<String>,
        /// Without who calls and what is said, for those who may not see it.
        #[arg(long)]
        no_words: bool,
    },
    /// Listen to a call while it is on: what the caller says, as far as the robot listens, and what they hear. It is put on record who listens.
    Listen {
        /// It need not be named if it is the only one.
        id: Option<String>,
        /// Write a WAV file (stereo, the caller left and the robot right), or standard output for `-`.
        #[arg(long, value_name = "FILE", conflicts_with = "device")]
        to: Option<PathBuf>,
        /// Play it on this ALSA device; `aplay -L` lists their names.
        #[arg(long, value_name = "NAME", default_value = "default")]
        device: String,
    },
    /// Have the robot call somebody: one of the office's people by the name that the configuration gives them, or a number that `may_call` in [calls] lists.
    Place {
        /// A name, or a number.
        #[arg(value_name = "PERSON|NUMBER")]
        whom: String,
        /// On this line; it need not be named if one alone places calls.
        #[arg(long, value_name = "ID")]
        line: Option<String>,
        /// Wait until the call is over, and say how it ended; status 1 if nobody took it.
        #[arg(long)]
        wait: bool,
        /// The same, and show what happens as `call watch` does.
        #[arg(long)]
        watch: bool,
    },
    /// End a call politely: the robot says goodbye and hangs up.
    Hangup {
        id: String,
        /// Wait until the call is over, and say how it ended.
        #[arg(long)]
        wait: bool,
    },
    /// Pass a call to a person, by the name that the configuration gives them.
    Transfer {
        id: String,
        person: String,
        /// Wait until the person has the call, or say why they do not; status 1 then.
        #[arg(long)]
        wait: bool,
    },
}

/// Do what was asked.
pub async fn run(verb: &CallVerb, link: &Link, output: Output) -> anyhow::Result<()> {
    match verb {
        CallVerb::Show { id } => super::show(link, output, id).await,
        CallVerb::Watch { id, no_words } => {
            let whose = id.as_deref().map_or(Whose::All, Whose::Of);
            watch::watch(link, output, whose, !no_words).await
        }
        CallVerb::Listen { id, to, device } => listen::listen(link, output, id.as_deref(), to.as_deref(), device).await,
        CallVerb::Place { whom, line, wait, watch } => {
            let stay = match (watch, wait) {
                (true, _) => Stay::Watching,
                (false, true) => Stay::Over,
                (false, false) => Stay::Rings,
            };
            place::place(link, output, whom, line.as_deref(), stay).await
        }
        CallVerb::Hangup { id, wait } => hangup::hang_up(link, output, id, *wait).await,
        CallVerb::Transfer { id, person, wait } => transfer::transfer(link, output, id, person, *wait).await,
    }
}
