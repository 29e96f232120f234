//! How long callers wait for an answer, how soon a robot that is interrupted falls silent, and how soon a caller who wants a person hears that one is being
//! called: so many turns that percentiles mean something. The figures are the caller's own, from what they sent and received alone (both tracks lie on the
//! caller's clock, in samples since the answer); nothing is judged. Only when the person's phone rang is told by that phone. Where the language model is
//! asked, [`thought`] measures.

mod bridge;
mod thought;

use anyhow::Context as _;
use serde_json::json;
use switchhook_models::{Language, Locale};
use tokio::time::Instant;

use std::time::Duration;

use crate::bench::{Agent, Answers, House, Place, Settings, Visit};
use crate::caller::{Call, Percentiles, Utterance};
use crate::rtp::RATE;

/// What a caller says: three questions whose answers are long enough to be interrupted, and a message.
struct Speech {
    questions: [&'static str; 3],
    message: [&'static str; 3],
    person: &'static str,
    goodbye: &'static str,
}

const ENGLISH: Speech = Speech {
    questions: ["02-af_sarah", "03-bm_george", "14-af_sarah"],
    message: ["04-bf_emma", "05-am_fenrir", "06-af_nicole"],
    person: "08-af_sarah",
    goodbye: "23-am_fenrir",
};
const MANDARIN: Speech = Speech {
    questions: ["zh/02-zf_xiaoxiao", "zh/03-zm_yunjian", "zh/14-zf_xiaoxiao"],
    message: ["zh/04-zf_xiaoyi", "zh/05-zm_yunxi", "zh/06-zf_xiaoxiao"],
    person: "zh/08-zf_xiaoyi",
    goodbye: "zh/23-zm_yunjian",
};

impl Speech {
    fn of(language: Locale) -> Self {
        match language.language() {
            Language::En => ENGLISH,
            Language::Zh => MANDARIN,
        }
    }

    /// What a patient caller says: fifteen questions, a message, one more question, and goodbye.
    fn patient(&self) -> Vec<&'static str> {
        let questions = self.questions.repeat(5);
        [questions.as_slice(), &self.message, &self.questions[..1], &[self.goodbye]].concat()
    }
}

/// So many callers ask for a person.
const PERSONS: usize = 10;
/// No call in which somebody asks for a person is longer.
const REACHED: Duration = Duration::from_secs(240);
/// A person who is wanted is called within so many milliseconds of the caller's last word.
const AT_ONCE: usize = 2_000;

/// How long after the robot's first word an impatient caller begins.
const PATIENCE: usize = RATE as usize * 12 / 10;

/// Measure this office, with at least so many `interruptions`, and print one line of JSON.
///
/// # Errors
/// If the office could not be opened, a call not placed, or a robot not be interrupted.
pub async fn run(interruptions: usize, settings: &Settings) -> anyhow::Result<()> {
    let speech = Speech::of(settings.language);
    let place = Place::new()?;
    // They are called by whoever wants a person, and never take a call.
    let nobody = Utterance { name: "nobody".into(), samples: vec![0; RATE as usize] };
    let mut desk = Agent::who(&place, &nobody, Answers::Never).await?;
    let settings = &Settings { person: Some(desk.address()), announced: true, ..settings.clone() };
    let house = House::open(&place, settings).await?;
    let patient = house.call(Visit::saying(&speech.patient()).who(|plan| plan.longest = 400 * RATE as usize)).await?.report;
    let waited: Vec<_> = patient.turns.iter().filter_map(|turn| turn.latency_ms).collect();

    let mut silent = Vec::new();
    while silent.len() < interruptions {
        let impatient = Visit::saying(&speech.questions.repeat(5)).who(|plan| plan.interrupt = Some(PATIENCE));
        let turns = house.call(impatient).await?.report.turns;
        let before = silent.len();
        silent.extend(turns.iter().filter_map(|turn| turn.robot_stopped_after_ms));
        anyhow::ensure!(silent.len() > before, "the robot could not be interrupted once in {} turns", turns.len());
    }
    let (mut told, mut rang) = (Vec::new(), Vec::new());
    for _ in 0..PERSONS {
        let visit = Visit::saying(&[speech.person]).who(|plan| plan.leave_after = Some(RATE as usize));
        let (call, rings) = asks_for_a_person(&house, visit, &mut desk, rang.len() + 1).await?;
        let turn = call.report.turns.first().context("a caller did not get to ask for a person")?;
        // Who was not understood is not called for: that counts against the share, and is no time.
        let Some((rings, answered)) = rings.zip(turn.latency_ms) else { continue };
        told.push(answered);
        let rings = usize::try_from(rings.saturating_duration_since(call.started).as_millis()).unwrap_or(usize::MAX);
        rang.push(rings.saturating_sub(turn.said_to_ms));
    }
    let in_time = told.iter().zip(&rang).filter(|(told, rang)| **told <= AT_ONCE && **rang <= AT_ONCE).count();
    let figures = |values: &[usize]| {
        let Percentiles { p50, p95 } = Percentiles::of(values);
        json!({"count": values.len(), "p50": p50, "p95": p95, "longest": values.iter().max()})
    };
    let thought = thought::measure(&house, settings, figures).await?;
    let ready = u64::try_from(house.ready.as_millis()).unwrap_or(u64::MAX);
    let peak = house.process.peak_memory().unwrap_or_default() / (1 << 20);
    println!(
        "{}",
        json!({"calls": {
            "voice_to_voice_ms": figures(&waited),
            "silent_after_interruption_ms": figures(&silent),
            "person": {"asked": PERSONS, "called": told.len(), "within_2_s": in_time},
            "person_told_ms": figures(&told),
            "person_rings_ms": figures(&rang),
            "language_model": thought,
            "ready_ms": ready,
            "peak_rss_mb": peak,
        }})
    );
    Ok(())
}

/// A caller who asks for a person, and when the person's phone rang for the `nth` time, if it did before the call was over.
async fn asks_for_a_person(house: &House, visit: Visit, desk: &mut Agent, nth: usize) -> anyhow::Result<(Call, Option<Instant>)> {
    let (mut call, mut ring) = (std::pin::pin!(house.call(visit)), std::pin::pin!(desk.rang(nth, REACHED)));
    tokio::select! {
        call = &mut call => Ok((call?, None)),
        rang = &mut ring => Ok((call.await?, Some(rang?))),
    }
}
