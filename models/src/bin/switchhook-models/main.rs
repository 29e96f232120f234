//! `switchhook-models`: list, fetch, verify and try the models.

fn main() {}
