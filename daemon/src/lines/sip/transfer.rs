//! How far passing a call on is (RFC 3515, RFC 5589), without I/O: the answer to our REFER and the NOTIFYs that follow go in, stages for
//! the call actor come out.

use crate::lines::TransferStage;

/// A hand-over in progress or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transfer {
    /// None is under way.
    #[default]
    Idle,
    /// Asked for, not yet answered.
    Asked,
    /// Taken; the other side is trying.
    Trying,
    /// It rings there.
    Ringing,
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
    /// Whether one is under way.
    #[must_use]
    pub fn is_busy(self) -> bool {
        self != Self::Idle
    }

    /// The other side answered the REFER.
    pub fn answered(&mut self, status: u16) -> Option<TransferStage> {
        match (*self, status) {
            (Self::Idle, _) => None,
            (_, 300..) => Some(self.failed(format!("the other side refused to pass the call on (SIP {status})"))),
            // A NOTIFY may have been faster than the answer.
            (Self::Asked, 200..) => Some(self.at(Self::Trying, TransferStage::Trying)),
            _ => None,
        }
    }

    /// The other side told how far it is.
    pub fn notified(&mut self, notice: Notice) -> Option<TransferStage> {
        match (*self, notice.status) {
            (Self::Idle, _) => None,
            (_, Some(200..=299)) => Some(self.at(Self::Idle, TransferStage::Completed)),
            (_, Some(status @ 300..)) => Some(self.failed(format!("nobody took the call (SIP {status})"))),
            (_, _) if notice.last => Some(self.failed("the other side stopped telling how far it is".into())),
            (Self::Asked | Self::Trying, Some(180..=199)) => Some(self.at(Self::Ringing, TransferStage::Ringing)),
            (Self::Asked, Some(_)) => Some(self.at(Self::Trying, TransferStage::Trying)),
            _ => None,
        }
    }

    /// Nothing came for too long, or the request could not be sent.
    pub fn failed(&mut self, why: String) -> TransferStage {
        self.at(Self::Idle, TransferStage::Failed(why))
    }

    fn at(&mut self, next: Self, stage: TransferStage) -> TransferStage {
        *self = next;
        stage
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(state: &str, body: &str) -> Notice {
        Notice::parse(state, body.as_bytes())
    }

    #[test]
    fn a_call_that_is_passed_on_goes_through_all_stages() {
        let mut transfer = Transfer::Asked;
        assert_eq!(transfer.answered(202), Some(TransferStage::Trying));
        assert_eq!(transfer.notified(notice("active;expires=60", "SIP/2.0 100 Trying\r\n")), None);
        assert_eq!(transfer.notified(notice("active", "SIP/2.0 180 Ringing")), Some(TransferStage::Ringing));
        assert_eq!(transfer.notified(notice("active", "SIP/2.0 183 Progress")), None);
        assert_eq!(transfer.notified(notice("terminated;reason=noresource", "SIP/2.0 200 OK")), Some(TransferStage::Completed));
        assert!(!transfer.is_busy());
    }

    #[test]
    fn a_refused_request_and_a_refused_call_both_fail() {
        let mut transfer = Transfer::Asked;
        assert!(matches!(transfer.answered(603), Some(TransferStage::Failed(why)) if why.contains("603")));
        let mut transfer = Transfer::Trying;
        assert!(
            matches!(transfer.notified(notice("terminated", "SIP/2.0 486 Busy Here")), Some(TransferStage::Failed(why)) if why.contains("486"))
        );
        assert_eq!(transfer, Transfer::Idle);
    }

    #[test]
    fn a_notice_that_is_faster_than_the_answer_counts() {
        let mut transfer = Transfer::Asked;
        assert_eq!(transfer.notified(notice("active", "SIP/2.0 100 Trying")), Some(TransferStage::Trying));
        assert_eq!(transfer.answered(202), None);
    }

    #[test]
    fn an_end_without_a_result_is_a_failure() {
        let mut transfer = Transfer::Ringing;
        assert!(matches!(transfer.notified(notice("Terminated;reason=timeout", "")), Some(TransferStage::Failed(_))));
    }

    #[test]
    fn notices_without_a_transfer_say_nothing() {
        assert_eq!(Transfer::Idle.notified(notice("terminated", "SIP/2.0 200 OK")), None);
        assert_eq!(Transfer::Idle.answered(202), None);
    }

    #[test]
    fn nonsense_is_no_status() {
        for body in ["", "SIP/2.0 ", "SIP/2.0 abc", "HTTP/1.1 200 OK", "SIP/2.0 \u{fc}\u{fc}"] {
            assert_eq!(notice("active", body).status, None, "{body:?}");
        }
    }
}
