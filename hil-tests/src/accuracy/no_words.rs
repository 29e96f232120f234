//! Whether sounds that are no speech stay without words.

use switchhook_models::{Cancel, Language};

use super::clips::{RATE, recordings};
use super::results::NoWords;
use super::{Bench, Part, bar, line, sounds};

pub fn measure(bench: &Bench<'_>, minutes: u32) -> anyhow::Result<Vec<NoWords>> {
    let recorded = recordings(&bench.audio.join("noise"))?;
    let turns = sounds::turns(minutes, &recorded);
    let samples: usize = turns.iter().map(|turn| turn.samples.len()).sum();
    let mut found = Vec::new();
    for listed in bench.listed {
        let mut recogniser = listed.open(bench.store)?;
        let bar = bar(Part::NoWords, &listed.name, turns.len());
        let mut with_words = Vec::new();
        for turn in &turns {
            let told = if turn.in_mandarin { Language::Zh } else { Language::En };
            let language = listed.languages.contains(&told).then_some(told).or(listed.languages.first().copied());
            let heard = recogniser.transcribe(&line::through(&turn.samples, 0.0, 0)?, language, &Cancel::new())?;
            if !heard.text.is_empty() {
                with_words.push((turn.kind.clone(), heard.text));
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        let minutes = samples as f64 / f64::from(RATE) / 60.0;
        found.push(NoWords { recogniser: listed.name.clone(), turns: turns.len(), minutes, with_words });
    }
    Ok(found)
}
