//! Said aloud: one of our voices, in a room with or without noise, over a line that is good or bad, into the robot's own ears.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use switchhook::aloud::rehearse::{patience, some_office};
use switchhook::aloud::{Background, Call, Heard, Line, Speaker, speakers, speaking_time};
use switchhook::dialog::rehearsal::Rehearsal;
use switchhook::dialog::{Input, Said, Step};
use switchhook::policy::Disclosure;
use switchhook::speech::Listener;
use switchhook_models::text::score::{Scorer, distance};
use switchhook_models::{Language, Locale};

use super::caller::Move;
use super::play::{Channel, pressed};
use super::sounds::Sounds;

/// How fast callers speak, as multiples of a voice's own pace.
const SPEEDS: [f32; 3] = [0.9, 1.0, 1.15];
/// How much louder or softer than the robot's own voice, in decibels.
const LEVELS: std::ops::RangeInclusive<f32> = -8.0..=2.0;
/// How far below the speech the noise of their room is, in decibels, where there is any.
const NOISE: std::ops::RangeInclusive<f32> = 10.0..=20.0;
/// Shares of packets that lines lose.
const LOSSES: [f64; 4] = [0.0, 0.0, 0.01, 0.03];
/// How long a caller takes to begin, once the robot has finished.
const REACTION: std::ops::RangeInclusive<u64> = 250..=1_200;

/// How one caller sounds.
pub struct Sound {
    speaker: Speaker,
    decibels: f32,
    noise: Option<f32>,
    loss: f64,
    background: Option<Background>,
    random: StdRng,
}

impl Sound {
    /// Of caller `number`, who is in one of these rooms or in a quiet one.
    pub fn of(seed: u64, number: u64, language: Language, noises: &[Arc<[i16]>]) -> Self {
        let mut random = StdRng::seed_from_u64(seed.rotate_left(32) ^ number);
        let speakers = speakers(language);
        let speaker = speakers.choose(&mut random).copied().unwrap_or(Speaker { model: "hibari", voice: None, speed: None });
        let speaker = speaker.at(SPEEDS.choose(&mut random).copied().unwrap_or(1.0));
        let (decibels, loss) = (random.random_range(LEVELS), LOSSES.choose(&mut random).copied().unwrap_or_default());
        let noisy = random.random_bool(0.6);
        let noise =
            noises.choose(&mut random).filter(|_| noisy).map(|noise| (noise, random.random_range(NOISE), random.random_range(0..80_000)));
        let background = noise.map(|(noise, below, at)| Background::new(Arc::clone(noise), below, at));
        Self { speaker, decibels, noise: noise.map(|(_, below, _)| below), loss, background, random }
    }

    fn name(&self) -> String {
        let noise = self.noise.map_or("no noise".to_owned(), |below| format!("noise {below:.0} dB below"));
        format!("{}, {:+.0} dB, {noise}, {:.0} % lost", self.speaker.name(), self.decibels, 100.0 * self.loss)
    }
}

/// The models and words that all calls share.
pub struct Stage<'a> {
    pub listener: Listener,
    pub sounds: Sounds<'a>,
    pub scorer: &'a Scorer,
    pub locale: Locale,
    pub today: Date,
}

/// One caller's line.
pub struct ByVoice<'s, 'a> {
    call: Call<'s>,
    sounds: &'s mut Sounds<'a>,
    scorer: &'s Scorer,
    locale: Locale,
    today: Date,
    sound: Sound,
}

impl<'s, 'a> ByVoice<'s, 'a> {
    /// The robot answers them.
    pub fn answered(stage: &'s mut Stage<'a>, mut sound: Sound, seed: u64) -> anyhow::Result<Self> {
        let Stage { listener, sounds, scorer, locale, today } = stage;
        let line = Line::new(sound.background.take(), sound.loss, seed);
        let call = Call::answer(listener, Disclosure::of(&some_office(*locale))?, locale.language(), line)?;
        Ok(Self { call, sounds, scorer, locale: *locale, today: *today, sound })
    }

    fn says(&mut self, text: &str) -> anyhow::Result<Vec<Heard>> {
        let sound = self.sounds.say(self.sound.speaker, text)?;
        // Level is that of the speech; what lies behind it stays as it is.
        Ok(self.call.says(&sound, self.sound.decibels)?)
    }
}

/// What was heard, for the dialog. Sound without words is nothing while the robot speaks, and a turn that nobody understood otherwise.
fn inputs(heard: Vec<Heard>, while_it_speaks: bool) -> Vec<Input> {
    let heard = heard.into_iter().filter_map(|turn| match turn.text.is_empty() {
        true if while_it_speaks => None,
        true => Some(Input::without_words(turn.unsure)),
        false => Some(Input::Heard(Said { text: turn.text, vector: turn.vector })),
    });
    let mut inputs: Vec<Input> = heard.collect();
    // A breath beside words says nothing.
    if inputs.iter().any(|input| matches!(input, Input::Heard(_))) {
        inputs.retain(|input| matches!(input, Input::Heard(_)));
    }
    inputs
}

impl Channel for ByVoice<'_, '_> {
    fn hears(&mut self, done: &Move, robot: &Rehearsal, before: &Step) -> anyhow::Result<Vec<Input>> {
        let speaks = speaking_time(&before.said(), self.locale.language());
        let patience = patience(before);
        self.call.expect(robot.expects(), patience, robot.judge());
        let interrupted = matches!(done, Move::SaysOver(_) | Move::Murmurs(_) | Move::Presses(_));
        let mut room = self.call.quiet(if interrupted { speaks.mul_f64(0.5) } else { speaks })?;
        if !matches!(done, Move::HangsUp) && !interrupted {
            let silence = match done {
                Move::Silent => patience.reply,
                _ => Duration::from_millis(self.sound.random.random_range(REACTION)),
            };
            room.extend(self.call.quiet(silence)?);
        }
        let words = |heard: &[Heard]| heard.iter().any(|turn| !turn.text.is_empty() && !robot.lets_go_on(&turn.text));
        if words(&room) {
            // The robot took their room for them.
            return Ok(inputs(room, true));
        }
        Ok(match done {
            Move::Says(text) => {
                let heard = self.says(text)?;
                if heard.is_empty() { vec![Input::Silence] } else { inputs(heard, false) }
            }
            Move::SaysOver(text) | Move::Murmurs(text) => {
                let heard = self.says(text)?;
                if words(&heard) { inputs(heard, true) } else { vec![] }
            }
            Move::Presses(keys) => pressed(keys),
            Move::Silent => vec![Input::Silence],
            Move::HangsUp => vec![],
        })
    }

    fn far(&self, said: &str, heard: &str) -> f64 {
        let language = self.locale.language();
        let (said, heard) = (self.scorer.values(said, language, self.today), self.scorer.values(heard, language, self.today));
        distance(&said, &heard) as f64 / said.len().max(1) as f64
    }

    fn speaker(&self) -> Option<String> {
        Some(self.sound.name())
    }

    fn disclosed(&self) -> bool {
        let evidence = self.call.evidence();
        !evidence.text.is_empty() && evidence.language == self.locale
    }
}
