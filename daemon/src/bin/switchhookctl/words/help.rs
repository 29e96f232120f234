//! The help of the command line in other languages. English stands where commands and arguments are declared; elsewhere each has a message by its place:
//! `help-call-watch` for a command, `help-call-watch--no-words` for its argument, and `help--limit` for one that is the same in several commands. What is shown
//! below an argument of a command, as the form of a file, is its message's attribute `after`.
//!
//! clap breaks lines at spaces alone. Chinese has none, so that its lines are broken here.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::{Arg, Command, CommandFactory as _, FromArgMatches as _};
use fluent_bundle::FluentArgs;

use super::mistakes::Misunderstood;
use super::{Language, Words, width};
use crate::cli::Cli;

/// clap's own place for what an argument is about where it stands on a line of its own.
const INDENT: usize = 10;
/// The widest that help is, as in English.
const WIDEST: usize = 100;
/// Narrower terminals break lines themselves.
const NARROWEST: usize = 40;

/// What was typed.
///
/// # Errors
/// What was not understood, or the help that was asked for, in this language.
pub fn understood(language: Language, typed: impl IntoIterator<Item = OsString>) -> Result<Cli, Misunderstood> {
    let mut command = Cli::command();
    if language == Language::English {
        let read = command.try_get_matches_from_mut(typed).and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
        return read.map_err(|error| Misunderstood::new(error.format(&mut command), None));
    }
    let words = Words::of(language);
    command = Help { words: &words, columns: columns() }.of(command);
    let read = command.try_get_matches_from_mut(typed).and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    read.map_err(|error| {
        let sentence = words.mistake(&error, &command);
        Misunderstood::new(error.format(&mut command), sentence)
    })
}

/// How wide help is.
fn columns() -> usize {
    let terminal =
        rustix::termios::tcgetwinsize(std::io::stdout()).ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0);
    let told = || std::env::var("COLUMNS").ok()?.parse().ok();
    terminal.or_else(told).unwrap_or(WIDEST).clamp(NARROWEST, WIDEST)
}

/// The place of a command: the names that are typed before it and its own. Whoever asks `help call` for `watch` is told what `call watch` is.
#[derive(Clone, Debug, Default)]
pub(super) struct Place(Vec<String>);

impl Place {
    pub(super) fn of(&self, command: &str) -> Self {
        Self(self.0.iter().map(String::as_str).chain([command]).map(ToOwned::to_owned).collect())
    }

    /// The message that says what it is about.
    pub(super) fn about(&self) -> String {
        let (last, before) = self.0.split_last().map_or(("", [].as_slice()), |(last, before)| (last.as_str(), before));
        if last == "help" {
            return "help-help".to_owned();
        }
        let names = before.iter().map(String::as_str).filter(|name| *name != "help").chain([last]).filter(|name| !name.is_empty());
        std::iter::once("help").chain(names).collect::<Vec<_>>().join("-")
    }

    /// The messages that may say what an argument is: its own, and that of all commands.
    pub(super) fn argument(&self, argument: &Arg) -> [String; 2] {
        let name = argument.get_long().unwrap_or(argument.get_id().as_str()).replace('_', "-").to_ascii_lowercase();
        [format!("{}--{name}", self.about()), format!("help--{name}")]
    }
}

struct Help<'a> {
    words: &'a Words,
    columns: usize,
}

impl Help<'_> {
    /// The same command line with its help in this language.
    fn of(&self, mut command: Command) -> Command {
        // What clap adds has its help by then.
        command.build();
        let place = Place::default();
        if let Some(about) = self.words.own(&place.about(), None, &FluentArgs::new()) {
            command = command.about(about);
        }
        self.told(command.term_width(self.columns), &place)
    }

    fn told(&self, command: Command, place: &Place) -> Command {
        let room = self.room(&command);
        let heading = |name: &str| self.words.own(name, None, &FluentArgs::new());
        let mut command = self.after(command, place).mut_args(|argument| {
            let heading = heading(if argument.is_positional() { "heading-arguments" } else { "heading-options" });
            let argument = self.argument(argument, place, room);
            if let Some(heading) = heading { argument.help_heading(heading) } else { argument }
        });
        if let Some(heading) = heading("heading-commands") {
            command = command.subcommand_help_heading(heading);
        }
        if let Some(usage) = heading("heading-usage") {
            command =
                command.help_template(format!("{{before-help}}{{about-with-newline}}\n{usage} {{usage}}\n\n{{all-args}}{{after-help}}"));
        }
        command.mut_subcommands(|verb| {
            let place = place.of(verb.get_name());
            let about = self.words.own(&place.about(), None, &FluentArgs::new()).map(|about| width::folded(&about, room));
            let verb = self.told(verb, &place);
            if let Some(about) = about { verb.about(about).long_about(None) } else { verb }
        })
    }

    /// How wide what commands and arguments are about may be.
    fn room(&self, command: &Command) -> usize {
        let arguments = command.get_arguments().map(|argument| width::of(&argument.to_string()) + 4);
        let commands = command.get_subcommands().map(|verb| width::of(verb.get_name()));
        let taken = arguments.chain(commands).max().unwrap_or_default() + 4;
        // clap begins a line of its own where more than two fifths are taken.
        let taken = if taken * 5 > self.columns * 2 { INDENT } else { taken.max(INDENT) };
        self.columns.saturating_sub(taken)
    }

    fn argument(&self, argument: Arg, place: &Place, room: usize) -> Arg {
        let none = FluentArgs::new();
        let Some(help) = place.argument(&argument).iter().find_map(|id| self.words.own(id, None, &none)) else { return argument };
        let mut told = vec![help];
        let mut add = |id: &str, value: String| {
            let values: FluentArgs<'_> = [("value", value)].into_iter().collect();
            told.extend(self.words.own(id, None, &values));
        };
        if let Some(name) = argument.get_env() {
            let value = std::env::var(name).unwrap_or_default();
            add("help-environment", format!("{}={value}", name.to_string_lossy()));
        }
        if argument.get_action().takes_values() {
            let usual: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
            if !usual.is_empty() {
                add("help-default", usual.join(" "));
            }
            let possible = argument.get_possible_values();
            if !possible.is_empty() {
                add("help-values", possible.iter().map(clap::builder::PossibleValue::get_name).collect::<Vec<_>>().join(", "));
            }
        }
        let hidden = argument.hide_env(true).hide_default_value(true).hide_possible_values(true);
        hidden.help(width::folded(&told.join(" "), room)).long_help(None)
    }

    /// What stands below the arguments. Its first and its last line are sentences, and what is between them is the machine's.
    fn after(&self, command: Command, place: &Place) -> Command {
        let Some(english) = command.get_after_long_help().map(StyledStr::to_string) else { return command };
        let lines: Vec<&str> = english.lines().collect();
        let middle = lines.get(1..lines.len().saturating_sub(1)).unwrap_or_default().join("\n");
        let values: FluentArgs<'_> = [("middle", middle)].into_iter().collect();
        match self.words.own(&place.about(), Some("after"), &values) {
            Some(text) => command.after_long_help(text),
            None => command,
        }
    }
}
