//! Each stage of Moonshine against its publisher's graphs in onnxruntime, on the same weights and the same sound.
//!
//! The published graph rounds the inputs of a matrix product to 8 bits with one scale for a whole matrix; ours with one for every 32
//! values. `goldens/moonshine/make.py` therefore computes the same graph with products in floating point too, and records how far the
//! published one is from that at each stage. Ours may be as far, and a quarter more on the way; what leaves the encoder and the first logits
//! must be closer. Only the stem is published in floating point; ours rounds what its second convolution hears to 8 bits, which costs less
//! than 0.5 % of its root mean square.

use std::collections::BTreeMap;

use crate::common::{clip, moonshine};
use serde::Deserialize;
use switchhook_models::asr::moonshine::Moonshine;

#[derive(Deserialize)]
struct Golden {
    clip: String,
    stages: BTreeMap<String, Sampled>,
    texts: Vec<Text>,
}

#[derive(Deserialize)]
struct Sampled {
    shape: Vec<usize>,
    step: usize,
    /// How far the published graph is from the exact one.
    published_error: f32,
    values: Vec<f32>,
}

#[derive(Deserialize)]
struct Text {
    clip: String,
    exact: Vec<u32>,
    published: Vec<u32>,
}

/// What the stem may be off by, as a part of its root mean square.
const STEM: f32 = 0.005;
/// How many times as far as the published graph a stage on the way may be off.
const ON_THE_WAY: f32 = 1.25;

fn goldens() -> [(Moonshine, Golden); 2] {
    let golden = |text: &str| serde_json::from_str(text).unwrap();
    [
        (moonshine("moonshine-base"), golden(include_str!("../../goldens/moonshine/base.json"))),
        (moonshine("moonshine-tiny"), golden(include_str!("../../goldens/moonshine/tiny.json"))),
    ]
}

/// The root of the mean square difference, relative to the golden's root of the mean square.
fn difference(golden: &Sampled, ours: &[f32]) -> f32 {
    let pairs = golden.values.iter().zip(ours.iter().step_by(golden.step));
    let (error, power) = pairs.fold((0.0, 0.0), |(e, p), (a, b)| (e + (a - b) * (a - b), p + a * a));
    (error / power).sqrt()
}

#[test]
fn every_stage_lies_about_as_close_to_the_exact_one_as_the_published_graph_and_the_result_closer() {
    let mut failures = Vec::new();
    for (model, golden) in goldens() {
        let stages = model.stages(&clip(&golden.clip)).unwrap();
        let mut ours = vec![("stem".to_owned(), stages.stem), ("encoder".to_owned(), stages.encoded)];
        ours.extend(stages.layers.into_iter().enumerate().map(|(index, layer)| (format!("layer {index}"), layer)));
        let mut ours: Vec<(String, Vec<usize>, Vec<f32>)> = ours
            .into_iter()
            .map(|(name, tensor)| (name, tensor.dims().to_vec(), tensor.flatten_all().unwrap().to_vec1().unwrap()))
            .collect();
        ours.push(("first logits".to_owned(), vec![1, stages.first_logits.len()], stages.first_logits));
        assert_eq!(ours.len(), golden.stages.len());
        for (name, shape, values) in ours {
            let exact = &golden.stages[&name];
            assert_eq!(shape, exact.shape, "{name}");
            let error = difference(exact, &values);
            println!("{name}: {error:.4}, published {:.4}", exact.published_error);
            let bound = match name.as_str() {
                "stem" => STEM,
                "encoder" | "first logits" => exact.published_error,
                _ => ON_THE_WAY * exact.published_error,
            };
            if error >= bound {
                failures.push(format!("{name} is off by {error} of its root mean square; at most {bound}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn where_the_published_and_the_exact_graph_write_the_same_text_so_do_we() {
    for (model, golden) in goldens() {
        let mut agreed = 0;
        for Text { clip: name, exact, published } in &golden.texts {
            if exact == published {
                agreed += 1;
                assert_eq!(&model.stages(&clip(name)).unwrap().tokens, exact, "{name}");
            }
        }
        assert!(agreed >= 20, "too few clips to tell: {agreed}");
    }
}
