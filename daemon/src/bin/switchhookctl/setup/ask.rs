//! Questions on a terminal, or answered by lines.

use std::io::{BufRead, Write};

use anyhow::{Context, bail};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use switchhook::setup::{Answers, Given, Question};

use super::wording;
use crate::output::{line, shown};
use crate::words::say;

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
                ("", None) => line(&format!("  {}", say!("setup-say-something")))?,
                (typed, _) => return Ok(typed.to_owned()),
            }
        }
    }

    /// Whether they say yes.
    pub fn agrees(&mut self, question: &str, usual: bool) -> anyhow::Result<bool> {
        loop {
            let (yes, no) = (say!("yes"), say!("no"));
            let usual = if usual { &yes } else { &no };
            let said = self.says(&say!("setup-yes-or-no", question = question, yes = &yes, no = &no), Some(usual), false)?;
            match said.as_str() {
                "yes" | "y" => return Ok(true),
                "no" | "n" => return Ok(false),
                said if said == yes => return Ok(true),
                said if said == no => return Ok(false),
                _ => line(&format!("  {}", say!("setup-say-yes-or-no")))?,
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
        let said = person.says(&wording::asked(question, given), question.usual(answers, given).as_deref(), question.is_secret())?;
        let mut with = answers.clone();
        let wrong = match question.answer(&said, &mut with) {
            Ok(()) if is_whole(&with, question) => check(question, &with).err().map(|error| format!("{error:#}")),
            Ok(()) => None,
            Err(wrong) => Some(wording::wrong(&wrong)),
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
        bail!(say!("setup-nobody-answers"));
    }
    Ok(typed)
}

/// A terminal that does not show what is typed, until this is dropped.
struct Unseen(Termios);

impl Unseen {
    fn type_line() -> anyhow::Result<String> {
        let before = tcgetattr(std::io::stdin()).with_context(|| say!("terminal-unknown"))?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        tcsetattr(std::io::stdin(), OptionalActions::Flush, &quiet).with_context(|| say!("terminal-shows-what-is-typed"))?;
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
