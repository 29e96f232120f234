//! Every page is in the book, and every link leads somewhere: what mdBook would not say.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::pages::{self, Page, read, root};

/// What stands in the round brackets of a page's links.
fn targets(prose: &str) -> Vec<&str> {
    prose.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target).collect()
}

/// A path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir { assert!(plain.pop(), "{} leaves the repository", path.display()) } else { plain.push(part) }
    }
    plain
}

/// The page with the files that mdBook puts into it.
fn whole(name: &Path) -> String {
    let mut text = read(name);
    while let Some((before, rest)) = text.split_once("{{#include ") {
        let (file, after) = rest.split_once("}}").unwrap();
        text = format!("{before}{}{after}", read(plain(&name.with_file_name("").join(file))));
    }
    text
}

/// The names by which a page's headings are linked.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter_map(|line| line.strip_prefix('#')).map(|line| line.trim_start_matches('#').trim().to_lowercase());
    let name = |heading: String| {
        heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(name).collect()
}

#[test]
fn every_page_is_in_the_book() {
    let summary = Page { name: "docs/SUMMARY.md".into(), text: read("docs/SUMMARY.md") };
    let named: BTreeSet<String> = targets(&summary.text).into_iter().map(String::from).collect();
    assert_eq!(named, pages::of_the_book().into_iter().collect());
}

#[test]
fn every_link_leads_somewhere() {
    let mut faults = Vec::new();
    for page in pages::all() {
        for target in targets(&page.prose()) {
            if target.starts_with("http") {
                continue;
            }
            let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
            let from = Path::new(&page.name);
            let to = if path.is_empty() { from.to_owned() } else { plain(&from.with_file_name("").join(path)) };
            if !root().join(&to).exists() {
                faults.push(format!("{}: {target} is not there", page.name));
            } else if let Some(anchor) = anchor
                && !anchors(&whole(&to)).contains(anchor)
            {
                faults.push(format!("{}: {target}: the page has no such heading", page.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_heading_is_linked_by_its_words() {
    let names = anchors("# Who may do what\n## The office: hours, holidays, people\n```sh\n");
    assert_eq!(names, ["the-office-hours-holidays-people", "who-may-do-what"].map(String::from).into());
}
