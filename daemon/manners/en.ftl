# What every robot says, whatever its scenario. A scenario's lang/en.ftl says any of it differently, by the same name.

greeting = How can I help you?
more = Is there anything else?
goodbye = Thank you for calling. Goodbye.

# Each time, another: how often depends on `attempts`.
not-understood = Sorry, I did not understand that. You can ask about our office, leave a message, or ask for a person.
silence = Are you still there?
    .second = I can not hear you. You can use the keys: zero for a person, or one to leave a message.
    .third = Shall a person help you? Say person, or press zero.
# When sound without words goes on: music, or somebody who talks to somebody else.
still-here = I am still here. Take your time. For a person, press zero.
# While an answer takes its time: after most of a second, and after some more. The first is short, for the answer waits until it is said.
wait = Let me see.
    .second = I am still working on it. Thank you for waiting.

# A person.
a-person = a person
transfer = I am calling { $person } for you. One moment, please.
nobody-there = I am sorry, nobody can take your call right now.
emergency = If this is an emergency, hang up and call the emergency number now. I am connecting you to a person.
robot = Yes, I am a robot. Say person at any time to speak to somebody.

# While a person is being called. What says how to leave a message instead comes soon.
calling = I am still calling. If you would rather leave a message, just say so.
    .second = Thank you for waiting. I am still trying to reach somebody.
person-comes = Thank you for waiting. I am putting you through now.
# To the person who is called, before what the summary says of the caller, and after it.
whisper = This is the office's robot, with a caller for you.
whisper-ask = Press one or say yes to take the call. Press two or say no if you can not.
whisper-thanks = Thank you. Here is the caller.

# A message.
the-office = the office
complaints-desk = complaints
ask-recipient = Who is the message for?
ask-message = Please tell me your message for { $recipient }, and your phone number.
ask-number = On which number can you be called back?
    .second = Please say the digits of your number one by one, or type them and press the hash key.
read-back = The message for { $recipient } is: { $message }. I have your number as { $number }. Is that right?
read-back-without-number = The message for { $recipient } is: { $message }. Is that right?
ask-yes-no = Please say yes or no. Is the message right?
again = I am sorry.
message-kept = Thank you, I will pass your message on. Is there anything else?

# A form.
ask-day = On which day?
ask-time = At what time?
ask-half = Before noon, or after noon?
ask-rest = And the rest?
which-of = Do you mean { $choices }?
or = or
not-that = Sorry, I did not get that.
too-small = That is too few for us.
too-large = That is too many for us.
too-early = That is too soon for us.
too-late = That is too far away for us.
other-currency = I need that in our currency.
too-long = That number is too long.
number-not-whole = That number has too few digits, or too many.
what-is-wrong = What is not right?
say-yes-or-no = Please say yes or no.

# Nobody is there.
not-there = { $person } can not take calls now, but can again { $next-open }.
not-there-at-all = { $person } can not take calls now.
call-back = If you leave a message, you will be called back by { $promised }.
message-kept-promised = Thank you, I will pass your message on. You will be called back by { $promised }. Is there anything else?
message-kept-go-on = Thank you, I will pass your message on.
message-given-up = All right, no message then.
try-next = Nobody answered there. I am trying { $person }, one moment please.

# What holds everywhere.
slower = Of course, I will speak more slowly.
other-language = Let us go on in English. I am a robot; say person at any time to speak to somebody.
no-other-language = I am sorry, I only speak English. Shall I connect you to a person?
privacy = I am a robot. What you say is turned into text and kept on a device in this office, so that we can do what you asked for; it is not passed on to anybody else. If you want to know what is kept of you, or want it deleted, tell me: delete my data.
own-data = I will pass that on to whoever looks after data protection.
data-protection = data protection
opted-out = I have noted that you do not want to be called any more. Goodbye.
abuse-warning = I would like to help you. Please speak to me politely, or I will have to end this call.
abuse-end = I am ending this call now. Goodbye.

# Something is looked up.
one-moment = One moment, please.
can-not-look-up = I am sorry, I can not look that up right now.
ask-satisfaction = One last question: how well did this call help you, from one to five? You can also just hang up.
ask-mark-again = Sorry, which was it, from one to five? You can also press the key.

# For whoever takes the call over, or reads of it afterwards.
summary-wanted = The caller wants to { $wish }.
summary-done = The caller wanted to { $wish }, and it is done.
summary-told = They said: { $told }.
summary-asked = They asked about: { $topics }.
summary-complaint = They complain.
summary-message = They left a message.
summary-not-understood = The caller was not understood.
summary-nothing = The caller has not said what they want.
summary-number = The caller's number is { $number }.
summary-emergency = They say that it is an emergency.
summary-tried = { $people } did not take the call.
