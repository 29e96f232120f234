//! The grammars that every office needs, in both languages.
//!
//! Their meanings are words for programs: `yes`, `no`; `0` to `9`; `month:3`, `day:14`, `weekday:2` (Monday is 1), `today`, `tomorrow`; what a
//! list gives; a number in digits.

mod answers;
mod day;
mod digits;
mod list;
mod telephone;
mod yes_or_no;

pub use answers::{Answers, MOST_NUMBERS};
pub use day::day;
pub use digits::digits;
pub use list::{Listed, list, read_list};
pub use telephone::{refusal, telephone};
pub use yes_or_no::yes_or_no;
