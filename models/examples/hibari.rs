//! The hibari voice by hand: `convert SOURCES OUT`, or `phonemes DIR` for the lines of standard input.

use std::io::BufRead as _;
use std::path::Path;

use switchhook_models::catalog::convert::hibari;
use switchhook_models::text::english::English;
use switchhook_models::text::english::tables::Tables;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["convert", sources, out] => {
            std::fs::create_dir_all(out)?;
            hibari::convert(Path::new(sources), Path::new(out), &|_| ())?;
        }
        ["phonemes", dir] => {
            let start = std::time::Instant::now();
            let tables = Tables::read(&Path::new(dir).join(hibari::TABLES))?;
            let english = English::open(&tables, &Path::new(dir).join(hibari::UNKNOWN))?;
            eprintln!("opened in {:?}", start.elapsed());
            for line in std::io::stdin().lock().lines() {
                println!("{}", english.phonemes(&line?)?);
            }
        }
        _ => return Err("usage: hibari convert SOURCES OUT | hibari phonemes DIR".into()),
    }
    Ok(())
}
