//! `switchhookctl` in the languages of its people, as its process is run.

use std::process::{Command, Output};

use serde_json::Value;
use switchhook::control::{Control, serve};
use switchhook::lines::{LineFault, LineStatus};

use super::bus::PrivateBus;
use super::ctl::{ctl, out, said_on_failure};
use super::house::{House, NUMBER, reception};
use super::setup::{machine, setup_in};

const TAIWAN: &str = "zh_TW.UTF-8";
const MAINLAND: &str = "zh_CN.UTF-8";

/// Run it for somebody with this locale.
async fn run(bus: &PrivateBus, locale: &str, arguments: &[&str]) -> Output {
    ctl(bus, arguments).env_remove("LC_ALL").env_remove("LANGUAGE").env_remove("LC_MESSAGES").env("LANG", locale).output().await.unwrap()
}

async fn up(bus: &PrivateBus, house: &House) -> Control {
    serve(&bus.bus(), house.board.clone(), house.registry.clone(), house.info()).await.unwrap()
}

/// How wide it is on a terminal: a Chinese character and its marks take two columns.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// The column of a terminal in which something begins in a line that has it.
fn column(text: &str, of: &str) -> usize {
    let line = text.lines().find(|line| line.contains(of)).unwrap_or_else(|| panic!("{of} is not in:\n{text}"));
    width(line.split_once(of).unwrap().0)
}

#[tokio::test]
async fn the_robot_s_status_is_told_in_the_language_of_whoever_asks() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    house.sip.status.send_replace(LineStatus::Down { fault: LineFault::Unreachable, reason: "no answer from the gateway".into() });
    let _call = house.ring();
    let texts = [TAIWAN, MAINLAND, "C"].map(|locale| run(&bus, locale, &["status"]));
    let [taiwan, mainland, english] = futures_util::future::join_all(texts).await.iter().map(out).collect::<Vec<_>>().try_into().unwrap();
    for (text, said) in [
        (&taiwan, ["未就緒", "語音辨識 whisper-base", "通話：1／2", "啟動中", "不通", "響鈴中"]),
        (&mainland, ["未就绪", "语音识别 whisper-base", "通话：1／2", "启动中", "不通", "振铃中"]),
        (&english, ["not ready", "recognizer whisper-base", "calls: 1 of 2", "starting", "down", "ringing"]),
    ] {
        assert!(said.iter().all(|said| text.contains(said)), "{said:?} are not in:\n{text}");
        assert!(text.contains("no answer from the gateway"), "what the robot says is as it says it:\n{text}");
    }
    for (text, [status, down, starting, state, ringing]) in [
        (&taiwan, ["狀態", "不通", "啟動中", "狀態    輪次", "響鈴中"]),
        (&mainland, ["状态", "不通", "启动中", "状态    轮次", "振铃中"]),
        (&english, ["STATUS", "down", "starting", "STATE    TURNS", "ringing"]),
    ] {
        assert_eq!(column(text, status), column(text, down), "{text}");
        assert_eq!(column(text, status), column(text, starting), "{text}");
        assert_eq!(column(text, state), column(text, ringing), "{text}");
    }
}

#[tokio::test]
async fn programs_read_the_same_wherever_they_run() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    let call = house.ring();
    for arguments in [&["status"][..], &["lines"], &["calls"], &["models"], &["call", "show", &call.id.simple()], &["config", "check"]] {
        let arguments = [&["--json"], arguments].concat();
        let (taiwan, plain) = (run(&bus, TAIWAN, &arguments).await, run(&bus, "C", &arguments).await);
        assert_eq!((taiwan.stdout, taiwan.stderr), (plain.stdout, plain.stderr), "{arguments:?}");
    }
}

#[tokio::test]
async fn a_call_is_shown_in_columns_and_a_refusal_keeps_the_robot_s_words() {
    let (bus, house) = (PrivateBus::open(), House::new());
    let _control = up(&bus, &house).await;
    let call = house.ring();
    let id = call.id.simple();
    let text = out(&run(&bus, TAIWAN, &["call", "show", &id]).await);
    assert!(text.contains("來電者還不知道是機器人在說話"), "{text}");
    assert_eq!(column(&text, NUMBER), column(&text, "front-gate"), "{text}");
    let said = said_on_failure(&run(&bus, TAIWAN, &["message", "done", "7"]).await);
    assert!(said.starts_with("switchhookctl: 沒有這個待辦事項：") && said.contains("no task 7"), "{said}");
    let said = said_on_failure(&run(&bus, MAINLAND, &["call", "show", "ffffffff"]).await);
    assert!(said.contains("没有（或已不再有）通话 \"ffffffff\"") && said.contains("`switchhookctl calls`"), "{said}");
}

#[tokio::test]
async fn what_is_not_understood_is_told_in_the_language_too() {
    let bus = PrivateBus::open();
    let unknown = run(&bus, TAIWAN, &["stats"]).await;
    assert_eq!(unknown.status.code(), Some(2));
    let said = String::from_utf8(unknown.stderr).unwrap();
    assert!(said.contains("沒有「stats」這個指令") && said.contains("status") && said.contains("用法:"), "{said}");
    let help = out(&run(&bus, MAINLAND, &["call", "watch", "--help"]).await);
    assert!(help.contains("选项:") && help.contains("不显示来电者与对话内容") && !help.contains("Options"), "{help}");
    let usual = out(&run(&bus, TAIWAN, &["messages", "-h"]).await);
    assert!(usual.contains("[預設值：20]"), "{usual}");
    // The address of this bus is longer than a line.
    assert!(usual.lines().filter(|line| !line.contains(&bus.address)).all(|line| width(line) <= 100), "{usual}");
}

#[test]
fn a_fault_of_the_configuration_is_told_under_a_heading() {
    let at = tempfile::tempdir().unwrap();
    let main = at.path().join("switchhook.toml");
    std::fs::write(&main, "[device]\nnmae = \"t\"\n").unwrap();
    let mut check = Command::new(env!("CARGO_BIN_EXE_switchhookctl"));
    check.args(["config", "check", "--config"]).arg(&main);
    let in_locale = |check: &mut Command, locale: &str| said_on_failure(&check.env("LC_ALL", locale).output().unwrap());
    let english = in_locale(&mut check, "C");
    let problem = english.strip_prefix("switchhookctl: ").unwrap();
    assert!(problem.contains("nmae"), "{english}");
    assert_eq!(in_locale(&mut check, TAIWAN), format!("switchhookctl: 設定有誤：{problem}"));
    assert_eq!(in_locale(&mut check, MAINLAND), format!("switchhookctl: 配置有误：{problem}"));
}

#[test]
fn setup_asks_in_the_language_of_whoever_types_and_understands_their_yes() {
    let at = machine();
    let scenario = reception().display().to_string();
    let said = ["zh-TW", "", "北門分公司", &scenario, "", "modem", "peer", "", "", "none", "也許", "是", "否", "no"];
    let output = setup_in(TAIWAN, at.path(), &[], &format!("{}\n", said.join("\n")));
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}");
    for sentence in [
        "來電者說什麼語言",
        "請填 register、peer、handset 或 keep",
        "要寫入 conf.d/10-setup.toml 嗎？（是、否） [是]",
        "請回答「是」或「否」",
        "已寫入：",
        "設定正確",
        "要下載所需的模型嗎？",
        "`systemctl enable --now switchhook`",
    ] {
        assert!(told.contains(sentence), "{sentence} is not in:\n{told}");
    }
    let config = switchhook::config::load(&at.path().join("switchhook.toml")).unwrap();
    assert_eq!((config.office.name.as_str(), config.lines.len()), ("北門分公司", 1));
}

#[test]
fn scripts_that_answer_in_english_are_understood_everywhere() {
    let at = machine();
    let answers = format!("office = \"Northgate\"\nscenario = {:?}\nline = \"peer\"\n", reception().display().to_string());
    let output = setup_in(MAINLAND, at.path(), &["--answers", "-", "--json"], &answers);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["done"], true);
    let missing = setup_in(MAINLAND, machine().path(), &["--answers", "-"], "");
    assert!(String::from_utf8_lossy(&missing.stderr).contains("这一项无从推测：office：机器人怎么称呼贵单位？"), "{missing:?}");
}
