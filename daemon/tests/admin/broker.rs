//! A private MQTT broker, a wire to it that can be cut, and an ear that hears everything.

use std::fs::Permissions;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::{AsyncClient, Event, Incoming, MqttOptions};
use serde_json::Value;
use tokio::sync::{mpsc, watch};

use super::authority::Papers;

/// A mosquitto of our own, gone when dropped.
pub struct Broker {
    pub port: u16,
    child: Child,
    _dir: tempfile::TempDir,
}

/// A port that is free now.
pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

impl Broker {
    pub fn start() -> Self {
        Self::start_on(free_port(), "allow_anonymous true")
    }

    pub fn start_on(port: u16, rules: &str) -> Self {
        Self::begin(port, |_| format!("listener {port} 127.0.0.1\n{rules}\n"))
    }

    /// One that shows these papers, at this address of this machine; whoever listens comes in by another port, without.
    pub fn with_papers(address: &str, Papers { certificate, key }: &Papers) -> (Self, u16) {
        let (port, open) = (free_port(), free_port());
        let config = |dir: &Path| {
            let papers = [("certfile", certificate), ("keyfile", key)].map(|(name, paper)| {
                let path = dir.join(name);
                std::fs::write(&path, paper).unwrap();
                // Brokers that root starts become somebody else.
                std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
                format!("{name} {}\n", path.display())
            });
            format!("listener {port} {address}\n{}listener {open} 127.0.0.1\nallow_anonymous true\n", papers.concat())
        };
        (Self::begin(port, config), open)
    }

    fn begin(port: u16, text: impl FnOnce(&Path) -> String) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
        let config = dir.path().join("mosquitto.conf");
        std::fs::write(&config, text(dir.path())).unwrap();
        let child = Command::new("/usr/sbin/mosquitto")
            .arg("-c")
            .arg(&config)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("mosquitto is needed: apt-get install mosquitto");
        Self { port, child, _dir: dir }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that leads to a broker while the wire is whole, and refuses everyone while it is cut.
pub struct Wire {
    pub port: u16,
    to: u16,
    cut: Option<watch::Sender<()>>,
    /// How often somebody came by it.
    uses: watch::Sender<usize>,
}

impl Wire {
    /// A wire that is cut for now.
    pub fn cut(broker: &Broker) -> Self {
        Self { port: free_port(), to: broker.port, cut: None, uses: watch::Sender::new(0) }
    }

    pub async fn mend(&mut self) {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await.unwrap();
        let (cut, mut broken) = watch::channel(());
        let (to, uses) = (self.to, self.uses.clone());
        tokio::spawn(async move {
            loop {
                let (mut near, _) = tokio::select! {
                    accepted = listener.accept() => accepted.unwrap(),
                    _ = broken.changed() => return,
                };
                uses.send_modify(|uses| *uses += 1);
                let mut broken = broken.clone();
                tokio::spawn(async move {
                    let Ok(mut far) = tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, to)).await else { return };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = broken.changed() => {}
                    }
                });
            }
        });
        self.cut = Some(cut);
    }

    /// Wait until somebody came so often.
    pub async fn used(&self, times: usize) {
        self.uses.subscribe().wait_for(|uses| *uses >= times).await.unwrap();
    }

    pub fn snap(&mut self) {
        self.cut = None;
    }
}

/// Something heard.
#[derive(Debug)]
pub struct Heard {
    pub topic: String,
    pub payload: String,
}

impl Heard {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.payload).unwrap()
    }
}

/// Hears every topic, across losses of the broker.
pub struct Ear(mpsc::UnboundedReceiver<Heard>);

impl Ear {
    /// Returns once the broker listens for us.
    pub async fn on(port: u16) -> Self {
        Self::with(MqttOptions::new("ear", "127.0.0.1", port)).await
    }

    pub async fn with(options: MqttOptions) -> Self {
        let (heard, ear) = mpsc::unbounded_channel();
        let (listening, mut listens) = mpsc::channel(8);
        let (client, mut events) = AsyncClient::new(options, 8);
        tokio::spawn(async move {
            loop {
                match events.poll().await {
                    Ok(Event::Incoming(Incoming::ConnAck(_))) => client.try_subscribe("#", QoS::AtLeastOnce).unwrap(),
                    Ok(Event::Incoming(Incoming::SubAck(_))) => {
                        let _ = listening.try_send(());
                    }
                    Ok(Event::Incoming(Incoming::Publish(publish))) => {
                        let topic = String::from_utf8(publish.topic.to_vec()).unwrap();
                        let payload = String::from_utf8(publish.payload.to_vec()).unwrap();
                        if heard.send(Heard { topic, payload }).is_err() {
                            return;
                        }
                    }
                    Ok(_) => {}
                    // The broker is not there yet, or not any more: look again shortly.
                    Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
        });
        listens.recv().await.unwrap();
        Self(ear)
    }

    /// The next message that ends with `topic` and satisfies `wanted`; also all that was heard before it.
    pub async fn until(&mut self, topic: &str, wanted: impl Fn(&Value) -> bool) -> (Value, Vec<Heard>) {
        let mut before = Vec::new();
        loop {
            let heard = self.0.recv().await.expect("the ear hears as long as it is");
            if heard.topic.ends_with(topic) && wanted(&heard.json()) {
                return (heard.json(), before);
            }
            before.push(heard);
        }
    }
}
