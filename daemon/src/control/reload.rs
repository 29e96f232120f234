//! The configuration, or the scenario alone, is to be read anew: a job that is done elsewhere in the house ([`Reload`]), one after the other.

use serde_json::json;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use zbus::OwnedObjectPath;

use super::Fault;
use super::job::Orders;
use crate::config::Generation;
use crate::jobs::{Findings, Kind, Stop, Teller};

/// What is to be read anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anew {
    /// The scenario that the configuration in force names.
    Scenario,
    /// The configuration, and the scenario that it names then.
    Configuration,
}

/// Something is to be read anew, for new calls.
#[derive(Debug)]
pub struct Reload {
    /// What it is.
    pub what: Anew,
    /// Where it is told how far that is.
    pub teller: Teller,
    /// Cancelled if nobody wants it any more. What is in force already stays so.
    pub called_off: CancellationToken,
    /// Where it is told what changed, or why nothing did.
    pub answer: oneshot::Sender<Result<Renewed, Stop>>,
}

/// What is in force after that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewed {
    /// Which configuration it is.
    pub generation: Generation,
    /// The name of its scenario.
    pub scenario: String,
    /// The keys that changed: `calls.at_once`, `people.anna`, `line.office.peers`; `scenario` for what it says.
    pub changed: Vec<String>,
}

impl Renewed {
    fn findings(self) -> Findings {
        let Self { generation, scenario, changed } = self;
        Findings::from_iter([
            ("generation".to_owned(), json!(generation.get())),
            ("scenario".to_owned(), json!(scenario)),
            ("changed".to_owned(), json!(changed)),
        ])
    }
}

impl Orders {
    /// Have this read anew, and say which object shows how far that is. While one reload is at work, one more may wait: it reads what is written then.
    pub(super) async fn anew(&self, asked: &mpsc::Sender<Reload>, what: Anew, kind: Kind) -> Result<OwnedObjectPath, Fault> {
        let busy = "the configuration or the scenario is being read already, and once more after that; ask again in a moment";
        let place = asked.clone().try_reserve_owned().map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Fault::Busy(busy.into()),
            mpsc::error::TrySendError::Closed(_) => Fault::closing(),
        })?;
        let job = self.jobs.follow(kind, |teller, called_off| async move {
            let (answer, answered) = oneshot::channel();
            place.send(Reload { what, teller, called_off, answer });
            let closes = |_| Stop::Failed("the robot is just closing; it reads everything anew when it is started".into());
            answered.await.map_err(closes)?.map(Renewed::findings)
        });
        self.path_of(&job).await
    }
}
