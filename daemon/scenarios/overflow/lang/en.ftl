greeting = How can I help you?
greeting-busy = All our colleagues are talking to other callers. I can answer questions, or have you called back.
not-understood = Sorry, I did not understand that. You can ask about orders and our office, or say: I need advice.

busy-call-back = All our colleagues are talking to other callers. Shall we call you back by { $promised }?
closed-call-back = We are open again { $next-open }. Let me note that you want to be called back.

ask-name = What is your name, please?
    .second = Please say your first and last name.
ask-phone = On which number can we call you?
    .second = Please say the digits one by one, or type them and press the hash key.

call-back-confirm = { $name }, we shall call you on { $phone }. Is that right?
call-back-task = Call { $name } back, who wants advice.
call-back-noted = Thank you. You will be called by { $promised }.
