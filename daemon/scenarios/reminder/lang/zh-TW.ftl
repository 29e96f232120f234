purpose = 我打來是想跟您確認預約
greeting = 我打來是想跟您確認預約。
goodbye = 謝謝您，再見。
not-understood = 不好意思，我沒有聽懂。您可以說是或不是，或是說要找專人。
    .second = 不好意思，是請按一，不是請按二。
silence = 喂，您聽得到嗎？

wrong-number = 不好意思，我打錯電話了。
can-not-look = 不好意思，我現在查不到要通知的事，打擾您了。
is-that-you = 我要找{ $name }，請問您是{ $name }本人嗎？
not-them = 不好意思，打擾您了。

will-you-come = 提醒您，您{ $when }有預約，請問您會來嗎？
see-you = 好的，那就{ $when }見。
another-time = 請問要改約其他時間嗎？
ask-new-time = 請問您想改到什麼時候？
    .second = 請說哪一天、幾點，例如星期二上午十點。
new-time-confirm = 您想改到{ $new-time }，請問對嗎？
move-task = { $name }{ $when }不能來，想改到{ $new-time }，請回電。
moved = 好的，櫃檯會再回電跟您確認。
cancel-task = { $name }{ $when }不來，請取消預約。
cancelled = 好的，我已經記下您不來了。

later = 好的，不好意思打擾您了。
later-task = 打給{ $name }確認{ $when }的預約的時候，對方不方便說話，請再打一次。
