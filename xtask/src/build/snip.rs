//! What a panic would say, taken out of the module: the library's functions that put it into words, and the places in the
//! sources, with all that only they needed. A panic is a trap, which the package's JavaScript notices. Not: what follows
//! from one (`pkg-template/doors.js`).
//!
//! The compiler could leave them out by itself only with the standard library built anew, by options that are not stable.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, DataKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, Module};

/// The crates whose panics are meant.
const LIBRARY: [&str; 3] = ["core", "alloc", "std"];

/// Functions that never return, by the last word of their path, beside those that begin with `panic`.
const WORDS: [&str; 10] = [
    "slice_index_fail",
    "slice_error_fail",
    "len_mismatch_fail",
    "unwrap_failed",
    "expect_failed",
    "assert_failed",
    "handle_error",
    "capacity_overflow",
    "handle_alloc_error",
    "begin_panic",
];

/// What the functions that are taken out would say, and the digits they would say it with.
const PHRASES: [&str; 28] = [
    "slice index starts at ",
    " but ends at ",
    "index out of bounds: the len is ",
    " but the index is ",
    "range start index ",
    "range end index ",
    " out of range for slice of length ",
    "copy_from_slice: source slice length (",
    ") does not match destination slice length (",
    "insertion index (is ",
    ") should be <= len (is ",
    "removal index (is ",
    ") should be < len (is ",
    "attempted to take ownership of Rust value while it was borrowed",
    "capacity overflow",
    "closure invoked recursively or after being dropped",
    "mid > len",
    "attempt to join into collection with len > usize::MAX",
    "null pointer passed to rust",
    "recursive use of an object detected which would lead to unsafe aliasing in rust",
    "Tried to shrink to a larger capacity",
    "called `Result::unwrap()` on an `Err` value",
    "called `Option::unwrap()` on a `None` value",
    "LayoutError",
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899",
    "attempt to divide by zero",
    "RefCell already mutably borrowed",
    "RefCell already borrowed",
];

/// As a `Location` lies in memory: address and length of the file's name, line, column.
const PLACE: usize = 16;

/// Rewrites the file in place. Fails where so little is found that the library must have other names by now.
pub fn snip(file: &Path) -> Result<()> {
    let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
    let mut module = Module::from_buffer(&bytes)?;
    let (bodies, places) = (functions(&mut module), places(&mut module));
    ensure!(bodies >= 10 && places >= 10, "{bodies} functions and {places} places of panics found");
    leftovers(&mut module);
    let said = phrases(&mut module);
    ensure!(said * 2 >= PHRASES.len(), "{said} of the library's phrases found");
    module.emit_wasm_file(file)
}

/// Has each function that tells of a panic trap instead.
fn functions(module: &mut Module) -> usize {
    let told = named(module, tells);
    told.iter().for_each(|id| trap(module, *id));
    told.len()
}

/// Has each function trap that only the table holds still: what put a panic into words, and what the bindings were
/// described with, was called through addresses that nothing has any more. A kind of which one is called after all, as
/// futures are in test builds, stays whole: the size tells.
fn leftovers(module: &mut Module) {
    let export = |item: &ExportItem| if let ExportItem::Function(id) = item { Some(*id) } else { None };
    let exported: Vec<_> = module.exports.iter().filter_map(|one| export(&one.item)).collect();
    for kind in LEFTOVERS {
        let left: Vec<_> = named(module, kind).into_iter().filter(|id| !exported.contains(id)).collect();
        let called = module.funcs.iter_local().any(|(id, function)| {
            let mut calls = Calls::default();
            dfs_in_order(&mut calls, function, function.entry_block());
            !left.contains(&id) && calls.0.iter().any(|called| left.contains(called))
        });
        if !called {
            left.iter().for_each(|id| trap(module, *id));
        }
    }
}

/// The functions a function calls by name.
#[derive(Default)]
struct Calls(Vec<FunctionId>);

impl<'a> Visitor<'a> for Calls {
    fn visit_function_id(&mut self, id: &FunctionId) {
        self.0.push(*id);
    }
}

/// The module's own functions of such names.
fn named(module: &Module, meant: fn(&str) -> bool) -> Vec<FunctionId> {
    let name = |id: FunctionId| module.funcs.get(id).name.as_deref();
    module.funcs.iter_local().map(|(id, _)| id).filter(|id| name(*id).is_some_and(meant)).collect()
}

/// Gives the function a body that does nothing but trap.
fn trap(module: &mut Module, id: FunctionId) {
    let (params, results) = module.types.params_results(module.funcs.get(id).ty());
    let (params, results) = (params.to_vec(), results.to_vec());
    let args = params.iter().map(|kind| module.locals.add(*kind)).collect();
    let mut trap = FunctionBuilder::new(&mut module.types, &params, &results);
    trap.func_body().unreachable();
    module.funcs.get_mut(id).kind = FunctionKind::Local(trap.local_func(args));
}

/// By its name (demangled): whether a function puts values into words, wakes a future, or takes a closure's arguments.
const LEFTOVERS: [fn(&str) -> bool; 3] = [
    |name| name.contains("::fmt::") && !name.contains("support_chat::"),
    |name| name.starts_with("js_sys::futures::"),
    |name| name.starts_with("wasm_bindgen::convert::closures::_::invoke::"),
];

/// Whether the function of this name (demangled) tells of a panic.
fn tells(name: &str) -> bool {
    let name = name.trim_start_matches('<');
    if name.starts_with("wasm_bindgen::throw_str") {
        return true;
    }
    let library = LIBRARY
        .iter()
        .any(|krate| name.strip_prefix(krate).is_some_and(|rest| rest.starts_with("::") || rest.starts_with('[')));
    // Mutexes ask whether there was a panic: that returns.
    if !library || name.contains("is_zero_slow_path") {
        return false;
    }
    let last = name.rsplit("::").find(|part| !part.starts_with('{') && hash(part).is_none()).unwrap_or(name);
    name.contains("::panicking::") || last.starts_with("panic_") || WORDS.contains(&last)
}

/// The hash at the end of a name in the older style.
fn hash(part: &str) -> Option<&str> {
    let digits = part.strip_prefix('h').filter(|digits| digits.len() == 16)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(digits)
}

/// Makes zeros, which take no room, of the places in the sources and of the names of their files.
fn places(module: &mut Module) -> usize {
    let mut found = 0;
    let segments: Vec<_> = module.data.iter().map(|data| data.id()).collect();
    for id in segments {
        let data = module.data.get_mut(id);
        let DataKind::Active { offset: ConstExpr::Value(Value::I32(start)), .. } = data.kind else { continue };
        let start = start as usize;
        let mut names = Vec::new();
        let mut at = start.next_multiple_of(4) - start;
        while let Some(place) = data.value.get(at..at + PLACE) {
            let word = |at: usize| {
                place.get(at..at + 4).map_or(0, |word| word.iter().rfold(0, |all, byte| all << 8 | usize::from(*byte)))
            };
            let (name, length, line, column) = (word(0).wrapping_sub(start), word(4), word(8), word(12));
            let range = name..name.saturating_add(length);
            let is_place = line > 0 && column > 0 && data.value.get(range.clone()).is_some_and(is_source);
            if is_place {
                data.value[at..at + PLACE].fill(0);
                names.push(range);
                found += 1;
                at += PLACE;
            } else {
                at += 4;
            }
        }
        for name in names {
            data.value[name].fill(0);
        }
    }
    found
}

/// Makes zeros of the library's phrases. How many of them were there.
fn phrases(module: &mut Module) -> usize {
    let segments: Vec<_> = module.data.iter().map(|data| data.id()).collect();
    let mut found = [false; PHRASES.len()];
    for id in segments {
        let data = &mut module.data.get_mut(id).value;
        for (phrase, found) in PHRASES.iter().zip(&mut found) {
            while let Some(at) = data.windows(phrase.len()).position(|part| part == phrase.as_bytes()) {
                data[at..at + phrase.len()].fill(0);
                *found = true;
            }
        }
    }
    found.iter().filter(|found| **found).count()
}

/// Whether this is the name of a source file.
fn is_source(name: &[u8]) -> bool {
    name.len() > 3 && name.ends_with(b".rs") && name.iter().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_that_tell_of_a_panic_are_known_by_their_names() {
        for name in [
            "core[c5930c85a12de822]::panicking::panic_fmt",
            "core::cell::panic_already_borrowed::h0123456789abcdef",
            "<alloc[3ca501edff3f0c7c]::vec::Vec<_, _>>::swap_remove::assert_failed",
            "<std[a543996e6e7dbf1e]::panicking::panic_handler::FormatStringPayload as core[c5930c85a12de822]::panic::PanicPayload>::get",
            "std[a543996e6e7dbf1e]::panicking::panic_handler::{closure#0}",
            "wasm_bindgen::throw_str::h0123456789abcdef",
        ] {
            assert!(tells(name), "{name}");
        }
        for name in [
            "support_chat::session::boot::Session::fail_boot::h0123456789abcdef",
            "support_chat::transport::bayeux::client::Client::request_failed",
            "std[a543996e6e7dbf1e]::panicking::panic_count::is_zero_slow_path",
            "core[c5930c85a12de822]::fmt::write",
            "<core[c5930c85a12de822]::fmt::Formatter>::pad",
        ] {
            assert!(!tells(name), "{name}");
        }
    }

    #[test]
    fn what_the_table_alone_can_hold_is_known_by_its_name_and_our_own_code_is_not_among_it() {
        let kind = |name: &str| LEFTOVERS.iter().position(|kind| kind(name));
        for (name, place) in [
            ("<core[c5930c85a12de822]::fmt::Formatter>::pad", Some(0)),
            ("<&str as core[c5930c85a12de822]::fmt::Display>::fmt", Some(0)),
            ("js_sys::futures::jspi::task_waker::raw_clone::h0123456789abcdef", Some(1)),
            ("wasm_bindgen::convert::closures::_::invoke::h0123456789abcdef", Some(2)),
            ("<support_chat::transport::Action as core::fmt::Debug>::fmt", None),
            ("support_chat::time::iso", None),
        ] {
            assert_eq!(kind(name), place, "{name}");
        }
    }

    #[test]
    fn of_what_is_called_after_all_nothing_is_taken_out() {
        for called in [false, true] {
            let mut module = Module::default();
            let returns = |module: &mut Module, name: &str, calls: &[FunctionId]| {
                let mut function = FunctionBuilder::new(&mut module.types, &[], &[]);
                function.name(name.into());
                for id in calls {
                    function.func_body().call(*id);
                }
                function.finish(vec![], &mut module.funcs)
            };
            let wake = returns(&mut module, "js_sys::futures::wake", &[]);
            let clone = returns(&mut module, "js_sys::futures::clone", &[wake]);
            returns(&mut module, "support_chat::turn", &[wake][..usize::from(called)]);
            leftovers(&mut module);
            for id in [wake, clone] {
                let function = module.funcs.get(id).kind.unwrap_local();
                let traps = function.block(function.entry_block()).instrs.iter().any(|(one, _)| one.is_unreachable());
                assert_eq!(traps, !called);
            }
        }
    }

    #[test]
    fn a_phrase_of_the_library_becomes_zeros_wherever_it_stands() {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        let kind = DataKind::Active { memory, offset: ConstExpr::Value(Value::I32(1024)) };
        let id = module.data.add(kind, b"ours, mid > len, mid > length, theirs".to_vec());
        assert_eq!(phrases(&mut module), 1);
        assert_eq!(module.data.get(id).value, b"ours, \0\0\0\0\0\0\0\0\0, \0\0\0\0\0\0\0\0\0gth, theirs");
    }

    #[test]
    fn a_place_and_its_files_name_become_zeros_and_nothing_else_does() {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        let start = 1024_u32;
        let mut bytes = b"src/a.rs, a word".to_vec();
        let words = [start, 8, 7, 3, start + 10, 6, 7, 3];
        bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        let kind = DataKind::Active { memory, offset: ConstExpr::Value(Value::I32(start as i32)) };
        let id = module.data.add(kind, bytes.clone());
        assert_eq!(places(&mut module), 1);
        bytes[..8].fill(0);
        bytes[16..32].fill(0);
        assert_eq!(module.data.get(id).value, bytes);
    }
}
