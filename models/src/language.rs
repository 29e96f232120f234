//! The languages that callers speak, and the way in which an office writes them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::text::script::Script;

/// A spoken language, by its ISO 639-1 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// Mandarin Chinese.
    Zh,
}

impl Language {
    /// The ISO 639-1 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Language {
    type Err = Error;

    fn from_str(code: &str) -> Result<Self, Error> {
        match code {
            "en" => Ok(Self::En),
            "zh" => Ok(Self::Zh),
            other => Err(Error::Input(format!("`{other}` is not a language spoken here; use `en` or `zh`"))),
        }
    }
}

/// A language as an office uses it: what is spoken, and for Mandarin in which script it is written. Its names are BCP 47 tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Locale {
    /// English.
    #[serde(rename = "en")]
    En,
    /// Mandarin as in Taiwan, in traditional characters.
    #[serde(rename = "zh-TW")]
    ZhTw,
    /// Mandarin as in mainland China, in simplified characters.
    #[serde(rename = "zh-CN")]
    ZhCn,
}

impl Locale {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::En, Self::ZhTw, Self::ZhCn];

    /// What is spoken.
    #[must_use]
    pub fn language(self) -> Language {
        match self {
            Self::En => Language::En,
            Self::ZhTw | Self::ZhCn => Language::Zh,
        }
    }

    /// The script of what is written, if the language has several.
    #[must_use]
    pub fn script(self) -> Option<Script> {
        match self {
            Self::En => None,
            Self::ZhTw => Some(Script::Traditional),
            Self::ZhCn => Some(Script::Simplified),
        }
    }

    /// The BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhTw => "zh-TW",
            Self::ZhCn => "zh-CN",
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Locale {
    type Err = Error;

    fn from_str(tag: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|locale| locale.tag().eq_ignore_ascii_case(tag));
        known.ok_or_else(|| {
            let mandarin = if tag.to_ascii_lowercase().starts_with("zh") { "; Mandarin needs its script too" } else { "" };
            Error::Input(format!("`{tag}` is not a language spoken here; use `en`, `zh-TW` or `zh-CN`{mandarin}"))
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_locale_is_read_from_its_tag_in_any_case() {
        for locale in Locale::ALL {
            assert_eq!(locale.tag().to_lowercase().parse::<Locale>().unwrap(), locale);
        }
    }

    #[test]
    fn mandarin_without_a_script_is_no_locale() {
        assert!("zh".parse::<Locale>().unwrap_err().to_string().contains("script"));
        assert!("fr".parse::<Locale>().unwrap_err().to_string().contains("zh-CN"));
    }
}
