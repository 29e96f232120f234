//! By which rules a file is written. There is one version; a file that does not say is of that.

use super::tree::{Node, Value};
use crate::config::Problem;

/// The version that this program reads.
const OURS: i64 = 1;
const KEY: &str = "version";

/// Take from a file what it says about itself, and refuse one that was written for a later program: what its keys mean is not known here.
pub fn take(file: &mut Node) -> Result<(), Problem> {
    let Value::Table(table) = &mut file.value else { return Ok(()) };
    let Some(Node { place, value }) = table.remove(KEY) else { return Ok(()) };
    let what = match value {
        Value::Whole(OURS) => return Ok(()),
        Value::Whole(later) if later > OURS => format!(
            "version = {later} is for a later switchhook; this one reads version {OURS}: upgrade it, or take the file as it was before the upgrade"
        ),
        _ => format!("write version = {OURS}, or leave it out"),
    };
    Err(Problem::at(&place.path, place.line, what))
}
