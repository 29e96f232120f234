//! The reporter: hears of lines and calls, and hands it to the link when there is one.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use rumqttc::v5::AsyncClient;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::PubAckReason;
use serde::Serialize;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::brokers::{Owed, Sources};
use super::link::{IN_FLIGHT, Link, LinkEvent};
use super::spool::{Message, Spool};
use super::topics::{Birth, HandOver, LineNow, Presence, Topics};
use super::{About, Broker, Health};
use crate::calls::{Briefing, Event, Registry, Summary};
use crate::lines::{Board, LineHandle};

/// How many of them may be on their way at once.
const WINDOW: usize = 16;
/// How long leaving may take.
const FAREWELL: Duration = Duration::from_secs(2);

/// Health as it is sent: what the house says, and what only we know.
#[derive(Serialize)]
struct Beat {
    #[serde(flatten)]
    health: Health,
    calls: usize,
    lines: usize,
    lines_ready: usize,
    telemetry_waiting: usize,
    telemetry_dropped: u64,
}

/// A connection in use.
struct Live {
    client: AsyncClient,
    session: u64,
    /// What the broker has not acknowledged yet, in the order of sending; `None` for what is told anew on the next connection anyway.
    sent: VecDeque<Option<Message>>,
    /// Whether the broker refused something: one line of the log per connection says so.
    refused: bool,
}

impl Live {
    /// How many messages that must arrive are on their way.
    fn under_way(&self) -> usize {
        self.sent.iter().flatten().count()
    }

    fn has_room(&self) -> bool {
        self.sent.len() < usize::from(IN_FLIGHT)
    }
}

pub(super) struct Reporter {
    broker: Broker,
    about: watch::Receiver<About>,
    board: Board,
    registry: Registry,
    health: Arc<dyn Fn() -> Health + Send + Sync>,
    calls: broadcast::Receiver<Event>,
    topics: Topics,
    spool: Spool,
    live: Option<Live>,
    /// Whether something retained could not be handed on, and everything has to be told again.
    stale: bool,
}

impl Reporter {
    pub(super) fn new(broker: Broker, sources: Sources, owed: Owed) -> Self {
        let (Sources { about, board, registry, health }, Owed { calls, spool }) = (sources, owed);
        let topics = Topics::new(&broker.config, &about.borrow().device);
        Self { broker, about, board, registry, health, calls, topics, spool, live: None, stale: false }
    }

    /// Tell this broker until something ends it; what is owed to the next then.
    pub(super) async fn run(mut self, ends: impl Future<Output = ()>) -> Owed {
        let (events_in, mut events) = mpsc::channel(64);
        let (mut tasks, stop) = (JoinSet::new(), CancellationToken::new());
        let link = Link {
            broker: self.broker.clone(),
            device: self.about.borrow_and_update().device.clone(),
            topics: self.topics.clone(),
            events: events_in,
        };
        tasks.spawn(link.run(stop.clone()));
        let (changed_in, mut changed) = mpsc::channel(16);
        let mut board = self.board.watch();
        let mut lines = Arc::clone(&board.borrow_and_update());
        for line in lines.iter() {
            tasks.spawn(watch_line(line.clone(), changed_in.clone()));
        }
        let mut interval = tokio::time::interval(self.broker.config.interval);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);

        tokio::pin!(ends);
        loop {
            tokio::select! {
                biased;
                () = &mut ends => break,
                Some(event) = events.recv() => self.link(event),
                Some(line) = changed.recv() => if lines.iter().any(|known| known.is(&line)) {
                    self.tell_line(&line);
                },
                Ok(()) = board.changed() => {
                    let now = Arc::clone(&board.borrow_and_update());
                    for line in now.iter().filter(|line| lines.iter().all(|known| !known.is(line))) {
                        tasks.spawn(watch_line(line.clone(), changed_in.clone()));
                    }
                    self.board_changed(&lines);
                    lines = now;
                },
                Ok(()) = self.about.changed() => self.introduce(),
                event = self.calls.recv() => match event {
                    Ok(Event::Ended(summary)) => self.call_ended(&summary),
                    Ok(Event::HandOver(briefing)) => self.hand_over(&briefing),
                    Ok(Event::Began(_) | Event::Changed(..) | Event::Turn(..) | Event::HandOverEnded(..)) => {}
                    Err(broadcast::error::RecvError::Lagged(missed)) => {
                        log::warn!(event = "mqtt-slow"; "telemetry missed {missed} events of calls");
                    }
                    Err(broadcast::error::RecvError::Closed) => break,
                },
                _ = interval.tick() => self.beat(),
            }
        }
        stop.cancel();
        let left = tokio::time::timeout(FAREWELL, self.farewell(&mut events)).await;
        if left.is_err() {
            log::debug!("the MQTT broker did not acknowledge our leaving in time; it will tell our last will");
        }
        self.lose();
        Owed { calls: self.calls, spool: self.spool }
    }

    /// The connection is gone: what the broker did not acknowledge is told again.
    fn lose(&mut self) {
        if let Some(live) = self.live.take() {
            self.spool.lost(live.sent.into_iter().flatten());
        }
    }

    fn link(&mut self, event: LinkEvent) {
        match event {
            LinkEvent::Up { client, session } => {
                self.live = Some(Live { client, session, sent: VecDeque::new(), refused: false });
                self.introduce();
                self.beat();
            }
            LinkEvent::Acknowledged => {
                if let Some(live) = &mut self.live {
                    live.sent.pop_front();
                }
            }
            LinkEvent::Refused(why) => self.refused(why),
            LinkEvent::Down => self.lose(),
        }
        self.flush();
    }

    /// The broker refused the oldest message: it is lost, and counted if it had to arrive.
    fn refused(&mut self, why: PubAckReason) {
        let Some(live) = &mut self.live else { return };
        if live.sent.pop_front().flatten().is_some() {
            self.spool.give_up();
        }
        if !std::mem::replace(&mut live.refused, true) {
            let ours = self.topics.all();
            log::warn!(event = "mqtt-refused"; "the MQTT broker refuses what we publish ({why:?}); allow this device to write to {ours}");
        }
    }

    /// Tell everything that is retained.
    fn introduce(&mut self) {
        let Some(session) = self.live.as_ref().map(|live| live.session) else { return };
        self.stale = false;
        let (about, lines) = (self.about.borrow_and_update().clone(), self.board.lines());
        let birth = json(&Birth::new(session, &about, &lines));
        self.retain(self.topics.birth(), birth);
        for line in lines.iter() {
            self.tell_line(line);
        }
        // Last: whoever sees us online finds the rest told.
        let online = json(&Presence { online: true, session, version: Some(&about.version) });
        self.retain(self.topics.state(), online);
    }

    /// Lines came or went: what is retained of those that are gone is taken back.
    fn board_changed(&mut self, before: &[LineHandle]) {
        let now = self.board.lines();
        for gone in before.iter().filter(|line| now.iter().all(|other| other.id != line.id)) {
            self.retain(self.topics.line(&gone.id), Vec::new());
        }
        self.introduce();
    }

    fn tell_line(&mut self, line: &LineHandle) {
        let now = json(&LineNow::new(line, &line.status.borrow()));
        self.retain(self.topics.line(&line.id), now);
    }

    fn retain(&mut self, topic: String, payload: Vec<u8>) {
        let Some(live) = &mut self.live else { return };
        if live.has_room() && live.client.try_publish(topic, QoS::AtLeastOnce, true, payload).is_ok() {
            live.sent.push_back(None);
        } else {
            self.stale = true;
        }
    }

    fn call_ended(&mut self, summary: &Summary) {
        self.spool.push(Message { call: summary.call, payload: json(summary), losses: 0 });
        self.flush();
    }

    /// A call is being handed to somebody, who may read what they are told. Whoever does not read it now has heard it, so that it never waits for a broker.
    fn hand_over(&self, briefing: &Briefing) {
        let Some(live) = self.live.as_ref().filter(|_| briefing.text.mqtt) else { return };
        let _ = live.client.try_publish(self.topics.hand_over(briefing.call), QoS::AtMostOnce, false, json(&HandOver::new(briefing)));
    }

    /// Hand on what waits, as far as there is room.
    fn flush(&mut self) {
        let Some(live) = &mut self.live else { return };
        while live.under_way() < WINDOW && live.has_room() {
            let Some(message) = self.spool.pop() else { break };
            let (topic, payload) = (self.topics.call(message.call), message.payload.clone());
            if live.client.try_publish(topic, QoS::AtLeastOnce, false, payload).is_err() {
                self.spool.undo(message);
                break;
            }
            live.sent.push_back(Some(message));
        }
    }

    fn beat(&mut self) {
        if self.stale {
            self.introduce();
        }
        self.flush();
        let Some(live) = &self.live else { return };
        let ready = |line: &&LineHandle| matches!(*line.status.borrow(), crate::lines::LineStatus::Ready { .. });
        let lines = self.board.lines();
        let beat = Beat {
            health: (self.health)(),
            calls: self.registry.len(),
            lines: lines.len(),
            lines_ready: lines.iter().filter(ready).count(),
            telemetry_waiting: self.spool.len(),
            telemetry_dropped: self.spool.dropped(),
        };
        // A beat that is lost is followed by the next.
        let _ = live.client.try_publish(self.topics.health(), QoS::AtMostOnce, false, json(&beat));
    }

    /// Hand on what is left, say that we go, and wait until the broker has it all.
    async fn farewell(&mut self, events: &mut mpsc::Receiver<LinkEvent>) {
        while let Ok(event) = self.calls.try_recv() {
            if let Event::Ended(summary) = event {
                self.call_ended(&summary);
            }
        }
        while self.live.as_ref().is_some_and(|live| live.under_way() > 0 || !live.has_room()) {
            let Some(event) = events.recv().await else { return };
            self.link(event);
        }
        let Some(session) = self.live.as_ref().map(|live| live.session) else { return };
        self.retain(self.topics.state(), json(&Presence { online: false, session, version: None }));
        while self.live.as_ref().is_some_and(|live| !live.sent.is_empty()) {
            let Some(event) = events.recv().await else { return };
            self.link(event);
        }
        if let Some(live) = self.live.take()
            && live.client.try_disconnect().is_ok()
        {
            // The link ends with the disconnection, and its end of the channel with it.
            while events.recv().await.is_some() {}
        }
    }
}

async fn watch_line(mut line: LineHandle, changed: mpsc::Sender<LineHandle>) {
    while line.status.changed().await.is_ok() {
        if changed.send(line.clone()).await.is_err() {
            return;
        }
    }
}

fn json(value: &impl Serialize) -> Vec<u8> {
    // Our own plain structs: they have no maps with keys that are not strings, which is all that could fail.
    serde_json::to_vec(value).unwrap_or_default()
}
