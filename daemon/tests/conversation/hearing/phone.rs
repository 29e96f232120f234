//! A call on a clock of its own, in both directions: what the robot says goes out through its mouth, comes back as the line gives it back, and passes the canceller
//! and the ears that a call has. Who begins to speak while the robot does holds it, as in a call.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use switchhook::aloud::rehearse::some_office;
use switchhook::aloud::{Voices, speakers};
use switchhook::config::{Codec, usual_models};
use switchhook::dialog::{Circumstances, Dialog, Expected, Input, Ladder, Patience, Scenario};
use switchhook::media::{EchoCanceller, FRAME, FRAME_SAMPLES, Frame, Playout, PlayoutClock, SAMPLE_RATE, codec};
use switchhook::policy::Disclosure;
use switchhook::speech::{Listener, Listening, Noticed};
use switchhook_models::Locale;
use switchhook_models::audio::{resample, wav};
use switchhook_models::catalog::Store;

/// A hybrid rings for some milliseconds.
const HYBRID: [f32; 8] = [0.1, 0.8, -0.5, 0.3, -0.2, 0.12, -0.07, 0.04];
/// And so many samples lie between two of these.
const BETWEEN: usize = 3;

/// What comes back of what the robot sends.
#[derive(Clone, Copy, Debug)]
pub struct Echo {
    pub delay_ms: usize,
    /// Weaker than what was sent: negative.
    pub decibels: f32,
}

impl Echo {
    pub const NONE: Self = Self { delay_ms: 0, decibels: f32::NEG_INFINITY };
}

/// The models of an office, and what its robot says.
pub struct Office {
    /// Who speaks for the robot.
    pub robot: String,
    listener: Listener,
    scenario: Arc<Scenario>,
    disclosure: (Disclosure, Arc<[i16]>),
    /// Sentences that every robot says.
    pub prompts: Vec<Arc<[i16]>>,
}

impl Office {
    pub fn open(locale: Locale) -> Self {
        let store = Store::default_place();
        let mut models = usual_models(locale).unwrap();
        if locale == Locale::ZhTw {
            // The ears are the same, and the words come sooner.
            models.recognizer = "whisper-base".to_owned();
        }
        let listener = Listener::open(&store, &models, &Default::default(), None, locale).unwrap();
        let reception = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/reception");
        let scenario = Arc::new(Scenario::load(&reception, locale).unwrap());
        let mut voices = Voices::new(&store);
        let robot = speakers(locale.language())[0];
        let disclosure = Disclosure::of(&some_office(locale)).unwrap();
        let sound = voices.say(robot, disclosure.text()).unwrap();
        let prompts = Dialog::new(Arc::clone(&scenario), circumstances()).ladder(Ladder::Silence);
        let prompts = prompts.iter().map(|text| voices.say(robot, text).unwrap()).collect();
        Self { robot: robot.name(), listener, scenario, disclosure: (disclosure, sound), prompts }
    }

    /// A dialog that waits for what the caller wants.
    pub fn dialog(&self) -> Dialog {
        Self::greeted(&self.scenario)
    }

    fn greeted(scenario: &Arc<Scenario>) -> Dialog {
        let mut dialog = Dialog::new(Arc::clone(scenario), circumstances());
        dialog.on(Input::Disclosed);
        dialog
    }

    /// Somebody calls, and is told that a robot speaks.
    pub fn call(&mut self, echo: Echo) -> Call<'_> {
        let (disclosure, sound) = self.disclosure.clone();
        let (mouth, clock) = Playout::new();
        let playing = disclosure.prepared(sound).unwrap().play(&mouth).unwrap();
        let mut wire = Wire { echo, clock, canceller: EchoCanceller::new(), sent: Vec::new(), frames: 0 };
        while !mouth.is_idle() {
            wire.pass(Frame::SILENCE);
        }
        let proof = playing.finished().now_or_never().flatten().unwrap();
        let mut listening = self.listener.listen(proof).unwrap();
        let judge = Self::greeted(&self.scenario).judge();
        listening.expect(Expected::Anything, Patience::SHORT, judge);
        Call { mouth, wire, listening, onsets: Vec::new(), held: 0, heard: Vec::new() }
    }
}

fn circumstances() -> Circumstances {
    Circumstances::at("2026-11-26T10:00[UTC]".parse().unwrap())
}

/// What a caller of an office says in a recording.
pub fn recorded(path: &str) -> Vec<i16> {
    let sound = wav::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../hil-tests/speech").join(path)).unwrap();
    let narrow = resample::resample(&sound.samples, sound.rate, SAMPLE_RATE).unwrap();
    narrow.iter().map(|sample| (sample * 32_768.0) as i16).collect()
}

/// The same sound, so much louder or softer.
pub fn at(sound: &[i16], decibels: f32) -> Vec<i16> {
    let gain = 10f32.powf(decibels / 20.0);
    sound.iter().map(|sample| (f32::from(*sample) * gain) as i16).collect()
}

/// The same sound at a level that telephones have, -23 dB of full scale: recordings differ.
pub fn levelled(sound: &[i16]) -> Vec<i16> {
    let power = sound.iter().map(|sample| f32::from(*sample).powi(2)).sum::<f32>() / sound.len() as f32;
    at(sound, -23.0 - 10.0 * (power / 32_768f32.powi(2)).log10())
}

/// A line and its canceller.
struct Wire {
    echo: Echo,
    clock: PlayoutClock,
    canceller: EchoCanceller,
    /// What arrived at the other end.
    sent: Vec<i16>,
    frames: u32,
}

impl Wire {
    /// 20 ms in both directions, in the order in which a line of the daemon's goes about it.
    fn pass(&mut self, spoken: Frame) -> Frame {
        let gain = 10f32.powf(self.echo.decibels / 20.0);
        let delay = self.echo.delay_ms * SAMPLE_RATE as usize / 1000;
        let from = self.frames as usize * FRAME_SAMPLES;
        let mut comes = spoken;
        for (at, sample) in comes.0.iter_mut().enumerate() {
            let tap = |(place, weight): (usize, &f32)| {
                let sent = self.sent.get((from + at).checked_sub(delay + BETWEEN * place)?)?;
                Some(gain * weight * f32::from(*sent))
            };
            *sample = (f32::from(*sample) + HYBRID.iter().enumerate().filter_map(tap).sum::<f32>()) as i16;
        }
        let mut heard = coded(&comes);
        self.canceller.clean(&mut heard);
        let says = self.clock.tick();
        self.canceller.sent(&says);
        self.sent.extend(coded(&says).0);
        self.frames += 1;
        heard
    }
}

/// Through G.711.
fn coded(frame: &Frame) -> Frame {
    let (mut bytes, mut back) = ([0; FRAME_SAMPLES], Frame::SILENCE);
    codec::encode(Codec::Pcmu, &frame.0, &mut bytes);
    codec::decode(Codec::Pcmu, &bytes, &mut back.0);
    back
}

/// A call that goes on.
pub struct Call<'a> {
    mouth: Playout,
    wire: Wire,
    listening: Listening<'a>,
    /// When somebody was heard to begin.
    pub onsets: Vec<Duration>,
    /// How often that held the robot.
    pub held: usize,
    /// What was heard, turn by turn.
    pub heard: Vec<String>,
}

impl Call<'_> {
    pub fn lasted(&self) -> Duration {
        FRAME * self.wire.frames
    }

    /// The robot says this from now on.
    pub fn robot_says(&mut self, sound: &[i16]) {
        self.mouth.push(sound).unwrap();
    }

    pub fn robot_speaks(&self) -> bool {
        !self.mouth.is_idle()
    }

    /// The other side makes this sound, whatever the robot does.
    pub fn comes(&mut self, sound: &[i16]) {
        for piece in sound.chunks(FRAME_SAMPLES) {
            self.frame(Frame::padded(piece));
        }
    }

    /// Nothing comes for so long but the robot's echo.
    pub fn nothing_comes_for(&mut self, lasts: Duration) {
        let end = self.lasted() + lasts;
        while self.lasted() < end {
            self.frame(Frame::SILENCE);
        }
    }

    /// Until the robot has said everything and a turn that was noticed is over.
    pub fn until_quiet(&mut self) {
        while self.robot_speaks() || self.listening.in_turn() {
            self.frame(Frame::SILENCE);
        }
    }

    /// The robot asks whether anybody is there.
    pub fn is_asked_whether_they_are_there(&mut self) {
        self.listening.hear_anybody();
    }

    fn frame(&mut self, spoken: Frame) {
        let heard = self.wire.pass(spoken);
        match self.listening.push(&heard).unwrap() {
            None => {}
            Some(Noticed::Onset) => {
                self.onsets.push(self.lasted());
                if self.robot_speaks() {
                    self.held += 1;
                    self.mouth.clear();
                }
            }
            Some(Noticed::End { heard, .. }) => self.heard.push(heard.transcript.text),
        }
    }
}
