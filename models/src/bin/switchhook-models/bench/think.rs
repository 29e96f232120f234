//! The language model: reading a prompt, and writing behind it.

use std::ops::ControlFlow;
use std::time::Instant;

use switchhook_models::llm::{Generate, LanguageModel, Message, Role};
use switchhook_models::measured::Speed;
use switchhook_models::{Cancel, Error, Result};

use super::rounds::Rounds;

/// Tokens of an answer, which is asked for at such length that it does not end before.
const WRITTEN: usize = 48;

pub fn measure(model: &mut dyn LanguageModel, rounds: &mut Rounds<'_>) -> Result<Speed> {
    rounds.expect(1);
    let prompt_tokens = model.length(&chat(0))?;
    let [read_seconds, written, write_seconds] = rounds.medians("an answer", |round| once(model, &chat(round)))?;
    Ok(Speed::LanguageModel {
        prompt_tokens,
        read_tokens_per_second: prompt_tokens as f64 / read_seconds,
        write_tokens_per_second: written / write_seconds,
    })
}

/// The time to the first piece of the answer, and the pieces behind it and their time. A piece is a token wherever the answer is plain English.
fn once(model: &mut dyn LanguageModel, chat: &[Message]) -> Result<[f64; 3]> {
    let options = Generate { max_tokens: WRITTEN, ..Generate::default() };
    let started = Instant::now();
    let mut pieces = Vec::new();
    model.generate(chat, &options, &Cancel::new(), &mut |_| {
        pieces.push(started.elapsed().as_secs_f64());
        ControlFlow::Continue(())
    })?;
    match pieces.as_slice() {
        [first, .., last] => Ok([*first, (pieces.len() - 1) as f64, last - first]),
        _ => Err(Error::Input("it answered nothing, so its speed cannot be told".to_owned())),
    }
}

/// What an office knows, and a question. Every round begins otherwise, so that nothing of a prompt before can be used again.
fn chat(round: usize) -> [Message; 2] {
    let name = ["Ann", "Bob", "Dan"][round % 3];
    let knowledge = "The office is open from Monday to Friday, from nine in the morning to half past five, and on Saturdays until noon. \
        It is closed on public holidays. Appointments can be made by telephone or at the front desk; whoever cannot come should say so a day \
        before. Visitors park behind the building, free of charge, for two hours. The entrance for wheelchairs is in Mill Lane. Invoices are \
        sent on the first of each month and are due within thirty days. Questions about them go to accounting, on the second floor. \
        Parcels are taken in at the back until four o'clock. The bus stop is in front of the house, lines five and eleven.";
    [
        Message::new(Role::System, format!("{name} is your name, and you answer for an office. {knowledge}")),
        Message::new(Role::User, "Count from one to one hundred in words, with a comma behind each."),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_prompts_begin_alike_and_all_are_equally_long() {
        let [first, second] = [chat(1), chat(2)].map(|[system, _]| system.content);
        assert_ne!(first.get(..1), second.get(..1));
        assert_eq!(first.len(), second.len());
    }
}
