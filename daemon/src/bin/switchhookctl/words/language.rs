//! Which language people read, as gettext finds it out: the locale for messages is `LC_ALL`, else `LC_MESSAGES`, else `LANG`, and `LANGUAGE` names others to be
//! tried before it, unless the locale is the C one.

/// What this program speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    /// Chinese in traditional characters, in the words of Taiwan.
    TraditionalChinese,
    /// Chinese in simplified characters, in the words of the mainland.
    SimplifiedChinese,
}

impl Language {
    /// The language of this environment, which is read by the name of a variable.
    pub fn of(environment: impl Fn(&str) -> Option<String>) -> Self {
        let variable = |name: &str| environment(name).filter(|value| !value.is_empty());
        let Some(locale) = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable).filter(|locale| !is_plain(locale)) else {
            return Self::English;
        };
        let wanted = variable("LANGUAGE").unwrap_or(locale);
        wanted.split(':').find_map(Self::named).unwrap_or(Self::English)
    }

    /// The tag by which Fluent knows it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::TraditionalChinese => "zh-Hant",
            Self::SimplifiedChinese => "zh-Hans",
        }
    }

    /// The language that a locale is of: `zh_TW.UTF-8`, `zh-Hant`, `en_GB@euro`; none that we do not speak.
    fn named(locale: &str) -> Option<Self> {
        let name = locale.split(['.', '@']).next().unwrap_or_default().to_ascii_lowercase();
        let parts: Vec<&str> = name.split(['_', '-']).collect();
        match parts.as_slice() {
            ["en", ..] => Some(Self::English),
            ["zh", "hant" | "tw" | "hk" | "mo", ..] => Some(Self::TraditionalChinese),
            ["zh", ..] => Some(Self::SimplifiedChinese),
            _ => None,
        }
    }
}

/// Whether it is the locale of programs, which is nobody's language: `C`, `C.UTF-8` or `POSIX`.
fn is_plain(locale: &str) -> bool {
    matches!(locale.split('.').next(), Some("C" | "POSIX"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(variables: &[(&str, &str)]) -> Language {
        Language::of(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn a_locale_is_of_a_language_by_its_country_or_its_script() {
        for (locale, language) in [
            ("zh_TW.UTF-8", Language::TraditionalChinese),
            ("zh_HK", Language::TraditionalChinese),
            ("zh_MO.Big5", Language::TraditionalChinese),
            ("zh-Hant", Language::TraditionalChinese),
            ("zh_Hant_CN.UTF-8", Language::TraditionalChinese),
            ("zh_CN.UTF-8", Language::SimplifiedChinese),
            ("zh_SG.UTF-8@pinyin", Language::SimplifiedChinese),
            ("zh", Language::SimplifiedChinese),
            ("zh-Hans-TW", Language::SimplifiedChinese),
            ("en_GB.UTF-8", Language::English),
            ("de_DE.UTF-8", Language::English),
            ("C", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(spoken(&[("LANG", locale)]), language, "{locale}");
        }
    }

    #[test]
    fn the_first_variable_that_says_something_counts() {
        let taiwan = ("LANG", "zh_TW.UTF-8");
        assert_eq!(spoken(&[]), Language::English);
        assert_eq!(spoken(&[("LC_ALL", ""), ("LC_MESSAGES", ""), taiwan]), Language::TraditionalChinese);
        assert_eq!(spoken(&[("LC_MESSAGES", "zh_CN.UTF-8"), taiwan]), Language::SimplifiedChinese);
        assert_eq!(spoken(&[("LC_ALL", "en_US.UTF-8"), ("LC_MESSAGES", "zh_CN.UTF-8"), taiwan]), Language::English);
    }

    #[test]
    fn languages_are_tried_in_their_order_and_not_at_all_in_the_locale_of_programs() {
        let german = ("LANG", "de_DE.UTF-8");
        assert_eq!(spoken(&[("LANGUAGE", "de:zh_TW:en"), german]), Language::TraditionalChinese);
        assert_eq!(spoken(&[("LANGUAGE", "en:zh_TW"), ("LANG", "zh_TW.UTF-8")]), Language::English);
        assert_eq!(spoken(&[("LANGUAGE", "de:fr"), ("LANG", "zh_TW.UTF-8")]), Language::English);
        assert_eq!(spoken(&[("LANGUAGE", ""), ("LANG", "zh_TW.UTF-8")]), Language::TraditionalChinese);
        for plain in ["C", "C.UTF-8", "POSIX"] {
            assert_eq!(spoken(&[("LANGUAGE", "zh_TW"), ("LC_ALL", plain), ("LANG", "zh_TW.UTF-8")]), Language::English, "{plain}");
        }
        assert_eq!(spoken(&[("LANGUAGE", "zh_TW")]), Language::English, "no locale is the locale of programs");
    }
}
