//! Questions on a terminal, or answered by lines.

use std::io::{BufRead, Write};

use anyhow::{Context, bail};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use switchhook::setup::{Answers, Given, Question};

use crate::output::{line, shown};

/// Whoever is asked.
pub struct Person {
    at_a_terminal: bool,
}

impl Person {
    /// Whoever types into standard input.
    pub fn here(at_a_terminal: bool) -> Self {
        Self { at_a_terminal }
    }

    /// What they type, or what is usual; asked again until there is something.
    fn says(&mut self, text: &str, usual: Option<&str>, secretly: bool) -> anyhow::Result<String> {
        loop {
            let brackets = usual.map(|usual| format!(" [{}]", shown(usual))).unwrap_or_default();
            print!("{}{brackets} ", shown(text));
            std::io::stdout().flush()?;
            let typed = if secretly && self.at_a_terminal { Unseen::type_line()? } else { typed()? };
            match (typed.trim(), usual) {
                ("", Some(usual)) => return Ok(usual.to_owned()),
                ("", None) => line("  Somebody has to say that.")?,
                (typed, _) => return Ok(typed.to_owned()),
            }
        }
    }

    /// Whether they say yes.
    pub fn agrees(&mut self, question: &str, usual: bool) -> anyhow::Result<bool> {
        loop {
            let said = self.says(&format!("{question} (yes, no)"), Some(if usual { "yes" } else { "no" }), false)?;
            match said.as_str() {
                "yes" | "y" => return Ok(true),
                "no" | "n" => return Ok(false),
                _ => line("  Say yes or no.")?,
            }
        }
    }
}

/// Ask all that is not answered; an answer that cannot be is asked for again, with the reason.
pub fn all(
    person: &mut Person,
    answers: &mut Answers,
    given: &Given,
    check: impl Fn(Question, &Answers) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    while let Some(question) = Question::next(answers) {
        let said = person.says(&question.text(given), question.usual(answers, given).as_deref(), question.is_secret())?;
        let mut with = answers.clone();
        let wrong = match question.answer(&said, &mut with) {
            Ok(()) if is_whole(&with, question) => check(question, &with).err().map(|error| format!("{error:#}")),
            Ok(()) => None,
            Err(wrong) => Some(wrong),
        };
        match wrong {
            Some(wrong) => line(&format!("  {}", shown(&wrong)))?,
            None => *answers = with,
        }
    }
    Ok(())
}

/// Whether what was answered so far makes a configuration: a registration does only with its account, and nothing does without the office's name.
fn is_whole(answers: &Answers, question: Question) -> bool {
    let before_the_account = matches!(Question::next(answers), Some(Question::Registrar | Question::User | Question::Device));
    answers.office.is_some() && !before_the_account && question != Question::Line
}

fn typed() -> anyhow::Result<String> {
    let mut typed = String::new();
    if std::io::stdin().lock().read_line(&mut typed)? == 0 {
        bail!("nobody answers any more; what was not written yet is not written");
    }
    Ok(typed)
}

/// A terminal that does not show what is typed, until this is dropped.
struct Unseen(Termios);

impl Unseen {
    fn type_line() -> anyhow::Result<String> {
        let before = tcgetattr(std::io::stdin()).context("the terminal does not say how it is")?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        tcsetattr(std::io::stdin(), OptionalActions::Flush, &quiet).context("the terminal cannot be kept from showing what is typed")?;
        let _restored = Self(before);
        let typed = typed();
        line("")?;
        typed
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        // There is nobody to tell but whoever sees it.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Flush, &self.0);
    }
}
