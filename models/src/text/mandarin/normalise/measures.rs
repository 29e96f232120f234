//! Shares, degrees and measures.

use super::super::numbers::number;
use super::{Cursor, Said, Wording, goes_on};

/// A unit as it is written, as Taiwan says it and as the mainland says it. Longer ones come first.
const UNITS: [(&str, &str, &str); 30] = [
    ("km/h", "公里每小时", "公里每小时"),
    ("km²", "平方公里", "平方公里"),
    ("cm²", "平方公分", "平方厘米"),
    ("m²", "平方公尺", "平方米"),
    ("m2", "平方公尺", "平方米"),
    ("m³", "立方公尺", "立方米"),
    ("㎡", "平方公尺", "平方米"),
    ("km", "公里", "公里"),
    ("Km", "公里", "公里"),
    ("KM", "公里", "公里"),
    ("cm", "公分", "厘米"),
    ("mm", "公厘", "毫米"),
    ("kg", "公斤", "公斤"),
    ("Kg", "公斤", "公斤"),
    ("KG", "公斤", "公斤"),
    ("mg", "毫克", "毫克"),
    ("ml", "毫升", "毫升"),
    ("mL", "毫升", "毫升"),
    ("kW", "千瓦", "千瓦"),
    ("GB", "GB", "GB"),
    ("MB", "MB", "MB"),
    ("min", "分钟", "分钟"),
    ("hr", "小时", "小时"),
    ("h", "小时", "小时"),
    ("m", "公尺", "米"),
    ("g", "公克", "克"),
    ("L", "公升", "升"),
    ("l", "公升", "升"),
    ("W", "瓦", "瓦"),
    ("V", "伏特", "伏"),
];

fn figures(end: &mut Cursor<'_>) -> Option<String> {
    end.not_after(|c| c.is_ascii_alphanumeric() || c == '.').then(|| end.number()).flatten()
}

/// "85%", "5%-10%", "5-10%": 百分之五到百分之十.
pub(super) fn percent(at: Cursor<'_>) -> Said<'_> {
    let mut end = at;
    let minus = end.not_after(goes_on) && end.eat('-');
    let low = figures(&mut end)?;
    let mut share = end.eat('%');
    let mut said = share_of(&low);
    let mut ahead = end;
    if ahead.one(|c| matches!(c, '-' | '~' | '–' | '至' | '到')).is_some()
        && let Some(high) = ahead.number().filter(|_| ahead.eat('%'))
    {
        said = format!("{said}到{}", share_of(&high));
        (end, share) = (ahead, true);
    }
    share.then(|| (if minus { format!("负{said}") } else { said }, end))
}

fn share_of(figures: &str) -> String {
    format!("百分之{}", number(figures))
}

/// "-5°C": 零下五度.
pub(super) fn degrees(at: Cursor<'_>) -> Said<'_> {
    let mut end = at;
    let below = end.not_after(goes_on) && end.eat('-');
    let degrees = figures(&mut end)?;
    end.eat_space();
    end.eat_any(&["°C", "℃", "°", "度C"])?;
    Some((format!("{}{}度", if below { "零下" } else { "" }, number(&degrees)), end))
}

/// "3km": 三公里.
pub(super) fn measure(at: Cursor<'_>, wording: Wording) -> Said<'_> {
    let mut end = at;
    let value = figures(&mut end)?;
    end.eat_space();
    let (_, taiwan, mainland) = UNITS.iter().find(|(unit, _, _)| {
        let mut after = end;
        let found = after.eat_all(unit) && after.not_before(goes_on);
        if found {
            end = after;
        }
        found
    })?;
    let unit = if wording == Wording::Taiwan { taiwan } else { mainland };
    Some((format!("{}{unit}", if value == "2" { "两".to_owned() } else { number(&value) }), end))
}
