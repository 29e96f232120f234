//! The rights that the worker gives up, in two steps: before it opens its models it keeps nothing but the way to their files; once they are open it keeps
//! nothing.
//!
//! The second step holds where a kernel has no Landlock, too: nothing that a caller says is read by a process that can open a file. Only the files that models are
//! made of, whose sums were checked, are read before it.

use std::fs;
use std::path::Path;

use rustix::process::{Resource, Signal, set_parent_process_death_signal};

use super::message::Begin;
use crate::sandbox::{Refusal, SandboxError, fence, limit, without_clone3};

/// The kernel looks here first for memory: the daemon and its calls outlive the worker.
const FIRST_TO_GO: &str = "500";
/// Its socket, its runtime, the standard ones, and the files of a few models at once.
const OPEN_FILES: u64 = 64;
/// What tells how many processors there are and what they can.
const MACHINE: [&str; 6] =
    ["/proc/cpuinfo", "/proc/meminfo", "/proc/self", "/sys/devices/system/cpu", "/sys/fs/cgroup", "/etc/ld.so.cache"];

/// Give up all but what opening models needs, while there is one thread. What the kernel does not offer, for a reader.
pub(super) fn confine(begin: &Begin) -> Result<Vec<String>, SandboxError> {
    // Whoever started us is all that we are there for. If they are gone already, the socket tells.
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // Where that cannot be written, the largest process goes first, and that is us.
    let _ = fs::write("/proc/self/oom_score_adj", FIRST_TO_GO);
    limit(&[(Resource::Data, begin.memory), (Resource::Nofile, OPEN_FILES), (Resource::Core, 0)])?;
    let store = begin.store.as_path();
    let read: Vec<&Path> = MACHINE.iter().map(Path::new).chain([store]).collect();
    let files = fence(&read, &[]);
    without_clone3().and_then(|()| Refusal::of_reaching_out().and_of_being_others().enforce()).map_or_else(lacking, |()| Ok(None))?;
    let lacks = [files.map_or_else(lacking, |()| Ok(None))?];
    Ok(lacks.into_iter().flatten().collect())
}

/// Give up the rest, in all threads: models are open.
pub(super) fn seal() -> Result<Vec<String>, SandboxError> {
    let sealed = Refusal::of_reaching_out().and_of_files().enforce_in_all_threads();
    Ok(sealed.map_or_else(lacking, |()| Ok(None))?.into_iter().collect())
}

/// What a kernel has not is done without; whatever else goes wrong is a fault.
fn lacking(error: SandboxError) -> Result<Option<String>, SandboxError> {
    match error {
        SandboxError::NoLandlock | SandboxError::NoFilter => Ok(Some(error.to_string())),
        fault => Err(fault),
    }
}
