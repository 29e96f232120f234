//! What a process may ask of the kernel, by seccomp: some system calls are refused from a moment on.
//!
//! They are named, and libseccomp knows their numbers on each processor, so that a 32-bit board has the same filter (decision 0032). A name that a processor's kernel
//! does not have (`open` on arm64) is left out by it; a call by the numbers of another kind of processor (of i386 or x32 on a PC) kills who made it.

use libseccomp::{ScmpAction, ScmpArgCompare, ScmpCompareOp, ScmpFilterContext, ScmpSyscall, get_api};

use super::SandboxError;

/// To a network, to another process, or out of the group that is killed.
const REACHING_OUT: [&str; 28] = [
    "socket",
    "socketpair",
    "connect",
    "io_uring_setup",
    "setsid",
    "setpgid",
    "kill",
    "tkill",
    "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
    "pidfd_open",
    "pidfd_getfd",
    "pidfd_send_signal",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "unshare",
    "setns",
    "mount",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "add_key",
    "request_key",
    "keyctl",
    "shmget",
    "semget",
    "msgget",
];

/// To become another program, to be two processes, and to be called on or handed open files by another.
const BEING_OTHERS: [&str; 12] =
    ["execve", "execveat", "fork", "vfork", "bind", "listen", "accept", "accept4", "sendmsg", "sendmmsg", "recvmsg", "recvmmsg"];

/// To open any file at all.
const FILES: [&str; 5] = ["openat", "openat2", "open_by_handle_at", "open", "creat"];

/// System calls that are refused from some moment on, with EPERM.
pub struct Refusal(Vec<Refused>);

/// A system call, and for which value of an argument of its own it is refused, if not for all.
struct Refused(&'static str, Option<ScmpArgCompare>);

impl Refusal {
    /// What reaches a network, another process, or out of the group that is killed.
    #[must_use]
    pub fn of_reaching_out() -> Self {
        // Who aborts signals itself; whose limits are asked for are one's own.
        let own = u64::from(std::process::id());
        Self(Vec::new()).and(&REACHING_OUT).and_where("tgkill", 0, ScmpCompareOp::NotEqual, own).and_where(
            "prlimit64",
            0,
            ScmpCompareOp::NotEqual,
            0,
        )
    }

    /// What makes others of this process, or lets others in.
    #[must_use]
    pub fn and_of_being_others(self) -> Self {
        // A thread is one's own.
        let thread = u64::from(libc::CLONE_THREAD.unsigned_abs());
        self.and(&BEING_OTHERS).and_where("clone", 0, ScmpCompareOp::MaskedEqual(thread), 0)
    }

    /// To open any file at all.
    #[must_use]
    pub fn and_of_files(self) -> Self {
        self.and(&FILES)
    }

    /// From now on, in this thread and those that it starts.
    ///
    /// # Errors
    /// [`SandboxError::NoFilter`] where the kernel has none.
    pub fn enforce(self) -> Result<(), SandboxError> {
        load(&self.filter(libc::EPERM)?)
    }

    /// From now on, in all threads of this process.
    ///
    /// # Errors
    /// As [`Refusal::enforce`].
    pub fn enforce_in_all_threads(self) -> Result<(), SandboxError> {
        offered()?;
        load(self.filter(libc::EPERM)?.set_ctl_tsync(true)?)
    }

    /// These as well.
    fn and(mut self, calls: &[&'static str]) -> Self {
        self.0.extend(calls.iter().map(|&call| Refused(call, None)));
        self
    }

    /// This one as well, where its argument in that place compares so.
    fn and_where(mut self, call: &'static str, argument: u32, compares: ScmpCompareOp, to: u64) -> Self {
        self.0.push(Refused(call, Some(ScmpArgCompare::new(argument, compares, to))));
        self
    }

    fn filter(self, errno: i32) -> Result<ScmpFilterContext, SandboxError> {
        let mut filter = ScmpFilterContext::new(ScmpAction::Allow)?;
        self.rules(&mut filter, errno)?;
        Ok(filter)
    }

    fn rules(self, filter: &mut ScmpFilterContext, errno: i32) -> Result<(), SandboxError> {
        for Refused(name, condition) in self.0 {
            let call = ScmpSyscall::from_name(name)?;
            filter.add_rule_conditional(ScmpAction::Errno(errno), call, condition.as_slice())?;
        }
        Ok(())
    }
}

/// Have the C library start threads by the call whose flags a filter can read: `clone3` is as if this kernel did not know it.
///
/// # Errors
/// As [`Refusal::enforce`].
pub fn without_clone3() -> Result<(), SandboxError> {
    load(&Refusal(Vec::new()).and(&["clone3"]).filter(libc::ENOSYS)?)
}

fn load(filter: &ScmpFilterContext) -> Result<(), SandboxError> {
    offered()?;
    Ok(filter.load()?)
}

/// Whether this kernel has filters, and sets them in all threads at once (Linux 3.17, which libseccomp calls its second level).
fn offered() -> Result<(), SandboxError> {
    if get_api() < 2 { Err(SandboxError::NoFilter) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
