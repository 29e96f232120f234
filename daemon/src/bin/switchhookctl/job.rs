//! `switchhookctl jobs` and `switchhookctl job`: long work that the robot does for an admin, and how others wait for it.

use std::cell::Cell;
use std::io::IsTerminal;

use anyhow::{Context, anyhow, bail};
use clap::{Args, Subcommand};
use futures_util::StreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::Value;
use switchhook::control::api::{self, JobProxy};
use zbus::fdo::{DBusProxy, PropertiesProxy};
use zbus::names::InterfaceName;
use zbus::{MatchRule, MessageStream, message};

use super::house::{Link, Properties, json_dict, text};
use super::output::{Output, Tone, done, json, line, moment, shown, told};
use super::table::cell;
use super::words::{Term, columns, say};

#[derive(Subcommand)]
pub enum JobVerb {
    /// Show how far it is, until it is over.
    Wait { number: u32 },
    /// Ask it to stop, which it does at its next safe point.
    Cancel { number: u32 },
}

/// Whether to wait for a job.
#[derive(Args)]
pub struct Waiting {
    /// Wait until it is done, which is what is done if nothing is said.
    #[arg(long, overrides_with = "no_wait")]
    pub wait: bool,
    /// Begin it, and do not wait; `switchhookctl jobs` shows how far it is.
    #[arg(long, overrides_with = "wait")]
    pub no_wait: bool,
}

/// A job.
#[derive(Clone, Debug, Serialize)]
pub struct JobRow {
    pub job: u64,
    pub kind: String,
    pub subject: String,
    pub begun: String,
    pub state: String,
    /// From 0 to 1; absent while that cannot be said.
    pub progress: Option<f64>,
    pub message: String,
    pub result: Value,
}

impl JobRow {
    pub fn read(properties: &Properties) -> Self {
        let all = json_dict(properties);
        let get = |name: &str| all.get(name).cloned().unwrap_or_default();
        Self {
            job: get("Number").as_u64().unwrap_or_default(),
            kind: text(properties, "Kind"),
            subject: text(properties, "Subject"),
            begun: text(properties, "Begun"),
            state: text(properties, "State"),
            progress: get("Progress").as_f64().filter(|progress| *progress >= 0.0),
            message: text(properties, "Message"),
            result: get("Result"),
        }
    }

    /// The job itself if it came to its end.
    pub fn sound(self) -> anyhow::Result<Self> {
        match self.state.as_str() {
            // What is wrong may be several things, a line for each.
            "failed" => bail!("{}", self.message.lines().map(shown).collect::<Vec<_>>().join("\n")),
            "cancelled" => bail!(say!("job-was-cancelled", number = self.job)),
            _ => Ok(self),
        }
    }

    fn percent(&self) -> Option<u64> {
        self.progress.map(|progress| (progress * 100.0) as u64)
    }
}

pub async fn list(link: &Link, output: Output) -> anyhow::Result<()> {
    let jobs = link.house().await?.jobs;
    if output.json {
        return json(&jobs);
    }
    if jobs.is_empty() {
        return line(&say!("no-jobs"));
    }
    let mut table = output.table(columns(["job", "what", "", "state", "done", "begun", ""]));
    for row in &jobs {
        let tone = match row.state.as_str() {
            "done" => Tone::Good,
            "failed" => Tone::Bad,
            "cancelled" => Tone::Quiet,
            _ => Tone::Busy,
        };
        table.row([
            cell(Tone::Strong, &row.job.to_string()),
            shown(&Term::JobKind.said(&row.kind)).into(),
            shown(&row.subject).into(),
            cell(tone, &Term::JobState.said(&row.state)),
            row.percent().map(|percent| format!("{percent} %")).unwrap_or_default().into(),
            moment(&row.begun).into(),
            shown(&row.message).into(),
        ]);
    }
    line(&table.to_string())
}

pub async fn direct(verb: &JobVerb, link: &Link, output: Output) -> anyhow::Result<()> {
    match verb {
        JobVerb::Wait { number } => wait(link, output, *number).await,
        JobVerb::Cancel { number } => cancel(link, output, *number).await,
    }
}

async fn cancel(link: &Link, output: Output, number: u32) -> anyhow::Result<()> {
    let job = JobProxy::builder(&link.connection).path(path_of(number)).build().await?;
    job.cancel().await.map_err(|error| link.explain(error))?;
    done(output)
}

async fn wait(link: &Link, output: Output, number: u32) -> anyhow::Result<()> {
    let row = follow(link, output, &path_of(number)).await?.sound()?;
    if output.json { json(&row) } else { Ok(()) }
}

fn path_of(number: u32) -> String {
    api::object_path("job", &number.to_string())
}

/// What is seen of a job now.
pub async fn look(link: &Link, path: &str) -> anyhow::Result<JobRow> {
    let object = PropertiesProxy::builder(&link.connection).destination(api::BUS_NAME).path(path.to_owned()).build().await?;
    let seen = object.get_all(InterfaceName::try_from(api::JOB)?).await;
    Ok(JobRow::read(&seen.map_err(|error| link.explain(error.into()))?))
}

/// Say that it began, to whoever does not wait.
pub async fn told_as_begun(link: &Link, output: Output, path: &str) -> anyhow::Result<()> {
    let row = look(link, path).await?;
    told(output, &row, &say!("job-began", number = row.job))
}

/// Show how far a job comes until it is over, and what is seen of it then. Whoever goes away leaves it at work.
pub async fn follow(link: &Link, output: Output, path: &str) -> anyhow::Result<JobRow> {
    // Listening first and looking second misses nothing.
    let rule = MatchRule::builder().msg_type(message::Type::Signal).sender(api::BUS_NAME).path(path.to_owned()).build()?;
    let mut signals = MessageStream::for_match_rule(rule, &link.connection, None).await?;
    let bus = DBusProxy::new(&link.connection).await?;
    let mut owners = bus.receive_name_owner_changed_with_args(&[(0, api::BUS_NAME)]).await?;
    let mut row = look(link, path).await?;
    let bar = Bar::of(&row, output);
    loop {
        bar.show(&row);
        if row.state != "running" {
            return Ok(row);
        }
        let signal = tokio::select! {
            signal = signals.next() => signal,
            _ = owners.next() => bail!(say!("job-left-with-the-robot")),
        };
        signal.ok_or_else(|| anyhow!(say!("bus-went-away")))?.with_context(|| say!("bus-went-away"))?;
        row = look(link, path).await?;
    }
}

/// How far a job is, on standard error: a bar on a terminal, a line for every quarter that is done elsewhere, nothing for programs.
struct Bar {
    bar: Option<ProgressBar>,
    quarter: Cell<u64>,
    silent: bool,
}

impl Bar {
    fn of(row: &JobRow, output: Output) -> Self {
        let bar = (!output.json && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new(100);
            bar.set_prefix(shown(&row.subject));
            bar
        });
        Self { bar, quarter: Cell::new(0), silent: output.json }
    }

    fn show(&self, row: &JobRow) {
        let percent = row.percent().unwrap_or_default();
        if let Some(bar) = &self.bar {
            bar.set_style(looks(row.progress.is_some()));
            bar.set_message(shown(&row.message));
            bar.set_position(percent);
        } else if !self.silent && row.state == "running" && self.quarter.replace(percent / 25) != percent / 25 {
            eprintln!("{}: {percent} % {}", shown(&row.subject), shown(&row.message));
        }
    }
}

/// The bar is as long whatever is said behind it, so that nothing moves but itself; where nobody can say how far a job is, there is none.
fn looks(is_known: bool) -> ProgressStyle {
    let template = if is_known { "{prefix} {bar:24} {percent:>3} % {wide_msg}" } else { "{prefix} {wide_msg}" };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl Drop for Bar {
    /// After a failure too.
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
