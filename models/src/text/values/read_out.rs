//! Telephone numbers as a voice should say them back.

use crate::Language;

/// Digits in groups, the last of four, the others of three where they fit, with a comma's pause between groups: `025551234` is "zero two,
/// five five five, one two three four" or 零二，五五五，幺二三四. What is no digit is left out.
#[must_use]
pub fn read_out(digits: &str, language: Language) -> String {
    let names: Vec<&str> = digits.chars().filter_map(|c| name(c.to_digit(10)?, language)).collect();
    let head = names.len().saturating_sub(4);
    let (front, back) = names.split_at(head);
    let first = match head % 3 {
        1 if head > 1 => 4,
        0 => 3,
        other => other,
    };
    let (first, rest) = front.split_at(first.min(head));
    let groups = std::iter::once(first).chain(rest.chunks(3)).chain([back]).filter(|group| !group.is_empty());
    let (between_digits, between_groups) = match language {
        Language::En => (" ", ", "),
        Language::Zh => ("", "，"),
    };
    groups.map(|group| group.join(between_digits)).collect::<Vec<_>>().join(between_groups)
}

fn name(digit: u32, language: Language) -> Option<&'static str> {
    let names = match language {
        Language::En => ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        Language::Zh => ["零", "幺", "二", "三", "四", "五", "六", "七", "八", "九"],
    };
    names.get(usize::try_from(digit).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_back_in_groups() {
        assert_eq!(read_out("025551234", Language::En), "zero two, five five five, one two three four");
        assert_eq!(read_out("0912345678", Language::En), "zero nine one, two three four, five six seven eight");
        assert_eq!(read_out("1234", Language::En), "one two three four");
        assert_eq!(read_out("0225551234", Language::Zh), "零二二，五五五，幺二三四");
        assert_eq!(read_out("", Language::Zh), "");
    }
}
