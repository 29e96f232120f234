//! How long callers wait where the language model is asked: for the first sound, which is a word to bridge the time if the answer is late, and for the answer.

use anyhow::Context as _;
use serde_json::{Value, json};
use switchhook::aloud::{Voices, speakers};
use switchhook_models::catalog::profiles::Profiles;
use switchhook_models::catalog::{Catalog, Store};
use switchhook_models::{Language, Locale};

use crate::bench::{House, Settings, Visit};
use crate::caller::Utterance;
use crate::ear::{Tracks, spoken};
use crate::rtp::RATE;

/// What the reception's words leave open: several things may be meant, or nothing that the office knows.
const OPEN_EN: [&str; 12] = [
    "Would a Visa be alright?",
    "I come from the train station, which way is it?",
    "My printer broke, what will I have to spend?",
    "Do you mind if I just drop by?",
    "How much do you charge?",
    "Is it far from the city centre?",
    "I have only got euros with me.",
    "Could you tell me about the prices?",
    "Is there a bus that goes to you?",
    "I want to come by after work.",
    "Is it quiet around noon?",
    "Can my son pick it up for me?",
];
const OPEN_ZH: [&str; 12] = [
    "我的車要停在什麼地方比較好？",
    "我晚一點過去還來得及嗎？",
    "你們禮拜天早上有人嗎？",
    "從車站過去遠嗎？",
    "要先跟你們約時間嗎？",
    "你們那邊有位子可以放車嗎？",
    "我下班以後過去可以嗎？",
    "我的東西壞了，想拿去給你們看。",
    "有公車會到嗎？",
    "中午的時候人多不多？",
    "我應該從哪一個門進去？",
    "寄出來要等多少天？",
];
/// A robot that is silent for so long between two stretches of speech paused between what it says.
const PAUSE: usize = RATE as usize * 3 / 10;
/// What bridges the time ("One moment, please.") is shorter than this, and every answer is longer.
const BRIDGE: usize = RATE as usize * 18 / 10;
/// What the robot writes in its journal whenever it has asked the language model.
const ASKED: &str = "event=thought";

/// One caller's wait, in milliseconds since their last word.
struct Waited {
    first_sound: usize,
    answer: usize,
}

/// Ask this house what its words leave open; `None` if its profile has no language model.
///
/// # Errors
/// If a call cannot be placed, or a question not be spoken.
pub(super) async fn measure(house: &House, settings: &Settings, figures: impl Fn(&[usize]) -> Value) -> anyhow::Result<Option<Value>> {
    let profiles = Profiles::of(&Catalog::built_in()?)?;
    if settings.without_language_model || profiles.get(settings.profile).models(settings.language).language_model.is_none() {
        return Ok(None);
    }
    let (mut waited, mut silent) = (Vec::new(), 0);
    let questions = questions(settings.language)?;
    let count = questions.len();
    for question in questions {
        let before = house.process.output().matches(ASKED).count();
        let call = house.call(Visit::uttering(question).who(|plan| plan.leave_after = Some(RATE as usize))).await?;
        if house.process.output().matches(ASKED).count() == before {
            continue;
        }
        let turn = call.report.turns.first().context("a caller did not get to ask")?;
        let from = turn.said_to_ms * RATE as usize / 1_000;
        match turn.latency_ms.zip(answered(&call.tracks, from)) {
            Some((first_sound, answer)) => waited.push(Waited { first_sound, answer }),
            None => silent += 1,
        }
    }
    let of = |what: fn(&Waited) -> usize| figures(&waited.iter().map(what).collect::<Vec<_>>());
    Ok(Some(json!({
        "questions": count,
        "thought": waited.len() + silent,
        "unanswered": silent,
        "first_sound_ms": of(|waited| waited.first_sound),
        "answer_ms": of(|waited| waited.answer),
    })))
}

fn questions(language: Locale) -> anyhow::Result<Vec<Utterance>> {
    let texts = match language.language() {
        Language::En => OPEN_EN,
        Language::Zh => OPEN_ZH,
    };
    let store = Store::default_place();
    let mut voices = Voices::new(&store);
    let speaker = *speakers(language.language()).first().context("nobody speaks this")?;
    let say = |text: &str| Ok(Utterance { name: text.to_owned(), samples: voices.say(speaker, text)?.to_vec() });
    texts.into_iter().map(say).collect()
}

/// How long after sample `from` the answer begins, in milliseconds: what bridges the time is none.
fn answered(tracks: &Tracks, from: usize) -> Option<usize> {
    let stretches = spoken(tracks.heard.get(from..)?, PAUSE);
    let answer = match stretches.as_slice() {
        [bridge, answer, ..] if bridge.len() < BRIDGE => answer,
        [answer, ..] => answer,
        [] => return None,
    };
    Some(answer.start * 1_000 / RATE as usize)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// A track on which the robot speaks from and to these milliseconds.
    fn heard(stretches: &[(usize, usize)]) -> Tracks {
        let mut track = vec![0_i16; 8 * 8_000];
        for &(from, to) in stretches {
            for (n, sample) in track.iter_mut().enumerate().take(to * 8).skip(from * 8) {
                *sample = if n % 16 < 8 { 3_000 } else { -3_000 };
            }
        }
        let mut tracks = Tracks::default();
        tracks.heard = track;
        tracks
    }

    #[test]
    fn a_word_that_bridges_the_time_is_no_answer() {
        assert_eq!(answered(&heard(&[(1_800, 2_900), (3_400, 7_000)]), 8_000), Some(2_400));
        assert_eq!(answered(&heard(&[(1_600, 5_000)]), 8_000), Some(600));
        assert_eq!(answered(&heard(&[(1_800, 2_900)]), 8_000), Some(800), "a short answer is one");
        assert_eq!(answered(&heard(&[]), 8_000), None);
    }
}
