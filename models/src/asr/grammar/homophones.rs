//! Characters that sound like the digits of Mandarin.
//!
//! A lone syllable tells a recogniser little: it writes the character of that sound that texts have most often, so 九 becomes 就, 七 becomes 去 or 气, and 零 becomes 林.
//! Where digits are expected, all of them spell the digit, and as an answer is as likely as all its spellings together, it is found by its sound. The tone does not count:
//! over a line it is the first thing to be lost, and no two digits differ by it alone.
//!
//! These are the characters of simplified and traditional texts that the dictionary ([`crate::text::mandarin`]) reads as the same syllable in any tone, rare ones left out;
//! for 零 also those of *lin*, which many speakers and recognisers do not tell from *ling*. What is merely near is not here: 是 would become 四 and 有 would become 九, and callers say both.

/// The characters that sound like each digit's names, from 0 on, beside the names themselves.
pub(super) const OF_DIGITS: [&str; 10] = [
    "灵靈玲铃鈴凌陵龄齡岭嶺领領令另林临臨邻鄰淋",
    "衣医醫依伊宜移疑仪儀遗遺姨已以乙椅倚亿億义義议議艺藝异異忆憶译譯易意益亦翼要邀吆摇搖谣謠窑遥遙咬药藥钥鑰耀",
    "儿兒而尔爾耳良凉涼梁粮糧量亮辆輛谅諒",
    "伞傘散",
    "司丝絲私思斯撕死寺嗣",
    "乌烏屋呜嗚吴吳吾无無午武舞务務勿物误誤悟雾霧",
    "溜流留刘劉柳",
    "妻期欺漆其奇棋旗齐齊骑騎岂豈启啟起企气氣弃棄汽器",
    "巴扒吧爸把拔罢罷霸",
    "究揪久酒旧舊救就舅",
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::OF_DIGITS;
    use crate::Language;
    use crate::asr::grammar::common;

    #[test]
    fn no_character_stands_for_two_digits() {
        let mut seen = std::collections::HashSet::new();
        assert!(OF_DIGITS.iter().flat_map(|characters| characters.chars()).all(|character| seen.insert(character)));
    }

    #[test]
    fn digits_are_read_from_characters_that_sound_like_them() {
        let digits = common::digits(Language::Zh, 1, 12).unwrap();
        assert_eq!(digits.read("林要兒散死午流气吧就").unwrap().concat(), "0123456789");
        assert_eq!(digits.read("是"), None);
        assert_eq!(digits.read("有"), None);
    }
}
