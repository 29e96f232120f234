//! What the robot tells on D-Bus while it is called.

use std::collections::HashMap;

use futures_util::StreamExt as _;
use switchhook::control::api::{self, ManagerProxy};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use zbus::{Connection, Message, OwnedVariant};

/// One exchange, as the robot tells it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Turn {
    pub index: u32,
    pub heard: String,
    pub confidence: f64,
    pub understood: String,
    pub action: String,
    pub said: String,
    pub latency: HashMap<String, f64>,
}

/// Something that the robot tells.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum News {
    Turn(Turn),
    State(String),
}

/// Follow the calls of the robot on this bus, for as long as the handle lives.
pub(super) async fn follow(connection: &Connection) -> anyhow::Result<(mpsc::UnboundedReceiver<News>, JoinHandle<()>)> {
    let mut signals = api::told(connection).await?;
    // What is said is told to those alone who ask for it.
    ManagerProxy::new(connection).await?.follow().await?;
    let (into, news) = mpsc::unbounded_channel();
    let task = tokio::spawn(async move {
        while let Some(Ok(signal)) = signals.next().await {
            if read(&signal).is_some_and(|news| into.send(news).is_err()) {
                return;
            }
        }
    });
    Ok((news, task))
}

fn read(signal: &Message) -> Option<News> {
    let header = signal.header();
    let body = signal.body();
    match header.member()?.as_str() {
        "Turn" => {
            let (index, heard, confidence, understood, action, said, latency) = body.deserialize().ok()?;
            Some(News::Turn(Turn { index, heard, confidence, understood, action, said, latency }))
        }
        "PropertiesChanged" => {
            let (interface, mut changed, _): (String, HashMap<String, OwnedVariant>, Vec<String>) = body.deserialize().ok()?;
            let state = changed.remove("State").filter(|_| interface == api::CALL)?;
            Some(News::State(String::try_from(state).ok()?))
        }
        _ => None,
    }
}
