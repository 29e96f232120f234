//! `switchhookctl calls` and `switchhookctl call`: what is being said, and an end to it.

use switchhook::control::api::CallProxy;

use super::house::{CallRow, Link};
use super::output::{Output, Tone, cell, done, json, line, shown};

pub async fn list(link: &Link, output: Output) -> anyhow::Result<()> {
    let calls = link.house().await?.calls;
    if output.json {
        return json(&calls);
    }
    line(&table(output, &calls))
}

pub fn table(output: Output, calls: &[CallRow]) -> String {
    if calls.is_empty() {
        return "no calls".to_owned();
    }
    let mut table = output.table(&["CALL", "LINE", "NUMBER", "STATE", "TURNS", "SCENARIO", "STARTED"]);
    for row in calls {
        let number = if row.number.is_empty() { "withheld" } else { &row.number };
        table.add_row([
            cell(Tone::Strong, &row.id),
            shown(&row.line).into(),
            shown(number).into(),
            cell(tone(&row.state), &row.state),
            row.turns.to_string().into(),
            shown(&row.scenario).into(),
            shown(&row.started).into(),
        ]);
    }
    table.to_string()
}

/// What a call's state means for somebody who looks after it.
pub fn tone(state: &str) -> Tone {
    match state {
        "ended" => Tone::Quiet,
        "ringing" | "thinking" | "transferring" => Tone::Busy,
        _ => Tone::Good,
    }
}

pub async fn hang_up(link: &Link, output: Output, id: &str) -> anyhow::Result<()> {
    proxy(link, id).await?.hangup().await.map_err(|error| link.explain(error))?;
    done(output)
}

pub async fn transfer(link: &Link, output: Output, id: &str, person: &str) -> anyhow::Result<()> {
    proxy(link, id).await?.transfer(person).await.map_err(|error| link.explain(error))?;
    done(output)
}

async fn proxy(link: &Link, id: &str) -> anyhow::Result<CallProxy<'static>> {
    let call = link.call(id).await?;
    Ok(CallProxy::builder(&link.connection).path(call.path()).build().await?)
}
