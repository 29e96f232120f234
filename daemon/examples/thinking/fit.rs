//! Maximum likelihood of a conditional logit with an outside option over three weights, by gradient ascent (Adam, D. Kingma and J. Ba 2015).

use switchhook::dialog::Question;

/// A question as what was likely before and what a model makes of it.
pub struct Example {
    pub asked: Question,
    pub likelier: Vec<f32>,
    /// The choice that it means, if something fits and is among them.
    pub means: Option<Option<usize>>,
}

const STEPS: i32 = 1_500;
const RATE: f64 = 0.03;
/// Half the weight of the sum of squares that keeps weights small: the examples are few.
const SMALL: f64 = 0.002;
/// As in `dialog/thinking.rs`.
const LEAST: f64 = 1e-4;

/// What speaks for each choice, and at last for nothing, by the weights `before`, `nothing` and `said`.
fn evidence(example: &Example) -> Vec<[f64; 3]> {
    let choices = &example.asked.choices;
    let none = 1.0 - choices.iter().map(|choice| f64::from(choice.likely)).sum::<f64>();
    let of = |(choice, ratio): (&switchhook::dialog::Choice, &f32)| [f64::from(choice.likely).max(LEAST).ln(), 0.0, f64::from(*ratio)];
    choices.iter().zip(&example.likelier).map(of).chain([[none.max(LEAST).ln(), 1.0, 0.0]]).collect()
}

/// The weights under which the examples are likeliest.
pub fn fitted(examples: &[Example]) -> [f64; 3] {
    let examples: Vec<(Vec<[f64; 3]>, usize)> = examples
        .iter()
        .filter_map(|example| {
            let evidence = evidence(example);
            let meant = match example.means {
                None => evidence.len() - 1,
                Some(means) => means?,
            };
            Some((evidence, meant))
        })
        .collect();
    let mut weights = [1.0, 0.0, 0.0];
    let (mut mean, mut square) = ([0.0; 3], [0.0; 3]);
    for step in 1..=STEPS {
        let mut gradient = [0.0; 3];
        for (evidence, meant) in &examples {
            let sums: Vec<f64> = evidence.iter().map(|kinds| kinds.iter().zip(weights).map(|(kind, weight)| kind * weight).sum()).collect();
            let highest = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let all: f64 = sums.iter().map(|sum| (sum - highest).exp()).sum();
            for (at, slope) in gradient.iter_mut().enumerate() {
                let expected: f64 = evidence.iter().zip(&sums).map(|(kinds, sum)| kinds[at] * (sum - highest).exp() / all).sum();
                *slope += evidence[*meant][at] - expected;
            }
        }
        for at in 0..3 {
            let slope = gradient[at] / examples.len() as f64 - SMALL * weights[at];
            mean[at] = 0.9 * mean[at] + 0.1 * slope;
            square[at] = 0.999 * square[at] + 0.001 * slope * slope;
            let (mean, square) = (mean[at] / (1.0 - 0.9_f64.powi(step)), square[at] / (1.0 - 0.999_f64.powi(step)));
            weights[at] += RATE * mean / (square.sqrt() + 1e-8);
        }
    }
    weights
}
