//! What tables have in common, whether they are files or databases: when a cell is what a caller told, and how an answer in JSON is a row.

use serde_json::Value;

use crate::lookups::query::{Found, MOST_ROWS, Row, comparable_number};

use super::LookUpError;

/// Shorter digits are compared as they are: they are an order's number, say, and no telephone's.
const SHORTEST_TELEPHONE: usize = 7;

/// Whether a cell holds what was told: but for case and spaces, and for telephone numbers, which are written with country codes or without.
pub(super) fn same(cell: &str, told: &str) -> bool {
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect::<String>();
    plain(cell) == plain(told) || (is_telephone(cell) && is_telephone(told) && comparable_number(cell) == comparable_number(told))
}

fn is_telephone(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() >= SHORTEST_TELEPHONE
        && text.chars().all(|c| c.is_ascii_digit() || "+-() ./".contains(c))
}

/// What a program or a service answered.
pub(super) fn answer(json: &[u8]) -> Result<Found, LookUpError> {
    if json.trim_ascii().is_empty() {
        return Ok(Found::Nothing);
    }
    match serde_json::from_slice(json).map_err(|error| LookUpError::Answer(error.to_string()))? {
        Value::Null => Ok(Found::Nothing),
        Value::Array(rows) => rows.into_iter().take(MOST_ROWS).map(row).collect::<Result<_, _>>().map(Found::of),
        one => row(one).map(Found::One),
    }
}

fn row(json: Value) -> Result<Row, LookUpError> {
    let Value::Object(object) = json else { return Err(LookUpError::Answer("a row is no object".into())) };
    let cell = |(name, value): (String, Value)| {
        let text = match value {
            Value::Null => String::new(),
            Value::String(text) => text,
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Array(_) | Value::Object(_) => {
                return Err(LookUpError::Answer(format!("`{name}` is neither text nor number nor yes or no")));
            }
        };
        Ok((name, text))
    };
    object.into_iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn case_spaces_and_country_codes_do_not_matter() {
        assert!(same("Maria  Chen", "maria chen") && same("陳 美玲", "陳美玲"));
        assert!(same("02-2734 5678", "+886227345678") && same("+1 (415) 555-1234", "4155551234"));
        assert!(!same("1234", "01234") && !same("0227345678", "0227345679") && !same("Maria Chen", "Maria"));
    }

    #[test]
    fn an_object_is_a_row_and_null_is_none() {
        let row = |pairs: &[(&str, &str)]| pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect::<Row>();
        assert_eq!(
            answer(br#"{"state": "ready", "price": 12.5, "paid": true}"#).unwrap(),
            Found::One(row(&[("paid", "true"), ("price", "12.5"), ("state", "ready")]))
        );
        assert_eq!(answer(b"null").unwrap(), Found::Nothing);
        assert_eq!(answer(b" \n").unwrap(), Found::Nothing);
        assert_eq!(answer(b"[]").unwrap(), Found::Nothing);
        assert_eq!(answer(br#"[{"a": "1"}, {"a": "2"}]"#).unwrap(), Found::OneOf(vec![row(&[("a", "1")]), row(&[("a", "2")])]));
        assert!(answer(b"ready").is_err() && answer(b"[1]").is_err() && answer(br#"{"a": {}}"#).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_answer_is_too_odd(json in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = answer(&json);
        }
    }
}
