//! A call's sound: one task that wakes once per 20 ms and does everything then.
//!
//! What the network delivered since the last tick waits in the socket. That costs nothing, since nothing can be heard between ticks; and
//! it halves the wake-ups, which are what a small board's battery of calls is paid in. So the socket is a plain one that nobody
//! polls, and a tick is: take orders, read what came, give a frame to the ear, send a frame of the mouth. Nothing is allocated.
//!
//! Ticks follow a monotonic clock. After a stall the missed ones are left out, never made up for in a burst; the timestamps of
//! our packets jump by what was left out, as RFC 3550 asks of a sampling clock.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::latch::{Latch, Verdict};
use super::ports::RtpSockets;
use super::sdp::{Agreed, Direction};
use crate::config::Codec;
use crate::lines::Key;
use crate::media::concealment::Concealment;
use crate::media::dtmf::{Digit, EventReader, EventWriter, ToneDetector, ToneWriter};
use crate::media::jitter::{JitterBuffer, LONGEST_PACKET, Taken};
use crate::media::rtp::{HEADER, Packet};
use crate::media::{EchoCanceller, FRAME, FRAME_SAMPLES, Frame, PlayoutClock, codec};
use crate::progress::Heartbeat;

/// No more packets are read per tick: a flood must not stop the clock.
const PACKETS_PER_TICK: usize = 64;
/// Nobody holds a robot for longer; a gateway that forgot the call does.
const LONGEST_HOLD: Duration = Duration::from_secs(5 * 60);
/// A longer packet is cut off by the socket and then refused.
const LONGEST: usize = 1500;

/// What the call asks of its sound.
#[derive(Debug)]
pub enum Order {
    /// Do as was agreed now.
    Follow(Agreed),
    /// The call is answered: let the ear hear, and watch for a silence of the network.
    Live,
    /// Play a key to the other side.
    Press(Key),
}

/// What the sound tells the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// The caller pressed a key.
    Key(Key),
    /// No RTP came for as long as the line waits.
    Lost,
}

/// What the task is made of.
pub struct Sound {
    sockets: RtpSockets,
    orders: mpsc::Receiver<Order>,
    news: mpsc::Sender<News>,
    hears: mpsc::Sender<Frame>,
    clock: PlayoutClock,
    timeout: Duration,
    heart: Heartbeat,
    agreed: Option<Agreed>,
    latch: Latch,
    ear: Ear,
    mouth: Mouth,
    /// What the gateway gives back of the mouth.
    echo: EchoCanceller,
    /// When RTP came last, from the answer on.
    heard_at: Option<Instant>,
    /// Since when the other side has held us, or never wanted to be heard.
    held_since: Option<Instant>,
}

/// From packets to frames.
#[derive(Default)]
struct Ear {
    buffer: JitterBuffer,
    concealment: Concealment,
    events: EventReader,
    tones: ToneDetector,
}

/// From frames to packets.
struct Mouth {
    ssrc: u32,
    sequence: u16,
    /// The timestamp of the first tick.
    origin: u32,
    events: EventWriter,
    tones: ToneWriter,
    /// Whether the last frame was sent and was not silence.
    talking: bool,
    /// What the other side hears in this tick.
    frame: Frame,
}

impl Sound {
    /// The sound of a new call. It ends when the sender of `orders` is dropped, or the receiver of `news`.
    pub fn new(
        sockets: RtpSockets,
        orders: mpsc::Receiver<Order>,
        news: mpsc::Sender<News>,
        hears: mpsc::Sender<Frame>,
        clock: PlayoutClock,
        timeout: Duration,
        heart: Heartbeat,
    ) -> Self {
        let mouth = Mouth {
            ssrc: rand::random(),
            sequence: rand::random(),
            origin: rand::random(),
            events: EventWriter::default(),
            tones: ToneWriter::default(),
            talking: false,
            frame: Frame::SILENCE,
        };
        Self {
            sockets,
            orders,
            news,
            hears,
            clock,
            timeout,
            heart,
            agreed: None,
            latch: Latch::default(),
            ear: Ear::default(),
            mouth,
            echo: EchoCanceller::new(),
            heard_at: None,
            held_since: None,
        }
    }

    /// Carry the sound until the call is over.
    pub async fn carry(mut self) {
        let start = Instant::now();
        let mut ticks = interval_at(start, FRAME);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            let tick = ticks.tick().await;
            self.heart.on();
            if !self.take_orders(tick) {
                return;
            }
            self.listen(tick);
            self.hear();
            let frames = (tick - start).as_millis() / FRAME.as_millis();
            self.mouth.frame = Frame::SILENCE;
            self.speak((frames as u32).wrapping_mul(FRAME_SAMPLES as u32));
            self.echo.sent(&self.mouth.frame);
            if !self.watch(tick) {
                return;
            }
        }
    }

    fn take_orders(&mut self, now: Instant) -> bool {
        loop {
            match self.orders.try_recv() {
                Ok(Order::Follow(agreed)) => {
                    self.latch.describe(agreed.remote);
                    self.agreed = Some(agreed);
                    self.heard_at = self.heard_at.map(|_| now);
                }
                Ok(Order::Live) => {
                    self.latch.confirm();
                    self.heard_at = Some(now);
                }
                Ok(Order::Press(key)) => self.press(key),
                Err(mpsc::error::TryRecvError::Empty) => return true,
                Err(mpsc::error::TryRecvError::Disconnected) => return false,
            }
        }
    }

    fn press(&mut self, key: Key) {
        let Some(digit) = Digit::from_char(key.char()) else { return };
        match self.agreed {
            Some(Agreed { events: Some(_), .. }) => self.mouth.events.press(digit),
            _ => self.mouth.tones.press(digit),
        };
    }

    /// Read what the network delivered since the last tick.
    fn listen(&mut self, now: Instant) {
        let mut bytes = [0; LONGEST];
        for _ in 0..PACKETS_PER_TICK {
            match self.sockets.rtp.recv_from(&mut bytes) {
                Ok((length, from)) => self.packet(&bytes[..length], from, now),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                // An unreachable port of theirs is told here, once per packet of ours; it does not concern this one.
                Err(_) => {}
            }
        }
    }

    fn packet(&mut self, bytes: &[u8], from: SocketAddr, now: Instant) {
        let Some(agreed) = self.agreed else { return };
        let Some(packet) = Packet::parse(bytes) else { return };
        let is_event = agreed.events == Some(packet.payload_type);
        if packet.payload_type != agreed.payload_type && !is_event {
            return;
        }
        match self.latch.judge(from, &packet) {
            Verdict::Ignored => return,
            Verdict::NewStream => self.ear.begin(),
            Verdict::Theirs => {}
        }
        self.heard_at = self.heard_at.map(|_| now);
        if !is_event {
            self.ear.put(agreed.codec, &packet);
        } else if let Some(digit) = self.ear.events.read(packet.timestamp, packet.payload) {
            self.tell_key(digit);
        }
    }

    /// Give the ear its frame.
    fn hear(&mut self) {
        let mut frame = self.ear.take();
        let Some(agreed) = self.agreed.filter(|_| self.heard_at.is_some()) else { return };
        // While the caller holds us there may be music. It is not the caller, so it is not heard.
        if agreed.direction != Direction::SendRecv {
            frame = Frame::SILENCE;
        }
        if agreed.events.is_none()
            && let Some(digit) = self.ear.tones.hear(&frame)
        {
            self.tell_key(digit);
        }
        self.echo.clean(&mut frame);
        // A full channel means that the call actor is half a second behind: this frame is worth least.
        let _ = self.hears.try_send(frame);
    }

    fn tell_key(&self, digit: Digit) {
        if self.heard_at.is_some()
            && let Some(key) = Key::from_event(digit.code())
        {
            let _ = self.news.try_send(News::Key(key));
        }
    }

    /// Send the frame of this tick. While the other side does not listen, the mouth rests and nothing of what it says is lost.
    ///
    /// Nothing is sent before the ACK either: an INVITE with a forged sender would have us send sound to whomever it names. Only who got
    /// our 200 can write its ACK.
    fn speak(&mut self, elapsed: u32) {
        let confirmed = self.heard_at.is_some();
        let sends = |agreed: &Agreed| confirmed && matches!(agreed.direction, Direction::SendRecv | Direction::SendOnly);
        let Some((agreed, target)) = self.agreed.filter(sends).zip(self.latch.target()) else {
            self.mouth.talking = false;
            return;
        };
        let mut bytes = [0; HEADER + FRAME_SAMPLES];
        let length = self.mouth.packet(&agreed, elapsed, &self.clock, &mut bytes);
        // A packet that cannot be sent is a packet lost on the way.
        let _ = self.sockets.rtp.send_to(&bytes[..length], target);
    }

    /// Whether the call goes on: the call is told once if nothing comes any more.
    fn watch(&mut self, now: Instant) -> bool {
        let expected = self.agreed.is_some_and(|agreed| agreed.direction == Direction::SendRecv);
        let Some(at) = self.heard_at else { return !self.news.is_closed() };
        let (since, bound) = if expected {
            self.held_since = None;
            (at, self.timeout)
        } else {
            // The network's silence counts from the end of the hold.
            self.heard_at = Some(now);
            (*self.held_since.get_or_insert(now), LONGEST_HOLD)
        };
        if now.duration_since(since) > bound {
            return self.news.try_send(News::Lost).is_err();
        }
        !self.news.is_closed()
    }
}

impl Ear {
    fn begin(&mut self) {
        self.buffer.reset();
        self.events = EventReader::default();
    }

    fn put(&mut self, codec: Codec, packet: &Packet<'_>) {
        let mut samples = [0; LONGEST_PACKET];
        if packet.payload.len() <= LONGEST_PACKET {
            let length = codec::decode(codec, packet.payload, &mut samples);
            self.buffer.put(packet.timestamp, &samples[..length]);
        }
    }

    fn take(&mut self) -> Frame {
        let mut frame = Frame::SILENCE;
        match self.buffer.take(&mut frame) {
            Taken::Lost => return self.concealment.lost(),
            Taken::Sound | Taken::Nothing => self.concealment.heard(&mut frame),
        }
        frame
    }
}

impl Mouth {
    /// Write the packet of this tick and return its length.
    fn packet(&mut self, agreed: &Agreed, elapsed: u32, clock: &PlayoutClock, bytes: &mut [u8; HEADER + FRAME_SAMPLES]) -> usize {
        let timestamp = self.origin.wrapping_add(elapsed);
        let event = agreed.events.and_then(|number| self.events.tick(timestamp).map(|event| (number, event)));
        if let Some((payload_type, event)) = event {
            self.talking = false;
            return self.write(payload_type, event.marker, event.timestamp, &event.payload, bytes);
        }
        self.frame = self.tones.tick().unwrap_or_else(|| clock.tick());
        let mut sound = [0; FRAME_SAMPLES];
        codec::encode(agreed.codec, &self.frame.0, &mut sound);
        let begins = self.frame != Frame::SILENCE && !self.talking;
        self.talking = self.frame != Frame::SILENCE;
        self.write(agreed.payload_type, begins, timestamp, &sound, bytes)
    }

    fn write(&mut self, payload_type: u8, marker: bool, timestamp: u32, payload: &[u8], bytes: &mut [u8]) -> usize {
        let packet = Packet { payload_type, marker, sequence: self.sequence, timestamp, ssrc: self.ssrc, payload };
        self.sequence = self.sequence.wrapping_add(1);
        packet.write(bytes).unwrap_or(0)
    }
}
