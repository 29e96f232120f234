//! `switchhookctl calls` and `switchhookctl call`: what is being said, and an end to it; listening to it ([`listen`]), and a beginning ([`place`]).

pub mod listen;
pub mod place;
mod speaker;
mod wav;

use serde::Serialize;
use switchhook::control::api::CallProxy;

use crate::house::{CallRow, Link};
use crate::output::{Output, Tone, cell, done, json, line, shown};

/// Who calls. Personal data.
#[derive(Clone, Debug, Serialize)]
pub struct Caller {
    /// Empty if it is withheld.
    pub number: String,
    /// As the network shows it; empty if it shows none.
    pub name: String,
}

impl Caller {
    /// For people.
    pub fn shown(&self) -> String {
        let number = if self.number.is_empty() { "a withheld number".to_owned() } else { shown(&self.number) };
        if self.name.is_empty() { number } else { format!("{number} ({})", shown(&self.name)) }
    }
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    call: CallRow,
    caller: Caller,
}

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
    let mut table = output.table(&["CALL", "LINE", "", "STATE", "TURNS", "SCENARIO", "STARTED"]);
    for row in calls {
        table.add_row([
            cell(Tone::Strong, &row.id),
            shown(&row.line).into(),
            shown(&row.direction).into(),
            cell(tone(&row.state), &row.state),
            row.turns.to_string().into(),
            shown(&row.scenario).into(),
            shown(&row.started).into(),
        ]);
    }
    table.to_string()
}

/// The end of a call's name, which tells it from others of the same minute.
pub fn short(id: &str) -> &str {
    id.get(id.len().saturating_sub(8)..).unwrap_or(id)
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

pub async fn show(link: &Link, output: Output, id: &str) -> anyhow::Result<()> {
    let call = link.call(id).await?;
    let caller = caller(link, &call).await?;
    if output.json {
        return json(&Shown { call, caller });
    }
    let (is_told, state) =
        (if call.disclosed { "knows" } else { "does not know yet" }, output.paint(tone(&call.state), &shown(&call.state)));
    line(&format!(
        "call      {}\n{}      {}\nline      {}\nstate     {state}\nscenario  {}\nstarted   {}\nturns     {}\nthe caller {is_told} that a robot speaks",
        output.paint(Tone::Strong, &call.id),
        if call.direction == "placed" { "to  " } else { "from" },
        caller.shown(),
        shown(&call.line),
        shown(&call.scenario),
        shown(&call.started),
        call.turns,
    ))
}

/// Who calls; the robot puts on record that somebody asked.
pub async fn caller(link: &Link, call: &CallRow) -> anyhow::Result<Caller> {
    let (number, name) = of(link, call).await?.caller().await.map_err(|error| link.explain(error))?;
    Ok(Caller { number, name })
}

async fn proxy(link: &Link, id: &str) -> anyhow::Result<CallProxy<'static>> {
    of(link, &link.call(id).await?).await
}

/// The object of a call.
pub async fn of(link: &Link, call: &CallRow) -> anyhow::Result<CallProxy<'static>> {
    Ok(CallProxy::builder(&link.connection).path(call.path()).build().await?)
}
