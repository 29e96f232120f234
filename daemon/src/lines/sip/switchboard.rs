//! All calls of a line, and who gets a request: a call that is under way, a new call, or an answer on the spot. How one is placed stands in
//! [`placing`](super::placing).

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rsipstack::dialog::DialogId;
use rsipstack::dialog::authenticate::Credential;
use rsipstack::dialog::dialog::DialogStateReceiver;
use rsipstack::dialog::dialog_layer::DialogLayer;
use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::sip::{Header, HeadersExt, Method, Transport, Uri};
use rsipstack::transaction::endpoint::EndpointInnerRef;
use rsipstack::transaction::transaction::Transaction;
use rsipstack::transport::SipConnection;
use tokio::sync::mpsc;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::House;
use super::call::Call;
use super::endpoint::{advertised, contact};
use super::offer::read_offer;
use super::party;
use super::peers::{Trust, trust};
use super::placing::Way;
use super::ports::{RtpSockets, bind_pair};
use super::reply::{ALLOW, Refusal, SDP, refuse, reply};
use super::sdp::Local;
use super::session::Session;
use super::sound::Sound;
use crate::lines::{Capabilities, Dial, DialFault, Dialler, Leg, LegPorts, Party, STALL, leg};
use crate::progress::Progress;

/// No more calls at once, whatever the house says.
pub(super) const MOST_CALLS: usize = 64;
/// Requests of one call that may wait for it.
const WAITING: usize = 16;
/// A call that nobody here takes or refuses is refused after this long.
const RINGING: Duration = Duration::from_secs(180);
/// What a call's own tasks may have to tell it at once.
const ECHOES: usize = 8;
/// What every call of a SIP line can do.
const CAPABILITIES: Capabilities = Capabilities { full_duplex: true, transfer: true };
/// How long calls may take to end when the stack is gone.
const FAREWELL: Duration = Duration::from_secs(2);
/// The user part of our address if we have no account.
const USER: &str = "switchhook";

/// What the other side calls a call of ours by, whoever placed it: its Call-ID, and our tag in it. Their tag is the call's own matter: it is not known before
/// they answered.
type Name = (String, String);

fn name(id: &DialogId) -> Name {
    (id.call_id.clone(), id.local_tag.clone())
}

/// All calls of a line.
pub struct Switchboard {
    pub(super) house: Arc<House>,
    pub(super) stack: EndpointInnerRef,
    pub(super) dialogs: Arc<DialogLayer>,
    listening: SocketAddr,
    legs: mpsc::Sender<Leg>,
    dialler: Dialler,
    progress: Progress,
    calls: HashMap<Name, mpsc::Sender<Transaction>>,
    pub(super) running: JoinSet<()>,
    /// Calls to be placed, whose way is looked for.
    pub(super) finding: JoinSet<(Dial, Result<Way, DialFault>)>,
    /// Which call each task carries: a task that panicked cannot say so itself.
    carried: HashMap<Id, InviteDialog>,
    /// Whether the house is closing.
    pub(super) closing: bool,
    /// Cancelled when the stack is gone: nothing waits for it then, and nothing keeps its sockets.
    pub(super) lost: CancellationToken,
}

impl Switchboard {
    /// A line without calls; `dialler` asks it to place some.
    pub fn new(
        house: Arc<House>,
        stack: EndpointInnerRef,
        listening: SocketAddr,
        legs: mpsc::Sender<Leg>,
        dialler: Dialler,
        progress: Progress,
    ) -> Self {
        let dialogs = Arc::new(DialogLayer::new(Arc::clone(&stack)));
        let (calls, running, finding, carried) = (HashMap::new(), JoinSet::new(), JoinSet::new(), HashMap::new());
        let lost = CancellationToken::new();
        Self { house, stack, dialogs, listening, legs, dialler, progress, calls, running, finding, carried, closing: false, lost }
    }

    /// The line is configured so from now on, for new calls.
    pub fn renew(&mut self, house: Arc<House>) {
        self.house = house;
    }

    /// Take no new calls any more.
    pub fn close(&mut self) {
        self.closing = true;
    }

    /// Whether no call is under way.
    pub fn is_idle(&self) -> bool {
        self.running.is_empty() && self.finding.is_empty()
    }

    /// Wait until a call is over, or one can be placed; for ever if there is none. Cancel-safe.
    pub async fn next(&mut self) {
        tokio::select! {
            Some(ended) = self.running.join_next_with_id() => self.call_over(ended),
            Some(found) = self.finding.join_next() => if let Ok((dial, way)) = found {
                self.place(dial, way);
            },
            else => std::future::pending().await,
        }
    }

    fn call_over(&mut self, ended: Result<(Id, ()), JoinError>) {
        let task = match ended {
            Ok((task, ())) => task,
            Err(fault) => {
                self.call_panicked(&fault);
                fault.id()
            }
        };
        if let Some(dialog) = self.carried.remove(&task) {
            let id = dialog.id();
            self.calls.remove(&name(&id));
            self.dialogs.remove_dialog(&id);
        }
    }

    /// A fault in one call must not take the line down. Requests for that call find it gone.
    fn call_panicked(&self, fault: &JoinError) {
        // What a panic says may hold a caller's number: where it happened is in the journal already.
        log::error!(line = self.house.id.as_str(), event = "call-panicked", panic = fault.is_panic(); "a call ended by a fault of ours");
    }

    /// The stack is gone, and every call with it. Their actors are told so, and the callers if a BYE still goes out.
    pub async fn abandon(mut self) {
        self.lost.cancel();
        let _ = timeout(FAREWELL, async { while self.running.join_next().await.is_some() {} }).await;
    }

    /// A request that belongs to no transaction yet.
    pub fn route(&mut self, transaction: Transaction) {
        let Ok(id) = DialogId::try_from(&transaction) else { return refuse(transaction, Refusal::of(400)) };
        if !id.local_tag.is_empty() {
            return self.within_a_call(&id, transaction);
        }
        match transaction.original.method {
            Method::Invite => self.new_call(transaction),
            Method::Options => {
                let headers = vec![Header::Allow(ALLOW.into()), Header::Accept(SDP.into())];
                reply(transaction, if self.closing { 503 } else { 200 }, headers, None);
            }
            Method::Bye | Method::Info | Method::Update | Method::Notify | Method::PRack => refuse(transaction, Refusal::of(481)),
            _ => refuse(transaction, Refusal::method()),
        }
    }

    fn within_a_call(&self, id: &DialogId, transaction: Transaction) {
        let Some(call) = self.calls.get(&name(id)) else { return refuse(transaction, Refusal::of(481)) };
        match call.try_send(transaction) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(transaction)) => refuse(transaction, Refusal::of(500)),
            Err(mpsc::error::TrySendError::Closed(transaction)) => refuse(transaction, Refusal::of(481)),
        }
    }

    fn new_call(&mut self, mut transaction: Transaction) {
        let call = match self.admit(&transaction) {
            Ok(call) => call,
            Err(refusal) => {
                log::info!(line = self.house.id.as_str(), event = "call-refused", status = refusal.status; "a call was refused");
                return refuse(transaction, refusal);
            }
        };
        log::info!(call_id = call.id.simple().as_str(), line = self.house.id.as_str(), event = "call-rings"; "a call rings");
        let (dialog, mut invited) = (call.dialog.clone(), call.dialog.clone());
        tokio::spawn(self.lost.clone().run_until_cancelled_owned(async move {
            let _ = transaction.send_trying().await;
            let _ = invited.handle(&mut transaction).await;
        }));
        let _ = dialog.ringing(None, None);
        self.carry(dialog, call.carry());
    }

    pub(super) fn carry(&mut self, dialog: InviteDialog, call: impl Future<Output = ()> + Send + 'static) {
        let task = self.running.spawn(call).id();
        self.carried.insert(task, dialog);
    }

    /// Everything that a call needs, or why there is none.
    fn admit(&mut self, transaction: &Transaction) -> Result<Call, Refusal> {
        if self.closing {
            return Err(Refusal::closing());
        }
        let peer = transaction.connection.as_ref().and_then(SipConnection::get_remote_addr).and_then(|addr| addr.get_socketaddr().ok());
        let trust = self.house.trust(peer);
        if trust == Trust::Stranger {
            return Err(Refusal::of(403));
        }
        let request = &transaction.original;
        if let Some(required) = request.header_value("Require").filter(|required| !required.trim().is_empty()) {
            return Err(Refusal::extension(&required));
        }
        if self.running.len() >= MOST_CALLS {
            return Err(Refusal::of(486));
        }
        let offer = read_offer(transaction, &self.house.config.codecs)?;
        let transport = transaction.connection.as_ref().map_or(Transport::Udp, SipConnection::transport);
        let Ground { sockets, local, contact } = self.ground(peer, transport).map_err(|_| Refusal::of(503))?;
        let (state_sender, states) = self.dialogs.new_dialog_state_channel();
        let credential = self.house.credential();
        let dialog =
            self.dialogs.get_or_create_server_invite(transaction, state_sender, credential, Some(contact)).map_err(|_| Refusal::of(400))?;
        let (caller, called) = parties(transaction, trust);
        let (leg, ports) = self.leg(caller, called);
        if let Err(error) = self.legs.try_send(leg) {
            self.dialogs.remove_dialog(&dialog.id());
            return Err(Refusal::of(if matches!(error, mpsc::error::TrySendError::Full(_)) { 486 } else { 503 }));
        }
        let session = Session::new(local, self.house.config.codecs.clone(), offer);
        Ok(self.call(dialog, states, session, sockets, ports, RINGING))
    }

    /// What a call stands on: ports for its sound, and our address as the other side sees it.
    pub(super) fn ground(&self, peer: Option<SocketAddr>, transport: Transport) -> std::io::Result<Ground> {
        let address = advertised(&self.house.config, self.listening, peer);
        let sockets = bind_pair(self.listening.ip(), &self.house.config.rtp_ports).inspect_err(|error| {
            log::warn!(line = self.house.id.as_str(), event = "no-rtp-port"; "{error}");
        })?;
        let local = Local { address, port: sockets.port, session: u64::from(rand::random::<u32>()), version: 1 };
        let contact = contact(self.house.user().unwrap_or(USER), address, self.listening.port(), transport);
        Ok(Ground { sockets, local, contact })
    }

    pub(super) fn leg(&self, caller: Party, called: Option<String>) -> (Leg, LegPorts) {
        let (mut leg, ports) = leg(self.house.id.clone(), caller, called, CAPABILITIES);
        leg.dialler = Some(self.dialler.clone());
        (leg, ports)
    }

    /// A call whose sound is at work, and which requests find.
    pub(super) fn call(
        &mut self,
        dialog: InviteDialog,
        states: DialogStateReceiver,
        session: Session,
        sockets: RtpSockets,
        ports: LegPorts,
        ring: Duration,
    ) -> Call {
        let (orders, orders_out) = mpsc::channel(64);
        let (news_in, news) = mpsc::channel(64);
        let heart = self.progress.register(format!("sound of line {}", self.house.id), STALL);
        let sound = Sound::new(sockets, orders_out, news_in, ports.hears, ports.clock, self.house.config.media_timeout, heart);
        tokio::spawn(sound.carry());
        let (requests_in, requests) = mpsc::channel(WAITING);
        self.calls.insert(name(&dialog.id()), requests_in);
        let (id, events, commands) = (ports.id, ports.events, ports.commands);
        let (house, lost, echoes) = (Arc::clone(&self.house), self.lost.clone(), mpsc::channel(ECHOES));
        Call { id, house, dialog, states, requests, events, commands, orders, news, session, ring, echoes, lost }
    }
}

/// What a call stands on.
pub(super) struct Ground {
    pub(super) sockets: RtpSockets,
    pub(super) local: Local,
    pub(super) contact: Uri,
}

/// Who calls whom, as far as the sender may say it.
fn parties(transaction: &Transaction, trust: Trust) -> (Party, Option<String>) {
    let request = &transaction.original;
    let from = request.from_header().map(|from| from.value().to_owned()).unwrap_or_default();
    let asserted = request.header_value("P-Asserted-Identity").filter(|_| trust == Trust::Peer);
    let privacy = request.header_value("Privacy");
    (party::caller(&from, asserted.as_deref(), privacy.as_deref()), party::user(&request.uri.to_string()))
}

impl House {
    fn user(&self) -> Option<&str> {
        self.config.register.as_ref().map(|register| register.user.as_str())
    }

    fn trust(&self, from: Option<SocketAddr>) -> Trust {
        let gateway = self.gateway.borrow();
        let gateway = self.config.register.as_ref().map(|_| gateway.as_slice());
        trust(self.config.peers.as_deref(), gateway, from.map(|from| from.ip()))
    }

    /// For a gateway that challenges calls of ours, or requests within a call.
    pub(super) fn credential(&self) -> Option<Credential> {
        let (register, password) = self.config.register.as_ref().zip(self.password.as_ref())?;
        Some(Credential { username: register.user.clone(), password: password.reveal().to_owned(), realm: None, auth_username: None })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::lines::sip::endpoint::SipEndpoint;
    use crate::lines::sip::tests::house;

    /// The dialog of a call that was not placed yet.
    fn dialog(switchboard: &Switchboard) -> (InviteDialog, DialogStateReceiver) {
        let (sender, states) = switchboard.dialogs.new_dialog_state_channel();
        let here = contact(USER, switchboard.listening.ip(), switchboard.listening.port(), Transport::Udp);
        let invitation =
            rsipstack::dialog::invitation::InviteOption { caller: here.clone(), callee: here.clone(), contact: here, ..Default::default() };
        (switchboard.dialogs.create_client_invite_dialog(invitation, sender).unwrap().0, states)
    }

    #[tokio::test]
    async fn a_call_that_panics_leaves_no_entry_behind() {
        let endpoint = SipEndpoint::bind(([127, 0, 0, 1], 0).into(), None).await.unwrap();
        let (legs, _legs) = mpsc::channel(1);
        let mut switchboard =
            Switchboard::new(house(), Arc::clone(&endpoint.stack), endpoint.listening, legs, Dialler::new().0, Progress::default());
        let (dialog, _states) = dialog(&switchboard);
        switchboard.calls.insert(name(&dialog.id()), mpsc::channel(1).0);
        switchboard.carry(dialog, async { panic!("as a call might") });
        switchboard.next().await;
        assert!(switchboard.is_idle() && switchboard.calls.is_empty() && switchboard.carried.is_empty());
    }
}
