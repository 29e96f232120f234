//! Memory, heat and load, as the kernel tells them (proc(5), sysfs).

use std::fs;
use std::path::Path;

/// What the kernel knows; `None` for what it does not tell on this machine.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Vitals {
    /// Resident memory of this process, in bytes.
    pub rss: Option<u64>,
    /// The most that it ever was, in bytes.
    pub peak_rss: Option<u64>,
    /// The hottest thermal zone, in degrees Celsius.
    pub temperature: Option<f64>,
    /// The load average of the last minute.
    pub load: Option<f64>,
}

impl Vitals {
    /// Read all. A handful of small virtual files: some tens of microseconds, no disk.
    #[must_use]
    pub fn read() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        Self {
            rss: kibibytes(&status, "VmRSS:"),
            peak_rss: kibibytes(&status, "VmHWM:"),
            temperature: hottest(Path::new("/sys/class/thermal")),
            load: load.split_whitespace().next().and_then(|text| text.parse().ok()),
        }
    }
}

/// Resident memory of another process, such as a worker's, in bytes.
#[must_use]
pub fn rss_of(pid: u32) -> Option<u64> {
    kibibytes(&fs::read_to_string(format!("/proc/{pid}/status")).ok()?, "VmRSS:")
}

/// The memory that programs can still have, in bytes.
#[must_use]
pub fn available_memory() -> Option<u64> {
    kibibytes(&fs::read_to_string("/proc/meminfo").ok()?, "MemAvailable:")
}

/// The memory that the robot can still have, in bytes: what programs can have on this machine, and no more than systemd lets the service have (`MemoryMax=`).
#[must_use]
pub fn room() -> Option<u64> {
    let group = fs::read_to_string("/proc/self/cgroup")
        .ok()
        .and_then(|text| text.lines().find_map(|line| Some(line.strip_prefix("0::/")?.to_owned())));
    let in_group = group.and_then(|group| left_in(&Path::new("/sys/fs/cgroup").join(group)));
    available_memory().into_iter().chain(in_group).min()
}

/// What a control group may have more than it has, in bytes; what of files is kept in memory and not in use goes when it is needed.
fn left_in(group: &Path) -> Option<u64> {
    let read = |file| fs::read_to_string(group.join(file)).ok();
    let number = |file| read(file)?.trim().parse::<u64>().ok();
    let (most, all) = (number("memory.max")?, number("memory.current")?);
    let kept = read("memory.stat")?.lines().find_map(|line| line.strip_prefix("inactive_file ")?.parse::<u64>().ok()).unwrap_or(0);
    Some(most.saturating_sub(all.saturating_sub(kept)))
}

/// The memory of the machine, in bytes.
#[must_use]
pub fn total_memory() -> Option<u64> {
    kibibytes(&fs::read_to_string("/proc/meminfo").ok()?, "MemTotal:")
}

/// The value of a `Name:   123 kB` line, in bytes.
fn kibibytes(status: &str, name: &str) -> Option<u64> {
    let rest = status.lines().find_map(|line| line.strip_prefix(name))?;
    rest.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// The hottest zone in `folder`; zones tell thousandths of a degree.
fn hottest(folder: &Path) -> Option<f64> {
    let zones = fs::read_dir(folder).ok()?.flatten().filter(|entry| entry.file_name().as_encoded_bytes().starts_with(b"thermal_zone"));
    let temperature = |zone: fs::DirEntry| fs::read_to_string(zone.path().join("temp")).ok()?.trim().parse::<i32>().ok();
    zones.filter_map(temperature).max().map(|thousandths| f64::from(thousandths) / 1000.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn we_have_some_memory_and_never_had_less() {
        let vitals = Vitals::read();
        assert!(vitals.rss.unwrap() > 0);
        assert!(vitals.peak_rss >= vitals.rss);
    }

    #[test]
    fn lines_that_are_not_as_the_kernel_writes_them_are_no_figures() {
        assert_eq!(kibibytes("VmRSS:\t  12 kB\n", "VmRSS:"), Some(12_288));
        assert_eq!(kibibytes("MemTotal:  4000 kB\nMemAvailable:   1000 kB\n", "MemAvailable:"), Some(1_024_000));
        assert_eq!(kibibytes("MemTotal:  4000 kB\n", "MemAvailable:"), None);
        for odd in ["", "VmRSS: kB", "VmRSS: 12", "VmRSS: -1 kB", "VmRSS: 99999999999999999999 kB", "VmRSS: 18446744073709551615 kB"] {
            assert_eq!(kibibytes(odd, "VmRSS:"), None, "{odd}");
        }
    }

    #[test]
    fn a_service_has_no_more_room_than_it_may_have() {
        let group = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| fs::write(group.path().join(file), text).unwrap();
        assert_eq!(left_in(group.path()), None);
        write("memory.current", "900\n");
        write("memory.stat", "anon 500\ninactive_file 300\nactive_file 100\n");
        write("memory.max", "1000\n");
        assert_eq!(left_in(group.path()), Some(400));
        write("memory.max", "500\n");
        assert_eq!(left_in(group.path()), Some(0));
        write("memory.max", "max\n");
        assert_eq!(left_in(group.path()), None, "there is no bound");
        assert!(room().is_some());
    }

    #[test]
    fn the_hottest_zone_counts() {
        let dir = tempfile::tempdir().unwrap();
        for (zone, text) in
            [("thermal_zone0", "41000\n"), ("thermal_zone1", "52500\n"), ("thermal_zone2", "broken"), ("cooling_device0", "99000")]
        {
            fs::create_dir(dir.path().join(zone)).unwrap();
            fs::write(dir.path().join(zone).join("temp"), text).unwrap();
        }
        assert_eq!(hottest(dir.path()), Some(52.5));
        assert_eq!(hottest(&dir.path().join("nowhere")), None);
    }
}
