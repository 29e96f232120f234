//! Sums of money: 一百二十塊, 新台幣一千五百元, 十二块五.

use super::super::{Currency, Number};
use super::chars::{Reader, Reading};
use super::numbers::{digit, unsigned};

const BEFORE: [(&str, Currency); 14] = [
    ("新台币", Currency::TaiwanDollar),
    ("台币", Currency::TaiwanDollar),
    ("NT$", Currency::TaiwanDollar),
    ("NTD", Currency::TaiwanDollar),
    ("人民币", Currency::Renminbi),
    ("RMB", Currency::Renminbi),
    ("港币", Currency::HongKongDollar),
    ("HK$", Currency::HongKongDollar),
    ("美金", Currency::UsDollar),
    ("US$", Currency::UsDollar),
    ("欧元", Currency::Euro),
    ("$", Currency::Yuan),
    ("¥", Currency::Yuan),
    ("€", Currency::Euro),
];
const AFTER: [(&str, Currency); 16] = [
    ("块钱", Currency::Yuan),
    ("块", Currency::Yuan),
    ("元", Currency::Yuan),
    ("新台币", Currency::TaiwanDollar),
    ("台币", Currency::TaiwanDollar),
    ("人民币", Currency::Renminbi),
    ("港币", Currency::HongKongDollar),
    ("港元", Currency::HongKongDollar),
    ("美元", Currency::UsDollar),
    ("美金", Currency::UsDollar),
    ("欧元", Currency::Euro),
    ("英镑", Currency::Pound),
    ("镑", Currency::Pound),
    ("日元", Currency::Yen),
    ("日币", Currency::Yen),
    ("日圆", Currency::Yen),
];

pub(super) fn sum(here: Reader<'_>) -> Reading<'_, (Number, Currency)> {
    let mut end = here;
    let before = end.choose(&BEFORE);
    end.spaces();
    let (mut amount, mut end) = unsigned(end)?;
    let mut ahead = end;
    ahead.spaces();
    let after = ahead.choose(&AFTER);
    if after.is_some() {
        end = ahead;
    }
    let mut currency = before.or(after)?;
    if after == Some(Currency::Yuan) {
        if let Some((with_tenths, after)) = tenths(amount, end) {
            (amount, end) = (with_tenths, after);
        }
        // 一百块台币.
        let mut named = end;
        if let (None, Some(named_after)) = (before, named.choose(&AFTER).filter(|currency| *currency != Currency::Yuan)) {
            (currency, end) = (named_after, named);
        }
    }
    Some(((amount, currency), end))
}

/// 五毛, 五角, or the bare 五 of 十二块五.
fn tenths(amount: Number, here: Reader<'_>) -> Reading<'_, Number> {
    let mut end = here;
    let digit = end.take(digit)?;
    let marked = end.eat_any(&["毛钱", "毛", "角"]).is_some();
    let ends = end.peek().is_none_or(|c| !c.is_alphanumeric());
    let amount = amount.plus_hundredths(i128::from(digit) * 10)?;
    (marked || ends).then_some((amount, end))
}
