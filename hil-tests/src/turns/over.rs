//! What is said over the robot: signs of listening, coughs and noise, after which it goes on, and interruptions, after which it does not. The ears, which know the caller by an earlier turn, notice them, and
//! the dialog's own judgement of the words says which is which, as in a call; while the robot speaks, whatever is noticed holds it.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use switchhook::dialog::{Circumstances, Dialog, Input, Scenario};
use switchhook_models::Language;

use super::listening::Listener;
use crate::accuracy::clips;
use crate::accuracy::voices::{Voices, speakers};

/// How soon an interrupted robot is silent, by the design, in milliseconds.
pub const SOON: i64 = 200;
const SIGNS_EN: [&str; 12] =
    ["Uh-huh.", "Mm-hmm.", "Okay.", "Yeah.", "Right.", "I see.", "Oh, okay.", "Yes.", "Sure.", "Hmm.", "All right.", "Got it."];
const SIGNS_ZH: [&str; 12] =
    ["嗯。", "嗯嗯。", "喔。", "好。", "對。", "好的。", "是。", "是的。", "我知道了。", "對對對。", "喔，好。", "沒錯。"];
const INTERRUPTIONS_EN: [&str; 12] = [
    "Wait a moment.",
    "Stop, please.",
    "No, that's wrong.",
    "Can I speak to a person?",
    "Excuse me, I have a question.",
    "What about Saturday?",
    "Sorry, could you say that again?",
    "I want to leave a message.",
    "Where is your office?",
    "That is not what I asked.",
    "Never mind. Goodbye.",
    "How much does it cost?",
];
const INTERRUPTIONS_ZH: [&str; 12] = [
    "等一下。",
    "不是這個。",
    "我要找真人客服。",
    "你們星期六有開嗎？",
    "我想留言。",
    "請再說一次。",
    "不對，我不是問這個。",
    "停一下。",
    "多少錢？",
    "不用了，再見。",
    "我有一個問題。",
    "你們公司在哪裡？",
];

/// What the robot did when somebody spoke over it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Over {
    pub language: Option<Language>,
    /// Signs of listening; after how many of them the robot went on.
    pub signs: (usize, usize),
    /// Recorded noises, likewise.
    pub noises: (usize, usize),
    /// Interruptions; how many of them held the robot within [`SOON`]; how many stopped it for good.
    pub interruptions: (usize, usize, usize),
    /// From the first sound of an interruption until it is noticed, in milliseconds, in order.
    pub noticed: Vec<i64>,
    /// What went wrong: what was said and what was heard.
    pub wrong: Vec<(String, String)>,
}

/// Speak over the robot.
pub async fn measure(audio: &Path, voices: &mut Voices<'_>, listener: &mut Listener) -> anyhow::Result<Over> {
    let language = listener.locale().language();
    let reception = Path::new(env!("CARGO_MANIFEST_DIR")).join("../daemon/scenarios/reception");
    let scenario = Scenario::load(&reception, listener.locale())?;
    let mut dialog = Dialog::new(Arc::new(scenario), Circumstances::at(jiff::Zoned::now()));
    dialog.on(Input::Disclosed);
    let (signs, interruptions) = match language {
        Language::En => (SIGNS_EN, INTERRUPTIONS_EN),
        Language::Zh => (SIGNS_ZH, INTERRUPTIONS_ZH),
    };
    let mut over = Over { language: Some(language), ..Over::default() };
    for speaker in speakers(language) {
        let [before, ..] = interruptions;
        listener.meet(&voices.spoken(speaker, None, before)?)?;
        for text in signs {
            let (noticed, heard) = listener.hear_over(&voices.spoken(speaker, None, text)?).await?;
            let goes_on = noticed.is_none() || heard.is_empty() || dialog.lets_go_on(&heard);
            over.signs = (over.signs.0 + 1, over.signs.1 + usize::from(goes_on));
            if !goes_on {
                over.wrong.push((text.to_owned(), heard));
            }
        }
        for text in interruptions {
            let (noticed, heard) = listener.hear_over(&voices.spoken(speaker, None, text)?).await?;
            let stops = noticed.is_some() && !heard.is_empty() && !dialog.lets_go_on(&heard);
            let (all, soon, stopped) = over.interruptions;
            over.interruptions = (all + 1, soon + usize::from(noticed.is_some_and(|after| after <= SOON)), stopped + usize::from(stops));
            over.noticed.extend(noticed);
            if !stops {
                over.wrong.push((text.to_owned(), heard));
            }
        }
    }
    for (name, noise) in clips::recordings(&audio.join("noise"))? {
        // As loud as a cough near the telephone, a second and a half of it.
        let part: Vec<f32> = noise.into_iter().take(clips::RATE as usize * 3 / 2).collect();
        let Ok((noticed, heard)) = listener.hear_over(&part).await else { continue };
        let goes_on = noticed.is_none() || heard.is_empty() || dialog.lets_go_on(&heard);
        over.noises = (over.noises.0 + 1, over.noises.1 + usize::from(goes_on));
        if !goes_on {
            over.wrong.push((name, heard));
        }
    }
    over.noticed.sort_unstable();
    Ok(over)
}
