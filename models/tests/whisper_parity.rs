//! Each stage of Whisper against a published implementation on the same weights.
//!
//! The reference computes in `f32` on the fp16 weights; ours rounds weights and activations to 8 bits, so the later a stage, the wider
//! its tolerance. The spectrogram is exact to rounding.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod hearing;

use candle_core::Tensor;
use serde::Deserialize;
use switchhook_models::{Cancel, Language};

#[derive(Deserialize)]
struct Golden {
    clip: String,
    frames: usize,
    mel: Vec<(usize, usize, f32)>,
    encoder: Vec<(usize, usize, f32)>,
    logits: Vec<(usize, f32)>,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("goldens/whisper/01-am_michael.json")).unwrap()
}

/// The root of the mean squared error, as a part of the reference's own spread.
fn relative_error(pairs: impl Iterator<Item = (f32, f32)> + Clone) -> f32 {
    let count = pairs.clone().count() as f32;
    let mean = pairs.clone().map(|(_, exact)| exact).sum::<f32>() / count;
    let spread: f32 = pairs.clone().map(|(_, exact)| (exact - mean).powi(2)).sum();
    let error: f32 = pairs.map(|(ours, exact)| (ours - exact).powi(2)).sum();
    (error / spread).sqrt()
}

fn at(tensor: &Tensor, places: &[(usize, usize, f32)]) -> Vec<(f32, f32)> {
    let rows: Vec<Vec<f32>> = tensor.to_vec2().unwrap();
    places.iter().map(|(row, column, exact)| (rows[*row][*column], *exact)).collect()
}

#[test]
fn every_stage_is_that_of_a_published_implementation() {
    let golden = golden();
    let whisper = hearing::whisper().without_silence();
    let audio = hearing::clip(&golden.clip);
    let margin = std::time::Duration::from_millis(10 * (golden.frames - audio.len().div_ceil(160)) as u64);
    let whisper = whisper.with_margin(margin);

    let mel = whisper.spectrogram(&audio).unwrap();
    assert_eq!(mel.dims(), [golden.frames, 80]);
    let worst = at(&mel, &golden.mel).iter().map(|(ours, exact)| (ours - exact).abs()).fold(0.0, f32::max);
    assert!(worst < 1e-3, "spectrogram off by {worst}");

    let encoded = whisper.encode(&mel, &Cancel::new()).unwrap();
    let error = relative_error(at(&encoded, &golden.encoder).into_iter());
    println!("spectrogram: {worst:.1e} at worst; encoder: {error:.4} of its spread");
    assert!(error < 0.03, "encoder off by {error} of its spread");

    let logits = whisper.first_logits(&encoded, Language::En).unwrap();
    let pairs = golden.logits.iter().map(|(token, exact)| (logits[*token], *exact));
    // What is added to all logits alike changes no probability.
    let shift = pairs.clone().map(|(ours, exact)| ours - exact).sum::<f32>() / golden.logits.len() as f32;
    println!("first logits: shifted by {shift:.3}, off by {:.4} with the shift", relative_error(pairs.clone()));
    let error = relative_error(pairs.map(|(ours, exact)| (ours - shift, exact)));
    println!("first logits: {error:.4} of their spread");
    assert!(error < 0.03, "logits off by {error} of their spread");
    let best = golden.logits.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0;
    assert!(logits.iter().all(|logit| *logit <= logits[best]), "another token is the most probable");
}
