//! Conversations with the shipped `reception` scenario in Mandarin, by text alone, as the recogniser writes it: with its mistakes.

use std::path::Path;
use std::sync::Arc;

use switchhook::dialog::{Action, Circumstances, Dialog, Farewell, Input, Intent, Note, Scenario, Step};
use switchhook_models::Locale;
use switchhook_models::text::script::Script;

const BOTH: [Locale; 2] = [Locale::ZhTw, Locale::ZhCn];

fn reception(locale: Locale) -> Arc<Scenario> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/reception");
    Arc::new(Scenario::load(&dir, locale).expect("the shipped scenario is right"))
}

/// A caller who was greeted, and speaks in the scenario's script.
struct Caller {
    dialog: Dialog,
    locale: Locale,
}

impl Caller {
    fn greeted(locale: Locale) -> Self {
        let mut dialog = Dialog::new(reception(locale), Circumstances::at("2026-01-05T10:00[UTC]".parse().unwrap()));
        dialog.on(Input::Disclosed);
        Self { dialog, locale }
    }

    fn written(&self, text: &str) -> String {
        self.locale.script().unwrap().converter().unwrap().convert(text)
    }

    fn say(&mut self, words: &str) -> Step {
        let words = self.written(words);
        self.dialog.on(Input::heard(words))
    }
}

fn kept(step: &Step) -> Option<&Note> {
    step.actions.iter().find_map(|action| if let Action::Keep(note) = action { Some(note) } else { None })
}

fn hangs_up(step: &Step) -> Option<Farewell> {
    step.actions.iter().find_map(|action| if let Action::HangUp(outcome) = action { Some(*outcome) } else { None })
}

/// What is done without a language model where several meanings are about as close: the closest stands.
fn closest(caller: &mut Caller, step: Step) -> Step {
    if step.action_name() == "classify" { caller.dialog.on(Input::Classified(Some(0))) } else { step }
}

#[test]
fn every_sentence_of_a_scenario_is_in_its_own_script() {
    for (locale, script) in [(Locale::ZhTw, Script::Traditional), (Locale::ZhCn, Script::Simplified)] {
        let converter = script.converter().unwrap();
        for line in reception(locale).fixed_lines() {
            assert_eq!(converter.convert(&line), line, "{locale}");
        }
    }
}

#[test]
fn a_scenario_has_the_same_parts_in_every_language() {
    let english = Scenario::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/reception"), Locale::En).unwrap();
    for locale in BOTH {
        let other = reception(locale);
        assert_eq!(other.intents.keys().collect::<Vec<&Intent>>(), english.intents.keys().collect::<Vec<&Intent>>());
        assert_eq!((other.knowledge.len(), &other.keys), (english.knowledge.len(), &english.keys));
        assert_ne!(other.version, english.version);
    }
}

#[test]
fn a_scenario_that_does_not_speak_the_office_s_language_is_refused_with_the_remedy() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("scenario.yaml"), "goal: To help.\nlanguages: [en]\nperson: front-desk\n").unwrap();
    let said = Scenario::load(dir.path(), Locale::ZhTw).unwrap_err().to_string();
    assert!(said.contains("scenario.yaml:2: ") && said.contains("office.language") && said.contains("`zh-TW`"), "{said}");
}

#[test]
fn questions_are_answered_from_the_office_s_knowledge() {
    for locale in BOTH {
        let mut caller = Caller::greeted(locale);
        for (question, answer) in [
            ("請問你們明天幾點開門", "九點"),
            ("你們星期六有營業嗎?", "星期六早上十點到下午兩點"),
            ("請問你們公司在哪裡?", "車站路十二號"),
            ("可以刷卡嗎", "信用卡"),
            ("可以刷塔嗎?", "信用卡"),
            ("維修大概要多少錢?", "四百元到九百元"),
            ("我的包裹一直沒有送到", "訂單號碼"),
        ] {
            let step = caller.say(question);
            let step = closest(&mut caller, step);
            assert!(step.said().contains(&caller.written(answer)), "{locale}, {question}: {step:?}");
        }
    }
}

#[test]
fn a_message_is_taken_read_back_and_kept_once_it_is_right() {
    for locale in BOTH {
        let mut caller = Caller::greeted(locale);
        // As people there say it: an area code of two digits in Taiwan, of three in Canton.
        let (said, corrected, kept_as) = match locale {
            Locale::ZhTw => ("零二，二七三四，五六七八", "零二，二七三四，五六八七", "0227345687"),
            _ => ("零二零，八七三四，五六七八", "零二零，八七三四，五六八七", "02087345687"),
        };
        let step = caller.say("我想留言給陳小姐");
        assert!(step.said().contains(&caller.written("陳小姐")), "{step:?}");
        let step = caller.say(&format!("請她回電,我的電話是{said}。"));
        assert!(step.said().contains(said), "{step:?}");
        let step = caller.say(&format!("不對,是{corrected}。"));
        assert!(step.said().contains(corrected), "{step:?}");
        let step = caller.say("對,沒錯。");
        let note = kept(&step).expect("the message is kept");
        assert_eq!((note.recipient.as_str(), note.callback.as_deref()), (caller.written("陳小姐").as_str(), Some(kept_as)));
        assert_eq!(hangs_up(&caller.say("沒有其他問題了,謝謝,再見。")), Some(Farewell::MessageTaken));
    }
}

#[test]
fn a_person_is_reached_by_the_words_for_one() {
    for locale in BOTH {
        for words in ["我要找真人客服", "我要找真人克服", "可以幫我轉接服務人員嗎"] {
            let mut caller = Caller::greeted(locale);
            let step = caller.say(words);
            assert!(step.actions.iter().any(|action| matches!(action, Action::Transfer(_))), "{locale}, {words}: {step:?}");
        }
    }
}

#[test]
fn other_wishes_are_understood() {
    for locale in BOTH {
        for (words, understood) in [
            ("你是機器人嗎", "robot"),
            ("不好意思,請再說一次", "repeat"),
            ("請你說慢一點", "slower"),
            ("我要投訴,我的包裹一直沒有送到", "complaint"),
            ("這裡找火了快救命", "emergency"),
            ("這裡著火了", "emergency"),
            ("沒有其他問題了,謝謝,再見", "goodbye"),
        ] {
            assert_eq!(Caller::greeted(locale).say(words).understood, understood, "{locale}, {words}");
        }
    }
}

#[test]
fn a_no_is_told_from_a_yes_that_holds_its_characters() {
    for (words, understood) in [
        ("沒有錯", "yes"),
        ("沒問題", "yes"),
        ("不好意思,對", "yes"),
        ("是", "yes"),
        ("好", "yes"),
        ("不對", "no"),
        ("不是", "no"),
        ("不", "no"),
        ("錯了", "no"),
    ] {
        for locale in BOTH {
            let mut caller = Caller::greeted(locale);
            caller.say("我想留言給陳小姐");
            let number = if locale == Locale::ZhTw { "零九一二三四五六七八" } else { "一三九一二三四五六七八" };
            caller.say(&format!("請她回電{number}"));
            assert_eq!(caller.say(words).understood, understood, "{locale}, {words}");
        }
    }
}

#[test]
fn a_caller_without_a_number_says_so() {
    for locale in BOTH {
        let mut caller = Caller::greeted(locale);
        caller.say("我想留言給陳小姐");
        caller.say("請她明天回來的時候帶合約");
        let step = caller.say("沒有");
        assert!(step.said().contains(&caller.written("請問對嗎")), "{locale}: {step:?}");
        let note = kept(&caller.say("對")).cloned().expect("the message is kept");
        assert_eq!((note.text, note.callback), (caller.written("請她明天回來的時候帶合約"), None));
    }
}
