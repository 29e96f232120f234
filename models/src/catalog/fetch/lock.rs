//! One fetch at a time works on a store. The lock is the kernel's, on an open file: it ends with the process that holds it, however
//! that ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::{Error, Result};

/// Held until dropped.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "the lock lives as long as the open file")] File);

/// Lock the store in `dir`, which is made if need be. If somebody else has the lock, `waiting` is called once before waiting for it.
pub(super) fn take(dir: &Path, waiting: impl FnOnce()) -> Result<Lock> {
    std::fs::create_dir_all(dir).map_err(Error::io(dir))?;
    let path = dir.join(".lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(Error::io(&path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            waiting();
            file.lock().map_err(Error::io(&path))?;
        }
        Err(TryLockError::Error(fault)) => return Err(Error::io(&path)(fault)),
    }
    Ok(Lock(file))
}
