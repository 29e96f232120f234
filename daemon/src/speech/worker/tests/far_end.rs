//! The worker's end, with models that do as a test says.

use std::ops::ControlFlow;
use std::time::Duration;

use switchhook_models::asr::{Recognizer, Transcript};
use switchhook_models::tts::Synthesizer;
use switchhook_models::{Cancel, Language, Locale, Result};
use tokio::io::AsyncWriteExt;
use tokio::net::UnixStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::super::far::Worker;
use super::super::frame::frame;
use super::super::message::{Answer, Fault, FromWorker, MOST_SAMPLES, Task, ToWorker};
use crate::dialog::Expected;
use crate::progress::Progress;
use crate::speech::engine::Pace;
use crate::speech::engine::threads::{Parts, Threads};
use crate::speech::recognition::Recognition;

/// Tells how much it heard, and what it was to speak in two pieces. At "for ever" it speaks until it is stopped.
struct Model;

impl Recognizer for Model {
    fn transcribe(&mut self, audio: &[f32], _: Option<Language>, _: &Cancel) -> Result<Transcript> {
        let text = format!("{} samples", audio.len());
        Ok(Transcript { text, language: Language::En, confidence: 1.0, span: Duration::ZERO..Duration::ZERO, words: vec![] })
    }
}

impl Synthesizer for Model {
    fn sample_rate(&self) -> u32 {
        8_000
    }

    fn speak(&mut self, text: &str, cancel: &Cancel, sink: &mut dyn FnMut(&[f32]) -> ControlFlow<()>) -> Result<()> {
        if text == "for ever" {
            loop {
                cancel.check()?;
            }
        }
        let _ = sink(&vec![0.5; text.len()]);
        Ok(())
    }
}

struct End {
    daemon: UnixStream,
    said: mpsc::Receiver<FromWorker>,
    worker: JoinHandle<std::io::Result<()>>,
}

impl End {
    fn begin() -> Self {
        let (daemon, socket) = UnixStream::pair().unwrap();
        let (answers, said) = mpsc::channel(64);
        let recognition = Recognition::of(Box::new(Model), Locale::En).unwrap();
        let parts = Parts { recognition, voice: Box::new(Model), turn: None, language_model: None };
        let worker = Worker::of(Threads::of(parts, &Progress::default()), answers);
        Self { daemon, said, worker: tokio::spawn(worker.run(socket.into_split().0)) }
    }

    async fn is_told(&mut self, message: ToWorker) {
        self.daemon.write_all(&frame(&message).unwrap()).await.unwrap();
    }

    async fn asked(&mut self, job: u64, task: Task) {
        self.is_told(ToWorker::Job { job, task }).await;
    }

    async fn says(&mut self) -> FromWorker {
        tokio::time::timeout(Duration::from_secs(30), self.said.recv()).await.unwrap().unwrap()
    }

    /// Why it ends.
    async fn ends(self) -> std::io::Result<()> {
        tokio::time::timeout(Duration::from_secs(30), self.worker).await.unwrap().unwrap()
    }
}

fn hear(turn: u64, samples: usize) -> Task {
    Task::Hear { turn, samples, expected: Expected::Anything }
}

#[tokio::test]
async fn a_turn_that_comes_in_pieces_is_heard_up_to_where_it_is_asked_about() {
    let mut end = End::begin();
    for samples in [300, 200] {
        end.is_told(ToWorker::Sound { turn: 3, samples: vec![0.5; samples] }).await;
        end.is_told(ToWorker::Follow { turn: 3 }).await;
    }
    end.asked(1, hear(3, 400)).await;
    let FromWorker::Answer { job: 1, answer: Answer::Heard(heard) } = end.says().await else { panic!("another answer") };
    assert_eq!(heard.transcript.text, "400 samples");
    end.asked(2, Task::Speak { text: "Hello.".into(), pace: Pace::Slow }).await;
    assert!(matches!(end.says().await, FromWorker::Answer { job: 2, answer: Answer::Piece(sound) } if sound.len() == 6));
    assert!(matches!(end.says().await, FromWorker::Answer { job: 2, answer: Answer::Spoken }));
}

#[tokio::test]
async fn a_job_that_is_called_off_leaves_the_model_to_the_next() {
    let mut end = End::begin();
    end.asked(1, Task::Speak { text: "for ever".into(), pace: Pace::Usual }).await;
    end.is_told(ToWorker::Cancel { job: 1 }).await;
    end.asked(2, Task::Speak { text: "Hello.".into(), pace: Pace::Usual }).await;
    assert!(matches!(end.says().await, FromWorker::Answer { job: 2, answer: Answer::Piece(_) }));
}

#[tokio::test]
async fn what_there_is_no_model_for_fails_alone() {
    let mut end = End::begin();
    end.asked(1, Task::Ends { language: Language::En, said: "I".into() }).await;
    assert!(matches!(end.says().await, FromWorker::Answer { job: 1, answer: Answer::Failed(Fault::Other(_)) }));
}

#[tokio::test]
async fn it_ends_when_the_daemon_is_gone() {
    let End { daemon, worker, .. } = End::begin();
    drop(daemon);
    assert!(tokio::time::timeout(Duration::from_secs(30), worker).await.unwrap().unwrap().is_ok());
}

#[tokio::test]
async fn it_ends_at_nonsense_and_does_nothing_of_it() {
    let sound = |turn, samples| ToWorker::Sound { turn, samples: vec![0.5; samples] };
    let all = [
        vec![ToWorker::Follow { turn: 1 }],
        vec![sound(1, 10), ToWorker::Job { job: 1, task: hear(1, 11) }],
        vec![sound(1, 10), ToWorker::Forget { turn: 1 }, ToWorker::Job { job: 1, task: hear(1, 10) }],
        (0..9).map(|_| sound(1, MOST_SAMPLES)).collect(),
        (0..100).map(|turn| sound(turn, 1)).collect(),
        vec![ToWorker::Job { job: 1, task: Task::Speak { text: "for ever".into(), pace: Pace::Usual } }; 2],
    ];
    for messages in all {
        let mut end = End::begin();
        for message in messages {
            // Who has ended takes nothing more.
            let _ = end.daemon.write_all(&frame(&message).unwrap()).await;
        }
        assert_eq!(end.ends().await.unwrap_err().kind(), std::io::ErrorKind::InvalidData);
    }
    let mut end = End::begin();
    end.daemon.write_all(&[5, 0, 0, 0, 255, 255, 255, 255, 255]).await.unwrap();
    assert!(end.ends().await.is_err());
}
