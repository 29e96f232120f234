//! Sums of money.

use super::super::{Currency, Number};
use super::numbers::unsigned;
use super::tokens::{Reader, Reading};

fn currency(end: &mut Reader<'_>) -> Option<Currency> {
    let named = [
        (&["u", ".", "s", ".", "dollars"] as &[&str], Currency::UsDollar),
        (&["us", "dollars"], Currency::UsDollar),
        (&["us", "dollar"], Currency::UsDollar),
        (&["american", "dollars"], Currency::UsDollar),
        (&["taiwan", "dollars"], Currency::TaiwanDollar),
        (&["new", "taiwan", "dollars"], Currency::TaiwanDollar),
        (&["nt", "dollars"], Currency::TaiwanDollar),
        (&["n", "t", "dollars"], Currency::TaiwanDollar),
        (&["hong", "kong", "dollars"], Currency::HongKongDollar),
        (&["dollars"], Currency::Dollar),
        (&["dollar"], Currency::Dollar),
        (&["bucks"], Currency::Dollar),
        (&["pounds"], Currency::Pound),
        (&["pound"], Currency::Pound),
        (&["quid"], Currency::Pound),
        (&["euros"], Currency::Euro),
        (&["euro"], Currency::Euro),
        (&["yen"], Currency::Yen),
        (&["yuan"], Currency::Renminbi),
        (&["renminbi"], Currency::Renminbi),
    ];
    named.into_iter().find(|(words, _)| end.eat_all(words)).map(|(_, currency)| currency)
}

fn sign(end: &mut Reader<'_>) -> Option<Currency> {
    let signs = [
        (&["nt", "$"] as &[&str], Currency::TaiwanDollar),
        (&["us", "$"], Currency::UsDollar),
        (&["hk", "$"], Currency::HongKongDollar),
        (&["$"], Currency::Dollar),
        (&["£"], Currency::Pound),
        (&["€"], Currency::Euro),
        (&["¥"], Currency::Yen),
    ];
    signs.into_iter().find(|(words, _)| end.eat_all(words)).map(|(_, currency)| currency)
}

/// "$1,500.50", "twelve dollars and fifty cents", "fifty cents".
pub(super) fn sum(here: Reader<'_>) -> Reading<'_, (Number, Currency)> {
    let mut end = here;
    if let Some(currency) = sign(&mut end) {
        return unsigned(end).map(|(amount, end)| ((amount, currency), end));
    }
    let (amount, after) = unsigned(here)?;
    end = after;
    if let Some(hundredths) = small_change(&mut end, amount) {
        return Some(((Number::from(0).plus_hundredths(hundredths)?, Currency::Dollar), end));
    }
    let currency = currency(&mut end)?;
    let mut ahead = end;
    let _ = ahead.eat(",");
    let _ = ahead.eat("and");
    if let Some((cents, mut after)) = unsigned(ahead)
        && let Some(hundredths) = small_change(&mut after, cents)
        && let Some(amount) = amount.plus_hundredths(hundredths)
    {
        return Some(((amount, currency), after));
    }
    Some(((amount, currency), end))
}

/// Cents or pence, fewer than a hundred.
fn small_change(end: &mut Reader<'_>, amount: Number) -> Option<i128> {
    let few = amount.as_whole().filter(|cents| (0..100).contains(cents))?;
    end.eat_any(&["cents", "cent", "pence", "penny", "¢"]).then_some(few)
}
