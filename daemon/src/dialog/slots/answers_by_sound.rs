//! A yes or a no by its sound, where one was asked for: a recogniser that expects sentences writes 部隊 for 不對 and 市的 for 是的.
//!
//! The list is closed, tones do not count, and only what an answer begins with is matched: a no where it ends or something is told behind it (部隊電話是…, but
//! not 部隊的人), a yes where nothing else was said. Nobody reads anything else so.

use switchhook_models::{Language, Locale};

const BU: &str = "不部步布補补簿佈埠怖服";
const DUI: &str = "對对隊队兌兑";
const SHI: &str = "是市事世試试式室士示勢势釋释視视";
const DE: &str = "的得地德";
const MEI: &str = "沒没美每妹梅";
const CUO: &str = "錯错措挫";

/// What is meant, in Taiwan's script and the mainland's, the syllables that it may be written as, and whether anything may be told behind it.
const ANSWERS: [([&str; 2], &[&str], bool); 6] = [
    (["不對", "不对"], &[BU, DUI], true),
    (["不是", "不是"], &[BU, SHI], true),
    (["沒錯", "没错"], &[MEI, CUO], false),
    (["對的", "对的"], &[DUI, DE], false),
    (["是的", "是的"], &[SHI, DE], false),
    (["對", "对"], &[DUI], false),
];

/// With these words people begin to tell what is right instead.
const CORRECTIONS: [&str; 30] = [
    "電話", "电话", "號碼", "号码", "手機", "手机", "名字", "我", "是", "應該", "应该", "時間", "时间", "日期", "留言", "內容", "内容",
    "星期", "禮拜", "礼拜", "明天", "下", "改", "您", "你", "啊", "喔", "啦", "零", "那",
];

/// The answer as it is written if it was right as it sounds; nothing if it is no yes or no, or is written so already.
#[must_use]
pub fn written(said: &str, locale: Locale) -> Option<String> {
    if locale.language() != Language::Zh {
        return None;
    }
    let said = said.trim_start_matches(|c: char| !c.is_alphanumeric());
    let written_right = |meant: &[&str; 2]| meant.iter().any(|meant| said.starts_with(meant));
    ANSWERS.iter().filter(|(meant, ..)| !written_right(meant)).find_map(|([taiwan, mainland], syllables, goes_on)| {
        let meant = if locale == Locale::ZhCn { mainland } else { taiwan };
        let mut rest = said.chars();
        let sounds = syllables.iter().all(|syllable| rest.next().is_some_and(|c| syllable.contains(c)));
        let rest = rest.as_str();
        let ends = !rest.contains(char::is_alphanumeric);
        let tells = || {
            rest.starts_with(|c: char| !c.is_alphanumeric() || c.is_ascii_digit()) || CORRECTIONS.iter().any(|word| rest.starts_with(word))
        };
        (sounds && (ends || *goes_on && tells())).then(|| format!("{meant}{rest}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sounds_like_a_yes_or_a_no_is_one() {
        for (heard, meant) in [
            ("部隊電話是096013251", "不對電話是096013251"),
            ("部隊", "不對"),
            ("布市，是零九六零", "不是，是零九六零"),
            ("服對電話是0958", "不對電話是0958"),
            ("隊", "對"),
            ("市的。", "是的。"),
            ("美錯", "沒錯"),
        ] {
            assert_eq!(written(heard, Locale::ZhTw).as_deref(), Some(meant), "{heard}");
        }
    }

    #[test]
    fn words_that_make_sense_otherwise_keep_it() {
        for said in [
            "部隊的人",
            "隊長",
            "世界",
            "事情是這樣",
            "市政府",
            "補習班",
            "服務人員",
            "試用期",
            "不對",
            "不对",
            "对",
            "对的",
            "是的",
            "每天",
            "不",
            "",
        ] {
            assert_eq!(written(said, Locale::ZhTw), None, "{said}");
        }
        assert_eq!(written("部隊", Locale::En), None);
    }

    /// Every sentence of every shipped conversation: whoever could be understood is understood as before.
    #[test]
    fn no_sentence_of_the_shipped_scenarios_sounds_like_another_answer() {
        let scenarios = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let folders = |folder: std::path::PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let files: Vec<_> = folders(scenarios).flat_map(|scenario| folders(scenario.join("tests"))).filter(|path| path.is_file()).collect();
        let mut sentences = 0;
        for line in files
            .iter()
            .filter_map(|file| std::fs::read_to_string(file).ok())
            .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        {
            let Some((_, said)) = line.split_once("caller: ") else { continue };
            let said = said.split(", robot").next().unwrap_or_default().trim_matches(['"', '}', ' ']);
            sentences += 1;
            let sounds_so_on_purpose = ["部隊", "服對"].iter().any(|heard| said.starts_with(heard));
            assert!(sounds_so_on_purpose || written(said, Locale::ZhTw).is_none(), "{said}");
        }
        assert!(sentences > 100, "{sentences}");
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(said in "\\PC{0,40}") {
            let _ = written(&said, Locale::ZhCn);
        }
    }
}
