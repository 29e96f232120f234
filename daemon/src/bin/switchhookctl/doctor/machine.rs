//! The machine: its disk, its memory, its heat, and its clock.

use std::path::Path;

use switchhook::config::Config;
use switchhook::service::vitals::{Vitals, available_memory};

use super::Finding;
use crate::words::{Words, say};

const MEGABYTE: u64 = 1_000_000;
/// With less room on the disk, no record can be kept for long; with a little more, not for many days.
const NO_ROOM: u64 = 100 * MEGABYTE;
const LITTLE_ROOM: u64 = 1_000 * MEGABYTE;
/// With less free memory, a call more than there is now may push something out.
const LITTLE_MEMORY: u64 = 200 * MEGABYTE;
/// The boards that we know slow themselves down at 80 to 85 degrees Celsius.
const HOT: f64 = 75.0;
const TOO_HOT: f64 = 80.0;

pub(super) fn look(config: Option<&Config>, words: &Words) -> Vec<Finding> {
    let records = config.map_or(Path::new("/var/lib/switchhook"), |config| config.records.database.parent().unwrap_or(Path::new("/")));
    vec![disk(records, words), memory(available_memory(), words), heat(Vitals::read().temperature, words)]
}

fn disk(folder: &Path, words: &Words) -> Finding {
    match rustix::fs::statvfs(folder) {
        Ok(found) => room(folder, found.f_bavail.saturating_mul(found.f_frsize), words),
        Err(rustix::io::Errno::NOENT) => {
            Finding::unknown("disk", say!(in words, "doctor-disk-absent", path = folder), say!(in words, "doctor-disk-absent-remedy"))
        }
        Err(error) => Finding::unknown("disk", format!("{}: {error}", folder.display()), say!(in words, "doctor-as-root")),
    }
}

fn room(folder: &Path, free: u64, words: &Words) -> Finding {
    let seen = say!(in words, "doctor-disk-free", megabytes = free / MEGABYTE, path = folder);
    match free {
        ..NO_ROOM => Finding::wrong("disk", seen, say!(in words, "doctor-disk-full-remedy")),
        NO_ROOM..LITTLE_ROOM => Finding::doubtful("disk", seen, say!(in words, "doctor-disk-filling-remedy")),
        LITTLE_ROOM.. => Finding::good("disk", seen),
    }
}

fn memory(available: Option<u64>, words: &Words) -> Finding {
    let Some(available) = available else {
        return Finding::unknown("memory", say!(in words, "doctor-memory-unknown"), "free -m");
    };
    let seen = say!(in words, "doctor-memory-available", megabytes = available / MEGABYTE);
    if available < LITTLE_MEMORY {
        Finding::doubtful("memory", seen, say!(in words, "doctor-memory-remedy"))
    } else {
        Finding::good("memory", seen)
    }
}

fn heat(temperature: Option<f64>, words: &Words) -> Finding {
    let Some(temperature) = temperature else {
        return Finding::unknown("heat", say!(in words, "doctor-heat-unknown"), say!(in words, "doctor-heat-unknown-remedy"));
    };
    let seen = format!("{temperature:.0} °C");
    match temperature {
        TOO_HOT.. => Finding::wrong("heat", seen, say!(in words, "doctor-too-hot-remedy")),
        HOT.. => Finding::doubtful("heat", seen, say!(in words, "doctor-hot-remedy")),
        _ => Finding::good("heat", seen),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;
    use crate::words::spoken;

    #[test]
    fn a_full_disk_is_wrong_and_one_that_fills_is_doubtful() {
        let verdict = |megabytes: u64| room(Path::new("/var"), megabytes * MEGABYTE, spoken()).verdict;
        assert_eq!(
            [verdict(0), verdict(99), verdict(100), verdict(999), verdict(1_000)],
            [Verdict::Wrong, Verdict::Wrong, Verdict::Doubtful, Verdict::Doubtful, Verdict::Good]
        );
    }

    #[test]
    fn little_memory_is_doubtful_and_unknown_where_the_kernel_does_not_tell() {
        assert_eq!(memory(None, spoken()).verdict, Verdict::Unknown);
        assert_eq!(memory(Some(LITTLE_MEMORY - 1), spoken()).verdict, Verdict::Doubtful);
    }

    #[test]
    fn heat_is_told_before_the_board_slows_down() {
        let verdict = |degrees: f64| heat(Some(degrees), spoken()).verdict;
        assert_eq!([verdict(50.0), verdict(75.0), verdict(80.0)], [Verdict::Good, Verdict::Doubtful, Verdict::Wrong]);
        assert_eq!(heat(None, spoken()).verdict, Verdict::Unknown);
    }
}
