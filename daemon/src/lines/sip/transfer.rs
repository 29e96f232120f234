//! How far passing a call on is (RFC 3515, RFC 5589), without I/O: the answer to our REFER and the NOTIFYs that follow go in, stages for
//! the call actor come out.
//!
//! Only a notice of a 2xx says that a person has the call. The answer to the REFER does not (202 is "I shall try"), nor does a BYE: a
//! switch that is done with us hangs up as a caller does who is tired of waiting. So when they hang up while passing on, the last notice is
//! waited for a little, since it may come behind the BYE; without one the caller hung up. To write down "transferred" for a caller whom
//! nobody spoke to would hide a call that somebody should return.

use std::time::Duration;

use tokio::time::Instant;

use crate::lines::TransferStage;

/// A hand-over without a result fails after this long.
const PATIENCE: Duration = Duration::from_secs(30);
/// A notice that comes behind their BYE comes within this.
const LINGER: Duration = Duration::from_secs(2);

/// A hand-over in progress or not.
#[derive(Debug, Default)]
pub struct Transfer {
    stage: Stage,
    deadline: Option<Instant>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// None is under way.
    #[default]
    Idle,
    /// Asked for, not yet answered.
    Asked,
    /// Taken; the other side is trying.
    Trying,
    /// It rings there.
    Ringing,
    /// We told that it failed, but the other side may still be trying.
    GivenUp,
}

/// What a NOTIFY tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The status that the other side got, if it says.
    pub status: Option<u16>,
    /// Whether no more notices will come.
    pub last: bool,
}

impl Notice {
    /// Read a NOTIFY: `state` is its Subscription-State, `body` a `message/sipfrag` (RFC 3420).
    #[must_use]
    pub fn parse(state: &str, body: &[u8]) -> Self {
        let line = body.split(|&b| b == b'\r' || b == b'\n').find(|line| !line.is_empty()).unwrap_or_default();
        let status =
            std::str::from_utf8(line).ok().and_then(|line| line.strip_prefix("SIP/2.0 ")).and_then(|rest| rest.get(..3)?.parse().ok());
        let last = state.trim().get(..10).is_some_and(|word| word.eq_ignore_ascii_case("terminated"));
        Self { status, last }
    }
}

impl Transfer {
    /// Whether one is under way, as far as the call actor knows.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(self.stage, Stage::Asked | Stage::Trying | Stage::Ringing)
    }

    /// When to call [`Self::overdue`].
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// A REFER goes out.
    pub fn ask(&mut self, now: Instant) {
        *self = Self { stage: Stage::Asked, deadline: Some(now + PATIENCE) };
    }

    /// The other side answered the REFER.
    pub fn answered(&mut self, status: u16) -> Option<TransferStage> {
        match (self.stage, status) {
            (Stage::Idle, _) => None,
            (_, 300..) => self.failed(Stage::Idle, format!("the other side refused to pass the call on (SIP {status})")),
            // A NOTIFY may have been faster than the answer.
            (Stage::Asked, 200..) => self.at(Stage::Trying, TransferStage::Trying),
            _ => None,
        }
    }

    /// The REFER could not be sent, or nobody answered it. They may have got it all the same.
    pub fn unanswered(&mut self, why: &str) -> Option<TransferStage> {
        if self.is_busy() { self.failed(Stage::GivenUp, why.into()) } else { None }
    }

    /// The other side told how far it is.
    pub fn notified(&mut self, notice: Notice) -> Option<TransferStage> {
        match (self.stage, notice.status) {
            (Stage::Idle, _) => None,
            (_, Some(200..=299)) => self.over(Stage::Idle, TransferStage::Completed),
            (_, Some(status @ 300..)) => self.failed(Stage::Idle, format!("nobody took the call (SIP {status})")),
            (_, _) if notice.last => self.failed(Stage::Idle, "the other side stopped telling how far it is".into()),
            (Stage::Asked | Stage::Trying, Some(180..=199)) => self.at(Stage::Ringing, TransferStage::Ringing),
            (Stage::Asked, Some(_)) => self.at(Stage::Trying, TransferStage::Trying),
            _ => None,
        }
    }

    /// The deadline passed: the caller is not left waiting, but somebody may take the call yet.
    pub fn overdue(&mut self) -> Option<TransferStage> {
        self.unanswered(&format!("nobody took the call within {} seconds", PATIENCE.as_secs()))
    }

    /// They hung up. Returns whether a last notice may still come, until the deadline.
    pub fn left(&mut self, now: Instant) -> bool {
        self.deadline = (self.stage != Stage::Idle).then(|| now + LINGER);
        self.deadline.is_some()
    }

    fn at(&mut self, next: Stage, stage: TransferStage) -> Option<TransferStage> {
        self.stage = next;
        Some(stage)
    }

    fn over(&mut self, next: Stage, stage: TransferStage) -> Option<TransferStage> {
        self.deadline = None;
        self.at(next, stage)
    }

    /// A failure is told once.
    fn failed(&mut self, next: Stage, why: String) -> Option<TransferStage> {
        let told = !self.is_busy();
        self.over(next, TransferStage::Failed(why)).filter(|_| !told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(state: &str, body: &str) -> Notice {
        Notice::parse(state, body.as_bytes())
    }

    fn asked() -> Transfer {
        let mut transfer = Transfer::default();
        transfer.ask(Instant::now());
        transfer
    }

    fn trying() -> Transfer {
        let mut transfer = asked();
        assert_eq!(transfer.answered(202), Some(TransferStage::Trying));
        transfer
    }

    #[test]
    fn a_call_that_is_passed_on_goes_through_all_stages() {
        let mut transfer = trying();
        assert_eq!(transfer.notified(notice("active;expires=60", "SIP/2.0 100 Trying\r\n")), None);
        assert_eq!(transfer.notified(notice("active", "SIP/2.0 180 Ringing")), Some(TransferStage::Ringing));
        assert_eq!(transfer.notified(notice("active", "SIP/2.0 183 Progress")), None);
        assert_eq!(transfer.notified(notice("terminated;reason=noresource", "SIP/2.0 200 OK")), Some(TransferStage::Completed));
        assert!(!transfer.is_busy());
        assert_eq!(transfer.deadline(), None);
    }

    #[test]
    fn a_refused_request_and_a_refused_call_both_fail() {
        assert!(matches!(asked().answered(603), Some(TransferStage::Failed(why)) if why.contains("603")));
        let mut transfer = trying();
        assert!(
            matches!(transfer.notified(notice("terminated", "SIP/2.0 486 Busy Here")), Some(TransferStage::Failed(why)) if why.contains("486"))
        );
        assert_eq!((transfer.is_busy(), transfer.deadline()), (false, None));
    }

    #[test]
    fn a_notice_that_is_faster_than_the_answer_counts() {
        let mut transfer = asked();
        assert_eq!(transfer.notified(notice("active", "SIP/2.0 100 Trying")), Some(TransferStage::Trying));
        assert_eq!(transfer.answered(202), None);
    }

    #[test]
    fn an_end_without_a_result_is_a_failure() {
        assert!(matches!(trying().notified(notice("Terminated;reason=timeout", "")), Some(TransferStage::Failed(_))));
    }

    #[test]
    fn somebody_who_takes_the_call_after_we_gave_up_has_it() {
        for mut transfer in [trying(), asked()] {
            assert!(matches!(transfer.overdue(), Some(TransferStage::Failed(why)) if why.contains("30 seconds")));
            assert_eq!((transfer.is_busy(), transfer.deadline()), (false, None));
            assert_eq!(transfer.answered(202), None);
            assert_eq!(transfer.notified(notice("active", "SIP/2.0 180 Ringing")), None);
            assert_eq!(transfer.notified(notice("terminated", "SIP/2.0 200 OK")), Some(TransferStage::Completed));
        }
        let mut transfer = asked();
        assert!(matches!(transfer.unanswered("nobody answered"), Some(TransferStage::Failed(_))));
        assert_eq!(transfer.notified(notice("terminated", "SIP/2.0 200 OK")), Some(TransferStage::Completed));
    }

    #[test]
    fn a_failure_is_told_once() {
        let mut transfer = trying();
        assert!(transfer.overdue().is_some());
        assert_eq!(transfer.overdue(), None);
        assert_eq!(transfer.notified(notice("terminated", "SIP/2.0 408 Request Timeout")), None);
        assert_eq!(transfer.notified(notice("terminated", "SIP/2.0 200 OK")), None, "the last notice was the last");
        let mut transfer = asked();
        assert!(transfer.overdue().is_some());
        assert_eq!((transfer.answered(603), transfer.unanswered("nobody answered")), (None, None));
    }

    #[test]
    fn another_person_can_be_asked_after_we_gave_up() {
        let mut transfer = trying();
        transfer.overdue();
        transfer.ask(Instant::now());
        assert!(transfer.is_busy() && transfer.deadline().is_some());
    }

    #[test]
    fn a_last_notice_is_waited_for_when_they_hang_up_while_passing_on() {
        let now = Instant::now();
        let mut given_up = trying();
        given_up.overdue();
        for mut transfer in [asked(), trying(), given_up] {
            assert!(transfer.left(now));
            assert_eq!(transfer.deadline(), Some(now + LINGER));
            assert_eq!(transfer.notified(notice("terminated", "SIP/2.0 200 OK")), Some(TransferStage::Completed));
        }
        assert!(!Transfer::default().left(now));
    }

    #[test]
    fn notices_without_a_transfer_say_nothing() {
        assert_eq!(Transfer::default().notified(notice("terminated", "SIP/2.0 200 OK")), None);
        assert_eq!(Transfer::default().answered(202), None);
    }

    #[test]
    fn nonsense_is_no_status() {
        for body in ["", "SIP/2.0 ", "SIP/2.0 abc", "HTTP/1.1 200 OK", "SIP/2.0 \u{fc}\u{fc}"] {
            assert_eq!(notice("active", body).status, None, "{body:?}");
        }
    }
}
