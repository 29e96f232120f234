//! The caller's hands: the telephone, the clock, and the sound.

use std::collections::VecDeque;
use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::time::{Instant, sleep_until, timeout};

use super::report::{self, Percentiles, Report, Transfer};
use super::script::{Act, End, Plan, Script};
use super::{Utterance, utterance};
use crate::ear::{Activity, HORIZON, Tracks, first_sound, speech_end};
use crate::rtp::{FRAME, Impairment, KeyPress, Law, Packet, RATE, ReadPacket, event_of};
use crate::sip::sdp::{Direction, Media};
use crate::sip::{Phone, PhoneCommand, PhoneEvent, Protocol, Target};

/// One packet's time.
const TICK: Duration = Duration::from_millis(20);
/// Somebody who does not answer by then will not.
const RING: Duration = Duration::from_secs(30);
/// How long the caller talks to the person that the call was passed to.
const WITH_PERSON: usize = 3 * RATE as usize;
/// How long a phone that was put down may take to be free.
const FAREWELL: Duration = Duration::from_secs(6);

/// A call to be placed.
#[derive(Debug)]
pub struct Order {
    /// Whom to call.
    pub to: Target,
    /// How the signalling goes.
    pub protocol: Protocol,
    /// The laws that are offered, the preferred one first.
    pub laws: Vec<Law>,
    /// What to say.
    pub utterances: Vec<Utterance>,
    /// What to do when. Its utterances' lengths follow from those above.
    pub plan: Plan,
    /// What the network does to the caller's packets.
    pub impairment: Impairment,
    /// Speech is over after so much quiet, in samples.
    pub quiet: usize,
    /// Whether to send sound at all: a dead network sends none.
    pub mute: bool,
}

/// A call that is over.
#[derive(Debug)]
pub struct Call {
    /// What is told of it.
    pub report: Report,
    /// Its sound.
    pub tracks: Tracks,
    /// When it was taken: where both tracks begin.
    pub started: Instant,
}

impl Call {
    /// Write what was heard to `path`, and what was said beside it, as `NAME.said.wav`.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn record(&self, path: &Path) -> switchhook_models::Result<()> {
        utterance::write(path, &self.tracks.heard)?;
        utterance::write(&path.with_extension("said.wav"), &self.tracks.said)
    }
}

/// Place a call and see it through.
///
/// # Errors
/// If there is no socket to be had or the target has no address. A call that is refused is a result.
pub async fn place(order: Order) -> std::io::Result<Call> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).await?;
    let port = socket.local_addr()?.port();
    let mut phone = Phone::call(&order.to, order.protocol, port, order.laws.clone()).await?;
    match timeout(RING, answer(&mut phone)).await {
        Ok(Ok(media)) => Ok(Conversation::new(order, socket, port, phone, media).hold().await),
        Ok(Err(status)) => Ok(refused(status)),
        Err(_) => {
            let _ = phone.commands.send(PhoneCommand::HangUp).await;
            let _ = timeout(FAREWELL, answer(&mut phone)).await;
            Ok(refused(408))
        }
    }
}

async fn answer(phone: &mut Phone) -> Result<Media, u16> {
    loop {
        match phone.events.recv().await {
            Some(PhoneEvent::Answered(media)) => return Ok(media),
            Some(PhoneEvent::Refused(status)) => return Err(status),
            None | Some(PhoneEvent::Ended { .. }) => return Err(503),
            Some(PhoneEvent::Ringing | PhoneEvent::Changed(_) | PhoneEvent::Refer(_)) => {}
        }
    }
}

fn refused(status: u16) -> Call {
    let report = Report {
        answered: false,
        status,
        end: End::Refused,
        seconds: 0.0,
        greeting_ms: None,
        turns: Vec::new(),
        latency_ms: Percentiles::default(),
        packets_received: 0,
        packets_sent_by_them: 0,
        transfer: None,
    };
    Call { report, tracks: Tracks::default(), started: Instant::now() }
}

/// A call that was taken.
struct Conversation {
    socket: UdpSocket,
    port: u16,
    laws: Vec<Law>,
    protocol: Protocol,
    /// The call to the robot, until it leaves.
    phone: Option<Phone>,
    /// The call to the person that the robot passes us on to.
    onward: Option<Phone>,
    transfer: Option<Transfer>,
    media: Media,
    utterances: Vec<Utterance>,
    script: Script,
    robot: Activity,
    impairment: Impairment,
    mute: bool,
    started: Instant,
    ticks: u32,
    tracks: Tracks,
    /// What is being said, and how much of it is.
    saying: Option<(usize, usize)>,
    said: Vec<(usize, usize)>,
    keys: VecDeque<char>,
    pressing: Option<KeyPress>,
    sequence: u16,
    ssrc: u32,
    /// When the person came to the phone.
    with_person: Option<usize>,
    end: Option<End>,
}

impl Conversation {
    fn new(order: Order, socket: UdpSocket, port: u16, phone: Phone, media: Media) -> Self {
        let Order { protocol, laws, utterances, plan, impairment, quiet, mute, .. } = order;
        // A caller has finished with the last word, whatever silence the file ends with.
        let spoken = |utterance: &Utterance| speech_end(&utterance.samples).unwrap_or(utterance.samples.len());
        let lengths = utterances.iter().map(spoken).collect();
        Self {
            socket,
            port,
            laws,
            protocol,
            phone: Some(phone),
            onward: None,
            transfer: None,
            media,
            utterances,
            script: Script::new(Plan { utterances: lengths, ..plan }),
            robot: Activity::new(quiet),
            impairment,
            mute,
            started: Instant::now(),
            ticks: 0,
            tracks: Tracks::default(),
            saying: None,
            said: Vec::new(),
            keys: VecDeque::new(),
            pressing: None,
            sequence: rand::random(),
            ssrc: rand::random(),
            with_person: None,
            end: None,
        }
    }

    async fn hold(mut self) -> Call {
        let mut buffer = vec![0; 2_048];
        let end = loop {
            if let Some(end) = self.end {
                break end;
            }
            // Every deadline counts from the start: a late tick does not delay the next.
            let tick = self.started + TICK * self.ticks;
            tokio::select! {
                biased;
                () = sleep_until(tick) => self.tick().await,
                received = self.socket.recv_from(&mut buffer) => if let Ok((length, _)) = received {
                    self.hear(buffer.get(..length).unwrap_or_default());
                },
                event = next(&mut self.phone) => self.robot_did(event).await,
                event = next(&mut self.onward) => self.person_did(event).await,
            }
        };
        self.farewell().await;
        self.told(end)
    }

    fn now(&self) -> usize {
        (self.started.elapsed().as_micros() * u128::from(RATE) / 1_000_000) as usize
    }

    async fn tick(&mut self) {
        let now = self.ticks as usize * FRAME;
        self.ticks += 1;
        self.tracks.extend_to(now);
        self.robot.follow(&self.tracks.heard, now.saturating_sub(HORIZON));
        if let Some(since) = self.with_person {
            if now >= since + WITH_PERSON {
                self.end = Some(End::Transferred);
            }
        } else if self.onward.is_none() {
            for act in self.script.step(now, &self.robot) {
                self.act(act, now).await;
            }
        }
        self.send(now).await;
    }

    async fn act(&mut self, act: Act, now: usize) {
        match act {
            Act::Say(index) => {
                self.saying = Some((index, 0));
                self.said.push((index, now));
            }
            Act::Press(key) => self.keys.push_back(key),
            Act::Hold => self.command(PhoneCommand::Hold).await,
            Act::Resume => self.command(PhoneCommand::Resume).await,
            Act::HangUp(end) => self.end = Some(end),
        }
    }

    async fn command(&self, command: PhoneCommand) {
        // The phone is gone only when the call is, which is told as an event.
        if let Some(phone) = &self.phone {
            let _ = phone.commands.send(command).await;
        }
    }

    async fn send(&mut self, now: usize) {
        let frame = self.next_frame();
        self.tracks.say(now, &frame);
        let timestamp = now as u32;
        if self.pressing.is_none() {
            let event = self.media.keys.zip(self.keys.pop_front().and_then(event_of));
            self.pressing = event.map(|(payload_type, event)| KeyPress::new(event, payload_type, timestamp));
        }
        self.sequence = self.sequence.wrapping_add(1);
        let key = self.pressing.as_mut().and_then(|press| press.next_packet(self.sequence, self.ssrc));
        if key.is_none() {
            self.pressing = None;
        }
        let packet = key.unwrap_or_else(|| Packet {
            payload_type: self.media.law.payload_type(),
            marker: now == 0,
            sequence: self.sequence,
            timestamp,
            ssrc: self.ssrc,
            payload: frame.iter().map(|&sample| self.media.law.encode(sample)).collect(),
        });
        let wanted = matches!(self.media.direction, Direction::SendRecv | Direction::RecvOnly);
        if self.mute || !wanted {
            return;
        }
        for bytes in self.impairment.pass(packet.to_bytes()) {
            // A port that is closed shows as an error here; the signalling tells what it means.
            let _ = self.socket.send_to(&bytes, self.media.address).await;
        }
    }

    fn next_frame(&mut self) -> [i16; FRAME] {
        let mut frame = [0; FRAME];
        let Some((index, at)) = self.saying else { return frame };
        let rest = self.utterances.get(index).and_then(|utterance| utterance.samples.get(at..)).unwrap_or_default();
        let length = rest.len().min(FRAME);
        for (to, from) in frame.iter_mut().zip(rest) {
            *to = *from;
        }
        self.saying = (length == FRAME).then_some((index, at + FRAME));
        frame
    }

    fn hear(&mut self, bytes: &[u8]) {
        let Some(packet) = ReadPacket::parse(bytes) else { return };
        let Some(law) = self.laws.iter().find(|law| law.payload_type() == packet.payload_type) else { return };
        let samples: Vec<i16> = packet.payload.iter().map(|&code| law.decode(code)).collect();
        self.tracks.hear(self.now(), packet.ssrc, packet.sequence, packet.timestamp, &samples);
    }

    async fn robot_did(&mut self, event: Option<PhoneEvent>) {
        match event {
            Some(PhoneEvent::Answered(media) | PhoneEvent::Changed(media)) if self.with_person.is_none() => self.media = media,
            Some(PhoneEvent::Refer(target)) => self.follow(&target).await,
            Some(PhoneEvent::Ringing | PhoneEvent::Answered(_) | PhoneEvent::Changed(_)) => {}
            Some(PhoneEvent::Ended { .. } | PhoneEvent::Refused(_)) | None => {
                self.phone = None;
                if self.onward.is_none() {
                    self.end = Some(End::Robot);
                }
            }
        }
    }

    /// Call whom the robot passes us on to, with the same ear and mouth.
    async fn follow(&mut self, target: &Target) {
        self.transfer = Some(Transfer { to: target.uri.clone(), status: None });
        let protocol = target.protocol.unwrap_or(self.protocol);
        match Phone::call(target, protocol, self.port, self.laws.clone()).await {
            Ok(phone) => self.onward = Some(phone),
            Err(error) => {
                log::warn!("cannot call {}: {error}", target.uri);
                self.command(PhoneCommand::Referred(503)).await;
            }
        }
    }

    async fn person_did(&mut self, event: Option<PhoneEvent>) {
        match event {
            Some(PhoneEvent::Answered(media)) => {
                self.media = media;
                self.with_person = Some(self.now());
                self.reached(200).await;
            }
            Some(PhoneEvent::Changed(media)) => self.media = media,
            Some(PhoneEvent::Refused(status)) => {
                self.onward = None;
                self.reached(status).await;
                if self.phone.is_none() {
                    self.end = Some(End::Robot);
                }
            }
            Some(PhoneEvent::Ended { .. }) | None => self.end = Some(End::Transferred),
            Some(PhoneEvent::Ringing | PhoneEvent::Refer(_)) => {}
        }
    }

    async fn reached(&mut self, status: u16) {
        if let Some(transfer) = &mut self.transfer {
            transfer.status = Some(status);
        }
        self.command(PhoneCommand::Referred(status)).await;
    }

    /// Put every phone down, and wait until it is free.
    async fn farewell(&mut self) {
        for phone in [self.phone.as_mut(), self.onward.as_mut()].into_iter().flatten() {
            let _ = phone.commands.send(PhoneCommand::HangUp).await;
            let _ = timeout(FAREWELL, async { while phone.events.recv().await.is_some() {} }).await;
        }
    }

    fn told(self, end: End) -> Call {
        let turns = report::turns(&self.tracks, &self.utterances, &self.said);
        let latencies: Vec<_> = turns.iter().filter_map(|turn| turn.latency_ms).collect();
        let (packets_received, packets_sent_by_them) = self.tracks.packets();
        let report = Report {
            answered: true,
            status: 200,
            end,
            seconds: report::millis(self.ticks as usize * FRAME) as f64 / 1e3,
            greeting_ms: first_sound(&self.tracks.heard, 0).map(report::millis),
            turns,
            latency_ms: Percentiles::of(&latencies),
            packets_received,
            packets_sent_by_them,
            transfer: self.transfer,
        };
        Call { report, tracks: self.tracks, started: self.started }
    }
}

/// The next event of a phone, if there is one.
async fn next(phone: &mut Option<Phone>) -> Option<PhoneEvent> {
    match phone {
        Some(phone) => phone.events.recv().await,
        None => std::future::pending().await,
    }
}
