//! How fast SmolLM2 reads and writes here: `cargo run --release -p switchhook-models --example measure_smollm2 [THREADS]`.

use std::time::{Duration, Instant};

use switchhook_models::catalog::Store;
use switchhook_models::llm::smollm2::SmolLm2;
use switchhook_models::{Cancel, Result};

const PROMPT: usize = 256;
const GENERATE: usize = 64;

fn main() -> Result<()> {
    let threads = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(2);
    let start = Instant::now();
    let mut model = SmolLm2::open_with_threads(&Store::default_place().open("smollm2-135m-instruct")?, threads)?;
    println!("opened in {:?}", start.elapsed());
    let cancel = Cancel::new();
    let (mut read, mut written) = (Vec::new(), Vec::new());
    for round in 0..7 {
        // Another first token each time, so that nothing is shared with the round before.
        let mut tokens: Vec<u32> = (0..PROMPT as u32).map(|index| 1_000 + 7_919 * (round + 1) * (index + 1) % 40_000).collect();
        let start = Instant::now();
        model.logits(&tokens, &cancel)?;
        read.push(start.elapsed());
        let start = Instant::now();
        for index in 0..GENERATE as u32 {
            tokens.push(2_000 + index);
            model.logits(&tokens, &cancel)?;
        }
        written.push(start.elapsed());
    }
    report("prompt of 256", PROMPT, read);
    report("generate 64", GENERATE, written);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
        println!("peak memory {line}");
    }
    Ok(())
}

fn report(what: &str, tokens: usize, mut times: Vec<Duration>) {
    times.sort();
    let rate = |time: Duration| tokens as f64 / time.as_secs_f64();
    println!("{what}: median {:.0} tokens/s, best {:.0}", rate(times[times.len() / 2]), rate(times[0]));
}
