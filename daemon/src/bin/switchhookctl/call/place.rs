//! `switchhookctl call place`: the robot calls somebody.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use serde_json::{Value, json};
use switchhook::control::api;
use tokio::time::timeout;

use crate::house::{LineRow, Link, News};
use crate::line;
use crate::output::{Output, json, line as write_line};
use crate::watch;
use crate::words::say;

/// What the bus tells of a call that is over has come by then.
const TOLD: Duration = Duration::from_secs(2);

/// Until when the command stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stay {
    /// Until it rings.
    Rings,
    /// Until the call is over.
    Over,
    /// The same, showing what happens.
    Watching,
}

/// Have the robot call `whom` on this line, or on the only one that places calls.
pub async fn place(link: &Link, output: Output, whom: &str, on: Option<&str>, stay: Stay) -> anyhow::Result<()> {
    let on = match on {
        Some(id) => id.to_owned(),
        None => only(&link.house().await?.lines)?,
    };
    // Listening first and calling second misses nothing; and whoever may not watch calls nobody.
    let mut news = link.news().await?;
    if stay == Stay::Watching {
        watch::follow(link, None).await?;
    }
    let path = line::proxy(link, &on).await?.place(whom).await.map_err(|error| link.explain(error))?;
    let call = api::call_of(path.as_str()).ok_or_else(|| anyhow!(say!("place-no-call", path = path.as_str())))?;
    match stay {
        Stay::Rings if output.json => json(&json!({ "call": call })),
        Stay::Rings => write_line(&say!("place-rings", call = call)),
        Stay::Over => {
            if !output.json {
                eprintln!("{}", say!("place-rings", call = call));
            }
            let summary = follow(link, output, &mut news, call, false).await?;
            let taken = taken(&summary);
            if output.json {
                json(&json!({ "call": call, "summary": summary }))?;
            } else if taken.is_ok() {
                write_line(&watch::ended(output, call, &summary))?;
            }
            taken
        }
        Stay::Watching => taken(&follow(link, output, &mut news, call, true).await?),
    }
}

/// Until it is over. A call that is gone already has told so by now, or never will.
async fn follow(link: &Link, output: Output, news: &mut News, call: &str, show: bool) -> anyhow::Result<BTreeMap<String, Value>> {
    let is_on = link.call(call).await.is_ok();
    let summary = watch::along(link, output, news, call, show);
    if is_on {
        return summary.await;
    }
    timeout(TOLD, summary).await.with_context(|| say!("place-over-at-once"))?
}

/// The only line that places calls.
fn only(lines: &[LineRow]) -> anyhow::Result<String> {
    let able: Vec<&str> = lines.iter().filter(|line| line.kind == "sip").map(|line| line.id.as_str()).collect();
    match able[..] {
        [one] => Ok(one.to_owned()),
        [] => bail!(say!("place-no-line")),
        _ => bail!(say!("place-which-line", lines = able.join(&say!("comma")))),
    }
}

/// Whether somebody took the call.
fn taken(summary: &BTreeMap<String, Value>) -> anyhow::Result<()> {
    match summary.get("outcome").and_then(Value::as_str).unwrap_or_default() {
        "busy" => bail!(say!("place-busy")),
        "declined" => bail!(say!("place-declined")),
        "unanswered" => bail!(say!("place-unanswered")),
        "unreachable" => bail!(say!("place-unreachable")),
        failed @ ("fault" | "media-lost") => bail!(say!("place-failed", fault = failed)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn line(id: &str, kind: &str) -> LineRow {
        LineRow { id: id.into(), kind: kind.into(), status: "ready".into(), reason: String::new(), address: String::new() }
    }

    #[test]
    fn the_line_need_not_be_named_where_one_alone_places_calls() {
        assert_eq!(only(&[line("desk", "handset"), line("gateway", "sip")]).unwrap(), "gateway");
        assert!(only(&[line("desk", "handset")]).unwrap_err().to_string().contains("kind \"sip\""));
        assert!(only(&[line("a", "sip"), line("b", "sip")]).unwrap_err().to_string().contains("--line: a, b"));
    }

    #[test]
    fn a_call_that_nobody_took_is_a_failure_that_says_why() {
        let summary = |outcome: &str| BTreeMap::from([("outcome".to_owned(), Value::from(outcome))]);
        assert!(taken(&summary("goodbye")).is_ok() && taken(&summary("caller-hung-up")).is_ok());
        for outcome in ["busy", "declined", "unanswered", "unreachable", "fault"] {
            assert!(taken(&summary(outcome)).unwrap_err().to_string().contains(outcome));
        }
    }
}
