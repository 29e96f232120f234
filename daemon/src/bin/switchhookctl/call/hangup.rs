//! `switchhookctl call hangup`: a polite end.

use serde_json::json;

use crate::house::Link;
use crate::output::{Output, done, told};
use crate::watch;

/// Have the robot say goodbye and hang up; wait until it has, if that is wanted.
pub async fn hang_up(link: &Link, output: Output, id: &str, wait: bool) -> anyhow::Result<()> {
    // Listening first and asking second misses nothing.
    let news = if wait { Some(link.news().await?) } else { None };
    let call = link.call(id).await?;
    super::of(link, &call).await?.hangup().await.map_err(|error| link.explain(error))?;
    let Some(mut news) = news else { return done(output) };
    let summary = watch::along(link, output, &mut news, &call.id, false).await?;
    told(output, &json!({ "call": call.id, "summary": summary }), &watch::ended(output, &call.id, &summary))
}
