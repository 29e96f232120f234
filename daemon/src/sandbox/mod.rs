//! Rights that a process gives up for good: memory ([`limit`]), files and the network ([`fence`]), system calls ([`Refusal`]). What it has given up, nothing that runs in it gets back.
//!
//! It needs no root and no namespaces, which the daemon's unit forbids (`RestrictNamespaces`): resource limits, Landlock and seccomp only take rights away,
//! so anybody may (decision 0017). A program of a scenario's ([`crate::lookups`]) and the speech worker (`crate::speech`) live in such a process. The process gives up its
//! rights itself, after it was started, while it has one thread: nothing is done between fork and exec, where only little is allowed.

mod fence;
mod refusal;

use rustix::process::{Resource, Rlimit, setrlimit};

pub use fence::fence;
pub use refusal::{Refusal, without_clone3};

/// Why a right was not given up.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The kernel has no Landlock.
    #[error("this kernel offers no Landlock; it needs CONFIG_SECURITY_LANDLOCK, and `landlock` among lsm= of its command line")]
    NoLandlock,
    /// Landlock refused the rules.
    #[error(transparent)]
    Landlock(#[from] landlock::RulesetError),
    /// The kernel has no filters of system calls.
    #[error("this kernel offers no filter of system calls; it needs CONFIG_SECCOMP_FILTER")]
    NoFilter,
    /// The filter could not be made, or was refused.
    #[error("no filter of system calls: {0}")]
    Filter(#[from] libseccomp::error::SeccompError),
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
