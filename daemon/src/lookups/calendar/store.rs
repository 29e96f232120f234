//! The calendar's file: read whole, and written so that a power cut leaves the old one or the new one, and nothing in between.
//!
//! Who writes holds a lock beside the file, so that two calls cannot book the same time. Other programs know nothing of it: if the file is another one than was
//! read when it is to be written, it is read again.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::time::Instant;

use super::super::LookUpError;
use super::text::Document;

/// No calendar is larger.
const LARGEST: u64 = 32 << 20;
/// So often it may change under our hands.
const MOST_TRIES: usize = 5;

/// What a file was when it was read.
#[derive(PartialEq, Eq)]
struct Stand(Option<(u64, Option<std::time::SystemTime>, u64)>);

fn stand(path: &Path) -> Stand {
    use std::os::unix::fs::MetadataExt;
    Stand(fs::metadata(path).ok().map(|found| (found.len(), found.modified().ok(), found.ino())))
}

/// Read it: `path`, or what came with the scenario while there is none, or an empty one.
pub(super) fn read(path: &Path, first: &Path) -> Result<Document, LookUpError> {
    for path in [path, first] {
        match fs::metadata(path) {
            Ok(found) if found.len() > LARGEST => {
                return Err(LookUpError::content(path, "is larger than 32 MiB; move what is past to another calendar"));
            }
            Ok(_) => {
                let text = fs::read_to_string(path).map_err(LookUpError::file(path))?;
                return Document::parse(&text).map_err(|what| LookUpError::content(path, what));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(LookUpError::File(path.to_owned(), error)),
        }
    }
    Ok(Document::empty())
}

/// Change it: `change` gives what came of it, and whether it is to be written. Nothing is written after the deadline.
pub(super) fn change<T>(
    path: &Path,
    first: &Path,
    deadline: Instant,
    mut change: impl FnMut(&mut Document) -> Result<(T, bool), LookUpError>,
) -> Result<T, LookUpError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(LookUpError::file(folder))?;
    let _lock = lock(path)?;
    for _ in 0..MOST_TRIES {
        let before = stand(path);
        let mut document = read(path, first)?;
        let (came, is_changed) = change(&mut document)?;
        if !is_changed {
            return Ok(came);
        }
        let text = document.text();
        let failed = LookUpError::file(path);
        let mut written = tempfile::Builder::new().prefix(".calendar-").tempfile_in(folder).map_err(LookUpError::file(folder))?;
        if let Ok(old) = fs::metadata(path) {
            // Who else may read it may do so afterwards.
            let _ = written.as_file().set_permissions(old.permissions());
        }
        written.write_all(text.as_bytes()).and_then(|()| written.as_file().sync_all()).map_err(failed)?;
        if stand(path) != before {
            continue;
        }
        if Instant::now() >= deadline {
            return Err(LookUpError::Late);
        }
        written.persist(path).map_err(|error| LookUpError::File(path.to_owned(), error.error))?;
        // The name is on the disk once its folder is.
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(LookUpError::file(folder))?;
        return Ok(came);
    }
    Err(LookUpError::content(path, "changes all the time: another program writes it; nothing was written"))
}

/// Held until it is dropped, by one at a time.
fn lock(path: &Path) -> Result<File, LookUpError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = path.with_file_name(format!(".{name}.lock"));
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&beside).map_err(LookUpError::file(&beside))?;
    file.lock().map_err(LookUpError::file(&beside))?;
    Ok(file)
}
