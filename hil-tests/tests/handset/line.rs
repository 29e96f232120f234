//! The handset line on a virtual sound card: what a person says arrives, what the robot says is heard, and a card that stumbles or
//! disappears ends nothing for good. The robot here is a process of its own, since the card is named in its environment; it answers every
//! call, and tells on its output what happens to it.

use std::f64::consts::TAU;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use switchhook::config::{Handset, Kind};
use switchhook::lines::handset::HandsetLine;
use switchhook::lines::{Leg, LegCommand, LegEvent, Line, LineCommand, LineId, LinePorts, LineStatus};
use switchhook::media::{FRAME_SAMPLES, Frame, SAMPLE_RATE};
use switchhook::progress::Progress;
use switchhook_hil::soundcard::{EARPIECE, MICROPHONE, SoundCard, signal};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

/// What the person plays and what the robot plays, in hertz.
const PERSON: f64 = 440.0;
const ROBOT: f64 = 1000.0;
/// Nothing here takes so long unless it fails.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn a_tone_played_into_the_microphone_arrives_as_frames() {
    let card = SoundCard::start().unwrap();
    let mut robot = Robot::start(&card);
    robot.order("off-hook");
    robot.says("event answered");
    let wav = tempfile::NamedTempFile::new().unwrap();
    write_wav(wav.path(), &tone(PERSON, Duration::from_secs(2)));
    let saying = card.say(wav.path()).unwrap();
    robot.says("hears the person");
    saying.finish().unwrap();
}

#[test]
fn a_tone_in_the_robot_s_mouth_comes_out_of_the_earpiece() {
    let card = SoundCard::start().unwrap();
    let mut robot = Robot::start(&card);
    robot.order("off-hook");
    robot.says("event answered");
    let wav = tempfile::NamedTempFile::new().unwrap();
    let listening = card.listen(wav.path()).unwrap();
    until("the person listens", || !read_wav(wav.path()).is_empty());
    robot.order("say 1");
    robot.says("said");
    until("the person has heard a second of it", || frames_of(ROBOT, &read_wav(wav.path())) >= 45);
    listening.stop().unwrap();
    let frames = frames_of(ROBOT, &read_wav(wav.path()));
    assert!((45..=55).contains(&frames), "{frames} frames of 20 ms");
}

#[test]
fn a_robot_that_hangs_up_is_heard_to_its_last_word() {
    let card = SoundCard::start().unwrap();
    let mut robot = Robot::start(&card);
    robot.order("off-hook");
    robot.says("event answered");
    let wav = tempfile::NamedTempFile::new().unwrap();
    let listening = card.listen(wav.path()).unwrap();
    until("the person listens", || !read_wav(wav.path()).is_empty());
    robot.order("say-and-hang-up 1");
    robot.says("event ended Robot");
    until("the person has heard all of it", || frames_of(ROBOT, &read_wav(wav.path())) >= 48);
    listening.stop().unwrap();
}

#[test]
fn an_earpiece_that_ran_dry_goes_on_when_there_is_sound_again() {
    let card = SoundCard::start().unwrap();
    let mut robot = Robot::start(&card);
    robot.order("off-hook");
    robot.says("event answered");
    let wav = tempfile::NamedTempFile::new().unwrap();
    let listening = card.listen(wav.path()).unwrap();
    robot.order("say 6");
    until("the person hears the robot", || frames_of(ROBOT, &read_wav(wav.path())) >= 20);
    signal("STOP", robot.process.id()).unwrap();
    until("the person hears nothing", || ends_in_silence(&read_wav(wav.path())));
    let before = frames_of(ROBOT, &read_wav(wav.path()));
    signal("CONT", robot.process.id()).unwrap();
    // Whether the sound server says that it ran dry before the next sound comes is a race of its own.
    until("the person hears the robot again", || frames_of(ROBOT, &read_wav(wav.path())) >= before + 100);
    robot.says("said");
    listening.stop().unwrap();
    robot.order("on-hook");
    robot.says("event ended Caller");
}

#[test]
fn putting_the_handset_back_ends_the_call_and_lifting_it_begins_another() {
    let card = SoundCard::start().unwrap();
    let mut robot = Robot::start(&card);
    for _ in 0..2 {
        robot.order("off-hook");
        robot.says("event answered");
        robot.order("on-hook");
        robot.says("event ended Caller");
    }
}

#[test]
fn a_card_pulled_out_ends_the_call_and_the_line_is_back_with_the_card() {
    let mut card = SoundCard::start().unwrap();
    let mut robot = Robot::start(&card);
    robot.order("off-hook");
    robot.says("event answered");
    card.unplug();
    robot.says("event ended Fault");
    let down = robot.says("status down");
    assert!(down.contains(MICROPHONE) || down.contains(EARPIECE), "{down}");
    card.plug().unwrap();
    robot.says("status ready");
    robot.order("off-hook");
    robot.says("event answered");
}

#[test]
fn a_line_whose_house_closes_leaves_once_its_call_is_over() {
    let card = SoundCard::start().unwrap();
    let mut robot = Robot::start(&card);
    robot.order("off-hook");
    robot.says("event answered");
    robot.order("close");
    robot.order("say 1");
    robot.says("said");
    robot.order("on-hook");
    robot.says("event ended Caller");
    robot.says("gone");
}

/// The robot's process, seen from the bench.
struct Robot {
    process: Child,
    orders: ChildStdin,
    said: Receiver<String>,
}

impl Robot {
    /// One whose line is ready.
    fn start(card: &SoundCard) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "line::the_robot", "--ignored", "--nocapture"])
            .envs(card.environment())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let (say, said) = channel();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| say.send(line)));
        let robot = Self { orders: process.stdin.take().unwrap(), process, said };
        robot.says("status ready");
        robot
    }

    fn order(&mut self, what: &str) {
        writeln!(self.orders, "{what}").unwrap();
    }

    /// Wait until it says something that begins so.
    fn says(&self, wanted: &str) -> String {
        let until = Instant::now() + PATIENCE;
        let mut seen = Vec::new();
        loop {
            match self.said.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) if line.starts_with(wanted) => return line,
                Ok(line) => seen.push(line),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => panic!("the robot never said {wanted:?}, but {seen:#?}"),
            }
        }
    }
}

impl Drop for Robot {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
#[ignore = "the other tests start it"]
async fn the_robot() {
    let (orders_in, mut orders) = mpsc::channel(8);
    std::thread::spawn(move || std::io::stdin().lines().map_while(Result::ok).try_for_each(|order| orders_in.blocking_send(order)));
    let (calls_in, mut calls) = mpsc::channel(1);
    let (status_in, mut status) = watch::channel(LineStatus::Starting);
    let (commands, commands_out) = mpsc::channel(8);
    let shutdown = CancellationToken::new();
    let config = Handset { capture: MICROPHONE.into(), playback: EARPIECE.into(), full_duplex: true };
    let (_settings, settings) = watch::channel(Kind::Handset(config.clone()));
    let line = HandsetLine::new(LineId::new("desk").unwrap(), config);
    let (progress, close) = (Progress::default(), shutdown.clone());
    let ports = LinePorts { calls: calls_in, status: status_in, commands: commands_out, progress, settings, shutdown: close };
    let mut running = tokio::spawn(Box::new(line).run(ports));
    let mut call: Option<Leg> = None;
    let mut heard = 0;
    loop {
        tokio::select! {
            // What the line did before it left is told before it is gone.
            biased;
            Ok(()) = status.changed() => match &*status.borrow_and_update() {
                LineStatus::Starting | LineStatus::Draining => {}
                LineStatus::Ready { address } => println!("status ready {address}"),
                LineStatus::Down { reason, .. } => println!("status down {reason}"),
            },
            Some(leg) = calls.recv() => {
                leg.commands.send(LegCommand::Answer).await.unwrap();
                call = Some(leg);
                heard = 0;
            }
            Some(told) = told(&mut call) => match told {
                Told::Event(LegEvent::Answered) => println!("event answered"),
                Told::Event(LegEvent::Ended(cause)) => println!("event ended {cause:?}"),
                Told::Event(LegEvent::Key(_) | LegEvent::Transfer(_) | LegEvent::Ringing | LegEvent::Replaceable(_)) => {}
                Told::Frame(frame) => {
                    heard = if is_tone(PERSON, &frame.0) { heard + 1 } else { 0 };
                    if heard == 10 {
                        println!("hears the person");
                    }
                }
            },
            Some(order) = orders.recv() => match order.split_once(' ').unwrap_or((&order, "")) {
                ("off-hook", _) => commands.send(LineCommand::OffHook).await.unwrap(),
                ("on-hook", _) => commands.send(LineCommand::OnHook).await.unwrap(),
                ("close", _) => shutdown.cancel(),
                (verb, seconds) => {
                    let leg = call.as_ref().unwrap();
                    let end = leg.mouth.push(&tone(ROBOT, Duration::from_secs(seconds.parse().unwrap()))).unwrap();
                    let (mouth, commands, hang_up) = (leg.mouth.clone(), leg.commands.clone(), verb == "say-and-hang-up");
                    tokio::spawn(async move {
                        if mouth.sent(end).await {
                            println!("said");
                            if hang_up {
                                commands.send(LegCommand::Hangup).await.unwrap();
                            }
                        }
                    });
                }
            },
            _ = &mut running => {
                println!("gone");
                return;
            }
        }
    }
}

/// What a leg tells: something that happened, or 20 ms of sound.
enum Told {
    Event(LegEvent),
    Frame(Box<Frame>),
}

async fn told(call: &mut Option<Leg>) -> Option<Told> {
    let Leg { events, hears, .. } = call.as_mut()?;
    tokio::select! {
        Some(event) = events.recv() => Some(Told::Event(event)),
        Some(frame) = hears.recv() => Some(Told::Frame(Box::new(frame))),
        else => None,
    }
}

fn tone(hertz: f64, length: Duration) -> Vec<i16> {
    let samples = (length.as_secs_f64() * f64::from(SAMPLE_RATE)) as usize;
    (0..samples).map(|n| (10_000.0 * (TAU * hertz * n as f64 / f64::from(SAMPLE_RATE)).sin()) as i16).collect()
}

/// Whether nearly all the power of these samples is at one frequency, and there is some.
fn is_tone(hertz: f64, samples: &[i16]) -> bool {
    let power: f64 = samples.iter().map(|&s| f64::from(s).powi(2)).sum();
    let (mut re, mut im) = (0.0, 0.0);
    for (n, &s) in samples.iter().enumerate() {
        let (sin, cos) = (TAU * hertz * n as f64 / f64::from(SAMPLE_RATE)).sin_cos();
        re += f64::from(s) * cos;
        im += f64::from(s) * sin;
    }
    let length = samples.len() as f64;
    power / length > 1e6 && 2.0 * (re * re + im * im) / length > 0.8 * power
}

fn frames_of(hertz: f64, samples: &[i16]) -> usize {
    samples.chunks_exact(FRAME_SAMPLES).filter(|frame| is_tone(hertz, frame)).count()
}

/// Whether the last fifth of a second is silent.
fn ends_in_silence(samples: &[i16]) -> bool {
    samples.last_chunk::<1600>().is_some_and(|end| end.iter().all(|&s| s == 0))
}

fn until(what: &str, mut reached: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !reached() {
        assert!(Instant::now() < until, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn write_wav(path: &Path, samples: &[i16]) {
    let bytes = u32::try_from(samples.len() * 2).unwrap();
    let mut wav = Vec::new();
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(bytes + 36).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend_from_slice(&SAMPLE_RATE.to_le_bytes());
    wav.extend_from_slice(&(2 * SAMPLE_RATE).to_le_bytes());
    wav.extend_from_slice(b"\x02\0\x10\0data");
    wav.extend_from_slice(&bytes.to_le_bytes());
    wav.extend(samples.iter().flat_map(|s| s.to_le_bytes()));
    fs::write(path, wav).unwrap();
}

/// What stands behind the 44 bytes of the header, also while the file is still being written.
fn read_wav(path: &Path) -> Vec<i16> {
    let bytes = fs::read(path).unwrap();
    bytes.get(44..).unwrap_or_default().chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect()
}
