//! Embeddings: what a caller's sentence takes to become a vector.

use std::hint::black_box;
use std::time::Instant;

use switchhook_models::embed::Embedder;
use switchhook_models::measured::Speed;
use switchhook_models::tts::line::sentences::ENGLISH;
use switchhook_models::{Cancel, Result};

use super::rounds::Rounds;

/// The mean over some sentences of a robot, which are about as long as a caller's.
pub fn measure(embedder: &dyn Embedder, rounds: &mut Rounds<'_>) -> Result<Speed> {
    rounds.expect(1);
    let [sentence_seconds] = rounds.medians("sentences", |_| {
        let started = Instant::now();
        for sentence in ENGLISH {
            black_box(embedder.embed(sentence, &Cancel::new())?);
        }
        Ok([started.elapsed().as_secs_f64() / ENGLISH.len() as f64])
    })?;
    Ok(Speed::Embedding { sentence_seconds })
}
