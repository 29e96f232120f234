//! Where somebody dictates, "person" may well be part of it. What is told apart here is an order: a turn that is short, or one that begins with asking for a person, however
//! long it goes on after that. A message that mentions one says something else first.

use super::scenario::{Intent, Scenario};
use super::words::{places, spoken_length, words};

/// A turn of no more words than this is an order.
const LONGEST: usize = 8;

/// What asks: by words, and in Mandarin by characters.
const ASKS: &[&str] = &[
    "want", "need", "like", "can", "could", "may", "let", "get", "please", "speak", "talk", "put", "transfer", "connect", "要", "想", "請",
    "请", "幫", "帮", "找", "轉", "转", "跟", "能", "可", "需",
];
/// What else may stand before a person who is asked for, and makes no message of it: "well, I'd really …", 不好意思，我還是…
const BESIDE: &[&str] = &[
    "a", "actually", "again", "do", "excuse", "hello", "hey", "hi", "i", "id", "im", "instead", "ive", "just", "look", "me", "my", "no",
    "now", "oh", "okay", "ok", "rather", "real", "really", "right", "so", "sorry", "still", "with", "to", "um", "wait", "we", "well",
    "would", "you", "我", "你", "您", "們", "们", "以", "不", "好", "意", "思", "麻", "煩", "烦", "還", "还", "是", "那", "就", "先", "直",
    "接", "現", "现", "在", "喂", "嗯", "呃", "啊", "對", "对", "算", "了", "等", "一", "下", "真", "的",
];

/// Whether somebody who dictates means this as an order.
pub(super) fn is_order(scenario: &Scenario, intent: Intent, said: &str) -> bool {
    let spoken = words(said);
    spoken_length(&spoken) <= LONGEST || intent == Intent::Person && begins_with_a_person(scenario, &spoken)
}

fn begins_with_a_person(scenario: &Scenario, spoken: &[String]) -> bool {
    let phrases = scenario.intents.get(&Intent::Person).map(|signs| signs.words.as_slice()).unwrap_or_default();
    let Some(first) = phrases.iter().flat_map(|phrase| places(spoken, phrase)).min_by_key(|place| place.start) else { return false };
    let (before, so_far) = (spoken.get(..first.start).unwrap_or_default(), spoken.get(..first.end).unwrap_or_default());
    let is = |list: &[&str], word: &String| list.contains(&word.as_str());
    // A breath before the words may be heard as a number.
    let is_breath = |word: &String| !word.contains(char::is_alphabetic);
    before.iter().all(|word| is(ASKS, word) || is(BESIDE, word) || is_breath(word)) && so_far.iter().any(|word| is(ASKS, word))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;

    use switchhook_models::Locale;

    use super::*;

    fn orders_a_person(locale: Locale, said: &str) -> bool {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/reception");
        is_order(&Scenario::load(&dir, locale).unwrap(), Intent::Person, said)
    }

    #[test]
    fn who_begins_with_asking_for_a_person_wants_one_however_long_they_go_on() {
        for said in [
            "Can I please speak to a real person instead of leaving a message on this machine?",
            "No, sorry, I want to talk to somebody who knows about the contract.",
            "Put me through to your staff now, because I have been waiting for an hour.",
            "7. Put me through to a real person, please.",
        ] {
            assert!(orders_a_person(Locale::En, said), "{said}");
        }
        for said in ["不好意思，我還是想跟真人說話，因為這件事情真的很複雜。", "請幫我轉接專人，我不想在這裡留言，謝謝你。"]
        {
            assert!(orders_a_person(Locale::ZhTw, said), "{said}");
        }
    }

    #[test]
    fn a_message_that_mentions_a_person_is_a_message() {
        for said in [
            "Tell her that the person who repaired the printer comes again on Friday.",
            "The agent who came on Friday forgot his bag at our place, it is here.",
            "My daughter would like to talk to somebody about the flat in Station Road.",
        ] {
            assert!(!orders_a_person(Locale::En, said), "{said}");
        }
        for said in ["請告訴她，上次來修印表機的服務人員星期五會再來一次。", "專人星期五會把貨送到二樓，請他記得開門。"]
        {
            assert!(!orders_a_person(Locale::ZhTw, said), "{said}");
        }
    }
}
