# 每个机器人都会说的话，不论剧本。剧本的 lang/zh-CN.ftl 用同样的名称就能改掉任何一句。

greeting = 请问有什么可以帮您？
more = 请问还有其他问题吗？
goodbye = 谢谢您的来电，再见。

not-understood = 不好意思，我没有听懂。您可以询问公司的信息、留言，或是说要找人工客服。
silence = 请问您还在听吗？
    .second = 我听不到您的声音。找人工客服请按零，留言请按一。

a-person = 人工客服
transfer = 我帮您转接{ $person }，请稍候。
nobody-there = 很抱歉，现在没有人可以接听您的电话。
emergency = 如果有紧急状况，请马上挂断，拨打紧急电话。我现在帮您转接人工客服。
robot = 是的，我是机器人。您随时可以说要找人工客服。

the-office = 公司
complaints-desk = 投诉部门
ask-recipient = 请问要留言给哪一位？
ask-message = 请说出要给{ $recipient }的留言，还有您的电话号码。
ask-number = 请问要回拨哪一个电话号码？
read-back = 给{ $recipient }的留言是：{ $message }。您的电话是{ $number }。请问对吗？
read-back-without-number = 给{ $recipient }的留言是：{ $message }。请问对吗？
ask-yes-no = 请说对，或是不对。请问留言正确吗？
again = 不好意思。
message-kept = 谢谢您，我会转达您的留言。请问还有其他问题吗？

ask-day = 请问是哪一天？
ask-time = 请问几点？
ask-half = 请问是上午还是下午？
ask-rest = 请继续说。
which-of = 请问是{ $choices }？
or = 还是
not-that = 不好意思，我没有听懂。
too-small = 这个数目太少了。
too-large = 这个数目太多了。
too-early = 这个时间太早了。
too-late = 这个时间太晚了。
other-currency = 请用我们的币种说。
too-long = 这个号码太长了。
what-is-wrong = 请问哪里不对？
say-yes-or-no = 请说对，或是不对。

one-moment = 请稍等一下。
can-not-look-up = 不好意思，我现在查不到资料。
ask-satisfaction = 最后请教一下：这通电话对您有没有帮助？请说一到五，五是最有帮助。您也可以直接挂电话。

# 给接手的人，或是事后查看的人。
summary-wanted = 来电者想要{ $wish }。
summary-done = 来电者想要{ $wish }，已经办好了。
summary-told = 对方说：{ $told }。
summary-asked = 对方问过：{ $topics }。
summary-complaint = 对方要投诉。
summary-message = 对方留了言。
summary-not-understood = 我没有听懂来电者的话。
summary-nothing = 来电者还没有说要什么。
