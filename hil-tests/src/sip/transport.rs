//! Messages over UDP and TCP. One [`Transport`] serves one phone: what it sends goes where it is told, and whatever comes in, by
//! datagram or on any connection, comes out of [`Transport::receive`] together with the way back.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use super::{Message, split_stream};

/// Messages that may wait to be looked at.
const WAITING: usize = 64;

/// How SIP travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Datagrams.
    Udp,
    /// Connections.
    Tcp,
}

impl Protocol {
    /// As it stands in a `Via`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
        }
    }

    /// As it stands in an address.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::Tcp => "tcp",
        }
    }
}

impl FromStr for Protocol {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word.to_ascii_lowercase().as_str() {
            "udp" => Ok(Self::Udp),
            "tcp" => Ok(Self::Tcp),
            _ => Err(format!("{word:?} is not a transport that is spoken here; use udp or tcp")),
        }
    }
}

type Writer = Arc<Mutex<OwnedWriteHalf>>;

/// The way back to whoever sent a message.
#[derive(Clone)]
pub(super) enum Back {
    Datagram(SocketAddr),
    Connection(Writer),
}

/// A message and the way back.
pub(super) struct Incoming {
    pub message: Message,
    pub back: Back,
}

/// The wires of one phone.
pub struct Transport {
    protocol: Protocol,
    local: SocketAddr,
    udp: Arc<UdpSocket>,
    connections: HashMap<SocketAddr, Writer>,
    inbox: mpsc::Receiver<Incoming>,
    into_inbox: mpsc::Sender<Incoming>,
    /// Readers; dropped with the transport.
    readers: JoinSet<()>,
}

impl Transport {
    /// A phone on the network interface that leads to `peer`.
    ///
    /// # Errors
    /// If no socket can be had there.
    pub async fn towards(peer: SocketAddr, protocol: Protocol) -> io::Result<Self> {
        let ip = local_ip(peer).await?;
        let (into_inbox, inbox) = mpsc::channel(WAITING);
        let mut readers = JoinSet::new();
        let udp = Arc::new(UdpSocket::bind((ip, 0)).await?);
        let local = match protocol {
            Protocol::Udp => {
                readers.spawn(read_datagrams(Arc::clone(&udp), into_inbox.clone()));
                udp.local_addr()?
            }
            Protocol::Tcp => {
                let listener = TcpListener::bind((ip, 0)).await?;
                let local = listener.local_addr()?;
                readers.spawn(take_connections(listener, into_inbox.clone()));
                local
            }
        };
        Ok(Self { protocol, local, udp, connections: HashMap::new(), inbox, into_inbox, readers })
    }

    /// Where it can be reached.
    #[must_use]
    pub fn local(&self) -> SocketAddr {
        self.local
    }

    /// How it travels.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    pub(super) async fn send(&mut self, message: &Message, to: SocketAddr) -> io::Result<()> {
        let bytes = message.to_bytes();
        match self.protocol {
            Protocol::Udp => self.udp.send_to(&bytes, to).await.map(|_| ()),
            Protocol::Tcp => self.connection(to).await?.lock().await.write_all(&bytes).await,
        }
    }

    pub(super) async fn answer(&self, answer: &Message, back: &Back) -> io::Result<()> {
        let bytes = answer.to_bytes();
        match back {
            Back::Datagram(to) => self.udp.send_to(&bytes, to).await.map(|_| ()),
            Back::Connection(writer) => writer.lock().await.write_all(&bytes).await,
        }
    }

    /// The next message, whoever sent it.
    pub(super) async fn receive(&mut self) -> Option<Incoming> {
        self.inbox.recv().await
    }

    async fn connection(&mut self, to: SocketAddr) -> io::Result<Writer> {
        if let Some(writer) = self.connections.get(&to) {
            return Ok(Arc::clone(writer));
        }
        let (reader, writer) = TcpStream::connect(to).await?.into_split();
        let writer = Arc::new(Mutex::new(writer));
        self.readers.spawn(read_stream(reader, Arc::clone(&writer), self.into_inbox.clone()));
        self.connections.insert(to, Arc::clone(&writer));
        Ok(writer)
    }
}

/// Our address on the way to `peer`: connecting a UDP socket sends nothing, but chooses it.
async fn local_ip(peer: SocketAddr) -> io::Result<IpAddr> {
    let any: IpAddr = if peer.is_ipv4() { [0, 0, 0, 0].into() } else { [0_u16; 8].into() };
    let probe = UdpSocket::bind((any, 0)).await?;
    probe.connect(peer).await?;
    Ok(probe.local_addr()?.ip())
}

async fn read_datagrams(socket: Arc<UdpSocket>, inbox: mpsc::Sender<Incoming>) {
    let mut buffer = vec![0; 65_536];
    loop {
        // An error here is a port of the other side that is closed; ours is still good.
        let Ok((length, from)) = socket.recv_from(&mut buffer).await else { continue };
        let Ok(message) = Message::parse(buffer.get(..length).unwrap_or_default()) else { continue };
        if inbox.send(Incoming { message, back: Back::Datagram(from) }).await.is_err() {
            return;
        }
    }
}

async fn take_connections(listener: TcpListener, inbox: mpsc::Sender<Incoming>) {
    let mut readers = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (reader, writer) = stream.into_split();
        readers.spawn(read_stream(reader, Arc::new(Mutex::new(writer)), inbox.clone()));
    }
}

async fn read_stream(mut reader: tokio::net::tcp::OwnedReadHalf, writer: Writer, inbox: mpsc::Sender<Incoming>) {
    let mut stream = Vec::new();
    loop {
        match split_stream(&mut stream) {
            Ok(Some(message)) => {
                if inbox.send(Incoming { message, back: Back::Connection(Arc::clone(&writer)) }).await.is_err() {
                    return;
                }
            }
            Ok(None) if reader.read_buf(&mut stream).await.is_ok_and(|length| length > 0) => {}
            // The other side is gone, or says what can never become a message.
            Ok(None) | Err(_) => return,
        }
    }
}
