# What switchhookctl says, in English. Every message stands in zh-Hant.ftl and zh-Hans.ftl too, under the same name and with the same variables.
# Commands stay as they are typed, in backquotes. What the machine calls things is English already, and so is what the robot says when it refuses.

## Everywhere

ready = ready
not-ready = not ready
yes = yes
no = no
# Between the things of a list.
comma = ,{" "}
quoted = “{ $words }”
note = note: { $note }
written = written: { $files }
nothing-written = nothing was written
no-words = (no words)
see-above = see above
not-there = { $path } is not there
cannot-read = { $path } cannot be read
cannot-write = { $path } cannot be written
cannot-make = { $path } cannot be made
cannot-make-durable = { $path } cannot be made durable
cannot-run = { $program } cannot be run: is it installed?
needs-a-terminal = this needs a terminal
generate-cannot-make = cannot make { $path }
generate-cannot-write = cannot write manual pages into { $path }

## The headings of tables

column-about = ABOUT
column-activated = ACTIVATED
column-at = AT
column-badly = BADLY
column-begun = BEGUN
column-call = CALL
column-callback = CALL BACK
column-callers-said = CALLERS SAID
column-disk = DISK
column-done = DONE
column-from = FROM
column-goal = GOAL
column-job = JOB
column-kind = KIND
column-language = LANGUAGE
column-languages = LANGUAGES
column-licence = LICENCE
column-line = LINE
column-mark = MARK
column-memory = MEMORY
column-message = MESSAGE
column-model = MODEL
column-nearest = NEAREST
column-number = NO
column-outcome = ENDED AS
column-part = OF
column-promised = BY
column-recipient = FOR
column-role = ROLE
column-scenario = SCENARIO
column-started = STARTED
column-state = STATE
column-status = STATUS
column-summary = SUMMARY
column-times = TIMES
column-touched = TOUCHED
column-turns = TURNS
column-untouched = NOT TOUCHED
column-user = USER
column-version = VERSION
column-what = WHAT

## The robot on the bus

bus-system = system
bus-session = session
bus-given = given
no-bus = cannot reach the { $bus } bus; is dbus running? --bus names another one
bus-went-away = the bus went away
no-answer = switchhookd did not answer
not-running = switchhookd is not running on the { $bus } bus; start it with `systemctl start switchhook`, and see `journalctl -u switchhook` if it does not stay
robot-left = switchhookd left the bus; `systemctl status switchhook` says how it is
not-there-any-more = it is not there any more
other-form = the robot answers in another form than this program knows; are they of one version?
no-such-call = there is no call { $id } (any more); `switchhookctl calls` lists those there are
several-calls = { $calls } calls are called { $id }; type more of the name

refused-access = { $text }
refused-otherwise = switchhookd refused: { $text } ({ $name })

## status, lines

status-device = { $device } { $ready } on the rung { $rung }, switchhook { $version }, since { $since }
status-models = models: { $models }
status-calls = calls: { $on } of { $at_once }; generation { $generation } of the configuration
status-calls-of-two-generations = calls: { $on } of { $at_once }; generation { $generation } of the configuration, { $earlier } with an earlier one
no-lines = no lines; add a [[line]] table to switchhook.toml
no-such-line = there is no line { $id }; the configuration has: { $lines }
line-is = { $id } is { $status }: { $reason }

## calls, call

no-calls = no calls
caller-withheld = a withheld number
caller-named = { $number } ({ $name })
call-show-call = call
call-show-from = from
call-show-to = to
call-show-line = line
call-show-state = state
call-show-scenario = scenario
call-show-started = started
call-show-turns = turns
call-show-disclosed = the caller knows that a robot speaks
call-show-not-disclosed = the caller does not know yet that a robot speaks
watch-waiting = waiting for the call; Ctrl-C ends it
watch-without-words = calls can be watched without their words: `switchhookctl call watch --no-words`
watch-began = { $state } on { $line }
watch-began-from = { $state } from { $caller } on { $line }
watch-began-to = { $state } to { $caller } on { $line }
watch-ended = { $ended } after { $seconds } s: { $outcome }
listen-began = listening to { $call }; Ctrl-C ends it
listen-no-pipe = what the robot handed over is no pipe
listen-no-call = there is no call to listen to; `switchhookctl call watch` shows when one comes
listen-which = there are { $calls } calls; name one, as `switchhookctl calls` lists them
listen-over = the call is over after { $seconds } s
listen-with-a-person = a person has the call, and nobody listens to that, after { $seconds } s
listen-left = stopped listening after { $seconds } s
listen-terminal = sound does not go to a terminal; redirect it, or name a file
listen-card-stopped = the sound card stopped
listen-unfinished = the file could not be finished
place-no-call = switchhookd named a call that is none: { $path }
place-rings = { $call } rings; `switchhookctl call watch { $call }` shows what comes of it
place-over-at-once = the call was over at once; `journalctl -u switchhook` says why
place-no-line = no line places calls; that takes a [[line]] of kind "sip"
place-which-line = several lines place calls; name one with --line: { $lines }
place-busy = they are on the telephone already (busy)
place-declined = they do not take the call (declined)
place-unanswered = nobody answered within half a minute (unanswered)
place-unreachable = there is no such telephone, or no way to it: see the number, and what the gateway lets us call (unreachable)
place-failed = the line failed ({ $fault }); `journalctl -u switchhook` says more
transfer-too-late = a person has the call already
transfer-accepted = { $person } has the call
transfer-declined = { $person } does not take it, or talks to somebody else (declined); the caller stays with the robot
transfer-unanswered = nobody answered at the telephone of { $person } (unanswered); the caller stays with the robot
transfer-failed = the line could not reach { $person } (failed); the caller stays with the robot, and `journalctl -u switchhook` says more
transfer-called-off = { $person } was sought no more (called-off): the caller goes on with the robot, or the robot ends the call
transfer-caller-left = the caller hung up before { $person } had the call (caller-left)
transfer-over = the call was over before { $person } had it: { $outcome }
watch-handed-over = { $person } was sought: { $end }
watch-turn = turn { $number }: { $heard } -> { $understood } -> { $action }: { $said }

## monitor

monitor-rung = rung
monitor-calls = calls { $on } of { $at_once }
monitor-load = load { $load }
monitor-memory = { $megabytes } MB free
monitor-key-leave = leave
monitor-key-call = another call
monitor-key-hang-up = hang up
monitor-end-call = End the call { $call }, politely? y yes, n no
monitor-lines = lines
monitor-calls-title = calls
monitor-from = from
monitor-state = state
monitor-turns = turns
monitor-line = line
monitor-words = words
monitor-caller = caller
monitor-robot = robot
monitor-nobody = nobody is on the line
monitor-nothing-said = nothing was said yet
monitor-said-before = what was said before this was opened is not shown
monitor-hidden = what is said is hidden: { $why }
monitor-last-answer = the last answer
monitor-no-answer = nothing was answered yet
monitor-last-answer-took = the last answer: { $milliseconds } ms
latency-endpoint = end of turn
latency-words = words
latency-decision = decision
latency-first-sound = first sound

## models, model, jobs, job

any-language = any
model-in-use = in use
model-damaged = { $model }: { $damage }; `switchhookctl model fetch { $model }` mends it
no-such-model = there is no model { $name } in the catalog; `switchhookctl models` lists those there are
model-was-installed = { $name } was installed already
models-installed = installed: { $names }; the robot uses what its configuration names from the next `switchhookctl config reload` on
no-jobs = no jobs
job-began = job { $number } began; `switchhookctl job wait { $number }` waits for it
job-was-cancelled = job { $number } was cancelled
job-left-with-the-robot = switchhookd left the bus, and the job with it; `systemctl status switchhook` says how it is

## messages, reports

no-messages = no messages
message-done = done
message-confirmed = confirmed
message-as-heard = as heard
no-reports = no reports

## config

configuration-sound = the configuration is sound
configuration-sound-in = the configuration is sound: { $files }
configuration-unsound = { $problem }
reloaded = calls from now on are held in generation { $generation }; changed: { $changed }
reloaded-without-change = calls from now on are held in generation { $generation }; nothing changed

## export

export-no-pipe = what the robot handed over is no pipe
export-nothing = no call on record is one of those; nothing was written
export-stopped = stopped; nothing was written
export-written = { $path } holds everything on record of { $calls ->
    [one] one call
   *[other] { $calls } calls
}. It is personal data: give it to whom it belongs, and delete it then

## support-bundle

bundle-is-there = { $path } is there already; name another file
bundle-written = { $path } holds all of it, { $kilobytes } kB. Telephone numbers and the names in the configuration are taken out; look through it before you send it


## doctor

verdict-good = good
verdict-unknown = unknown
verdict-doubtful = doubtful
verdict-wrong = wrong
doctor-wrong =
    { $things ->
        [one] one thing is wrong
       *[other] { $things } things are wrong
    }
doctor-as-root = run this as root
doctor-configuration = { $path } is sound
doctor-configuration-remedy = mend it; `switchhookctl config check` tries it again
doctor-scenario = { $name }, version { $version }
doctor-scenario-remedy = mend it; `switchhookctl scenario check` tries it again
doctor-people-remedy = see switchhook.toml(5)
doctor-model-absent = { $name } is not in { $path }
doctor-model-damaged = { $name } is damaged: { $what }
doctor-secret-absent = { $path } is not there
doctor-secret-absent-remedy = write it (mode 600), and name it to systemd: LoadCredential={ $name }:{ $path } in `systemctl edit switchhook`
doctor-secret-closed = { $name }, for its owner alone
doctor-secret-empty = { $path } is empty
doctor-secret-empty-remedy = write the secret into it
doctor-secret-error-remedy = look at it as root
doctor-secret-hidden = { $path } may not be looked at
doctor-secret-open = { $path } can be read by others than its owner
doctor-disk-absent = { $path } is not there yet
doctor-disk-absent-remedy = start the robot: it makes it
doctor-disk-free = { $megabytes } MB are free at { $path }
doctor-disk-full-remedy = make room: records of calls are lost when the disk is full
doctor-disk-filling-remedy = make room before it is full
doctor-memory-unknown = the kernel does not tell how much is available
doctor-memory-available = { $megabytes } MB are available
doctor-memory-remedy = choose a smaller profile (`switchhook-models profiles`), or stop what else runs here
doctor-heat-unknown = this machine tells no temperature
doctor-heat-unknown-remedy = vcgencmd measure_temp, on a Raspberry Pi
doctor-hot-remedy = look at the fan and the case before summer
doctor-too-hot-remedy = cool it: the board slows down, and callers wait; see the fan and the case
doctor-service-unknown = systemd is not on this bus
doctor-service-runs = it runs
doctor-service-is = it is { $state }
doctor-service-restarted = it runs, after { $times } restarts
doctor-service-restarted-remedy = journalctl -x -u switchhook -p warning: why it failed
doctor-clock-set = it is set by the network
doctor-clock-unset = nothing sets it
doctor-clock-unset-remedy = timedatectl set-ntp true: opening hours and records go by it
doctor-clock-unknown = nobody here tells whether it is set
doctor-version-other = the robot runs { $runs }, and { $installed } is installed
doctor-robot-answers = calls are answered
doctor-robot-silent = a call that comes now is not answered
doctor-robot-silent-remedy = see the lines below
doctor-ladder = calls begin on the rung `{ $rung }`
doctor-ladder-remedy = journalctl -x -u switchhook -p warning: what is missing
doctor-line-ready = { $id } is ready at { $address }
doctor-broker-answers = { $broker } answers
doctor-broker-silent = { $broker } does not answer
doctor-broker-remedy = look at [mqtt] in switchhook.toml, the network, and the broker
doctor-certificate-trusted = { $broker } is trusted until { $until }
doctor-certificate-ends =
    { $days ->
        [0] { $broker } is trusted until { $until }, less than a day from now
        [one] { $broker } is trusted until { $until }, one day from now
       *[other] { $broker } is trusted until { $until }, { $days } days from now
    }
doctor-certificate-ends-remedy = have the broker's certificate renewed
doctor-certificate-authority-ends-remedy = have the authority renewed that vouches for the broker, and the certificates that it made; put the new one into `mqtt.ca`
doctor-certificate-over = { $broker } is not trusted any more: its certificate ended on { $until }
doctor-certificate-not-yet = { $broker } is not trusted yet: its certificate begins on { $from }, and today is { $today } here
doctor-certificate-not-yet-remedy = timedatectl: see whether the clock is right
doctor-certificate-other-name = { $broker } is not trusted: its certificate is for { $names }
doctor-certificate-other-name-remedy = write one of these as `mqtt.host` if it is the same broker, or have a certificate made for the name that is written
doctor-certificate-untrusted = { $broker } is not trusted: nobody whom the robot trusts vouches for its certificate
doctor-certificate-untrusted-remedy = name the file of the office's own authority as `mqtt.ca`, or look at who answers there
doctor-certificate-untrusted-by-ours-remedy = put the authority that made the broker's certificate into { $path }, or look at who answers there
doctor-certificate-refused = { $broker } is not trusted: { $reason }
doctor-certificate-no-tls = { $broker } does not speak TLS: { $reason }
doctor-certificate-no-tls-remedy = look at `mqtt.port` (8883 is usual with TLS) and `mqtt.tls`, and at the broker
doctor-certificate-closed = { $path } cannot be read by everybody, and perhaps not by the robot; a certificate is no secret

## setup

setup-begin = Enter takes what is in brackets. Nothing is written before you say so.
setup-ask-language = What do callers speak (en, zh-TW, zh-CN)?
setup-ask-other-languages = What else may they ask to go on in (none, or tags with commas)?
setup-ask-office = How is the office called, as the robot says it?
setup-ask-scenario = What shall the robot do? Or a folder:
setup-ask-scenario-among = What shall the robot do ({ $scenarios })? Or a folder:
setup-ask-profile = Which models (tiny: 1 GB of memory, standard: 4 GB, large)?
setup-ask-line = What is the line: register (an account at a gateway or PBX), peer (SIP without an account), handset (USB), or keep?
setup-ask-registrar = Where does it register (sip:host)?
setup-ask-user = As which account?
setup-ask-password = With which password? It is not shown, and goes where root alone reads it:
setup-ask-peers = Who may call (addresses or networks with commas; all: whoever reaches it)?
setup-ask-device = Which sound device?
setup-ask-device-among = Which sound device ({ $devices })?
setup-ask-person = Whom are calls handed to, as the robot calls them?
setup-ask-address = Where are they reached (sip:100@pbx.office; none: callers leave messages)?
setup-ask-replace = Replace { $file }, which says otherwise?
setup-ask-write = Write { $file }?
setup-ask-fetch = Fetch the models that it needs?
setup-ask-start = Start the robot? If it runs, calls that are on may end first.
setup-ask-test-call = Wait for a test call, and show what happens in it?
setup-yes-or-no = { $question } ({ $yes }, { $no })
setup-say-yes-or-no = Say yes or no.
setup-say-something = Somebody has to say that.
setup-wrong = { $why }
setup-wrong-line = say register, peer, handset or keep
setup-wrong-nothing = say something
setup-missing = nobody can guess this: { $key }: { $why }
setup-nobody-answers = nobody answers any more; what was not written yet is not written
setup-answers-too-large = { $path } is larger than { $kilobytes } kB
setup-answers-wrong = { $path }: { $wrong }
setup-says-otherwise = { $path } says otherwise; --replace replaces it
setup-no-json = a person is asked in words; give --answers with --json
setup-nothing-to-write = nothing had to be written
setup-models-need = the models of the profile { $profile } take { $disk } MB on the disk, and { $memory } MB of memory at most
setup-models-need-unmeasured = the models of the profile { $profile } take { $disk } MB on the disk, and memory that was not measured
setup-board-has = ; this board has { $megabytes } MB
setup-how-to-start = `systemctl enable --now switchhook` starts it
setup-not-fetched = the models could not be fetched; what is there already is kept, and `switchhook-models fetch` goes on with it
setup-not-started = the robot could not be started; `journalctl -x -u switchhook` says why
setup-lift = lift the handset: `switchhookctl line off-hook { $line }`
setup-dial = call { $address }, or the number by which your gateway reaches its account
setup-line-is = line { $id } is { $status }: { $reason }
terminal-unknown = the terminal does not say how it is
terminal-shows-what-is-typed = the terminal cannot be kept from showing what is typed

## scenario

scenario-is-there = { $dir } is there already; choose another name
scenario-begun = { $name } is begun in { $dir }. Next: switchhookctl scenario test { $dir }, or scenario chat { $dir }
scenario-sound = { $name } in { $language } is sound: { $passages } passages, version { $version }
scenario-ok = ok
scenario-wrong = WRONG
scenario-failed = { $failed } of { $played } conversations went otherwise than they are written
scenario-passed = { $played } conversations went as they are written
scenario-no-conversations = { $dir } has no conversations; write some in tests/*.yaml
scenario-no-languages = { $dir } has no languages
scenario-not-in-language = { $dir } is not written in { $language }
scenario-no-daemon = `{ $program }` cannot be run; it is a part of the package switchhook
scenario-touched = { $touched } of { $all }
scenario-times = { $name } ({ $times } times)
scenario-same = they are the same
scenario-goes-right = goes right now
scenario-goes-wrong = goes wrong now
scenario-untried = { $dir } has no conversations in tests/; write some, or say --untested
scenario-tried-in-vain = { $failed } of { $played } conversations went otherwise than they are written; see `switchhookctl scenario test { $dir }`, or say --untested
scenario-without-name = { $dir } has no name that a scenario can have; activate a folder with one
scenario-now-followed = { $name } is now version { $version }: calls from now on follow it
scenario-now-begun = { $name } is now version { $version }: the robot reads it; `switchhookctl job wait { $number }` waits for it
scenario-now-beside = { $name } is now version { $version }: the robot follows `{ $other }`; write scenario = { $link } under [calls] in switchhook.toml, and reload it
scenario-now-untold = { $name } is now version { $version }: the robot was not told ({ $why }); it takes it when it starts, if [calls] scenario is { $link }
scenario-nothing-activated = nothing was activated yet; `switchhookctl scenario activate DIR` does
scenario-never-activated = { $name } was never activated
scenario-never-activated-diff = { $name } was never activated; name two folders
scenario-no-other-version = { $name } has no other version; `switchhookctl scenario list` shows what there is
scenario-active = active
scenario-show-active = { $name } { $version }, active
scenario-show-language = { $language }: { $passages } passages, { $flows } flows
shelf-no-file = { $path } is no file; a version holds files alone, so copy there what it leads to
shelf-too-large = { $dir } is too large for a scenario: at most { $files } files and 64 MiB
shelf-other-folder = { $path } is a folder that was not activated here; move it away, and activate it from there
shelf-no-version = { $name } has no version { $begins }; `switchhookctl scenario list` shows those there are
shelf-several-versions = { $name } has several versions that begin with { $begins }; write more of it
shelf-changed = { $path } was changed since it was activated; delete it, and activate it again
shelf-cannot-make = { $path } cannot be made; run this as root
shelf-cannot-write-to = { $path } cannot be written to
shelf-cannot-name = { $path } cannot be named { $name }
shelf-cannot-switch = { $path } cannot be switched
shelf-cannot-delete = { $path } cannot be deleted
chat-begin = Type what the caller says; /0 presses a key, an empty line is silence, end of input puts down the phone.
chat-keys = / is followed by keys of a telephone: 0-9, * and #
chat-robot = robot: { $said }
chat-does-from = ({ $understood }: { $does } from { $source })
chat-kept = (kept, not confirmed: for { $recipient }: { $text })
improve-nothing = nothing: the scenario understands what callers have said
improve-more = ... and { $more } more
improve-wanted = { $number } of { $of }: { $times } times, in { $language }
improve-answered-by = is answered by { $passage }
improve-key-new = a new passage answers it
improve-key-skip = skip it
improve-key-quit = enough
improve-ask-what = What shall become of it?
improve-ask-how = How do callers ask for it?
improve-ask-title = What is it about, in a few words?
improve-ask-answer = What shall the robot say?
improve-type-a-key = Type one of the characters at the left.
improve-digits = There are digits in it: leave out what is about this caller alone.
improve-not-written = Not written: it needs a title of its own, an answer, and a passage that is there.
improve-written = { $accepted } written. Next: switchhookctl scenario test { $dir }, then scenario activate { $dir }
improve-written-to = Written to { $path }
improve-left-as-it-was = { $path } was left as it was, because the scenario could not be read with it: { $why }
