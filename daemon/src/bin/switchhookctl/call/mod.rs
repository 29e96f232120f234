//! `switchhookctl calls` and `switchhookctl call`: what is being said, an end to it ([`hangup`]), somebody else for it ([`transfer`]), listening to it ([`listen`]),
//! and a beginning ([`place`]).

mod hangup;
mod listen;
mod place;
mod speaker;
mod transfer;
mod verbs;
mod wav;

use serde::Serialize;
use switchhook::control::api::CallProxy;

use crate::house::{CallRow, Link};
use crate::output::{Output, Tone, json, line, moment, shown};
use crate::table::cell;
use crate::words::{Term, columns, say, width};

pub use verbs::{CallVerb, run};

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
        let number = if self.number.is_empty() { say!("caller-withheld") } else { shown(&self.number) };
        if self.name.is_empty() { number } else { say!("caller-named", number = number, name = shown(&self.name)) }
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
        return say!("no-calls");
    }
    let mut table = output.table(columns(["call", "line", "", "state", "turns", "scenario", "started"]));
    for row in calls {
        table.row([
            cell(Tone::Strong, short(&row.id)),
            shown(&row.line).into(),
            shown(&Term::Direction.said(&row.direction)).into(),
            cell(tone(&row.state), &Term::CallState.said(&row.state)),
            row.turns.to_string().into(),
            shown(&row.scenario).into(),
            moment(&row.started).into(),
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

async fn show(link: &Link, output: Output, id: &str) -> anyhow::Result<()> {
    let call = link.call(id).await?;
    let caller = caller(link, &call).await?;
    if output.json {
        return json(&Shown { call, caller });
    }
    line(&width::list(&[
        (say!("call-show-call"), output.paint(Tone::Strong, &call.id)),
        (if call.direction == "placed" { say!("call-show-to") } else { say!("call-show-from") }, caller.shown()),
        (say!("call-show-line"), shown(&call.line)),
        (say!("call-show-state"), output.paint(tone(&call.state), &shown(&Term::CallState.said(&call.state)))),
        (say!("call-show-scenario"), shown(&call.scenario)),
        (say!("call-show-started"), moment(&call.started)),
        (say!("call-show-turns"), call.turns.to_string()),
    ]))?;
    line(&if call.disclosed { say!("call-show-disclosed") } else { say!("call-show-not-disclosed") })
}

/// Who calls; the robot puts on record that somebody asked.
pub async fn caller(link: &Link, call: &CallRow) -> anyhow::Result<Caller> {
    let (number, name) = of(link, call).await?.caller().await.map_err(|error| link.explain(error))?;
    Ok(Caller { number, name })
}

/// The object of a call.
pub async fn of(link: &Link, call: &CallRow) -> anyhow::Result<CallProxy<'static>> {
    Ok(CallProxy::builder(&link.connection).path(call.path()).build().await?)
}
