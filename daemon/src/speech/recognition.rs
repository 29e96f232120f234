//! The recogniser as the office uses it: in its language and script, along with the caller where the model can, and within a grammar where
//! the dialog expects a certain answer.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use switchhook_models::asr::grammar::{Choice, Grammar, common};
use switchhook_models::asr::{Recognizer, Transcript};
use switchhook_models::embed::Embedder;
use switchhook_models::text::script::{Converter, Script};
use switchhook_models::{Cancel, Language, Locale, Result};

use super::roster::Roster;
use super::turn::CallerSpeech;
use crate::dialog::{Answers, Expected, SURE, Tells};

/// A telephone number has so many digits (ITU-T E.164), fewer within an exchange.
const TELEPHONE: std::ops::RangeInclusive<usize> = 6..=15;

/// A turn as it was recognised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recognised {
    /// Its words.
    pub transcript: Transcript,
    /// What they mean, as a vector, where a model tells.
    pub vector: Option<Vec<f32>>,
}

impl Recognised {
    /// Whether something was said that may be one of the expected answers, and it is not sure which.
    #[must_use]
    pub fn is_unsure(&self) -> bool {
        self.transcript.text.is_empty() && self.transcript.confidence > 0.0
    }
}

/// A recogniser at work for one office.
pub struct Recognition {
    recognizer: Box<dyn Recognizer>,
    language: Language,
    /// Writes Mandarin as the office reads it.
    script: Option<Converter>,
    yes_or_no: Grammar,
    telephone: Grammar,
    /// Who may get messages.
    people: Option<Roster>,
    /// Makes vectors of what was said.
    meaning: Option<Arc<dyn Embedder>>,
}

impl Recognition {
    /// This recogniser, for callers who speak this.
    ///
    /// # Errors
    /// If the program's own tables are damaged.
    pub fn of(recognizer: Box<dyn Recognizer>, locale: Locale) -> Result<Self> {
        let language = locale.language();
        Ok(Self {
            recognizer,
            language,
            script: locale.script().map(Script::converter).transpose()?,
            yes_or_no: common::yes_or_no(language)?,
            telephone: common::telephone(language, *TELEPHONE.start(), *TELEPHONE.end())?,
            people: None,
            meaning: None,
        })
    }

    /// The same, of an office that lists these people.
    #[must_use]
    pub fn with_people(self, people: Option<Roster>) -> Self {
        Self { people, ..self }
    }

    /// The same, which tells what was said as a vector too.
    #[must_use]
    pub fn with_meaning(self, meaning: Option<Arc<dyn Embedder>>) -> Self {
        Self { meaning, ..self }
    }

    /// Whether there is something to do while the caller speaks.
    pub(super) fn goes_along(&self) -> bool {
        self.recognizer.streaming().is_some()
    }

    /// Go along with a turn.
    pub(super) fn follow(&self, speech: &CallerSpeech) -> Result<()> {
        match self.recognizer.streaming() {
            Some(streaming) => speech.hear(|| streaming.begin(Some(self.language)), |_| Ok(())),
            None => Ok(()),
        }
    }

    /// The words of a turn, and what they mean.
    pub(super) fn recognise(&mut self, speech: &CallerSpeech, expected: &Expected, cancel: &Cancel) -> Result<Recognised> {
        let transcript = self.hear(speech, expected, cancel)?;
        let meaning = self.meaning.as_ref().filter(|_| !transcript.text.is_empty());
        let vector = match meaning.map(|meaning| meaning.embed(&transcript.text, cancel)).transpose() {
            Ok(vector) => vector,
            Err(error @ switchhook_models::Error::Cancelled) => return Err(error),
            Err(error) => {
                // The next rung: what was said is understood by its words alone.
                log::warn!(event = "embedding-fault"; "what was said has no vector: {error}");
                None
            }
        };
        Ok(Recognised { transcript, vector })
    }

    /// The words of a turn.
    fn hear(&mut self, speech: &CallerSpeech, expected: &Expected, cancel: &Cancel) -> Result<Transcript> {
        let Self { recognizer, language, people, .. } = self;
        let (language, people) = (*language, people.as_ref());
        let grammar = match expected {
            Expected::Anything => None,
            Expected::YesOrNo => Some(&self.yes_or_no),
            Expected::OneOf(answers) => Some(answers.grammar()),
            Expected::Telephone => Some(&self.telephone),
            Expected::Recipient => people.map(Roster::list),
        };
        let choice = match (recognizer.streaming(), grammar) {
            (Some(streaming), grammar) => speech.hear(
                || streaming.begin(Some(language)),
                |turn| match grammar {
                    Some(grammar) => turn.choose(grammar, cancel),
                    None => turn.partial(cancel).map(Choice::Outside),
                },
            ),
            (None, Some(grammar)) => recognizer.choose(&speech.samples(), Some(language), grammar, cancel),
            (None, None) => recognizer.transcribe(&speech.samples(), Some(language), cancel).map(Choice::Outside),
        };
        let choice = choice?;
        if let (Expected::Recipient, Some((name, confidence))) = (expected, people.and_then(|people| people.chosen(&choice))) {
            // As the office writes it: no converter may touch it.
            return Ok(transcript(name.to_owned(), language, confidence));
        }
        let heard = match expected {
            Expected::OneOf(answers) => one_of(choice, answers, language),
            _ => words(choice, grammar, language),
        };
        let heard = match &self.script {
            Some(script) => heard.in_script(script),
            None => heard,
        };
        match people {
            Some(people) => people.spelled(heard, expected),
            None => Ok(heard),
        }
    }
}

/// What was said, by an answer of the grammar if that is sure. What was freely written stands wherever it is an answer too: "No, thank you" says
/// more than the "no" in it.
fn words(choice: Choice, grammar: Option<&Grammar>, language: Language) -> Transcript {
    match choice {
        Choice::Nothing => transcript(String::new(), language, 0.0),
        Choice::Outside(freely) => freely,
        Choice::Said(answer) => {
            let freely_too = grammar.is_some_and(|grammar| grammar.read(&answer.freely).is_some());
            let text = if freely_too || answer.confidence < SURE { answer.freely } else { answer.text };
            transcript(text, language, answer.confidence)
        }
    }
}

/// The same where a question has few answers. Of one that is not sure, what was freely written is left, unless that is an answer too, which is no surer, or as short
/// as a number or a name that sounds like it (拜拜 for 八): then there are no words, and the caller is asked once more ([`Recognised::is_unsure`]).
fn one_of(choice: Choice, answers: &Answers, language: Language) -> Transcript {
    match choice {
        Choice::Said(answer) => {
            let freely = answers.grammar().read(&answer.freely);
            let freely_too = freely.is_some();
            let text = match answers.tells() {
                _ if answers.is_decided_by(&answer.freely) || freely.is_some_and(|freely| answers.is_instead(&freely)) => answer.freely,
                _ if answers.is_instead(&answer.meaning) && answer.confidence >= SURE => answer.text,
                Tells::Meaning if answer.confidence < answers.sure() && answer.is_as_short_as_freely() => String::new(),
                _ if answer.confidence < answers.sure() && freely_too => String::new(),
                _ if answer.confidence < answers.sure() => answer.freely,
                Tells::Meaning => answer.meaning.join(" "),
                Tells::Words if freely_too => answer.freely,
                Tells::Words => answer.text,
            };
            transcript(text, language, answer.confidence)
        }
        other => words(other, None, language),
    }
}

fn transcript(text: String, language: Language, confidence: f32) -> Transcript {
    Transcript { text, language, confidence, span: Default::default(), words: Vec::new() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;

    use super::*;
    use crate::dialog::Scenario;
    use switchhook_models::asr::grammar::Answer;

    fn said(text: &str, freely: &str, confidence: f32) -> String {
        let answer = Answer { meaning: vec![], text: text.into(), freely: freely.into(), confidence, others: vec![] };
        let grammar = common::yes_or_no(Language::En).unwrap();
        words(Choice::Said(answer), Some(&grammar), Language::En).text
    }

    #[test]
    fn a_sure_answer_stands_against_what_was_misheard() {
        assert_eq!(said("yes", "Chess.", 0.9), "yes");
        assert_eq!(said("yes", "Chess.", 0.4), "Chess.");
    }

    #[test]
    fn what_was_freely_written_stands_if_it_is_an_answer() {
        assert_eq!(said("no", "No, thank you.", 0.9), "No, thank you.");
    }

    #[test]
    fn a_telephone_number_that_cannot_be_told_is_unsure_and_no_silence() {
        let telephone = common::telephone(Language::En, *TELEPHONE.start(), *TELEPHONE.end()).unwrap();
        let heard = |text: &str, freely: &str, confidence| {
            let answer = Answer { meaning: vec![], text: text.into(), freely: freely.into(), confidence, others: vec![] };
            Recognised { transcript: words(Choice::Said(answer), Some(&telephone), Language::En), vector: None }
        };
        for (text, freely, confidence, told) in [
            ("212 555 0142", "two and two five", 0.9, "212 555 0142"),
            ("212 555 0142", "two and two five", 0.4, "two and two five"),
            ("212 555 0142", "212 555 0192", 0.4, "212 555 0192"),
            ("212 555 0142", "", 0.4, ""),
            ("no", "No, I don't have one.", 0.9, "No, I don't have one."),
        ] {
            let heard = heard(text, freely, confidence);
            assert_eq!((heard.transcript.text.as_str(), heard.is_unsure()), (told, told.is_empty()), "{text}, {freely}");
        }
    }

    #[test]
    fn of_few_answers_one_that_is_not_sure_is_none_and_what_was_freely_written_shares_its_doubt() {
        let scenario = Scenario::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/survey"), Locale::ZhTw).unwrap();
        let heard = |answers: &Answers, meaning: &str, text: &str, freely: &str, confidence| {
            let answer = Answer { meaning: vec![meaning.into()], text: text.into(), freely: freely.into(), confidence, others: vec![] };
            Recognised { transcript: one_of(Choice::Said(answer), answers, Language::Zh), vector: None }
        };
        let (yes_or_no, mark) = (scenario.answering.yes_or_no(), scenario.answering.mark());
        for (answers, meaning, text, freely, confidence, told) in [
            (&yes_or_no, "yes", "對", "隊", 0.95, "對"),
            (&yes_or_no, "no", "不可以", "不可以", 0.8, ""),
            (&yes_or_no, "no", "不要", "我想問一下", 0.5, "我想問一下"),
            (&mark, "4", "死", "死", 0.9, "4"),
            (&mark, "5", "五", "拜拜", 0.5, ""),
            (&mark, "1", "一", "救命", 0.5, "救命"),
            (&yes_or_no, "no", "不要", "不要再打來", 0.5, "不要再打來"),
            (&yes_or_no, "我要找專人", "我要找專人", "我要照轉人", 0.7, "我要找專人"),
        ] {
            let heard = heard(answers, meaning, text, freely, confidence);
            assert_eq!((heard.transcript.text.as_str(), heard.is_unsure()), (told, told.is_empty()), "{text}, {freely}");
        }
        let nothing = Recognised { transcript: one_of(Choice::Nothing, &mark, Language::Zh), vector: None };
        assert!(!nothing.is_unsure());
    }
}
