//! What callers wanted in vain, and what a person makes of it: `switchhookctl scenario improve`.
//!
//! The robot groups what it did not understand and forgets nothing by being asked. A person decides what becomes knowledge, in which words, and
//! where: callers' own words may hold what is nobody else's business.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Serialize;
use switchhook::config::Bus;
use switchhook::control::api::RecordProxy;
use switchhook::dialog::Scenario;
use switchhook::dialog::knowledge::{with_passage, with_question};
use switchhook_models::Locale;
use switchhook_models::text::script::{Converter, Script};

use crate::disk;
use crate::house::{Link, Properties};
use crate::output::{Output, Tone, json, line, shown};
use crate::table::cell;
use crate::words::{columns, say};

/// The page that new passages are written to.
const NEW_PAGE: &str = "asked.md";
/// So many ways to say it are shown.
const MOST_SHOWN: usize = 3;

/// What several callers may have wanted.
#[derive(Debug, Serialize)]
struct Wanted {
    language: Locale,
    times: u32,
    said: Vec<String>,
    near: Vec<String>,
}

/// Show what callers wanted in vain, or ask for each what shall become of it.
pub fn improve(dir: &Path, days: u32, languages: &[Locale], accept: bool, bus: &Bus, output: Output) -> anyhow::Result<()> {
    let written = Scenario::languages(dir)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut all = runtime.block_on(ask(bus, days))?;
    all.retain(|wanted| languages.is_empty() || languages.contains(&wanted.language));
    if output.json {
        return json(&all);
    }
    if all.is_empty() {
        return line(&say!("improve-nothing"));
    }
    if accept {
        return decide(dir, &written, &all, &mut std::io::stdin().lock());
    }
    let mut table = output.table(columns(["times", "language", "callers-said", "nearest"]));
    for wanted in &all {
        table.row([
            cell(Tone::Strong, &wanted.times.to_string()),
            wanted.language.tag().into(),
            said(wanted).join("\n").into(),
            shown(&wanted.near.join(&say!("comma"))).into(),
        ]);
    }
    line(&table.to_string())
}

async fn ask(bus: &Bus, days: u32) -> anyhow::Result<Vec<Wanted>> {
    let link = Link::patient(bus).await?;
    let record = RecordProxy::new(&link.connection).await.map_err(|error| link.explain(error))?;
    let told = record.unanswered(days).await.map_err(|error| link.explain(error))?;
    told.iter().map(|fields| read(fields).with_context(|| say!("other-form"))).collect()
}

fn read(fields: &Properties) -> Option<Wanted> {
    let field = |name: &str| fields.get(name).cloned();
    Some(Wanted {
        language: String::try_from(field("language")?).ok()?.parse().ok()?,
        times: u32::try_from(field("times")?).ok()?,
        said: Vec::try_from(field("said")?).ok()?,
        near: Vec::try_from(field("near")?).ok()?,
    })
}

/// The most typical ways in which it was said.
fn said(wanted: &Wanted) -> Vec<String> {
    let mut lines: Vec<String> = wanted.said.iter().take(MOST_SHOWN).map(|said| shown(said)).collect();
    if wanted.said.len() > MOST_SHOWN {
        lines.push(say!("improve-more", more = wanted.said.len() - MOST_SHOWN));
    }
    lines
}

/// Go through them with a person, and write down what they accept.
fn decide(dir: &Path, written: &[Locale], all: &[Wanted], answers: &mut impl BufRead) -> anyhow::Result<()> {
    let mut accepted = 0;
    for (place, wanted) in all.iter().enumerate() {
        if !written.contains(&wanted.language) {
            continue;
        }
        let near: Vec<&str> = wanted.near.iter().map(String::as_str).filter(|near| near.contains('#')).collect();
        let (number, of, language) = (place + 1, all.len(), wanted.language.tag());
        line(&format!("\n{}", say!("improve-wanted", number = number, of = of, times = wanted.times, language = language)))?;
        for said in said(wanted) {
            line(&format!("  - {said}"))?;
        }
        for (number, near) in near.iter().enumerate() {
            line(&format!("  {}  {}", number + 1, say!("improve-answered-by", passage = shown(near))))?;
        }
        for (key, what) in [("n", say!("improve-key-new")), ("s", say!("improve-key-skip")), ("q", say!("improve-key-quit"))] {
            line(&format!("  {key}  {what}"))?;
        }
        let done = loop {
            let Some(choice) = question(&say!("improve-ask-what"), "s", answers)? else { return finish(dir, accepted) };
            match choice.as_str() {
                "s" => break false,
                "q" => return finish(dir, accepted),
                "n" => break new_passage(dir, wanted, answers)?,
                number => match number.parse::<usize>().ok().and_then(|number| near.get(number.checked_sub(1)?)) {
                    Some(source) => break another_question(dir, wanted, source, answers)?,
                    None => line(&format!("  {}", say!("improve-type-a-key")))?,
                },
            }
        };
        accepted += usize::from(done);
    }
    finish(dir, accepted)
}

fn finish(dir: &Path, accepted: usize) -> anyhow::Result<()> {
    if accepted == 0 {
        return line(&say!("nothing-written"));
    }
    line(&say!("improve-written", accepted = accepted, dir = dir))
}

/// Ask on the terminal; a line that is empty stands for `usual`. `None` if there is no more to be read.
fn question(text: &str, usual: &str, answers: &mut impl BufRead) -> anyhow::Result<Option<String>> {
    print!("{text} [{}] ", shown(usual));
    std::io::stdout().flush()?;
    let mut answer = String::new();
    if answers.read_line(&mut answer)? == 0 {
        return Ok(None);
    }
    let answer = answer.trim();
    Ok(Some(if answer.is_empty() { usual.to_owned() } else { answer.to_owned() }))
}

/// How callers ask, in words that may be written down: the most typical ones, or what the person types instead.
fn way_to_ask(wanted: &Wanted, answers: &mut impl BufRead) -> anyhow::Result<Option<String>> {
    let typical = wanted.said.first().map_or("", String::as_str);
    if typical.chars().any(|c| c.is_ascii_digit()) {
        line(&format!("  {}", say!("improve-digits")))?;
    }
    question(&say!("improve-ask-how"), typical, answers)
}

fn another_question(dir: &Path, wanted: &Wanted, source: &str, answers: &mut impl BufRead) -> anyhow::Result<bool> {
    let Some(asked) = way_to_ask(wanted, answers)? else { return Ok(false) };
    let Some((file, _)) = source.split_once('#') else { return Ok(false) };
    let pages = Pages::of(dir, wanted.language)?;
    pages.change(file, |page| with_question(page, &pages.written(source), &pages.written(&asked)))
}

fn new_passage(dir: &Path, wanted: &Wanted, answers: &mut impl BufRead) -> anyhow::Result<bool> {
    let Some(asked) = way_to_ask(wanted, answers)? else { return Ok(false) };
    let Some(title) = question(&say!("improve-ask-title"), "", answers)? else { return Ok(false) };
    let Some(answer) = question(&say!("improve-ask-answer"), "", answers)? else { return Ok(false) };
    let pages = Pages::of(dir, wanted.language)?;
    pages.change(NEW_PAGE, |page| with_passage(page, &pages.written(&title), &[pages.written(&asked)], &pages.written(&answer)))
}

/// Where a language's knowledge is written, and in which script.
struct Pages {
    dir: PathBuf,
    scenario: PathBuf,
    language: Locale,
    converter: Option<Converter>,
}

impl Pages {
    /// Mandarin that is written in one script serves the other too.
    fn of(dir: &Path, language: Locale) -> anyhow::Result<Self> {
        let folder = |locale: Locale| dir.join("knowledge").join(locale.tag());
        let same = |locale: &Locale| locale.language() == language.language();
        let written = std::iter::once(language).chain(Locale::ALL.into_iter().filter(same)).find(|&locale| folder(locale).is_dir());
        let written = written.unwrap_or(language);
        let converter = if written == language { None } else { written.script().map(Script::converter).transpose()? };
        Ok(Self { dir: folder(written), scenario: dir.to_owned(), language, converter })
    }

    /// As it is written here.
    fn written(&self, text: &str) -> String {
        self.converter.as_ref().map_or_else(|| text.to_owned(), |converter| converter.convert(text))
    }

    /// Write a page anew, and put it back if the scenario cannot be read then; whether it was changed.
    fn change(&self, file: &str, change: impl Fn(&str) -> Option<String>) -> anyhow::Result<bool> {
        let path = self.dir.join(file);
        let before = match std::fs::read_to_string(&path) {
            Ok(page) => Some(page),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(error).with_context(|| say!("cannot-read", path = path.as_path())),
        };
        let Some(after) = change(before.as_deref().unwrap_or_default()) else {
            line(&format!("  {}", say!("improve-not-written")))?;
            return Ok(false);
        };
        disk::write(&path, &after)?;
        let Err(error) = Scenario::load(&self.scenario, self.language) else {
            line(&format!("  {}", say!("improve-written-to", path = path.as_path())))?;
            return Ok(true);
        };
        match before {
            Some(before) => disk::write(&path, &before)?,
            None => std::fs::remove_file(&path)?,
        }
        bail!(say!("improve-left-as-it-was", path = path.as_path(), why = error.to_string()))
    }
}
