greeting = 請問有什麼可以幫您？
greeting-busy = 現在所有同仁都在通話中。您可以問我問題，或是請我們回電。
not-understood = 不好意思，我沒有聽懂。您可以詢問訂單和公司的資訊，或是說：我要諮詢。

busy-call-back = 現在所有同仁都在通話中。要不要我們在{ $promised }以前回電給您？
closed-call-back = 我們{ $next-open }開始上班，我先幫您登記回電。

ask-name = 請問您貴姓大名？
    .second = 請說您的姓名。
ask-phone = 請問要回哪一個電話號碼？
    .second = 請一個字一個字說您的電話號碼，或是用按鍵輸入，最後按井字鍵。

call-back-confirm = { $name }您好，我們會回電到{ $phone }。請問對嗎？
call-back-task = 回電給{ $name }，對方想諮詢。
call-back-noted = 謝謝您，我們會在{ $promised }以前回電。
