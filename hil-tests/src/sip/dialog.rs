//! What two phones have agreed on, and the requests that follow from it (RFC 3261 section 12).

use std::net::SocketAddr;

use super::uri::{inside, tag};
use super::{Message, Protocol, Target};

/// One side of a call: the names it goes by, and where its requests go.
#[derive(Clone, Debug)]
pub struct Dialog {
    call_id: String,
    local: SocketAddr,
    protocol: Protocol,
    from: String,
    to: String,
    remote_target: String,
    routes: Vec<String>,
    cseq: u32,
}

impl Dialog {
    /// A call that is yet to be placed, from a phone at `local`.
    #[must_use]
    pub fn new(target: &Target, local: SocketAddr, protocol: Protocol) -> Self {
        Self {
            call_id: format!("{:016x}@switchhook-hil", rand::random::<u64>()),
            local,
            protocol,
            from: format!("\"Caller\" <sip:caller@{local}>;tag={:08x}", rand::random::<u32>()),
            to: format!("<{}>", target.uri),
            remote_target: target.uri.clone(),
            routes: Vec::new(),
            cseq: 0,
        }
    }

    /// Whether a message belongs to this call.
    #[must_use]
    pub fn owns(&self, message: &Message) -> bool {
        message.header("Call-ID") == Some(self.call_id.as_str())
    }

    /// Where the next request goes: the first proxy that asked to stay in the path, or the other phone itself.
    #[must_use]
    pub fn next_hop(&self) -> &str {
        self.routes.first().map_or(&self.remote_target, |route| inside(route))
    }

    /// Our own address, for `Contact`.
    #[must_use]
    pub fn contact(&self) -> String {
        format!("<sip:caller@{};transport={}>", self.local, self.protocol.word())
    }

    /// The next request of this call.
    #[must_use]
    pub fn request(&mut self, method: &str) -> Message {
        self.cseq += 1;
        self.build(method, self.cseq)
    }

    /// What confirms a final answer to `invite`. A refusal is confirmed within the invitation's own transaction (section 17.1.1.3), an
    /// acceptance by a request of its own (section 13.2.2.4).
    #[must_use]
    pub fn ack(&self, invite: &Message, answer: &Message) -> Message {
        let number = invite.cseq().map_or(self.cseq, |(number, _)| number);
        if answer.status().is_some_and(|status| status < 300) {
            return self.build("ACK", number);
        }
        let mut ack = self.within(invite, "ACK");
        for (name, value) in &mut ack.headers {
            if name == "To" {
                answer.header("To").unwrap_or_default().clone_into(value);
            }
        }
        ack
    }

    /// What takes `invite` back before it is answered (section 9.1).
    #[must_use]
    pub fn cancel(&self, invite: &Message) -> Message {
        self.within(invite, "CANCEL")
    }

    /// Learn from the answer to our invitation who answered and how to reach them (section 12.1.2).
    pub fn established_by(&mut self, answer: &Message) {
        if let Some(to) = answer.header("To").filter(|to| tag(to).is_some()) {
            to.clone_into(&mut self.to);
        }
        self.routes = answer.all("Record-Route").flat_map(split_list).map(str::to_owned).collect();
        self.routes.reverse();
        self.refreshed_by(answer);
    }

    /// Learn where the other phone is now (section 12.2).
    pub fn refreshed_by(&mut self, message: &Message) {
        if let Some(contact) = message.header("Contact") {
            inside(contact).clone_into(&mut self.remote_target);
        }
    }

    fn build(&self, method: &str, number: u32) -> Message {
        let via = format!("SIP/2.0/{} {};branch=z9hG4bK{:016x};rport", self.protocol.name(), self.local, rand::random::<u64>());
        let mut message = Message::request(method, &self.remote_target)
            .with("Via", via)
            .with("Max-Forwards", "70")
            .with("From", &self.from)
            .with("To", &self.to)
            .with("Call-ID", &self.call_id)
            .with("CSeq", format!("{number} {method}"))
            .with("Contact", self.contact())
            .with("User-Agent", "switchhook-hil");
        for route in &self.routes {
            message = message.with("Route", route);
        }
        message
    }

    /// A request in the transaction of `invite`: the same address, names and number, another method.
    fn within(&self, invite: &Message, method: &str) -> Message {
        let number = invite.cseq().map_or(self.cseq, |(number, _)| number);
        let kept = ["Via", "Max-Forwards", "From", "To", "Call-ID", "Route"];
        let headers = invite.headers.iter().filter(|(name, _)| kept.contains(&name.as_str())).cloned().collect();
        let mut message = Message { headers, body: Vec::new(), ..invite.clone() };
        if let super::Start::Request { method: written, .. } = &mut message.start {
            method.clone_into(written);
        }
        message.with("CSeq", format!("{number} {method}"))
    }
}

/// The entries of a header that may hold several, separated by commas outside of brackets and quotes.
fn split_list(value: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    let mut quoted = false;
    value
        .split(move |c| {
            match c {
                '"' => quoted = !quoted,
                '<' if !quoted => depth += 1,
                '>' if !quoted => depth -= 1,
                _ => {}
            }
            c == ',' && depth == 0 && !quoted
        })
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn dialog() -> Dialog {
        let target: Target = "sip:office@127.0.0.1:5070".parse().unwrap();
        Dialog::new(&target, "127.0.0.1:40000".parse().unwrap(), Protocol::Udp)
    }

    fn accepted(invite: &Message) -> Message {
        let mut answer = Message::response(invite, 200, "OK")
            .with("Contact", "<sip:robot@127.0.0.9:5099>")
            .with("Record-Route", "<sip:p2;lr>, <sip:p1;lr>");
        for (name, value) in &mut answer.headers {
            if name == "To" {
                value.push_str(";tag=robot");
            }
        }
        answer
    }

    #[test]
    fn an_answered_call_goes_through_the_proxies_in_reverse_order_to_whoever_answered() {
        let mut dialog = dialog();
        let invite = dialog.request("INVITE");
        dialog.established_by(&accepted(&invite));
        let bye = dialog.request("BYE");
        assert_eq!(dialog.next_hop(), "sip:p1;lr");
        assert_eq!(bye.all("Route").collect::<Vec<_>>(), ["<sip:p1;lr>", "<sip:p2;lr>"]);
        assert_eq!(bye.start, super::super::Start::Request { method: "BYE".into(), uri: "sip:robot@127.0.0.9:5099".into() });
        assert_eq!(bye.cseq(), Some((2, "BYE")));
        assert_eq!(tag(bye.header("To").unwrap()), Some("robot"));
    }

    #[test]
    fn an_acceptance_is_confirmed_anew_and_a_refusal_within_the_invitation() {
        let mut dialog = dialog();
        let invite = dialog.request("INVITE");
        let refused = dialog.ack(&invite, &Message::response(&invite, 486, "Busy Here"));
        assert_eq!(refused.header("Via"), invite.header("Via"));
        assert_eq!(refused.cseq(), Some((1, "ACK")));
        let accepted = dialog.ack(&invite, &accepted(&invite));
        assert_ne!(accepted.header("Via"), invite.header("Via"));
        assert_eq!(accepted.cseq(), Some((1, "ACK")));
    }

    #[test]
    fn a_cancelled_invitation_is_named_by_its_own_branch() {
        let mut dialog = dialog();
        let invite = dialog.request("INVITE").with_body("application/sdp", "v=0");
        let cancel = dialog.cancel(&invite);
        assert_eq!(cancel.method(), Some("CANCEL"));
        assert_eq!(cancel.header("Via"), invite.header("Via"));
        assert_eq!(cancel.cseq(), Some((1, "CANCEL")));
        assert!(cancel.body.is_empty());
    }

    #[test]
    fn a_list_is_split_outside_of_brackets_and_quotes() {
        let entries: Vec<_> = split_list("\"a, b\" <sip:x;y=1,2>, <sip:z> ,").collect();
        assert_eq!(entries, ["\"a, b\" <sip:x;y=1,2>", "<sip:z>"]);
    }
}
