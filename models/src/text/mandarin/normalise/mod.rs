//! Mandarin as it is written to Mandarin as it is said: figures, signs and abbreviations become characters.
//!
//! The text is in simplified characters already. The rules run in a fixed order, each over the whole text, and each sees what the rules
//! before it wrote; the order goes from what is long and sure (a telephone number, a date) to single figures and signs.

mod dates;
mod measures;
mod money;
mod plain;
mod signs;
mod telephone;
mod times;

use crate::text::chars::ascii_digit;
use crate::text::cursor::{Cursor, Said, replaced};

/// Whose words a text is written in, where they differ: a metre is 公尺 in Taiwan and 米 on the mainland.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wording {
    Taiwan,
    Mainland,
}

/// `text` with nothing left in it but characters, foreign words and marks.
pub(super) fn normalised(text: &str, wording: Wording) -> String {
    let mut text: String = text.chars().map(|c| half_width(ascii_digit(c))).collect();
    text = replaced(&text, signs::abbreviation);
    text = replaced(&text, |at| telephone::grouped(at, wording));
    text = replaced(&text, |at| telephone::announced(at, wording));
    text = replaced(&text, dates::full);
    text = replaced(&text, dates::year);
    text = replaced(&text, times::clock);
    text = replaced(&text, money::sum);
    text = replaced(&text, measures::percent);
    text = replaced(&text, measures::degrees);
    text = replaced(&text, |at| measures::measure(at, wording));
    text = replaced(&text, plain::fraction);
    text = replaced(&text, dates::month_day);
    text = replaced(&text, plain::range);
    text = replaced(&text, plain::room);
    text = replaced(&text, plain::floor);
    text = replaced(&text, plain::code);
    text = replaced(&text, plain::figures);
    replaced(&text, signs::sign)
}

/// Full-width signs that stand in figures as their half-width forms.
fn half_width(c: char) -> char {
    match c {
        '％' => '%',
        '－' | '‐' | '‑' | '−' => '-',
        '＋' => '+',
        '／' => '/',
        '＃' => '#',
        '＊' => '*',
        '＆' => '&',
        '＝' => '=',
        '＄' => '$',
        '￥' => '¥',
        '～' | '〜' | '∼' => '~',
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

/// What figures must not touch, or they are part of something else.
fn joined(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/' | '_')
}

/// A digit here, or a letter: what goes on instead of ending.
fn goes_on(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(text: &str) -> String {
        normalised(text, Wording::Mainland)
    }

    #[test]
    fn figures_are_said_by_what_they_are() {
        for (written, spoken) in [
            ("电话：02-2555-1234", "电话：零二，二五五五，幺二三四"),
            ("请打0912-345-678。", "请打零九幺二，三四五，六七八。"),
            ("+886 2 2555 1234", "加八八六，二，二五五五，幺二三四"),
            ("手机13812345678", "手机幺三八幺二三四五六七八"),
            ("请拨110或分机12", "请拨幺幺零或分机幺二"),
            ("统一编号12345678", "统一编号一二三四五六七八"),
            ("2026年11月25日", "二零二六年十一月二十五日"),
            ("2026-11-25", "二零二六年十一月二十五日"),
            ("在11/25(三)", "在十一月二十五日(三)"),
            ("民国115年2月2号", "民国一百一十五年二月二号"),
            ("14:30开会", "下午两点半开会"),
            ("上午9:05", "上午九点零五分"),
            ("0:15", "凌晨零点十五分"),
            ("9:00-18:00", "九点到晚上六点"),
            ("2:30 PM", "下午两点半"),
            ("12:00:05", "十二点零分五秒"),
            ("NT$1,500", "新台币一千五百元"),
            ("¥12.5", "十二点五元"),
            ("US$2万", "两万美元"),
            ("一共2元，或200块", "一共两元，或两百块"),
            ("85%", "百分之八十五"),
            ("5%-10%", "百分之五到百分之十"),
            ("5-10%", "百分之五到百分之十"),
            ("-5°C，-3", "零下五度，负三"),
            ("MH-370", "MH 三七零"),
            ("25℃", "二十五度"),
            ("3km", "三公里"),
            ("10㎡", "十平方米"),
            ("1/2", "二分之一"),
            ("3-5天", "三到五天"),
            ("2~3个", "两到三个"),
            ("1203室", "一二零三室"),
            ("3F", "三楼"),
            ("B2停车场", "地下二楼停车场"),
            ("A123", "A一二三"),
            ("2个人，2位，2月，第2，2楼", "两个人，两位，二月，第二，二楼"),
            ("24小时", "二十四小时"),
            ("3.14", "三点一四"),
            ("负责人5&6", "负责人五和六"),
            ("按#字键", "按井字键"),
            ("周一~周五", "周一到周五"),
            ("12,345人", "一万两千三百四十五人"),
        ] {
            assert_eq!(said(written), spoken, "{written}");
        }
        for (written, spoken) in [("3m", "三公尺"), ("请打0912-345-678。", "请打零九一二，三四五，六七八。"), ("分机12", "分机一二")]
        {
            assert_eq!(normalised(written, Wording::Taiwan), spoken, "{written}");
        }
    }

    proptest! {
        #[test]
        fn no_figure_is_left_and_no_text_is_too_odd(text in "[0-9:/.,%$¥~#+年月日号点元个AaPpMmKk（ -]{0,40}|\\PC{0,60}") {
            prop_assert!(!said(&text).contains(|c: char| c.is_ascii_digit()));
        }

        #[test]
        fn characters_are_left_as_they_are(text in "[你好请问今天营业时间谢。，]{0,40}") {
            prop_assert_eq!(said(&text), text);
        }
    }
}
