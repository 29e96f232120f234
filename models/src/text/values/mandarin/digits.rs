//! Digits told one by one: 零二 二五五五 一二三四, with 幺 for 1 and the army's 洞 拐 勾 for 0 7 9.

use super::chars::{Char, Reader, Reading};
use super::numbers::digit;

/// How recognisers write digits that they take for other words of the same sound, tones aside: 二二七三四五六七吧.
const ALIKE: [(&str, char); 5] = [("伶玲铃灵", '0'), ("溜遛", '6'), ("琪戚", '7'), ("吧巴爸疤", '8'), ("酒久救舅", '9')];

/// The fewest digits that are not two neighbouring numbers, as 三四 in 三四个 is.
const FEWEST: usize = 3;

/// Write what sounds like a digit and stands behind one as that digit.
pub(super) fn take_at_their_sound(chars: &mut [Char]) {
    let mut behind_digit = false;
    for char in chars {
        let alike = || ALIKE.iter().find_map(|(alike, digit)| alike.contains(char.c).then_some(*digit));
        if let Some(digit) = behind_digit.then(alike).flatten() {
            char.c = digit;
        }
        behind_digit = char.c.is_ascii_digit() || digit(char.c).is_some();
    }
}

/// A run of digits that is nothing else.
pub(super) fn run(here: Reader<'_>) -> Reading<'_, String> {
    let (digits, end) = any_run(here)?;
    let length = digits.trim_start_matches('+').len();
    let figures_only = here.chars.get(here.at..end.at)?.iter().all(|char| digit(char.c).is_none());
    let plain = here.chars.get(here.at..end.at)?.iter().all(|char| char.c.is_ascii_digit());
    let is = if plain {
        (length > 1 && digits.starts_with('0')) || (length >= 7 && !digits.ends_with("000"))
    } else if figures_only {
        length >= 7
    } else {
        length >= FEWEST
    };
    is.then_some((digits, end))
}

/// A run of digits, whatever else it could be.
pub(super) fn any_run(here: Reader<'_>) -> Reading<'_, String> {
    let mut ahead = here;
    let mut digits = String::new();
    if ahead.eat("加") || ahead.eat("+") {
        digits.push('+');
    }
    let _ = ahead.eat("(");
    let mut end = None;
    while let Some(digit) = element(&mut ahead) {
        digits.push_str(&digit);
        end = Some(ahead);
        if digits.len() > 40 {
            break;
        }
        if !between(&mut ahead) {
            break;
        }
    }
    let mut end = end?;
    // 二五五五 一百: the last digit belongs to a number behind the run.
    if end.peek().is_some_and(|c| "十百千万亿".contains(c)) {
        digits.pop();
        end.at -= 1;
    }
    digits.contains(|c: char| c.is_ascii_digit()).then_some((digits, end))
}

fn element(ahead: &mut Reader<'_>) -> Option<String> {
    if let Some(figures) = ahead.figures() {
        return Some(figures);
    }
    let neighbours = [ahead.previous(), ahead.chars.get(ahead.at + 1).map(|char| char.c)];
    let beside_digit = neighbours.into_iter().flatten().any(|c| digit(c).is_some() || c == '幺' || c.is_ascii_digit());
    let value = ahead.take(|c| match c {
        '幺' => Some(1),
        // 么 is how recognisers write 幺; 洞, 拐 and 勾 mean something else where no digits are.
        '么' | '洞' | '拐' | '勾' if beside_digit => Some(match c {
            '么' => 1,
            '洞' => 0,
            '拐' => 7,
            _ => 9,
        }),
        _ => digit(c),
    })?;
    Some(value.to_string())
}

/// Step over what stands between two digits. A comma inside "1,500" and a point inside "3.14" end the run.
fn between(ahead: &mut Reader<'_>) -> bool {
    let inside = ahead.previous().is_some_and(|c| c.is_ascii_digit());
    let mut marked = *ahead;
    if marked.eat_any(&[",", "."]).is_some() {
        if inside && marked.peek().is_some_and(|c| c.is_ascii_digit()) {
            return false;
        }
        *ahead = marked;
    }
    let _ = ahead.eat(")");
    ahead.spaces();
    let _ = ahead.eat("-");
    while ahead.eat_any(&["嗯", "呃", "然后", "那个", "再来"]).is_some() {
        let _ = ahead.eat(",");
    }
    ahead.spaces();
    true
}
