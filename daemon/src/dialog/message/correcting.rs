//! What was read back is not right: a number in the same breath corrects the number, a part that is named is asked for again, and where nothing is named, the
//! message is. Then the answer may still be the name of a part, or that nothing is wrong after all: neither is a message.

use switchhook_models::Locale;

use super::callback::Told;
use super::{Corrected, Form};
use crate::dialog::slots::{Objection, PartName};

impl Form {
    /// Whether an answer to what was read back tells of another number than that.
    pub(in crate::dialog) fn is_corrected_by(&self, said: &str, locale: Locale) -> bool {
        self.callback.is_corrected_by(said, locale)
    }

    /// The caller said that it is not right.
    pub(in crate::dialog) fn correct(&mut self, said: &str, locale: Locale) -> Corrected {
        match self.callback.told(said, true, locale) {
            Told::Nothing => match Objection::of(said, locale.language()) {
                Some(Objection::To(part)) if self.ask_anew(part) => Corrected::Part,
                _ => {
                    self.withdrawn = self.text.take().map(|text| (text, std::mem::take(&mut self.callback)));
                    self.went_on = false;
                    Corrected::Message
                }
            },
            Told::Whole(number) if self.callback.number() != Some(&number) => {
                self.callback.settle(Some(number));
                Corrected::Number
            }
            told => {
                self.callback.ask_anew();
                // How it can be told otherwise is said with the question.
                self.went_on = true;
                match told {
                    Told::NotWhole(part) => {
                        self.callback.begin(part);
                        // Its first digits are no failure: the rest is asked for.
                        if self.callback.grows() { Corrected::Number } else { Corrected::NumberInVain }
                    }
                    Told::Whole(_) | Told::Nothing => Corrected::NumberInVain,
                }
            }
        }
    }

    /// The caller was asked for the message again, and objects to a part of what was read back, or to nothing: whether that is clear now.
    pub(in crate::dialog) fn takes_back(&mut self, objection: Objection) -> bool {
        let Some((text, callback)) = self.withdrawn.take() else { return false };
        (self.text, self.callback) = (Some(text), callback);
        match objection {
            Objection::To(part) => {
                self.ask_anew(part);
            }
            Objection::None | Objection::Unknown => {}
        }
        true
    }

    /// Ask for this part anew, and for nothing else; whether a message has such a part.
    fn ask_anew(&mut self, part: PartName) -> bool {
        match part {
            PartName::Number => {
                self.callback.ask_anew();
                self.went_on = false;
            }
            PartName::Name => self.recipient = None,
            PartName::Text => self.text = None,
            PartName::Day | PartName::Time | PartName::Address => return false,
        }
        true
    }
}
