//! A text as characters, the traditional ones that values are written with as their simplified forms.

use std::ops::Range;

/// One character of the text as the rules read it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Char {
    pub c: char,
    /// Where it begins in the text, and where it ends.
    start: usize,
    end: usize,
}

pub(super) fn chars(text: &str) -> Vec<Char> {
    text.char_indices().map(|(start, c)| Char { c: simple(c), start, end: start + c.len_utf8() }).collect()
}

/// The bytes of the characters from one place to another.
pub(super) fn place(chars: &[Char], from: usize, to: usize) -> Option<Range<usize>> {
    Some(chars.get(from)?.start..chars.get(to.checked_sub(1)?)?.end)
}

/// The simplified form of a character that numbers, days and money are written with; full-width digits and marks as narrow ones.
fn simple(c: char) -> char {
    const FORMS: &str = "頭兩萬億點號週禮後個時鐘鍾負幣臺錢塊圓圆歐鎊國這幾〇○壹貳贰參叁肆伍陸陆柒捌玖拾佰仟間張層樓歲種條麼麽從：，、．－–—／＋（）＄￥　軟轉員辦";
    const SIMPLE: &str =
        "头两万亿点号周礼后个时钟钟负币台钱块元元欧镑国这几零零一二二三三四五六六七八九十百千间张层楼岁种条么么从:,,.---/+()$¥ 软转员办";
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => FORMS.chars().zip(SIMPLE.chars()).find(|(form, _)| *form == c).map_or(c, |(_, simple)| simple),
    }
}

/// A place between characters; a copy of it is the way back.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub chars: &'a [Char],
    pub at: usize,
}

impl Reader<'_> {
    pub fn peek(self) -> Option<char> {
        self.chars.get(self.at).map(|char| char.c)
    }

    pub fn previous(self) -> Option<char> {
        self.at.checked_sub(1).and_then(|at| self.chars.get(at)).map(|char| char.c)
    }

    /// Step over the character here if `reads` reads it.
    pub fn take<T>(&mut self, reads: impl FnOnce(char) -> Option<T>) -> Option<T> {
        let value = reads(self.peek()?)?;
        self.at += 1;
        Some(value)
    }

    /// Step over `words` if they are here.
    pub fn eat(&mut self, words: &str) -> bool {
        let mut ahead = *self;
        let all = words.chars().all(|c| ahead.take(|here| (here == c).then_some(())).is_some());
        if all {
            *self = ahead;
        }
        all
    }

    /// Step over the first of `choices` that is here.
    pub fn eat_any<'w>(&mut self, choices: &[&'w str]) -> Option<&'w str> {
        choices.iter().copied().find(|choice| self.eat(choice))
    }

    /// Step over what `choices` names first and yield what it stands for.
    pub fn choose<T: Copy>(&mut self, choices: &[(&str, T)]) -> Option<T> {
        choices.iter().find(|(words, _)| self.eat(words)).map(|(_, value)| *value)
    }

    pub fn spaces(&mut self) {
        while self.eat(" ") {}
    }

    /// Step over figures: a run of ASCII digits.
    pub fn figures(&mut self) -> Option<String> {
        let mut figures = String::new();
        while let Some(digit) = self.take(|c| c.is_ascii_digit().then_some(c)) {
            figures.push(digit);
        }
        (!figures.is_empty()).then_some(figures)
    }
}

/// A value and where its reading ends.
pub(super) type Reading<'a, T> = Option<(T, Reader<'a>)>;
