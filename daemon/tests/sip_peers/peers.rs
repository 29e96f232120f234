//! The line with the programs of others: sipp, baresip, kamailio.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use switchhook::lines::{EndCause, LegCommand, LegEvent, TransferStage};
use tokio::net::UdpSocket;
use tokio::time::timeout;

use crate::bench::{Bench, SOON, down, echo, end, event, ready, registering, sip, start, start_to_dial};
use crate::callee::colleague;
use crate::process::{Peer, free_address};

/// A caller who knows mu-law alone, stays for 400 ms without a word, and hangs up.
const SCENARIO: &str = r#"<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="caller">
  <send retrans="500"><![CDATA[
    INVITE sip:robot@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: sipp <sip:sipp@[local_ip]:[local_port]>;tag=[pid]SIPpTag[call_number]
    To: <sip:robot@[remote_ip]:[remote_port]>
    Call-ID: [call_id]
    CSeq: 1 INVITE
    Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>
    Max-Forwards: 70
    Content-Type: application/sdp
    Content-Length: [len]

    v=0
    o=user1 53655765 2353687637 IN IP[local_ip_type] [local_ip]
    s=-
    c=IN IP[media_ip_type] [media_ip]
    t=0 0
    m=audio [media_port] RTP/AVP 0
    a=rtpmap:0 PCMU/8000
  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[
    ACK [next_url] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    [routes]
    From: sipp <sip:sipp@[local_ip]:[local_port]>;tag=[pid]SIPpTag[call_number]
    To: <sip:robot@[remote_ip]:[remote_port]>[peer_tag_param]
    Call-ID: [call_id]
    CSeq: 1 ACK
    Max-Forwards: 70
    Content-Length: 0

  ]]></send>
  <pause milliseconds="400"/>
  <send retrans="500"><![CDATA[
    BYE [next_url] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    [routes]
    From: sipp <sip:sipp@[local_ip]:[local_port]>;tag=[pid]SIPpTag[call_number]
    To: <sip:robot@[remote_ip]:[remote_port]>[peer_tag_param]
    Call-ID: [call_id]
    CSeq: 2 BYE
    Max-Forwards: 70
    Content-Length: 0

  ]]></send>
  <recv response="200"/>
</scenario>
"#;

/// The same caller, who waits until we hang up.
fn patient() -> String {
    let (call, _) = SCENARIO.split_once("  <pause").unwrap();
    format!(
        r#"{call}  <recv request="BYE"/>
  <send><![CDATA[
    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:]
    [last_Call-ID:]
    [last_CSeq:]
    Content-Length: 0

  ]]></send>
</scenario>
"#
    )
}

fn sipp(folder: &Path, scenario: &str, line: SocketAddr, transport: &str, calls: &str) -> Peer {
    std::fs::write(folder.join("caller.xml"), scenario).unwrap();
    let (line, here) = (line.to_string(), free_address().port().to_string());
    let mut arguments = vec![line.as_str(), "-sf", "caller.xml", "-nostdin", "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", &here];
    arguments.extend(["-t", transport, "-m", calls, "-l", "2", "-timeout", "20", "-timeout_error"]);
    Peer::start("sipp", &arguments, folder)
}

async fn three_calls_of_sipp(transport: &str) {
    let mut bench = Bench::start(sip(), 4).await;
    let folder = tempfile::tempdir().unwrap();
    let sipp = sipp(folder.path(), SCENARIO, bench.address, transport, "3");
    let mut calls = vec![];
    for _ in 0..3 {
        calls.push(tokio::spawn(echo(bench.answer().await)));
    }
    for call in calls {
        assert_eq!(timeout(SOON, call).await.unwrap().unwrap(), EndCause::Caller);
    }
    assert!(timeout(SOON, sipp.content()).await.unwrap(), "sipp is content");
    bench.close().await;
}

#[tokio::test]
async fn we_hang_up_on_the_connection_that_the_call_came_by() {
    for transport in ["u1", "t1"] {
        let mut bench = Bench::start(sip(), 4).await;
        let folder = tempfile::tempdir().unwrap();
        let sipp = sipp(folder.path(), &patient(), bench.address, transport, "1");
        let mut leg = bench.answer().await;
        leg.commands.send(LegCommand::Hangup).await.unwrap();
        assert_eq!(end(&mut leg).await, EndCause::Robot);
        assert!(timeout(SOON, sipp.content()).await.unwrap(), "sipp is content over {transport}");
        bench.close().await;
    }
}

#[tokio::test]
async fn three_calls_of_sipp_over_udp() {
    three_calls_of_sipp("u1").await;
}

#[tokio::test]
async fn three_calls_of_sipp_over_tcp() {
    three_calls_of_sipp("t1").await;
}

/// A softphone at `here` that takes every call, and makes one if told so.
fn phone(folder: &Path, here: SocketAddr, dial: Option<SocketAddr>) -> Peer {
    let config = format!(
        "sip_listen {here}\nmodule_path /usr/lib/baresip/modules\naudio_source ausine,440\nausrc_srate 48000\nausrc_channels 2\naudio_player aubridge,nobody\naudio_alert aubridge,nobody\n\
         module g711.so\nmodule ausine.so\nmodule aubridge.so\nmodule_app account.so\nmodule_app menu.so\nrtp_ports 30000-39998\n"
    );
    std::fs::write(folder.join("config"), config).unwrap();
    std::fs::write(folder.join("accounts"), format!("<sip:phone@{here}>;regint=0;answermode=auto\n")).unwrap();
    let folder_name = folder.to_str().unwrap();
    let dial = dial.map(|line| format!("/dial sip:robot@{line}"));
    let mut arguments = vec!["-f", folder_name];
    arguments.extend(dial.iter().flat_map(|dial| ["-e", dial.as_str()]));
    Peer::start("baresip", &arguments, folder)
}

fn said(folder: &tempfile::TempDir) -> String {
    std::fs::read_to_string(folder.path().join("baresip.log")).unwrap()
}

/// Wait until somebody answers OPTIONS at `address`.
async fn answers(address: SocketAddr) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let here = socket.local_addr().unwrap();
    let mut bytes = [0; 2048];
    for attempt in 0..100 {
        let ask = format!(
            "OPTIONS sip:{address} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bKask{attempt};rport\r\nFrom: <sip:ask@{here}>;tag=a\r\n\
             To: <sip:{address}>\r\nCall-ID: ask{attempt}@{here}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContact: <sip:ask@{here}>\r\nContent-Length: 0\r\n\r\n"
        );
        let _ = socket.send_to(ask.as_bytes(), address).await;
        if timeout(Duration::from_millis(200), socket.recv_from(&mut bytes)).await.is_ok_and(|received| received.is_ok()) {
            return;
        }
    }
    panic!("nobody answers at {address}");
}

#[tokio::test]
async fn a_softphone_is_handed_over_to_another_one() {
    let mut bench = Bench::start(sip(), 4).await;
    let (caller_folder, agent_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let agent_address = free_address();
    let _agent = phone(agent_folder.path(), agent_address, None);
    answers(agent_address).await;
    let _caller = phone(caller_folder.path(), free_address(), Some(bench.address));
    let mut leg = bench.answer().await;
    let heard = timeout(SOON, async {
        while leg.hears.recv().await?.dbfs() < -40.0 {}
        Some(())
    })
    .await;
    assert!(heard == Ok(Some(())), "the phone's tone is heard; it said: {}", said(&caller_folder));
    leg.commands.send(LegCommand::Transfer(format!("sip:phone@{agent_address}"))).await.unwrap();
    let mut stages = vec![];
    while stages.last() != Some(&TransferStage::Completed) {
        match timeout(SOON, leg.events.recv()).await {
            Ok(Some(LegEvent::Transfer(stage))) => stages.push(stage),
            other => panic!("{other:?} after {stages:?}; the caller said: {}; the agent: {}", said(&caller_folder), said(&agent_folder)),
        }
    }
    assert_eq!(stages[0], TransferStage::Trying);
    assert_eq!(end(&mut leg).await, EndCause::Transferred);
}

#[tokio::test]
async fn a_softphone_that_we_call_answers_hears_and_is_heard() {
    let (dialler, (mut status, _legs, _shutdown, _line)) = start_to_dial(sip(), None, 4);
    ready(&mut status).await;
    let (folder, address) = (tempfile::tempdir().unwrap(), free_address());
    let _agent = phone(folder.path(), address, None);
    answers(address).await;
    let mut leg = dialler.call(colleague(&format!("sip:phone@{address}")), SOON).await.unwrap();
    while event(&mut leg).await != LegEvent::Answered {}
    let heard = timeout(SOON, async {
        while leg.hears.recv().await?.dbfs() < -40.0 {}
        Some(())
    })
    .await;
    assert!(heard == Ok(Some(())), "the phone's tone is heard; it said: {}", said(&folder));
    leg.commands.send(LegCommand::Hangup).await.unwrap();
    assert_eq!(end(&mut leg).await, EndCause::Robot);
    timeout(SOON, async {
        while !said(&folder).contains("session closed") {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the phone knows that we hung up");
}

/// A registrar that asks for the password `right`.
fn registrar(folder: &Path, here: SocketAddr, algorithm: &str) -> Peer {
    let config = format!(
        r#"#!KAMAILIO
debug=1
log_stderror=yes
fork=no
children=1
disable_tcp=no
tcp_children=1
listen=udp:{here}
listen=tcp:{here}
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
modparam("auth", "algorithm", "{algorithm}")
modparam("auth", "qop", "auth")
modparam("usrloc", "db_mode", 0)
request_route {{
    if (is_method("OPTIONS")) {{ sl_send_reply("200", "OK"); exit; }}
    if (!is_method("REGISTER")) {{ sl_send_reply("405", "No"); exit; }}
    if (!pv_auth_check("$fd", "right", "0", "0")) {{ auth_challenge("$fd", "1"); exit; }}
    if (!save("location")) {{ sl_reply_error(); }}
    exit;
}}
"#
    );
    let file = folder.join("kamailio.cfg");
    std::fs::write(&file, config).unwrap();
    let name = folder.to_str().unwrap();
    Peer::start("kamailio", &["-DD", "-E", "-f", file.to_str().unwrap(), "-Y", name, "-m", "32", "-M", "4", "-w", name], folder)
}

async fn registers(algorithm: &str, parameters: &str) {
    let (folder, here) = (tempfile::tempdir().unwrap(), free_address());
    let _registrar = registrar(folder.path(), here, algorithm);
    answers(here).await;
    let (mut status, _legs, shutdown, line) = start(registering(here, parameters), Some("right"), 4);
    ready(&mut status).await;
    shutdown.cancel();
    timeout(SOON, line).await.expect("the line ends").unwrap();
    let log = std::fs::read_to_string(folder.path().join("kamailio.log")).unwrap();
    assert!(!log.contains("ERROR"), "{log}");
}

#[tokio::test]
async fn the_line_registers_with_md5_over_udp() {
    registers("MD5", "").await;
}

#[tokio::test]
async fn the_line_registers_with_sha_256_over_tcp() {
    registers("SHA-256", ";transport=tcp").await;
}

#[tokio::test]
async fn a_refused_password_is_told_without_being_shown() {
    let (folder, here) = (tempfile::tempdir().unwrap(), free_address());
    let _registrar = registrar(folder.path(), here, "MD5");
    answers(here).await;
    let (mut status, _legs, shutdown, line) = start(registering(here, ""), Some("tiddlywinks"), 4);
    let reason = down(&mut status).await;
    assert!(reason.contains("gateway-password") && reason.contains("refused"), "{reason}");
    assert!(!reason.contains("tiddlywinks"), "{reason}");
    shutdown.cancel();
    timeout(SOON, line).await.expect("the line ends").unwrap();
}

#[tokio::test]
async fn an_absent_registrar_is_told_and_used_once_it_is_there() {
    let (folder, here) = (tempfile::tempdir().unwrap(), free_address());
    let (mut status, _legs, shutdown, line) = start(registering(here, ""), Some("right"), 4);
    let reason = down(&mut status).await;
    assert!(reason.contains("does not answer") && reason.contains(&here.to_string()), "{reason}");
    let _registrar = registrar(folder.path(), here, "MD5");
    ready(&mut status).await;
    shutdown.cancel();
    timeout(SOON, line).await.expect("the line ends").unwrap();
}
