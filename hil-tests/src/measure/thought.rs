//! How long callers wait where the language model is asked: for the first sound, which is the answer, or a word to bridge the time if that is late; and for the answer.

use anyhow::Context as _;
use serde_json::{Value, json};
use switchhook::aloud::{Voices, speakers};
use switchhook_models::catalog::profiles::Profiles;
use switchhook_models::catalog::{Catalog, Store};
use switchhook_models::{Language, Locale};

use super::bridge::Bridge;
use crate::bench::{House, Settings, Visit};
use crate::caller::Utterance;
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
/// What the robot writes in its journal whenever it has asked the language model.
const ASKED: &str = "event=thought";

/// Ask this house what its words leave open; `None` if its profile has no language model.
///
/// # Errors
/// If a call cannot be placed, or a question not be spoken.
pub(super) async fn measure(house: &House, settings: &Settings, figures: impl Fn(&[usize]) -> Value) -> anyhow::Result<Option<Value>> {
    let profiles = Profiles::of(&Catalog::built_in()?)?;
    let models = profiles.get(settings.profile).models(settings.language);
    if settings.without_language_model || models.language_model.is_none() {
        return Ok(None);
    }
    let bridge = Bridge::of(settings.language, models.voice.as_str())?;
    let (mut waited, mut answered, mut silent) = (Vec::new(), Vec::new(), 0);
    let questions = questions(settings.language)?;
    let count = questions.len();
    for question in questions {
        let before = house.process.output().matches(ASKED).count();
        let call = house.call(Visit::uttering(question).who(|plan| plan.leave_after = Some(RATE as usize))).await?;
        if house.process.output().matches(ASKED).count() == before {
            continue;
        }
        let turn = call.report.turns.first().context("a caller did not get to ask")?;
        let Some((first_sound, from)) = turn.latency_ms.zip(turn.answer_from_ms) else {
            silent += 1;
            continue;
        };
        waited.push(first_sound);
        let answer = bridge.answer(&call.tracks.heard, from * RATE as usize / 1000);
        answered.extend(answer.map(|at| at * 1000 / RATE as usize - turn.said_to_ms));
    }
    Ok(Some(json!({
        "questions": count,
        "thought": waited.len() + silent,
        "unanswered": silent,
        "first_sound_ms": figures(&waited),
        "answer_ms": figures(&answered),
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
