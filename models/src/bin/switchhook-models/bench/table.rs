//! What was measured, for people: a table for each task.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use switchhook_models::measured::{Figures, Speed};

use super::{Document, Row};
use crate::measured::{memory, number, time};

/// A table's rows, and what stands above them.
struct Part {
    title: &'static str,
    columns: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

/// Everything that was measured.
pub fn of(document: &Document) -> String {
    let mut parts: Vec<Part> = Vec::new();
    for row in &document.models {
        let Row::Measured(told) = row else { continue };
        let (title, columns, rows) = rows(&told.measured.model, &told.measured.figures);
        match parts.iter_mut().find(|part| part.title == title) {
            Some(part) => part.rows.extend(rows),
            None => parts.push(Part { title, columns, rows }),
        }
    }
    let runs = if document.runs == 1 { "one run".to_owned() } else { format!("medians of {} runs", document.runs) };
    let mut text = format!("{}: {runs}; memory is the most that a process with this model alone had.", document.machine);
    for part in parts {
        text.push_str(&format!("\n\n{}\n{}", part.title, table(part.columns, &part.rows)));
    }
    text
}

fn table(columns: &[&str], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).force_no_tty();
    let cell =
        |place: usize, text: &str| Cell::new(text).set_alignment(if place == 0 { CellAlignment::Left } else { CellAlignment::Right });
    table.set_header(columns.iter().enumerate().map(|(place, name)| cell(place, name)));
    for row in rows {
        table.add_row(row.iter().enumerate().map(|(place, text)| cell(place, text)));
    }
    table.trim_fmt()
}

fn rows(model: &str, figures: &Figures) -> (&'static str, &'static [&'static str], Vec<Vec<String>>) {
    let opened = time(figures.open_seconds);
    let memory = memory(figures.peak_memory_bytes);
    let one = |figures: Vec<String>| vec![[vec![model.to_owned()], figures, vec![opened.clone(), memory.clone()]].concat()];
    match &figures.speed {
        Speed::Recognition { turns, .. } => {
            let row = |turn: &switchhook_models::measured::Turn| {
                let sound = format!("{} s", turn.audio_seconds);
                let factor = number(turn.real_time_factor());
                vec![model.to_owned(), turn.language.to_string(), sound, factor, time(turn.delay_seconds), opened.clone(), memory.clone()]
            };
            ("Recognition", &["", "language", "turn", "real time", "words after", "opened in", "memory"], turns.iter().map(row).collect())
        }
        Speed::Voice { sentences } => {
            let row = |sentence: &switchhook_models::measured::Sentence| {
                let sound = format!("{:.1} s", sentence.audio_seconds);
                let factor = number(sentence.real_time_factor());
                let first = time(sentence.first_audio_seconds);
                vec![model.to_owned(), sentence.language.to_string(), sound, factor, first, opened.clone(), memory.clone()]
            };
            let columns = &["", "language", "sentence", "real time", "first sound after", "opened in", "memory"];
            ("Voice", columns, sentences.iter().map(row).collect())
        }
        Speed::VoiceActivity { window_seconds } => {
            let factor = figures.speed.real_time_factor().map(number).unwrap_or_default();
            ("Voice activity", &["", "window of 32 ms", "real time", "opened in", "memory"], one(vec![time(*window_seconds), factor]))
        }
        Speed::EndOfTurn { verdict_seconds } => ("End of turn", &["", "verdict", "opened in", "memory"], one(vec![time(*verdict_seconds)])),
        Speed::LanguageModel { prompt_tokens, read_tokens_per_second: read, write_tokens_per_second: write } => {
            let columns = &["", "prompt", "reads", "writes", "opened in", "memory"];
            let per_second = |speed: f64| format!("{} tokens/s", number(speed));
            ("Language model", columns, one(vec![format!("{prompt_tokens} tokens"), per_second(*read), per_second(*write)]))
        }
        Speed::Embedding { sentence_seconds } => {
            ("Embedding", &["", "sentence", "opened in", "memory"], one(vec![time(*sentence_seconds)]))
        }
        Speed::Pronunciation => ("Pronunciation", &["", "opened in", "memory"], one(Vec::new())),
    }
}
