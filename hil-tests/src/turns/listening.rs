//! The daemon's own ears, recogniser and judge of turns over such a turn, faster than it was spoken: time is the number of frames.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use switchhook::config::Office;
use switchhook::dialog::slots::{Completeness, Context, completeness, completeness_of_anything};
use switchhook::dialog::{Expected, Patience, Told};
use switchhook::media::{FRAME_SAMPLES, Frame, Playout, SAMPLE_RATE};
use switchhook::policy::Disclosure;
use switchhook::progress::Progress;
use switchhook::speech::endpoint;
use switchhook::speech::{CallerSpeech, EarEvent, Ears, Engine, Minds, Recognition};
use switchhook_models::catalog::Store;
use switchhook_models::llm::LanguageModel;
use switchhook_models::vad::VoiceActivity;
use switchhook_models::{Cancel, Language, Locale, open};

use super::cases::Set;
use super::rules;
use crate::accuracy::clips::RATE;
use crate::accuracy::line;

/// The pause that is put into a turn.
pub const PUT_IN: Duration = Duration::from_secs(1);
/// What follows a turn, so that its end can be told.
const AFTERWARDS: Duration = Duration::from_millis(700);
/// A frame's time.
const TICK: Duration = Duration::from_millis(20);
/// Nothing that is said lasts so long.
const FOR_EVER: Duration = Duration::from_secs(3600);
/// A pause that the ears find so near to where one was put is that one.
const NEAR: Duration = Duration::from_millis(500);

/// What the witnesses say of one pause.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seen {
    /// How likely the turn sounded finished.
    pub sounds: f32,
    /// How complete its words are.
    pub words: Wholeness,
    /// How likely a sentence ends with them, to the language model, where they leave it open.
    #[serde(default)]
    pub reads: Option<f32>,
    /// From the pause until its words were there, and from there until the language model had read them, in milliseconds.
    pub took_ms: (u32, u32),
    /// Whether the recogniser put a full stop or the like behind them.
    #[serde(default)]
    pub signed: bool,
    /// What was heard until there. Kept apart from the page: who spoke may have a licence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// As [`Completeness`], to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wholeness {
    Complete,
    MoreToCome,
    Unknown,
}

/// A turn as it was heard.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Trace {
    pub set: Set,
    pub language: Language,
    /// Its sentence: those of one number belong to the same half.
    pub sentence: usize,
    /// At the pause that was put in, and by how many milliseconds the silence is longer to the ears than what was put in.
    pub inside: Option<(Seen, i64)>,
    /// At its end, and how many milliseconds lie between the end of the sound and the silence that the ears hear; nothing of a turn that was heard to its pause alone.
    pub end: Option<(Seen, i64)>,
    /// At the pauses that the speaker made, and how many milliseconds of silence the ears heard.
    pub own: Vec<(Seen, i64)>,
}

/// Ears and an engine of one language.
pub struct Listener {
    engine: Engine,
    ears: Ears,
    locale: Locale,
    now: jiff::Zoned,
}

impl Listener {
    pub async fn open(store: &Store, recogniser: &str, language: Language) -> anyhow::Result<Self> {
        let locale = locale(language);
        let recognition = Recognition::of(open::recognizer(store, recogniser)?, locale)?;
        let vad = open::voice_activity(store, "silero-vad")?;
        let turn = Some(open::turn_detector(store, "smart-turn")?);
        let minds =
            Minds { recognition, voice: open::synthesizer(store, "hibari")?, vad, turn, language_model: Some(reader(store, language)?) };
        let engine = Engine::of(minds, &Progress::default());
        let ears = ears(engine.voice_activity()).await?;
        Ok(Self { engine, ears, locale, now: jiff::Zoned::now() })
    }

    /// The language's dialog knows it by this name.
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// Hear a sentence with a pause at `at`, in samples of 16 kHz: to its end, or only as far as the pause.
    pub async fn hear(&mut self, set: Set, sound: &[f32], at: usize, to_the_end: bool) -> anyhow::Result<Trace> {
        let narrow = |samples: usize| samples * SAMPLE_RATE as usize / RATE as usize;
        let (begins, ends) = sound.split_at(at.min(sound.len()));
        let silence = |time: Duration| vec![0.0; (time.as_secs_f64() * f64::from(RATE)) as usize];
        let whole = [&silence(Duration::from_millis(300)), begins, &silence(PUT_IN), ends, &silence(AFTERWARDS)].concat();
        let pause_at = narrow(at + RATE as usize * 3 / 10);
        let frames = line::frames(&whole, 0.0, 0)?;
        let samples: Vec<i16> = frames.iter().flat_map(|frame| frame.0).collect();
        let end = crate::ear::speech_end(&samples).context("a turn in which nothing is said")?;

        let mut trace = Trace { set, language: self.locale.language(), sentence: 0, inside: None, end: None, own: Vec::new() };
        let mut paused: Option<(Seen, usize)> = None;
        self.ears.forget();
        self.ears.set_patience(Patience { finished: FOR_EVER, endpoint: FOR_EVER, unfinished: FOR_EVER, reply: FOR_EVER });
        for (count, frame) in frames.iter().enumerate() {
            let heard_until = (count + 1) * FRAME_SAMPLES;
            match self.ears.push(frame)? {
                Some(EarEvent::More(turn)) => self.engine.follow(turn),
                Some(EarEvent::Pause(turn)) => {
                    let seen = self.see(set, turn).await?;
                    let is_inside = near(heard_until, pause_at);
                    if is_inside && !to_the_end {
                        trace.inside = Some((seen, 0));
                        return Ok(trace);
                    }
                    paused = Some((seen, heard_until));
                }
                Some(EarEvent::Resumed) => {
                    if let Some((seen, since)) = paused.take() {
                        let silence = milliseconds(heard_until - since) + i64::from(SEEN_AFTER);
                        if near(since, pause_at) {
                            trace.inside = Some((seen, silence - i64::try_from(PUT_IN.as_millis())?));
                        } else {
                            trace.own.push((seen, silence));
                        }
                    }
                }
                Some(EarEvent::Onset | EarEvent::End { .. } | EarEvent::Cut(_)) | None => {}
            }
        }
        if let Some((seen, since)) = paused {
            trace.end = Some((seen, i64::try_from(since)? * 1000 / i64::from(SAMPLE_RATE) - i64::from(SEEN_AFTER) - milliseconds(end)));
        }
        Ok(trace)
    }

    async fn see(&self, set: Set, turn: CallerSpeech) -> anyhow::Result<Seen> {
        // In a call, whoever hears along has kept up until the pause. Here the sound comes faster than that, and this gives them the time.
        let sounds = self.engine.finished(turn.clone(), Cancel::new()).await?.context("a judge of turns")?;
        let begun = Instant::now();
        let heard = self.engine.hear(turn, set.expected(), Cancel::new()).await?.transcript.text;
        let words_after = rules::milliseconds(begun.elapsed());
        let language = self.locale.language();
        let words = Wholeness::of(set, language, &heard, &self.now);
        let mut seen =
            Seen { sounds, words, reads: None, took_ms: (words_after, 0), signed: Told::default().of(&heard).signed, text: heard };
        if seen.wants_reading() {
            let begun = Instant::now();
            seen.reads = self.engine.reads_finished(language, seen.text.clone()).await?;
            seen.took_ms.1 = rules::milliseconds(begun.elapsed());
        }
        Ok(seen)
    }

    /// Somebody else calls, and says this, in which there are words: they are known by their level from now on.
    pub fn meet(&mut self, sound: &[f32]) -> anyhow::Result<()> {
        self.ears.forget();
        self.ears.hear_anybody();
        self.ears.set_patience(Patience::SHORT);
        let silence = vec![0.0; 2 * RATE as usize];
        for frame in line::frames(&[&silence, sound, &silence].concat(), 0.0, 0)? {
            if let Some(EarEvent::End { .. }) = self.ears.push(&frame)? {
                self.ears.were_words();
            }
        }
        Ok(())
    }

    /// Hear what somebody says over the robot: when the ears noticed them, in milliseconds behind the beginning of their sound, and the words. No onset: the
    /// robot was not even held.
    pub async fn hear_over(&mut self, sound: &[f32]) -> anyhow::Result<(Option<i64>, String)> {
        let silence = |seconds: f64| vec![0.0; (seconds * f64::from(RATE)) as usize];
        let frames = line::frames(&[&silence(0.5), sound, &silence(1.0)].concat(), 0.0, 0)?;
        let samples: Vec<i16> = frames.iter().flat_map(|frame| frame.0).collect();
        let begins = crate::ear::speech_start(&samples).context("somebody who says nothing")?;
        self.ears.forget();
        self.ears.set_patience(Patience::SHORT);
        let (mut noticed, mut words, mut paused) = (None, Vec::new(), None);
        for (count, frame) in frames.iter().enumerate() {
            match self.ears.push(frame)? {
                Some(EarEvent::Onset) => {
                    noticed.get_or_insert(milliseconds((count + 1) * FRAME_SAMPLES) - milliseconds(begins));
                }
                Some(EarEvent::More(turn)) => self.engine.follow(turn),
                Some(EarEvent::Pause(turn)) => paused = Some(turn),
                Some(EarEvent::Resumed) => paused = None,
                Some(EarEvent::End { .. } | EarEvent::Cut(_)) => words.extend(self.words(paused.take()).await?),
                None => {}
            }
        }
        words.extend(self.words(paused).await?);
        Ok((noticed, words.join(" ")))
    }

    async fn words(&self, turn: Option<CallerSpeech>) -> anyhow::Result<Option<String>> {
        let Some(turn) = turn else { return Ok(None) };
        let heard = self.engine.hear(turn, Expected::Anything, Cancel::new()).await?.transcript.text;
        Ok(Some(heard).filter(|text| !text.is_empty()))
    }
}

/// What callers of this language speak here.
pub fn locale(language: Language) -> Locale {
    match language {
        Language::En => Locale::En,
        Language::Zh => Locale::ZhTw,
    }
}

/// The silence after which the ears tell of a pause, in milliseconds.
pub const SEEN_AFTER: u32 = endpoint::PAUSE.as_millis() as u32;

fn milliseconds(samples: usize) -> i64 {
    i64::try_from(samples).unwrap_or(i64::MAX) * 1000 / i64::from(SAMPLE_RATE)
}

fn near(seen: usize, put: usize) -> bool {
    seen >= put && milliseconds(seen - put) <= i64::try_from(NEAR.as_millis()).unwrap_or_default()
}

/// Ears are only for callers who were told: so is this one.
pub async fn ears(vad: Box<dyn VoiceActivity>) -> anyhow::Result<Ears> {
    let office =
        Office { name: "the office".into(), language: Locale::En, purpose: "I measure turns".into(), time_zone: jiff::tz::TimeZone::UTC };
    let told = Disclosure::of(&office)?.prepared(vec![1_000; 10 * SAMPLE_RATE as usize].into())?;
    let (mouth, clock) = Playout::new();
    let playing = told.play(&mouth).context("an empty mouth")?;
    while !mouth.is_idle() {
        let _: Frame = clock.tick();
    }
    let disclosed = playing.finished().await.context("a disclosure that was played")?;
    Ok(Ears::open(disclosed, vad)?)
}

/// Reads where sentences end in this language.
pub fn reader(store: &Store, language: Language) -> anyhow::Result<Box<dyn LanguageModel>> {
    let name = match language {
        Language::En => "smollm2-135m-instruct",
        Language::Zh => "qwen2.5-0.5b-instruct",
    };
    Ok(open::language_model(store, name)?)
}

impl Seen {
    /// Whether a language model is asked: the words leave it open.
    pub fn wants_reading(&self) -> bool {
        self.words == Wholeness::Unknown && self.text.contains(char::is_alphanumeric)
    }

    /// What the judge of turns is told.
    pub fn told(&self) -> Told {
        Told { sounds: Some(self.sounds), reads: self.reads, signed: self.signed }
    }
}

impl Trace {
    /// All that was seen in it.
    pub fn seen_mut(&mut self) -> impl Iterator<Item = &mut Seen> {
        self.inside.iter_mut().chain(&mut self.own).chain(&mut self.end).map(|(seen, _)| seen)
    }
}

impl Wholeness {
    /// How complete these words are where this was asked.
    pub fn of(set: Set, language: Language, heard: &str, now: &jiff::Zoned) -> Self {
        let locale = locale(language);
        let words = match set.asked() {
            Some(kind) => completeness(&kind, heard, locale, &Context::at(now)),
            None => completeness_of_anything(heard, locale),
        };
        match words {
            Completeness::Complete => Self::Complete,
            Completeness::MoreToCome => Self::MoreToCome,
            Completeness::Unknown => Self::Unknown,
        }
    }

    pub fn completeness(self) -> Completeness {
        match self {
            Self::Complete => Completeness::Complete,
            Self::MoreToCome => Completeness::MoreToCome,
            Self::Unknown => Completeness::Unknown,
        }
    }
}

const _: () = assert!(TICK.as_millis() == FRAME_SAMPLES as u128 * 1000 / SAMPLE_RATE as u128);
