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

taken = 這個時間已經有人預約了。{ $choices }有空，請問您要哪一個？
    .second = 第一個請按一，第二個請按二，第三個請按三，或是說另外一個日期和時間：{ $choices }。
nothing-free = 這段時間附近都約滿了。

book-confirm = 跟您確認：{ $when }，{ $service }，{ $name }，電話是{ $phone }。請問對嗎？
booked = 謝謝您，已經幫您預約{ $when }的{ $service }。

which-appointment = 您有幾個預約：{ $choices }。請問是哪一個？
not-found-confirm = 我找不到{ $name }，電話{ $phone }的預約。請問姓名和電話對嗎？
not-found = 我用這個姓名和電話找不到預約。
move-confirm = { $name }您好，您的預約從{ $was }改到{ $when }。請問對嗎？
moved = 謝謝您，您的預約已經改到{ $when }。

cancel-sure = { $name }您好，您{ $was }的預約，確定要取消嗎？
cancelled = 已經幫您取消預約。
kept = 好的，預約維持不變。
