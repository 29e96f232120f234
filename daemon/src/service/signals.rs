//! SIGTERM and SIGINT: the first asks the house to close, the second not to wait for the calls' grace.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Signals {
    /// Cancelled by the first signal: no new calls, and those there are may finish within their grace.
    pub stop: CancellationToken,
    /// Cancelled by the second: calls are taken leave of at once.
    pub now: CancellationToken,
}

/// Listen for both signals from now on.
///
/// # Errors
/// If the system does not let us.
pub fn listen() -> std::io::Result<Signals> {
    let signals = Signals { stop: CancellationToken::new(), now: CancellationToken::new() };
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
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

    fn terminate_ourselves() {
        let ours = std::process::id().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &ours]).status().unwrap().success());
    }

    #[tokio::test]
    async fn the_first_signal_asks_and_the_second_insists() {
        let signals = listen().unwrap();
        terminate_ourselves();
        signals.stop.cancelled().await;
        assert!(!signals.now.is_cancelled());
        terminate_ourselves();
        signals.now.cancelled().await;
    }
}
