//! What people say while they listen: signs that the robot should go on, and no turns of their own. They stand in the robot's manners and a
//! scenario's `lang/<tag>.yaml`.

use serde::Deserialize;

use crate::dialog::words::{contains, is_han, words};

/// Signs of listening as they are written.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawListening {
    /// What never means more than that somebody listens: "uh-huh".
    #[serde(default)]
    signs: Vec<String>,
    /// What is such a sign as well, unless a yes or a no is asked for: "okay".
    #[serde(default)]
    agreement: Vec<String>,
    /// What stops the robot wherever it stands, however short: "wait".
    #[serde(default)]
    halt: Vec<String>,
    /// What asks the robot to wait, or is said to somebody else, and is no answer: "hold on", "I'm on the phone".
    #[serde(default)]
    aside: Vec<String>,
}

/// Signs of listening, as words.
#[derive(Clone, Debug, Default)]
pub struct Listening {
    signs: Vec<Vec<String>>,
    agreement: Vec<Vec<String>>,
    halt: Vec<Vec<String>>,
    aside: Vec<Vec<String>>,
}

impl Listening {
    pub(super) fn add(&mut self, raw: &RawListening) {
        self.signs.extend(raw.signs.iter().map(|sign| words(sign)));
        self.agreement.extend(raw.agreement.iter().map(|sign| words(sign)));
        self.halt.extend(raw.halt.iter().map(|sign| words(sign)));
        self.aside.extend(raw.aside.iter().map(|phrase| words(phrase)));
        for list in [&mut self.signs, &mut self.agreement, &mut self.halt, &mut self.aside] {
            list.retain(|sign| !sign.is_empty());
            // The longest that fits is taken: "okay thanks" before "okay".
            list.sort_by_key(|sign| std::cmp::Reverse(sign.len()));
        }
    }

    /// Whether these words ask the robot to stop.
    #[must_use]
    pub fn halts(&self, said: &str) -> bool {
        let said = words(said);
        self.halt.iter().any(|sign| contains(&said, sign))
    }

    /// Whether these words, spoken over the robot, are nothing but such signs; `asks_yes_or_no` while it asks for a yes or a no.
    #[must_use]
    pub fn goes_on(&self, said: &str, asks_yes_or_no: bool) -> bool {
        self.are_signs(&words(said), asks_yes_or_no)
    }

    /// Whether these words are such signs but for one Mandarin syllable, which recognisers make of a sigh: 喔，好 is heard as 我好 or 有好.
    #[must_use]
    pub fn goes_on_but_for_a_syllable(&self, said: &str) -> bool {
        let said = words(said);
        let without = |place: usize| {
            let (before, after) = (said.iter().take(place), said.iter().skip(place + 1));
            before.chain(after).cloned().collect::<Vec<String>>()
        };
        let short = said.len() <= 3 && said.iter().all(|word| word.chars().all(is_han));
        short && (0..said.len()).any(|place| self.are_signs(&without(place), false))
    }

    /// Whether these words are all said to somebody else, or ask for time: "Okay, hold on. I'm on the phone."
    #[must_use]
    pub fn is_aside(&self, said: &str) -> bool {
        let said = words(said);
        let known = self.aside.iter().chain(&self.signs).chain(&self.agreement);
        are_all_of(&said, known) && self.aside.iter().any(|phrase| contains(&said, phrase))
    }

    /// Whether nothing was said but that somebody listens, or thinks: "um".
    #[must_use]
    pub fn is_murmur(&self, said: &str) -> bool {
        are_all_of(&words(said), self.signs.iter())
    }

    fn are_signs(&self, said: &[String], asks_yes_or_no: bool) -> bool {
        let agreement = self.agreement.iter().filter(|_| !asks_yes_or_no);
        are_all_of(said, self.signs.iter().chain(agreement))
    }
}

/// Whether what was said is one of these after the other, and nothing else.
fn are_all_of<'a>(said: &[String], known: impl Iterator<Item = &'a Vec<String>>) -> bool {
    let known: Vec<&[String]> = known.map(Vec::as_slice).collect();
    let mut rest = said;
    while let Some(after) = known.iter().find_map(|phrase| rest.strip_prefix(*phrase)) {
        rest = after;
    }
    rest.is_empty() && !said.is_empty()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use switchhook_models::Locale;

    use super::super::callers;

    #[test]
    fn signs_of_listening_are_no_turns_however_often_they_are_said() {
        let english = callers::read(Locale::En, "", &[]).unwrap().listening;
        for sign in ["Uh-huh.", "Mm-hmm.", "Mhm, mhm.", "Okay.", "Yeah, yeah.", "Right.", "I see.", "Oh, okay."] {
            assert!(english.goes_on(sign, false), "{sign}");
        }
        for said in ["Uh-huh, but wait.", "Okay, stop.", "No.", "Where is your office?", ""] {
            assert!(!english.goes_on(said, false), "{said}");
        }
        for locale in [Locale::ZhTw, Locale::ZhCn] {
            let mandarin = callers::read(locale, "", &[]).unwrap().listening;
            for sign in ["嗯。", "嗯嗯。", "嗯哼", "喔，好。", "哦，好的。", "是。"] {
                assert!(mandarin.goes_on(sign, false), "{locale}: {sign}");
            }
            assert!(!mandarin.goes_on("好，等一下", false) && !mandarin.goes_on("不是", false), "{locale}");
        }
        assert!(callers::read(Locale::ZhTw, "", &[]).unwrap().listening.goes_on("對對對", false));
    }

    #[test]
    fn a_sigh_that_was_heard_as_a_syllable_changes_no_sign() {
        let mandarin = callers::read(Locale::ZhTw, "", &[]).unwrap().listening;
        for sign in ["我好", "有好", "哇好", "好 第"] {
            assert!(mandarin.goes_on_but_for_a_syllable(sign), "{sign}");
        }
        for said in ["留言", "多少錢", "真人", "我找人", ""] {
            assert!(!mandarin.goes_on_but_for_a_syllable(said), "{said}");
        }
        let english = callers::read(Locale::En, "", &[]).unwrap().listening;
        assert!(!english.goes_on_but_for_a_syllable("Okay, Saturday."), "an English word is more than a syllable");
    }

    #[test]
    fn what_is_said_to_somebody_else_is_known_by_every_word_of_it() {
        let english = callers::read(Locale::En, "", &[]).unwrap().listening;
        for said in ["Hold on.", "Hold on, I'm on the phone.", "Okay, one second."] {
            assert!(english.is_aside(said), "{said}");
        }
        for said in ["Okay.", "Uh-huh.", "Hold on, what does it cost?", "Call me when I'm on the phone.", "Sorry?", ""] {
            assert!(!english.is_aside(said), "{said}");
        }
        for locale in [Locale::ZhTw, Locale::ZhCn] {
            let mandarin = callers::read(locale, "", &[]).unwrap().listening;
            assert!(mandarin.is_aside("等一下。") && mandarin.is_aside("喔，好，等一下") && mandarin.is_aside("等我一下喔"), "{locale}");
            assert!(!mandarin.is_aside("好") && !mandarin.is_aside("等一下可以打給我嗎"), "{locale}");
        }
        assert!(callers::read(Locale::ZhTw, "", &[]).unwrap().listening.is_aside("等一下，我在講電話。"));
        assert!(callers::read(Locale::ZhCn, "", &[]).unwrap().listening.is_aside("等一下，我在打电话。"));
    }

    #[test]
    fn where_a_yes_or_a_no_is_asked_for_agreement_is_an_answer() {
        let english = callers::read(Locale::En, "", &[]).unwrap().listening;
        assert!(!english.goes_on("Okay.", true) && !english.goes_on("Yeah.", true));
        assert!(english.goes_on("Uh-huh.", true));
    }

    #[test]
    fn a_scenario_adds_signs_of_its_own() {
        let own = callers::read(Locale::En, "listening:\n  signs: [copy that]\n", &[]).unwrap().listening;
        assert!(own.goes_on("Copy that, uh-huh.", true));
    }
}
