greeting = 請問有什麼可以幫您？
greeting-closed = 我們現在已經下班，{ $next-open }開始上班。您可以問我問題，或是請我們回電。如果是不能等的急事，請說：緊急。
not-understood = 不好意思，我沒有聽懂。您可以詢問公司的資訊、請我們回電，或是說：緊急。

ask-about = 請問是什麼事？
    .second = 請簡單說一下您需要什麼。
ask-name = 請問您貴姓大名？
    .second = 請說您的姓名。
ask-phone = 請問要回哪一個電話號碼？
    .second = 請一個字一個字說您的電話號碼，或是用按鍵輸入，最後按井字鍵。

call-back-confirm = { $name }您好，我們會回電到{ $phone }，事由是：{ $about }。請問對嗎？
call-back-task = 回電給{ $name }：{ $about }
call-back-noted = 謝謝您，我們會在{ $promised }以前回電。

urgent-sure = 請問是不是有危險，不能等到{ $next-open }？
urgent-later = 那我先幫您留言，我們會在{ $promised }以前回電給您。
