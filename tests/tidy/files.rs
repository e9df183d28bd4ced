//! The repository's text files. Nothing installed, nothing built, nothing fetched.

use std::path::Path;

use super::code::{Keep, Language, strip};

/// A file and its text.
pub(crate) struct Source {
    /// From the repository's root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    #[cfg(test)]
    pub(crate) fn of(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The text without comments, and without strings when only code is to be kept.
    pub(crate) fn code(&self, keep: Keep) -> String {
        let language = if self.path.ends_with(".rs") { Language::Rust } else { Language::JavaScript };
        strip(&self.text, language, keep)
    }

    /// A finding in this file.
    pub(crate) fn finding(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

/// Folders that hold other people's or generated files.
const FOREIGN: [&str; 5] = ["node_modules", "target", ".git", "dist", "demo-data"];

/// All files below a folder of the repository with one of the extensions, in order.
pub(crate) fn below(folder: &str, extensions: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), folder, extensions, &mut found);
    found.sort_by(|a: &Source, b| a.path.cmp(&b.path));
    found
}

fn walk(folder: &Path, path: &str, extensions: &[&str], found: &mut Vec<Source>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
        if entry.path().is_dir() {
            if !FOREIGN.contains(&name.as_str()) {
                walk(&entry.path(), &path, extensions, found);
            }
        } else if name.rsplit_once('.').is_some_and(|(_, extension)| extensions.contains(&extension)) {
            let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
            found.push(Source { path, text });
        }
    }
}
