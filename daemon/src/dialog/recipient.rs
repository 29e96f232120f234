//! For whom a message is, in the words of whoever leaves it.

use switchhook_models::Language;

use super::words::words;

/// A name has no more words than this; in Mandarin, characters.
const LONGEST: (usize, usize) = (5, 8);

/// What begins so names nobody: "tell me when you are open".
const NOBODY: [&str; 12] = ["you", "me", "us", "someone", "somebody", "您", "你", "我", "他", "她", "誰", "谁"];

/// What stands before a name.
const LEADS_EN: [&str; 5] = ["message for ", "message to ", "note for ", "word for ", "tell "];
const LEADS_ZH: [&str; 16] = [
    "留言給",
    "留言给",
    "留話給",
    "留话给",
    "留個言給",
    "留个言给",
    "留個話給",
    "留个话给",
    "傳話給",
    "传话给",
    "轉告",
    "转告",
    "告訴",
    "告诉",
    "通知",
    "轉達給",
];
/// What stands behind a name, where "to" stands before it: 我要給陳小姐留言.
const TO_ZH: [&str; 3] = ["給", "给", "跟"];
const BEHIND_ZH: [&str; 6] = ["留言", "留話", "留话", "留個", "留个", "說一聲"];

/// The name after "message for", "tell", "note to" and the like, or 留言給, if there is one.
pub(crate) fn named_in(said: &str, language: Language) -> Option<&str> {
    let name = match language {
        Language::En => {
            let lower = said.to_lowercase();
            let after = LEADS_EN.iter().find_map(|lead| lower.find(lead).map(|at| at + lead.len()))?;
            // Lower-casing can change the length of exotic letters: the place is looked up again instead of trusted.
            bare(said.get(after..)?, language)
        }
        Language::Zh => {
            let behind_lead = LEADS_ZH.iter().find_map(|lead| said.split_once(lead)).map(|(_, rest)| rest);
            let between = || {
                let (_, rest) = TO_ZH.iter().find_map(|to| said.split_once(to))?;
                let end = BEHIND_ZH.iter().filter_map(|behind| rest.find(behind)).min()?;
                rest.get(..end)
            };
            bare(first_clause(behind_lead.or_else(between)?), language)
        }
    };
    is_a_name(name, language).then_some(name)
}

/// What an answer to the question whom a message is for names, whatever it is.
pub(super) fn answered(said: &str, language: Language) -> &str {
    named_in(said, language).unwrap_or_else(|| bare(said, language))
}

/// The name in an answer to the question whom a message is for, if it is one.
pub(crate) fn in_answer(said: &str, language: Language) -> Option<&str> {
    Some(answered(said, language)).filter(|name| is_a_name(name, language))
}

fn is_a_name(name: &str, language: Language) -> bool {
    let longest = match language {
        Language::En => LONGEST.0,
        Language::Zh => LONGEST.1,
    };
    let words = words(name);
    words.len() <= longest && words.first().is_some_and(|first| !NOBODY.contains(&first.as_str()))
}

/// A name without the politeness and punctuation around it.
fn bare(said: &str, language: Language) -> &str {
    let (leads, tails): (&[&str], &[&str]) = match language {
        Language::En => (&["it's for ", "it is for ", "this is for ", "for ", "to "], &["please", "thanks", "thank you"]),
        Language::Zh => (
            &["是要給", "是要给", "我要給", "我要给", "要給", "要给", "是給", "是给", "給", "给", "請找", "请找", "我找", "找"],
            &["謝謝", "谢谢", "就好", "好了", "的"],
        ),
    };
    let mut name = said.trim().trim_matches(|c: char| !c.is_alphanumeric());
    for lead in leads {
        if let Some(rest) = name.get(..lead.len()).filter(|head| head.eq_ignore_ascii_case(lead)).and(name.get(lead.len()..)) {
            name = rest;
        }
    }
    let tail = tails.iter().find(|tail| name.to_lowercase().ends_with(*tail));
    let name = tail.and_then(|tail| name.get(..name.len().checked_sub(tail.len())?)).unwrap_or(name);
    name.trim_matches(|c: char| !c.is_alphanumeric())
}

fn first_clause(said: &str) -> &str {
    said.split(['，', ',', '。', '、', '；', '!', '！', '?', '？', '：']).find(|part| !part.trim().is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_behind_what_leads_to_it() {
        let named = |said| named_in(said, Language::En);
        assert_eq!(named("I'd like to leave a message for Maria Chen."), Some("Maria Chen"));
        assert_eq!(named("Please tell Mr. Smith, thank you"), Some("Mr. Smith"));
        assert_eq!(named("Could you tell me when you are open"), None);
    }

    #[test]
    fn a_mandarin_name_is_found_before_and_behind_its_verb() {
        let named = |said| named_in(said, Language::Zh);
        assert_eq!(named("我想留言給陳小姐。"), Some("陳小姐"));
        assert_eq!(named("我要给王经理留言"), Some("王经理"));
        assert_eq!(named("请转告李先生，我明天不来了"), Some("李先生"));
        assert_eq!(named("我想留言"), None);
        assert_eq!(named("請告訴我，你們幾點開門"), None);
        assert_eq!(bare("是要給陳小姐的。", Language::Zh), "陳小姐");
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(said in "\\PC{0,100}") {
            for language in [Language::En, Language::Zh] {
                let _ = named_in(&said, language);
                let _ = bare(&said, language);
            }
        }
    }
}
