//! Numbers as Mandarin says them.
//!
//! 2 is 两 before hundreds, thousands, ten thousands and hundred millions, as most speakers on both sides of the strait say, and 二 elsewhere
//! inside a number; whether a number that is 2 alone is 两 depends on what it counts (the normaliser).

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
/// What each group of four digits counts.
const GROUPS: [&str; 4] = ["", "万", "亿", "万亿"];

/// The most digits that are read as one number; longer runs are read digit by digit.
pub(super) const MAX_DIGITS: usize = 16;

/// Whether 1 is 一, or 幺 so that nobody mistakes it for 七.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum One {
    Yi,
    Yao,
}

/// Digits one by one; other characters are left out.
pub(super) fn digits(figures: &str, one: One) -> String {
    let digit = |c: char| match (c, one) {
        ('1', One::Yao) => Some('幺'),
        _ => DIGITS.get(c.to_digit(10)? as usize).copied(),
    };
    figures.chars().filter_map(digit).collect()
}

/// A whole number or a decimal in figures, with or without commas, in simplified characters: 一千二百三十四点五.
#[must_use]
pub fn number(figures: &str) -> String {
    let plain = figures.replace(',', "");
    let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), None), |(whole, fraction)| (whole, Some(fraction)));
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    let said = match whole.parse::<u64>() {
        Ok(value) if !leading_zero && whole.len() <= MAX_DIGITS => cardinal(value),
        _ => digits(whole, One::Yi),
    };
    match fraction {
        Some(fraction) => format!("{said}点{}", digits(fraction, One::Yi)),
        None => said,
    }
}

/// A number in simplified characters: 一万零二十.
#[must_use]
pub fn cardinal(value: u64) -> String {
    if value == 0 {
        return "零".to_owned();
    }
    let mut out = String::new();
    let mut gap = false;
    for power in (0..GROUPS.len()).rev() {
        let group = value / 10_000_u64.pow(power as u32) % 10_000;
        if group == 0 {
            gap |= !out.is_empty();
            continue;
        }
        if !out.is_empty() && (gap || group < 1000) {
            out.push('零');
        }
        gap = false;
        let unit = GROUPS.get(power).copied().unwrap_or_default();
        // 万亿 and 亿 share the 亿 where both have digits.
        let unit = if power == 3 && !(value / 100_000_000).is_multiple_of(10_000) { "万" } else { unit };
        out.push_str(&below_ten_thousand(group, out.is_empty(), !unit.is_empty()));
        out.push_str(unit);
    }
    out
}

/// `first`: nothing is said before it; `counts`: 万 or 亿 follows.
fn below_ten_thousand(group: u64, first: bool, counts: bool) -> String {
    if group == 2 && counts {
        return "两".to_owned();
    }
    let mut out = String::new();
    let mut gap = false;
    for (place, unit) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = group / place % 10;
        if digit == 0 {
            gap |= !out.is_empty();
            continue;
        }
        if gap {
            out.push('零');
            gap = false;
        }
        let lone_ten = place == 10 && digit == 1 && out.is_empty() && first;
        if !lone_ten {
            let two = digit == 2 && place >= 100;
            out.push(if two { '两' } else { DIGITS.get(digit as usize).copied().unwrap_or('零') });
        }
        out.push_str(unit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_as_mandarin_says_them() {
        for (value, said) in [
            (0, "零"),
            (2, "二"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (22, "二十二"),
            (101, "一百零一"),
            (110, "一百一十"),
            (200, "两百"),
            (1002, "一千零二"),
            (1010, "一千零一十"),
            (2222, "两千两百二十二"),
            (10_000, "一万"),
            (20_000, "两万"),
            (100_000, "十万"),
            (120_000, "十二万"),
            (10_020, "一万零二十"),
            (1_000_500, "一百万零五百"),
            (200_000_000, "两亿"),
            (100_010_000, "一亿零一万"),
            (1_000_000_000_000, "一万亿"),
            (1_200_300_000_000, "一万两千零三亿"),
        ] {
            assert_eq!(cardinal(value), said);
        }
        assert_eq!(number("1,500.50"), "一千五百点五零");
        assert_eq!(number("007"), "零零七");
        assert_eq!(digits("0912-345", One::Yao), "零九幺二三四五");
    }
}
