//! Maximum likelihood of a conditional logit with an outside option, by gradient ascent (Adam, D. Kingma and J. Ba 2015).

use switchhook::dialog::retrieval::choice::{Evidence, KINDS, WEIGHTS, Weights};
use switchhook::dialog::retrieval::{Query, ReadAloud};

use super::offices::{Embed, Office, retrieval};

/// A question as its evidence: of each entry, the share of strange words, and the entry that it means.
#[derive(Clone)]
pub struct Example {
    evidence: Vec<Evidence>,
    strange: f32,
    means: Option<usize>,
}

const STEPS: i32 = 4_000;
const RATE: f64 = 0.02;
/// Half the weight of the sum of squares that keeps weights small: the examples are few.
const SMALL: f64 = 0.001;

/// An office's questions, and each way to ask that the office itself wrote, as a question to what it wrote otherwise.
pub fn examples(office: &Office, sounds: Option<&ReadAloud>, embed: Option<Embed<'_>>) -> Vec<Example> {
    let whole = office.retrieval(sounds, embed);
    let ask = |retrieval: &switchhook::dialog::retrieval::Retrieval, text: &str, means| {
        let vector = embed.map(|embed| embed(text));
        let (evidence, strange) = retrieval.evidence(&Query { text, vector: vector.as_deref() });
        Example { evidence, strange, means }
    };
    let mut examples: Vec<Example> = office.questions.iter().map(|question| ask(&whole, &question.text, question.means)).collect();
    for (place, entry) in office.entries.iter().enumerate().filter(|(_, entry)| entry.asked.len() > 1) {
        for (way, text) in entry.asked.iter().enumerate() {
            let mut entries = office.entries.clone();
            entries[place].asked.remove(way);
            examples.push(ask(&retrieval(office.language, entries, sounds, embed), text, Some(place)));
        }
    }
    examples
}

/// The weights under which the examples are likeliest; evidence never speaks against an entry.
pub fn fitted(examples: &[Example]) -> Weights {
    let mut weights = [0.0_f64; WEIGHTS];
    let (mut mean, mut square) = ([0.0_f64; WEIGHTS], [0.0_f64; WEIGHTS]);
    for step in 1..=STEPS {
        let mut gradient = [0.0_f64; WEIGHTS];
        let so_far = Weights(weights.map(|weight| weight as f32));
        for example in examples {
            add_gradient(&so_far, example, &mut gradient);
        }
        for at in 0..WEIGHTS {
            let slope = gradient[at] / examples.len() as f64 - SMALL * weights[at];
            mean[at] = 0.9 * mean[at] + 0.1 * slope;
            square[at] = 0.999 * square[at] + 0.001 * slope * slope;
            let (mean, square) = (mean[at] / (1.0 - 0.9_f64.powi(step)), square[at] / (1.0 - 0.999_f64.powi(step)));
            weights[at] += RATE * mean / (square.sqrt() + 1e-8);
            if at < KINDS {
                weights[at] = weights[at].max(0.0);
            }
        }
    }
    Weights(weights.map(|weight| weight as f32))
}

/// The mean surprise at what the examples mean, in nats.
pub fn loss(weights: &Weights, examples: &[Example]) -> f32 {
    let surprise = |example: &Example| {
        let hits = weights.choose(&example.evidence, example.strange);
        let likely = match example.means {
            Some(means) => hits.iter().find(|(entry, _)| *entry == means).map_or(0.0, |(_, likely)| *likely),
            None => 1.0 - hits.iter().map(|(_, likely)| likely).sum::<f32>(),
        };
        -likely.max(1e-4).ln()
    };
    examples.iter().map(surprise).sum::<f32>() / examples.len() as f32
}

/// What is meant less what was expected, for each weight.
fn add_gradient(weights: &Weights, example: &Example, gradient: &mut [f64; WEIGHTS]) {
    let hits = weights.choose(&example.evidence, example.strange);
    let nothing = 1.0 - hits.iter().map(|(_, likely)| f64::from(*likely)).sum::<f64>();
    let mut add = |entry: usize, by: f64| {
        for (slope, kind) in gradient.iter_mut().zip(example.evidence[entry].kinds()) {
            *slope += by * f64::from(kind);
        }
    };
    for (entry, likely) in hits {
        add(entry, -f64::from(likely));
    }
    if let Some(means) = example.means {
        add(means, 1.0);
    }
    let off = f64::from(u8::from(example.means.is_none())) - nothing;
    gradient[KINDS] += off;
    gradient[KINDS + 1] += off * f64::from(example.strange);
}
