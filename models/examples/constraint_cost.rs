//! What a constraint costs beside the tokens that it bounds: `cargo run --release --example constraint_cost -- MODEL`.
//!
//! Told are the time and memory of the first constraint (which makes the trie of the vocabulary), the time of a further one, and the time of a token that is
//! free and of one that is chosen among those that fit, in turns on the same machine.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use switchhook_models::catalog::Store;
use switchhook_models::llm::{Constraint, Generate, LanguageModel, Message, Role};
use switchhook_models::{Cancel, Result, open};

const ROUNDS: usize = 5;
const TOKENS: usize = 48;

fn main() -> Result<()> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "smollm2-135m-instruct".to_owned());
    let mut model = open::language_model(&Store::default_place(), &name)?;
    let schema = Constraint::schema(
        r#"{"type": "object", "properties": {"topic": {"enum": ["invoice", "appointment"]}, "summary": {"type": "string", "maxLength": 400}},
            "required": ["topic", "summary"], "additionalProperties": false}"#,
    )?;
    let sentence = Constraint::OneOf(vec!["All of this is fixed, and no model is asked.".to_owned()]);

    // Read the prompt once, so that nothing of it is in the times.
    write(model.as_mut(), None, 1)?;
    let before = resident();
    println!("first constraint: {:.1} ms", ms(write(model.as_mut(), Some(&sentence), TOKENS)?.0));
    println!("its memory: {} kB", resident().saturating_sub(before));
    println!("a further one: {:.2} ms", ms(write(model.as_mut(), Some(&sentence), TOKENS)?.0));

    let (mut free, mut bound) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (constraint, times) in [(None, &mut free), (Some(&schema), &mut bound)] {
            let (_, pieces) = write(model.as_mut(), constraint, TOKENS)?;
            // From the tenth piece on: behind what the schema forces.
            if let [start, .., end] = pieces.get(9..).unwrap_or_default() {
                times.push((*end - *start) / (pieces.len() - 10) as u32);
            }
        }
    }
    for (what, mut times) in [("free", free), ("under a schema", bound)] {
        times.sort();
        println!("a token {what}: {:.2} ms", times.get(times.len() / 2).map_or(f64::NAN, |time| ms(*time)));
    }
    Ok(())
}

/// The whole time, and when each piece came.
fn write(model: &mut dyn LanguageModel, constraint: Option<&Constraint>, max_tokens: usize) -> Result<(Duration, Vec<Duration>)> {
    let chat = [Message::new(Role::User, "Tell me a long story about a telephone.")];
    let options = Generate { max_tokens, constraint: constraint.cloned(), ..Generate::default() };
    let started = Instant::now();
    let mut pieces = Vec::new();
    model.generate(&chat, &options, &Cancel::new(), &mut |_| {
        pieces.push(started.elapsed());
        ControlFlow::Continue(())
    })?;
    Ok((started.elapsed(), pieces))
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Memory of this process in kB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
