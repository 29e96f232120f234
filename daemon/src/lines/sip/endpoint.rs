//! The line's sockets: one port, UDP and TCP, with rsipstack's transport and transaction layers behind them.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rsipstack::EndpointBuilder;
use rsipstack::sip::{Host, HostWithPort, Transport, Uri};
use rsipstack::transaction::endpoint::{EndpointInnerRef, EndpointOption};
use rsipstack::transaction::{Endpoint, TransactionReceiver};
use rsipstack::transport::tcp::TcpConnection;
use rsipstack::transport::udp::UdpConnection;
use rsipstack::transport::{SipAddr, SipConnection, TransportLayer};
use tokio::net::{TcpListener, UdpSocket};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::guard::GuardedSocket;
use super::ports::address_towards;
use crate::config;

/// What we call ourselves.
const USER_AGENT: &str = concat!("Switchhook/", env!("CARGO_PKG_VERSION"));
/// How often a port that is free for both transports is looked for.
const ATTEMPTS: usize = 20;
/// No more TCP connections are taken at once.
const MOST_CONNECTIONS: usize = 128;
/// The stack wakes this often for its timers.
const TIMER: Duration = Duration::from_millis(20);

/// The bound sockets and the stack behind them. Everything ends when it is dropped.
pub struct SipEndpoint {
    /// The stack.
    pub stack: EndpointInnerRef,
    /// Requests that belong to no transaction yet.
    pub incoming: TransactionReceiver,
    /// Where we listen.
    pub listening: SocketAddr,
    /// The same as others would dial it, even if we listen everywhere.
    pub address: String,
    /// The stack at work. If it ends while we do not, a message made it panic and the line is deaf.
    pub serving: AbortOnDropHandle<()>,
    endpoint: Endpoint,
    _accepting: AbortOnDropHandle<()>,
}

impl SipEndpoint {
    /// Bind both transports and serve them.
    ///
    /// # Errors
    /// If the port is taken or the address is not ours.
    pub async fn bind(listen: SocketAddr, public: Option<IpAddr>) -> Result<Self, BindError> {
        let (udp, tcp) = bind_both(listen).await.map_err(|source| BindError { listen, source })?;
        let failed = |what: String| BindError { listen, source: io::Error::other(what) };
        let listening = tcp.local_addr().map_err(|source| BindError { listen, source })?;
        let cancel = CancellationToken::new();
        let transport = TransportLayer::new(cancel.clone());
        let external = public.map(|ip| SocketAddr::new(ip, listening.port()));
        let connection = UdpConnection::from_socket(Arc::new(GuardedSocket(udp)), external, Some(cancel.child_token()));
        let connection = connection.await.map_err(|error| failed(error.to_string()))?;
        let local = connection.get_addr().addr.clone();
        let address = format!("sip:{local}");
        transport.add_transport(connection.into());
        let option = EndpointOption { callid_suffix: Some(local.host.to_string()), ..EndpointOption::default() };
        let endpoint = EndpointBuilder::new()
            .with_user_agent(USER_AGENT)
            .with_transport_layer(transport)
            .with_cancel_token(cancel.clone())
            .with_timer_interval(TIMER)
            .with_option(option)
            .build();
        let incoming = endpoint.incoming_transactions().map_err(|error| failed(error.to_string()))?;
        let stack = Arc::clone(&endpoint.inner);
        let served = Arc::clone(&stack);
        let serving = AbortOnDropHandle::new(tokio::spawn(async move {
            let _ = served.serve().await;
        }));
        let accepting = tokio::spawn(accept(tcp, Arc::clone(&stack), SipAddr::new(Transport::Tcp, local), cancel));
        Ok(Self { stack, incoming, listening, address, serving, endpoint, _accepting: AbortOnDropHandle::new(accepting) })
    }
}

impl Drop for SipEndpoint {
    fn drop(&mut self) {
        self.endpoint.shutdown();
    }
}

/// Why the line cannot listen.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen for SIP on {listen}: {source}; is another program using the port? `ss -lnp sport = :{port}` tells", port = listen.port())]
pub struct BindError {
    listen: SocketAddr,
    source: io::Error,
}

/// Both sockets on the same port. Port 0 takes one that is free for both.
async fn bind_both(listen: SocketAddr) -> io::Result<(UdpSocket, TcpListener)> {
    let mut attempts = if listen.port() == 0 { ATTEMPTS } else { 1 };
    loop {
        let udp = UdpSocket::bind(listen).await?;
        match TcpListener::bind(udp.local_addr()?).await {
            Ok(tcp) => return Ok((udp, tcp)),
            Err(error) if attempts <= 1 => return Err(error),
            Err(_) => attempts -= 1,
        }
    }
}

async fn accept(listener: TcpListener, stack: EndpointInnerRef, local: SipAddr, cancel: CancellationToken) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = cancel.cancelled() => return,
        };
        match accepted {
            // A stream beyond the limit is closed by being dropped.
            Ok((stream, _)) if stack.transport_layer.connections_count() < MOST_CONNECTIONS => {
                let _ = stream.set_nodelay(true);
                if let Ok(connection) = TcpConnection::from_stream(stream, local.clone(), Some(cancel.child_token())) {
                    stack.transport_layer.add_connection(SipConnection::Tcp(connection));
                }
            }
            Ok(_) => {}
            // Out of descriptors, most likely: some are given back with time.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

/// The address of ours that `peer` shall use.
pub fn advertised(config: &config::Sip, listening: SocketAddr, peer: Option<SocketAddr>) -> IpAddr {
    let bound = listening.ip();
    config.public.unwrap_or_else(|| match peer {
        Some(peer) if bound.is_unspecified() => address_towards(peer).unwrap_or(bound),
        _ => bound,
    })
}

/// `sip:user@address:port`, with the transport if it is not UDP.
pub fn contact(user: &str, address: IpAddr, port: u16, transport: Transport) -> Uri {
    let auth = Some(rsipstack::sip::Auth { user: user.to_owned(), password: None });
    let host_with_port = HostWithPort { host: Host::IpAddr(address), port: Some(port.into()) };
    let params = if transport == Transport::Udp { vec![] } else { vec![rsipstack::sip::Param::Transport(transport)] };
    Uri { scheme: Some(rsipstack::sip::Scheme::Sip), auth, host_with_port, params, headers: vec![] }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn any_free_port_is_the_same_for_both_transports() {
        let (udp, tcp) = bind_both("127.0.0.1:0".parse().unwrap()).await.unwrap();
        assert_eq!(udp.local_addr().unwrap(), tcp.local_addr().unwrap());
    }

    #[tokio::test]
    async fn a_taken_port_is_an_error_that_names_it() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let taken = listener.local_addr().unwrap();
        let error = SipEndpoint::bind(taken, None).await.err().unwrap().to_string();
        assert!(error.contains(&taken.port().to_string()), "{error}");
    }

    #[test]
    fn a_contact_tells_the_transport_only_where_it_must() {
        let here = "192.0.2.1".parse().unwrap();
        assert_eq!(contact("a", here, 5060, Transport::Udp).to_string(), "sip:a@192.0.2.1:5060");
        assert_eq!(contact("a", here, 5060, Transport::Tcp).to_string().to_lowercase(), "sip:a@192.0.2.1:5060;transport=tcp");
    }
}
