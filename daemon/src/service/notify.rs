//! What systemd is told: ready, how the house stands, that it goes on, and that it stops (sd_notify(3)).
//!
//! Without systemd nothing is told and nothing fails.

use std::time::Duration;

use sd_notify::NotifyState;

use crate::progress::Progress;

/// The house answers calls from now on.
pub fn ready(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// How the house stands, in one line for `systemctl status`.
pub fn status(status: &str) {
    tell(&[NotifyState::Status(status)]);
}

/// The house closes, and may take `grace` for it.
pub fn stopping(status: &str, grace: Duration) {
    let micros = u32::try_from(grace.as_micros()).unwrap_or(u32::MAX);
    tell(&[NotifyState::Stopping, NotifyState::Status(status), NotifyState::ExtendTimeoutUsec(micros)]);
}

/// Feed the watchdog for as long as every worker gets on. Never ends; rests for ever if systemd asked for no watchdog.
///
/// That this task runs at all shows that the runtime gets on.
pub async fn watchdog(progress: Progress) {
    let Some(deadline) = sd_notify::watchdog_enabled() else { return std::future::pending().await };
    let mut feeder = Feeder::default();
    // systemd asks for half of the deadline; a third leaves room for one delay.
    let mut interval = tokio::time::interval(deadline / 3);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        feeder.feed(&progress);
    }
}

/// Feeds, or says once why not.
#[derive(Default)]
struct Feeder {
    starving: bool,
}

impl Feeder {
    fn feed(&mut self, progress: &Progress) {
        let stuck = progress.stuck();
        match &stuck {
            None => tell(&[NotifyState::Watchdog]),
            Some(stuck) if !self.starving => log::error!(
                event = "worker-stuck";
                "{} has been at one job for {:.0} s, and may be for {:.0} s; unless it gets on, systemd restarts the service",
                stuck.name, stuck.busy.as_secs_f64(), stuck.bound.as_secs_f64()
            ),
            Some(_) => {}
        }
        self.starving = stuck.is_some();
    }
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        log::warn!(event = "systemd-silent"; "systemd could not be told: {error}");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::net::UnixDatagram;
    use std::process::Command;

    /// Run one of the ignored tests below in a process of its own, under a service manager that is us; what it told.
    fn under_systemd(test: &str) -> String {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("service::notify::tests::{test}"), "--ignored"])
            .env("NOTIFY_SOCKET", &path)
            .env("WATCHDOG_USEC", "30000000")
            .output()
            .unwrap();
        assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stdout));
        socket.set_nonblocking(true).unwrap();
        let mut told = String::new();
        let mut buffer = [0; 512];
        while let Ok(length) = socket.recv(&mut buffer) {
            told.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
        }
        told
    }

    #[test]
    fn systemd_hears_of_readiness_and_of_stopping() {
        let told = under_systemd("child_says_ready_and_stopping");
        assert_eq!(told, "READY=1\nSTATUS=2 lines\nSTOPPING=1\nSTATUS=1 call left\nEXTEND_TIMEOUT_USEC=60000000\n");
    }

    #[test]
    #[ignore = "run by the test above"]
    fn child_says_ready_and_stopping() {
        ready("2 lines");
        stopping("1 call left", Duration::from_secs(60));
    }

    #[test]
    fn the_watchdog_is_fed_while_workers_get_on_and_starves_when_one_is_stuck() {
        assert!(under_systemd("child_gets_on").contains("WATCHDOG=1"));
        assert_eq!(under_systemd("child_is_stuck"), "");
    }

    #[test]
    #[ignore = "run by the test above"]
    fn child_gets_on() {
        let progress = Progress::default();
        let heart = progress.register("recognizer", Duration::from_secs(3600));
        let _job = heart.busy();
        Feeder::default().feed(&progress);
    }

    #[test]
    #[ignore = "run by the test above"]
    fn child_is_stuck() {
        let progress = Progress::default();
        let heart = progress.register("recognizer", Duration::ZERO);
        let _job = heart.busy();
        while progress.stuck().is_none() {}
        Feeder::default().feed(&progress);
    }

    #[test]
    fn a_job_that_never_ends_starves_the_watchdog_once_its_time_is_over() {
        let told = under_systemd("child_is_at_one_job_for_an_hour");
        // systemd waits for 30 s and is fed every 10 s; the job may take 60 s.
        let fed = told.lines().filter(|&line| line == "WATCHDOG=1").count();
        assert!(told.lines().count() == fed && (6..=7).contains(&fed), "{told}");
    }

    #[test]
    #[ignore = "run by the test above"]
    fn child_is_at_one_job_for_an_hour() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let progress = Progress::default();
            let heart = progress.register("recogniser", Duration::from_secs(60));
            let _job = heart.busy();
            tokio::time::timeout(Duration::from_secs(3600), watchdog(progress)).await.unwrap_err();
        });
    }

    #[tokio::test(start_paused = true)]
    async fn without_systemd_the_watchdog_rests_and_does_not_end() {
        // Under a test runner there is no WATCHDOG_USEC; if there is, this test has nothing to say.
        if sd_notify::watchdog_enabled().is_none() {
            tokio::time::timeout(Duration::from_secs(3600), watchdog(Progress::default())).await.unwrap_err();
        }
    }
}
