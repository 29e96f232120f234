//! Where somebody lives. Nothing is looked up: what was said is kept as it was said, behind "my address is", or because it has the signs of
//! an address (a number and a street, 路 and 號).

use switchhook_models::{Language, Locale};

use super::{Asked, Candidate, Sure};
use crate::dialog::slots::phrases::Said;
use crate::dialog::slots::value::Value;

const LEADS_EN: [&str; 8] =
    ["my address is", "the address is", "our address is", "address is", "i live at", "we live at", "we are at", "deliver it to"];
const LEADS_ZH: [&str; 10] = ["地址是", "住址是", "地址在", "我住在", "我们住在", "我們住在", "我家在", "送到", "寄到", "我住"];
/// What stands before an address that was asked for.
const WEAK_EN: [&str; 4] = ["its", "it is", "at", "thats"];
const WEAK_ZH: [&str; 2] = ["在", "是"];

const STREETS: [&str; 22] = [
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "drive",
    "boulevard",
    "square",
    "court",
    "place",
    "way",
    "close",
    "terrace",
    "crescent",
    "alley",
    "highway",
    "apartment",
    "flat",
    "suite",
    "house",
];

pub(super) fn read(said: &Said<'_>, locale: Locale, asked: Asked) -> Option<Candidate> {
    let (leads, weak): (&[&str], &[&str]) = match locale.language() {
        Language::En => (&LEADS_EN, &WEAK_EN),
        Language::Zh => (&LEADS_ZH, &WEAK_ZH),
    };
    let led = said.last_end(leads);
    let start = led.or_else(|| {
        let begins = || said.first(weak).filter(|place| !said.text.get(..place.start).unwrap_or_default().contains(char::is_alphanumeric));
        if asked == Asked::Yes { Some(begins().map_or_else(|| said.restart(), |place| place.end)) } else { None }
    })?;
    let rest = said.from(start);
    // A sentence ends the address where more was said than it.
    let end = rest.find(['。', '!', '?', '！', '？']).or_else(|| rest.find(". ").filter(|_| asked == Asked::No)).unwrap_or(rest.len());
    let address = rest.get(..end)?;
    let inner = address.trim_matches(|c: char| !c.is_alphanumeric() && c != '#' && c != '(' && c != ')');
    let offset = start + address.find(inner)?;
    let marked = is_marked(inner, locale.language());
    let sure = match (led.is_some(), marked) {
        (true, true) => Sure::Told,
        (false, true) | (true, false) => Sure::Inferred,
        (false, false) if asked == Asked::Yes => Sure::Guessed,
        (false, false) => return None,
    };
    let long = match locale.language() {
        Language::En => inner.split_whitespace().count() >= 2,
        Language::Zh => inner.chars().count() >= 3,
    };
    let place = offset..offset + inner.len();
    long.then(|| Candidate::found(Value::Address(inner.to_owned()), vec![place], sure))
}

/// Whether this has the signs of an address.
fn is_marked(address: &str, language: Language) -> bool {
    match language {
        Language::En => {
            let lower = address.to_lowercase();
            lower.split(|c: char| !c.is_alphanumeric()).any(|word| STREETS.contains(&word))
        }
        Language::Zh => address.chars().filter(|c| "路街巷弄號号樓楼市區区縣县鄉乡鎮镇村室段".contains(*c)).count() >= 2,
    }
}
