//! What takes long: a bar on a terminal, plain lines elsewhere.

use std::cell::Cell;
use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use switchhook_models::catalog::fetch::{Event, Step};

/// Shows on standard error how far the work on one model has come.
pub struct Progress {
    model: String,
    bar: Option<ProgressBar>,
    /// Without a terminal, the last quarter of the step that was told.
    quarter: Cell<u64>,
}

impl Progress {
    pub fn of(model: &str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            bar.enable_steady_tick(Duration::from_millis(120));
            bar.set_prefix(model.to_owned());
            bar
        });
        Self { model: model.to_owned(), bar, quarter: Cell::new(0) }
    }

    /// Show an event.
    pub fn show(&self, event: Event<'_>) {
        match event {
            Event::Waiting => self.line("waiting for another fetch to end"),
            Event::Repairing(why) => self.line(&format!("installing anew: {why}")),
            Event::Source(source) => self.line(&format!("from {source}")),
            Event::SourceFailed { source, why } => self.line(&format!("{source} cannot be used: {why}")),
            Event::Step(step) => self.step(step),
            Event::Progress { done, total } => self.amount(done, total),
        }
    }

    /// A piece of work begins whose amount is told in parts of a whole, if at all.
    pub fn begin(&self, text: &str) {
        self.stage(text, false);
    }

    /// What is being done within a piece of work; without a terminal that would be too many lines.
    pub fn within(&self, text: String) {
        if let Some(bar) = &self.bar {
            bar.set_message(text);
        }
    }

    /// Take the bar away.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(format!("{}: {text}", self.model)),
            None => eprintln!("{}: {text}", self.model),
        }
    }

    fn step(&self, step: Step<'_>) {
        match step {
            Step::Download(_) | Step::Unpack(_) | Step::Assemble(_) => self.stage(&step.to_string(), true),
            Step::Convert | Step::Settle => self.stage(&step.to_string(), false),
            Step::Commit | Step::Tidy => {}
        }
    }

    fn stage(&self, text: &str, counts_bytes: bool) {
        self.quarter.set(0);
        match &self.bar {
            Some(bar) => {
                bar.set_style(style(counts_bytes));
                bar.set_length(0);
                bar.set_position(0);
                bar.set_message(text.to_owned());
            }
            None => self.line(text),
        }
    }

    /// So much of it is done.
    pub fn amount(&self, done: u64, total: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(done);
            return;
        }
        let quarter = (done.saturating_mul(4)).checked_div(total).unwrap_or(0).min(4);
        if quarter > self.quarter.replace(quarter.max(self.quarter.get())) {
            self.line(&format!("{} %", quarter * 25));
        }
    }
}

impl Drop for Progress {
    /// After a failure too.
    fn drop(&mut self) {
        self.end();
    }
}

fn style(counts_bytes: bool) -> ProgressStyle {
    let template = if counts_bytes {
        "{prefix}: {msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec}"
    } else {
        "{prefix}: {msg} {wide_bar} {percent} %"
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
