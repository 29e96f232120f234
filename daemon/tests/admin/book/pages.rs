//! The pages of the book and of the repository's folders, and the blocks in them.

use std::path::{Path, PathBuf};

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// A file of the repository.
pub fn read(name: impl AsRef<Path>) -> String {
    let path = root().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A page of text.
pub struct Page {
    /// Where it lies in the repository.
    pub name: String,
    pub text: String,
}

/// A piece of a page that is no prose.
pub struct Block {
    /// What it is written in.
    pub language: String,
    /// The line of the page where it begins.
    pub line: usize,
    pub text: String,
}

/// What belongs to the repository's folders instead of the book.
const FRONT: [&str; 6] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "models/README.md", "fuzz/README.md"];

/// Plans are for those who build, and go when they are carried out.
const PLAN: &str = "plan";

/// The pages that the book has to have, by their places below `docs`.
pub fn of_the_book() -> Vec<String> {
    let mut names = Vec::new();
    for folder in ["", "decisions"] {
        for entry in std::fs::read_dir(root().join("docs").join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".md") && name != "SUMMARY.md" && !name.starts_with(PLAN) {
                names.push(Path::new(folder).join(name).to_str().unwrap().to_owned());
            }
        }
    }
    names.sort();
    names
}

/// Every page.
pub fn all() -> Vec<Page> {
    let book = of_the_book().into_iter().map(|name| format!("docs/{name}"));
    FRONT.map(String::from).into_iter().chain(book).map(|name| Page { text: read(&name), name }).collect()
}

impl Page {
    /// Its blocks, in their order.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut lines = self.text.lines().enumerate();
        while let Some((at, line)) = lines.next() {
            if let Some(language) = line.strip_prefix("```") {
                let text = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
                let text = text.map(|line| format!("{line}\n")).collect();
                blocks.push(Block { language: language.to_owned(), line: at + 1, text });
            }
        }
        blocks
    }

    /// Its prose: without blocks, and without what stands in backquotes.
    pub fn prose(&self) -> String {
        let outside = self.text.split("\n```").step_by(2).collect::<Vec<_>>().join("\n");
        outside.split('`').step_by(2).collect()
    }
}
