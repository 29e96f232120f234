//! How much memory a worker may have: what the catalog says of its models, half as much again for what they need at once, and some for itself.
//!
//! It is a bound for what runs away, and not for what is usual: a worker that wants more ends, and the next one begins with little.

use switchhook_models::catalog::Store;
use switchhook_models::{Locale, Result, open};

use crate::config::Models;

/// For the program, its threads and its queues.
const ITSELF: u64 = 256;

/// The bytes that a worker with these models may have.
///
/// # Errors
/// If the catalog does not know one of them.
pub(in crate::speech) fn limit(store: &Store, models: &Models, locale: Locale) -> Result<u64> {
    let catalog = store.catalog()?;
    let here = [models.vad.as_str()];
    let names = models.names().filter(|name| !here.contains(name)).chain([open::reader(locale.language())]);
    let all = names.map(|name| Ok(u64::from(catalog.entry(name)?.memory.0))).sum::<Result<u64>>()?;
    Ok((all + all / 2 + ITSELF) << 20)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use switchhook_models::catalog::profiles::ProfileName;

    use super::*;

    /// What the shipped unit lets the whole service have.
    fn unit() -> u64 {
        let unit = include_str!("../../../../systemd/switchhook.service");
        let gigabytes = unit.lines().find_map(|line| line.strip_prefix("MemoryMax=")?.strip_suffix('G')?.parse::<u64>().ok());
        gigabytes.unwrap() << 30
    }

    #[test]
    fn a_worker_ends_before_the_service_does() {
        for locale in [Locale::En, Locale::ZhTw, Locale::ZhCn] {
            let models = crate::config::usual_models(locale).unwrap();
            let limit = limit(&models.store(), &models, locale).unwrap();
            assert_eq!(models.profile, ProfileName::Standard);
            assert!(limit < unit() && limit > 512 << 20, "{locale}: {limit}");
        }
    }
}
