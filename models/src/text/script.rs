//! Mandarin in the script that an office reads.
//!
//! A recogniser writes what it heard in whichever script its training preferred, and the same model does not always keep to one. What it
//! wrote is put into the configured script phrase by phrase, because one simplified character can stand for several traditional ones (头发
//! is 頭髮, 发现 is 發現), and for Taiwan in Taiwan's words too (软件 is 軟體). The rules and tables are OpenCC's (Apache-2.0), built into
//! the program by the crate ferrous-opencc.
//!
//! A text that is in the right script already is left as it is: a table from simplified to traditional would take the 干 of a traditional
//! 干擾 for a simplified character and write 幹擾.

use std::fmt;
use std::str::FromStr;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Whether this is a Chinese character, which stands for a word of its own or a part of one.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// A way to write Mandarin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Script {
    /// Traditional characters and words, as in Taiwan.
    Traditional,
    /// Simplified characters, as in mainland China. Words stay as they were said.
    Simplified,
}

impl Script {
    /// What puts text into this script.
    ///
    /// # Errors
    /// [`Error::Input`] if the tables that the program was built with cannot be read.
    pub fn converter(self) -> Result<Converter> {
        let table = |config| OpenCC::from_config(config).map_err(|e| Error::Input(format!("the tables of Chinese scripts: {e}")));
        Ok(match self {
            Self::Simplified => Converter::ToSimplified(table(BuiltinConfig::Tw2s)?),
            Self::Traditional => Converter::ToTraditional {
                from_simplified: table(BuiltinConfig::S2twp)?,
                to_simplified: table(BuiltinConfig::T2s)?,
                variants: table(BuiltinConfig::T2tw)?,
            },
        })
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Traditional => "traditional",
            Self::Simplified => "simplified",
        })
    }
}

impl FromStr for Script {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "traditional" => Ok(Self::Traditional),
            "simplified" => Ok(Self::Simplified),
            other => Err(Error::Input(format!("`{other}` is not a script of Mandarin; use `traditional` or `simplified`"))),
        }
    }
}

/// Puts text into one script, whichever it is in.
pub enum Converter {
    /// Into simplified characters.
    ToSimplified(OpenCC),
    /// Into the characters and words of Taiwan.
    ToTraditional {
        /// For text that is in simplified characters, wholly or mostly.
        from_simplified: OpenCC,
        /// Shows whether a text is in traditional characters.
        to_simplified: OpenCC,
        /// For text that is: Taiwan's forms of characters that are written in several ways.
        variants: OpenCC,
    },
}

impl Converter {
    /// `text` in the script.
    #[must_use]
    pub fn convert(&self, text: &str) -> String {
        match self {
            // The table takes the 么 of a simplified 什么 for a rare form of the traditional 幺.
            Self::ToSimplified(table) => text.split('么').map(|part| table.convert(part)).collect::<Vec<_>>().join("么"),
            Self::ToTraditional { from_simplified, to_simplified, variants } => {
                let converted = from_simplified.convert(text);
                let traditional = differing(text, &to_simplified.convert(text));
                if traditional > differing(text, &converted) { variants.convert(text) } else { converted }
            }
        }
    }
}

/// In how many characters two texts of about one length differ, place by place.
fn differing(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).filter(|(a, b)| a != b).count()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static TAIWAN: LazyLock<Converter> = LazyLock::new(|| Script::Traditional.converter().unwrap());
    static MAINLAND: LazyLock<Converter> = LazyLock::new(|| Script::Simplified.converter().unwrap());

    #[test]
    fn what_was_recognised_is_written_as_taiwan_writes_it() {
        for (heard, written) in [
            ("请问你们的营业时间到几点？", "請問你們的營業時間到幾點？"),
            ("我的头发还没干，等一下再过去", "我的頭髮還沒幹，等一下再過去"),
            ("我想约后天下午两点半看牙医", "我想約後天下午兩點半看牙醫"),
            ("电脑的软件坏了，请派人来看", "電腦的軟體壞了，請派人來看"),
            ("请转接会计部的钟先生", "請轉接會計部的鐘先生"),
            ("公里数是多少", "公里數是多少"),
            ("他在三楼里面开会", "他在三樓裡面開會"),
            ("麻烦把视频发到我的邮箱", "麻煩把影片發到我的郵箱"),
        ] {
            assert_eq!(TAIWAN.convert(heard), written, "{heard}");
        }
    }

    #[test]
    fn what_is_traditional_already_stays_as_it_is() {
        for text in ["不好意思干擾您，請問裡面有人嗎？", "皇后大道的鍾先生要找會計", "我只要一份，錢夠", "請問公司幾點關門"]
        {
            assert_eq!(TAIWAN.convert(text), text);
        }
    }

    #[test]
    fn what_was_recognised_is_written_as_the_mainland_writes_it() {
        for (heard, written) in [
            ("請問你們的營業時間到幾點？", "请问你们的营业时间到几点？"),
            ("他看著我，說電腦壞了", "他看着我，说电脑坏了"),
            ("請轉接會計部的鐘先生", "请转接会计部的钟先生"),
            ("裡面的頭髮和發票", "里面的头发和发票"),
            ("乾淨的房間", "干净的房间"),
            ("已经是简体了，怎么办", "已经是简体了，怎么办"),
        ] {
            assert_eq!(MAINLAND.convert(heard), written, "{heard}");
        }
    }

    #[test]
    fn simplified_characters_stay_simplified() {
        let s2t = OpenCC::from_config(BuiltinConfig::S2t).unwrap();
        let changed = |c: &char| s2t.convert(&c.to_string()) != c.to_string() && MAINLAND.convert(&c.to_string()) != c.to_string();
        let rare = "緼苧藴輼醖麽";
        assert_eq!(('\u{4e00}'..='\u{9fff}').filter(changed).collect::<String>(), rare);
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_and_conversion_is_done_at_once(text in "\\PC{0,40}|[a-z你們们後后發发髮0-9]{0,30}") {
            let once = MAINLAND.convert(&text);
            prop_assert_eq!(MAINLAND.convert(&once), once);
            let _ = TAIWAN.convert(&text);
        }
    }
}
