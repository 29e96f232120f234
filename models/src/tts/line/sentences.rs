//! What a robot says on the telephone: the sentences over which each voice's own level was measured.

/// In English.
pub const ENGLISH: [&str; 5] = [
    "Good morning, how can I help you?",
    "We are open from nine to five, Monday to Friday.",
    "I did not understand that. Could you please say it again?",
    "Your number is five five five, one two three four. Is that correct?",
    "One moment please, I am putting you through to a colleague.",
];
/// In Mandarin.
pub const MANDARIN: [&str; 5] = [
    "您好,請問有什麼可以幫您?",
    "我們星期一到星期五早上九點到下午五點營業。",
    "不好意思,我沒聽懂,請再說一次。",
    "您的電話號碼是五五五,一二三四,對嗎?",
    "請稍候,我幫您轉接。",
];
