//! Syllables that lose their tone: particles, suffixes, the second of a repeated syllable, and the second half of some words.

use super::super::syllable::Tone;
use super::Group;

/// Two characters, of which the second has no tone in both standards of Mandarin, where the dictionary gives it one.
const WORDS: &str = "\
    东西 朋友 先生 时候 告诉 喜欢 麻烦 客气 清楚 消息 名字 事情 意思 地方 认识 休息 太阳 月亮 衣服 头发 眼睛 耳朵 豆腐 葡萄 窗户 姑娘 \
    丈夫 大夫 咳嗽 热闹 漂亮 舒服 明白 聪明 招呼 打听 打算 商量 收拾 行李 钥匙 多少 规矩 结实 便宜 困难 暖和 凉快 \
    故事 笑话 学问 老实 老婆 亲戚 兄弟 云彩 点心 本事 厉害 师傅 媳妇 包袱 嘴巴 脑袋 精神 耽误 张罗 委屈 称呼 \
    谢谢 玻璃 吓唬 糊涂 马虎 稀罕 别扭 胳膊 骨头 石头 木头 馒头 舌头 枕头 罐头 早上 晚上 怎么 什么 那么 这么";

/// Words that end like one with a suffix, and do not.
const FULL: &str = "目的 标的 中的 人人 天天 数数 获得 取得 所得 心得 难得 赢得 求得 应得 只得 不得 夺得 博得 以上 以下 之上 之下 男子 女子 分子 原子 电子 君子 学子 莲子 量子 孔子 老子 女儿 婴儿 幼儿 少儿 孤儿 \
    患儿 男儿 胎儿 健儿 托儿 婴幼儿";

fn listed(list: &str, word: &[char]) -> bool {
    list.split_ascii_whitespace().any(|entry| entry.chars().eq(word.iter().copied()))
}

/// Make neutral what is spoken so in `group`.
pub(super) fn soften(group: &Group, tones: &mut [Tone]) {
    repeated(group, tones);
    measure(group, tones);
    if (is_particle(group) || has_suffix(group) || ends_listed(group))
        && !listed(FULL, &group.chars)
        && let Some(last) = tones.last_mut()
    {
        *last = Tone::Neutral;
    }
}

/// 妈妈, 看看: nouns and verbs, but no names; relatives and thanks in longer words too.
fn repeated(group: &Group, tones: &mut [Tone]) {
    let whole = group.chars.len() == 2 && group.tag.starts_with(['n', 'v']) && !group.tag.starts_with("nr");
    if listed(FULL, &group.chars) {
        return;
    }
    for (at, pair) in group.chars.windows(2).enumerate() {
        if let ([first, second], Some(tone)) = (pair, tones.get_mut(at + 1))
            && first == second
            && (whole || "爸妈哥姐弟妹爷奶叔姑谢".contains(*first))
        {
            *tone = Tone::Neutral;
        }
    }
}

/// 个 after what it counts, or alone.
fn measure(group: &Group, tones: &mut [Tone]) {
    for (at, c) in group.chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| group.chars.get(at));
        let quantity = |c: char| super::is_numeral(c) || super::is_scale(c) || "几有半多各整每做是这那哪".contains(c);
        let counts = before.map_or(group.chars.len() == 1, |c| quantity(*c));
        if let (true, Some(tone)) = (*c == '个' && counts, tones.get_mut(at)) {
            *tone = Tone::Neutral;
        }
    }
}

fn is_particle(group: &Group) -> bool {
    let Some(last) = group.last() else { return false };
    let alone = group.chars.len() == 1;
    match last {
        '吧' | '呢' | '啊' | '呐' | '嘛' | '吗' | '呀' | '啦' | '咯' | '喽' | '啰' | '耶' | '的' => true,
        '地' => alone && group.tag == "uv",
        '了' | '着' | '过' => alone && group.tag.starts_with('u'),
        _ => false,
    }
}

fn has_suffix(group: &Group) -> bool {
    let [.., before, last] = group.chars.as_slice() else { return false };
    match last {
        '子' => group.tag == "n" || group.tag == "r",
        '上' | '下' => group.tag == "s",
        '来' | '去' => "上下进出回过起开".contains(*before),
        '们' | '儿' | '得' => true,
        _ => false,
    }
}

fn ends_listed(group: &Group) -> bool {
    let chars = group.chars.as_slice();
    chars.len().checked_sub(2).and_then(|start| chars.get(start..)).is_some_and(|end| listed(WORDS, end))
}
