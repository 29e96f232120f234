//! Words of recorded people: as they were recorded, through a line, and with noise behind them.

use switchhook_models::Cancel;
use switchhook_models::text::score::{Scorer, distance};

use super::clips::{Clip, clips, recordings};
use super::results::{Condition, Speech};
use super::score::Tally;
use super::{Bench, Part, bar, line, peers};

/// What noise has less than the speech, in decibels.
const NOISE: f32 = 10.0;
/// The share of packets that a bad line loses, and how often every clip goes over it.
const LOSS: f64 = 0.03;
const LOSSY_LINES: u64 = 3;

const CONDITIONS: [Condition; 5] = [Condition::Recorded, Condition::Line, Condition::LossyLine, Condition::Noise, Condition::NoisyLine];
/// Where the published engines are asked too.
const WITH_PEERS: [Condition; 2] = [Condition::Recorded, Condition::Line];

pub fn measure(bench: &Bench<'_>, with_peers: bool) -> anyhow::Result<Vec<Speech>> {
    let clips = clips(bench.audio)?;
    let noises: Vec<Vec<f32>> = recordings(&bench.audio.join("noise"))?.into_iter().map(|(_, noise)| noise).collect();
    let scorer = Scorer::new()?;
    let mut found = Vec::new();
    for listed in bench.listed {
        let mut recogniser = listed.open(bench.store)?;
        for &language in &listed.languages {
            let clips: Vec<&Clip> = clips.iter().filter(|clip| clip.language == language).collect();
            let bar = bar(Part::Speech, &format!("{} {language}", listed.name), clips.len() * CONDITIONS.len());
            for condition in CONDITIONS {
                let mut tally = Tally::default();
                for (seed, clip) in clips.iter().enumerate() {
                    let said = scorer.units(&clip.reference, language);
                    let (mut units, mut wrong) = (0, 0);
                    for sound in heard(clip, condition, &noises, seed)? {
                        let text = recogniser.transcribe(&sound, Some(language), &Cancel::new())?.text;
                        units += said.len();
                        wrong += distance(&said, &scorer.units(&text, language));
                    }
                    tally.add(units, wrong);
                    bar.inc(1);
                }
                found.push(Speech { engine: listed.name.clone(), language, condition, clips: clips.len(), rate: tally.rate() });
            }
            bar.finish_and_clear();
        }
    }
    if with_peers {
        found.extend(published(bench, &clips, &scorer)?);
    }
    Ok(found)
}

/// The published engines of the recognisers that are measured, on the very same sounds.
fn published(bench: &Bench<'_>, clips: &[Clip], scorer: &Scorer) -> anyhow::Result<Vec<Speech>> {
    let mut found = Vec::new();
    for listed in bench.listed.iter().filter(|listed| peers::has(&listed.name)) {
        for &language in &listed.languages {
            let clips: Vec<&Clip> = clips.iter().filter(|clip| clip.language == language).collect();
            for condition in WITH_PEERS {
                let sounds = clips.iter().map(|clip| Ok(heard(clip, condition, &[], 0)?.into_iter().next().unwrap_or_default()));
                let sounds = sounds.collect::<anyhow::Result<Vec<_>>>()?;
                for (engine, texts) in peers::transcribe(&listed.name, language, &sounds)? {
                    let mut tally = Tally::default();
                    for (clip, text) in clips.iter().zip(texts) {
                        let said = scorer.units(&clip.reference, language);
                        tally.add(said.len(), distance(&said, &scorer.units(&text, language)));
                    }
                    found.push(Speech { engine, language, condition, clips: clips.len(), rate: tally.rate() });
                }
            }
        }
    }
    Ok(found)
}

/// A clip in a condition: once, or in every noise, or over several bad lines.
fn heard(clip: &Clip, condition: Condition, noises: &[Vec<f32>], seed: usize) -> switchhook_models::Result<Vec<Vec<f32>>> {
    let noisy = || noises.iter().map(|noise| line::with_noise(&clip.samples, noise, NOISE, seed));
    match condition {
        Condition::Recorded => Ok(vec![clip.samples.clone()]),
        Condition::Line => Ok(vec![line::through(&clip.samples, 0.0, 0)?]),
        Condition::LossyLine => (0..LOSSY_LINES).map(|line| line::through(&clip.samples, LOSS, LOSSY_LINES * seed as u64 + line)).collect(),
        Condition::Noise => Ok(noisy().collect()),
        Condition::NoisyLine => noisy().map(|sound| line::through(&sound, 0.0, 0)).collect(),
    }
}
