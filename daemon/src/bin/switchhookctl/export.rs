//! `switchhookctl export`: everything on record of calls, as lines of JSON, into a file that its owner alone may read.

use std::io::{Stdout, Write as _, stdout};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Zoned};
use serde_json::json;
use switchhook::control::api::RecordProxy;
use tokio::io::AsyncReadExt as _;
use tokio::net::unix::pipe;

use super::disk::Unfinished;
use super::house::Link;
use super::job;
use super::output::{Output, shown, told};
use super::words::say;

/// Standard output, where a file is named.
const STDOUT: &str = "-";
/// What is read at once: what a pipe holds.
const GULP: usize = 64 * 1024;

/// Of which calls, and where to.
#[derive(Args)]
pub struct Export {
    /// The file to write, which its owner alone may read; without it, one in this folder that is named after the hour; `-` is standard output.
    #[arg(value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// Of the calls with this number alone, with its country's and area's number as the network tells it; spaces do not matter.
    #[arg(long)]
    pub number: Option<String>,
    /// Of those that began on this day, or at this time, or later.
    #[arg(long, value_name = "DAY|TIME", value_parser = since)]
    pub since: Option<Timestamp>,
    /// Of those that began until the end of this day, or before this time.
    #[arg(long, value_name = "DAY|TIME", value_parser = until)]
    pub until: Option<Timestamp>,
}

/// Where it goes.
enum Sink {
    File(Unfinished),
    Stdout(Stdout),
}

impl Sink {
    fn open(to: &Path) -> anyhow::Result<Self> {
        if to == Path::new(STDOUT) {
            return Ok(Self::Stdout(stdout()));
        }
        if to.exists() {
            bail!(say!("bundle-is-there", path = to));
        }
        Ok(Self::File(Unfinished::begin(to)?))
    }

    fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        match self {
            Self::File(file) => file.write(bytes),
            Self::Stdout(out) => out.write_all(bytes).with_context(|| say!("cannot-write", path = STDOUT)),
        }
    }
}

/// Have them handed out, and write them down.
pub async fn export(link: &Link, output: Output, wanted: &Export) -> anyhow::Result<()> {
    let file = || PathBuf::from(format!("switchhook-records-{}.jsonl", Zoned::now().strftime("%Y%m%d-%H%M%S")));
    let to = wanted.to.clone().unwrap_or_else(file);
    // Before it is put on record that somebody had them.
    let mut sink = Sink::open(&to)?;
    let record = RecordProxy::new(&link.connection).await.map_err(|error| link.explain(error))?;
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let number = wanted.number.as_deref().unwrap_or_default();
    let (job, calls) = record.export(number, &time(wanted.since), &time(wanted.until)).await.map_err(|error| link.explain(error))?;
    let mut calls = pipe::Receiver::from_owned_fd(calls.into()).with_context(|| say!("export-no-pipe"))?;
    let read = async {
        let mut gulp = vec![0; GULP];
        loop {
            match calls.read(&mut gulp).await.with_context(|| say!("export-no-pipe"))? {
                0 => return Ok(()),
                n => sink.write(&gulp[..n])?,
            }
        }
    };
    // Whoever has had enough leaves nothing half behind: what is not finished goes.
    let row = tokio::select! {
        both = async { tokio::try_join!(read, job::follow(link, output, job.as_str())) } => both?.1.sound()?,
        stopped = tokio::signal::ctrl_c() => {
            stopped?;
            bail!(say!("export-stopped"));
        }
    };
    let calls = row.result["calls"].as_u64().unwrap_or_default();
    match sink {
        Sink::Stdout(_) => Ok(()),
        Sink::File(_) if calls == 0 => told(output, &json!({ "done": true, "calls": 0 }), &say!("export-nothing")),
        Sink::File(file) => {
            file.finish()?;
            let sentence = say!("export-written", calls = calls, path = shown(&to.display().to_string()));
            told(output, &json!({ "done": true, "path": to, "calls": calls }), &sentence)
        }
    }
}

/// A time, or the day that begins then, where this machine stands.
fn since(text: &str) -> Result<Timestamp, String> {
    moment(text, &TimeZone::system(), false)
}

/// A time, or the day that ends then.
fn until(text: &str) -> Result<Timestamp, String> {
    moment(text, &TimeZone::system(), true)
}

fn moment(text: &str, here: &TimeZone, end: bool) -> Result<Timestamp, String> {
    let day = |day: Date| {
        let day = if end { day.checked_add(1.day()) } else { Ok(day) };
        day.and_then(|day| day.to_zoned(here.clone())).map(|at| at.timestamp())
    };
    let read = text.parse::<Timestamp>().or_else(|_| text.parse::<Date>().and_then(day));
    read.map_err(|_| "write a day such as 2026-03-01, or a time such as 2026-03-01T08:00:00+08:00".into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_day_is_whole_and_a_time_is_that_moment() {
        let taipei = TimeZone::get("Asia/Taipei").unwrap();
        let read = |text, end| moment(text, &taipei, end).map(|at| at.to_string());
        assert_eq!(read("2026-03-01", false), Ok("2026-02-28T16:00:00Z".into()));
        assert_eq!(read("2026-03-01", true), Ok("2026-03-01T16:00:00Z".into()));
        for end in [false, true] {
            assert_eq!(read("2026-03-01T08:00:00+08:00", end), Ok("2026-03-01T00:00:00Z".into()));
            assert!(read("last week", end).unwrap_err().contains("2026-03-01"));
        }
        assert!(read("9999-12-31", true).is_err());
    }
}
