greeting = I can book, move or cancel an appointment for you. What would you like?
not-understood = Sorry, I did not understand that. You can book, move or cancel an appointment, or ask for a person.

ask-service = What is it for: a check-up, a cleaning, or a treatment?
    .second = Press one for a check-up, two for a cleaning, or three for a treatment.
ask-when = When would you like to come?
    .second = Please tell me a day and a time, such as Tuesday at ten.
ask-name = What is your name, please?
    .second = Please say your first and last name.
ask-phone = On which number can we reach you?
    .second = Please say the digits of your number one by one, or type them and press the hash key.

book-confirm = So that is { $service } { $when }, for { $name }, and we can reach you on { $phone }. Is that right?
book-task = Book { $service } { $when } for { $name }.
booked = Thank you. Your appointment is noted; we will call you back if it can not be.

move-confirm = { $name }, your appointment shall be { $when }, and we can reach you on { $phone }. Is that right?
move-task = Move the appointment of { $name } to { $when }.
moved = Thank you. Your appointment is moved; we will call you back if it can not be.

cancel-sure = { $name }, shall I cancel your appointment?
cancel-task = Cancel the appointment of { $name }.
cancelled = Your appointment is cancelled.
kept = Then everything stays as it is.
