//! The silence that is remembered to follow a turn stands for the one that would be computed.

use std::time::Duration;

use crate::common::{clip, whisper, white};
use candle_core::Tensor;
use switchhook_models::asr::Recognizer;
use switchhook_models::asr::whisper::Whisper;
use switchhook_models::{Cancel, Language};

/// What callers say to the reception, with what must be understood of it.
const SAID: [(&str, &str); 6] = [
    ("01-am_michael.wav", "what time do you open tomorrow"),
    ("02-af_sarah.wav", "are you open on saturday"),
    ("03-bm_george.wav", "where exactly is your office"),
    ("04-bf_emma.wav", "maria chen"),
    ("05-am_fenrir.wav", "call me back on"),
    ("23-am_fenrir.wav", "goodbye"),
];

/// What the encoder makes of the first `positions` of a clip.
fn encoded(whisper: &Whisper, audio: &[f32], positions: usize) -> Tensor {
    let mel = whisper.spectrogram(audio).unwrap();
    whisper.encode(&mel, &Cancel::new()).unwrap().narrow(0, 0, positions).unwrap()
}

/// The root of the mean squared difference.
fn distance(a: &Tensor, b: &Tensor) -> f32 {
    (a - b).unwrap().sqr().unwrap().mean_all().unwrap().to_scalar::<f32>().unwrap().sqrt()
}

#[test]
fn with_it_a_turn_looks_more_like_it_does_in_thirty_seconds() {
    let whole = whisper().without_silence().with_margin(Duration::from_secs(30));
    let (remembered, short) = (whisper(), whisper().without_silence());
    for (name, _) in SAID {
        let audio = clip(name);
        let positions = audio.len() / 320;
        let exact = encoded(&whole, &audio, positions);
        let with = distance(&encoded(&remembered, &audio, positions), &exact);
        let without = distance(&encoded(&short, &audio, positions), &exact);
        println!("{name}: {with:.3} off with it, {without:.3} without");
        assert!(with < 0.9 * without, "{name}: {with} with the silence, {without} without");
    }
}

/// Without the remembered silence, some of these are written twice.
#[test]
fn a_caller_in_a_noisy_place_is_understood_however_much_silence_is_computed_behind_the_turn() {
    let mut failures = Vec::new();
    for margin in [0, 100, 300, 400, 700, 1000] {
        let mut whisper = whisper().with_margin(Duration::from_millis(margin));
        for (name, needed) in SAID {
            for level in [0.0, 0.02] {
                let mut noise = white(12);
                let audio: Vec<f32> = clip(name).iter().map(|x| x + level * noise()).collect();
                let heard = whisper.transcribe(&audio, Some(Language::En), &Cancel::new()).unwrap().text.to_lowercase();
                if heard.matches(needed).count() != 1 {
                    failures.push(format!("{name}, {margin} ms, noise of {level}: {heard}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
