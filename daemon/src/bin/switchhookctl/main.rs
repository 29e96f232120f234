//! One noun per file. To be written.
fn main() {}
