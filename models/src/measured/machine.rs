//! The machine: what its processor is called, and how much memory this process had.

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::num::NonZero;

use serde::{Deserialize, Serialize};

/// More than the kernel writes of one processor, and more than a process's status has.
const MOST_BYTES: u64 = 16 << 10;
/// As much of a name as is shown.
const LONGEST_NAME: usize = 80;

/// What a model runs on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// What the kernel calls the processor, or the board.
    pub processor: String,
    /// How many threads can run at once.
    pub cores: usize,
}

impl Machine {
    /// This machine.
    #[must_use]
    pub fn here() -> Self {
        let board = || read("/proc/device-tree/model");
        let processor = read("/proc/cpuinfo").and_then(|text| processor(&text)).or_else(|| name(&board()?));
        Self {
            processor: processor.unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
            cores: std::thread::available_parallelism().map_or(1, NonZero::get),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} {}", self.processor, self.cores, if self.cores == 1 { "core" } else { "cores" })
    }
}

/// The most memory that this process ever had, in bytes: Linux's `VmHWM`, see proc_pid_status(5). `None` where the system does not tell.
#[must_use]
pub fn peak_memory() -> Option<u64> {
    peak_memory_of(std::process::id())
}

/// The same of the process with this number.
#[must_use]
pub fn peak_memory_of(process: u32) -> Option<u64> {
    peak(&read(&format!("/proc/{process}/status"))?)
}

fn peak(status: &str) -> Option<u64> {
    let rest = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    rest.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// What proc_cpuinfo(5) says: `model name` of PCs, `Model` of boards whose processor has no name.
fn processor(text: &str) -> Option<String> {
    let value =
        |wanted: &str| text.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.trim() == wanted).map(|(_, value)| value);
    ["Model", "model name"].into_iter().find_map(|key| name(value(key)?))
}

/// A name that fits a line.
fn name(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let name: String = words.join(" ").chars().take(LONGEST_NAME).collect();
    (!name.is_empty()).then_some(name)
}

fn read(path: &str) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_processor_is_called_what_the_kernel_calls_it() {
        let pc = "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel\t\t: 143\nmodel name\t: Intel(R)  Xeon(R) Processor\n\nprocessor\t: 1\n";
        assert_eq!(processor(pc).unwrap(), "Intel(R) Xeon(R) Processor");
        let board = "processor\t: 0\nCPU implementer\t: 0x41\n\nRevision\t: d04170\nModel\t\t: Raspberry Pi 5 Model B Rev 1.0\n";
        assert_eq!(processor(board).unwrap(), "Raspberry Pi 5 Model B Rev 1.0");
        assert_eq!(processor("processor : 0\nmodel name :\n"), None);
    }

    #[test]
    fn a_board_without_a_name_in_cpuinfo_is_named_by_its_device_tree() {
        assert_eq!(name("NVIDIA Jetson Orin Nano\0").unwrap(), "NVIDIA Jetson Orin Nano");
        assert_eq!(name("\0"), None);
    }

    #[test]
    fn a_process_knows_its_peak() {
        // The kernel counts pages in batches, so a peak may be told a little too low.
        const NEARLY: u64 = 60 << 20;
        let filled = vec![1_u8; 64 << 20];
        assert!(std::hint::black_box(&filled).iter().all(|&byte| byte == 1));
        assert!(peak_memory().unwrap() >= NEARLY);
        drop(filled);
        assert!(peak_memory().unwrap() >= NEARLY, "what is given back stays in the peak");
    }

    #[test]
    fn a_status_without_a_peak_tells_none() {
        assert_eq!(peak("VmPeak:\t  100 kB\nVmHWM:\t  2 kB\n"), Some(2048));
        assert_eq!(peak("VmHWM:\t  lots\n"), None);
        assert_eq!(peak(""), None);
    }
}
