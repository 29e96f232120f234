//! `switchhookctl status`: how the robot is.

use serde::Serialize;

use super::device::DeviceRow;
use super::house::{CallRow, House, LineRow, Link};
use super::output::{Output, Tone, json, line, shown};
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
    let (tone, word) = if device.ready { (Tone::Good, "ready") } else { (Tone::Bad, "not ready") };
    line(&format!(
        "{} {} on the rung {}, switchhook {}, since {}",
        output.paint(Tone::Strong, &shown(&device.name)),
        output.paint(tone, word),
        shown(&device.rung),
        shown(&device.version),
        shown(&device.since)
    ))?;
    let models: Vec<String> = device.models.iter().map(|(role, name)| format!("{role} {name}")).collect();
    line(&format!("models: {}", shown(&models.join(", "))))?;
    let earlier = calls.iter().filter(|call| call.generation < device.generation).count();
    let earlier = if earlier > 0 { format!(", {earlier} with an earlier one") } else { String::new() };
    line(&format!("calls: {} of {}; generation {} of the configuration{earlier}", calls.len(), device.calls_at_once, device.generation))?;
    line("")?;
    line(&line_rows::table(output, &lines))?;
    if !calls.is_empty() {
        line("")?;
        line(&call::table(output, &calls))?;
    }
    Ok(())
}
