//! Figures that are nothing more special: counts, ranges, fractions, rooms, floors, codes.

use super::super::numbers::{One, cardinal, digits, number};
use super::{Cursor, Said, goes_on, joined};

/// What 2 is 两 before. Months, days, house numbers and floors are numbered and not counted: they are not here.
const COUNTED: &str =
    "个位名人次天年周点块元件张台部辆本份间家条项种通封只支枝瓶杯箱包层组套期倍秒岁趟顿句段批颗把双对袋盒碗斤米升吨万千百亿";
const COUNTED_WORDS: [&str; 13] = ["星期", "礼拜", "小时", "钟头", "分钟", "公里", "公斤", "公尺", "公分", "平方", "晚上", "学期", "季度"];

fn two_is_liang(at: Cursor<'_>) -> bool {
    !at.not_before(|c| COUNTED.contains(c)) || at.is_before_any(&COUNTED_WORDS)
}

/// A whole number as a count of what stands after it.
fn counted(figures: &str, at: Cursor<'_>) -> String {
    if figures == "2" && two_is_liang(at) { "两".to_owned() } else { number(figures) }
}

/// "3/4": 四分之三.
pub(super) fn fraction(at: Cursor<'_>) -> Said<'_> {
    if !at.not_after(joined) {
        return None;
    }
    let mut end = at;
    let above: u64 = end.digits(1, 2)?.parse().ok()?;
    let below: u64 = end.eat('/').then(|| end.digits(1, 2)).flatten()?.parse().ok()?;
    // A date has its weekday or a time behind it.
    let date = end.is_before_any(&["(", "（", " (", "周", "星期", "上午", "下午", "早上", "晚上", "中午"]);
    let is = 0 < above && above < below && below <= 10 && !date && end.not_before(|c| goes_on(c) || c == '/');
    is.then(|| (format!("{}分之{}", cardinal(below), cardinal(above)), end))
}

/// "3-5天": 三到五天.
pub(super) fn range(at: Cursor<'_>) -> Said<'_> {
    if !at.not_after(joined) {
        return None;
    }
    let mut end = at;
    let low = end.number()?;
    end.eat_space();
    end.one(|c| matches!(c, '-' | '~' | '–' | '—'))?;
    end.eat_space();
    let high = end.number()?;
    if !end.not_before(|c| goes_on(c) || matches!(c, '-' | '/' | ':')) || low.starts_with('0') && low.len() > 1 {
        return None;
    }
    Some((format!("{}到{}", counted(&low, end), counted(&high, end)), end))
}

/// "1203室": digit by digit.
pub(super) fn room(at: Cursor<'_>) -> Said<'_> {
    if !at.not_after(joined) {
        return None;
    }
    let mut end = at;
    let room = end.digits(3, 5)?;
    let is = end.is_before_any(&["室", "号房", "房", "教室", "会议室", "诊间"]);
    is.then(|| (digits(&room, One::Yi), end))
}

/// "3F", "B2": 三楼, 地下二楼.
pub(super) fn floor(at: Cursor<'_>) -> Said<'_> {
    if !at.not_after(joined) {
        return None;
    }
    let mut end = at;
    let below = end.eat('B');
    let floor: u64 = end.digits(1, 2)?.parse().ok()?;
    let marked = end.eat('F');
    if !(below || marked) || !end.not_before(|c| goes_on(c) || c == '-') {
        return None;
    }
    let _ = end.eat('楼') || end.eat('层');
    Some((format!("{}{}楼", if below { "地下" } else { "" }, cardinal(floor)), end))
}

/// The figures of "A123" and "MH-370": digit by digit, short ones as a number.
pub(super) fn code(at: Cursor<'_>) -> Said<'_> {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let dashed = at.previous() == Some('-') && letter(at.before_previous());
    if !(dashed || letter(at.previous())) {
        return None;
    }
    let mut end = at;
    let run = end.digits(1, usize::MAX)?;
    let short = run.len() < 3 && !run.starts_with('0');
    Some((if short { number(&run) } else { digits(&run, One::Yi) }, end))
}

/// Any figures that are left: 负五, 两个, 第二, 一点二点三.
pub(super) fn figures(at: Cursor<'_>) -> Said<'_> {
    let mut end = at;
    let negative = end.not_after(|c| goes_on(c) || c == ')') && end.eat('-');
    let figures = end.number()?;
    let mut said = if at.is_after("第") { number(&figures) } else { counted(&figures, end) };
    loop {
        let mut ahead = end;
        let Some(part) = ahead.eat('.').then(|| ahead.digits(1, usize::MAX)).flatten() else { break };
        said += &format!("点{}", number(&part));
        end = ahead;
    }
    Some((if negative { format!("负{said}") } else { said }, end))
}
