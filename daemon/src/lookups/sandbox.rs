//! The sandbox in which a scenario's programs run: no network, no files but the system's libraries and those beside the program, no writing at all, no
//! signals to others, little memory and time.
//!
//! It needs no root and no namespaces, which the daemon's unit forbids (`RestrictNamespaces`). The daemon starts itself once more with [`SWITCH`]; that process
//! gives up its rights (resource limits, Landlock, seccomp) and becomes the program. Nothing is done between fork and exec, where only little is
//! allowed. Where the kernel offers no Landlock, nothing is run.

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus, Scope,
    path_beneath_rules,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch, apply_filter,
};

/// With this, `switchhookd` becomes the program that is named behind it, in the sandbox.
pub const SWITCH: &str = "--become-look-up";
/// How it ends if there is no sandbox, or no program.
pub const NO_SANDBOX: i32 = 125;

/// What a program may have: bytes of memory, seconds of computing, open files. It writes no file.
const LIMITS: [(Resource, u64); 5] =
    [(Resource::As, 512 << 20), (Resource::Cpu, 20), (Resource::Nofile, 64), (Resource::Fsize, 0), (Resource::Core, 0)];

/// What every program needs to begin: its interpreter and libraries.
const SYSTEM: [&str; 11] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
];
const NULL: &str = "/dev/null";

/// Give up every right that a look-up does not need, and become `program`. It returns only if that fails.
#[must_use]
pub fn become_program(program: &Path) -> ExitCode {
    let failed = confine(program).err().unwrap_or_else(|| {
        let folder = program.parent().unwrap_or(Path::new("/"));
        Command::new(program).env_clear().env("PATH", "/usr/bin:/bin").env("LANG", "C.UTF-8").current_dir(folder).exec().to_string()
    });
    eprintln!("{}: {failed}", program.display());
    ExitCode::from(u8::try_from(NO_SANDBOX).unwrap_or(1))
}

fn confine(program: &Path) -> Result<(), String> {
    for (resource, most) in LIMITS {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) }).map_err(|error| error.to_string())?;
    }
    fence(program).map_err(|error| error.to_string())?;
    let filter: BpfProgram = refused()?;
    apply_filter(&filter).map_err(|error| error.to_string())
}

/// Files: what the system has and what lies beside the program may be read and executed, and nothing written.
fn fence(program: &Path) -> Result<(), Box<dyn std::error::Error>> {
    // The newest rules that are known here; an older kernel keeps those that it has.
    let abi = ABI::V6;
    let folder = program.parent().ok_or("no folder")?;
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .add_rules(path_beneath_rules(SYSTEM, AccessFs::from_read(abi)))?
        .add_rules(path_beneath_rules([NULL], AccessFs::ReadFile | AccessFs::WriteFile))?
        .add_rules(path_beneath_rules([folder], AccessFs::from_read(abi)))?
        .restrict_self()?;
    if status.ruleset == RulesetStatus::NotEnforced || !status.no_new_privs {
        return Err(
            "this kernel offers no Landlock; it needs CONFIG_SECURITY_LANDLOCK, and `landlock` among lsm= of its command line".into()
        );
    }
    Ok(())
}

/// System calls: what reaches a network, another process, or out of the group that is killed.
fn refused() -> Result<BpfProgram, String> {
    let arch: TargetArch =
        std::env::consts::ARCH.try_into().map_err(|_| "no filter of system calls for this kind of processor".to_owned())?;
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
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = always.into_iter().map(|call| (call, Vec::new())).collect();
    // Who aborts signals itself; whose limits are asked for are one's own.
    let own = u64::from(std::process::id());
    for (call, allowed) in [(libc::SYS_tgkill, own), (libc::SYS_prlimit64, 0)] {
        let other = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, allowed).map_err(|error| error.to_string())?;
        rules.insert(call, vec![SeccompRule::new(vec![other]).map_err(|error| error.to_string())?]);
    }
    let eperm = u32::try_from(libc::EPERM).unwrap_or(1);
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, SeccompAction::Errno(eperm), arch).map_err(|error| error.to_string())?;
    filter.try_into().map_err(|error: seccompiler::BackendError| error.to_string())
}
