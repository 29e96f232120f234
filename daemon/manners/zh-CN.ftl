# 每个机器人都会说的话，不论剧本。剧本的 lang/zh-CN.ftl 用同样的名称就能改掉任何一句。

greeting = 请问有什么可以帮您？
more = 请问还有其他问题吗？
goodbye = 谢谢您的来电，再见。

not-understood = 不好意思，我没有听懂。您可以询问公司的信息、留言，或是说要找人工客服。
silence = 请问您还在听吗？
    .second = 我听不到您的声音。您也可以按键：找人工客服请按零，留言请按一。
    .third = 需要人工客服为您服务吗？请说人工客服，或按零。
still-here = 我还在线上，您慢慢来。找人工客服请按零。
wait = 我看看。
    .second = 我还在处理，谢谢您的耐心等候。

a-person = 人工客服
transfer = 我现在帮您联系{ $person }，请稍候。
nobody-there = 很抱歉，现在没有人可以接听您的电话。
emergency = 如果有紧急状况，请马上挂断，拨打紧急电话。我现在帮您转接人工客服。
robot = 是的，我是机器人。您随时可以说要找人工客服。

# While a person is being called. What says how to leave a message instead comes soon.
calling = 我还在帮您联系。如果您想改为留言，请直接告诉我。
    .second = 谢谢您的耐心等候，我还在找人接听。
person-comes = 谢谢您的等候，现在帮您接通。
# To the person who is called, before what the summary says of the caller, and after it.
whisper = 这里是公司的语音机器人，有一通来电找您。
whisper-ask = 要接听请按一，或说“好”。不方便请按二，或说“不要”。
whisper-thanks = 谢谢，现在帮您接通。

the-office = 公司
complaints-desk = 投诉部门
ask-recipient = 请问要留言给哪一位？
ask-message = 请说出要给{ $recipient }的留言，还有您的电话号码。
ask-number = 请问要回拨哪一个电话号码？
    .second = 请一个字一个字说您的电话号码，或者用按键输入，最后按井字键。
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
number-not-whole = 这个电话号码的位数不对。
what-is-wrong = 请问哪里不对？
say-yes-or-no = 请说对，或是不对。

not-there = { $person }现在无法接听，{ $next-open }才能接听。
not-there-at-all = { $person }现在无法接听。
call-back = 如果您留言，我们会在{ $promised }以前回电给您。
message-kept-promised = 谢谢您，我会转达您的留言，我们会在{ $promised }以前回电给您。请问还有其他问题吗？
message-kept-go-on = 谢谢您，我会转达您的留言。
message-given-up = 好的，那就不留言了。
try-next = 那边没有人接听。我帮您改转{ $person }，请稍候。

slower = 好的，我说慢一点。
other-language = 我们用中文说。我是机器人，您随时可以说要找人工客服。
no-other-language = 很抱歉，我只会说中文。要帮您转接人工客服吗？
privacy = 我是机器人。您说的话会转成文字，保存在本公司的设备里，用来处理您的需求，不会提供给别人。如果您想知道我们保存了什么，或是想删除，请说：删除我的资料。
own-data = 我会转达给负责个人信息保护的同事。
data-protection = 个人信息保护专员
opted-out = 我已经记下您不想再接到来电。再见。
abuse-warning = 我很愿意帮您，但是请您客气一点，不然我只好结束这通电话。
abuse-end = 我现在要结束这通电话。再见。

one-moment = 请稍等一下。
can-not-look-up = 不好意思，我现在查不到资料。
ask-satisfaction = 最后请教一下：这通电话对您有没有帮助？请说一到五，五是最有帮助。您也可以直接挂电话。
ask-mark-again = 不好意思，没听清楚，请再说一次，一到五？您也可以直接按键。

# 给接手的人，或是事后查看的人。
summary-wanted = 来电者想要{ $wish }。
summary-done = 来电者想要{ $wish }，已经办好了。
summary-told = 对方说：{ $told }。
summary-asked = 对方问过：{ $topics }。
summary-complaint = 对方要投诉。
summary-message = 对方留了言。
summary-not-understood = 我没有听懂来电者的话。
summary-nothing = 来电者还没有说要什么。
summary-number = 来电号码是{ $number }。
summary-emergency = 对方说有紧急情况。
summary-tried = { $people }没有接听。
