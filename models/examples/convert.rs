//! Convert one model by hand: `convert silero|smollm2 SOURCES OUT`.

use std::path::Path;

use switchhook_models::catalog::convert::{Converter, silero, smollm2};
use switchhook_models::{Error, Result};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, sources, out] = arguments.as_slice() else {
        return Err(Error::Input("usage: convert silero|smollm2 SOURCES OUT".to_owned()));
    };
    let converter: Converter = match model.as_str() {
        "silero" => silero::convert,
        "smollm2" => smollm2::convert,
        other => return Err(Error::UnknownModel { name: other.to_owned() }),
    };
    converter(Path::new(sources), Path::new(out), &|_| ())
}
