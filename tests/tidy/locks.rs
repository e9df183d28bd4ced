//! Lock files and npm settings work with every registry: they name none.

use super::files::Source;

const INDEX: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Lines of a lock file or `.npmrc` that name where a package is fetched from.
pub(crate) fn hosts(source: &Source) -> Vec<String> {
    let file = source.path.rsplit('/').next().unwrap_or_default();
    let wrong = |line: &str| match file {
        "package-lock.json" => line.trim_start().starts_with("\"resolved\": \"http"),
        "Cargo.lock" => line.starts_with("source = ") && !line.contains(INDEX),
        ".npmrc" => line.contains("registry=") || line.contains("//"),
        _ => false,
    };
    let found = source.text.lines().enumerate().filter(|(_, line)| wrong(line));
    found.map(|(number, line)| source.finding(number + 1, line.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found() {
        let npm = Source::of("a/package-lock.json", "{\n  \"resolved\": \"https://example.org/a.tgz\"\n}");
        assert_eq!(hosts(&npm).len(), 1);
        let cargo = Source::of("Cargo.lock", "source = \"registry+https://example.org/index\"\n");
        assert_eq!(hosts(&cargo).len(), 1);
        assert_eq!(hosts(&Source::of(".npmrc", "registry=https://example.org/")).len(), 1);
        assert!(hosts(&Source::of("Cargo.lock", &format!("source = \"{INDEX}\"\n"))).is_empty());
        assert!(hosts(&Source::of("a/package.json", "\"homepage\": \"https://example.org\"")).is_empty());
    }
}
