//! How long callers wait for an answer, and how soon a robot that is interrupted falls silent: so many turns that percentiles mean
//! something. The figures are the caller's own, from the sound alone; nothing is judged.

use serde_json::json;
use switchhook_models::{Language, Locale};

use crate::bench::{House, Place, Settings, Visit};
use crate::caller::Percentiles;
use crate::rtp::RATE;

/// What a caller says: three questions whose answers are long enough to be interrupted, and a message.
struct Speech {
    questions: [&'static str; 3],
    message: [&'static str; 3],
    goodbye: &'static str,
}

const ENGLISH: Speech = Speech {
    questions: ["02-af_sarah", "03-bm_george", "14-af_sarah"],
    message: ["04-bf_emma", "05-am_fenrir", "06-af_nicole"],
    goodbye: "23-am_fenrir",
};
const MANDARIN: Speech = Speech {
    questions: ["zh/02-zf_xiaoxiao", "zh/03-zm_yunjian", "zh/14-zf_xiaoxiao"],
    message: ["zh/04-zf_xiaoyi", "zh/05-zm_yunxi", "zh/06-zf_xiaoxiao"],
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

/// How long after the robot's first word an impatient caller begins.
const PATIENCE: usize = RATE as usize * 12 / 10;

/// Measure this office, with at least so many `interruptions`, and print one line of JSON.
///
/// # Errors
/// If the office could not be opened, a call not placed, or a robot not be interrupted.
pub async fn run(interruptions: usize, settings: &Settings) -> anyhow::Result<()> {
    let speech = Speech::of(settings.language);
    let place = Place::new()?;
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
    let figures = |values: &[usize]| {
        let Percentiles { p50, p95 } = Percentiles::of(values);
        json!({"count": values.len(), "p50": p50, "p95": p95, "longest": values.iter().max()})
    };
    let ready = u64::try_from(house.ready.as_millis()).unwrap_or(u64::MAX);
    let peak = house.process.peak_memory().unwrap_or_default() / (1 << 20);
    println!(
        "{}",
        json!({"calls": {
            "voice_to_voice_ms": figures(&waited),
            "silent_after_interruption_ms": figures(&silent),
            "ready_ms": ready,
            "peak_rss_mb": peak,
        }})
    );
    Ok(())
}
