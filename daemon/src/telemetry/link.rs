//! The connection to the broker: one event loop per connection, and a new one after each.
//!
//! A fresh client for every connection keeps the book-keeping simple: whatever was handed to a client whose connection broke is lost
//! and is sent again by the reporter, and nothing of an old connection can turn up in a new one. It also lets the last will carry the new
//! session number.

use std::time::{Duration, Instant};

use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{ConnectReturnCode, LastWill, PubAckReason};
use rumqttc::v5::{AsyncClient, ConnectionError, Event, EventLoop, Incoming, MqttOptions};
use rumqttc::{Outgoing, TlsError, Transport};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Broker;
use super::backoff::Backoff;
use super::topics::{Presence, Topics};
use super::trust::guard;
use crate::config::{Mqtt, Secret};

/// How many requests a client may hold: all lines, a birth, and a window of calls.
const REQUESTS: usize = 128;
/// The broker tells the will at one and a half times this after our last sign of life (MQTT 5, 3.1.2.10).
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How many messages may be on their way. The library keeps a table of this size; its default of 65,535 costs 10 MB.
pub(super) const IN_FLIGHT: u16 = 64;

/// What the link tells the reporter.
pub(super) enum LinkEvent {
    /// Connected: publish with this client.
    Up { client: AsyncClient, session: u64 },
    /// The broker has the oldest unacknowledged message (MQTT 5, 4.6: in the order of sending).
    Acknowledged,
    /// The broker does not want it (MQTT 5, 3.4.2.1), nor would it the next time.
    Refused(PubAckReason),
    /// The connection is gone, and its client with it.
    Down,
}

impl From<PubAckReason> for LinkEvent {
    fn from(reason: PubAckReason) -> Self {
        match reason {
            PubAckReason::Success | PubAckReason::NoMatchingSubscribers => Self::Acknowledged,
            refused => Self::Refused(refused),
        }
    }
}

/// Keeps a connection up.
pub(super) struct Link {
    pub broker: Broker,
    pub device: String,
    pub topics: Topics,
    pub events: mpsc::Sender<LinkEvent>,
}

impl Link {
    /// Connect again and again until `stop`, or until the reporter is gone.
    pub(super) async fn run(self, stop: CancellationToken) {
        let mut backoff = Backoff::new();
        let mut sessions = Sessions::default();
        let mut told = None;
        loop {
            let session = sessions.next();
            let began = Instant::now();
            let Err(why) = self.connection(session).await else { return };
            let wait = backoff.after(began.elapsed(), rand::random());
            // One line per outage: the next failures of the same kind say nothing new.
            let kind = std::mem::discriminant(&why);
            if told != Some(kind) {
                self.tell(&why, wait);
            }
            told = (!matches!(why, Lost::AfterConnecting(_))).then_some(kind);
            if stop.run_until_cancelled(tokio::time::sleep(wait)).await.is_none() {
                return;
            }
        }
    }

    fn tell(&self, why: &Lost, wait: Duration) {
        let (Mqtt { host, port, .. }, wait) = (&self.broker.config, wait.as_secs_f64());
        if let Lost::Untrusted(_) = why {
            log::warn!(
                event = "mqtt-untrusted";
                "no connection to the MQTT broker {host}:{port}, which is not trusted and was told nothing: {why}; calls go on, and we try again (next in {wait:.0} s)"
            );
        } else {
            log::warn!(
                event = "mqtt-down";
                "no connection to the MQTT broker {host}:{port}: {why}; calls go on, and we try again (next in {wait:.0} s)"
            );
        }
    }

    /// One connection, if it can be had, from its beginning to its end. `Ok` if we were the ones who ended it.
    async fn connection(&self, session: u64) -> Result<(), Lost> {
        let (client, events) = AsyncClient::new(self.options(session).await?, REQUESTS);
        self.converse(client, events, session).await
    }

    async fn converse(&self, client: AsyncClient, mut events: EventLoop, session: u64) -> Result<(), Lost> {
        let mut client = Some(client);
        loop {
            let told = match events.poll().await {
                Ok(Event::Incoming(Incoming::ConnAck(answer))) if answer.code == ConnectReturnCode::Success => match client.take() {
                    Some(client) => {
                        log::info!(event = "mqtt-up"; "connected to the MQTT broker {}:{}", self.broker.config.host, self.broker.config.port);
                        self.events.send(LinkEvent::Up { client, session }).await
                    }
                    None => Ok(()),
                },
                Ok(Event::Incoming(Incoming::PubAck(answer))) => self.events.send(LinkEvent::from(answer.reason)).await,
                Ok(Event::Outgoing(Outgoing::Disconnect)) => return Ok(()),
                Ok(_) => Ok(()),
                Err(error) if client.is_some() => return Err(Lost::connecting(error)),
                Err(error) => {
                    let lost = Lost::AfterConnecting(error.to_string());
                    return self.events.send(LinkEvent::Down).await.map_or(Ok(()), |()| Err(lost));
                }
            };
            if told.is_err() {
                // The reporter is gone.
                return Ok(());
            }
        }
    }

    /// An IPv6 address goes without brackets: the certificate has none, and the resolver takes what stands behind the last colon for the port.
    async fn options(&self, session: u64) -> Result<MqttOptions, Lost> {
        let Mqtt { host, port, user, trust, .. } = &self.broker.config;
        // A stable name: when the device comes back before the broker noticed that it was gone, the broker drops the old connection.
        let mut options = MqttOptions::new(format!("switchhook-{}", self.device), host, *port);
        options.set_keep_alive(KEEP_ALIVE).set_outgoing_inflight_upper_limit(IN_FLIGHT);
        let will = serde_json::to_vec(&Presence { online: false, session, version: None }).unwrap_or_default();
        options.set_last_will(LastWill::new(self.topics.state(), will, QoS::AtLeastOnce, true, None));
        if let Some(user) = user {
            options.set_credentials(user, self.broker.password.as_ref().map_or("", Secret::reveal));
        }
        if let Some(trust) = trust.clone() {
            let guard = tokio::task::spawn_blocking(move || guard(&trust)).await.map_err(|error| Lost::Untrusted(error.to_string()))?;
            options.set_transport(Transport::tls_with_config(guard.map_err(|error| Lost::Untrusted(error.to_string()))?.into()));
        }
        Ok(options)
    }
}

/// How a connection failed.
#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error("{0}")]
    Connecting(String),
    /// Nobody vouches for whoever answers, or nobody can.
    #[error("{0}")]
    Untrusted(String),
    #[error("it was lost: {0}")]
    AfterConnecting(String),
}

impl Lost {
    fn connecting(error: ConnectionError) -> Self {
        match error {
            ConnectionError::Tls(TlsError::NativeTls(error)) => Self::Untrusted(reason(&error.to_string()).to_owned()),
            other => Self::Connecting(other.to_string()),
        }
    }
}

/// OpenSSL tells where in its code it stopped, and at the end, in brackets, why a certificate is not trusted.
fn reason(error: &str) -> &str {
    error.strip_suffix(')').and_then(|error| error.rsplit_once(" (")).map_or(error, |(_, why)| why)
}

/// Session numbers: milliseconds since 1970, and always more than before, so that they grow across restarts without being stored.
#[derive(Default)]
struct Sessions(u64);

impl Sessions {
    fn next(&mut self) -> u64 {
        let now = u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or(0);
        self.0 = now.max(self.0 + 1);
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn session_numbers_grow_even_within_a_millisecond() {
        let mut sessions = Sessions::default();
        let numbers: Vec<u64> = (0..100).map(|_| sessions.next()).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
    }

    #[test]
    fn of_what_openssl_tells_the_reason_is_told_where_there_is_one() {
        let told = "error:0A000086:SSL routines::certificate verify failed:../ssl/statem/statem_clnt.c:1889: (certificate has expired)";
        assert_eq!(reason(told), "certificate has expired");
        assert_eq!(reason("error:0A00010B:SSL routines::wrong version number"), "error:0A00010B:SSL routines::wrong version number");
        assert_eq!([reason(""), reason(")"), reason(" ()")], ["", ")", ""]);
    }
}
