//! What is wrong in what was read back, told without its name: "No, my order has the wrong colour." The only text that was told is meant, if nothing else can be; and
//! digits behind "the number is" are those of the only number.

use jiff::civil::DateTime;

use super::super::Dialog;
use crate::dialog::slots::{self, Correction, Kind, Part, PartName, Reading, Value, When};
use crate::dialog::words::{is_han, is_question, words};

/// No name is longer than this, in Mandarin in characters: so few words may be one.
const LONGEST_NAME: usize = 3;

/// Whether this is nothing but the beginning of what is right instead: 是…
pub(super) fn is_just_is(said: &str) -> bool {
    matches!(words(said).as_slice(), [is] if is == "是")
}

impl Dialog {
    /// The slots of the flow that hold a value of such a kind.
    fn told_of(&self, is_kind: impl Fn(&Kind) -> bool) -> Vec<usize> {
        let is_so = |place: &usize| self.scenario.slots.get(*place).is_some_and(|(_, kind)| is_kind(kind));
        self.collected().into_iter().filter(|place| self.told_at(*place).is_some() && is_so(place)).collect()
    }

    /// Whether the flow was told a telephone number.
    pub(in crate::dialog::machine) fn has_told_a_number(&self) -> bool {
        !self.told_of(|kind| matches!(kind, Kind::Phone { .. })).is_empty()
    }

    /// What becomes of a part that the caller objects to by its name, if the flow was told one: it is asked for again, of a day and a time only the one that is wrong.
    pub(super) fn part_objected_to(&self, part: PartName) -> Option<Correction> {
        let first = |is_kind: fn(&Kind) -> bool| self.told_of(is_kind).into_iter().next();
        let half = |told: fn(DateTime) -> When| {
            let slot = first(|kind| matches!(kind, Kind::DateTime(_)))?;
            let Some(Value::DateTime(when)) = self.told_at(slot) else { return None };
            Some(Correction::Part { slot, part: Part::When(told(*when)) })
        };
        let slot = match part {
            PartName::Number => first(|kind| matches!(kind, Kind::Phone { .. })),
            PartName::Name => first(|kind| matches!(kind, Kind::Name)),
            PartName::Text => first(|kind| matches!(kind, Kind::Text)),
            PartName::Address => first(|kind| matches!(kind, Kind::Address)),
            PartName::Day => first(|kind| matches!(kind, Kind::Date(_))),
            PartName::Time => first(|kind| matches!(kind, Kind::Time)),
        };
        let whole = slot.map(|slot| Correction::Wrong { slot });
        whole.or_else(|| match part {
            PartName::Day => half(|when| When { time: Some(slots::told_exactly(when.time())), ..When::default() }),
            PartName::Time => half(|when| When { date: Some(when.date()), ..When::default() }),
            PartName::Number | PartName::Name | PartName::Text | PartName::Address => None,
        })
    }

    /// The text that was told, and what it is instead.
    pub(super) fn retold(&self, said: &str) -> Option<(usize, Value)> {
        let [slot] = self.told_of(|kind| matches!(kind, Kind::Text)).try_into().ok()?;
        let text = slots::told_instead(said)?;
        (!is_question(&text) && !self.may_be_a_name(&text)).then_some((slot, Value::Text(text)))
    }

    /// Whether these may be the name that was told, put right.
    fn may_be_a_name(&self, text: &str) -> bool {
        let spoken = words(text);
        let capitals = || text.split_whitespace().all(|word| word.starts_with(char::is_uppercase));
        let is_short = spoken.len() <= LONGEST_NAME && (spoken.iter().all(|word| word.chars().all(is_han)) || capitals());
        is_short && !self.told_of(|kind| matches!(kind, Kind::Name)).is_empty()
    }

    /// The part of a telephone number that is told instead of the one that was read back, where no word says that this is wrong.
    pub(super) fn number_begun(&self, said: &str) -> Option<Correction> {
        let [slot] = self.told_of(|kind| matches!(kind, Kind::Phone { .. })).try_into().ok()?;
        match slots::telephone_named(said, self.scenario.language) {
            Reading::Part(part @ Part::Digits { .. }, _) => Some(Correction::Part { slot, part }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;
    use std::sync::Arc;

    use switchhook_models::Locale;

    use super::super::super::*;
    use crate::dialog::slots::Value;

    /// Somebody who wants to be called back, after all this.
    fn to_be_called_back(locale: Locale, said: &[&str]) -> Dialog {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/after-hours");
        let mut dialog = Dialog::new(Arc::new(Scenario::load(&folder, locale).unwrap()), Circumstances::thursday_at(20));
        dialog.on(Input::Disclosed);
        for said in said {
            dialog.on(Input::heard(*said));
        }
        dialog
    }

    fn held(dialog: &Dialog, slot: &str) -> Option<String> {
        dialog.values().into_iter().find(|(name, _)| name == slot).map(|(_, value)| value.written())
    }

    const READ_BACK: [&str; 4] = ["Please call me back.", "Memor,", "Michael Brown.", "503-502-9211"];

    #[test]
    fn the_only_text_is_replaced_by_what_is_told_without_its_name() {
        let mut dialog = to_be_called_back(Locale::En, &READ_BACK);
        assert_eq!(held(&dialog, "about").as_deref(), Some("Memor"));
        let step = dialog.on(Input::heard("No, my order has the wrong color."));
        assert_eq!(held(&dialog, "about").as_deref(), Some("my order has the wrong color."));
        assert!(step.said().contains("my order has the wrong color. Is that right?"), "{step:?}");
        let mut dialog = to_be_called_back(Locale::ZhTw, &["我想請你們回我電話", "亂計壞了", "我的名字是許家豪", "0968844180"]);
        let step = dialog.on(Input::heard("不對是暖氣壞了"));
        assert!(step.said().contains("暖氣壞了"), "{step:?}");
        assert_eq!(held(&dialog, "about").as_deref(), Some("暖氣壞了"));
    }

    #[test]
    fn a_no_that_tells_nothing_is_asked_what_is_wrong_and_then_told() {
        let mut dialog = to_be_called_back(Locale::En, &READ_BACK);
        let step = dialog.on(Input::heard("No, that's not what I said."));
        assert!(step.said().contains("What is not right?"), "{step:?}");
        dialog.on(Input::heard("My order has the wrong color."));
        assert_eq!(held(&dialog, "about").as_deref(), Some("My order has the wrong color."));
    }

    #[test]
    fn the_name_of_a_part_asks_for_it_again_and_no_answer_is_the_text() {
        let wrong = |answer: &str| {
            let mut dialog = to_be_called_back(Locale::En, &READ_BACK);
            dialog.on(Input::heard("No."));
            let step = dialog.on(Input::heard(answer));
            assert!(held(&dialog, "about").is_none_or(|about| about == "Memor"), "{answer}");
            step.said()
        };
        for (answer, asked) in [
            ("The phone number.", "On which number can we call you?"),
            ("The name.", "What is your name, please?"),
            // That was in vain twice.
            ("I don't know.", "Please tell me your message"),
            ("Everything is fine.", "Is there anything else?"),
            ("Nothing.", "Is there anything else?"),
        ] {
            assert!(wrong(answer).contains(asked), "{answer}: {}", wrong(answer));
        }
    }

    #[test]
    fn a_name_and_a_number_are_no_text() {
        let mut dialog = to_be_called_back(Locale::En, &READ_BACK);
        dialog.on(Input::heard("No, the name is Anna Schmidt."));
        dialog.on(Input::heard("No, Anna Smith."));
        assert_eq!(held(&dialog, "about").as_deref(), Some("Memor"));
    }

    #[test]
    fn a_number_that_is_only_begun_is_asked_for() {
        for no in ["No, the number is 415.", "Know the number is 415."] {
            let mut dialog = to_be_called_back(Locale::En, &READ_BACK);
            let step = dialog.on(Input::heard(no));
            assert!(step.said().contains("And the rest?"), "{no}: {step:?}");
            dialog.on(Input::heard("849-6623."));
            let number = dialog
                .values()
                .into_iter()
                .find_map(|(_, value)| if let Value::Phone { number, .. } = value { Some(number) } else { None });
            assert_eq!(number.as_deref(), Some("4158496623"), "{no}");
        }
    }

    #[test]
    fn a_no_by_its_sound_corrects_as_well() {
        let mut dialog = to_be_called_back(Locale::ZhTw, &["我想請你們回我電話", "暖氣壞了", "我的名字是許家豪", "0968844180"]);
        let step = dialog.on(Input::heard("部隊電話是0958"));
        assert!(step.said().contains("請繼續說"), "{step:?}");
        let step = dialog.on(Input::heard("014328"));
        assert!(step.said().contains("零九五八，零一四，三二八"), "{step:?}");
    }

    #[test]
    fn what_begins_behind_a_no_is_no_yes() {
        let mut dialog = to_be_called_back(Locale::ZhTw, &["我想請你們回我電話", "暖氣壞了", "我的名字是許家豪", "0968844180"]);
        dialog.on(Input::heard("不對"));
        let step = dialog.on(Input::WentOn(crate::dialog::Said::from("是".to_owned())));
        assert!(!step.actions.iter().any(|action| matches!(action, Action::Keep(_))), "{step:?}");
    }
}
