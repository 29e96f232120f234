//! The values of a sentence as they are compared.
//!
//! A recogniser puts the spaces of a number where it likes: "020 555 8816", "0205558816" and "0 2 0, 5 5 5, 8 8 1 6" are one number, though the first reads as a
//! telephone number and the last, if it were shorter, as ten. So digits that follow one another with nothing but space and commas between are joined.

use jiff::civil::Date;
use switchhook_models::Language;
use switchhook_models::text::score;
use switchhook_models::text::values::{Value, values};

/// The values in `text`, in order, each in a form that is the same however it was said.
pub fn told(text: &str, language: Language, today: Date) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    // Where the last value ended, if it was digits.
    let mut digits_until: Option<usize> = None;
    for found in values(text, language, today) {
        let told = score::told(&found.value);
        let is_digits = is_digits(&found.value);
        let between = digits_until.and_then(|end| text.get(end..found.place.start));
        match (between, all.last_mut()) {
            (Some(between), Some(last)) if is_digits && between.chars().all(parts_groups) => {
                last.push(' ');
                last.push_str(&told);
            }
            _ => all.push(told),
        }
        digits_until = is_digits.then_some(found.place.end);
    }
    all
}

fn is_digits(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_whole().is_some_and(|number| number >= 0),
        Value::Digits(_) | Value::Phone(_) => true,
        Value::Date(_) | Value::Time(_) | Value::Money { .. } => false,
    }
}

fn parts_groups(between: char) -> bool {
    between.is_whitespace() || matches!(between, ',' | '，' | '、' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, language: Language, wanted: &[&str]) {
        assert_eq!(told(text, language, Date::constant(2026, 1, 15)), wanted, "{text}");
    }

    #[test]
    fn a_run_of_digits_is_one_value_however_it_is_parted() {
        for number in
            ["020 555 8816", "0205558816", "0 2 0, 5 5 5, 8 8 1 6", "020-555-8816", "oh two oh, five five five, eight eight one six"]
        {
            check(&format!("My number is {number}."), Language::En, &["0 2 0 5 5 5 8 8 1 6"]);
        }
        for code in ["4 0 7 1 9", "40719", "407 19", "four oh seven one nine"] {
            check(&format!("The invoice number is {code}."), Language::En, &["4 0 7 1 9"]);
        }
        for number in ["零二，二五五五，八八一六", "02-2555-8816", "02 2555 8816", "0225558816"] {
            check(&format!("我的電話是{number}。"), Language::Zh, &["0 2 2 5 5 5 8 8 1 6"]);
        }
    }

    #[test]
    fn numbers_with_words_between_them_stay_apart() {
        check("Between 12 people and 2 children", Language::En, &["1 2", "2"]);
        check("Room 12, for 3 hours at $45", Language::En, &["1 2", "3", "4 5 Dollar"]);
    }
}
