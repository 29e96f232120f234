//! A first configuration that a script answers, up to the test call.

use std::process::Stdio;

use switchhook_hil::bench::{Visit, binary};
use switchhook_hil::caller::End;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::Command;

use super::{SECOND, open, plain, words};

#[tokio::test(flavor = "multi_thread")]
async fn a_script_answers_and_the_robot_that_follows_it_takes_a_test_call_that_is_shown() {
    let (place, house) = open(&plain()).await;
    let ctl = || {
        let mut ctl = Command::new(binary("switchhookctl").unwrap());
        ctl.args(["--bus", house.bus_address()]).env("LC_ALL", "C").kill_on_drop(true);
        ctl
    };
    let mut setup = ctl();
    setup.args(["setup", "--answers", "-", "--config"]).arg(place.join("switchhook.toml"));
    setup.arg("--credentials").arg(place.join("credentials")).arg("--drop-ins").arg(place.join("drop-ins"));
    let mut setup = setup.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let scenario = place.join("reception").display().to_string();
    let answers = format!(
        "office = \"the Canal Street office\"\nscenario = {scenario:?}\nprofile = \"standard\"\nline = \"keep\"\ntest_call = true\n"
    );
    let mut typed = setup.stdin.take().unwrap();
    typed.write_all(answers.as_bytes()).await.unwrap();
    drop(typed);
    let mut shown = BufReader::new(setup.stdout.take().unwrap()).lines();
    let mut said = Vec::new();
    while said.last().is_none_or(|line: &String| !line.starts_with("waiting for the call")) {
        said.push(shown.next_line().await.unwrap().expect("it waits for a call"));
    }
    assert!(said[0].ends_with("conf.d/10-setup.toml") && said.iter().any(|line| line.contains(house.dial())), "{said:?}");
    assert!(ctl().args(["config", "reload"]).status().await.unwrap().success());
    let call = house.call(Visit::saying(&[]).who(|plan| plan.longest = 15 * SECOND)).await.unwrap();
    assert_eq!(call.report.end, End::Timeout, "{:?}", call.report);
    assert!(words(&call).contains("canal street"));
    let mut rest = String::new();
    while let Some(line) = shown.next_line().await.unwrap() {
        rest.push_str(&line);
    }
    assert!(setup.wait().await.unwrap().success() && rest.contains("caller-hung-up"), "{rest}");
}
