//! How long one window of Silero VAD takes here: `cargo run --release -p switchhook-models --example measure_silero`.

use std::time::Instant;

use switchhook_models::Result;
use switchhook_models::catalog::Store;
use switchhook_models::vad::silero::Silero;
use switchhook_models::vad::{VoiceActivity, WINDOW};

fn main() -> Result<()> {
    let mut vad = Silero::open(&Store::default_place().open("silero-vad")?)?;
    let mut times = Vec::new();
    let mut random = 1_u32;
    for _ in 0..2_000 {
        let window: [f32; WINDOW] = std::array::from_fn(|_| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 16) as f32 / 65536.0 - 0.5
        });
        let start = Instant::now();
        vad.push(&window)?;
        times.push(start.elapsed());
    }
    times.sort();
    println!("median {:?}, 1st percentile {:?}, 99th {:?}", times[1000], times[20], times[1980]);
    Ok(())
}
