//! `switchhookctl status`: how the robot is.

use serde::Serialize;

use super::device::DeviceRow;
use super::house::{CallRow, House, LineRow, Link};
use super::output::{Output, Tone, columns, json, line, moment, shown};
use super::words::{Term, say, width};
use super::{call, line as line_rows};

#[derive(Serialize)]
pub struct Status {
    #[serde(flatten)]
    device: DeviceRow,
    lines: Vec<LineRow>,
    calls: Vec<CallRow>,
}

/// Wait until a call that comes would be answered.
pub async fn wait(link: &Link) -> anyhow::Result<()> {
    // Listening first and looking second misses nothing.
    let mut news = link.news().await?;
    while !link.device().await?.ready {
        news.next().await?;
    }
    Ok(())
}

/// Ask for it.
pub async fn read(link: &Link) -> anyhow::Result<Status> {
    let House { lines, calls, .. } = link.house().await?;
    Ok(Status { device: link.device().await?, lines, calls })
}

pub async fn show(link: &Link, output: Output) -> anyhow::Result<()> {
    let status = read(link).await?;
    if output.json {
        return json(&status);
    }
    let Status { device, lines, calls } = status;
    let (tone, word) = if device.ready { (Tone::Good, say!("ready")) } else { (Tone::Bad, say!("not-ready")) };
    line(&say!(
        "status-device",
        device = output.paint(Tone::Strong, &shown(&device.name)),
        ready = output.paint(tone, &word),
        rung = shown(&Term::Rung.said(&device.rung)),
        version = shown(&device.version),
        since = moment(&device.since),
    ))?;
    let models: Vec<String> = device.models.iter().map(|(role, name)| format!("{} {name}", Term::Role.said(role))).collect();
    let models = say!("status-models", models = shown(&models.join(&say!("comma"))));
    line(&columns().map_or_else(|| models.clone(), |columns| width::folded(&models, columns)))?;
    let (on, at_once, generation) = (calls.len(), device.calls_at_once, device.generation);
    line(&match calls.iter().filter(|call| call.generation < device.generation).count() {
        0 => say!("status-calls", on = on, at_once = at_once, generation = generation),
        earlier => say!("status-calls-of-two-generations", on = on, at_once = at_once, generation = generation, earlier = earlier),
    })?;
    line("")?;
    line(&line_rows::table(output, &lines))?;
    if !calls.is_empty() {
        line("")?;
        line(&call::table(output, &calls))?;
    }
    Ok(())
}
