greeting = 我可以幫您預約、改期或取消。請問需要什麼服務？
not-understood = 不好意思，我沒有聽懂。您可以預約、改期、取消，或是說要找專人。

ask-service = 請問是檢查、洗牙，還是治療？
    .second = 檢查請按一，洗牙請按二，治療請按三。
ask-when = 請問您想什麼時候來？
    .second = 請說哪一天、幾點，例如星期二上午十點。
ask-name = 請問您貴姓大名？
    .second = 請說您的姓名。
ask-phone = 請問怎麼聯絡您？請說電話號碼。
    .second = 請一個字一個字說您的電話號碼，或是用按鍵輸入，最後按井字鍵。

book-confirm = 跟您確認：{ $when }，{ $service }，{ $name }，電話是{ $phone }。請問對嗎？
book-task = 預約：{ $name }，{ $service }，{ $when }。
booked = 謝謝您，已經幫您登記。如果時間不行，我們會回電給您。

move-confirm = { $name }您好，您的預約改到{ $when }，電話是{ $phone }。請問對嗎？
move-task = 改期：{ $name }，改到{ $when }。
moved = 謝謝您，已經幫您改期。如果時間不行，我們會回電給您。

cancel-sure = { $name }您好，確定要取消預約嗎？
cancel-task = 取消預約：{ $name }。
cancelled = 已經幫您取消預約。
kept = 好的，預約維持不變。
