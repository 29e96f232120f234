//! Mandarin by its sound: syllables without their tones, those that speakers merge written as one.
//!
//! A recogniser that does not know a word writes another of the same sound: 急起人 for 機器人, 遇約 for 預約. What sounds the same gets the same name here: tones
//! are left out, since a recogniser confuses them most, and zh, ch, sh, n- and final -ng are written as z, c, s, l- and -n, as many southern speakers say them.

/// The name of each syllable's sound, from pinyin with its tone as a digit behind it, such as `zhong1`.
pub(super) fn merged(pinyin: &[String]) -> Vec<String> {
    pinyin.iter().map(|syllable| one(syllable)).filter(|sound| !sound.is_empty()).collect()
}

fn one(syllable: &str) -> String {
    let toneless = syllable.trim_end_matches(|c: char| c.is_ascii_digit());
    let initial =
        [("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l")].iter().find_map(|(from, to)| Some((*to, toneless.strip_prefix(from)?)));
    let (initial, rime) = initial.unwrap_or(("", toneless));
    // -ong has no partner without g.
    let short = rime.strip_suffix("ng").filter(|rest| !rest.ends_with('o')).map(|rest| format!("{rest}n"));
    format!("{initial}{}", short.as_deref().unwrap_or(rime))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sounds(pinyin: &str) -> Vec<String> {
        merged(&pinyin.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn what_a_recogniser_confuses_sounds_the_same() {
        assert_eq!(sounds("ji2 qi3 ren2"), sounds("ji1 qi4 ren2"));
        assert_eq!(sounds("zhang1 nan2 sheng1"), sounds("zang1 lan2 sen1"));
        assert_ne!(sounds("dong1"), sounds("don1"));
        assert_ne!(sounds("ting2 che1"), sounds("qing3 ke4"));
    }

    #[test]
    fn what_is_no_syllable_is_left_out() {
        assert_eq!(sounds("1 23 "), Vec::<String>::new());
    }
}
