//! Telephone numbers and other numbers that are told digit by digit.
//!
//! In telephone numbers 1 is 幺 on the mainland, as operators say it there, so that it cannot be taken for 七; in other numbers, and in Taiwan, it
//! is 一.

use super::super::numbers::{One, digits};
use super::{Cursor, Said, Wording, joined};

/// The most digits of an international number (ITU-T E.164).
const MOST: usize = 15;

/// "02-2555-1234", "(02) 2555-1234", "+886 2 2555 1234", "13812345678": known by their shape.
pub(super) fn grouped(at: Cursor<'_>, wording: Wording) -> Said<'_> {
    if !at.not_after(joined) {
        return None;
    }
    let mut end = at;
    let plus = end.eat('+');
    let mut open = end.eat('(');
    let marked = plus || open;
    let mut groups = vec![end.digits(1, MOST + 1)?];
    loop {
        let mut ahead = end;
        let closed = open && ahead.eat(')');
        let apart = ahead.one(|c| c == ' ' || c == '-').is_some() || closed;
        let opened = !open && !closed && ahead.eat('(');
        let Some(group) = ahead.digits(2 - usize::from(plus), 10).filter(|_| apart && ahead.not_before(is_other)) else { break };
        groups.push(group);
        open = opened || (open && !closed);
        end = ahead;
    }
    if open || !end.not_before(|c| is_other(c) || c == '-') {
        return None;
    }
    let lengths: Vec<usize> = groups.iter().map(String::len).collect();
    (is_number(&groups.concat(), &lengths, marked)).then(|| (said(&groups, plus, wording), end))
}

/// What shows that figures are a time, a date, a sum or a share.
fn is_other(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '%' | '年' | '月' | '元' | '块')
}

fn is_number(all: &str, lengths: &[usize], marked: bool) -> bool {
    let length = all.len();
    let mobile = length == 11 && all.starts_with('1') && !all.starts_with("10") && !all.starts_with("11") && !all.starts_with("12");
    let service = length == 10 && (all.starts_with("400") || all.starts_with("800")) && lengths.len() > 1;
    let trunk = all.starts_with('0') && (9..=12).contains(&length) && lengths != [length] || all.starts_with("09") && length == 10;
    (marked && (7..=MOST).contains(&length) && (lengths.len() > 1)) || mobile || service || trunk
}

fn said(groups: &[String], plus: bool, wording: Wording) -> String {
    let spelt: Vec<String> = groups.iter().map(|group| digits(group, in_telephone_numbers(wording))).collect();
    format!("{}{}", if plus { "加" } else { "" }, spelt.join("，"))
}

fn in_telephone_numbers(wording: Wording) -> One {
    match wording {
        Wording::Taiwan => One::Yi,
        Wording::Mainland => One::Yao,
    }
}

/// Words after which figures are a telephone number, and words after which they are told digit by digit for another reason.
const TELEPHONE: [&str; 16] =
    ["电话", "专线", "热线", "手机", "行动电话", "传真", "分机", "转接", "拨打", "致电", "拨", "打给", "请打", "回电", "来电", "请转"];
const OTHER: [&str; 14] =
    ["编号", "密码", "验证码", "代码", "单号", "账号", "帐号", "卡号", "邮编", "邮递区号", "代号", "学号", "工号", "识别码"];
/// What may stand between such a word and its figures.
const BETWEEN: [&str; 6] = ["号码", "：", ":", "是", "为", " "];

/// "分机12", "统一编号：12345678": known by the word before them.
pub(super) fn announced(at: Cursor<'_>, wording: Wording) -> Said<'_> {
    let mut end = at;
    let (word, one) = match (end.eat_any(&TELEPHONE), end.eat_any(&OTHER)) {
        (Some(word), _) => (word, in_telephone_numbers(wording)),
        (None, Some(word)) => (word, One::Yi),
        (None, None) => return None,
    };
    let start = end;
    while end.eat_any(&BETWEEN).is_some() {}
    let between = start.until(end);
    let mut groups = vec![end.digits(2, usize::MAX)?];
    loop {
        let mut ahead = end;
        let group = ahead.one(|c| c == ' ' || c == '-').and_then(|_| ahead.digits(2, usize::MAX));
        let Some(group) = group.filter(|_| ahead.not_before(is_other)) else { break };
        groups.push(group);
        end = ahead;
    }
    if !end.not_before(|c| is_other(c) || c == '.' || c == '个' || c == '次' || c == '天') {
        return None;
    }
    let spelt: Vec<String> = groups.iter().map(|group| digits(group, one)).collect();
    Some((format!("{word}{between}{}", spelt.join("，")), end))
}
