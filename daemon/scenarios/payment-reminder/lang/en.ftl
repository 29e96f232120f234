purpose = I am calling with a personal message
greeting = I have a personal message for you.
goodbye = Thank you for your time. Goodbye.
not-understood = Sorry, I did not understand that. You can say yes or no, or ask for a person.
    .second = I am sorry. Please press one for yes, or two for no.
silence = Hello? Can you hear me?

wrong-number = I am sorry, I have called the wrong number.
can-not-look = I am sorry, I can not see just now why I am calling. Excuse the interruption.
is-that-you = I have a personal message for { $name }. Am I speaking with { $name }?
not-them = I am sorry to have disturbed you.
ask-born = So that nobody else hears it: when were you born? You need not tell me.
    .second = Please tell me the day, the month and the year, or say that you would rather not.
in-writing = That is all right. You will hear from us in writing.

reminder = Our books show that { $amount } was due on { $due }, under the reference { $reference }. If you have paid it meanwhile, just say so.
will-you-pay = Can you say when you will pay it?
ask-pay-by = By which day?
    .second = Please tell me a day, or say that you do not know yet.
pay-by-confirm = I note that you intend to pay by { $pay-by }. Is that right?
promise-task = { $name }, reference { $reference }, intends to pay { $amount } by { $pay-by }.
noted = Thank you, I have noted it.
want-person = Would you like to speak to somebody about it?
dispute-task = { $name }, reference { $reference }, says that nothing is owed: please check.
disputed = Thank you for telling me. I have noted it, and somebody will check it.

later = Of course. I am sorry to have disturbed you.
later-task = The call to { $name } came at a bad time: please call again.
