//! What language models are held to: goldens that a reference computed from the same weights, and answers as a whole.

use std::ops::ControlFlow;
use std::path::Path;

use serde::Deserialize;
use switchhook_models::llm::instruct::Instruct;
use switchhook_models::llm::{Finish, Generate, LanguageModel, Message};
use switchhook_models::{Cancel, Result};

/// The logits' standard deviation over the vocabulary is 3.3 for SmolLM2 and about 2.5 for Qwen2.5. Weights that are changed by a millionth move the reference's own
/// logits by up to 0.4, because some activations, which both sides round to 8 bits before each product, then round to the other side; no two implementations come
/// nearer to each other than that.
const LOGIT_TOLERANCE: f32 = 0.7;
/// The same, on average over the likeliest tokens.
const MEAN_TOLERANCE: f32 = 0.3;

#[derive(Deserialize)]
struct TokensGolden {
    text: String,
    tokens: Vec<u32>,
}

#[derive(Deserialize)]
struct LogitsGolden {
    prompt: String,
    log_sum: f32,
    /// The likeliest tokens and their logits.
    logits: Vec<(usize, f32)>,
    greedy: Vec<u32>,
    /// How far each greedy token's logit is ahead of the next best.
    margins: Vec<f32>,
}

fn goldens<T: for<'a> Deserialize<'a>>(folder: &str, name: &str) -> Vec<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens").join(folder).join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Texts are cut into the tokens of the goldens in this folder.
pub fn cuts_as_the_reference(model: &Instruct, folder: &str) {
    for TokensGolden { text, tokens } in goldens(folder, "tokens.json") {
        assert_eq!(model.tokens(&text).unwrap(), tokens, "{text:?}");
    }
}

/// Logits are near those of the goldens in this folder.
pub fn weighs_as_the_reference(model: &mut Instruct, folder: &str) {
    for LogitsGolden { prompt, log_sum, logits, .. } in goldens(folder, "logits.json") {
        let tokens = model.tokens(&prompt).unwrap();
        let found = model.logits(&tokens, &Cancel::new()).unwrap();
        for (token, expected) in &logits {
            assert!((found[*token] - expected).abs() < LOGIT_TOLERANCE, "token {token}: {} is not {expected}", found[*token]);
        }
        let mean = logits.iter().map(|(token, expected)| (found[*token] - expected).abs()).sum::<f32>() / logits.len() as f32;
        assert!(mean < MEAN_TOLERANCE, "off by {mean} on average");
        let largest = found.iter().copied().fold(f32::MIN, f32::max);
        let sum = found.iter().map(|logit| (logit - largest).exp()).sum::<f32>().ln() + largest;
        assert!((sum - log_sum).abs() < LOGIT_TOLERANCE, "{sum} is not {log_sum}");
    }
}

/// The likeliest token is that of the goldens in this folder, one after the other.
pub fn goes_on_as_the_reference(model: &mut Instruct, folder: &str) {
    for LogitsGolden { prompt, greedy, margins, .. } in goldens(folder, "logits.json") {
        let mut tokens = model.tokens(&prompt).unwrap();
        for (expected, margin) in greedy.into_iter().zip(margins) {
            let logits = model.logits(&tokens, &Cancel::new()).unwrap();
            let likeliest = (0..logits.len()).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap() as u32;
            // Where two tokens are as likely, rounding decides.
            assert!(likeliest == expected || margin < LOGIT_TOLERANCE, "{likeliest} is not {expected}");
            tokens.push(expected);
        }
    }
}

/// The whole of an answer, and how it ended.
pub fn answer(model: &mut Instruct, chat: &[Message], options: &Generate) -> Result<(String, Finish)> {
    let mut text = String::new();
    let finish = model.generate(chat, options, &Cancel::new(), &mut |piece| {
        text.push_str(piece);
        ControlFlow::Continue(())
    })?;
    Ok((text, finish))
}
