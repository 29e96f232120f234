purpose = I am calling about an appointment
greeting = It is about your appointment.
goodbye = Thank you for your time. Goodbye.
not-understood = Sorry, I did not understand that. You can say yes or no, or ask for a person.
    .second = I am sorry. Please press one for yes, or two for no.
silence = Hello? Can you hear me?

wrong-number = I am sorry, I have called the wrong number.
can-not-look = I am sorry, I can not see just now why I am calling. Excuse the interruption.
is-that-you = I have a message for { $name }. Am I speaking with { $name }?
not-them = I am sorry to have disturbed you.

will-you-come = You have an appointment { $when }. Will you come?
see-you = Thank you, we look forward to seeing you { $when }.
another-time = Shall we find another time for it?
ask-new-time = When would you like to come instead?
    .second = Please tell me a day and a time, such as Tuesday at ten.
new-time-confirm = So you would like to come { $new-time } instead. Is that right?
move-task = { $name } can not come { $when } and would like to come { $new-time }: please call back.
moved = Thank you. Our front desk will call you back about it.
cancel-task = { $name } does not come { $when }: cancel the appointment.
cancelled = All right, I have noted that you are not coming.

later = Of course. I am sorry to have disturbed you.
later-task = The call to { $name } about the appointment { $when } came at a bad time: please call again.
