//! The office's gateway: a registrar that asks for a password. Kamailio, with one account in its configuration.

use std::time::Duration;

use tokio::process::Command;

use super::{Place, Process, free_port};

/// A running gateway.
#[derive(Debug)]
pub struct Gateway {
    process: Process,
    port: u16,
}

/// `@PORT@`, `@USER@` and `@PASSWORD@` are filled in.
const CONFIG: &str = r#"
debug=2
log_stderror=yes
children=1
auto_aliases=no
listen=udp:127.0.0.1:@PORT@
listen=tcp:127.0.0.1:@PORT@
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "xlog.so"
loadmodule "auth.so"
loadmodule "siputils.so"
loadmodule "textops.so"
modparam("usrloc", "db_mode", 0)
modparam("auth", "qop", "auth")
request_route {
    if (is_method("REGISTER")) {
        if (!pv_www_authenticate("127.0.0.1", "@PASSWORD@", "0")) {
            if (is_present_hf("Authorization")) { xlog("L_WARN", "refused the password of $au\n"); }
            www_challenge("127.0.0.1", "1");
            exit;
        }
        if ($au != "@USER@") { sl_send_reply("403", "Forbidden"); exit; }
        save("location");
        xlog("L_WARN", "registered $au\n");
        exit;
    }
    if (has_totag()) {
        if (loose_route()) { t_relay(); exit; }
        if (is_method("ACK")) { if (t_check_trans()) { t_relay(); } exit; }
        sl_send_reply("404", "Not here");
        exit;
    }
    if (is_method("CANCEL")) { if (t_check_trans()) { t_relay(); } exit; }
    if (is_method("INVITE")) { record_route(); }
    if (!lookup("location")) { sl_send_reply("404", "Not registered"); exit; }
    t_relay();
}
"#;

impl Gateway {
    /// A gateway with one account.
    ///
    /// # Errors
    /// If it does not come up.
    pub async fn start(place: &Place, user: &str, password: &str) -> anyhow::Result<Self> {
        let port = free_port()?;
        let config = CONFIG.replace("@PORT@", &port.to_string()).replace("@USER@", user).replace("@PASSWORD@", password);
        let config = place.write("gateway/kamailio.cfg", &config)?;
        let mut command = Command::new("kamailio");
        command.env("PATH", super::sipp::path()).args(["-DD", "-E", "-m", "32", "-M", "4", "-w"]).arg(place.join("gateway"));
        command.arg("-Y").arg(place.join("gateway")).arg("-f").arg(config);
        let process = Process::start(place, "gateway", &mut command)?;
        super::until("the gateway takes connections", Duration::from_secs(15), async || {
            tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok()
        })
        .await?;
        Ok(Self { process, port })
    }

    /// Where it listens on loopback.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Wait until a phone with this account is registered.
    ///
    /// # Errors
    /// If none is in time.
    pub async fn registers(&mut self, user: &str, patience: Duration) -> anyhow::Result<()> {
        let line = format!("registered {user}");
        self.process.says(&line, patience, |log| log.contains(&line).then_some(())).await
    }

    /// Wait until it refuses somebody's password.
    ///
    /// # Errors
    /// If it does not in time.
    pub async fn refuses(&mut self, patience: Duration) -> anyhow::Result<()> {
        self.process.says("the gateway refuses a password", patience, |log| log.contains("refused the password").then_some(())).await
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // Kamailio is many processes; killed, it would leave them behind.
        self.process.stop(Duration::from_secs(3));
    }
}
