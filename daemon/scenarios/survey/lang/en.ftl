purpose = I am calling with two short questions about your visit
greeting = I have two short questions about your visit.
goodbye = Goodbye.
not-understood = Sorry, I did not understand that.
    .second = I am sorry. Please press one for yes, or two for no.
silence = Hello? Can you hear me?

wrong-number = I am sorry, I have called the wrong number.
can-not-look = I am sorry, I can not see just now why I am calling. Excuse the interruption.
may-i-ask = You were with us on { $visit }. May I ask you two questions about it?
no-matter = That is no matter. Thank you all the same.
ask-satisfied = From one to five, how satisfied were you? Five is the best. You need not answer.
    .second = Please press a key from one to five, or say that you would rather not.
ask-recommend = From zero to ten, how likely is it that you recommend us to others?
    .second = Please press zero to ten and then the hash key, or say that you would rather not.
ask-reason = I am sorry to hear that. Would you like to tell us why?
thanks = Thank you very much, that helps us.

later = Of course. I am sorry to have disturbed you.
