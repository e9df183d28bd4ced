//! Which crate the bytes of the wasm file come from, by the names of its functions. After inlining a byte belongs to the caller: a guide, not an account.

use std::path::Path;

use anyhow::{Context, Result};
use wasmparser::{KnownCustom, Name, Parser, Payload};

/// What one crate (of ours: one module) takes, uncompressed.
pub struct Share {
    pub name: String,
    pub bytes: u64,
}

/// The shares of a wasm file that still has its names, the largest first.
pub fn read(wasm: &Path) -> Result<Vec<Share>> {
    let bytes = std::fs::read(wasm).with_context(|| wasm.display().to_string())?;
    let mut shares: Vec<Share> = Vec::new();
    let mut add = |name: &str, bytes: usize| match shares.iter_mut().find(|share| share.name == name) {
        Some(share) => share.bytes += bytes as u64,
        None => shares.push(Share { name: name.to_owned(), bytes: bytes as u64 }),
    };
    let mut bodies = Vec::new();
    let mut imported = 0;
    let mut names: Vec<(u32, String)> = Vec::new();
    for payload in Parser::new(0).parse_all(&bytes) {
        match payload? {
            Payload::ImportSection(reader) => {
                imported = count_functions(reader)?;
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.range().len()),
            Payload::DataSection(reader) => add("(data)", reader.range().len()),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(reader) = section.as_known() {
                    for part in reader {
                        if let Name::Function(map) = part? {
                            for naming in map {
                                let naming = naming?;
                                names.push((naming.index, naming.name.to_owned()));
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    for (position, size) in bodies.into_iter().enumerate() {
        let index = imported + position as u32;
        let name = names.iter().find(|(known, _)| *known == index).map_or("", |(_, name)| name);
        add(&owner(name), size);
    }
    shares.sort_by_key(|share| std::cmp::Reverse(share.bytes));
    Ok(shares)
}

fn count_functions(reader: wasmparser::ImportSectionReader<'_>) -> Result<u32> {
    let mut count = 0;
    for import in reader.into_imports() {
        if matches!(import?.ty, wasmparser::TypeRef::Func(_) | wasmparser::TypeRef::FuncExact(_)) {
            count += 1;
        }
    }
    Ok(count)
}

/// The crate of a demangled name; of our own crate with the module.
fn owner(name: &str) -> String {
    // `<support_chat::session::Session as core::fmt::Debug>::fmt` belongs to the type.
    let path =
        name.trim_start_matches(['<', '&', '*', '(', '[', ' ']).trim_start_matches("mut ").trim_start_matches("dyn ");
    let end = path.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(path.len());
    let mut parts = path[..end].split("::").filter(|part| !part.is_empty());
    match (parts.next(), parts.next()) {
        (Some("support_chat"), Some(module)) if module.starts_with(char::is_lowercase) => {
            format!("support_chat::{module}")
        }
        (Some(first), Some(_)) => first.to_owned(),
        (Some(first), None) if first.starts_with("supportchat_") || first.starts_with("__wbg") => {
            "(exports)".to_owned()
        }
        _ => "(other)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::owner;

    #[test]
    fn a_function_belongs_to_the_crate_of_its_type() {
        assert_eq!(owner("support_chat::session::outbox::Outbox::push"), "support_chat::session");
        assert_eq!(owner("<support_chat::error::Error as core::fmt::Display>::fmt"), "support_chat::error");
        assert_eq!(owner("<&mut alloc::vec::Vec<T> as core::fmt::Debug>::fmt"), "alloc");
        assert_eq!(owner("core::ptr::drop_in_place<support_chat::message::Message>"), "core");
        assert_eq!(owner("supportchat_boot"), "(exports)");
        assert_eq!(owner("memcpy"), "(other)");
    }
}
