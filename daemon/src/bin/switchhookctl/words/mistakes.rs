//! What was typed and not understood. English is clap's own; in other languages the same is said by messages, in `zh-*.help.ftl`.

use std::error::Error as _;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};
use fluent_bundle::FluentArgs;

use super::Words;

/// What was not understood, or help.
pub struct Misunderstood {
    error: Error,
    /// As it is told instead of clap's own words.
    sentence: Option<String>,
}

impl Misunderstood {
    pub(super) fn new(error: Error, sentence: Option<String>) -> Self {
        Self { error, sentence }
    }

    /// Tell it.
    pub fn told(self) -> ExitCode {
        match &self.sentence {
            Some(sentence) => eprintln!("{sentence}"),
            // There is nobody to tell that nobody can be told.
            None => drop(self.error.print()),
        }
        ExitCode::from(u8::try_from(self.error.exit_code()).unwrap_or(2))
    }
}

impl Words {
    /// What clap did not understand; nothing if clap's own words must do, as for help.
    pub(super) fn mistake(&self, error: &Error, command: &Command) -> Option<String> {
        let mut told = vec![self.what_is_wrong(error)?];
        if error.kind() == ErrorKind::InvalidValue {
            let values = text(error, ContextKind::InvalidArg).map(|argument| possible_values(command, &argument)).unwrap_or_default();
            told.extend((!values.is_empty()).then(|| self.own_with("mistake-values", &[("values", &values.join(", "))])).flatten());
        }
        let similar = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
        if let Some(similar) = similar.into_iter().find_map(|kind| text(error, kind)) {
            told.extend(self.own_with("mistake-similar", &[("similar", &similar)]));
        }
        if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
            let usage = usage.to_string();
            let usage = format!("{} {}", self.own_with("heading-usage", &[])?, usage.trim_start_matches("Usage: "));
            told.push(format!("\n{usage}"));
        }
        told.push(format!("\n{}", self.own_with("mistake-help", &[])?));
        Some(told.join("\n"))
    }

    fn what_is_wrong(&self, error: &Error) -> Option<String> {
        let argument = text(error, ContextKind::InvalidArg).unwrap_or_default();
        let value = text(error, ContextKind::InvalidValue).unwrap_or_default();
        let command = text(error, ContextKind::InvalidSubcommand).unwrap_or_default();
        let why = error.source().map(ToString::to_string).unwrap_or_default();
        let other = text(error, ContextKind::PriorArg).unwrap_or_default();
        match error.kind() {
            ErrorKind::InvalidSubcommand => self.own_with("mistake-command", &[("command", &command)]),
            ErrorKind::UnknownArgument => self.own_with("mistake-argument", &[("argument", &argument)]),
            ErrorKind::InvalidValue if value.is_empty() => self.own_with("mistake-no-value", &[("argument", &argument)]),
            ErrorKind::InvalidValue => self.own_with("mistake-value", &[("argument", &argument), ("value", &value)]),
            // What a bus can be is our own sentence, and not clap's.
            ErrorKind::ValueValidation if argument.starts_with("--bus") => self.own_with("mistake-bus", &[("value", &value)]),
            ErrorKind::ValueValidation => self.own_with("mistake-value-why", &[("argument", &argument), ("value", &value), ("why", &why)]),
            ErrorKind::MissingRequiredArgument => self.own_with("mistake-missing", &[("arguments", &argument)]),
            ErrorKind::ArgumentConflict if argument == other => self.own_with("mistake-twice", &[("argument", &argument)]),
            ErrorKind::ArgumentConflict => self.own_with("mistake-conflict", &[("argument", &argument), ("other", &other)]),
            _ => None,
        }
    }

    fn own_with(&self, id: &str, values: &[(&'static str, &str)]) -> Option<String> {
        let values: FluentArgs<'_> = values.iter().map(|&(name, value)| (name, value.to_owned())).collect();
        self.own(id, None, &values)
    }
}

/// A part of what clap knows about it.
fn text(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        _ => None,
    }
}

/// What an argument may be, wherever it is.
fn possible_values(command: &Command, argument: &str) -> Vec<String> {
    let here = command.get_arguments().find(|known| known.to_string() == argument);
    let values = here.map(|known| known.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect());
    values
        .or_else(|| command.get_subcommands().map(|verb| possible_values(verb, argument)).find(|found| !found.is_empty()))
        .unwrap_or_default()
}
