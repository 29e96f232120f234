//! `switchhookctl log`: what the robot logs.

use serde_json::json;
use switchhook::control::api::ManagerProxy;
use switchhook::logging::Levels;

use super::house::Link;
use super::output::{Output, json as write_json, line, shown};

pub async fn set(link: &Link, output: Output, levels: Option<&Levels>) -> anyhow::Result<()> {
    let manager = ManagerProxy::new(&link.connection).await.map_err(|error| link.explain(error))?;
    if let Some(levels) = levels {
        manager.set_log_levels(&levels.to_string()).await.map_err(|error| link.explain(error))?;
    }
    let levels = manager.log_levels().await.map_err(|error| link.explain(error))?;
    if output.json { write_json(&json!({ "levels": levels })) } else { line(&shown(&levels)) }
}
