//! `switchhookctl call watch`: what happens, as it happens.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context as _;
use serde::Serialize;
use serde_json::Value;
use switchhook::control::api::{self, ManagerProxy};
use zbus::{Message, OwnedObjectPath};

use super::call::{self, Caller};
use super::house::{CallRow, Link, News, Properties, json_dict};
use super::output::{Output, Tone, json, line, shown};
use super::words::{Term, say};

/// Something that happened in a call.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Happening {
    Began {
        call: CallRow,
        /// Unless words are hidden.
        #[serde(skip_serializing_if = "Option::is_none")]
        caller: Option<Caller>,
    },
    Changed {
        call: String,
        #[serde(flatten)]
        what: BTreeMap<String, Value>,
    },
    Turn {
        call: String,
        #[serde(flatten)]
        turn: Turn,
    },
    /// A person who was sought for it has it, or will not have it.
    HandedOver {
        call: String,
        /// By the name that the configuration gives them.
        person: String,
        end: String,
    },
    Ended {
        call: String,
        summary: BTreeMap<String, Value>,
    },
}

#[derive(Clone, Debug, Serialize)]
pub struct Turn {
    pub index: u32,
    pub heard: String,
    pub confidence: f64,
    pub understood: String,
    pub action: String,
    pub said: String,
    pub latency: BTreeMap<String, f64>,
}

/// Whose calls are watched.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    /// Everybody's.
    All,
    /// One call, by its name, until it ends.
    Of(&'a str),
    /// The next that comes, until it ends.
    Next,
}

/// Follow one call, or all. Without `words`, nothing of who calls and what is said is asked for.
pub async fn watch(link: &Link, output: Output, whose: Whose<'_>, words: bool) -> anyhow::Result<()> {
    // Listening first and looking second misses nothing.
    let mut news = link.news().await?;
    let mut calls = link.house().await?.calls;
    let mut only = match whose {
        Whose::Of(id) => Some(link.call(id).await?.id),
        Whose::All | Whose::Next => None,
    };
    calls.retain(|call| match whose {
        Whose::All => true,
        Whose::Of(_) => only.as_ref() == Some(&call.id),
        Whose::Next => false,
    });
    if words {
        let followed = follow(link, only.as_ref().and(calls.first())).await;
        followed.with_context(|| say!("watch-without-words"))?;
    }
    if matches!(whose, Whose::Next) && !output.json {
        line(&say!("watch-waiting"))?;
    }
    for call in calls {
        let began = Happening::Began { call, caller: None };
        tell(output, &if words { introduced(link, began).await } else { began })?;
    }
    loop {
        let Some(happening) = read(&news.next().await?) else { continue };
        if let (Whose::Next, None, Happening::Began { call, .. }) = (whose, &only, &happening) {
            only = Some(call.id.clone());
        }
        if matches!(whose, Whose::Next) && only.is_none() {
            continue;
        }
        if only.as_deref().is_some_and(|only| only != happening.call()) {
            continue;
        }
        let happening = if words { introduced(link, happening).await } else { happening };
        tell(output, &happening)?;
        if only.is_some() && matches!(happening, Happening::Ended { .. }) {
            return Ok(());
        }
    }
}

/// Wait until this call is over, showing what happens in it if that is wanted; its figures. `news` began before the call did.
pub async fn along(link: &Link, output: Output, news: &mut News, call: &str, show: bool) -> anyhow::Result<BTreeMap<String, Value>> {
    loop {
        let Some(happening) = read(&news.next().await?).filter(|happening| happening.call() == call) else { continue };
        let happening = if show { introduced(link, happening).await } else { happening };
        if show {
            tell(output, &happening)?;
        }
        if let Happening::Ended { summary, .. } = happening {
            return Ok(summary);
        }
    }
}

/// Ask to be told what is said, in this call or in all.
pub async fn follow(link: &Link, only: Option<&CallRow>) -> anyhow::Result<()> {
    let followed = match only {
        Some(one) => call::of(link, one).await?.follow().await,
        None => ManagerProxy::new(&link.connection).await?.follow().await,
    };
    followed.map_err(|error| link.explain(error))
}

/// The same; of a call that begins, with who calls, unless it is over already.
pub async fn introduced(link: &Link, happening: Happening) -> Happening {
    match happening {
        Happening::Began { call, .. } => Happening::Began { caller: call::caller(link, &call).await.ok(), call },
        other => other,
    }
}

impl Happening {
    /// The call in which it happened, by its name.
    pub fn call(&self) -> &str {
        match self {
            Self::Began { call, .. } => &call.id,
            Self::Changed { call, .. } | Self::Turn { call, .. } | Self::HandedOver { call, .. } | Self::Ended { call, .. } => call,
        }
    }
}

/// What a signal tells; `None` if it is not about a call, or not as we know it.
pub fn read(message: &Message) -> Option<Happening> {
    let header = message.header();
    let path = header.path()?.as_str();
    let body = message.body();
    match header.member()?.as_str() {
        "InterfacesAdded" => {
            let (_, mut interfaces): (OwnedObjectPath, HashMap<String, Properties>) = body.deserialize().ok()?;
            Some(Happening::Began { call: CallRow::read(&interfaces.remove(api::CALL)?), caller: None })
        }
        "PropertiesChanged" => {
            let (_, changed, _): (String, Properties, Vec<String>) = body.deserialize().ok()?;
            let what = json_dict(&changed).into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
            Some(Happening::Changed { call: api::call_of(path)?.to_owned(), what })
        }
        "Turn" => {
            let (index, heard, confidence, understood, action, said, latency) = body.deserialize().ok()?;
            Some(Happening::Turn {
                call: api::call_of(path)?.to_owned(),
                turn: Turn { index, heard, confidence, understood, action, said, latency },
            })
        }
        "HandOverEnded" => {
            let (person, end) = body.deserialize().ok()?;
            Some(Happening::HandedOver { call: api::call_of(path)?.to_owned(), person, end })
        }
        "CallEnded" => {
            let (path, summary): (OwnedObjectPath, Properties) = body.deserialize().ok()?;
            let summary = json_dict(&summary).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            Some(Happening::Ended { call: api::call_of(path.as_str())?.to_owned(), summary })
        }
        _ => None,
    }
}

fn tell(output: Output, happening: &Happening) -> anyhow::Result<()> {
    if output.json { json(happening) } else { line(&sentence(output, happening)) }
}

/// One line for people. The name's end tells calls of one minute apart; its beginning is the time.
fn sentence(output: Output, happening: &Happening) -> String {
    let id = happening.call();
    let name = output.paint(Tone::Quiet, call::short(id));
    let what = match happening {
        Happening::Began { call, caller } => {
            let state = output.paint(Tone::Strong, &shown(&Term::CallState.said(&call.state)));
            let line = shown(&call.line);
            match caller {
                Some(caller) if call.direction == "placed" => say!("watch-began-to", state = state, caller = caller.shown(), line = line),
                Some(caller) => say!("watch-began-from", state = state, caller = caller.shown(), line = line),
                None => say!("watch-began", state = state, line = line),
            }
        }
        Happening::Changed { what, .. } => changes(output, what),
        Happening::Turn { turn, .. } => exchange(output, turn),
        Happening::HandedOver { person, end, .. } => {
            say!("watch-handed-over", person = shown(person), end = shown(&Term::HandOver.said(end)))
        }
        Happening::Ended { summary, .. } => return ended(output, id, summary),
    };
    format!("{name} {what}")
}

/// How a call ended, in a line for people.
pub fn ended(output: Output, id: &str, summary: &BTreeMap<String, Value>) -> String {
    let outcome = summary.get("outcome").and_then(Value::as_str).unwrap_or("over");
    let seconds = summary.get("duration_s").map_or(0.0, |value| value.as_f64().unwrap_or(0.0));
    let name = output.paint(Tone::Quiet, call::short(id));
    let ended = output.paint(Tone::Strong, &Term::CallState.said("ended"));
    let what = say!("watch-ended", ended = ended, seconds = format!("{seconds:.1}"), outcome = shown(&Term::Outcome.said(outcome)));
    format!("{name} {what}")
}

fn changes(output: Output, what: &BTreeMap<String, Value>) -> String {
    let words: Vec<String> = what
        .iter()
        .map(|(name, value)| match value.as_str() {
            Some(state) if name == "state" => output.paint(call::tone(state), &shown(&Term::CallState.said(state))),
            Some(text) => format!("{} {}", Term::CallProperty.said(name), shown(text)),
            None => format!("{} {value}", Term::CallProperty.said(name)),
        })
        .collect();
    words.join(&say!("comma"))
}

fn exchange(output: Output, turn: &Turn) -> String {
    let heard = if turn.heard.is_empty() { say!("no-words") } else { say!("quoted", words = shown(&turn.heard)) };
    let latency = turn.latency.get("total_ms").map_or(String::new(), |total| format!(" [{total:.0} ms]"));
    let turn = say!(
        "watch-turn",
        number = turn.index,
        heard = heard,
        understood = shown(&turn.understood),
        action = shown(&turn.action),
        said = say!("quoted", words = shown(&turn.said)),
    );
    format!("{turn}{}", output.paint(Tone::Quiet, &latency))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Output = Output { json: false, colour: false };

    #[test]
    fn a_turn_reads_from_what_was_heard_to_what_was_said() {
        let turn = Turn {
            index: 2,
            heard: "when do you open".into(),
            confidence: 0.9,
            understood: "hours".into(),
            action: "answer".into(),
            said: "At nine.".into(),
            latency: [("total_ms".to_owned(), 412.4)].into(),
        };
        let line = sentence(PLAIN, &Happening::Turn { call: "0192abcd01234567".into(), turn });
        assert_eq!(line, "01234567 turn 2: \u{201c}when do you open\u{201d} -> hours -> answer: \u{201c}At nine.\u{201d} [412 ms]");
    }
}
