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
    const FORMS: &[(char, char)] = &[
        ('兩', '两'),
        ('萬', '万'),
        ('億', '亿'),
        ('點', '点'),
        ('號', '号'),
        ('週', '周'),
        ('禮', '礼'),
        ('後', '后'),
        ('個', '个'),
        ('時', '时'),
        ('鐘', '钟'),
        ('鍾', '钟'),
        ('負', '负'),
        ('幣', '币'),
        ('臺', '台'),
        ('錢', '钱'),
        ('塊', '块'),
        ('圓', '元'),
        ('圆', '元'),
        ('歐', '欧'),
        ('鎊', '镑'),
        ('民', '民'),
        ('國', '国'),
        ('這', '这'),
        ('幾', '几'),
        ('〇', '零'),
        ('○', '零'),
        ('壹', '一'),
        ('貳', '二'),
        ('贰', '二'),
        ('參', '三'),
        ('叁', '三'),
        ('肆', '四'),
        ('伍', '五'),
        ('陸', '六'),
        ('陆', '六'),
        ('柒', '七'),
        ('捌', '八'),
        ('玖', '九'),
        ('拾', '十'),
        ('佰', '百'),
        ('仟', '千'),
        ('間', '间'),
        ('張', '张'),
        ('層', '层'),
        ('樓', '楼'),
        ('歲', '岁'),
        ('種', '种'),
        ('條', '条'),
        ('份', '份'),
        ('麼', '么'),
        ('麽', '么'),
        ('從', '从'),
        ('然', '然'),
        ('件', '件'),
        ('：', ':'),
        ('，', ','),
        ('、', ','),
        ('．', '.'),
        ('－', '-'),
        ('–', '-'),
        ('—', '-'),
        ('／', '/'),
        ('＋', '+'),
        ('（', '('),
        ('）', ')'),
        ('＄', '$'),
        ('￥', '¥'),
        ('　', ' '),
        ('軟', '软'),
        ('轉', '转'),
        ('員', '员'),
        ('辦', '办'),
        ('麽', '么'),
    ];
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => FORMS.iter().find(|(form, _)| *form == c).map_or(c, |(_, simple)| *simple),
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
