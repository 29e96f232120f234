//! SIGTERM and SIGINT: the first asks the house to close, the second not to wait for the calls' grace. SIGHUP asks it to read its configuration anew.

use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Signals {
    /// Cancelled by the first signal: no new calls, and those there are may finish within their grace.
    pub stop: CancellationToken,
    /// Cancelled by the second: calls are taken leave of at once.
    pub now: CancellationToken,
    /// Told by SIGHUP. Many signals at once are one wish.
    pub hangup: Arc<Notify>,
}

/// Listen for all of them from now on.
///
/// # Errors
/// If the system does not let us.
pub fn listen() -> std::io::Result<Signals> {
    let signals = Signals { stop: CancellationToken::new(), now: CancellationToken::new(), hangup: Arc::default() };
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let mut hangup = signal(SignalKind::hangup())?;
    let wish = Arc::clone(&signals.hangup);
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            wish.notify_one();
        }
    });
    let told = signals.clone();
    tokio::spawn(async move {
        for token in [told.stop, told.now] {
            let came = tokio::select! {
                came = terminate.recv() => came,
                came = interrupt.recv() => came,
            };
            if came.is_none() {
                return;
            }
            token.cancel();
        }
    });
    Ok(signals)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn send_ourselves(name: &str) {
        let ours = std::process::id().to_string();
        assert!(std::process::Command::new("kill").args([name, &ours]).status().unwrap().success());
    }

    #[tokio::test]
    async fn the_first_signal_asks_and_the_second_insists() {
        let signals = listen().unwrap();
        send_ourselves("-TERM");
        signals.stop.cancelled().await;
        assert!(!signals.now.is_cancelled());
        send_ourselves("-TERM");
        signals.now.cancelled().await;
    }

    #[tokio::test]
    async fn a_hangup_is_a_wish_and_closes_nothing() {
        let signals = listen().unwrap();
        send_ourselves("-HUP");
        signals.hangup.notified().await;
        assert!(!signals.stop.is_cancelled());
    }
}
