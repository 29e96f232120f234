purpose = 想請教您兩個關於上次來訪的問題
greeting = 想請教您兩個關於上次來訪的問題。
goodbye = 再見。
not-understood = 不好意思，我沒有聽懂。
    .second = 不好意思，是請按一，不是請按二。
silence = 喂，您聽得到嗎？

wrong-number = 不好意思，我打錯電話了。
can-not-look = 不好意思，我現在查不到要通知的事，打擾您了。
may-i-ask = 您在{ $visit }來過我們這裡，可以請教您兩個問題嗎？
no-matter = 沒關係，還是謝謝您。
ask-satisfied = 一到五分，請問您有多滿意？五分是最滿意，不想回答也沒關係。
    .second = 請按一到五，或是說不想回答。
ask-recommend = 零到十分，請問您有多願意把我們推薦給別人？
    .second = 請用按鍵輸入零到十，再按井字鍵，或是說不想回答。
ask-reason = 很抱歉。請問您願意說說原因嗎？
thanks = 非常謝謝您，這對我們很有幫助。

later = 好的，不好意思打擾您了。
