//! Whose the store is.
//!
//! Root who installs a model into the robot's store would leave files behind that the robot can neither replace nor delete. So what changes a store is done by the
//! user to whom its folder belongs: this program starts itself once more as that user, and does what it does.

use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use switchhook_models::catalog::Store;
use switchhook_models::{Error, Result};

/// The superuser.
const ROOT: u32 = 0;

/// If somebody else than root, who runs this, owns the store: have them do the same, and say how it went.
pub fn does_it(store: &Store) -> Result<Option<ExitCode>> {
    let of_ours = "/proc/self";
    let ours = std::fs::metadata(of_ours).map_err(Error::io(of_ours))?.uid();
    // A store that is not there yet becomes root's own.
    let Ok(folder) = std::fs::metadata(store.dir()) else { return Ok(None) };
    if ours != ROOT || folder.uid() == ROOT {
        return Ok(None);
    }
    // Package clients keep files in their user's home, which is not root's.
    let home = tempfile::tempdir().map_err(Error::io(std::env::temp_dir()))?;
    std::os::unix::fs::chown(home.path(), Some(folder.uid()), Some(folder.gid())).map_err(Error::io(home.path()))?;
    let program = std::env::current_exe().map_err(Error::io(of_ours))?;
    let mut again = Command::new(program);
    again.args(std::env::args_os().skip(1)).env("SWITCHHOOK_MODELS_DIR", store.dir());
    again.env("HOME", home.path()).current_dir(home.path()).gid(folder.gid()).uid(folder.uid());
    let ended = again.status().map_err(Error::io(store.dir()))?;
    Ok(Some(ended.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)))
}
