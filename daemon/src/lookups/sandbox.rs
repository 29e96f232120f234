//! The sandbox in which a scenario's programs run: no network, no files but the system's libraries and those beside the program, no writing at all, no
//! signals to others, little memory and time.
//!
//! The daemon starts itself once more with [`SWITCH`]; that process gives up its rights ([`crate::sandbox`], decision 0017) and becomes the program.
//! Where the kernel offers no Landlock, nothing is run.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

use rustix::process::Resource;

use crate::sandbox::{Refusal, SandboxError, fence, limit};

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
    let failed = match program.parent().map(|folder| (folder, confine(folder))) {
        None => "no folder".to_owned(),
        Some((_, Err(error))) => error.to_string(),
        Some((folder, Ok(()))) => {
            Command::new(program).env_clear().env("PATH", "/usr/bin:/bin").env("LANG", "C.UTF-8").current_dir(folder).exec().to_string()
        }
    };
    eprintln!("{}: {failed}", program.display());
    ExitCode::from(u8::try_from(NO_SANDBOX).unwrap_or(1))
}

/// What the system has and what lies in `folder` may be read and executed, and nothing written.
fn confine(folder: &Path) -> Result<(), SandboxError> {
    limit(&LIMITS)?;
    let read: Vec<&Path> = SYSTEM.iter().map(Path::new).chain([folder]).collect();
    fence(&read, &[Path::new(NULL)])?;
    Refusal::of_reaching_out().enforce()
}
