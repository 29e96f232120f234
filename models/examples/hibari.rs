//! The hibari voice by hand:
//! `convert SOURCES OUT` makes an installed model of an unpacked wheel; `phonemes DIR` reads lines from standard input;
//! `say TEXT OUT.f32` writes raw samples; `bench TEXT...` prints the time to the first block and to the last, the fastest of many.

use std::io::BufRead as _;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use switchhook_models::Cancel;
use switchhook_models::catalog::Store;
use switchhook_models::catalog::convert::hibari;
use switchhook_models::text::english::English;
use switchhook_models::text::english::tables::Tables;
use switchhook_models::tts::Synthesizer as _;
use switchhook_models::tts::hibari::{Hibari, NAME};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["convert", sources, out] => {
            std::fs::create_dir_all(out)?;
            hibari::convert(Path::new(sources), Path::new(out), &|_| ())?;
        }
        ["phonemes", dir] => {
            let tables = Tables::read(&Path::new(dir).join(hibari::TABLES))?;
            let english = English::open(&tables, &Path::new(dir).join(hibari::UNKNOWN))?;
            for line in std::io::stdin().lock().lines() {
                println!("{}", english.phonemes(&line?)?);
            }
        }
        ["say", text, out] => {
            let mut voice = open()?;
            let mut bytes = Vec::new();
            voice.speak(text, &Cancel::new(), &mut |block| {
                bytes.extend(block.iter().flat_map(|x| x.to_le_bytes()));
                ControlFlow::Continue(())
            })?;
            std::fs::write(out, bytes)?;
        }
        ["bench", texts @ ..] => {
            let mut voice = open()?;
            for text in texts {
                bench(&mut voice, text)?;
            }
        }
        _ => return Err("usage: hibari convert SOURCES OUT | phonemes DIR | say TEXT OUT.f32 | bench TEXT...".into()),
    }
    Ok(())
}

fn open() -> Result<Hibari, Box<dyn std::error::Error>> {
    let start = Instant::now();
    let voice = Hibari::open(&Store::default_place().open(NAME)?)?;
    eprintln!("opened in {:?}", start.elapsed());
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        status.lines().filter(|l| l.starts_with("VmRSS") || l.starts_with("VmHWM")).for_each(|l| eprintln!("{l}"));
    }
    Ok(voice)
}

fn bench(voice: &mut Hibari, text: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut times: Vec<(Duration, Duration)> = Vec::new();
    let mut samples = 0;
    for _ in 0..50 {
        let start = Instant::now();
        let mut first = Duration::ZERO;
        samples = 0;
        voice.speak(text, &Cancel::new(), &mut |block| {
            if samples == 0 {
                first = start.elapsed();
            }
            samples += block.len();
            ControlFlow::Continue(())
        })?;
        times.push((start.elapsed(), first));
    }
    times.sort_unstable();
    let ((best, first), (median, _)) = (times[0], times[times.len() / 2]);
    println!("{:.2} s of sound: first {first:.1?}, all {best:.1?} (median {median:.1?})", samples as f64 / f64::from(voice.sample_rate()));
    Ok(())
}
