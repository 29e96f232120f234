//! What the caller says in the demo, and what a good robot makes of it.

use switchhook_models::Locale;

/// One thing that the caller says, and what is expected.
#[derive(Clone, Copy, Debug)]
pub struct Exchange {
    /// Its file among the speech of callers.
    pub speech: &'static str,
    /// Its words, for who watches.
    pub words: &'static str,
    /// What must be among the words that were understood.
    pub heard: &'static [&'static str],
    /// What must be among the words of the answer.
    pub said: &'static [&'static str],
}

/// A caller who has three questions, leaves a message and says goodbye, and what they must hear.
#[derive(Debug)]
pub struct Conversation {
    /// What is said.
    pub exchanges: [Exchange; 7],
    /// What the caller's recording must hold: that it is a robot, and the answers; Mandarin in simplified characters.
    pub in_the_ear: [&'static str; 4],
}

/// The conversation in a language.
#[must_use]
pub fn conversation(language: Locale) -> &'static Conversation {
    match language {
        Locale::En => &ENGLISH,
        Locale::ZhTw => &TAIWAN,
        Locale::ZhCn => &MAINLAND,
    }
}

static ENGLISH: Conversation = Conversation {
    exchanges: [
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
        Exchange { speech: "06-af_nicole", words: "Yes, that's right.", heard: &["yes"], said: &["pass your message on"] },
        Exchange { speech: "23-am_fenrir", words: "That's all, thank you. Goodbye.", heard: &["that's all"], said: &["goodbye"] },
    ],
    in_the_ear: ["automated", "saturday", "station road", "goodbye"],
};

static TAIWAN: Conversation = Conversation {
    exchanges: [
        Exchange {
            speech: "zh/02-zf_xiaoxiao", words: "你們星期六有營業嗎?", heard: &["星期六"], said: &["星期六早上十點到下午兩點"]
        },
        Exchange { speech: "zh/03-zm_yunjian", words: "請問你們公司在哪裡?", heard: &["公司"], said: &["車站路十二號"] },
        Exchange { speech: "zh/14-zf_xiaoxiao", words: "可以刷卡嗎?", heard: &["可以"], said: &["信用卡"] },
        Exchange { speech: "zh/04-zf_xiaoyi", words: "我想留言給陳小姐。", heard: &["留言"], said: &["留言", "電話號碼"] },
        Exchange {
            speech: "zh/05-zm_yunxi",
            words: "請她回電,我的電話是零二,二七三四,五六七八。",
            heard: &["回電", "電話"],
            said: &["回電", "您的電話是", "零二 二七三四 五六七八", "請問對嗎"],
        },
        Exchange { speech: "zh/06-zf_xiaoxiao", words: "對,沒錯。", heard: &["對"], said: &["轉達您的留言"] },
        Exchange {
            speech: "zh/23-zm_yunjian", words: "沒有其他問題了,謝謝,再見。", heard: &["沒有其他問題"], said: &["再見"]
        },
    ],
    in_the_ear: ["机器人", "星期六", "车站", "再见"],
};

static MAINLAND: Conversation = Conversation {
    exchanges: [
        Exchange {
            speech: "zh/02-zf_xiaoxiao", words: "你们星期六有营业吗?", heard: &["星期六"], said: &["星期六早上十点到下午两点"]
        },
        Exchange { speech: "zh/03-zm_yunjian", words: "请问你们公司在哪里?", heard: &["公司"], said: &["车站路十二号"] },
        Exchange { speech: "zh/14-zf_xiaoxiao", words: "可以刷卡吗?", heard: &["可以"], said: &["信用卡"] },
        Exchange { speech: "zh/04-zf_xiaoyi", words: "我想留言给陈小姐。", heard: &["留言"], said: &["留言", "电话号码"] },
        Exchange {
            speech: "zh/05-zm_yunxi",
            words: "请她回电,我的电话是零二,二七三四,五六七八。",
            heard: &["回电", "电话"],
            said: &["回电", "您的电话是", "零二二 七三四 五六七八", "请问对吗"],
        },
        Exchange { speech: "zh/06-zf_xiaoxiao", words: "对,没错。", heard: &["对"], said: &["转达您的留言"] },
        Exchange {
            speech: "zh/23-zm_yunjian", words: "没有其他问题了,谢谢,再见。", heard: &["没有其他问题"], said: &["再见"]
        },
    ],
    in_the_ear: ["机器人", "星期六", "车站", "再见"],
};

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
        for language in [Locale::En, Locale::ZhTw] {
            for exchange in &conversation(language).exchanges {
                let file = crate::bench::speech(exchange.speech);
                assert!(file.is_file(), "{}", exchange.speech);
                let transcripts = std::fs::read_to_string(file.with_file_name("TRANSCRIPTS.tsv")).unwrap_or_default();
                let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let line = transcripts.lines().find(|line| line.starts_with(&name)).unwrap_or_default();
                assert!(line.contains(exchange.words), "{line:?}");
            }
        }
        for exchange in Locale::ALL.into_iter().flat_map(|language| &conversation(language).exchanges) {
            assert_eq!(missing(exchange.words, exchange.heard), [""; 0], "what is expected is not what is said");
        }
    }

    #[test]
    fn both_scripts_tell_the_same_conversation() {
        let taiwan = TAIWAN.exchanges.iter().map(|exchange| exchange.speech);
        assert!(taiwan.eq(MAINLAND.exchanges.iter().map(|exchange| exchange.speech)));
    }
}
