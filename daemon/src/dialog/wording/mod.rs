//! What the robot says, in Fluent (projectfluent.org): one file per language, so that word order, plurals and politeness are the writer's matter and no code's.
//!
//! Every robot has its manners (`manners/*.ftl`, compiled in): how it asks again, passes a call on, reads a message back. A scenario's
//! `lang/<tag>.ftl` adds its own messages and says any of those differently, by the same name. Both are tried when the scenario is read: a message that
//! does not parse, or uses a variable that it is not given, is an error with its file and line, and never a caller's.

mod line;
mod problem;
mod templates;
mod unsaid;

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
use switchhook_models::Locale;

pub use line::{Ladder, Line};
pub use problem::Problem;
use problem::at_line;

/// One language's messages.
pub struct Wording {
    bundle: FluentBundle<FluentResource>,
    /// As they are written: the manners, and the scenario's own.
    texts: [String; 2],
    /// Where the scenario's own are written, within its folder.
    file: String,
}

impl std::fmt::Debug for Wording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wording").field("locales", &self.bundle.locales).finish_non_exhaustive()
    }
}

impl Wording {
    /// The manners of a language, with `own` messages of a scenario's over them.
    ///
    /// # Errors
    /// Names the line of `own` that is no Fluent, and the message of it that cannot be said.
    pub fn new(locale: Locale, own: &str) -> Result<Self, Problem> {
        let mut bundle = FluentBundle::new_concurrent(locale.tag().parse().into_iter().collect());
        // Callers hear no marks of direction, and a voice might stumble over them.
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource(manners(locale))?);
        bundle.add_resource_overriding(resource(own)?);
        let wording = Self { bundle, texts: [manners(locale).to_owned(), own.to_owned()], file: format!("lang/{}.ftl", locale.tag()) };
        wording.check(own)?;
        Ok(wording)
    }

    /// The same, whose own messages are written in this file of the scenario's folder: Mandarin may be written in the other script's.
    #[must_use]
    pub fn written_in(self, file: String) -> Self {
        Self { file, ..self }
    }

    /// What is said for `line`, which needs no values.
    #[must_use]
    pub fn line(&self, line: Line) -> String {
        self.with(line, &[])
    }

    /// What is said for `line`, with values for its variables.
    #[must_use]
    pub fn with(&self, line: Line, values: &[(&str, &str)]) -> String {
        // Whether it is there and can be said was checked when it was read.
        self.said(line.id(), None, values).map(|(text, _)| text).unwrap_or_default()
    }

    /// The steps of a ladder: each time, what is said differently.
    #[must_use]
    pub fn ladder(&self, ladder: Ladder) -> Vec<String> {
        let steps = std::iter::once(None).chain(Ladder::STEPS.map(Some));
        steps.map_while(|step| self.said(ladder.id(), step, &[])).map(|(text, _)| text).collect()
    }

    /// Every line and every step of a ladder that is the same in each call.
    #[must_use]
    pub fn fixed(&self) -> Vec<String> {
        let lines = Line::ALL.into_iter().filter(|line| line.variables().is_empty() && line.is_said()).map(|line| self.line(line));
        lines.chain(Ladder::ALL.into_iter().flat_map(|ladder| self.ladder(ladder))).collect()
    }

    /// What a scenario's own message says, with values for its variables; nothing if there is none of that name.
    #[must_use]
    pub fn own(&self, id: &str, values: &[(&str, &str)]) -> Option<String> {
        self.said(id, None, values).map(|(text, _)| text)
    }

    /// What a scenario's own message says when it is said for the second, third or fourth time (`round` 1 to 3), if it says that otherwise.
    #[must_use]
    pub fn otherwise(&self, id: &str, round: usize, values: &[(&str, &str)]) -> Option<String> {
        let step = Ladder::STEPS.get(round.checked_sub(1)?)?;
        self.said(id, Some(step), values).map(|(text, _)| text)
    }

    /// Whether a scenario's own message is there and needs no other variables than these.
    ///
    /// # Errors
    /// Says what is missing.
    pub fn can_say(&self, id: &str, variables: &[String]) -> Result<(), String> {
        let values: Vec<(&str, &str)> = variables.iter().map(|name| (name.as_str(), "x")).collect();
        let Some((_, errors)) = self.said(id, None, &values) else {
            return Err(format!("there is no message `{id}`; write it in {}", self.file));
        };
        let Some(error) = errors.first() else { return Ok(()) };
        let [_, own] = &self.texts;
        let place = at_line(own, id).map_or_else(|| self.file.clone(), |line| format!("{}:{line}", self.file));
        Err(format!("the message `{id}` in {place} cannot be said: {error}; it may use the slots: {}", variables.join(", ")))
    }

    fn said(&self, id: &str, attribute: Option<&str>, values: &[(&str, &str)]) -> Option<(String, Vec<FluentError>)> {
        let message = self.bundle.get_message(id)?;
        let pattern = match attribute {
            None => message.value()?,
            Some(name) => message.get_attribute(name)?.value(),
        };
        let args: FluentArgs<'_> =
            values.iter().map(|&(name, value)| (Cow::Borrowed(name), FluentValue::String(Cow::Borrowed(value)))).collect();
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&args), &mut errors);
        // A message that is written over several lines is one sentence.
        Some((text.split_whitespace().collect::<Vec<_>>().join(" "), errors))
    }

    fn check(&self, own: &str) -> Result<(), Problem> {
        for line in Line::ALL {
            let values: Vec<(&str, &str)> = line.variables().iter().map(|&name| (name, "x")).collect();
            let place = || at_line(own, line.id());
            let Some((text, errors)) = self.said(line.id(), None, &values) else {
                return Err(Problem { line: place(), what: format!("the message `{}` has no text", line.id()) });
            };
            if let Some(error) = errors.first() {
                let known = line.variables().iter().map(|name| format!("{{ ${name} }}")).collect::<Vec<_>>().join(", ");
                let may = if known.is_empty() { "it has no variables".to_owned() } else { format!("it may use {known}") };
                return Err(Problem { line: place(), what: format!("the message `{}` cannot be said: {error}; {may}", line.id()) });
            }
            if text.is_empty() {
                return Err(Problem { line: place(), what: format!("the message `{}` is empty", line.id()) });
            }
        }
        Ok(())
    }
}

fn resource(text: &str) -> Result<FluentResource, Problem> {
    FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| match errors.first() {
        Some(error) => Problem::in_text(text, error.pos.start, format!("this is no Fluent: {}", error.kind)),
        None => Problem { line: None, what: "this is no Fluent".into() },
    })
}

fn manners(locale: Locale) -> &'static str {
    match locale {
        Locale::En => include_str!("../../../manners/en.ftl"),
        Locale::ZhTw => include_str!("../../../manners/zh-TW.ftl"),
        Locale::ZhCn => include_str!("../../../manners/zh-CN.ftl"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const EVERY: [Locale; 3] = [Locale::En, Locale::ZhTw, Locale::ZhCn];

    #[test]
    fn every_language_has_manners_for_every_line_and_ladder() {
        for locale in EVERY {
            let wording = Wording::new(locale, "").unwrap();
            for ladder in Ladder::ALL {
                assert!(!wording.ladder(ladder).is_empty(), "{locale}: {ladder:?}");
            }
        }
    }

    #[test]
    fn a_scenario_says_a_line_its_own_way_and_leaves_the_others() {
        let wording = Wording::new(Locale::En, "greeting = Welcome to\n    the clinic.\n").unwrap();
        assert_eq!(wording.line(Line::Greeting), "Welcome to the clinic.");
        assert_eq!(wording.with(Line::Transfer, &[("person", "Maria")]), "I am calling Maria for you. One moment, please.");
    }

    #[test]
    fn a_ladder_has_as_many_steps_as_were_written() {
        let own = "not-understood = Sorry?\n    .second = Pardon?\n    .third = Please press a key.\n";
        assert_eq!(Wording::new(Locale::En, own).unwrap().ladder(Ladder::NotUnderstood), ["Sorry?", "Pardon?", "Please press a key."]);
    }

    #[test]
    fn a_variable_that_is_not_given_is_told_with_its_line_and_what_there_is() {
        let problem = Wording::new(Locale::En, "# mine\ntransfer = I get { $whom }.\n").unwrap_err();
        assert_eq!(problem.line, Some(2));
        assert!(problem.what.contains("`transfer`") && problem.what.contains("{ $person }"), "{problem:?}");
    }

    #[test]
    fn what_is_no_fluent_is_told_with_its_line() {
        assert_eq!(Wording::new(Locale::En, "greeting = Hello\nmore =\n").unwrap_err().line, Some(2));
    }

    proptest::proptest! {
        #[test]
        fn no_file_is_too_odd(text in "(?s).{0,200}") {
            let _ = Wording::new(Locale::En, &text);
        }
    }
}
