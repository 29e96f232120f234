//! Where a Mandarin text may be cut into sentences.

/// The sentences of `text`, each with the marks that end it.
pub(super) fn sentences(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut sentence = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\n' {
            out.push(std::mem::take(&mut sentence));
            continue;
        }
        sentence.push(c);
        let next = rest.peek().copied();
        let ends = match c {
            '。' | '！' | '？' | '!' | '?' | '…' => true,
            '.' => next.is_some_and(char::is_whitespace) && sentence.chars().nth_back(1).is_some_and(|before| !before.is_uppercase()),
            '」' | '』' | '”' | '）' | ')' | '"' => ends_inside(&sentence),
            _ => false,
        };
        if ends && !next.is_some_and(|next| "。！？!?….」』”）)\"".contains(next)) {
            out.push(std::mem::take(&mut sentence));
        }
    }
    out.push(sentence);
    out.iter().map(|sentence| sentence.trim().to_owned()).filter(|sentence| !sentence.is_empty()).collect()
}

/// Whether a sentence that ends with a closing mark has ended before it.
fn ends_inside(sentence: &str) -> bool {
    sentence.trim_end_matches(['」', '』', '”', '）', ')', '"']).ends_with(['。', '！', '？', '!', '?', '…'])
}

#[cfg(test)]
mod tests {
    use super::sentences;
    use proptest::prelude::*;

    #[test]
    fn a_text_is_cut_after_its_full_stops_and_what_closes_behind_them() {
        assert_eq!(sentences("您好。請問您要找誰？請稍候！！"), ["您好。", "請問您要找誰？", "請稍候！！"]);
        assert_eq!(sentences("他說：「不行。」我走了"), ["他說：「不行。」", "我走了"]);
        assert_eq!(sentences("一共 3.5 元\n\n謝謝"), ["一共 3.5 元", "謝謝"]);
        assert!(sentences(" \n ").is_empty());
    }

    proptest! {
        #[test]
        fn nothing_but_space_is_lost(text in "[你好。！？」.a \\n]{0,60}") {
            let kept: String = sentences(&text).concat().split_whitespace().collect();
            prop_assert_eq!(kept, text.split_whitespace().collect::<String>());
        }
    }
}
