//! What is put to the language model, and what its answers are worth.
//!
//! It is asked where cheaper layers are not sure, and decides nothing. Two things are asked of it, each in the form that small models are good at (decision
//! 0019). A [`Question`]: how likely are the caller's words from somebody who means this? Its answers are weighed with what was likely before ([`Question::choose`]).
//! A [`Quote`]: which of the caller's own words are the name that was asked for? What it quotes has to stand in what was said ([`Quote::verified`]), and is
//! read by the slot's own grammar afterwards.
//!
//! How far a model is believed was measured, for each model and language ([`Calibration`]): one that nobody measured is not asked.

use serde::{Deserialize, Serialize};
use switchhook_models::Language;

use super::retrieval::POSSIBLE;
use super::words::{spoken_length, words};

/// What is shorter than this, in words, is a name or a murmur and nothing else: grammars read it.
const SHORTEST: usize = 3;
/// What is longer than this is a story. More words than any sentence that answers a question has.
const LONGEST: usize = 40;
/// So many ways to ask show a model what is meant.
const MOST_EXAMPLES: usize = 3;
/// With a model, a meaning stands that is as likely as all others and none together.
const LIKELY: f32 = 0.5;
/// The surest that nothing else fits, where it was as good as sure before.
const LEAST: f32 = 1e-4;

/// How far a model is believed in a language.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// What the logarithm of what was likely before weighs.
    before: f32,
    /// What speaks for nothing of it.
    nothing: f32,
    /// What the logarithm of how much likelier a meaning makes the words weighs.
    said: f32,
    /// From here on, what a model quotes is believed: how much likelier it is than that there is nothing to quote, as a logarithm.
    quoted: f32,
}

impl Calibration {
    /// That of a model of the catalog; nothing where it was not measured, or does more harm than good.
    #[must_use]
    pub fn of(model: &str, language: Language) -> Option<Self> {
        match (model, language) {
            ("smollm2-135m-instruct", Language::En) => Some(Self { before: 1.24, nothing: 0.42, said: 0.17, quoted: -1.0 }),
            ("qwen2.5-0.5b-instruct", Language::En) => Some(Self { before: 0.83, nothing: 0.69, said: 0.16, quoted: 3.0 }),
            ("qwen2.5-0.5b-instruct", Language::Zh) => Some(Self { before: 1.61, nothing: 0.63, said: 0.14, quoted: 3.2 }),
            _ => None,
        }
    }
}

/// Whether a sentence is long enough to mean something that grammars cannot read, and short enough to be one.
pub(super) fn is_worth_thinking_about(said: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&spoken_length(&words(said)))
}

/// What a caller may mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// In a few words of the office's.
    pub means: String,
    /// How likely it was before the model was asked.
    pub likely: f32,
}

impl Choice {
    /// What an entry means, with some ways to ask for it.
    #[must_use]
    pub fn new(means: &str, asked: &[String], likely: f32) -> Self {
        let asked = asked.iter().filter(|asked| *asked != means).take(MOST_EXAMPLES).map(String::as_str).collect::<Vec<_>>().join(" / ");
        Self { means: if asked.is_empty() { means.to_owned() } else { format!("{means} ({asked})") }, likely }
    }
}

/// Which of several things a caller means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// What the caller said.
    pub said: String,
    /// In which language.
    pub language: Language,
    /// What it might mean, likeliest first.
    pub choices: Vec<Choice>,
    /// How far the model is believed.
    pub calibration: Option<Calibration>,
}

impl Question {
    /// The likeliest by what is known without a model, if it is likely enough to stand.
    #[must_use]
    pub fn closest(&self) -> Option<usize> {
        self.choices.first().filter(|choice| choice.likely >= POSSIBLE).map(|_| 0)
    }

    /// The choice that is likely enough, if one is, now that the model has said how much likelier each makes what was said (logarithms of ratios, in the
    /// order of the choices).
    #[must_use]
    pub fn choose(&self, likelier: &[f32]) -> Option<usize> {
        let Some(calibration) = self.calibration else { return self.closest() };
        if likelier.len() != self.choices.len() || likelier.iter().any(|ratio| !ratio.is_finite()) {
            return self.closest();
        }
        let Calibration { before, nothing, said, .. } = calibration;
        let none = 1.0 - self.choices.iter().map(|choice| choice.likely).sum::<f32>();
        let none = before * none.max(LEAST).ln() + nothing;
        let weights: Vec<f32> =
            self.choices.iter().zip(likelier).map(|(choice, ratio)| before * choice.likely.max(LEAST).ln() + said * ratio).collect();
        let highest = weights.iter().copied().fold(none, f32::max);
        let all: f32 = weights.iter().chain([&none]).map(|weight| (weight - highest).exp()).sum();
        let (best, weight) = weights.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
        ((weight - highest).exp() / all >= LIKELY).then_some(best)
    }
}

/// Which of a caller's words are the name that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    /// What the caller said.
    pub said: String,
    /// In which language.
    pub language: Language,
    /// How far the model is believed.
    pub calibration: Calibration,
}

/// What a model quotes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quotation {
    /// The words.
    pub words: String,
    /// How much likelier they are than that there is nothing to quote, as a logarithm.
    pub likelier: f32,
}

/// What came of a [`Quote`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quoted {
    /// These words of the caller's.
    Words(String),
    /// None of them.
    Nothing,
    /// There was no model, or it failed, or took too long.
    Unknown,
}

impl Quote {
    /// What of a quotation is believed: it has to stand in what was said, letter by letter, and to be likely enough.
    #[must_use]
    pub fn verified(&self, quotation: Option<Quotation>) -> Quoted {
        match quotation {
            Some(Quotation { words, likelier }) if likelier >= self.calibration.quoted && self.holds(&words) => Quoted::Words(words),
            Some(_) | None => Quoted::Nothing,
        }
    }

    fn holds(&self, quoted: &str) -> bool {
        !words(quoted).is_empty() && self.said.contains(quoted)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn calibration() -> Calibration {
        Calibration::of("smollm2-135m-instruct", Language::En).unwrap()
    }

    fn question(likely: &[f32]) -> Question {
        let choices = likely.iter().map(|&likely| Choice { means: "parking".into(), likely }).collect();
        Question { said: "Where does my car go?".into(), language: Language::En, choices, calibration: Some(calibration()) }
    }

    #[test]
    fn what_a_meaning_makes_much_likelier_is_chosen_and_what_it_makes_less_likely_is_not() {
        let question = question(&[0.3, 0.1]);
        assert_eq!(question.choose(&[0.0, 0.0]), None, "nothing speaks for it");
        assert_eq!(question.choose(&[12.0, 0.0]), Some(0));
        assert_eq!(question.choose(&[0.0, 20.0]), Some(1), "a model may find what text did not");
        assert_eq!(question.choose(&[-8.0, -8.0]), None);
    }

    #[test]
    fn an_answer_that_makes_no_sense_leaves_what_was_likely_before() {
        for likelier in [&[][..], &[1.0, 2.0], &[f32::NAN], &[f32::INFINITY]] {
            assert_eq!(question(&[0.5]).choose(likelier), Some(0), "{likelier:?}");
            assert_eq!(question(&[0.2]).choose(likelier), None, "{likelier:?}");
        }
        let unmeasured = Question { calibration: None, ..question(&[0.5]) };
        assert_eq!(unmeasured.choose(&[-50.0]), Some(0), "a model that nobody measured is not believed");
        assert_eq!(question(&[]).choose(&[]), None);
    }

    #[test]
    fn only_words_that_the_caller_said_are_quoted() {
        let quote = Quote { said: "Put it under Emily Carter".into(), language: Language::En, calibration: calibration() };
        let of = |words: &str, likelier| quote.verified(Some(Quotation { words: words.into(), likelier }));
        assert_eq!(of("Emily Carter", 2.0), Quoted::Words("Emily Carter".into()));
        for (words, likelier) in
            [("Emily Clark", 9.0), ("emily carter", 9.0), ("", 9.0), (" ", 9.0), ("Emily Carter", -2.0), ("Emily Carter", f32::NAN)]
        {
            assert_eq!(of(words, likelier), Quoted::Nothing, "{words:?} {likelier}");
        }
        assert_eq!(quote.verified(None), Quoted::Nothing);
    }

    #[test]
    fn a_word_or_two_and_a_story_are_not_thought_about() {
        assert!(!is_worth_thinking_about("Maria Chen") && !is_worth_thinking_about("陳美玲") && !is_worth_thinking_about(""));
        assert!(is_worth_thinking_about("Put it under Maria Chen") && is_worth_thinking_about("麻煩你記一下李小龍"));
        assert!(!is_worth_thinking_about(&"and so on ".repeat(20)));
    }
}
