//! Numbers as English words.
//!
//! The forms are those of American speech with the British "and", which the reading of figures drops again where it is not said:
//! "one thousand, two hundred and thirty-four"; "nineteen oh-five"; "three point one four".

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES: [&str; 12] = [
    "",
    "thousand",
    "million",
    "billion",
    "trillion",
    "quadrillion",
    "quintillion",
    "sextillion",
    "septillion",
    "octillion",
    "nonillion",
    "decillion",
];

/// The most digits that are read as one number; longer runs are read digit by digit.
pub const MAX_DIGITS: usize = 36;

/// The word for a single digit.
#[must_use]
pub fn digit(digit: char) -> &'static str {
    digit.to_digit(10).map_or("", |d| ONES[d as usize])
}

/// "one thousand, two hundred and thirty-four".
#[must_use]
pub fn cardinal(n: u128) -> String {
    if n < 1000 {
        return below_thousand(n);
    }
    let mut groups = Vec::new();
    let (mut rest, mut scale) = (n, 0);
    while rest > 0 {
        let group = rest % 1000;
        if group > 0 {
            let name = SCALES.get(scale).copied().unwrap_or_default();
            groups.push(if name.is_empty() { below_thousand(group) } else { format!("{} {name}", below_thousand(group)) });
        }
        rest /= 1000;
        scale += 1;
    }
    let last = groups.remove(0);
    groups.reverse();
    let joined = groups.join(", ");
    if joined.is_empty() {
        last
    } else if !n.is_multiple_of(1000) && n % 1000 < 100 {
        format!("{joined} and {last}")
    } else {
        format!("{joined}, {last}")
    }
}

fn below_thousand(n: u128) -> String {
    let n = usize::try_from(n).unwrap_or_default();
    let small = match n % 100 {
        below @ 0..20 => ONES[below].to_owned(),
        round if round % 10 == 0 => TENS[round / 10].to_owned(),
        other => format!("{}-{}", TENS[other / 10], ONES[other % 10]),
    };
    match (n / 100, n % 100) {
        (0, _) => small,
        (hundreds, 0) => format!("{} hundred", ONES[hundreds]),
        (hundreds, _) => format!("{} hundred and {small}", ONES[hundreds]),
    }
}

/// "twenty-third", "one hundred and first".
#[must_use]
pub fn ordinal(n: u128) -> String {
    let cardinal = cardinal(n);
    let at = cardinal.rfind([' ', '-']).map_or(0, |at| at + 1);
    let (head, last) = cardinal.split_at(at);
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        tens if tens.ends_with('y') => format!("{}ieth", &tens[..tens.len() - 1]),
        other => format!("{other}th"),
    };
    format!("{head}{last}")
}

/// "nineteen oh-five", "two thousand and five", "twenty ten".
#[must_use]
pub fn year(n: u128) -> String {
    let (high, low) = (n / 100, n % 100);
    if high == 0 || (high.is_multiple_of(10) && low < 10) || high >= 100 {
        return cardinal(n);
    }
    match low {
        0 => format!("{} hundred", cardinal(high)),
        1..10 => format!("{} oh-{}", cardinal(high), cardinal(low)),
        _ => format!("{} {}", cardinal(high), cardinal(low)),
    }
}

/// "three point one four" for `3.14`; zeros at the end are not said. `None` if the whole part is too long for a number.
#[must_use]
pub fn decimal(figures: &str) -> Option<String> {
    let (whole, fraction) = figures.split_once('.').unwrap_or((figures, ""));
    let mut words = cardinal(if whole.is_empty() { 0 } else { parse(whole)? });
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        words.push_str(" point");
        for d in fraction.chars() {
            words.push(' ');
            words.push_str(digit(d));
        }
    }
    Some(words)
}

/// The value of a run of digits, if it can be read as one number.
#[must_use]
pub fn parse(digits: &str) -> Option<u128> {
    if digits.len() > MAX_DIGITS { None } else { digits.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_as_english_says_them() {
        assert_eq!(cardinal(0), "zero");
        assert_eq!(cardinal(1234), "one thousand, two hundred and thirty-four");
        assert_eq!(cardinal(1001), "one thousand and one");
        assert_eq!(cardinal(2_000_000), "two million");
        assert_eq!(cardinal(1_000_100), "one million, one hundred");
        assert_eq!(ordinal(23), "twenty-third");
        assert_eq!(ordinal(101), "one hundred and first");
        assert_eq!(ordinal(20), "twentieth");
        assert_eq!(year(1905), "nineteen oh-five");
        assert_eq!(year(2005), "two thousand and five");
        assert_eq!(year(2010), "twenty ten");
        assert_eq!(year(1900), "nineteen hundred");
        assert_eq!(decimal("3.140").as_deref(), Some("three point one four"));
    }

    #[test]
    fn the_largest_number_is_still_a_number() {
        assert!(cardinal(10_u128.pow(36) - 1).starts_with("nine hundred and ninety-nine decillion"));
        assert_eq!(parse(&"9".repeat(37)), None);
    }
}
