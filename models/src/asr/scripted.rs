//! What was heard, in the script that an office reads.
//!
//! Whisper writes Mandarin in the script that its training preferred for such words, and not always in one. Whoever shows or keeps a transcript
//! puts it into the office's script with one [`Converter`], made once: `heard.in_script(&converter)`. English is left as it is.

use super::grammar::{Answer, Choice};
use super::{Transcript, Word};
use crate::Language;
use crate::text::script::Converter;

impl Transcript {
    /// The same with its text and words in the converter's script, if it is Mandarin.
    #[must_use]
    pub fn in_script(self, script: &Converter) -> Self {
        if self.language != Language::Zh {
            return self;
        }
        let text = script.convert(&self.text);
        Self { words: in_script(self.words, script), text, ..self }
    }
}

impl Choice {
    /// The same with all that was written in the converter's script. Meanings are for programs and stay. A grammar's answer does not tell its language, so
    /// this is for offices that speak Mandarin.
    #[must_use]
    pub fn in_script(self, script: &Converter) -> Self {
        match self {
            Self::Said(answer) => {
                let (text, freely) = (script.convert(&answer.text), script.convert(&answer.freely));
                Self::Said(Answer { text, freely, ..answer })
            }
            Self::Outside(transcript) => Self::Outside(transcript.in_script(script)),
            Self::Nothing => Self::Nothing,
        }
    }
}

/// Words as the text that they make together is converted: 头 alone is 頭, but 发 is 髮 only after it. Where that text becomes longer or shorter, in the
/// words of Taiwan, each word is converted alone.
fn in_script(words: Vec<Word>, script: &Converter) -> Vec<Word> {
    let together: String = words.iter().map(|word| word.text.as_str()).collect();
    let converted: Vec<char> = script.convert(&together).chars().collect();
    let same_length = converted.len() == together.chars().count();
    let mut left = converted.as_slice();
    let mut convert = |text: &str| {
        if !same_length {
            return script.convert(text);
        }
        let (word, rest) = left.split_at(text.chars().count().min(left.len()));
        left = rest;
        word.iter().collect()
    };
    words.into_iter().map(|word| Word { text: convert(&word.text), ..word }).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::time::Duration;

    use super::*;
    use crate::text::script::Script;

    fn heard(text: &str, language: Language) -> Transcript {
        let word = |text: char| Word { text: text.into(), span: Duration::ZERO..Duration::from_secs(1), confidence: 1.0 };
        let words = text.chars().map(word).collect();
        Transcript { text: text.to_owned(), language, confidence: 1.0, span: Duration::ZERO..Duration::from_secs(1), words }
    }

    fn words(transcript: &Transcript) -> String {
        transcript.words.iter().map(|word| word.text.as_str()).collect()
    }

    #[test]
    fn mandarin_is_written_in_one_script_and_its_words_as_its_text() {
        let traditional = Script::Traditional.converter().unwrap();
        let told = heard("我的头发还没剪", Language::Zh).in_script(&traditional);
        assert_eq!((told.text.as_str(), words(&told).as_str()), ("我的頭髮還沒剪", "我的頭髮還沒剪"));
        let simplified = Script::Simplified.converter().unwrap();
        let told = heard("請問幾點關門", Language::Zh).in_script(&simplified);
        assert_eq!((told.text.as_str(), words(&told).as_str()), ("请问几点关门", "请问几点关门"));
    }

    #[test]
    fn words_stay_apart_where_taiwan_says_it_otherwise() {
        let traditional = Script::Traditional.converter().unwrap();
        let told = heard("打印机", Language::Zh).in_script(&traditional);
        assert_eq!((told.text.as_str(), told.words.len()), ("印表機", 3));
    }

    #[test]
    fn english_is_left_as_it_is() {
        let told = heard("后", Language::En).in_script(&Script::Traditional.converter().unwrap());
        assert_eq!((told.text.as_str(), words(&told).as_str()), ("后", "后"));
    }

    #[test]
    fn an_answer_of_a_grammar_is_written_in_the_script_too_and_means_what_it_meant() {
        let traditional = Script::Traditional.converter().unwrap();
        let answer =
            Answer { meaning: vec!["no".into()], text: "不对".into(), freely: "不对。".into(), confidence: 0.9, others: Vec::new() };
        let Choice::Said(told) = Choice::Said(answer).in_script(&traditional) else { unreachable!("an answer stays one") };
        assert_eq!((told.text.as_str(), told.freely.as_str(), told.meaning), ("不對", "不對。", vec!["no".to_owned()]));
        let told = Choice::Outside(heard("请问", Language::Zh)).in_script(&traditional);
        assert_eq!(told, Choice::Outside(heard("請問", Language::Zh)));
    }
}
