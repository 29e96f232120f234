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

taken = That time is not free. I could offer { $choices }. Which of them suits you?
    .second = Press one for the first of them, two for the second, three for the third, or tell me another day and time: { $choices }.
nothing-free = I find no free time near that one.

book-confirm = So that is { $service } { $when }, for { $name }, and we can reach you on { $phone }. Is that right?
booked = Thank you, you are booked for { $service } { $when }.

which-appointment = You have several appointments: { $choices }. Which one do you mean?
not-found-confirm = I find no appointment for { $name } on { $phone }. Is that name and number right?
not-found = I can not find an appointment under that name and number.
move-confirm = { $name }, I will move your appointment from { $was } to { $when }. Is that right?
moved = Thank you, your appointment is { $when } now.

cancel-sure = { $name }, shall I cancel your appointment { $was }?
cancelled = Your appointment is cancelled.
kept = Then everything stays as it is.
