//! Qwen2.5 0.5B against the reference, in English and Mandarin, and under constraints.
//!
//! The goldens in `goldens/qwen2/` are what llama.cpp computes from the same Q8_0 weights.

use std::ops::ControlFlow;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};
use switchhook_models::Cancel;
use switchhook_models::catalog::Store;
use switchhook_models::llm::instruct::Instruct;
use switchhook_models::llm::{Constraint, Finish, Generate, LanguageModel, Message, Role};

/// The logits' standard deviation over the vocabulary is about 2.5. Both sides round activations to 8 bits before each product, each in its own order.
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

fn golden<T: for<'a> Deserialize<'a>>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens/qwen2").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn model() -> Instruct {
    let installed = Store::default_place().open("qwen2.5-0.5b-instruct").unwrap_or_else(|error| panic!("{error}"));
    Instruct::open_with_threads(&installed, 2).unwrap()
}

fn answer(model: &mut Instruct, system: &str, said: &str, constraint: Option<Constraint>) -> (String, Finish) {
    let chat = [Message::new(Role::System, system), Message::new(Role::User, said)];
    let options = Generate { max_tokens: 80, constraint, ..Generate::default() };
    let mut text = String::new();
    let finish = model.generate(&chat, &options, &Cancel::new(), &mut |piece| {
        text.push_str(piece);
        ControlFlow::Continue(())
    });
    (text, finish.unwrap())
}

#[test]
fn texts_are_cut_into_the_references_tokens() {
    let model = model();
    for TokensGolden { text, tokens } in golden::<Vec<_>>("tokens.json") {
        assert_eq!(model.tokens(&text).unwrap(), tokens, "{text:?}");
    }
}

#[test]
fn a_chat_is_laid_out_as_the_model_was_trained() {
    let model = model();
    let user = Message::new(Role::User, "Hi");
    let text = "<|im_start|>system\nYou are kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n";
    assert_eq!(model.prompt(&[Message::new(Role::System, "You are kind."), user.clone()]).unwrap(), text);
    let chat = [user.clone(), Message::new(Role::Assistant, "Hello."), user];
    assert!(
        model
            .prompt(&chat)
            .unwrap()
            .ends_with("<|im_start|>assistant\nHello.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n")
    );
}

#[test]
fn logits_are_near_the_references() {
    let mut model = model();
    for LogitsGolden { prompt, log_sum, logits, .. } in golden::<Vec<_>>("logits.json") {
        let tokens = model.tokens(&prompt).unwrap();
        let found = model.logits(&tokens, &Cancel::new()).unwrap();
        let off: Vec<f32> = logits.iter().map(|(token, expected)| (found[*token] - expected).abs()).collect();
        let (largest, mean) = (off.iter().copied().fold(0.0, f32::max), off.iter().sum::<f32>() / off.len() as f32);
        assert!(largest < LOGIT_TOLERANCE && mean < MEAN_TOLERANCE, "off by {largest} at most and {mean} on average");
        let top = found.iter().copied().fold(f32::MIN, f32::max);
        let sum = found.iter().map(|logit| (logit - top).exp()).sum::<f32>().ln() + top;
        assert!((sum - log_sum).abs() < LOGIT_TOLERANCE, "{sum} is not {log_sum}");
    }
}

#[test]
fn the_likeliest_tokens_are_the_references() {
    let mut model = model();
    for LogitsGolden { prompt, greedy, margins, .. } in golden::<Vec<_>>("logits.json") {
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

#[test]
fn questions_are_answered_in_their_language() {
    let mut model = model();
    let (english, _) = answer(&mut model, "Answer in one short sentence.", "What is the capital of France?", None);
    assert!(english.contains("Paris"), "{english}");
    let (mandarin, _) = answer(&mut model, "用一句话回答。", "法国的首都是哪里?", None);
    assert!(mandarin.contains("巴黎"), "{mandarin}");
}

#[test]
fn json_about_mandarin_fits_its_schema() {
    let schema = json!({
        "type": "object",
        "properties": { "事由": { "enum": ["預約", "帳單", "其他"] }, "摘要": { "type": "string", "maxLength": 20 }, "緊急": { "type": "boolean" } },
        "required": ["事由", "摘要", "緊急"],
        "additionalProperties": false
    });
    let (text, finish) =
        answer(&mut model(), "把來電者說的話整理成 JSON。", "你好,我上個月的帳單金額好像不對。", Some(Constraint::Schema(schema)));
    assert_eq!(finish, Finish::EndOfTurn, "{text}");
    let value: Value = serde_json::from_str(&text).unwrap();
    assert!(["預約", "帳單", "其他"].contains(&value["事由"].as_str().unwrap()), "{text}");
    assert!(value["摘要"].as_str().unwrap().chars().count() <= 20 && value["緊急"].is_boolean(), "{text}");
}

#[test]
fn a_text_that_is_not_composed_can_be_said_byte_for_byte() {
    let text = "Cafe\u{301} e\u{301}te\u{301}";
    let (said, finish) = answer(&mut model(), "", "Hello", Some(Constraint::OneOf(vec![text.to_owned()])));
    assert_eq!((said.as_str(), finish), (text, Finish::EndOfTurn));
}
