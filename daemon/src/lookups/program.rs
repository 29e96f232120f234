//! A program that comes with a scenario: what is known goes to its standard input as one JSON object, and what it finds comes from its standard output. It
//! runs in a sandbox ([`sandbox`](super::sandbox)) and is killed with everything that it started when its time is over.

use std::path::Path;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use super::LookUpError;
use super::sandbox::SWITCH;
use super::table::answer;
use crate::lookups::query::{Found, Query};

/// No answer is longer.
const LONGEST_ANSWER: u64 = 64 << 10;

/// Kills the processes of a group, unless they are gone.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // Who is gone already needs not be killed.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// Run it, and read its answer. It ends when this is dropped.
pub(super) async fn run(launcher: &Path, program: &Path, query: &Query) -> Result<Found, LookUpError> {
    let wrong = |what: String| LookUpError::Program(program.to_owned(), what);
    let program = std::path::absolute(program).map_err(LookUpError::file(program))?;
    let mut child = Command::new(launcher)
        .arg(SWITCH)
        .arg(&program)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| wrong(format!("cannot be started: {error}")))?;
    let _group = Group(child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw));
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(wrong("has no pipes".into()));
    };
    let question = serde_json::to_vec(&query.inputs).map_err(|error| wrong(error.to_string()))?;
    let tell = async move {
        // Who does not read its question may answer all the same.
        let _ = to.write_all(&question).await;
    };
    let mut said = Vec::new();
    let listen = async {
        let read = from.take(LONGEST_ANSWER + 1).read_to_end(&mut said).await;
        read.map_err(|error| wrong(format!("cannot be listened to: {error}")))
    };
    let ((), read) = tokio::join!(tell, listen);
    if read? as u64 > LONGEST_ANSWER {
        return Err(wrong(format!("answers more than {LONGEST_ANSWER} bytes")));
    }
    let ended = child.wait().await.map_err(|error| wrong(error.to_string()))?;
    match ended.code() {
        Some(0) => answer(&said),
        Some(super::sandbox::NO_SANDBOX) => {
            Err(LookUpError::sandbox("the kernel offers no Landlock or no filter of system calls, or the program is not executable"))
        }
        Some(code) => Err(wrong(format!("ended with {code}"))),
        None => Err(wrong(format!("was ended: {ended}"))),
    }
}
