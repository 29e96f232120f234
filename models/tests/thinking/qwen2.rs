//! Qwen2.5 0.5B against the reference, in English and Mandarin, and under constraints.
//!
//! The goldens in `goldens/qwen2/` are what llama.cpp computes from the same Q8_0 weights.

use crate::common;
use serde_json::{Value, json};
use switchhook_models::catalog::Store;
use switchhook_models::llm::instruct::Instruct;
use switchhook_models::llm::{Constraint, Finish, Generate, Message, Role};

fn model() -> Instruct {
    let installed = Store::default_place().open("qwen2.5-0.5b-instruct").unwrap_or_else(|error| panic!("{error}"));
    Instruct::open_with_threads(&installed, 2).unwrap()
}

fn answer(model: &mut Instruct, system: &str, said: &str, constraint: Option<Constraint>) -> (String, Finish) {
    let chat = [Message::new(Role::System, system), Message::new(Role::User, said)];
    common::answer(model, &chat, &Generate { max_tokens: 80, constraint, ..Generate::default() }).unwrap()
}

#[test]
fn texts_are_cut_into_the_references_tokens() {
    common::cuts_as_the_reference(&model(), "qwen2");
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
    common::weighs_as_the_reference(&mut model(), "qwen2");
}

#[test]
fn the_likeliest_tokens_are_the_references() {
    common::goes_on_as_the_reference(&mut model(), "qwen2");
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
