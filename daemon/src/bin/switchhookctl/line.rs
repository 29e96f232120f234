//! `switchhookctl lines` and `switchhookctl line`: the ways in and out.

use anyhow::bail;
use clap::Subcommand;
use switchhook::control::api::{self, LineProxy};

use super::house::{LineRow, Link};
use super::output::{Output, Tone, done, json, line, shown};
use super::table::cell;
use super::words::{Term, columns, say};

#[derive(Subcommand)]
pub enum LineVerb {
    /// Lift the handset: a call begins.
    OffHook { id: String },
    /// Put the handset back: the call ends.
    OnHook { id: String },
}

pub async fn direct(verb: &LineVerb, link: &Link, output: Output) -> anyhow::Result<()> {
    match verb {
        LineVerb::OffHook { id } => proxy(link, id).await?.off_hook().await,
        LineVerb::OnHook { id } => proxy(link, id).await?.on_hook().await,
    }
    .map_err(|error| link.explain(error))?;
    done(output)
}

pub async fn list(link: &Link, output: Output) -> anyhow::Result<()> {
    let lines = link.house().await?.lines;
    if output.json {
        return json(&lines);
    }
    line(&table(output, &lines))
}

/// What a line's status means for somebody who looks after it.
pub fn tone(status: &str) -> Tone {
    match status {
        "ready" => Tone::Good,
        "down" => Tone::Bad,
        _ => Tone::Busy,
    }
}

pub fn table(output: Output, lines: &[LineRow]) -> String {
    if lines.is_empty() {
        return say!("no-lines");
    }
    let mut table = output.table(columns(["line", "kind", "status", ""]));
    for row in lines {
        table.row([
            cell(Tone::Strong, &row.id),
            shown(&Term::LineKind.said(&row.kind)).into(),
            cell(tone(&row.status), &Term::LineStatus.said(&row.status)),
            shown(row.place()).into(),
        ]);
    }
    table.to_string()
}

pub async fn proxy(link: &Link, id: &str) -> anyhow::Result<LineProxy<'static>> {
    let lines = link.house().await?.lines;
    if !lines.iter().any(|row| row.id == id) {
        let names: Vec<&str> = lines.iter().map(|row| row.id.as_str()).collect();
        bail!(say!("no-such-line", id = format!("{id:?}"), lines = names.join(&say!("comma"))));
    }
    Ok(LineProxy::builder(&link.connection).path(api::line_path(id)).build().await?)
}
