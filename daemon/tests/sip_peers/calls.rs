//! What a caller of a few lines can see of the line.

use std::time::Duration;

use switchhook::config::{Network, Sip};
use switchhook::lines::{EndCause, Key, LegCommand, LegEvent, Party, Reject, TransferStage};
use switchhook::media::Frame;
use tokio::time::timeout;

use crate::bench::{Bench, SOON, echo, end, event, ready, registering, sip, start};
use crate::caller::Caller;
use crate::registrar::asked;

const SDP: &str = "application/sdp";
/// An A-law byte, loud, and what it means.
const LOUD: u8 = 0x80;
/// One that is hardly more than silence.
const QUIET: u8 = 0xd5;
/// One that nobody else says.
const WORD: u8 = 0x9a;

async fn answered() -> (Bench, Caller, switchhook::lines::Leg) {
    let mut bench = Bench::start(sip(), 4).await;
    let mut caller = Caller::new(bench.address).await;
    let ((), leg) = tokio::join!(caller.call(), bench.answer());
    (bench, caller, leg)
}

#[tokio::test]
async fn a_caller_who_is_answered_hears_an_echo_and_hangs_up() {
    let mut bench = Bench::start(sip(), 4).await;
    let mut caller = Caller::new(bench.address).await;
    let ((), leg) = tokio::join!(caller.call(), bench.answer());
    assert_eq!(leg.caller, Party { number: Some("+15550100".into()), name: Some("Ann".into()) });
    assert_eq!(leg.called.as_deref(), Some("robot"));
    let echoing = tokio::spawn(echo(leg));
    caller.speak_until(LOUD, |packet| packet[12..].iter().all(|&byte| byte == LOUD)).await;
    assert_eq!(caller.ask("BYE", "", "", "").await.status(), 200);
    assert_eq!(timeout(SOON, echoing).await.unwrap().unwrap(), EndCause::Caller);
    bench.close().await;
}

#[tokio::test]
async fn sound_is_sent_without_a_pause_with_one_more_number_and_160_more_samples_each() {
    let (_bench, mut caller, leg) = answered().await;
    leg.mouth.push(&[8000; 320]);
    let mut last: Option<(u16, u32)> = None;
    let mut marked = 0;
    for _ in 0..40 {
        let packet = caller.hear().await;
        let (sequence, timestamp) = (u16::from_be_bytes([packet[2], packet[3]]), u32::from_be_bytes(packet[4..8].try_into().unwrap()));
        assert_eq!((packet[0], packet[1] & 0x7f, packet.len()), (0x80, 8, 172));
        marked += u32::from(packet[1] & 0x80 != 0);
        if let Some((s, t)) = last {
            assert_eq!(sequence, s.wrapping_add(1));
            // A stall of this machine may leave frames out, but never parts of them.
            assert_eq!(timestamp.wrapping_sub(t) % 160, 0);
        }
        last = Some((sequence, timestamp));
    }
    assert_eq!(marked, 1, "the marker tells where sound begins after silence");
}

#[tokio::test]
async fn a_caller_who_gives_up_is_told_487_and_the_call_was_unanswered() {
    let mut bench = Bench::start(sip(), 4).await;
    let mut caller = Caller::new(bench.address).await;
    let offer = caller.offer("");
    caller.send("INVITE", "", SDP, &offer).await;
    let mut leg = bench.ring().await;
    caller.send("CANCEL", "", "", "").await;
    let mut statuses = vec![caller.response().await.status(), caller.response().await.status()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 487]);
    assert_eq!(end(&mut leg).await, EndCause::Unanswered);
}

#[tokio::test]
async fn what_a_caller_says_that_the_network_says_is_not_believed() {
    let mut bench = Bench::start(sip(), 4).await;
    let mut caller = Caller::new(bench.address).await;
    let offer = caller.offer("");
    caller.send("INVITE", "P-Asserted-Identity: \"Mayor\" <sip:+15550199@pbx>\r\n", SDP, &offer).await;
    assert_eq!(bench.ring().await.caller.number.as_deref(), Some("+15550100"));
}

/// The caller's number as the line tells it, of a call from this address with an assertion of the network.
async fn asserted_from(here: &str, bench: &mut Bench) -> Option<String> {
    let mut caller = Caller::at(here, bench.address).await;
    let offer = caller.offer("");
    caller.send("INVITE", "P-Asserted-Identity: <sip:+15550199@pbx>\r\n", SDP, &offer).await;
    bench.ring().await.caller.number
}

#[tokio::test]
async fn only_named_peers_may_call_and_are_believed() {
    let peers = Some(vec![Network::parse("127.0.0.2").unwrap(), Network::parse("127.0.1.0/24").unwrap()]);
    let mut bench = Bench::start(Sip { peers, ..sip() }, 4).await;
    let mut stranger = Caller::new(bench.address).await;
    let offer = stranger.offer("");
    assert_eq!(stranger.invite(&offer).await.status(), 403);
    for peer in ["127.0.0.2", "127.0.1.9"] {
        assert_eq!(asserted_from(peer, &mut bench).await.as_deref(), Some("+15550199"), "{peer}");
    }
}

#[tokio::test]
async fn a_registered_line_is_called_by_its_registrar_alone() {
    let registrar = tokio::net::UdpSocket::bind("127.0.0.2:0").await.unwrap();
    let (mut status, legs, shutdown, line) = start(registering(registrar.local_addr().unwrap(), ""), Some("right"), 4);
    asked(&registrar).await.reply(&registrar, "200 OK", "Expires: 60\r\n").await;
    let mut bench = Bench { address: ready(&mut status).await, legs, shutdown, line };
    let mut stranger = Caller::new(bench.address).await;
    let offer = stranger.offer("");
    assert_eq!(stranger.invite(&offer).await.status(), 403);
    assert_eq!(asserted_from("127.0.0.2", &mut bench).await.as_deref(), Some("+15550199"));
}

#[tokio::test]
async fn a_refused_call_is_busy_or_unavailable() {
    for (why, status) in [(Reject::Busy, 486), (Reject::Unavailable, 480)] {
        let mut bench = Bench::start(sip(), 4).await;
        let mut caller = Caller::new(bench.address).await;
        let offer = caller.offer("");
        let (response, mut leg) = tokio::join!(caller.invite(&offer), async {
            let leg = bench.ring().await;
            leg.commands.send(LegCommand::Reject(why)).await.unwrap();
            leg
        });
        assert_eq!(response.status(), status);
        assert_eq!(end(&mut leg).await, EndCause::Unanswered);
    }
}

#[tokio::test]
async fn one_call_more_than_the_desk_takes_is_busy() {
    let bench = Bench::start(sip(), 1).await;
    let mut first = Caller::new(bench.address).await;
    let offer = first.offer("");
    first.send("INVITE", "", SDP, &offer).await;
    while first.message().await.status() != 180 {}
    let mut second = Caller::new(bench.address).await;
    let offer = second.offer("");
    assert_eq!(second.invite(&offer).await.status(), 486);
}

#[tokio::test]
async fn a_call_without_an_offer_gets_ours_and_the_ack_answers_it() {
    let mut bench = Bench::start(sip(), 4).await;
    let mut caller = Caller::new(bench.address).await;
    caller.send("INVITE", "", "", "").await;
    let leg = bench.ring().await;
    leg.commands.send(LegCommand::Answer).await.unwrap();
    let response = caller.taken().await;
    assert!(response.body().contains("RTP/AVP 8 0 101"), "{}", response.text);
    let answer = caller.offer("");
    caller.ack(&answer).await;
    let echoing = tokio::spawn(echo(leg));
    caller.speak_until(LOUD, |packet| packet[12..].iter().all(|&byte| byte == LOUD)).await;
    caller.ask("BYE", "", "", "").await;
    assert_eq!(echoing.await.unwrap(), EndCause::Caller);
}

#[tokio::test]
async fn an_offer_that_cannot_be_taken_is_refused_before_it_rings() {
    let bench = Bench::start(sip(), 4).await;
    for (body, status) in [("m=audio 4000 RTP/AVP 9\r\n", 488), ("m=audio 4000 RTP/SAVP 8\r\n", 488), ("nonsense\r\n", 400)] {
        let mut caller = Caller::new(bench.address).await;
        let head = if status == 400 { "" } else { "v=0\r\nc=IN IP4 127.0.0.1\r\n" };
        assert_eq!(caller.invite(&format!("{head}{body}")).await.status(), status, "{body}");
    }
    let mut caller = Caller::new(bench.address).await;
    caller.send("INVITE", "Require: 100rel\r\n", SDP, "").await;
    let response = caller.response().await;
    assert_eq!((response.status(), response.header("Unsupported")), (420, Some("100rel")));
}

#[tokio::test]
async fn requests_about_no_call_are_answered() {
    let bench = Bench::start(sip(), 4).await;
    let mut caller = Caller::new(bench.address).await;
    let options = caller.ask("OPTIONS", "", "", "").await;
    assert_eq!(options.status(), 200);
    assert!(options.header("Allow").unwrap().contains("INVITE"));
    assert_eq!(caller.ask("BYE", "", "", "").await.status(), 481);
    assert_eq!(caller.ask("SUBSCRIBE", "Event: presence\r\n", "", "").await.status(), 405);
    assert_eq!(caller.ask("MESSAGE", "", "text/plain", "hello").await.status(), 405);
    assert_eq!(caller.ask("JUGGLE", "", "", "").await.status(), 501);
}

#[tokio::test]
async fn garbage_does_not_make_the_line_deaf() {
    let bench = Bench::start(sip(), 4).await;
    let mut caller = Caller::new(bench.address).await;
    let whole = "INVITE sip:robot@[::1 SIP/2.0\r\nVia: SIP/2.0/UDP [::1]:x;branch=\r\nFrom: <<>>;tag=\r\nTo: \"\r\nCall-ID:\r\nCSeq: 99999999999 INVITE\r\n\
                 Contact: *\r\nContent-Length: -1\r\n\r\nv=0";
    let garbage = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    for length in 0..whole.len() {
        garbage.send_to(&whole.as_bytes()[..length], bench.address).await.unwrap();
        garbage.send_to(&[length as u8; 100], bench.address).await.unwrap();
        if length % 50 == 0 {
            assert_eq!(caller.ask("OPTIONS", "", "", "").await.status(), 200);
        }
    }
    assert_eq!(caller.ask("OPTIONS", "", "", "").await.status(), 200);
}

#[tokio::test]
async fn requests_within_a_call_are_answered_and_do_not_disturb_it() {
    let (_bench, mut caller, mut leg) = answered().await;
    assert_eq!(caller.ask("OPTIONS", "", "", "").await.status(), 200);
    assert_eq!(caller.ask("UPDATE", "", "", "").await.status(), 200);
    let offer = caller.offer("");
    assert!(caller.ask("UPDATE", "", SDP, &offer).await.body().contains("m=audio"));
    assert_eq!(caller.ask("MESSAGE", "", "text/plain", "hello").await.status(), 405);
    assert_eq!(caller.ask("NOTIFY", "Event: presence\r\n", "", "").await.status(), 489);
    assert_eq!(caller.ask("INFO", "", "text/plain", "hello").await.status(), 415);
    assert_eq!(caller.ask("INFO", "", "application/dtmf-relay", "Signal=7\r\nDuration=160\r\n").await.status(), 200);
    assert_eq!(event(&mut leg).await, LegEvent::Key(Key::new('7').unwrap()));
    caller.seq -= 5;
    assert_eq!(caller.ask("OPTIONS", "", "", "").await.status(), 500, "an old request");
    leg.commands.send(LegCommand::Hangup).await.unwrap();
    let bye = caller.request("BYE").await;
    caller.reply(&bye, "200 OK").await;
    assert_eq!(end(&mut leg).await, EndCause::Robot);
}

#[tokio::test]
async fn a_key_is_one_event_however_many_packets_tell_it_and_without_its_marker_and_end() {
    let (_bench, mut caller, mut leg) = answered().await;
    for (press, code) in [4u8, 4, 11].into_iter().enumerate() {
        for duration in 1..=6u8 {
            caller.rtp(101, 1600 * (press as u32 + 1), &[code, 10, 0, duration * 40]).await;
        }
    }
    for key in ['4', '4', '#'] {
        assert_eq!(event(&mut leg).await, LegEvent::Key(Key::new(key).unwrap()));
    }
    drop(leg.commands);
    let bye = caller.request("BYE").await;
    caller.reply(&bye, "200 OK").await;
    assert_eq!(leg.events.recv().await, Some(LegEvent::Ended(EndCause::Robot)));
}

#[tokio::test]
async fn keys_that_we_press_are_sent_as_events() {
    let (_bench, mut caller, leg) = answered().await;
    leg.commands.send(LegCommand::SendKey(Key::new('9').unwrap())).await.unwrap();
    let (mut ends, mut stamps) = (0, vec![]);
    while ends < 3 {
        let packet = caller.hear().await;
        if packet[1] & 0x7f == 101 {
            assert_eq!(packet[12], 9);
            stamps.push(packet[4..8].to_vec());
            ends += u32::from(packet[13] & 0x80 != 0);
        }
    }
    stamps.dedup();
    assert_eq!(stamps.len(), 1, "all packets of a press bear one timestamp");
}

#[tokio::test]
async fn sound_that_is_late_twice_or_out_of_order_is_heard_once_and_in_order() {
    const LEVELS: u32 = 20;
    let (_bench, mut caller, mut leg) = answered().await;
    let mut ticks = tokio::time::interval(Duration::from_millis(40));
    let mut pairs = (0..).step_by(2);
    // A round of rising levels, each heard as one whole frame, one right after the other. A frame too many, too few or out of its place
    // begins the round anew, as a stall of this machine does.
    let (mut last, mut rising) = (0, 0);
    timeout(SOON, async {
        while rising < LEVELS {
            tokio::select! {
                _ = ticks.tick() => {
                    let pair: u32 = pairs.next().unwrap();
                    for number in [pair + 1, pair, pair] {
                        caller.rtp(8, number * 160, &[0xd5 ^ ((number % LEVELS) as u8 + 0x20); 160]).await;
                    }
                }
                Some(frame) = leg.hears.recv() => {
                    let level = frame.0[0];
                    let whole = level > 0 && frame.0.iter().all(|&sample| sample == level);
                    rising = if !whole { 0 } else if level > last { rising + 1 } else { 1 };
                    last = level;
                }
            }
        }
    })
    .await
    .expect("a whole round is heard in order");
}

/// What is said when the caller sends PCMA `byte`.
fn pcma(byte: u8) -> i16 {
    match byte {
        LOUD => 5504,
        QUIET => 8,
        WORD => 4032,
        _ => panic!("not spoken here"),
    }
}

/// Wait until the caller is heard saying A-law `byte`, all through a frame; they go on saying it. Returns what else was heard until then.
async fn heard_saying(caller: &mut Caller, leg: &mut switchhook::lines::Leg, byte: u8) -> Vec<Frame> {
    let mut before = vec![];
    timeout(SOON, async {
        loop {
            caller.speak(byte).await;
            let frame = leg.hears.recv().await.expect("the leg lives");
            if frame.0.iter().all(|&sample| sample == pcma(byte)) {
                return;
            }
            before.push(frame);
        }
    })
    .await
    .expect("the caller is heard");
    before
}

/// Send so many packets of loud sound from elsewhere.
async fn shout(stranger: &tokio::net::UdpSocket, caller: &Caller, numbers: std::ops::Range<u8>) {
    for number in numbers {
        let mut packet = vec![0x80, 8, 0, number, 0, 0, number, 0, 6, 6, 6, 6];
        packet.extend([LOUD; 160]);
        stranger.send_to(&packet, caller.sound_to.unwrap()).await.unwrap();
    }
}

#[tokio::test]
async fn a_stranger_s_sound_is_not_heard() {
    let (_bench, mut caller, mut leg) = answered().await;
    heard_saying(&mut caller, &mut leg, QUIET).await;
    let stranger = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    for round in 0..10u8 {
        shout(&stranger, &caller, round * 4..round * 4 + 4).await;
        caller.speak(QUIET).await;
    }
    // What arrives is read in order: whoever hears the caller's word has been past all that the stranger said.
    for frame in heard_saying(&mut caller, &mut leg, WORD).await {
        assert!(frame.0.iter().all(|&sample| sample <= pcma(WORD)), "{frame:?}");
    }
}

#[tokio::test]
async fn a_stranger_who_speaks_first_does_not_keep_the_caller_out() {
    let (_bench, mut caller, mut leg) = answered().await;
    let stranger = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    shout(&stranger, &caller, 0..10).await;
    heard_saying(&mut caller, &mut leg, QUIET).await;
    // The robot's words go to the caller, and none of them to the stranger.
    leg.mouth.push(&[8000; 1600]);
    caller.speak_until(QUIET, |packet| packet[1] & 0x7f == 8 && packet[12] != 0xd5).await;
    let mut bytes = [0; 2048];
    while let Ok((length, _)) = stranger.try_recv_from(&mut bytes) {
        assert!(bytes[12..length].iter().all(|&byte| byte == 0xd5), "the stranger hears the robot");
    }
}

#[tokio::test]
async fn no_sound_is_sent_before_the_caller_confirms_the_call() {
    let mut bench = Bench::start(sip(), 4).await;
    let mut caller = Caller::new(bench.address).await;
    let offer = caller.offer("");
    let (response, leg) = tokio::join!(caller.invite(&offer), async {
        let leg = bench.ring().await;
        leg.commands.send(LegCommand::Answer).await.unwrap();
        leg
    });
    assert_eq!(response.status(), 200);
    // The 200 again means that we have waited for the ACK for half a second.
    assert_eq!(caller.response().await.status(), 200);
    assert!(caller.rtp.try_recv(&mut [0; 2048]).is_err(), "anybody could have sound sent to anybody");
    caller.ack("").await;
    leg.mouth.push(&[8000; 320]);
    caller.speak_until(LOUD, |packet| packet[12] != 0xd5).await;
}

#[tokio::test]
async fn a_caller_of_mu_law_alone_is_heard_and_hears() {
    // The loudest sounds of mu-law (G.711, table 2): 0x80 is +32124 and 0x00 is -32124. A-law means others by these bytes.
    let mut bench = Bench::start(sip(), 4).await;
    let mut caller = Caller::new(bench.address).await;
    let offer = caller.offer_of(0, "");
    let (response, mut leg) = tokio::join!(caller.invite(&offer), async {
        let leg = bench.ring().await;
        leg.commands.send(LegCommand::Answer).await.unwrap();
        leg
    });
    assert!(response.body().contains("RTP/AVP 0 101"), "{}", response.text);
    caller.ack("").await;
    timeout(SOON, async {
        loop {
            caller.speak_in(0, 0x80).await;
            if leg.hears.recv().await.expect("the leg lives").0.iter().all(|&sample| sample == 32_124) {
                return;
            }
        }
    })
    .await
    .expect("the caller is heard as they spoke");
    leg.mouth.push(&[-32_124; 480]);
    timeout(SOON, async {
        loop {
            let packet = caller.hear().await;
            assert_eq!(packet[1] & 0x7f, 0);
            if packet[12..].iter().all(|&byte| byte == 0x00) {
                return;
            }
        }
    })
    .await
    .expect("the robot is heard as it spoke");
}

#[tokio::test]
async fn a_caller_who_holds_is_not_spoken_to_and_their_music_is_not_heard() {
    let (_bench, mut caller, mut leg) = answered().await;
    heard_saying(&mut caller, &mut leg, LOUD).await;
    let hold = caller.offer("a=sendonly\r\n");
    let response = caller.ask("INVITE", "", SDP, &hold).await;
    assert!(response.status() == 200 && response.body().contains("a=recvonly"), "{}", response.text);
    caller.ack("").await;
    leg.mouth.push(&[8000; 1600]);
    // Silence for longer than what we say lasts, while there is music. Frames count the line's own ticks.
    let mut silent = 0;
    timeout(SOON, async {
        while silent < 30 {
            caller.speak(LOUD).await;
            silent = if leg.hears.recv().await.unwrap() == Frame::SILENCE { silent + 1 } else { 0 };
        }
    })
    .await
    .expect("the music is not heard");
    assert!(!leg.mouth.is_idle(), "what we say waits for the caller");
    let resume = caller.offer("a=sendrecv\r\n");
    assert_eq!(caller.ask("INVITE", "", SDP, &resume).await.status(), 200);
    caller.ack("").await;
    caller.speak_until(LOUD, |packet| packet[1] & 0x7f == 8 && packet[12] != 0xd5).await;
    assert_eq!(caller.ask("BYE", "", "", "").await.status(), 200);
    assert_eq!(end(&mut leg).await, EndCause::Caller);
}

#[tokio::test]
async fn a_call_without_sound_ends() {
    let config = Sip { media_timeout: Duration::from_millis(300), ..sip() };
    let mut bench = Bench::start(config, 4).await;
    let mut caller = Caller::new(bench.address).await;
    let ((), mut leg) = tokio::join!(caller.call(), bench.answer());
    let bye = caller.request("BYE").await;
    caller.reply(&bye, "200 OK").await;
    assert_eq!(end(&mut leg).await, EndCause::MediaLost);
}

/// What happens when the other side answers the REFER, and then tells how it goes.
async fn transferred(answer: &str, notices: &[(&str, &str)]) -> (Caller, switchhook::lines::Leg, Bench) {
    let (bench, mut caller, leg) = answered().await;
    leg.commands.send(LegCommand::Transfer("sip:100@pbx.office".into())).await.unwrap();
    let refer = caller.request("REFER").await;
    assert_eq!(refer.header("Refer-To"), Some("<sip:100@pbx.office>"));
    caller.reply(&refer, answer).await;
    for (state, fragment) in notices {
        let extra = format!("Event: refer\r\nSubscription-State: {state}\r\n");
        assert_eq!(caller.ask("NOTIFY", &extra, "message/sipfrag", fragment).await.status(), 200);
    }
    (caller, leg, bench)
}

#[tokio::test]
async fn a_call_that_is_passed_on_ends_when_somebody_takes_it() {
    let notices = [("active", "SIP/2.0 100 Trying"), ("active", "SIP/2.0 180 Ringing"), ("terminated;reason=noresource", "SIP/2.0 200 OK")];
    let (mut caller, mut leg, _bench) = transferred("202 Accepted", &notices).await;
    for stage in [TransferStage::Trying, TransferStage::Ringing, TransferStage::Completed] {
        assert_eq!(event(&mut leg).await, LegEvent::Transfer(stage));
    }
    assert_eq!(end(&mut leg).await, EndCause::Transferred);
    let bye = caller.request("BYE").await;
    caller.reply(&bye, "200 OK").await;
}

#[tokio::test]
async fn a_caller_whom_nobody_takes_stays_with_us() {
    for (answer, notices) in [("603 Decline", vec![]), ("202 Accepted", vec![("terminated", "SIP/2.0 486 Busy Here")])] {
        let (mut caller, mut leg, _bench) = transferred(answer, &notices).await;
        loop {
            match event(&mut leg).await {
                LegEvent::Transfer(TransferStage::Failed(_)) => break,
                LegEvent::Transfer(TransferStage::Trying) => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(caller.ask("OPTIONS", "", "", "").await.status(), 200, "the call goes on");
        assert_eq!(caller.ask("BYE", "", "", "").await.status(), 200);
        assert_eq!(end(&mut leg).await, EndCause::Caller);
    }
}

/// Pass the call on, and hang up before it is known whether anybody took it. `told` is what is told before.
async fn left_while_passed_on(told: &[(&str, &str)]) -> (Caller, switchhook::lines::Leg, Bench) {
    let (mut caller, mut leg, bench) = transferred("202 Accepted", told).await;
    assert!(matches!(event(&mut leg).await, LegEvent::Transfer(TransferStage::Trying | TransferStage::Ringing)));
    assert_eq!(caller.ask("BYE", "", "", "").await.status(), 200);
    (caller, leg, bench)
}

#[tokio::test]
async fn a_caller_who_leaves_before_it_is_told_that_somebody_took_the_call_was_passed_on() {
    for told in [vec![], vec![("active", "SIP/2.0 100 Trying")]] {
        let (mut caller, mut leg, _bench) = left_while_passed_on(&told).await;
        let notice = "Event: refer\r\nSubscription-State: terminated;reason=noresource\r\n";
        assert_eq!(caller.ask("NOTIFY", notice, "message/sipfrag", "SIP/2.0 200 OK").await.status(), 200);
        assert_eq!(event(&mut leg).await, LegEvent::Transfer(TransferStage::Completed));
        assert_eq!(end(&mut leg).await, EndCause::Transferred);
    }
}

#[tokio::test]
async fn a_notice_that_the_bye_overtook_counts() {
    let (mut caller, mut leg, _bench) = left_while_passed_on(&[]).await;
    caller.seq -= 2;
    let notice = "Event: refer\r\nSubscription-State: terminated;reason=noresource\r\n";
    assert_eq!(caller.ask("NOTIFY", notice, "message/sipfrag", "SIP/2.0 200 OK").await.status(), 200);
    assert_eq!(end(&mut leg).await, EndCause::Transferred);
}

#[tokio::test]
async fn a_caller_who_leaves_while_nobody_takes_the_call_hung_up() {
    let (mut caller, mut leg, _bench) = left_while_passed_on(&[]).await;
    let notice = "Event: refer\r\nSubscription-State: terminated;reason=noresource\r\n";
    assert_eq!(caller.ask("NOTIFY", notice, "message/sipfrag", "SIP/2.0 487 Request Terminated").await.status(), 200);
    assert_eq!(end(&mut leg).await, EndCause::Caller);
    // Nor does anybody say anything.
    let (_caller, mut leg, _bench) = left_while_passed_on(&[("active", "SIP/2.0 180 Ringing")]).await;
    assert_eq!(end(&mut leg).await, EndCause::Caller);
}

#[tokio::test]
async fn a_closing_line_refuses_new_calls_and_lets_the_others_finish() {
    let (bench, mut caller, mut leg) = answered().await;
    let Bench { address, shutdown, line, legs: _legs, .. } = bench;
    shutdown.cancel();
    let mut late = Caller::new(address).await;
    let offer = late.offer("");
    assert_eq!(late.invite(&offer).await.status(), 503);
    assert!(!line.is_finished());
    assert_eq!(caller.ask("BYE", "", "", "").await.status(), 200);
    assert_eq!(end(&mut leg).await, EndCause::Caller);
    timeout(SOON, line).await.expect("the line ends").unwrap();
}

#[tokio::test]
async fn two_calls_at_once_do_not_hear_each_other() {
    let (mut bench, mut one, leg_one) = answered().await;
    let mut two = Caller::new(bench.address).await;
    two.ssrc += 1;
    let ((), leg_two) = tokio::join!(two.call(), bench.answer());
    let echoes = (tokio::spawn(echo(leg_one)), tokio::spawn(echo(leg_two)));
    let is = |byte: u8| move |packet: &[u8]| packet[12..].iter().all(|&b| b == byte);
    tokio::join!(one.speak_until(LOUD, is(LOUD)), two.speak_until(0x9a, is(0x9a)));
    one.ask("BYE", "", "", "").await;
    two.ask("BYE", "", "", "").await;
    assert_eq!((echoes.0.await.unwrap(), echoes.1.await.unwrap()), (EndCause::Caller, EndCause::Caller));
}
