//! `switchhookctl monitor`: the robot on a full screen, as it lives.
//!
//! [`Sight`] is what is seen, and changes with what the robot tells ([`super::watch`]); [`draw`] is how it looks. Both know neither bus nor terminal; here they meet.
//! Whoever may not see callers' words sees everything else.

mod draw;
mod sight;

use std::io::{IsTerminal as _, stdout};
use std::time::Duration;

use anyhow::{Context as _, bail};
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;

use super::call;
use super::house::{CallRow, House, Link, News};
use super::watch::{self, Happening};
use super::words::say;
use sight::Sight;

/// How often load, heat and memory are read, and lines are looked at.
const LOOK: Duration = Duration::from_secs(2);
/// How long the keyboard is listened to before the screen is looked after again.
const KEYS: Duration = Duration::from_millis(100);

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Leave,
    Up,
    Down,
    HangUp,
    Yes,
    No,
    /// The screen has another size.
    Draw,
}

pub async fn watch(link: &Link) -> anyhow::Result<()> {
    if !stdout().is_terminal() {
        bail!(say!("needs-a-terminal"));
    }
    // Listening first and looking second misses nothing.
    let mut news = link.news().await?;
    let mut sight = Sight::default();
    let refused = watch::follow(link, None).await.err();
    sight.words_are_hidden = refused.map(|why| why.to_string());
    for row in look(link, &mut sight).await? {
        greet(link, &mut sight, Happening::Began { call: row, caller: None }).await;
    }

    // Whoever ends it so gets their terminal back, too; from here on, as it may come at any time.
    let mut ends = Ends::new()?;
    let mut terminal = ratatui::try_init().with_context(|| say!("needs-a-terminal"))?;
    let shown = tokio::select! {
        shown = show(link, &mut sight, &mut terminal, &mut news) => shown,
        () = ends.next() => Ok(()),
    };
    ratatui::restore();
    shown
}

/// What systems tell programs that are to end: by `kill`, when the terminal is closed, and by those who send what Ctrl-C would.
struct Ends([Signal; 3]);

impl Ends {
    fn new() -> std::io::Result<Self> {
        Ok(Self([signal(SignalKind::terminate())?, signal(SignalKind::hangup())?, signal(SignalKind::interrupt())?]))
    }

    async fn next(&mut self) {
        let [terminate, hangup, interrupt] = &mut self.0;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}

async fn show(link: &Link, sight: &mut Sight, terminal: &mut DefaultTerminal, news: &mut News) -> anyhow::Result<()> {
    let mut wishes = keyboard();
    let mut ticks = tokio::time::interval(LOOK);
    loop {
        terminal.draw(|frame| draw::draw(frame, sight))?;
        tokio::select! {
            wish = wishes.recv() => match wish {
                None | Some(Wish::Leave) => return Ok(()),
                Some(wish) => obey(link, sight, wish).await,
            },
            message = news.next() => if let Some(happening) = watch::read(&message?) {
                greet(link, sight, happening).await;
            },
            _ = ticks.tick() => drop(look(link, sight).await?),
        }
    }
}

/// Let something that happened be seen; of a call that begins, who calls, if that may be seen.
async fn greet(link: &Link, sight: &mut Sight, happening: Happening) {
    let hidden = sight.words_are_hidden.is_some();
    sight.happens(if hidden { happening } else { watch::introduced(link, happening).await });
}

/// What no signal tells; the calls that there are.
async fn look(link: &Link, sight: &mut Sight) -> anyhow::Result<Vec<CallRow>> {
    sight.device = link.device().await?;
    let House { lines, calls, .. } = link.house().await?;
    sight.lines = lines;
    sight.look();
    Ok(calls)
}

async fn obey(link: &Link, sight: &mut Sight, wish: Wish) {
    match wish {
        Wish::Up => sight.select_before(),
        Wish::Down => sight.select_after(),
        Wish::HangUp => sight.ask_to_hang_up(),
        Wish::No => (sight.asked, sight.note) = (None, None),
        Wish::Yes => {
            if let Some(id) = sight.asked.take() {
                let ended = async { call::of(link, &link.call(&id).await?).await?.hangup().await.map_err(|error| link.explain(error)) };
                sight.note = ended.await.err().map(|error| error.to_string());
            }
        }
        Wish::Leave | Wish::Draw => {}
    }
}

/// What is wished for on the keyboard: a thread listens to it until nobody wants to know any more.
fn keyboard() -> mpsc::Receiver<Wish> {
    let (told, wishes) = mpsc::channel(16);
    std::thread::spawn(move || {
        while !told.is_closed() {
            let pressed = match event::poll(KEYS) {
                Ok(false) => continue,
                Ok(true) => event::read(),
                Err(error) => Err(error),
            };
            let wish = match pressed {
                Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => wish(key),
                Ok(Event::Resize(..)) => Some(Wish::Draw),
                Ok(_) => None,
                Err(_) => Some(Wish::Leave),
            };
            if wish.is_some_and(|wish| told.blocking_send(wish).is_err()) {
                return;
            }
        }
    });
    wishes
}

fn wish(key: KeyEvent) -> Option<Wish> {
    Some(match key.code {
        KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => Wish::Leave,
        KeyCode::Char('q') => Wish::Leave,
        KeyCode::Up | KeyCode::Char('k') => Wish::Up,
        KeyCode::Down | KeyCode::Char('j') => Wish::Down,
        KeyCode::Char('h') => Wish::HangUp,
        KeyCode::Char('y') => Wish::Yes,
        KeyCode::Char('n') | KeyCode::Esc => Wish::No,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_c_leaves_as_q_does() {
        assert_eq!(wish(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)), Some(Wish::Leave));
        assert_eq!(wish(KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE)), Some(Wish::Leave));
        assert_eq!(wish(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::NONE)), None);
    }
}
