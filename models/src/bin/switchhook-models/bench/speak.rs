//! A voice on a telephone line, as the daemon uses it: from a sentence to its first sound, and to the last.

use std::ops::ControlFlow;
use std::time::Instant;

use switchhook_models::measured::{Sentence, Speed};
use switchhook_models::tts::Synthesizer;
use switchhook_models::tts::line::ForLine;
use switchhook_models::tts::line::sentences::{ENGLISH, MANDARIN};
use switchhook_models::{Cancel, Error, Language, Result};

use super::rounds::Rounds;

/// The first `count` sentences of each language.
pub fn measure(voice: Box<dyn Synthesizer>, languages: &[Language], count: usize, rounds: &mut Rounds<'_>) -> Result<Speed> {
    let mut voice = ForLine::default().voice(voice)?;
    let texts = |language| match language {
        Language::En => ENGLISH,
        Language::Zh => MANDARIN,
    };
    let all: Vec<_> =
        languages.iter().flat_map(|&language| texts(language).into_iter().take(count).map(move |text| (language, text))).collect();
    rounds.expect(all.len());
    let mut sentences = Vec::new();
    for (language, text) in all {
        let what = format!("a sentence ({language})");
        let [audio_seconds, first_audio_seconds, seconds] = rounds.medians(&what, |_| once(&mut voice, text))?;
        sentences.push(Sentence { language, audio_seconds, first_audio_seconds, seconds });
    }
    Ok(Speed::Voice { sentences })
}

fn once(voice: &mut dyn Synthesizer, text: &str) -> Result<[f64; 3]> {
    let started = Instant::now();
    let (mut first, mut samples) = (None, 0);
    voice.speak(text, &Cancel::new(), &mut |sound| {
        first.get_or_insert_with(|| started.elapsed());
        samples += sound.len();
        ControlFlow::Continue(())
    })?;
    let seconds = started.elapsed().as_secs_f64();
    let first = first.ok_or_else(|| Error::Input(format!("it is silent: `{text}`")))?;
    Ok([samples as f64 / f64::from(voice.sample_rate()), first.as_secs_f64(), seconds])
}
