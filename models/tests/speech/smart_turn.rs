//! smart-turn against its publisher's graph in onnxruntime, and on what it is there for.
//!
//! The published graph rounds every value between two nodes to 8 bits with one scale, measured beforehand; ours rounds the inputs of products,
//! with a scale for every 32 values. `goldens/smart-turn/make.py` therefore computes the same graph without those roundings too, and records
//! how far the published one is from it: 39 % of the encoder's root mean square. Ours is held to 3 % there, which rounding the inputs of 16
//! products leaves, to half of that once 400 moments are averaged, and to 0.03 of probability; it is 1.2 %, 0.4 % and 0.015 at
//! worst. The spectrogram is exact to rounding.

use std::collections::BTreeMap;

use crate::common::clip;
use serde::Deserialize;
use switchhook_models::audio::resample::resample;
use switchhook_models::catalog::convert::{self, Converter};
use switchhook_models::catalog::{Installed, Store};
use switchhook_models::turn::TurnDetector;
use switchhook_models::turn::smart_turn::SmartTurn;
use switchhook_models::{Cancel, Error};

#[derive(Deserialize)]
struct Golden {
    clip: String,
    spectrogram: Sampled,
    stages: BTreeMap<String, Sampled>,
    turns: Vec<Turn>,
}

#[derive(Deserialize)]
struct Sampled {
    shape: [usize; 2],
    step: usize,
    /// How far the published graph is from the exact one, as a part of the root mean square.
    published_error: f32,
    values: Vec<f32>,
}

#[derive(Deserialize)]
struct Turn {
    clip: String,
    samples: usize,
    exact: f32,
    published: f32,
}

/// What a stage may be off by, as a part of its root mean square, and a probability.
const ENCODER: f32 = 0.03;
const POOLED: f32 = 0.015;
const PROBABILITY: f32 = 0.03;

fn golden() -> Golden {
    serde_json::from_str(include_str!("../goldens/smart-turn/golden.json")).unwrap()
}

fn installed() -> Installed {
    Store::default_place().open("smart-turn").unwrap_or_else(|fault| panic!("{fault}"))
}

fn smart_turn() -> SmartTurn {
    SmartTurn::open(&installed()).unwrap_or_else(|fault| panic!("{fault}"))
}

fn pairs(golden: &Sampled, ours: &candle_core::Tensor) -> Vec<(f32, f32)> {
    assert_eq!(ours.dims(), golden.shape);
    let ours: Vec<f32> = ours.flatten_all().unwrap().to_vec1().unwrap();
    golden.values.iter().copied().zip(ours.into_iter().step_by(golden.step)).collect()
}

/// The root of the mean square difference, relative to the golden's root of the mean square.
fn difference(pairs: &[(f32, f32)]) -> f32 {
    let (error, power) = pairs.iter().fold((0.0, 0.0), |(e, p), (a, b)| (e + (a - b) * (a - b), p + a * a));
    (error / power).sqrt()
}

#[test]
fn every_stage_is_that_of_the_exact_graph() {
    let (golden, model) = (golden(), smart_turn());
    let spectrogram = model.spectrogram(&clip(&golden.clip)).unwrap();
    let worst = pairs(&golden.spectrogram, &spectrogram).iter().map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst < 1e-3, "spectrogram off by {worst}");
    let encoded = model.encode(&spectrogram, &Cancel::new()).unwrap();
    let pooled = model.pool(&encoded).unwrap();
    for (name, ours, tolerance) in [("encoder", &encoded, ENCODER), ("pooled", &pooled, POOLED)] {
        let golden = &golden.stages[name];
        let off = difference(&pairs(golden, ours));
        println!("{name}: {off:.4} of its root mean square; as published: {:.4}", golden.published_error);
        assert!(off < tolerance && off < golden.published_error, "{name}: off by {off}");
    }
}

#[test]
fn turns_are_judged_as_the_exact_graph_judges_them() {
    let (golden, model) = (golden(), smart_turn());
    let (mut worst, mut sum, mut published) = (0.0_f32, 0.0, 0.0);
    for turn in &golden.turns {
        let ours = model.finished(&clip(&turn.clip)[..turn.samples], &Cancel::new()).unwrap();
        worst = worst.max((ours - turn.exact).abs());
        sum += (ours - turn.exact).abs();
        published += (turn.published - turn.exact).abs();
        assert_eq!(ours > 0.5, turn.exact > 0.5, "{} to {}: {ours}, not {}", turn.clip, turn.samples, turn.exact);
    }
    let turns = golden.turns.len() as f32;
    println!("off by {:.4} on average and {worst:.4} at worst; as published: {:.4} on average", sum / turns, published / turns);
    assert!(worst < PROBABILITY && sum < published, "off by {worst}");
}

#[test]
fn a_turn_that_came_over_the_telephone_is_judged_as_before() {
    let model = smart_turn();
    for name in ["05-am_fenrir.wav", "08-af_sarah.wav", "11-am_fenrir.wav", "12-af_nicole.wav"] {
        let whole = clip(name);
        for (turn, over) in [(&whole[..], true), (&whole[..whole.len() * 3 / 5], false)] {
            let line = resample(turn, 16_000, 8_000).unwrap();
            let judged = model.finished(&resample(&line, 8_000, 16_000).unwrap(), &Cancel::new()).unwrap();
            let before = model.finished(turn, &Cancel::new()).unwrap();
            assert!((judged - before).abs() < 0.2 && (judged > 0.5) == over, "{name}: {judged}, at 16 kHz {before}");
        }
    }
}

#[test]
fn only_the_end_of_a_long_turn_counts() {
    let model = smart_turn();
    let turn = clip("01-am_michael.wav");
    let late = [vec![0.0; 128_000 - turn.len()], turn].concat();
    let long = [clip("05-am_fenrir.wav"), late.clone()].concat();
    let judge = |turn: &[f32]| model.finished(turn, &Cancel::new()).unwrap();
    assert!((judge(&long) - judge(&late)).abs() < f32::EPSILON);
}

#[test]
fn what_was_judged_before_does_not_count() {
    let model = smart_turn();
    let turn = clip("10-bf_emma.wav");
    let first = model.finished(&turn[..turn.len() / 2], &Cancel::new()).unwrap();
    model.finished(&turn, &Cancel::new()).unwrap();
    let again = model.finished(&turn[..turn.len() / 2], &Cancel::new()).unwrap();
    assert_eq!(first.to_bits(), again.to_bits());
}

#[test]
fn a_job_that_was_cancelled_stops_and_sound_that_is_none_is_refused() {
    let (model, cancel) = (smart_turn(), Cancel::new());
    assert!(matches!(model.finished(&[], &cancel), Err(Error::Input(_))));
    assert!(matches!(model.finished(&[0.1, f32::NAN], &cancel), Err(Error::Input(_))));
    for turn in [vec![0.0; 16_000], vec![1e30; 10], vec![0.5]] {
        let probability = model.finished(&turn, &cancel).unwrap();
        assert!((0.0..=1.0).contains(&probability), "{probability}");
    }
    cancel.cancel();
    assert!(matches!(model.finished(&[0.1; 16_000], &cancel), Err(Error::Cancelled)));
}

#[test]
fn the_converter_refuses_what_is_not_the_graph() {
    const CONVERT: Converter = convert::smart_turn::convert;
    let (sources, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert!(matches!(CONVERT(sources.path(), out.path(), &|_| ()), Err(Error::Io { .. })));
    // The last is a graph without nodes.
    for wrong in [&b""[..], b"not a graph", b"\x3a\x00"] {
        std::fs::write(sources.path().join("smart-turn-v3.2-cpu.onnx"), wrong).unwrap();
        assert!(matches!(CONVERT(sources.path(), out.path(), &|_| ()), Err(Error::Format { .. })));
    }
}
