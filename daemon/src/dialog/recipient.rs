//! Numbers that are told digit by digit: as recognisers write them ("02-555-1234", "zero two five five five"), and as a voice
//! should read them back.

use super::words::words;

fn digit(word: &str) -> Option<char> {
    Some(match word {
        "zero" | "oh" | "o" | "nought" | "零" | "〇" => '0',
        "one" | "一" | "幺" => '1',
        "two" | "二" | "兩" | "两" => '2',
        "three" | "三" => '3',
        "four" | "四" => '4',
        "five" | "五" => '5',
        "six" | "六" => '6',
        "seven" | "七" => '7',
        "eight" | "八" => '8',
        "nine" | "九" => '9',
        _ => return None,
    })
}

/// How often the next digit is meant.
fn repetition(word: &str) -> Option<usize> {
    match word {
        "double" => Some(2),
        "triple" => Some(3),
        _ => None,
    }
}

/// The longest run of digits in `text`, told or written, if it has at least `least` of them and no more than 15 (ITU-T E.164).
#[must_use]
pub fn longest_run(text: &str, least: usize) -> Option<String> {
    let mut best = String::new();
    let mut run = String::new();
    let mut times = 1;
    let mut end_run = |run: &mut String| {
        if run.len() > best.len() {
            best = std::mem::take(run);
        }
        run.clear();
    };
    for word in words(text) {
        if let Some(times_next) = repetition(&word) {
            times = times_next;
        } else if let Some(digit) = digit(&word) {
            run.extend(std::iter::repeat_n(digit, times));
            times = 1;
        } else if word.bytes().all(|b| b.is_ascii_digit()) {
            run.push_str(&word);
            times = 1;
        } else if !run.is_empty() && matches!(word.as_str(), "and" | "then" | "uh" | "um") {
            // What people say between the groups of a number.
        } else {
            end_run(&mut run);
            times = 1;
        }
    }
    end_run(&mut run);
    (least..=15).contains(&best.len()).then_some(best)
}

/// Digits as a voice should read them: in groups, the last of four, the others of three where they fit, with a comma's pause
/// between groups. `025551234` is "zero two, five five five, one two three four".
#[must_use]
pub fn read_out(digits: &str) -> String {
    let digits: Vec<&str> = digits.bytes().filter_map(name).collect();
    let head = digits.len().saturating_sub(4);
    let first = match head % 3 {
        1 if head > 1 => 4.min(head),
        0 => 3.min(head),
        other => other,
    };
    let mut groups = vec![];
    let mut at = 0;
    let mut size = first;
    while at < head {
        let end = (at + size).min(head);
        groups.push(digits[at..end].join(" "));
        at = end;
        size = 3;
    }
    groups.push(digits[head..].join(" "));
    groups.join(", ")
}

fn name(digit: u8) -> Option<&'static str> {
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"].get(usize::from(digit.checked_sub(b'0')?)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_however_the_recogniser_writes_it() {
        for text in [
            "call me back on zero two, five five five, one two three four.",
            "Please ask her to call me back on 02-555-1234.",
            "on 0 2 5 5 5 1 2 3 4",
            "zero two, triple five, and then one two three four",
        ] {
            assert_eq!(longest_run(text, 6).as_deref(), Some("025551234"), "{text}");
        }
    }

    #[test]
    fn a_year_or_an_hour_is_no_telephone_number() {
        assert_eq!(longest_run("at 9 or 10 in the year 2026", 6), None);
    }

    #[test]
    fn digits_are_read_back_in_groups() {
        assert_eq!(read_out("025551234"), "zero two, five five five, one two three four");
        assert_eq!(read_out("5551234"), "five five five, one two three four");
        assert_eq!(read_out("1234"), "one two three four");
        assert_eq!(read_out("0912345678"), "zero nine one, two three four, five six seven eight");
    }

    proptest::proptest! {
        #[test]
        fn what_is_read_out_is_heard_as_the_same_number(number in "[0-9]{6,15}") {
            proptest::prop_assert_eq!(longest_run(&read_out(&number), 6), Some(number));
        }

        #[test]
        fn no_text_is_too_odd(text in "\\PC{0,200}") {
            let _ = longest_run(&text, 1);
        }
    }
}
