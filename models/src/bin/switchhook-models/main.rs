//! `switchhook-models`: list, fetch, convert, remove, verify, try and measure the models.
//!
//! Results go to standard output, as text for people or, with `--json`, as one object per line for programs; progress and errors go
//! to standard error. The exit status is 0 if all went well, 1 if something failed, 2 if the command line was wrong.

mod bench;
mod chat;
mod convert;
mod fetch;
mod grammar;
mod list;
mod measured;
mod output;
mod owner;
mod partial;
mod profiles;
mod progress;
mod remove;
mod say;
mod sounds;
mod transcribe;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use switchhook_models::Error;
use switchhook_models::catalog::Store;

use output::Output;

/// List, fetch, verify, try and measure the models that Switchhook hears, thinks and speaks with.
#[derive(Debug, Parser)]
#[command(name = "switchhook-models", version, max_term_width = 100)]
struct Arguments {
    /// The folder that holds the models [default: $SWITCHHOOK_MODELS_DIR, else /var/lib/switchhook/models if it exists, else
    /// switchhook/models in your cache folder]
    #[arg(long, global = true, value_name = "DIR")]
    models: Option<PathBuf>,
    /// Write results as JSON, one object per line
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show what can be installed and what is
    List,
    /// Show which models each profile loads, for each language
    Profiles,
    /// Install models and what they need: those that are named, or a profile's; without either, the profile `standard` in English
    Fetch(fetch::Arguments),
    /// Install a model from source files that were downloaded before
    Convert(convert::Arguments),
    /// Delete models
    Remove(remove::Arguments),
    /// Read every installed model whole and compare it with what was installed
    Verify(verify::Arguments),
    /// Write down what is said in WAV files
    Transcribe(transcribe::Arguments),
    /// Speak a text into a WAV file
    Say(say::Arguments),
    /// Talk to the language model: once with a prompt, else line by line
    Chat(chat::Arguments),
    /// Measure how fast the installed models are on this machine, and how much memory each takes
    Bench(bench::Arguments),
}

/// Whether everything that was asked for was done. What was not has been said on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Done {
    All,
    NotAll,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let store = arguments.models.map_or_else(Store::default_place, Store::at);
    let mut output = Output::new(arguments.json);
    if let Verb::Fetch(_) | Verb::Remove(_) = arguments.verb {
        match owner::does_it(&store) {
            Ok(None) => {}
            Ok(Some(ended)) => return ended,
            Err(fault) => {
                eprintln!("switchhook-models: {fault}");
                return ExitCode::FAILURE;
            }
        }
    }
    let done = match arguments.verb {
        Verb::List => list::run(&store, &mut output),
        Verb::Profiles => profiles::run(&store, &mut output),
        Verb::Fetch(arguments) => fetch::run(&store, &arguments, &mut output),
        Verb::Convert(arguments) => convert::run(&store, &arguments, &mut output),
        Verb::Remove(arguments) => remove::run(&store, &arguments, &mut output),
        Verb::Verify(arguments) => verify::run(&store, &arguments, &mut output),
        Verb::Transcribe(arguments) => transcribe::run(&store, &arguments, &mut output),
        Verb::Say(arguments) => say::run(&store, &arguments, &mut output),
        Verb::Chat(arguments) => chat::run(&store, &arguments, &mut output),
        Verb::Bench(arguments) => bench::run(&store, &arguments, &mut output),
    };
    match done {
        Ok(Done::All) => ExitCode::SUCCESS,
        Ok(Done::NotAll) => ExitCode::FAILURE,
        // Whoever read our output has seen enough.
        Err(Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("switchhook-models: {fault}");
            ExitCode::from(if matches!(fault, Error::UnknownModel { .. }) { 2 } else { 1 })
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
