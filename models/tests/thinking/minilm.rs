//! all-MiniLM-L6-v2 against the published weights in 32 bits, computed without our code (`goldens/minilm/make.py`).

use serde::Deserialize;
use switchhook_models::catalog::Store;
use switchhook_models::catalog::convert::{self, Converter};
use switchhook_models::embed::Embedder;
use switchhook_models::embed::minilm::MiniLm;
use switchhook_models::{Cancel, Error};

/// The least cosine with what the published weights give: rounding to 8 bits costs this much. Sentences lie above 0.9995; the empty text, whose two marks
/// are all there is to average, lies lowest in each.
const EMBEDDED: f32 = 0.9995;
const LAST_LAYER: f32 = 0.99;
const VECTOR: f32 = 0.998;
const VECTOR_OF_A_SENTENCE: f32 = 0.9993;

#[derive(Deserialize)]
struct Golden {
    text: String,
    tokens: Vec<u32>,
    embedded: Vec<f32>,
    last: Vec<f32>,
    vector: Vec<f32>,
}

fn goldens() -> Vec<Golden> {
    serde_json::from_str(include_str!("../goldens/minilm/golden.json")).unwrap()
}

fn minilm() -> MiniLm {
    MiniLm::open(&Store::default_place().open("all-minilm-l6-v2").unwrap()).unwrap()
}

fn cosine(one: &[f32], other: &[f32]) -> f32 {
    assert_eq!(one.len(), other.len());
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    dot(one, other) / (dot(one, one) * dot(other, other)).sqrt()
}

#[test]
fn texts_are_cut_as_the_publisher_cuts_them() {
    let model = minilm();
    for golden in goldens() {
        assert_eq!(model.pieces(&golden.text).unwrap(), golden.tokens, "{:?}", golden.text);
    }
}

#[test]
fn every_stage_is_that_of_the_published_weights() {
    let (model, cancel) = (minilm(), Cancel::new());
    for golden in goldens() {
        let embedded = model.embedded(&golden.tokens).unwrap();
        let all = embedded.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let step = (all.len() / 48) | 1;
        let sampled: Vec<f32> = all.iter().copied().step_by(step).collect();
        assert!(cosine(&sampled, &golden.embedded) > EMBEDDED, "{:?}: embedded", golden.text);
        let last = model.encoded(&embedded, &cancel).unwrap().get(0).unwrap().to_vec1::<f32>().unwrap();
        let sampled: Vec<f32> = last.into_iter().step_by(7).collect();
        assert!(cosine(&sampled, &golden.last) > LAST_LAYER, "{:?}: last layer {}", golden.text, cosine(&sampled, &golden.last));
    }
}

#[test]
fn vectors_are_those_of_the_published_weights_and_of_length_1() {
    let model = minilm();
    for golden in goldens() {
        let ours = model.embed(&golden.text, &Cancel::new()).unwrap();
        assert_eq!(ours.len(), model.width());
        assert!((ours.iter().map(|value| value * value).sum::<f32>() - 1.0).abs() < 1e-5);
        let near = cosine(&ours, &golden.vector);
        println!("{near:.5} {:?}", golden.text.chars().take(50).collect::<String>());
        let least = if golden.text.is_empty() { VECTOR } else { VECTOR_OF_A_SENTENCE };
        assert!(near > least, "{near}: {:?}", golden.text);
    }
}

#[test]
fn what_means_the_same_is_near_and_what_does_not_is_far() {
    let model = minilm();
    let embed = |text: &str| model.embed(text, &Cancel::new()).unwrap();
    let asked = embed("When are you open?");
    let (same, other) = (embed("Till what hour could I drop by tonight?"), embed("My hovercraft is full of eels."));
    assert!(cosine(&asked, &same) > cosine(&asked, &other) + 0.2);
    assert!(cosine(&asked, &embed("WHEN are you   open?!")) > 0.9);
}

#[test]
fn a_text_of_any_length_has_a_vector_and_a_cancelled_job_has_none() {
    let (model, cancel) = (minilm(), Cancel::new());
    for text in ["", "\0\u{feff}\u{202e}", &"a".repeat(100_000), &"ab ".repeat(50_000), &" ".repeat(50_000), &"請".repeat(20_000)] {
        assert!(model.embed(text, &cancel).unwrap().iter().all(|value| value.is_finite()));
    }
    cancel.cancel();
    assert!(matches!(model.embed("hello", &cancel), Err(Error::Cancelled)));
}

#[test]
fn the_converter_refuses_what_is_not_the_model() {
    const CONVERT: Converter = convert::minilm::convert;
    let (sources, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert!(matches!(CONVERT(sources.path(), out.path(), &|_| ()), Err(Error::Io { .. })));
    // The last is a file of no tensors.
    for wrong in [&b""[..], b"not safetensors at all", b"\x02\0\0\0\0\0\0\0{}"] {
        std::fs::write(sources.path().join("model.safetensors"), wrong).unwrap();
        assert!(matches!(CONVERT(sources.path(), out.path(), &|_| ()), Err(Error::Format { .. })));
    }
}
