//! What the language model is asked. It is never asked to say anything.
//!
//! Meanings are weighed the other way round: how likely are the caller's words from somebody who means this? Small models tell that better than which of
//! several names fits (S. Min et al., *Noisy Channel Language Model Prompting for Few-Shot Text Classification*, 2022; decision 0019). A name is quoted under a
//! grammar that knows nothing but stretches of what was said. Instructions are always the same, so that the model computes them once.

use std::ops::ControlFlow;

use switchhook_models::llm::{Constraint, Finish, Generate, LanguageModel, Message, Role};
use switchhook_models::{Cancel, Language, Result};

use crate::dialog::{Question, Quotation, Quote};

/// A name has no more tokens than this, with what is written around it.
const LONGEST_QUOTE: usize = 40;
/// What quotes are written under.
const KEY: &str = "name";
/// The answer that quotes nothing, and what stands around one that does.
const NOTHING: &str = "{\"name\":null}";
const AROUND: (&str, &str) = ("{\"name\":\"", "\"}");

/// How much likelier than from anybody what was said is from somebody who means each of the question's choices: logarithms of ratios. `next` is called
/// before each.
///
/// # Errors
/// Those of the model; [`switchhook_models::Error::Cancelled`] within a token.
pub fn weigh(model: &mut dyn LanguageModel, question: &Question, cancel: &Cancel, mut next: impl FnMut()) -> Result<Vec<f32>> {
    let mut likelihood = |means: &str| -> Result<f32> {
        next();
        let likelihoods = model.likelihoods(&spoken_by(means, question.language), &[&question.said], cancel)?;
        Ok(likelihoods.first().copied().unwrap_or(f32::NAN))
    };
    let anybody = match question.language {
        Language::En => "anything",
        Language::Zh => "任何事",
    };
    let from_anybody = likelihood(anybody)?;
    question.choices.iter().map(|choice| Ok(likelihood(&choice.means)? - from_anybody)).collect()
}

/// The model plays a caller who means this.
fn spoken_by(means: &str, language: Language) -> [Message; 2] {
    let (role, topic) = match language {
        Language::En => ("You play somebody who calls an office. Say one sentence.", format!("Topic: {means}")),
        Language::Zh => ("你扮演打電話到公司的人，說一句話。", format!("主題：{means}")),
    };
    [Message::new(Role::System, role), Message::new(Role::User, topic)]
}

/// The words that were asked for, as the caller said them; `None` if the model finds none.
///
/// # Errors
/// As [`weigh`].
pub fn quote(model: &mut dyn LanguageModel, quote: &Quote, cancel: &Cancel) -> Result<Option<Quotation>> {
    let chat = name_in(&quote.said, quote.language);
    let constraint = Some(Constraint::quoting(KEY, &quote.said));
    let mut written = String::new();
    let options = Generate { max_tokens: LONGEST_QUOTE, constraint, ..Generate::default() };
    let finish = model.generate(&chat, &options, cancel, &mut |piece| {
        written.push_str(piece);
        ControlFlow::Continue(())
    })?;
    let words = written.strip_prefix(AROUND.0).and_then(|rest| rest.strip_suffix(AROUND.1));
    let Some(words) = words.filter(|_| finish == Finish::EndOfTurn) else { return Ok(None) };
    let likelihoods = model.likelihoods(&chat, &[&written, NOTHING], cancel)?;
    let [this, nothing] = likelihoods[..] else { return Ok(None) };
    Ok(Some(Quotation { words: words.to_owned(), likelier: this - nothing }))
}

fn name_in(said: &str, language: Language) -> [Message; 2] {
    let (instructions, said) = match language {
        Language::En => (
            "The caller was asked for a name. Copy the full name from what the caller says, as JSON {\"name\":\"...\"}. If it holds no name: \
             {\"name\":null}. Example: Caller: Put it under John Smith, please. {\"name\":\"John Smith\"} Example: Caller: I have to think. \
             {\"name\":null}",
            format!("Caller: {said}"),
        ),
        Language::Zh => (
            "問了來電者姓名。從來電者的話裡照抄完整姓名，寫成 JSON {\"name\":\"...\"}。沒有姓名就寫 {\"name\":null}。例：來電者：用吳美麗的名字。\
             {\"name\":\"吳美麗\"} 例：來電者：我想一下。{\"name\":null}",
            format!("來電者：{said}"),
        ),
    };
    [Message::new(Role::System, instructions), Message::new(Role::User, said)]
}
