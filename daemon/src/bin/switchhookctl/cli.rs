//! What can be typed: the nouns. What is typed behind one stands beside what it does.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use clap_complete::Shell;
use switchhook::config::Bus;
use switchhook::logging::Levels;

use super::again::Watching;
use super::call::CallVerb;
use super::config::ConfigVerb;
use super::doctor::Places;
use super::export::Export;
use super::job::JobVerb;
use super::line::LineVerb;
use super::messages::MessageVerb;
use super::models::ModelVerb;
use super::scenario::ScenarioVerb;
use super::setup::Setup;
use super::support::SupportBundle;

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
  call hangup --wait {call, summary{as on MQTT}}
  call transfer --wait {call, person, end: accepted|declined|unanswered|failed|called-off|caller-left|over}
  call place {call}; with --wait {call, summary{as on MQTT}}, with --watch as call watch
  call listen {call, seconds, end: over|with-a-person|left, file?}
  scenario improve, an array of {language, times, said[], near[]}
  scenario chat, one object per answer: {said, understood, does, source}
  call watch, one object per line, by its `event`:
    began    {call{as in calls}, caller?{number, name}}
    changed  {call, state?, scenario?, disclosed?, turns?}
    turn     {call, index, heard, confidence, understood, action, said, latency{endpoint_ms, words_ms, decision_ms, first_sound_ms, total_ms}}
    handed-over {call, person, end}
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
    Doctor(Places),
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
