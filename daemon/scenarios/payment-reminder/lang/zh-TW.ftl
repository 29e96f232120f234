purpose = 我有一則私人訊息要通知
greeting = 我有一則私人訊息要通知您。
goodbye = 謝謝您，再見。
not-understood = 不好意思，我沒有聽懂。您可以說是或不是，或是說要找專人。
    .second = 不好意思，是請按一，不是請按二。
silence = 喂，您聽得到嗎？

wrong-number = 不好意思，我打錯電話了。
can-not-look = 不好意思，我現在查不到要通知的事，打擾您了。
is-that-you = 我有一則私人訊息要通知{ $name }，請問您是{ $name }本人嗎？
not-them = 不好意思，打擾您了。
ask-born = 為了不讓別人聽到，請問您的出生年月日？不想說也沒關係。
    .second = 請說哪一年、哪一月、哪一日，或是說不想說。
in-writing = 沒關係，我們會用書面通知您。

reminder = 我們的帳上，{ $due }有一筆{ $amount }到期，編號是{ $reference }。如果您已經付了，跟我說一聲就好。
will-you-pay = 請問方便說什麼時候會付嗎？
ask-pay-by = 請問是哪一天之前？
    .second = 請說一個日期，或是說還不知道。
pay-by-confirm = 我記下您打算在{ $pay-by }之前付，請問對嗎？
promise-task = { $name }，編號{ $reference }，打算在{ $pay-by }之前付{ $amount }。
noted = 好的，我已經記下了。
want-person = 請問要跟我們的人員談談嗎？
dispute-task = { $name }，編號{ $reference }，說沒有欠款，請查明。
disputed = 謝謝您告訴我，我已經記下了，我們會再查明。

later = 好的，不好意思打擾您了。
later-task = 打給{ $name }的時候，對方不方便說話，請再打一次。
