//! The filters as a kernel of each processor would read them, whatever processor this is: libseccomp writes them for each, and a small machine here runs them. That
//! the kernel of this machine takes them is seen where programs and the worker live behind them (`daemon/tests/house/lookups.rs`, `speech::worker`).
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::io::{Read, Seek};

use libseccomp::{ScmpAction, ScmpArch, ScmpFilterContext, ScmpSyscall};

use super::Refusal;

/// As the kernel names them to a filter (`linux/audit.h`).
const PROCESSORS: [(ScmpArch, u32); 3] = [(ScmpArch::Arm, 0x4000_0028), (ScmpArch::Aarch64, 0xc000_00b7), (ScmpArch::X8664, 0xc000_003e)];

const ALLOW: u32 = 0x7fff_0000;
const KILL: u32 = 0;
const fn errno(number: i32) -> u32 {
    0x0005_0000 | number.unsigned_abs()
}
const REFUSED: u32 = errno(libc::EPERM);

/// A filter, for one processor.
struct Filter {
    processor: (ScmpArch, u32),
    program: Vec<u8>,
}

impl Filter {
    fn of(refusal: Refusal, refused: i32, processor: (ScmpArch, u32)) -> Self {
        let mut filter = ScmpFilterContext::new(ScmpAction::Allow).unwrap();
        if processor.0 != ScmpArch::native() {
            filter.remove_arch(ScmpArch::Native).unwrap().add_arch(processor.0).unwrap();
        }
        refusal.rules(&mut filter, refused).unwrap();
        let mut file = tempfile::tempfile().unwrap();
        filter.export_bpf(&mut file).unwrap();
        file.rewind().unwrap();
        let mut program = Vec::new();
        file.read_to_end(&mut program).unwrap();
        Self { processor, program }
    }

    fn verdict(&self, call: &str, first: u64) -> u32 {
        let number = ScmpSyscall::from_name_by_arch(call, self.processor.0).unwrap();
        self.verdict_by(i32::from(number).cast_unsigned(), self.processor.1, first)
    }

    /// What the kernel would do (`seccomp_data`: number, processor, where from, six arguments of 64 bits).
    fn verdict_by(&self, number: u32, processor: u32, first: u64) -> u32 {
        let mut data = [0_u8; 64];
        data[..4].copy_from_slice(&number.to_ne_bytes());
        data[4..8].copy_from_slice(&processor.to_ne_bytes());
        data[16..24].copy_from_slice(&first.to_ne_bytes());
        run(&self.program, &data)
    }
}

/// The little of classic BPF that libseccomp writes. Jumps lead forward alone, so that it ends.
fn run(program: &[u8], data: &[u8; 64]) -> u32 {
    let mut accumulator = 0_u32;
    let mut at = 0;
    loop {
        let [c0, c1, yes, no, k @ ..] = program.as_chunks::<8>().0[at];
        let k = u32::from_ne_bytes(k);
        let jump = |holds: bool| usize::from(if holds { yes } else { no });
        at += 1;
        match u16::from_ne_bytes([c0, c1]) {
            0x20 => accumulator = u32::from_ne_bytes(data[k as usize..][..4].try_into().unwrap()),
            0x54 => accumulator &= k,
            0x05 => at += k as usize,
            0x15 => at += jump(accumulator == k),
            0x25 => at += jump(accumulator > k),
            0x35 => at += jump(accumulator >= k),
            0x45 => at += jump(accumulator & k != 0),
            0x06 => return k,
            other => panic!("libseccomp writes {other:#x} too"),
        }
    }
}

#[test]
fn on_every_processor_what_reaches_out_is_refused_and_what_works_at_home_is_not() {
    for processor in PROCESSORS {
        let filter = Filter::of(Refusal::of_reaching_out(), libc::EPERM, processor);
        for call in ["socket", "connect", "kill", "ptrace", "pidfd_open", "io_uring_setup", "setsid", "bpf", "shmget"] {
            assert_eq!(filter.verdict(call, 0), REFUSED, "{call} on {processor:?}");
        }
        for call in ["read", "write", "openat", "execve", "futex", "exit_group", "clone", "brk"] {
            assert_eq!(filter.verdict(call, 0), ALLOW, "{call} on {processor:?}");
        }
    }
}

#[test]
fn on_every_processor_one_may_signal_ones_own_threads_and_ask_for_ones_own_limits_alone() {
    let own = u64::from(std::process::id());
    for processor in PROCESSORS {
        let filter = Filter::of(Refusal::of_reaching_out(), libc::EPERM, processor);
        let told =
            [("tgkill", own), ("tgkill", own + 1), ("prlimit64", 0), ("prlimit64", own)].map(|(call, first)| filter.verdict(call, first));
        assert_eq!(told, [ALLOW, REFUSED, ALLOW, REFUSED], "{processor:?}");
    }
}

#[test]
fn on_every_processor_a_worker_may_start_threads_and_no_process() {
    let (thread, process) = (libc::CLONE_THREAD | libc::CLONE_VM, libc::CLONE_VM | libc::SIGCHLD);
    for processor in PROCESSORS {
        let filter = Filter::of(Refusal::of_reaching_out().and_of_being_others(), libc::EPERM, processor);
        let told = [thread, process].map(|flags| filter.verdict("clone", u64::from(flags.unsigned_abs())));
        assert_eq!(told, [ALLOW, REFUSED], "{processor:?}");
        for call in ["execve", "execveat", "sendmsg", "recvmsg", "accept4"] {
            assert_eq!(filter.verdict(call, 0), REFUSED, "{call} on {processor:?}");
        }
        let without = Filter::of(Refusal(Vec::new()).and(&["clone3"]), libc::ENOSYS, processor);
        assert_eq!([without.verdict("clone3", 0), without.verdict("clone", 0)], [errno(libc::ENOSYS), ALLOW], "{processor:?}");
    }
}

#[test]
fn on_every_processor_a_sealed_worker_opens_no_file_by_any_name_of_that_call() {
    for processor in PROCESSORS {
        let filter = Filter::of(Refusal::of_reaching_out().and_of_files(), libc::EPERM, processor);
        for call in ["openat", "openat2", "open_by_handle_at"] {
            assert_eq!(filter.verdict(call, 0), REFUSED, "{call} on {processor:?}");
        }
        if processor.0 != ScmpArch::Aarch64 {
            assert_eq!([filter.verdict("open", 0), filter.verdict("creat", 0)], [REFUSED, REFUSED], "{processor:?}");
        }
        assert_eq!([filter.verdict("read", 0), filter.verdict("mprotect", 0)], [ALLOW, ALLOW], "{processor:?}");
    }
}

#[test]
fn a_call_by_the_numbers_of_another_processor_ends_whoever_makes_it() {
    for (own, others) in [(0, 1), (1, 0), (2, 0)] {
        let filter = Filter::of(Refusal::of_reaching_out(), libc::EPERM, PROCESSORS[own]);
        assert_eq!(filter.verdict_by(0, PROCESSORS[others].1, 0), KILL);
    }
    // x32 has the processor's own name, and a bit in the number.
    let pc = Filter::of(Refusal::of_reaching_out(), libc::EPERM, PROCESSORS[2]);
    assert_eq!(pc.verdict_by(0x4000_0000 | 41, PROCESSORS[2].1, 0), KILL);
}
