//! `switchhookctl looks`: who looked at callers' data.

use serde::Serialize;
use switchhook::control::api::RecordProxy;

use super::call;
use super::house::{Link, Properties, json, text};
use super::output::{Output, json as write_json, line, moment, shown};
use super::words::columns;

#[derive(Clone, Debug, Serialize)]
struct Row {
    at: String,
    user: u64,
    what: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    call: String,
}

impl Row {
    fn read(fields: &Properties) -> Self {
        let text = |name| text(fields, name);
        let user = fields.get("user").and_then(|user| json(user).as_u64()).unwrap_or_default();
        Self { at: text("at"), user, what: text("what"), call: text("call") }
    }
}

pub async fn list(link: &Link, output: Output, limit: u32) -> anyhow::Result<()> {
    let record = RecordProxy::new(&link.connection).await.map_err(|error| link.explain(error))?;
    let looks = record.looks(limit).await.map_err(|error| link.explain(error))?;
    let looks: Vec<Row> = looks.iter().map(Row::read).collect();
    if output.json {
        return write_json(&looks);
    }
    let mut table = output.table(columns(["at", "user", "what", "call"]));
    for row in &looks {
        table.row([moment(&row.at).into(), row.user.to_string().into(), shown(&row.what).into(), shown(call::short(&row.call)).into()]);
    }
    line(&table.to_string())
}
