//! What both sides have agreed on, and who owes whom an answer (RFC 3264), without I/O: offers and answers go in, descriptions for the other
//! side come out.

use super::sdp::{self, Agreed, Description, Direction, Local, Unusable};
use crate::config::Codec;

/// An offer of theirs, and what we agree on.
pub type Offer = (Description, Agreed);

/// One call's session.
pub struct Session {
    local: Local,
    codecs: Vec<Codec>,
    /// The offer of the INVITE, until it is answered; `None` if they want ours.
    offer: Option<Offer>,
    agreed: Option<Agreed>,
    awaits: Awaits,
}

/// What comes from them next: in the ACK, or in the 200 to our INVITE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaits {
    /// None is due.
    Nothing,
    /// It confirms our answer.
    Ack,
    /// It answers our offer.
    Answer,
}

impl Session {
    /// A session that was not taken yet.
    pub fn new(local: Local, codecs: Vec<Codec>, offer: Option<Offer>) -> Self {
        Self { local, codecs, offer, agreed: None, awaits: Awaits::Nothing }
    }

    /// What holds now.
    pub fn agreed(&self) -> Option<Agreed> {
        self.agreed
    }

    /// Whether no ACK is due.
    pub fn is_settled(&self) -> bool {
        self.awaits == Awaits::Nothing
    }

    /// Take the call: what our 200 says.
    pub fn take(&mut self) -> String {
        match self.offer.take() {
            Some((offer, agreed)) => {
                (self.agreed, self.awaits) = (Some(agreed), Awaits::Ack);
                offer.answer(&self.local, &agreed)
            }
            None => self.offer(),
        }
    }

    /// We call: what our INVITE says.
    pub fn call(&mut self) -> String {
        self.offer()
    }

    /// A re-INVITE: what our 200 says.
    pub fn reinvited(&mut self, offer: Option<Offer>) -> String {
        self.local.version += 1;
        match offer {
            Some(offer) => {
                self.awaits = Awaits::Ack;
                self.answer(offer)
            }
            None => self.offer(),
        }
    }

    /// An UPDATE with an offer: what our 200 says. No ACK follows.
    pub fn updated(&mut self, offer: Offer) -> String {
        self.local.version += 1;
        self.answer(offer)
    }

    /// No sound goes or comes any more.
    pub fn silence(&mut self) {
        self.agreed = self.agreed.map(|agreed| Agreed { direction: Direction::Inactive, ..agreed });
    }

    /// The ACK came, or the 200 to our INVITE, with this body.
    ///
    /// # Errors
    /// If it owed us an answer and does not bring one that we can use.
    pub fn acknowledged(&mut self, body: &[u8]) -> Result<(), Unusable> {
        if std::mem::replace(&mut self.awaits, Awaits::Nothing) == Awaits::Answer {
            self.agreed = Some(Description::parse(body)?.agree(&self.codecs)?);
        }
        Ok(())
    }

    fn offer(&mut self) -> String {
        self.awaits = Awaits::Answer;
        sdp::offer(&self.local, &self.codecs, Direction::SendRecv)
    }

    fn answer(&mut self, (offer, agreed): Offer) -> String {
        self.agreed = Some(agreed);
        offer.answer(&self.local, &agreed)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const CODECS: [Codec; 2] = [Codec::Pcma, Codec::Pcmu];

    fn session(offer: Option<Offer>) -> Session {
        let local = Local { address: "192.0.2.1".parse().unwrap(), port: 16_384, session: 7, version: 1 };
        Session::new(local, CODECS.to_vec(), offer)
    }

    fn body(payload_type: u8, attributes: &str) -> String {
        format!("v=0\r\nc=IN IP4 198.51.100.1\r\nm=audio 4000 RTP/AVP {payload_type}\r\n{attributes}")
    }

    fn offer(payload_type: u8, attributes: &str) -> Offer {
        let offer = Description::parse(body(payload_type, attributes).as_bytes()).unwrap();
        let agreed = offer.agree(&CODECS).unwrap();
        (offer, agreed)
    }

    #[test]
    fn an_offer_holds_from_our_answer_on_and_the_ack_only_confirms_it() {
        let mut session = session(Some(offer(0, "")));
        assert_eq!(session.agreed(), None);
        assert!(session.take().contains("RTP/AVP 0\r\n"));
        assert_eq!(session.agreed().unwrap().codec, Codec::Pcmu);
        assert!(!session.is_settled());
        assert_eq!(session.acknowledged(b""), Ok(()));
        assert!(session.is_settled());
    }

    #[test]
    fn our_offer_holds_once_the_ack_answers_it() {
        let mut session = session(None);
        assert!(session.take().contains("RTP/AVP 8 0 101\r\n"));
        assert_eq!((session.agreed(), session.is_settled()), (None, false));
        assert_eq!(session.acknowledged(body(0, "").as_bytes()), Ok(()));
        assert_eq!(session.agreed().unwrap().codec, Codec::Pcmu);
    }

    #[test]
    fn whom_we_call_answers_our_offer_as_an_ack_does() {
        let mut session = session(None);
        assert!(session.call().contains("RTP/AVP 8 0 101\r\n"));
        assert_eq!((session.agreed(), session.is_settled()), (None, false));
        assert_eq!(session.acknowledged(body(8, "").as_bytes()), Ok(()));
        assert_eq!(session.agreed().unwrap().codec, Codec::Pcma);
    }

    #[test]
    fn an_ack_that_owes_an_answer_and_brings_none_is_an_error() {
        for (answer, unusable) in [("", Unusable::Malformed), (&body(9, ""), Unusable::NoCodec)] {
            let mut session = session(None);
            session.take();
            assert_eq!(session.acknowledged(answer.as_bytes()), Err(unusable));
        }
    }

    #[test]
    fn every_description_after_the_first_has_a_version_of_its_own() {
        let mut session = session(Some(offer(8, "")));
        assert!(session.take().contains("o=- 7 1 "));
        session.acknowledged(b"").unwrap();
        assert!(session.reinvited(Some(offer(8, "a=sendonly\r\n"))).contains("o=- 7 2 "));
        assert_eq!(session.agreed().unwrap().direction, Direction::RecvOnly);
        session.acknowledged(b"").unwrap();
        assert!(session.updated(offer(8, "")).contains("o=- 7 3 "));
        assert!(session.is_settled(), "nobody confirms an UPDATE");
        assert_eq!(session.agreed().unwrap().direction, Direction::SendRecv);
        assert!(session.reinvited(None).contains("o=- 7 4 "));
        assert!(!session.is_settled());
    }
}
