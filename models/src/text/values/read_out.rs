//! Telephone numbers as a voice should say them back: in the groups that people of a place say them in, so that a caller knows theirs again.
//!
//! Groups are those of the national numbering plans and of ITU-T E.123, which has a number written with its area code apart. In Taiwan (NCC,
//! *Numbering plan of telecommunications*): mobile 0912-345-678, Taipei 02-2734-5678, others 03-123-4567, 037-123-456, 0800-123-456. In mainland China (MIIT,
//! *Telecommunication network numbering plan*): mobile 138-0013-8000, large cities 010-1234-5678, others 0755-1234-5678 or 0551-234-5678, 400-123-4567. A number of
//! none of these shapes is said with its last four digits together and the others by threes.

use crate::Locale;

/// The digits, with a pause between groups: `0227345678` is 零二，二七三四，五六七八 in Taiwan, `025551234` "zero two, five five five, one two three four" in
/// English. A `+` before a country's code is said too; what else is no digit is left out. 1 is 幺 in mainland China, so that nobody takes it for 七, and 一 in
/// Taiwan.
#[must_use]
pub fn read_out(number: &str, locale: Locale) -> String {
    let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
    let international = number.trim_start().starts_with('+');
    let (between_digits, between_groups, plus) = match locale {
        Locale::En => (" ", ", ", "plus "),
        Locale::ZhTw | Locale::ZhCn => ("", "，", "加"),
    };
    let mut rest = digits.as_slice();
    let groups: Vec<String> = grouped(&digits, international, locale)
        .into_iter()
        .filter_map(|length| {
            let (group, after) = rest.split_at_checked(length)?;
            rest = after;
            Some(group.iter().filter_map(|&digit| name(digit, locale)).collect::<Vec<_>>().join(between_digits))
        })
        .collect();
    format!("{}{}", if international { plus } else { "" }, groups.join(between_groups))
}

/// How many digits stand together, from the first on; together all of them.
fn grouped(digits: &[u32], international: bool, locale: Locale) -> Vec<usize> {
    let national = match locale {
        Locale::En => None,
        Locale::ZhTw => international_or(digits, international, &[8, 8, 6], in_taiwan)
            .or_else(|| international.then(|| international_or(digits, true, &[8, 6], in_mainland_china)).flatten()),
        Locale::ZhCn => international_or(digits, international, &[8, 6], in_mainland_china),
    };
    national.unwrap_or_else(|| by_threes(digits.len()))
}

/// The groups of a number at home, or of one with its own country's code before it: there the 0 is missing that is dialled before an area code.
fn international_or(digits: &[u32], international: bool, code: &[u32], plan: fn(&[u32]) -> Option<Vec<usize>>) -> Option<Vec<usize>> {
    if !international {
        return plan(digits);
    }
    let national = digits.strip_prefix(code)?;
    let at_home = || {
        let mut groups = plan(&[&[0], national].concat())?;
        *groups.first_mut()? -= 1;
        Some(groups)
    };
    // Mobile numbers of mainland China have no such 0.
    let groups = plan(national).filter(|_| national.first() != Some(&0)).or_else(at_home)?;
    Some([&[code.len()], groups.as_slice()].concat())
}

fn in_taiwan(digits: &[u32]) -> Option<Vec<usize>> {
    Some(match digits {
        [0, 9, ..] | [0, 8, 0, ..] if digits.len() == 10 => vec![4, 3, 3],
        // Miaoli, Nantou, Taitung, Kinmen; Matsu and Wuqiu.
        [0, 3, 7, ..] | [0, 8, 9, ..] | [0, 8, 2, 2..=5 | 7..=9, ..] if digits.len() == 9 => vec![3, 3, 3],
        [0, 4, 9, ..] if digits.len() == 10 => vec![3, 3, 4],
        [0, 8, 2 | 3, 6, ..] if digits.len() == 9 => vec![4, 5],
        // Over the internet; and a mobile number of the mainland.
        [0, 7, 0, ..] | [1, 3..=9, ..] if digits.len() == 11 => vec![3, 4, 4],
        [0, 2..=8, ..] if digits.len() == 10 => vec![2, 4, 4],
        [0, 3..=8, ..] if digits.len() == 9 => vec![2, 3, 4],
        _ => at_the_place(digits)?,
    })
}

fn in_mainland_china(digits: &[u32]) -> Option<Vec<usize>> {
    Some(match digits {
        [1, 3..=9, ..] | [0, 1, 0, ..] | [0, 2, ..] if digits.len() == 11 => vec![3, 4, 4],
        [4 | 8, 0, 0, ..] if digits.len() == 10 => vec![3, 3, 4],
        [0, 3..=9, ..] if digits.len() == 11 => vec![4, 3, 4],
        [0, 3..=9, ..] if digits.len() == 12 => vec![4, 4, 4],
        _ => at_the_place(digits)?,
    })
}

/// Without an area code: eight or seven digits.
fn at_the_place(digits: &[u32]) -> Option<Vec<usize>> {
    match (digits.first(), digits.len()) {
        (Some(1..), 8) => Some(vec![4, 4]),
        (Some(1..), 7) => Some(vec![3, 4]),
        _ => None,
    }
}

/// The last of four, the others of three where they fit.
fn by_threes(length: usize) -> Vec<usize> {
    let head = length.saturating_sub(4);
    let first = match head % 3 {
        1 if head > 1 => 4,
        0 => 3,
        other => other,
    };
    let first = first.min(head);
    let threes = std::iter::repeat_n(3, (head - first) / 3);
    std::iter::once(first).chain(threes).chain([length - head]).filter(|&group| group > 0).collect()
}

fn name(digit: u32, locale: Locale) -> Option<&'static str> {
    let names = match locale {
        Locale::En => ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        Locale::ZhTw => ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"],
        Locale::ZhCn => ["零", "幺", "二", "三", "四", "五", "六", "七", "八", "九"],
    };
    names.get(usize::try_from(digit).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(locale: Locale, numbers: &[(&str, &str)]) {
        for (number, said) in numbers {
            assert_eq!(read_out(number, locale), *said, "{number}");
        }
    }

    #[test]
    fn english_says_the_last_four_together_and_the_others_by_threes() {
        check(
            Locale::En,
            &[
                ("025551234", "zero two, five five five, one two three four"),
                ("0912345678", "zero nine one, two three four, five six seven eight"),
                ("1234", "one two three four"),
                ("+18005551234", "plus one eight zero zero, five five five, one two three four"),
                ("", ""),
            ],
        );
    }

    #[test]
    fn taiwan_says_its_numbers_by_area_and_exchange_and_1_as_yi() {
        check(
            Locale::ZhTw,
            &[
                ("0227345678", "零二，二七三四，五六七八"),
                ("0912345678", "零九一二，三四五，六七八"),
                ("0423456789", "零四，二三四五，六七八九"),
                ("073456789", "零七，三四五，六七八九"),
                ("037123456", "零三七，一二三，四五六"),
                ("0492345678", "零四九，二三四，五六七八"),
                ("082312345", "零八二，三一二，三四五"),
                ("083625678", "零八三六，二五六七八"),
                ("0800123456", "零八零零，一二三，四五六"),
                ("27345678", "二七三四，五六七八"),
                ("13800138000", "一三八，零零一三，八零零零"),
                ("+8613800138000", "加八六，一三八，零零一三，八零零零"),
                ("+886912345678", "加八八六，九一二，三四五，六七八"),
                ("+886227345678", "加八八六，二，二七三四，五六七八"),
                ("", ""),
            ],
        );
    }

    #[test]
    fn mainland_china_says_its_numbers_by_area_and_exchange_and_1_as_yao() {
        check(
            Locale::ZhCn,
            &[
                ("13800138000", "幺三八，零零幺三，八零零零"),
                ("01012345678", "零幺零，幺二三四，五六七八"),
                ("02127345678", "零二幺，二七三四，五六七八"),
                ("075512345678", "零七五五，幺二三四，五六七八"),
                ("05512345678", "零五五幺，二三四，五六七八"),
                ("4008123456", "四零零，八幺二，三四五六"),
                ("27345678", "二七三四，五六七八"),
                ("+8613800138000", "加八六，幺三八，零零幺三，八零零零"),
                ("+861012345678", "加八六，幺零，幺二三四，五六七八"),
            ],
        );
    }

    proptest! {
        #[test]
        fn every_digit_is_said_once_and_in_its_place(number in "\\+?(886|86)?[0-9]{0,20}") {
            for locale in Locale::ALL {
                let said = read_out(&number, locale);
                let words: Vec<String> = match locale {
                    Locale::En => said.split([' ', ',']).filter(|word| !word.is_empty() && *word != "plus").map(str::to_owned).collect(),
                    Locale::ZhTw | Locale::ZhCn => said.chars().filter(|c| !matches!(c, '，' | '加')).map(String::from).collect(),
                };
                let wanted: Vec<&str> = number.chars().filter_map(|c| name(c.to_digit(10)?, locale)).collect();
                prop_assert_eq!(words, wanted);
            }
        }
    }
}
