//! What was measured, for people and for programs.

use serde_json::{Value, json};

use crate::conductor::{Measured, Side, Times};
use crate::worker::Figure;

/// A table of one task.
pub fn print(measured: &Measured) {
    let Measured { task, ours, peer, figures } = measured;
    println!("\n{}: {}", task.name(), describe(ours));
    if let Some(peer) = peer {
        println!("     {}", describe(peer));
    }
    let theirs = if peer.is_some() { format!(" {:>12} {:>12}", "theirs", "ours/theirs") } else { String::new() };
    println!("  {:<28} {:>12} {:>24}{theirs}", "", "ours", "best .. worst");
    for (figure, times, peers) in figures {
        let show = |seconds| amount(figure, seconds);
        let theirs = peers.as_ref().map_or(String::new(), |peers| format!(" {:>12} {:>12.2}", show(peers.median), ratio(times, peers)));
        let span = format!("{} .. {}", show(times.least), show(times.most));
        println!("  {:<28} {:>12} {span:>24}{theirs}", figure.name, show(times.median));
    }
}

fn describe(side: &Side) -> String {
    let memory = side.peak_mb.map_or("memory unknown".to_owned(), |peak| format!("at most {peak:.0} MB"));
    format!("{}, opened in {:.2} s, {memory}", side.name, side.open_seconds)
}

/// Tokens per second, or a time in three digits.
fn amount(figure: &Figure, seconds: f64) -> String {
    if let Some(tokens) = figure.tokens {
        return format!("{:.0} tok/s", tokens as f64 / seconds);
    }
    let ms = 1e3 * seconds;
    match ms {
        ..1.0 => format!("{ms:.3} ms"),
        1.0..10.0 => format!("{ms:.2} ms"),
        10.0..100.0 => format!("{ms:.1} ms"),
        _ => format!("{ms:.0} ms"),
    }
}

/// Our time as a part of theirs: below 1, ours is faster.
fn ratio(ours: &Times, theirs: &Times) -> f64 {
    ours.median / theirs.median
}

/// Everything in one line.
pub fn print_json(rounds: usize, threads: usize, measured: &[Measured]) {
    println!("\n{}", json!({ "rounds": rounds, "threads": threads, "tasks": measured.iter().map(task).collect::<Vec<_>>() }));
}

fn task(measured: &Measured) -> Value {
    let figures = measured.figures.iter().map(|(figure, times, peers)| {
        json!({
            "name": figure.name,
            "tokens": figure.tokens,
            "seconds": seconds(times),
            "peer_seconds": peers.as_ref().map(seconds),
            "ratio": peers.as_ref().map(|peers| ratio(times, peers)),
        })
    });
    json!({
        "task": measured.task,
        "ours": side(&measured.ours),
        "peer": measured.peer.as_ref().map(side),
        "figures": figures.collect::<Vec<_>>(),
    })
}

fn side(side: &Side) -> Value {
    json!({ "name": side.name, "open_seconds": side.open_seconds, "peak_mb": side.peak_mb })
}

fn seconds(times: &Times) -> Value {
    json!({ "median": times.median, "least": times.least, "most": times.most })
}
