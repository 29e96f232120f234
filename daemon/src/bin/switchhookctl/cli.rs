//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use jiff::Timestamp;
use switchhook::config::Bus;
use switchhook::dialog::Schema;
use switchhook::logging::Levels;
use switchhook_models::Locale;

use super::export::{since, until};
use super::scenario::PLACE;
use super::setup::Setup;

const JSON: &str = "\
JSON (--json), with the same names from version to version; new ones may come:
  status   {version, device, since, ready, rung, generation, calls_at_once, models{role: name}, people[], lines[], calls[]}
  lines    [{id, kind, status, reason, address}]
  calls    [{id, line, direction: taken|placed, state, generation, scenario, started, disclosed, turns}]; call show: one of them with caller{number, name}
  messages [{number, call, at, recipient, from, callback, text, confirmed, about, promised, done}]
  reports  [{call, scenario, started, ended?, outcome?, goal_reached, goal, complaint, satisfaction?, summary, tags[], errands[{flow, result, told{slot: value}}], hand_overs[{to, end, waited_s}]}]
  looks    [{at, user, what, call?}]
  export   {done, path?, calls}; the file itself: a line for each call, {call, line, number, name, scenario, scenario_version, generation, permit, started, ended, outcome,
           disclosures[], consents[], turns[], messages[], report}
  log      {levels}
  support-bundle {done, path, bytes, files[{file, what, bytes}]}
  doctor   [{part, verdict: good|unknown|doubtful|wrong, seen, remedy?}]
  line off-hook|on-hook, call hangup|transfer, job cancel, message done   {done: true}
  models   [{model, role, languages[], state, damage, in_use, bytes, memory_bytes, licence, needs[], purpose}]
  jobs     [{job, kind, subject, begun, state, progress?, message, result}]; model fetch, job wait, scenario test without DIR, and whatever does not wait (--no-wait): one of them
  setup    {done, written[], notes[]}
  config check {done, files[], notes[]}   reload {done, generation, changed[]}   show {config{as in the file}, origin?{as config, but FILE:LINE or default}}
  scenario new {done, scenario, dir}   check, one object per language: {scenario, language, passages, version}
  scenario test, one object per line: {file, title, language, faults[{line, what}]}, {done, conversations}
  scenario coverage, one object per line: {language, of, touched, all, untouched[]}, {done, conversations}
  scenario test --voice, one object per line: {file, title, language, speaker, faults[{line, what}], turns[{said, heard[]}]}, {done, conversations}
  scenario activate|rollback {done, scenario, version, path, robot: follows|another|told|not-told}   diff {before, after, files{name: diff}, tests[{title, language, before, after}]}
  scenario list [{scenario, version, activated, active, path}]   show {scenario, version, active, activated, path, goal, languages[]}
  call place {call}; with --wait {call, summary{as on MQTT}}, with --watch as call watch
  call listen {call, seconds, end: over|with-a-person|left, file?}
  scenario improve, an array of {language, times, said[], near[]}
  scenario chat, one object per answer: {said, understood, does, source}
  call watch, one object per line, by its `event`:
    began    {call{as in calls}, caller?{number, name}}
    changed  {call, state?, scenario?, disclosed?, turns?}
    turn     {call, index, heard, confidence, understood, action, said, latency{endpoint_ms, words_ms, decision_ms, first_sound_ms, total_ms}}
    ended    {call, summary{as on MQTT}}
  with --watch, the same again on a line of its own each time that it changes

Exit status: 0 done, 1 not done, 2 not understood.";

/// Ask and direct the phone robot on this machine.
#[derive(Parser)]
#[command(name = "switchhookctl", version, after_long_help = JSON, max_term_width = 100)]
pub struct Cli {
    /// Write JSON for programs.
    #[arg(long, global = true)]
    pub json: bool,
    /// `system`, `session`, or a bus address.
    #[arg(long, global = true, env = "SWITCHHOOK_BUS", default_value = "system", value_parser = bus, value_name = "BUS")]
    pub bus: Bus,
    #[command(subcommand)]
    pub noun: Noun,
}

#[derive(Subcommand)]
pub enum Noun {
    /// How the robot is.
    Status {
        /// Wait until a call that comes would be answered.
        #[arg(long)]
        wait: bool,
        #[command(flatten)]
        watching: Watching,
    },
    /// The robot on a full screen, as it lives: lines, calls with what is said in them, where the time of answers goes, load and heat.
    Monitor,
    /// All lines.
    Lines {
        #[command(flatten)]
        watching: Watching,
    },
    /// Direct one line.
    Line {
        #[command(subcommand)]
        verb: LineVerb,
    },
    /// All calls that are not over.
    Calls {
        #[command(flatten)]
        watching: Watching,
    },
    /// Follow or direct one call. ID is a call's name, or its beginning or end if no other call has the same.
    Call {
        #[command(subcommand)]
        verb: CallVerb,
    },
    /// The models of the catalog: what they do, whether they are installed, and whether the robot uses them.
    Models {
        #[command(flatten)]
        watching: Watching,
    },
    /// Fetch a model.
    Model {
        #[command(subcommand)]
        verb: ModelVerb,
    },
    /// Long work that the robot does or did of late for somebody.
    Jobs {
        #[command(flatten)]
        watching: Watching,
    },
    /// Wait for one job, or end it.
    Job {
        #[command(subcommand)]
        verb: JobVerb,
    },
    /// The messages that callers left, newest first.
    Messages {
        /// No more than so many.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
        #[command(flatten)]
        watching: Watching,
    },
    /// Say what became of one message.
    Message {
        #[command(subcommand)]
        verb: MessageVerb,
    },
    /// What became of the last calls, newest first: whether each reached its goal, what was told, and what went badly.
    Reports {
        /// No more than so many.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
        #[command(flatten)]
        watching: Watching,
    },
    /// Who looked at callers' data, newest first: every look is on record.
    Looks {
        /// No more than so many.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
    },
    /// Write everything on record of calls into a file, a line of JSON for each call: for somebody who asks what is known of them, for an authority, or for another
    /// system. It is put on record who had it.
    Export(Export),
    /// Show what the robot logs, or change it until it is started next. Callers' words and numbers are logged at no level.
    Log {
        /// A level (error, warn, info, debug or trace), and single rooms otherwise: `info,lines::sip=debug`.
        #[arg(value_name = "LEVELS")]
        levels: Option<Levels>,
    },
    /// Say what is wrong with this robot, and what to do: its configuration, models, secrets, disk, heat, clock, service, lines and broker.
    Doctor {
        #[command(flatten)]
        file: ConfigFile,
        /// The folder of secrets that systemd hands over.
        #[arg(long, value_name = "DIR", default_value = "/etc/switchhook/credentials")]
        credentials: PathBuf,
    },
    /// Gather what somebody who helps from afar has to see into one file: configuration, findings, state and journal, without callers' data, names of people,
    /// telephone numbers and secrets.
    SupportBundle(SupportBundle),
    /// Ask what a first configuration needs, check and write it, fetch its models, start the robot, and wait for a test call.
    Setup(Setup),
    /// Check and show the configuration; no robot needs to run.
    Config {
        #[command(subcommand)]
        verb: ConfigVerb,
    },
    /// Begin, check, try and talk to scenarios in a folder; no robot needs to run.
    Scenario {
        #[command(subcommand)]
        verb: ScenarioVerb,
    },
    /// Write completions for a shell to standard output.
    Completions { shell: Shell },
    /// Write manual pages into a folder.
    #[command(hide = true)]
    Man { dir: PathBuf },
}

#[derive(Subcommand)]
pub enum LineVerb {
    /// Lift the handset: a call begins.
    OffHook { id: String },
    /// Put the handset back: the call ends.
    OnHook { id: String },
}

#[derive(Subcommand)]
pub enum CallVerb {
    /// Show one call, and who calls.
    Show { id: String },
    /// Show what happens as it happens, in one call until it ends, or in all: who calls, and what is said.
    Watch {
        id: Option<String>,
        /// Without who calls and what is said, for those who may not see it.
        #[arg(long)]
        no_words: bool,
    },
    /// Listen to a call while it is on: what the caller says, as far as the robot listens, and what they hear. It is put on record who listens.
    Listen {
        /// It need not be named if it is the only one.
        id: Option<String>,
        /// Write a WAV file (stereo, the caller left and the robot right), or standard output for `-`.
        #[arg(long, value_name = "FILE", conflicts_with = "device")]
        to: Option<PathBuf>,
        /// Play it on this ALSA device; `aplay -L` lists their names.
        #[arg(long, value_name = "NAME", default_value = "default")]
        device: String,
    },
    /// Have the robot call somebody: one of the office's people by the name that the configuration gives them, or a number that `may_call` in [calls] lists.
    Place {
        /// A name, or a number.
        #[arg(value_name = "PERSON|NUMBER")]
        whom: String,
        /// On this line; it need not be named if one alone places calls.
        #[arg(long, value_name = "ID")]
        line: Option<String>,
        /// Wait until the call is over, and say how it ended; status 1 if nobody took it.
        #[arg(long)]
        wait: bool,
        /// The same, and show what happens as `call watch` does.
        #[arg(long)]
        watch: bool,
    },
    /// End a call politely: the robot says goodbye and hangs up.
    Hangup { id: String },
    /// Pass a call to a person, by the name that the configuration gives them.
    Transfer { id: String, person: String },
}

#[derive(Subcommand)]
pub enum MessageVerb {
    /// It is done: nobody needs to do it any more.
    Done {
        /// As `switchhookctl messages` numbers it.
        number: i64,
        /// It is not done after all.
        #[arg(long)]
        undo: bool,
    },
}

#[derive(Subcommand)]
pub enum ModelVerb {
    /// Fetch it and what it needs, check it and install it. The robot uses it from when its configuration names it and is read anew.
    Fetch {
        /// As `switchhookctl models` names it.
        name: String,
        #[command(flatten)]
        waiting: Waiting,
    },
}

#[derive(Subcommand)]
pub enum JobVerb {
    /// Show how far it is, until it is over.
    Wait { number: u32 },
    /// Ask it to stop, which it does at its next safe point.
    Cancel { number: u32 },
}

/// Whether to go on showing.
#[derive(Args, Clone, Copy)]
pub struct Watching {
    /// Show it again each time that it changes.
    #[arg(long)]
    pub watch: bool,
}

/// Of which calls, and where to.
#[derive(Args)]
pub struct Export {
    /// The file to write, which its owner alone may read; without it, one in this folder that is named after the hour; `-` is standard output.
    #[arg(value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// Of the calls with this number alone, with its country's and area's number as the network tells it; spaces do not matter.
    #[arg(long)]
    pub number: Option<String>,
    /// Of those that began on this day, or at this time, or later.
    #[arg(long, value_name = "DAY|TIME", value_parser = since)]
    pub since: Option<Timestamp>,
    /// Of those that began until the end of this day, or before this time.
    #[arg(long, value_name = "DAY|TIME", value_parser = until)]
    pub until: Option<Timestamp>,
}

/// What to gather, and where to.
#[derive(Args)]
pub struct SupportBundle {
    /// The archive to write; without it, one in this folder that is named after the hour.
    #[arg(value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// The journal of so many days.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=90))]
    pub days: u32,
    #[command(flatten)]
    pub file: ConfigFile,
    /// The folder of secrets, which are not read: only whether they are there, and for whom.
    #[arg(long, value_name = "DIR", default_value = "/etc/switchhook/credentials")]
    pub credentials: PathBuf,
}

/// Whether to wait for a job.
#[derive(Args)]
pub struct Waiting {
    /// Wait until it is done, which is what is done if nothing is said.
    #[arg(long, overrides_with = "no_wait")]
    pub wait: bool,
    /// Begin it, and do not wait; `switchhookctl jobs` shows how far it is.
    #[arg(long, overrides_with = "wait")]
    pub no_wait: bool,
}

#[derive(Subcommand)]
pub enum ConfigVerb {
    /// Read the configuration and its scenario, and say what is wrong, in which file and line, and how to mend it. What may not be meant is noted.
    Check {
        #[command(flatten)]
        file: ConfigFile,
    },
    /// Have the robot read its configuration and scenario anew, for calls from now on; calls that are on go on with theirs. Says what changed, or what is wrong
    /// and where: then nothing changes. What can be had only by a restart is refused, with all the rest.
    Reload {
        #[command(flatten)]
        waiting: Waiting,
    },
    /// Show the whole configuration as it is in force, with what is meant where nothing is written. It could stand in a file as it is shown.
    Show {
        #[command(flatten)]
        file: ConfigFile,
        /// Tell behind each value in which file and line it was written, or `default`.
        #[arg(long)]
        origin: bool,
    },
}

/// Which configuration.
#[derive(Args)]
pub struct ConfigFile {
    /// The configuration; the files in conf.d/ beside it are part of it.
    #[arg(long, default_value = "/etc/switchhook/switchhook.toml", value_name = "FILE")]
    pub config: PathBuf,
}

#[derive(Subcommand)]
pub enum ScenarioVerb {
    /// Begin a scenario in a new folder: every file, as small as it can be.
    New {
        dir: PathBuf,
        /// The languages that it is written in.
        #[arg(long, value_delimiter = ',', default_value = "en", value_parser = locale, value_name = "TAG")]
        language: Vec<Locale>,
    },
    /// Read a scenario in each of its languages, and say what is wrong, where, and how to mend it.
    Check { dir: PathBuf },
    /// Play the conversations in its tests/*.yaml, by text.
    Test {
        /// Without it, the robot plays those of the scenario that it follows.
        dir: Option<PathBuf>,
        /// Say them aloud: through our voices, a telephone line and the recogniser. Needs the models, and seconds for each conversation.
        #[arg(long, requires = "dir")]
        voice: bool,
        #[command(flatten)]
        waiting: Waiting,
        /// In these languages alone.
        #[arg(long, requires = "dir", value_delimiter = ',', value_parser = locale, value_name = "TAG")]
        language: Vec<Locale>,
    },
    /// Say what of a scenario no conversation in its tests/*.yaml touches: knowledge, flows and their steps, rules, intents, keys.
    Coverage {
        dir: PathBuf,
        /// In these languages alone.
        #[arg(long, value_delimiter = ',', value_parser = locale, value_name = "TAG")]
        language: Vec<Locale>,
    },
    /// Show what callers wanted in vain, grouped by meaning: candidates for the knowledge in DIR. The robot is asked; nothing changes without --accept.
    Improve {
        dir: PathBuf,
        /// In so many days until now.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=366))]
        days: u32,
        /// In these languages alone.
        #[arg(long, value_delimiter = ',', value_parser = locale, value_name = "TAG")]
        language: Vec<Locale>,
        /// Ask for each of them what to write, and write it into the scenario's knowledge.
        #[arg(long, conflicts_with = "json")]
        accept: bool,
    },
    /// Talk to the robot in the terminal, by text.
    Chat {
        dir: PathBuf,
        /// In this language instead of the scenario's first.
        #[arg(long, value_parser = locale, value_name = "TAG")]
        language: Option<Locale>,
    },
    /// Check and try a scenario, keep a copy of it as a version, and let the robot follow it from the next call on; calls that are on go on with theirs.
    Activate {
        dir: PathBuf,
        /// Even if its conversations go otherwise than they are written, or it has none.
        #[arg(long)]
        untested: bool,
        /// So many versions are kept.
        #[arg(long, default_value_t = 10, value_name = "N")]
        keep: usize,
        #[command(flatten)]
        waiting: Waiting,
        #[command(flatten)]
        shelf: ShelfPlace,
    },
    /// Let the robot follow an earlier version again: the one before, or that which is named.
    Rollback {
        /// The scenario's name.
        name: String,
        /// A version, or its beginning.
        #[arg(long, value_name = "VERSION")]
        to: Option<String>,
        #[command(flatten)]
        waiting: Waiting,
        #[command(flatten)]
        shelf: ShelfPlace,
    },
    /// Show what changed, line by line, and which conversations go otherwise for it. A and B are folders, or NAME@VERSION.
    Diff {
        /// What is compared; without B, with the active version of its name.
        #[arg(value_name = "A")]
        first: String,
        #[arg(value_name = "B")]
        second: Option<String>,
        #[command(flatten)]
        shelf: ShelfPlace,
    },
    /// Show the versions that were activated, the last one first.
    List {
        /// Of this scenario alone.
        name: Option<String>,
        #[command(flatten)]
        shelf: ShelfPlace,
    },
    /// Show what a version is for, where it lies, and how records name it.
    Show {
        /// The scenario's name.
        name: String,
        /// A version, or its beginning; without it, the active one.
        version: Option<String>,
        #[command(flatten)]
        shelf: ShelfPlace,
    },
    /// Write the JSON Schema of a kind of file, for editors: `scenario`, `lang` or `tests`.
    Schema { schema: Schema },
}

/// Where versions are kept.
#[derive(Args)]
pub struct ShelfPlace {
    /// Where versions are kept.
    #[arg(long = "shelf", default_value = PLACE, value_name = "DIR")]
    pub place: PathBuf,
}

fn locale(tag: &str) -> Result<Locale, String> {
    tag.parse().map_err(|error: switchhook_models::Error| error.to_string())
}

fn bus(text: &str) -> Result<Bus, String> {
    match text {
        "system" => Ok(Bus::System),
        "session" => Ok(Bus::Session),
        address if address.contains(':') => Ok(Bus::Address(address.to_owned())),
        _ => Err("write `system`, `session` or an address such as unix:path=/run/bus".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_bus_is_a_word_or_an_address() {
        assert_eq!(bus("unix:path=/run/bus"), Ok(Bus::Address("unix:path=/run/bus".into())));
        assert!(bus("sytsem").is_err());
    }
}
