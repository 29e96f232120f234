//! `switchhookctl setup`: a first configuration, from questions to a call. What is asked and written is the library's matter ([`switchhook::setup`]); here are
//! the terminal ([`ask`]), the machine and its files ([`place`]), and what comes after them ([`after`]).

mod after;
mod ask;
mod place;
mod wording;

use std::io::{IsTerminal, Read};
use std::path::PathBuf;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use serde_json::json;
use switchhook::config::Bus;
use switchhook::setup::{Answers, FILE, Files, Given, Question};

use self::ask::Person;
use self::place::Place;
use crate::config::ConfigFile;
use crate::output::{Output, json as write_json, line, shown, told};
use crate::words::say;

/// No file of answers is larger.
const LARGEST: u64 = 64 << 10;

const HELP: &str = "\
A file of answers is TOML; what it does not say is as usual, or as it is configured:

  language = \"en\"                # en, zh-TW, zh-CN
  other_languages = [\"zh-TW\"]    # none
  office = \"Northgate Branch Office\"
  scenario = \"reception\"         # or a folder
  profile = \"standard\"           # tiny, standard, large: by the board's memory
  line = \"register\"              # register, peer, handset, keep
  registrar = \"sip:pbx.office\"   # for register: with user and password
  user = \"robot\"
  password = \"secret\"
  peers = [\"192.0.2.0/24\"]       # for peer: who may call
  device = \"plughw:CARD=Handset\" # for handset
  person = \"the front desk\"      # whom calls are handed to, and where
  address = \"sip:100@pbx.office\"
  fetch = true                   # the models that this needs
  start = true                   # the robot
  test_call = true               # wait for a call then, and show it

`--schema` writes its JSON Schema. Without --answers the questions are put on the terminal, or answered by the lines of standard input.";

/// How it is set up.
#[derive(Args)]
#[command(after_long_help = HELP)]
pub struct Setup {
    /// Answers from a file instead of a person; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Write the JSON Schema of such a file, and go.
    #[arg(long, conflicts_with_all = ["answers", "replace"])]
    schema: bool,
    /// What was written by an earlier run may be replaced.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    file: ConfigFile,
    /// The folder of secrets that systemd hands over.
    #[arg(long, value_name = "DIR", default_value = "/etc/switchhook/credentials")]
    credentials: PathBuf,
    /// The folder of the service's drop-ins.
    #[arg(long, value_name = "DIR", default_value = "/etc/systemd/system/switchhook.service.d")]
    drop_ins: PathBuf,
}

pub fn run(setup: &Setup, bus: &Bus, output: Output) -> anyhow::Result<()> {
    if setup.schema {
        return write_json(&schemars::schema_for!(Answers));
    }
    let place = Place { config: setup.file.config.clone(), credentials: setup.credentials.clone(), drop_ins: setup.drop_ins.clone() };
    let given = place::look(&place);
    match &setup.answers {
        Some(path) => by_script(&read(path)?, setup, &place, &given, bus, output),
        None => by_person(setup, &place, &given, bus, output),
    }
}

fn read(path: &PathBuf) -> anyhow::Result<Answers> {
    let mut text = String::new();
    let from: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(path).with_context(|| say!("cannot-read", path = path.as_path()))?)
    };
    let read = from.take(LARGEST + 1).read_to_string(&mut text).with_context(|| say!("cannot-read", path = path.as_path()))?;
    if read as u64 > LARGEST {
        bail!(say!("setup-answers-too-large", path = path.as_path(), kilobytes = LARGEST >> 10));
    }
    Answers::parse(&text).map_err(|wrong| anyhow!(say!("setup-answers-wrong", path = path.as_path(), wrong = wrong)))
}

fn by_script(answers: &Answers, setup: &Setup, place: &Place, given: &Given, bus: &Bus, output: Output) -> anyhow::Result<()> {
    let (fetch, start, test_call) = (answers.fetch, answers.start, answers.test_call);
    let answers = answers.clone().completed(given).map_err(|missing| anyhow!(wording::missing(&missing, given)))?;
    let before = place.before()?;
    let files = Files::of(&answers, before.as_ref());
    let notes = place.check(&files)?;
    if place.differs(&files)? && !setup.replace {
        bail!(say!("setup-says-otherwise", path = place.file().as_path()));
    }
    let written = place.write(&files)?;
    if fetch == Some(true) {
        after::fetch(&answers, place)?;
    }
    if start == Some(true) {
        after::start()?;
    }
    let written: Vec<_> = written.iter().map(|path| path.display().to_string()).collect();
    let sentence = if written.is_empty() { say!("setup-nothing-to-write") } else { say!("written", files = written.join(&say!("comma"))) };
    told(output, &json!({"done": true, "written": written, "notes": notes}), &sentence)?;
    if test_call == Some(true) { after::test_call(bus, output) } else { Ok(()) }
}

fn by_person(setup: &Setup, place: &Place, given: &Given, bus: &Bus, output: Output) -> anyhow::Result<()> {
    if output.json {
        bail!(say!("setup-no-json"));
    }
    let mut person = Person::here(std::io::stdin().is_terminal());
    line(&say!("setup-begin"))?;
    let before = place.before()?;
    let mut answers = Answers::default();
    ask::all(&mut person, &mut answers, given, |question, answers| {
        let files = Files::of(answers, before.as_ref());
        // The scenario is read when it is known which.
        if question == Question::Scenario { place.check(&files).map(drop) } else { place.config(&files).map(drop) }
    })?;
    let files = Files::of(&answers, before.as_ref());
    let notes = place.check(&files)?;
    for text in [place::needs(&answers, given)?].iter().chain(&notes) {
        line(&say!("note", note = shown(text)))?;
    }
    line(&shown(&files.config).replace('\u{fffd}', "\n"))?;
    let replaces = !setup.replace && place.differs(&files)?;
    let question = if replaces { say!("setup-ask-replace", file = FILE) } else { say!("setup-ask-write", file = FILE) };
    if !person.agrees(&question, true)? {
        return line(&say!("nothing-written"));
    }
    for path in place.write(&files)? {
        line(&say!("written", files = path.as_path()))?;
    }
    line(&say!("configuration-sound"))?;
    if person.agrees(&say!("setup-ask-fetch"), true)? {
        after::fetch(&answers, place)?;
    }
    if !person.agrees(&say!("setup-ask-start"), true)? {
        return line(&say!("setup-how-to-start"));
    }
    after::start()?;
    if person.agrees(&say!("setup-ask-test-call"), true)? { after::test_call(bus, output) } else { Ok(()) }
}
