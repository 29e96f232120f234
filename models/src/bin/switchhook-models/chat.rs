//! `chat`: talk to the language model.

use std::fs::File;
use std::io::{BufRead, IsTerminal, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use serde::Serialize;
use switchhook_models::catalog::{Store, Task};
use switchhook_models::llm::{Constraint, Finish, Generate, LanguageModel, Message, Role};
use switchhook_models::{Cancel, Error, Locale, Result, open};

use crate::Done;
use crate::output::Output;

/// No more bytes than this are read of a prompt or a schema.
const LONGEST: u64 = 1 << 20;

#[derive(Debug, Args)]
pub struct Arguments {
    /// What to say; without it, lines are read from the terminal, or all of standard input
    #[arg(value_name = "PROMPT")]
    prompt: Option<String>,
    /// Instructions to the model
    #[arg(long, value_name = "TEXT")]
    system: Option<String>,
    /// No longer answers than this
    #[arg(long, value_name = "TOKENS", default_value_t = 256)]
    max_tokens: usize,
    /// 0 always takes the likeliest word; 1 is free
    #[arg(long, value_name = "T", default_value_t = 0.0, value_parser = temperature)]
    temperature: f32,
    /// For the same answer again at a temperature above 0
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Which language model [default: the standard profile's]
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Answer in JSON that fits the JSON Schema in this file
    #[arg(long, value_name = "FILE", group = "bound")]
    schema: Option<PathBuf>,
    /// Answer with one of these texts (may be given several times)
    #[arg(long, value_name = "TEXT", group = "bound")]
    one_of: Vec<String>,
    /// Answer with a text that matches this regular expression
    #[arg(long, value_name = "EXPRESSION", group = "bound")]
    regex: Option<String>,
}

impl Arguments {
    /// What the answers must look like, if anything is asked of them.
    fn constraint(&self) -> Result<Option<Constraint>> {
        if let Some(path) = &self.schema {
            let mut text = String::new();
            let file = File::open(path).map_err(Error::io(path))?;
            file.take(LONGEST).read_to_string(&mut text).map_err(Error::io(path))?;
            return Constraint::schema(&text).map(Some);
        }
        if let Some(expression) = &self.regex {
            return Ok(Some(Constraint::Regex(expression.clone())));
        }
        Ok((!self.one_of.is_empty()).then(|| Constraint::OneOf(self.one_of.clone())))
    }
}

#[derive(Serialize)]
struct Report {
    text: String,
    finish: &'static str,
    seconds: f64,
    first_text_seconds: f64,
}

pub fn run(store: &Store, arguments: &Arguments, output: &mut Output) -> Result<Done> {
    let model = arguments.model.clone().map_or_else(|| open::default_model(store, Task::LanguageModel, Locale::En), Ok)?;
    let mut model = open::language_model(store, &model)?;
    let options = Generate {
        max_tokens: arguments.max_tokens,
        temperature: arguments.temperature,
        seed: arguments.seed,
        constraint: arguments.constraint()?,
    };
    let start: Vec<Message> = arguments.system.iter().map(|text| Message::new(Role::System, text.as_str())).collect();
    let prompt = match &arguments.prompt {
        Some(prompt) => Some(prompt.clone()),
        None if std::io::stdin().is_terminal() => None,
        None => Some(all_of_stdin()?),
    };
    match prompt {
        Some(prompt) => {
            let mut chat = start;
            chat.push(Message::new(Role::User, prompt));
            answer(model.as_mut(), &chat, &options, output)?;
        }
        None => converse(model.as_mut(), &start, &options, output)?,
    }
    Ok(Done::All)
}

/// Line by line until the end of the input. A chat that has grown too long for the model begins anew.
fn converse(model: &mut dyn LanguageModel, start: &[Message], options: &Generate, output: &mut Output) -> Result<()> {
    let mut chat = start.to_vec();
    let mut lines = std::io::stdin().lock().lines();
    loop {
        if !output.is_json() {
            output.piece("> ")?;
        }
        let Some(line) = lines.next() else { return output.piece("\n") };
        let line = line.map_err(Error::io("standard input"))?;
        if line.trim().is_empty() {
            continue;
        }
        chat.push(Message::new(Role::User, line));
        match answer(model, &chat, options, output) {
            Ok(text) => chat.push(Message::new(Role::Assistant, text)),
            Err(Error::Input(why)) => {
                eprintln!("switchhook-models: {why}; the chat begins anew");
                chat = start.to_vec();
            }
            Err(other) => return Err(other),
        }
    }
}

/// Answer once. For people the words appear as they come.
fn answer(model: &mut dyn LanguageModel, chat: &[Message], options: &Generate, output: &mut Output) -> Result<String> {
    let started = Instant::now();
    let mut first = None;
    let mut text = String::new();
    let mut shown = Ok(());
    let finish = model.generate(chat, options, &Cancel::new(), &mut |piece| {
        first.get_or_insert_with(|| started.elapsed());
        text.push_str(piece);
        if !output.is_json() {
            shown = output.piece(piece);
        }
        if shown.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    shown?;
    let seconds = started.elapsed();
    let finish = match finish {
        Finish::EndOfTurn => "end-of-turn",
        Finish::Length => "length",
        Finish::Stopped => "stopped",
    };
    let first_text_seconds = first.unwrap_or(seconds).as_secs_f64();
    output.result(&Report { text: text.clone(), finish, seconds: seconds.as_secs_f64(), first_text_seconds }, String::new)?;
    Ok(text)
}

fn all_of_stdin() -> Result<String> {
    let mut text = String::new();
    std::io::stdin().take(LONGEST).read_to_string(&mut text).map_err(Error::io("standard input"))?;
    Ok(text)
}

fn temperature(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|t| (0.0..=2.0).contains(t)).ok_or_else(|| "use a number from 0 to 2".to_owned())
}
