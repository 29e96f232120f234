//! Tables: headings in the reader's language, figures on the right, names whole, and nothing where nothing stands.
//!
//! Where a terminal is too narrow, what stands behind the first column is folded; elsewhere every row is a line.

use std::fmt;

use comfy_table::{Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, presets};

use super::output::{Tone, shown};
use super::words::Columns;

/// The columns of figures, by their names.
const FIGURES: [&str; 9] = ["disk", "done", "job", "mark", "memory", "number", "times", "touched", "turns"];

/// Below this, folding leaves a letter to a line. A serial console says that it has none.
const NARROWEST: u16 = 40;
/// What is taken for the width then.
const USUAL: u16 = 80;

/// A table of so many columns.
pub struct Table<const N: usize> {
    table: comfy_table::Table,
    /// In which columns something stands.
    filled: [bool; N],
}

impl<const N: usize> Table<N> {
    pub(super) fn new(columns: Columns<N>, colour: bool) -> Self {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        if colour {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        if let Some(width) = instead(table.width()) {
            table.set_width(width);
        }
        let columns = columns.into_inner();
        table.set_header(columns.iter().map(|column| Cell::new(&column.heading).add_attribute(Attribute::Bold)));
        for (at, (column, made)) in columns.iter().zip(table.column_iter_mut()).enumerate() {
            made.set_padding((0, if at + 1 == N { 0 } else { 2 }));
            if FIGURES.contains(&column.name) {
                made.set_cell_alignment(CellAlignment::Right);
            }
            if at == 0 {
                made.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        Self { table, filled: [false; N] }
    }

    /// One row more.
    pub fn row(&mut self, cells: [Cell; N]) {
        for (filled, cell) in self.filled.iter_mut().zip(&cells) {
            *filled |= !cell.content().is_empty();
        }
        self.table.add_row(cells);
    }
}

impl<const N: usize> fmt::Display for Table<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = self.table.clone();
        for (column, filled) in table.column_iter_mut().zip(self.filled) {
            if !filled {
                column.set_constraint(ColumnConstraint::Hidden);
            }
        }
        f.write_str(&table.trim_fmt())
    }
}

/// The width for a terminal that tells one in which nothing can be read.
fn instead(told: Option<u16>) -> Option<u16> {
    told.filter(|&width| width < NARROWEST).map(|_| USUAL)
}

/// A cell in a tone.
pub fn cell(tone: Tone, text: &str) -> Cell {
    let cell = Cell::new(shown(text));
    match tone {
        Tone::Good => cell.fg(Color::Green),
        Tone::Bad => cell.fg(Color::Red),
        // The yellow of sixteen colours is not seen on white.
        Tone::Busy => cell.fg(Color::AnsiValue(136)),
        Tone::Quiet => cell.add_attribute(Attribute::Dim),
        Tone::Strong => cell.add_attribute(Attribute::Bold),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{self, Language, columns};

    fn lines(table: &Table<4>) -> Vec<String> {
        table.to_string().lines().map(ToOwned::to_owned).collect()
    }

    fn table(rows: &[[&str; 4]]) -> Table<4> {
        let mut table = Table::new(columns(["model", "disk", "", "licence"]), false);
        for row in rows {
            table.row([cell(Tone::Strong, row[0]), row[1].into(), cell(Tone::Good, row[2]), row[3].into()]);
        }
        table
    }

    #[test]
    fn figures_stand_on_the_right_and_nothing_stands_behind_the_last_word() {
        let rows = [["ears", "7 MB", "in use", "MIT"], ["a-long-voice", "531 MB", "", "MIT"]];
        let expected = ["MODEL           DISK          LICENCE", "ears            7 MB  in use  MIT", "a-long-voice  531 MB          MIT"];
        assert_eq!(lines(&table(&rows)), expected);
    }

    #[test]
    fn a_column_in_which_nothing_stands_is_left_out() {
        assert_eq!(lines(&table(&[["ears", "7 MB", "", "MIT"]])), ["MODEL  DISK  LICENCE", "ears   7 MB  MIT"]);
    }

    #[test]
    fn chinese_headings_and_words_keep_the_columns() {
        words::speak_here(Language::TraditionalChinese);
        let rows = [["ears", "7 MB", "使用中", "MIT"], ["voice", "31 MB", "", "MIT"]];
        assert_eq!(lines(&table(&rows)), ["模型    磁碟          授權", "ears    7 MB  使用中  MIT", "voice  31 MB          MIT"]);
    }

    #[test]
    fn a_serial_console_that_does_not_know_its_width_gets_the_usual_one() {
        assert_eq!([None, Some(0), Some(39), Some(40), Some(132)].map(instead), [None, Some(80), Some(80), None, None]);
    }

    #[test]
    fn where_it_is_narrow_the_first_name_stays_whole_and_the_rest_is_folded() {
        let mut table = table(&[["qwen2.5-0.5b-instruct", "531 MB", "in use", "a licence of many words"]]);
        table.table.set_content_arrangement(ContentArrangement::DynamicFullWidth).set_width(50);
        let lines = lines(&table);
        assert!(lines.len() > 2 && lines[1].starts_with("qwen2.5-0.5b-instruct  531 MB  in use  "), "{lines:?}");
    }

    #[test]
    fn without_colour_nothing_is_added() {
        assert!(!table(&[["ears", "7 MB", "in use", "MIT"]]).to_string().contains('\x1b'));
    }
}
