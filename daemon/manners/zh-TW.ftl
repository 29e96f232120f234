# 每個機器人都會說的話，不論劇本。劇本的 lang/zh-TW.ftl 用同樣的名稱就能改掉任何一句。

greeting = 請問有什麼可以幫您？
more = 請問還有其他問題嗎？
goodbye = 謝謝您的來電，再見。

not-understood = 不好意思，我沒有聽懂。您可以詢問公司的資訊、留言，或是說要找專人。
silence = 請問您還在線上嗎？
    .second = 我聽不到您的聲音。您也可以按鍵：找專人請按零，留言請按一。
    .third = 需要由專人為您服務嗎？請說專人，或按零。
still-here = 我還在線上，您慢慢來。找專人請按零。
wait = 我看看。
    .second = 我還在處理，謝謝您的耐心等候。

a-person = 專人
transfer = 我現在幫您聯絡{ $person }，請稍候。
nobody-there = 很抱歉，現在沒有人可以接聽您的電話。
emergency = 如果有緊急狀況，請馬上掛上電話，改撥緊急電話。我現在幫您轉接專人。
robot = 是的，我是機器人。您隨時可以說要找專人。

# While a person is being called. What says how to leave a message instead comes soon.
calling = 我還在幫您聯絡。如果您想改為留言，請直接告訴我。
    .second = 謝謝您的耐心等候，我還在找人接聽。
person-comes = 謝謝您的等候，現在幫您接通。
# To the person who is called, before what the summary says of the caller, and after it.
whisper = 這裡是公司的語音機器人，有一通來電找您。
whisper-ask = 要接聽請按一，或說「好」。不方便請按二，或說「不要」。
whisper-thanks = 謝謝，現在幫您接通。

the-office = 公司
complaints-desk = 客訴部門
ask-recipient = 請問要留言給哪一位？
ask-message = 請說出要給{ $recipient }的留言，還有您的電話號碼。
ask-number = 請問要回撥哪一個電話號碼？
    .second = 請一個字一個字說您的電話號碼，或是用按鍵輸入，最後按井字鍵。
read-back = 給{ $recipient }的留言是：{ $message }。您的電話是{ $number }。請問對嗎？
read-back-without-number = 給{ $recipient }的留言是：{ $message }。請問對嗎？
ask-yes-no = 請說對，或是不對。請問留言正確嗎？
again = 不好意思。
message-kept = 謝謝您，我會轉達您的留言。請問還有其他問題嗎？

ask-day = 請問是哪一天？
ask-time = 請問幾點？
ask-half = 請問是上午還是下午？
ask-rest = 請繼續說。
which-of = 請問是{ $choices }？
or = 還是
not-that = 不好意思，我沒有聽懂。
too-small = 這個數目太少了。
too-large = 這個數目太多了。
too-early = 這個時間太早了。
too-late = 這個時間太晚了。
other-currency = 請用我們的幣別說。
too-long = 這個號碼太長了。
number-not-whole = 這個電話號碼的位數不對。
what-is-wrong = 請問哪裡不對？
say-yes-or-no = 請說對，或是不對。

not-there = { $person }現在無法接聽，{ $next-open }才能接聽。
not-there-at-all = { $person }現在無法接聽。
call-back = 如果您留言，我們會在{ $promised }以前回電給您。
message-kept-promised = 謝謝您，我會轉達您的留言，我們會在{ $promised }以前回電給您。請問還有其他問題嗎？
message-kept-go-on = 謝謝您，我會轉達您的留言。
message-given-up = 好的，那就不留言了。
try-next = 那裡沒有人接聽。我幫您改轉{ $person }，請稍候。

slower = 好的，我說慢一點。
other-language = 我們用中文說。我是機器人，您隨時可以說要找專人。
no-other-language = 很抱歉，我只會說中文。要幫您轉接專人嗎？
privacy = 我是機器人。您說的話會轉成文字，保存在本公司的裝置裡，用來處理您的需求，不會提供給別人。如果您想知道我們保存了什麼，或是想刪除，請說：刪除我的資料。
own-data = 我會轉達給負責個人資料保護的同仁。
data-protection = 個資保護窗口
opted-out = 我已經記下您不想再接到來電。再見。
abuse-warning = 我很願意幫您，但是請您客氣一點，不然我只好結束這通電話。
abuse-end = 我現在要結束這通電話。再見。

one-moment = 請稍等一下。
can-not-look-up = 不好意思，我現在查不到資料。
ask-satisfaction = 最後請教一下：這通電話對您有沒有幫助？請說一到五，五是最有幫助。您也可以直接掛電話。
ask-mark-again = 不好意思，沒聽清楚，請再說一次，一到五？您也可以直接按鍵。

# 給接手的人，或是事後查看的人。
summary-wanted = 來電者想要{ $wish }。
summary-done = 來電者想要{ $wish }，已經辦好了。
summary-told = 對方說：{ $told }。
summary-asked = 對方問過：{ $topics }。
summary-complaint = 對方要投訴。
summary-message = 對方留了言。
summary-not-understood = 我沒有聽懂來電者的話。
summary-nothing = 來電者還沒有說要什麼。
summary-number = 來電號碼是{ $number }。
summary-emergency = 對方說有緊急狀況。
summary-tried = { $people }沒有接聽。
