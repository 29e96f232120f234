//! `switchhookctl status`: how the robot is.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use switchhook::control::api::ManagerProxy;

use super::house::{CallRow, LineRow, Link};
use super::output::{Output, Tone, json, line, shown};
use super::words::{Term, say};
use super::{call, line as lines};

#[derive(Serialize)]
struct Status {
    version: String,
    device: String,
    since: String,
    ready: bool,
    rung: String,
    generation: u64,
    calls_at_once: u32,
    models: BTreeMap<String, String>,
    people: Vec<String>,
    lines: Vec<LineRow>,
    calls: Vec<CallRow>,
}

async fn read(link: &Link) -> anyhow::Result<Status> {
    let house = link.house().await?;
    let device = async {
        let manager = ManagerProxy::new(&link.connection).await?;
        let models: HashMap<String, String> = manager.models_in_use().await?;
        Ok::<_, zbus::Error>(Status {
            version: manager.version().await?,
            device: manager.device_name().await?,
            since: manager.since().await?,
            ready: manager.ready().await?,
            rung: manager.rung().await?,
            generation: manager.generation().await?,
            calls_at_once: manager.calls_at_once().await?,
            models: models.into_iter().collect(),
            people: manager.people().await?,
            lines: house.lines,
            calls: house.calls,
        })
    };
    device.await.map_err(|error| link.explain(error))
}

pub async fn show(link: &Link, output: Output) -> anyhow::Result<()> {
    let status = read(link).await?;
    if output.json {
        return json(&status);
    }
    let (tone, word) = if status.ready { (Tone::Good, say!("ready")) } else { (Tone::Bad, say!("not-ready")) };
    line(&say!(
        "status-device",
        device = output.paint(Tone::Strong, &shown(&status.device)),
        ready = output.paint(tone, &word),
        rung = shown(&Term::Rung.said(&status.rung)),
        version = shown(&status.version),
        since = shown(&status.since),
    ))?;
    let models: Vec<String> = status.models.iter().map(|(role, name)| format!("{} {name}", Term::Role.said(role))).collect();
    line(&say!("status-models", models = shown(&models.join(&say!("comma")))))?;
    let (on, at_once, generation) = (status.calls.len(), status.calls_at_once, status.generation);
    line(&match status.calls.iter().filter(|call| call.generation < status.generation).count() {
        0 => say!("status-calls", on = on, at_once = at_once, generation = generation),
        earlier => say!("status-calls-of-two-generations", on = on, at_once = at_once, generation = generation, earlier = earlier),
    })?;
    line("")?;
    line(&lines::table(output, &status.lines))?;
    if !status.calls.is_empty() {
        line("")?;
        line(&call::table(output, &status.calls))?;
    }
    Ok(())
}
