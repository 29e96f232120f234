//! Which files are read, and how much of them.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::config::Problem;

/// No configuration is larger than this, all its files together.
const LARGEST: u64 = 1 << 20;
/// No office divides its configuration into more files.
const MOST_FILES: usize = 100;
/// The folder beside the file.
const FOLDER: &str = "conf.d";

/// A file and what stands in it.
pub struct TextFile {
    pub path: PathBuf,
    pub text: String,
}

/// The file at `path`, and those in the folder beside it, in the order of their names.
pub fn all(path: &Path) -> Result<Vec<TextFile>, Problem> {
    let mut left = LARGEST;
    let mut files = vec![read(path, &mut left)?];
    for path in in_folder(&path.with_file_name(FOLDER))? {
        files.push(read(&path, &mut left)?);
    }
    Ok(files)
}

fn read(path: &Path, left: &mut u64) -> Result<TextFile, Problem> {
    let unreadable = |error: std::io::Error| Problem::of_file(path, format!("cannot be read: {error}"));
    let mut bytes = Vec::new();
    // The size that the system tells of a file may be that of a moment ago: what is read is counted.
    File::open(path).map_err(unreadable)?.take(*left + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    *left = left
        .checked_sub(bytes.len() as u64)
        .ok_or_else(|| Problem::of_file(path, format!("with this file the configuration is larger than {} MiB", LARGEST >> 20)))?;
    let text = String::from_utf8(bytes).map_err(|_| Problem::of_file(path, "is no UTF-8 text"))?;
    Ok(TextFile { path: path.to_owned(), text })
}

/// Regular files, or links to some, whose name is that of a configuration. What editors and the packager leave beside them is passed over.
fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let unreadable = |error: std::io::Error| Problem::of_file(folder, format!("cannot be read: {error}"));
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(unreadable)?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        if !is_ours(&path) {
            continue;
        }
        let about = fs::metadata(&path).map_err(|error| Problem::of_file(&path, format!("cannot be read: {error}")))?;
        if about.is_file() {
            files.push(path);
        }
        if files.len() > MOST_FILES {
            return Err(Problem::of_file(folder, format!("has more than {MOST_FILES} files; put some together")));
        }
    }
    files.sort();
    Ok(files)
}

fn is_ours(path: &Path) -> bool {
    let name = path.file_name().map(OsStrExt::as_bytes).unwrap_or_default();
    name.ends_with(b".toml") && !name.starts_with(b".") && !name.starts_with(b"#")
}
