greeting = How can I help you?
greeting-closed = We are closed now, and open again { $next-open }. I can answer questions or note that you want to be called back. If something can not wait, just say: urgent.
not-understood = Sorry, I did not understand that. You can ask about our office, be called back, or say: urgent.

ask-about = What is it about?
    .second = Please tell me in a few words what you need.
ask-name = What is your name, please?
    .second = Please say your first and last name.
ask-phone = On which number can we call you?
    .second = Please say the digits one by one, or type them and press the hash key.

call-back-confirm = { $name }, we shall call you on { $phone } about this: { $about }. Is that right?
call-back-task = Call { $name } back: { $about }
call-back-noted = Thank you. You will be called by { $promised }.

urgent-sure = Is somebody or something in danger, so that it can not wait until { $next-open }?
urgent-later = Then let me take a message, and we will call you back by { $promised }.
