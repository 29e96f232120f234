//! The machine: its disk, its memory, its heat, and its clock.

use std::path::Path;

use switchhook::config::Config;
use switchhook::service::vitals::{Vitals, available_memory};

use super::Finding;
use crate::words::say;

const MEGABYTE: u64 = 1_000_000;
/// With less room on the disk, no record can be kept for long; with a little more, not for many days.
const NO_ROOM: u64 = 100 * MEGABYTE;
const LITTLE_ROOM: u64 = 1_000 * MEGABYTE;
/// With less free memory, a call more than there is now may push something out.
const LITTLE_MEMORY: u64 = 200 * MEGABYTE;
/// The boards that we know slow themselves down at 80 to 85 degrees Celsius.
const HOT: f64 = 75.0;
const TOO_HOT: f64 = 80.0;

pub(super) fn look(config: Option<&Config>) -> Vec<Finding> {
    let records = config.map_or(Path::new("/var/lib/switchhook"), |config| config.records.database.parent().unwrap_or(Path::new("/")));
    vec![disk(records), memory(available_memory()), heat(Vitals::read().temperature)]
}

fn disk(folder: &Path) -> Finding {
    match rustix::fs::statvfs(folder) {
        Ok(found) => room(folder, found.f_bavail.saturating_mul(found.f_frsize)),
        Err(rustix::io::Errno::NOENT) => {
            Finding::unknown("disk", say!("doctor-disk-absent", path = folder), say!("doctor-disk-absent-remedy"))
        }
        Err(error) => Finding::unknown("disk", format!("{}: {error}", folder.display()), say!("doctor-as-root")),
    }
}

fn room(folder: &Path, free: u64) -> Finding {
    let seen = say!("doctor-disk-free", megabytes = free / MEGABYTE, path = folder);
    match free {
        ..NO_ROOM => Finding::wrong("disk", seen, say!("doctor-disk-full-remedy")),
        NO_ROOM..LITTLE_ROOM => Finding::doubtful("disk", seen, say!("doctor-disk-filling-remedy")),
        LITTLE_ROOM.. => Finding::good("disk", seen),
    }
}

fn memory(available: Option<u64>) -> Finding {
    let Some(available) = available else {
        return Finding::unknown("memory", say!("doctor-memory-unknown"), "free -m");
    };
    let seen = say!("doctor-memory-available", megabytes = available / MEGABYTE);
    if available < LITTLE_MEMORY { Finding::doubtful("memory", seen, say!("doctor-memory-remedy")) } else { Finding::good("memory", seen) }
}

fn heat(temperature: Option<f64>) -> Finding {
    let Some(temperature) = temperature else {
        return Finding::unknown("heat", say!("doctor-heat-unknown"), say!("doctor-heat-unknown-remedy"));
    };
    let seen = format!("{temperature:.0} °C");
    match temperature {
        TOO_HOT.. => Finding::wrong("heat", seen, say!("doctor-too-hot-remedy")),
        HOT.. => Finding::doubtful("heat", seen, say!("doctor-hot-remedy")),
        _ => Finding::good("heat", seen),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;

    #[test]
    fn a_full_disk_is_wrong_and_one_that_fills_is_doubtful() {
        let verdict = |megabytes: u64| room(Path::new("/var"), megabytes * MEGABYTE).verdict;
        assert_eq!(
            [verdict(0), verdict(99), verdict(100), verdict(999), verdict(1_000)],
            [Verdict::Wrong, Verdict::Wrong, Verdict::Doubtful, Verdict::Doubtful, Verdict::Good]
        );
    }

    #[test]
    fn little_memory_is_doubtful_and_unknown_where_the_kernel_does_not_tell() {
        assert_eq!(memory(None).verdict, Verdict::Unknown);
        assert_eq!(memory(Some(LITTLE_MEMORY - 1)).verdict, Verdict::Doubtful);
    }

    #[test]
    fn heat_is_told_before_the_board_slows_down() {
        let verdict = |degrees: f64| heat(Some(degrees)).verdict;
        assert_eq!([verdict(50.0), verdict(75.0), verdict(80.0)], [Verdict::Good, Verdict::Doubtful, Verdict::Wrong]);
        assert_eq!(heat(None).verdict, Verdict::Unknown);
    }
}
