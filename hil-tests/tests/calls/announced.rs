//! Whoever takes a call hears first what it is about.

use switchhook::dialog::report::HandOverEnd;
use switchhook_hil::bench::{Agent, Answers, House, Place, Settings, Visit, speech};
use switchhook_hil::caller::{End, Utterance};
use switchhook_models::Language;

use super::talk::{messages, records};
use super::{SECOND, SOON, plain, words};

/// A house whose front desk is called first, and who sits there.
async fn with_a_front_desk(says: &Utterance, answers: Answers) -> (Place, Agent, House) {
    let place = Place::new().unwrap();
    let agent = Agent::who(&place, says, answers).await.unwrap();
    let ring = std::time::Duration::from_secs(8);
    let settings = Settings { person: Some(agent.address()), announced: true, ring, ..plain() };
    let house = House::open(&place, &settings).await.unwrap();
    (place, agent, house)
}

/// Somebody who says nothing for a while, and then the same thing again and again.
fn after_a_while() -> Utterance {
    let question = Utterance::read(&speech("18-af_nicole")).unwrap();
    let pause = |seconds: usize| vec![0; seconds * SECOND];
    let again = [question.samples.clone(), pause(3)].concat();
    Utterance { samples: [pause(22), again.repeat(12)].concat(), ..question }
}

fn nobody() -> Utterance {
    Utterance { name: "nobody".into(), samples: vec![0; 60 * SECOND] }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_hears_what_it_is_about_presses_one_and_the_two_hear_each_other() {
    let (_place, mut agent, mut house) = with_a_front_desk(&after_a_while(), Answers::Always).await;
    // The caller asks on while the colleague makes up their mind, and then asks them.
    let said = [
        "02-af_sarah",
        "08-af_sarah",
        "03-bm_george",
        "14-af_sarah",
        "03-bm_george",
        "14-af_sarah",
        "03-bm_george",
        "14-af_sarah",
        "03-bm_george",
    ];
    let patient = Visit::saying(&said).who(|plan| (plan.patience, plan.leave_after, plan.longest) = (5 * SECOND, None, 75 * SECOND));
    let (call, pressed) = tokio::join!(house.call(patient), async {
        agent.answered(2 * SOON).await?;
        agent.has_heard(std::time::Duration::from_secs(12), 2 * SOON).await?;
        agent.presses('1').await
    });
    pressed.unwrap();
    let call = call.unwrap();
    assert!(matches!(call.report.end, End::Timeout | End::Robot), "{:?}", call.report);
    let heard = words(&call);
    let (calling, through, colleague) = (heard.find("calling the front desk"), heard.find("putting you through"), heard.find("robot?"));
    assert!(calling.is_some() && calling < through && through < colleague.or_else(|| heard.rfind("robot")), "{heard}");
    let told = switchhook_hil::ear::words(&agent.heard().unwrap(), Language::En).unwrap().to_lowercase();
    let (robot, about, ask) = (told.find("robot"), told.find("opening hours"), told.find("press"));
    assert!(robot.is_some() && robot < about && about < ask, "the colleague heard: {told}");
    assert!(told.rfind("where").or_else(|| told.rfind("card")) > ask, "the caller's own words reach them: {told}");
    assert!(call.report.transfer.is_none(), "their telephone cannot take the call in our place");
    let records = records(&mut house).await;
    let reports = records.latest_reports(1).await.unwrap();
    let attempts: Vec<_> = reports[0].1.hand_overs.iter().map(|attempt| (attempt.to.as_str(), attempt.end)).collect();
    assert_eq!(attempts, [("front-desk", HandOverEnd::Accepted)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_declined_by_key_leaves_a_message_with_a_promise() {
    let (_place, mut agent, mut house) = with_a_front_desk(&nobody(), Answers::Always).await;
    let said = ["08-af_sarah", "05-am_fenrir", "06-af_nicole", "23-am_fenrir"];
    let visit = Visit::saying(&said).who(|plan| plan.patience = 60 * SECOND);
    // The caller waits until they are told: they speak to no answer but that.
    let (call, pressed) = tokio::join!(house.call(visit), async {
        agent.answered(2 * SOON).await?;
        agent.has_heard(std::time::Duration::from_secs(1), 2 * SOON).await?;
        agent.presses('2').await
    });
    pressed.unwrap();
    let heard = words(&call.unwrap());
    assert!(heard.contains("nobody can take your call") && heard.contains("called back"), "{heard}");
    let messages = messages(&mut house).await;
    assert!(messages.iter().any(|message| message.about == "call-back" && message.promised.is_some()), "{messages:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_answered_leaves_a_message_with_a_promise() {
    let (_place, mut agent, mut house) = with_a_front_desk(&nobody(), Answers::Never).await;
    // What they ask while it rings changes nothing.
    let said = ["08-af_sarah", "02-af_sarah", "05-am_fenrir", "06-af_nicole", "23-am_fenrir"];
    let call = house.call(Visit::saying(&said).who(|plan| plan.patience = 60 * SECOND)).await.unwrap();
    agent.rang(1, SOON).await.unwrap();
    agent.is_over(SOON).await.unwrap();
    let heard = words(&call);
    assert!(heard.contains("nobody can take your call") && heard.contains("called back"), "{heard}");
    let messages = messages(&mut house).await;
    assert!(messages.iter().any(|message| message.about == "call-back" && message.promised.is_some()), "{messages:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_stops_ringing_when_the_caller_is_gone() {
    let (_place, mut agent, house) = with_a_front_desk(&nobody(), Answers::Never).await;
    let visit = Visit::saying(&["08-af_sarah"]).who(|plan| plan.leave_after = Some(SECOND / 2));
    assert_eq!(house.call(visit).await.unwrap().report.end, End::Caller);
    agent.rang(1, SOON).await.unwrap();
    agent.is_over(SOON).await.unwrap();
}
