//! A broker, and somebody who hears everything that is published.

use std::time::Duration;

use rumqttc::{AsyncClient, Event, Incoming, MqttOptions, QoS};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{Place, Process, free_port, until};

/// A running broker.
#[derive(Debug)]
pub struct Broker {
    port: u16,
    _process: Process,
}

impl Broker {
    /// Start a broker.
    ///
    /// # Errors
    /// If it does not come up.
    pub async fn start(place: &Place) -> anyhow::Result<Self> {
        let port = free_port()?;
        let config = place.write("mosquitto.conf", &format!("listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n"))?;
        let process = Process::start(place, "mosquitto", Command::new("mosquitto").env("PATH", super::sipp::path()).arg("-c").arg(config))?;
        until("the broker takes connections", Duration::from_secs(10), async || TcpStream::connect(("127.0.0.1", port)).await.ok()).await?;
        Ok(Self { port, _process: process })
    }

    /// Where it listens on loopback.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Hear everything from now on, and what was retained.
    #[must_use]
    pub fn hear(&self) -> Heard {
        let (client, mut events) = AsyncClient::new(MqttOptions::new("switchhook-hil", "127.0.0.1", self.port), 16);
        let (into, messages) = watch::channel(Vec::new());
        let task = tokio::spawn(async move {
            loop {
                match events.poll().await {
                    Ok(Event::Incoming(Incoming::ConnAck(_))) => {
                        let _ = client.try_subscribe("#", QoS::AtLeastOnce);
                    }
                    Ok(Event::Incoming(Incoming::Publish(message))) => {
                        let payload = String::from_utf8_lossy(&message.payload).into_owned();
                        into.send_modify(|messages| messages.push((message.topic, payload)));
                    }
                    Ok(_) => {}
                    // The broker is gone; the messages so far are what counts.
                    Err(_) => return,
                }
            }
        });
        Heard { messages, told: 0, task }
    }
}

/// What was published.
#[derive(Debug)]
pub struct Heard {
    messages: watch::Receiver<Vec<(String, String)>>,
    /// How many of them [`Heard::next`] has told.
    told: usize,
    task: JoinHandle<()>,
}

impl Heard {
    /// Topics and payloads so far.
    #[must_use]
    pub fn so_far(&self) -> Vec<(String, String)> {
        self.messages.borrow().clone()
    }

    /// Wait for the next messages; for ever once the broker is gone. Safe to abandon and ask again.
    pub async fn next(&mut self) -> Vec<(String, String)> {
        if self.messages.changed().await.is_err() {
            return std::future::pending().await;
        }
        let messages = self.messages.borrow_and_update();
        let new = messages.get(self.told..).unwrap_or_default().to_vec();
        self.told = messages.len();
        new
    }

    /// Wait for a message that is as `wanted`.
    ///
    /// # Errors
    /// If none comes in time.
    pub async fn wait(&self, what: &str, patience: Duration, wanted: impl Fn(&str, &str) -> bool) -> anyhow::Result<(String, String)> {
        until(what, patience, async || self.so_far().into_iter().find(|(topic, payload)| wanted(topic, payload))).await
    }
}

impl Drop for Heard {
    fn drop(&mut self) {
        self.task.abort();
    }
}
