//! Rights that a process gives up for good: files, the network, system calls, memory. What it has given up, nothing that runs in it gets back.
//!
//! It needs no root and no namespaces, which the daemon's unit forbids (`RestrictNamespaces`): resource limits, Landlock and seccomp only take rights away,
//! so anybody may (decision 0017). A program of a scenario's ([`crate::lookups`]) and the speech worker (`crate::speech`) live in such a process. The process gives up its
//! rights itself, after it was started, while it has one thread: nothing is done between fork and exec, where only little is allowed.

use std::collections::BTreeMap;
use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus, Scope,
    path_beneath_rules,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch, apply_filter,
    apply_filter_all_threads,
};

/// Why a right was not given up.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The kernel has no Landlock.
    #[error("this kernel offers no Landlock; it needs CONFIG_SECURITY_LANDLOCK, and `landlock` among lsm= of its command line")]
    NoLandlock,
    /// Landlock refused the rules.
    #[error(transparent)]
    Landlock(#[from] landlock::RulesetError),
    /// There is no filter of system calls for such a processor.
    #[error("there is no filter of system calls for this kind of processor")]
    NoFilter,
    /// The filter could not be made.
    #[error(transparent)]
    Filter(#[from] seccompiler::BackendError),
    /// The filter was refused.
    #[error(transparent)]
    Refused(#[from] seccompiler::Error),
    /// A limit was refused.
    #[error("a limit was refused: {0}")]
    Limit(#[from] rustix::io::Errno),
}

/// Have no more than this of each from now on.
///
/// # Errors
/// If there is less already, and more is asked for.
pub fn limit(limits: &[(Resource, u64)]) -> Result<(), SandboxError> {
    for &(resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

/// Read what lies at or below these `read`, write into these `write` as well, and open no other file; reach no port of TCP, no abstract socket and no process outside.
/// What is not there is left out. Holds for this thread and those that it starts.
///
/// # Errors
/// [`SandboxError::NoLandlock`] if nothing of it is enforced.
pub fn fence(read: &[&Path], write: &[&Path]) -> Result<(), SandboxError> {
    // The newest rules that are known here; an older kernel keeps those that it has.
    let abi = ABI::V6;
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .add_rules(path_beneath_rules(read, AccessFs::from_read(abi)))?
        .add_rules(path_beneath_rules(write, AccessFs::ReadFile | AccessFs::WriteFile))?
        .restrict_self()?;
    if status.ruleset == RulesetStatus::NotEnforced || !status.no_new_privs {
        return Err(SandboxError::NoLandlock);
    }
    Ok(())
}

/// System calls that are refused from some moment on, with EPERM.
pub struct Refusal(BTreeMap<i64, Vec<SeccompRule>>);

impl Refusal {
    /// What reaches a network, another process, or out of the group that is killed.
    ///
    /// # Errors
    /// If the filter cannot be made.
    pub fn of_reaching_out() -> Result<Self, SandboxError> {
        let always = [
            libc::SYS_socket,
            libc::SYS_socketpair,
            libc::SYS_connect,
            libc::SYS_io_uring_setup,
            libc::SYS_setsid,
            libc::SYS_setpgid,
            libc::SYS_kill,
            libc::SYS_tkill,
            libc::SYS_rt_sigqueueinfo,
            libc::SYS_rt_tgsigqueueinfo,
            libc::SYS_pidfd_open,
            libc::SYS_pidfd_getfd,
            libc::SYS_pidfd_send_signal,
            libc::SYS_ptrace,
            libc::SYS_process_vm_readv,
            libc::SYS_process_vm_writev,
            libc::SYS_unshare,
            libc::SYS_setns,
            libc::SYS_mount,
            libc::SYS_bpf,
            libc::SYS_perf_event_open,
            libc::SYS_userfaultfd,
            libc::SYS_add_key,
            libc::SYS_request_key,
            libc::SYS_keyctl,
            libc::SYS_shmget,
            libc::SYS_semget,
            libc::SYS_msgget,
        ];
        // Who aborts signals itself; whose limits are asked for are one's own.
        let own = u64::from(std::process::id());
        Self(BTreeMap::new()).and(&always).and_where(libc::SYS_tgkill, 0, SeccompCmpOp::Ne, own)?.and_where(
            libc::SYS_prlimit64,
            0,
            SeccompCmpOp::Ne,
            0,
        )
    }

    /// These as well.
    #[must_use]
    pub fn and(mut self, calls: &[i64]) -> Self {
        self.0.extend(calls.iter().map(|&call| (call, Vec::new())));
        self
    }

    /// This one as well, where its argument in that place compares so.
    fn and_where(mut self, call: i64, argument: u8, compares: SeccompCmpOp, to: u64) -> Result<Self, SandboxError> {
        let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, compares, to)?;
        self.0.entry(call).or_default().push(SeccompRule::new(vec![condition])?);
        Ok(self)
    }

    /// To become another program, to be two processes, and to be called on or handed open files by another.
    ///
    /// # Errors
    /// If the filter cannot be made.
    pub fn and_of_being_others(self) -> Result<Self, SandboxError> {
        let others = [
            libc::SYS_execve,
            libc::SYS_execveat,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_fork,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_vfork,
            libc::SYS_bind,
            libc::SYS_listen,
            libc::SYS_accept,
            libc::SYS_accept4,
            libc::SYS_sendmsg,
            libc::SYS_sendmmsg,
            libc::SYS_recvmsg,
            libc::SYS_recvmmsg,
        ];
        // A thread is one's own.
        let thread = libc::CLONE_THREAD as u64;
        self.and(&others).and_where(libc::SYS_clone, 0, SeccompCmpOp::MaskedEq(thread), 0)
    }

    /// To open any file at all.
    #[must_use]
    pub fn and_of_files(self) -> Self {
        self.and(&[
            libc::SYS_openat,
            libc::SYS_openat2,
            libc::SYS_open_by_handle_at,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_open,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_creat,
        ])
    }

    /// From now on, in this thread and those that it starts.
    ///
    /// # Errors
    /// [`SandboxError::NoFilter`] on processors for which there is none.
    pub fn enforce(self) -> Result<(), SandboxError> {
        Ok(apply_filter(&self.filter(libc::EPERM)?)?)
    }

    /// From now on, in all threads of this process.
    ///
    /// # Errors
    /// As [`Refusal::enforce`].
    pub fn enforce_in_all_threads(self) -> Result<(), SandboxError> {
        Ok(apply_filter_all_threads(&self.filter(libc::EPERM)?)?)
    }

    fn filter(self, errno: i32) -> Result<BpfProgram, SandboxError> {
        let arch: TargetArch = std::env::consts::ARCH.try_into().map_err(|_| SandboxError::NoFilter)?;
        let refused = SeccompAction::Errno(u32::try_from(errno).unwrap_or(1));
        Ok(SeccompFilter::new(self.0, SeccompAction::Allow, refused, arch)?.try_into()?)
    }
}

/// Have the C library start threads by the call whose flags a filter can read: `clone3` is as if this kernel did not know it.
///
/// # Errors
/// As [`Refusal::enforce`].
pub fn without_clone3() -> Result<(), SandboxError> {
    let unknown = Refusal(BTreeMap::new()).and(&[libc::SYS_clone3]).filter(libc::ENOSYS)?;
    Ok(apply_filter(&unknown)?)
}
