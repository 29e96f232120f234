//! Calls that we place: the way to whom we call, and the INVITE.
//!
//! Who we are to them is our account at the gateway, or our own address if there is none; a challenge is answered with the account's password.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rsipstack::dialog::invitation::InviteOption;
use rsipstack::sip::{Header, Param, Transport, Uri};
use rsipstack::transaction::endpoint::EndpointInnerRef;
use rsipstack::transport::SipAddr;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use super::call::{Call, Echo};
use super::reply::ALLOW;
use super::session::Session;
use super::switchboard::{Ground, MOST_CALLS, Switchboard};
use super::{House, party};
use crate::lines::{Dial, DialFault, Leg, Party};

/// Finding an address, and a stream to it, may take so long.
const PATIENCE: Duration = Duration::from_secs(5);
/// No call of ours rings there for longer.
const LONGEST_RING: Duration = Duration::from_secs(180);

/// The way to whom we call.
pub struct Way {
    callee: Uri,
    destination: SipAddr,
    /// How messages go there.
    pub transport: Transport,
    /// Where that is.
    pub peer: Option<SocketAddr>,
}

/// Find the way there.
///
/// # Errors
/// If there is none, or it takes too long.
pub async fn find(stack: &EndpointInnerRef, callee: Uri) -> Result<Way, DialFault> {
    let target = SipAddr::try_from(&callee).map_err(|_| DialFault::Nowhere)?;
    let found = timeout(PATIENCE, stack.transport_layer.lookup(&target, None)).await;
    let (_connection, destination) = found.map_err(|_| DialFault::Nowhere)?.map_err(|_| DialFault::Nowhere)?;
    let transport = target.r#type.unwrap_or(Transport::Udp);
    let peer = destination.get_socketaddr().ok();
    Ok(Way { callee, destination, transport, peer })
}

impl House {
    /// What this address is in SIP: a number (`tel:`) is one of the gateway's.
    pub(super) fn callee(&self, address: &str) -> Result<Uri, DialFault> {
        let parsed = |address: &str| Uri::try_from(address).map_err(|_| DialFault::Nowhere);
        let Some(number) = address.strip_prefix("tel:") else { return parsed(address) };
        let register = self.config.register.as_ref().ok_or(DialFault::NoGateway)?;
        let gateway = register.registrar.strip_prefix("sip:").ok_or(DialFault::NoGateway)?;
        let place = gateway.split_once('@').map_or(gateway, |(_, place)| place);
        parsed(&format!("sip:{number}@{place}"))
    }

    /// The INVITE that goes this way with this offer; `contact` is where we are reached for it.
    pub(super) fn invitation(&self, way: Way, contact: Uri, offer: String) -> InviteOption {
        let account = self.config.register.as_ref().and_then(|register| {
            let mut account = Uri::try_from(register.registrar.as_str()).ok()?;
            account.auth.clone_from(&contact.auth);
            account.params.retain(|param| !matches!(param, Param::Transport(_)));
            Some(account)
        });
        let mut plain = contact.clone();
        plain.params.clear();
        InviteOption {
            caller: account.unwrap_or(plain),
            callee: way.callee,
            destination: Some(way.destination),
            offer: Some(offer.into_bytes()),
            contact,
            credential: self.credential(),
            headers: Some(vec![Header::Allow(ALLOW.into())]),
            ..InviteOption::default()
        }
    }
}

impl Switchboard {
    /// Somebody wants a call to be placed.
    pub fn dial(&mut self, dial: Dial) {
        // A line that takes no new calls still calls whom its callers want to speak with: for calls that go on, there is no other.
        let refused = if self.closing && self.running.is_empty() {
            Some(DialFault::Closed)
        } else if self.running.len() + self.finding.len() >= MOST_CALLS {
            Some(DialFault::Busy)
        } else {
            None
        };
        if let Some(fault) = refused {
            // Whoever asked may have gone.
            let _ = dial.leg.send(Err(fault));
            return;
        }
        let (stack, callee) = (Arc::clone(&self.stack), self.house.callee(dial.permit.address()));
        self.finding.spawn(async move {
            let way = match callee {
                Ok(callee) => find(&stack, callee).await,
                Err(fault) => Err(fault),
            };
            (dial, way)
        });
    }

    /// The way is found: call, if somebody still waits for it.
    pub(super) fn place(&mut self, dial: Dial, way: Result<Way, DialFault>) {
        let Dial { permit, ring, leg } = dial;
        if leg.is_closed() {
            return;
        }
        let called = party::user(permit.address());
        match way.and_then(|way| self.invite(way, called, ring)) {
            Ok((placed, call)) => {
                log::info!(call_id = call.id.simple().as_str(), line = self.house.id.as_str(), event = "call-placed"; "a call is placed");
                // If nobody waits any more, the leg is dropped, and the call ends by that.
                let _ = leg.send(Ok(placed));
                self.carry(call.dialog.clone(), call.carry());
            }
            Err(fault) => {
                log::warn!(line = self.house.id.as_str(), event = "call-not-placed"; "{fault}");
                let _ = leg.send(Err(fault));
            }
        }
    }

    fn invite(&mut self, way: Way, called: Option<String>, ring: Duration) -> Result<(Leg, Call), DialFault> {
        let Ground { sockets, local, contact } = self.ground(way.peer, way.transport).map_err(|_| DialFault::Busy)?;
        let mut session = Session::new(local, self.house.config.codecs.clone(), None);
        let invitation = self.house.invitation(way, contact, session.call());
        let (state_sender, states) = self.dialogs.new_dialog_state_channel();
        let (dialog, invited) = self.dialogs.do_invite_async(invitation, state_sender).map_err(|_| DialFault::Nowhere)?;
        let (leg, ports) = self.leg(Party::default(), called);
        let call = self.call(dialog, states, session, sockets, ports, ring.min(LONGEST_RING));
        let (echoes, invited) = (call.echoes.0.clone(), AbortOnDropHandle::new(invited));
        // It goes on when the call is over: an INVITE that was cancelled has to be seen to its end.
        tokio::spawn(self.lost.clone().run_until_cancelled_owned(async move {
            if !matches!(invited.await, Ok(Ok(_))) {
                let _ = echoes.send(Echo::Unsent).await;
            }
        }));
        Ok((leg, call))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::config;
    use crate::lines::sip::tests::house;

    #[test]
    fn a_number_is_the_gateway_s_and_an_address_is_itself() {
        let house = house();
        assert_eq!(house.callee("tel:+49301234567").err(), Some(DialFault::NoGateway));
        assert_eq!(house.callee("sip:anna@pbx").unwrap().to_string(), "sip:anna@pbx");
        let register = config::Register {
            registrar: "sip:pbx.office:5070;transport=tcp".into(),
            user: "robot".into(),
            credential: "password".into(),
            expires: Duration::from_secs(60),
        };
        let house = house.with(config::Sip { register: Some(register), ..house.config.clone() });
        assert_eq!(house.callee("tel:+49301234567").unwrap().to_string(), "sip:+49301234567@pbx.office:5070;transport=TCP");
    }
}
