# What every robot says, whatever its scenario. A scenario's lang/en.ftl says any of it differently, by the same name.

greeting = How can I help you?
more = Is there anything else?
goodbye = Thank you for calling. Goodbye.

# Each time, another: how often depends on `attempts`.
not-understood = Sorry, I did not understand that. You can ask about our office, leave a message, or ask for a person.
silence = Are you still there?
    .second = I can not hear you. Press zero for a person, or one to leave a message.

# A person.
a-person = a person
transfer = I will connect you to { $person }. One moment, please.
nobody-there = I am sorry, nobody can take your call right now.
emergency = If this is an emergency, hang up and call the emergency number now. I am connecting you to a person.
robot = Yes, I am a robot. Say person at any time to speak to somebody.

# A message.
the-office = the office
complaints-desk = complaints
ask-recipient = Who is the message for?
ask-message = Please tell me your message for { $recipient }, and your phone number.
ask-number = On which number can you be called back?
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
what-is-wrong = What is not right?
say-yes-or-no = Please say yes or no.

# Something is looked up.
one-moment = One moment, please.
can-not-look-up = I am sorry, I can not look that up right now.
ask-satisfaction = One last question: how well did this call help you, from one to five? You can also just hang up.

# For whoever takes the call over, or reads of it afterwards.
summary-wanted = The caller wants to { $wish }.
summary-done = The caller wanted to { $wish }, and it is done.
summary-told = They said: { $told }.
summary-asked = They asked about: { $topics }.
summary-complaint = They complain.
summary-message = They left a message.
summary-not-understood = The caller was not understood.
summary-nothing = The caller has not said what they want.
