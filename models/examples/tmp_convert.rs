//! tmp
fn main() {
    let a: Vec<String> = std::env::args().collect();
    std::fs::create_dir_all(&a[2]).unwrap();
    switchhook_models::catalog::convert::whisper::convert(a[1].as_ref(), a[2].as_ref(), &|_| ()).unwrap();
}
