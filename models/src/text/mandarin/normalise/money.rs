//! Sums of money.

use super::super::numbers::number;
use super::{Cursor, Said};

/// A sign, what is said before the number, and what is said after it. Longer signs come first.
const SIGNS: [(&str, &str, &str); 17] = [
    ("NT$", "新台币", "元"),
    ("NTD", "新台币", "元"),
    ("TWD", "新台币", "元"),
    ("US$", "", "美元"),
    ("USD", "", "美元"),
    ("HK$", "港币", "元"),
    ("HKD", "港币", "元"),
    ("RMB", "人民币", "元"),
    ("CNY", "人民币", "元"),
    ("JPY", "", "日元"),
    ("EUR", "", "欧元"),
    ("GBP", "", "英镑"),
    ("$", "", "元"),
    ("¥", "", "元"),
    ("€", "", "欧元"),
    ("£", "", "英镑"),
    ("₩", "", "韩元"),
];
/// What a number may be multiplied by, longest first.
const SCALES: [&str; 8] = ["百万", "千万", "十万", "万亿", "百", "千", "万", "亿"];

/// "NT$1,500": 新台币一千五百元.
pub(super) fn sum(at: Cursor<'_>) -> Said<'_> {
    if !at.not_after(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut end = at;
    let (_, before, after) = SIGNS.iter().find(|(sign, _, _)| end.eat_all(sign))?;
    end.eat_space();
    let figures = end.number()?;
    let mut scaled = end;
    scaled.eat_space();
    let scale = scaled.eat_any(&SCALES);
    if scale.is_some() {
        end = scaled;
    }
    let _ = end.eat_any(&["元", "块钱", "块"]);
    let said = if figures == "2" { "两".to_owned() } else { number(&figures) };
    Some((format!("{before}{said}{}{after}", scale.unwrap_or_default()), end))
}
