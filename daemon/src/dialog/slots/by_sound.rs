//! Digits by their sound: a recogniser that expects sentences writes 零就起司一一就一零零 for 零九七四，一一九，一零零. Where a telephone number was asked for, characters that sound like digits are read as such,
//! and only if a whole number comes of them.

use switchhook_models::{Language, Locale};

use super::country::{Country, Length};
use super::part::begins_again;

/// Characters that sound like a digit, whatever their tone: from 0 to 9.
const SOUNDS: [&str; 10] = [
    "0零〇林玲靈灵淩凌鈴铃令領领另臨临",
    "1一壹以已乙依意億亿益衣伊易亦醫医幺要腰邀義义",
    "2二貳贰爾尔而耳兒儿",
    "3三參参散傘伞",
    "4四肆司斯思絲丝私死似寺",
    "5五伍午物霧雾誤误悟務务屋無无武舞吳吴烏乌污",
    "6六陸陆流留溜劉刘柳",
    "7七柒起其期奇氣气騎骑企欺棋妻齊齐旗琪祈漆",
    "8八捌把吧爸巴霸白百",
    "9九玖就舊旧救久酒究",
];
/// What stands between groups of digits.
const BETWEEN: [char; 8] = [' ', ',', '，', '、', '-', '。', '.', ';'];
/// 電話是零九… is heard as 電話四零九… or 一零九…: a number that is whole but for such a digit before it.
const IS: [char; 2] = ['4', '1'];

/// The digits without what was 是. A 1 is the number's own (mobile numbers of the mainland begin with it) unless what stands behind it begins one by itself, as 0 and 1 do.
fn without_is(run: &str) -> &str {
    run.strip_prefix(IS).filter(|bare| run.starts_with('4') || bare.starts_with(['0', '1'])).unwrap_or(run)
}

fn digit(c: char) -> Option<char> {
    SOUNDS.iter().find(|sounds| sounds.contains(c)).and_then(|sounds| sounds.chars().next())
}

/// The digits in what was said, with those that came before, if they are a whole telephone number.
#[must_use]
pub fn telephone(said: &str, before: &str, locale: Locale) -> Option<String> {
    if locale.language() != Language::Zh {
        return None;
    }
    let mut runs = vec![String::new()];
    for c in said.chars() {
        match (digit(c), runs.last_mut()) {
            (Some(digit), Some(run)) => run.push(digit),
            (None, Some(run)) if !BETWEEN.contains(&c) && !run.is_empty() => runs.push(String::new()),
            _ => {}
        }
    }
    let country = Country::of(locale);
    let is_whole = |number: &String| country.length(number) == Length::Whole;
    let candidates = |run: &String| {
        let bare = without_is(run);
        let before = if begins_again(before, bare) { "" } else { before };
        [format!("{before}{run}"), run.clone(), format!("{before}{bare}"), bare.to_owned()]
    };
    runs.iter().filter(|run| !run.is_empty()).flat_map(candidates).find(is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sounds_like_a_number_is_one() {
        for (heard, number) in [
            ("零就起司已已就,一零零", "0974119100"),
            ("電話是零就起司,已就已零零。", ""),
            ("零就一把 散已就 物就就", "0918319599"),
            ("095以6起司6司司", "0951674644"),
            ("電話是0950,散把已起司就。", "0950381749"),
            ("臥底電話是零舊爾斯起留把留物零", "0924768650"),
            ("不是40902,物流已0就流", "0902561096"),
            ("電話40902 霧散就旗一鈴", "0902539710"),
            ("臥底電話40就起2,物靈散白一氣。", "0972503817"),
            ("10948496623", "0948496623"),
            ("我等了一個小時都沒有人來", ""),
        ] {
            assert_eq!(telephone(heard, "", Locale::ZhTw).unwrap_or_default(), number, "{heard}");
        }
    }

    #[test]
    fn a_mobile_number_that_is_cut_off_is_no_local_one() {
        for locale in [Locale::ZhCn, Locale::ZhTw] {
            assert_eq!(telephone("一三八零零一三八零", "", locale), None, "{locale:?}");
            for heard in ["一三八零零一三八零零零", "電話是一一三八零零一三八零零零"] {
                assert_eq!(telephone(heard, "", locale).as_deref(), Some("13800138000"), "{locale:?} {heard}");
            }
        }
    }

    #[test]
    fn the_rest_of_a_number_belongs_to_its_beginning() {
        assert_eq!(telephone("物流已零就流", "0902", Locale::ZhTw).as_deref(), Some("0902561096"));
        assert_eq!(telephone("零九六六", "096668", Locale::ZhTw), None, "it begins again");
        assert_eq!(telephone("four five six", "0902", Locale::En), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(said in "\\PC{0,60}", before in "[0-9]{0,20}") {
            let _ = telephone(&said, &before, Locale::ZhCn);
        }
    }
}
