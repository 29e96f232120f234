//! `switchhookctl messages` and `switchhookctl message`: what callers left for people to do.

use std::collections::HashMap;

use clap::Subcommand;
use serde::Serialize;
use switchhook::control::api::TaskProxy;
use zbus::OwnedVariant;

use super::house::Link;
use super::output::{Output, Tone, done, json, line, moment, shown};
use super::table::cell;
use super::words::{Term, columns, say};

#[derive(Subcommand)]
pub enum MessageVerb {
    /// It is done: nobody needs to do it any more.
    Done {
        /// As `switchhookctl messages` numbers it.
        number: i64,
        /// It is not done after all.
        #[arg(long)]
        undo: bool,
    },
}

/// One message. A message that was read back and agreed to is confirmed; one whose caller left before that is not, and is as heard.
#[derive(Clone, Debug, Serialize)]
struct Row {
    number: i64,
    call: String,
    at: String,
    recipient: String,
    from: String,
    callback: Option<String>,
    text: String,
    confirmed: bool,
    about: String,
    promised: Option<String>,
    done: Option<String>,
}

impl Row {
    fn read(mut fields: HashMap<String, OwnedVariant>) -> Self {
        let mut text = |name: &str| fields.remove(name).and_then(|value| String::try_from(value).ok());
        let (call, at, recipient) = (text("call"), text("at"), text("recipient"));
        let (from, callback, said) = (text("from"), text("callback"), text("text"));
        let (about, promised, done) = (text("about"), text("promised"), text("done"));
        Self {
            number: fields.remove("number").and_then(|value| i64::try_from(value).ok()).unwrap_or_default(),
            confirmed: fields.remove("confirmed").is_some_and(|value| bool::try_from(value).unwrap_or_default()),
            call: call.unwrap_or_default(),
            at: at.unwrap_or_default(),
            recipient: recipient.unwrap_or_default(),
            from: from.unwrap_or_default(),
            callback,
            about: about.unwrap_or_default(),
            promised,
            done,
            text: said.unwrap_or_default(),
        }
    }
}

pub async fn list(link: &Link, output: Output, limit: u32) -> anyhow::Result<()> {
    let tasks = TaskProxy::new(&link.connection).await.map_err(|error| link.explain(error))?;
    let messages = tasks.messages(limit).await.map_err(|error| link.explain(error))?;
    let messages: Vec<Row> = messages.into_iter().map(Row::read).collect();
    if output.json {
        return json(&messages);
    }
    if messages.is_empty() {
        return line(&say!("no-messages"));
    }
    let mut table = output.table(columns(["number", "at", "recipient", "from", "callback", "promised", "about", "", "message"]));
    for row in &messages {
        let (tone, stands) = match (&row.done, row.confirmed) {
            (Some(_), _) => (Tone::Quiet, say!("message-done")),
            (None, true) => (Tone::Good, say!("message-confirmed")),
            (None, false) => (Tone::Busy, say!("message-as-heard")),
        };
        table.row([
            cell(Tone::Strong, &row.number.to_string()),
            moment(&row.at).into(),
            shown(&row.recipient).into(),
            shown(&row.from).into(),
            shown(row.callback.as_deref().unwrap_or_default()).into(),
            row.promised.as_deref().map(moment).unwrap_or_default().into(),
            shown(&Term::About.said(&row.about)).into(),
            cell(tone, &stands),
            shown(&row.text).into(),
        ]);
    }
    line(&table.to_string())
}

pub async fn say_what_became(verb: &MessageVerb, link: &Link, output: Output) -> anyhow::Result<()> {
    let MessageVerb::Done { number, undo } = verb;
    let tasks = TaskProxy::new(&link.connection).await.map_err(|error| link.explain(error))?;
    tasks.set_done(*number, !undo).await.map_err(|error| link.explain(error))?;
    done(output)
}
