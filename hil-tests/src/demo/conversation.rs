//! What the caller says in the demo, and what a good robot makes of it.

/// One thing that the caller says, and what is expected.
#[derive(Clone, Copy, Debug)]
pub struct Exchange {
    /// The file in `speech/en`.
    pub speech: &'static str,
    /// Its words, for who watches.
    pub words: &'static str,
    /// What must be among the words that were understood.
    pub heard: &'static [&'static str],
    /// What must be among the words of the answer.
    pub said: &'static [&'static str],
}

/// A caller who has three questions, leaves a message and says goodbye.
pub const CONVERSATION: [Exchange; 7] = [
    Exchange { speech: "02-af_sarah", words: "Are you open on Saturday?", heard: &["saturday"], said: &["saturday", "ten to two"] },
    Exchange { speech: "03-bm_george", words: "Where exactly is your office?", heard: &["office"], said: &["station road"] },
    Exchange { speech: "14-af_sarah", words: "Do you take credit cards?", heard: &["credit card"], said: &["credit", "cards"] },
    Exchange {
        speech: "04-bf_emma",
        words: "I'd like to leave a message for Maria Chen.",
        heard: &["leave a message"],
        said: &["your message"],
    },
    Exchange {
        speech: "05-am_fenrir",
        words: "Please ask her to call me back on zero two, five five five, one two three four.",
        heard: &["call me back"],
        said: &["call me back", "is that right"],
    },
    Exchange { speech: "06-af_nicole", words: "Yes, that's right.", heard: &["right"], said: &["pass your message on"] },
    Exchange { speech: "23-am_fenrir", words: "That's all, thank you. Goodbye.", heard: &["that's all"], said: &["goodbye"] },
];

/// What the caller's recording must hold: that it is a robot, and the answers.
pub(super) const IN_THE_EAR: [&str; 4] = ["automated", "saturday", "station road", "goodbye"];

/// Words as they are compared: in small letters, with straight apostrophes and single spaces, without other punctuation.
pub(super) fn plain(text: &str) -> String {
    let text = text.to_lowercase().replace('’', "'");
    let kept: String = text.chars().map(|c| if c.is_alphanumeric() || c == '\'' { c } else { ' ' }).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ").replace("good bye", "goodbye")
}

/// Which of the `wanted` words are not in `text`.
pub(super) fn missing<'a>(text: &str, wanted: &[&'a str]) -> Vec<&'a str> {
    let text = plain(text);
    wanted.iter().copied().filter(|words| !text.contains(words)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_their_punctuation() {
        assert_eq!(plain(" That’s all,  thank you. Good-bye! "), "that's all thank you goodbye");
        assert_eq!(missing("From TEN, to two.", &["ten to two", "sunday"]), ["sunday"]);
    }

    #[test]
    fn everything_that_the_caller_says_lies_beside_its_words() {
        let transcripts = std::fs::read_to_string(crate::bench::speech("x").with_file_name("TRANSCRIPTS.tsv")).unwrap_or_default();
        for exchange in CONVERSATION {
            assert!(crate::bench::speech(exchange.speech).is_file(), "{}", exchange.speech);
            let line = transcripts.lines().find(|line| line.starts_with(exchange.speech)).unwrap_or_default();
            assert!(line.contains(exchange.words), "{line:?}");
            assert_eq!(missing(exchange.words, exchange.heard), [""; 0], "what is expected is not what is said");
        }
    }
}
