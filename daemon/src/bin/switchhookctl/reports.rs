//! `switchhookctl reports`: what became of calls.

use serde_json::{Value, json};
use switchhook::control::api::RecordProxy;

use super::call;
use super::house::{Link, Properties, json_dict};
use super::output::{Output, Tone, json as write_json, line, moment, shown};
use super::table::cell;
use super::words::{Term, columns, say};

/// A report with the names that the bus gives its parts; its errands and hand-overs, which the bus carries as text, are taken apart.
fn read(fields: &Properties) -> Value {
    let mut report = json!(json_dict(fields));
    for part in ["errands", "hand_overs"] {
        let taken_apart = report[part].as_str().and_then(|text| serde_json::from_str(text).ok());
        report[part] = taken_apart.unwrap_or_else(|| json!([]));
    }
    report
}

pub async fn list(link: &Link, output: Output, limit: u32) -> anyhow::Result<()> {
    let record = RecordProxy::new(&link.connection).await.map_err(|error| link.explain(error))?;
    let reports = record.reports(limit).await.map_err(|error| link.explain(error))?;
    let reports: Vec<Value> = reports.iter().map(read).collect();
    if output.json {
        return write_json(&reports);
    }
    if reports.is_empty() {
        return line(&say!("no-reports"));
    }
    let mut table = output.table(columns(["call", "started", "scenario", "outcome", "goal", "mark", "badly", "summary"]));
    for report in &reports {
        let text = |name: &str| report[name].as_str().unwrap_or_default();
        let tone = if report["goal_reached"] == true { Tone::Good } else { Tone::Busy };
        let goal: Vec<String> = text("goal").split_whitespace().map(|result| Term::Goal.said(result)).collect();
        let tags = report["tags"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let tags: Vec<String> = tags.map(|tag| Term::Tag.said(tag)).collect();
        table.row([
            cell(Tone::Strong, call::short(text("call"))),
            moment(text("started")).into(),
            shown(text("scenario")).into(),
            shown(&Term::Outcome.said(text("outcome"))).into(),
            cell(tone, &goal.join(&say!("comma"))),
            report["satisfaction"].as_u64().map(|mark| mark.to_string()).unwrap_or_default().into(),
            shown(&tags.join(&say!("comma"))).into(),
            shown(text("summary")).into(),
        ]);
    }
    line(&table.to_string())
}
