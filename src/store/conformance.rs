//! What every store must do, as checks that run natively and in browsers. They say what is wrong instead of panicking,
//! so that they can report from anywhere. Not: what happens when a store refuses (`session`).

use super::persisted::{CONSENT, DRAFT, EPOCH, OutboxEntry, READ, SESSION, TAIL, TERM, TOMBSTONE, UI};
use super::{Refusal, Store};

/// What was expected of the store and not found.
pub type Wrong = &'static str;

/// Checks a store that is empty; it is empty again afterwards.
pub fn alone(store: &mut dyn Store) -> Result<(), Wrong> {
    expect(names(store)?.is_empty(), "an unused store is empty")?;
    ok(store.remove(SESSION), "forgetting what is not there is fine")?;

    put(store, SESSION, "{\"v\":1}", "keeps a text")?;
    put(store, SESSION, "other", "replaces a text")?;
    expect(names(store)?.len() == 1, "one name is one entry")?;

    for text in ["", " ", "a;b=c, \"d\"\\\n\r\t\0", "é 漢字 👩‍👩‍👧 \u{2028}\u{feff}", "%41%zz+&#38;"] {
        put(store, DRAFT, text, "gives back the very text")?;
    }
    put(store, TAIL, &"é\"".repeat(16 * 1024), "has room for a long transcript")?;

    let one = OutboxEntry::name_of("m1");
    let other = OutboxEntry::name_of("m:1 2;=é");
    for name in [READ, UI, CONSENT, EPOCH, TERM, TOMBSTONE, &one, &other] {
        put(store, name, name, "takes every name we use")?;
    }
    expect(names(store)?.len() == 11, "every name is an entry of its own")?;

    ok(store.remove(&one), "forgets")?;
    expect(text(store, &one)?.is_none(), "what was forgotten is gone")?;
    expect(text(store, &other)?.as_deref() == Some(&other), "nothing else is forgotten with it")?;
    for name in names(store)? {
        ok(store.remove(&name), "forgets what it lists")?;
    }
    expect(names(store)?.is_empty(), "a store that forgot everything is empty")
}

/// Checks that two empty stores of different namespaces do not see each other.
pub fn apart(one: &mut dyn Store, other: &mut dyn Store) -> Result<(), Wrong> {
    put(one, SESSION, "one", "keeps a text")?;
    expect(names(other)?.is_empty(), "another namespace is not seen")?;
    ok(other.remove(SESSION), "forgets")?;
    expect(text(one, SESSION)?.as_deref() == Some("one"), "another namespace is not touched")?;
    ok(one.remove(SESSION), "forgets")
}

/// Checks two views of one empty store: what a reload or another tab sees. The second one is made before anything is
/// kept, and asked afterwards.
pub fn shared(one: &mut dyn Store, other: &mut dyn Store) -> Result<(), Wrong> {
    put(one, SESSION, "one", "keeps a text")?;
    expect(text(other, SESSION)?.as_deref() == Some("one"), "what one kept the other sees")?;
    // Two authors, one entry each: neither takes the other's away.
    for number in 0..20 {
        let name = OutboxEntry::name_of(&"x".repeat(number + 1));
        let store: &mut dyn Store = if number % 2 == 0 { one } else { other };
        put(store, &name, "m", "keeps a text")?;
    }
    expect(names(one)?.len() == 21 && names(other)?.len() == 21, "two authors lose nothing")?;
    for name in names(other)? {
        ok(other.remove(&name), "forgets what it lists")?;
    }
    expect(names(one)?.is_empty(), "what one forgot is gone for the other")
}

fn put(store: &mut dyn Store, name: &str, value: &str, wrong: Wrong) -> Result<(), Wrong> {
    ok(store.set(name, value), wrong)?;
    expect(text(store, name)?.as_deref() == Some(value), wrong)
}

fn text(store: &mut dyn Store, name: &str) -> Result<Option<String>, Wrong> {
    let entries = store.load().map_err(|_| "reads")?;
    Ok(entries.into_iter().find(|(kept, _)| kept == name).map(|(_, text)| text))
}

fn names(store: &mut dyn Store) -> Result<Vec<String>, Wrong> {
    let entries = store.load().map_err(|_| "reads")?;
    Ok(entries.into_iter().map(|(name, _)| name).collect())
}

fn ok(outcome: Result<(), Refusal>, wrong: Wrong) -> Result<(), Wrong> {
    outcome.map_err(|_| wrong)
}

fn expect(holds: bool, wrong: Wrong) -> Result<(), Wrong> {
    if holds { Ok(()) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Entries;
    use crate::store::memory::Memory;
    use std::cell::RefCell;
    use std::rc::Rc;

    /// A view of a store that others see too; `spoil` turns it into one that does something wrong.
    #[derive(Clone)]
    struct Shared {
        inner: Rc<RefCell<Memory>>,
        spoil: &'static str,
    }

    fn shared_views(spoil: &'static str) -> (Shared, Shared) {
        let one = Shared { inner: Rc::default(), spoil };
        (one.clone(), one)
    }

    impl Store for Shared {
        fn load(&mut self) -> Result<Entries, Refusal> {
            self.inner.borrow_mut().load()
        }
        fn set(&mut self, name: &str, text: &str) -> Result<(), Refusal> {
            let text = if self.spoil == "trims" { text.trim() } else { text };
            let name = if self.spoil == "cuts names" { name.split(' ').next().unwrap() } else { name };
            if self.spoil == "small" && text.len() > 10_000 {
                return Err(Refusal::Full);
            }
            self.inner.borrow_mut().set(name, text)
        }
        fn remove(&mut self, name: &str) -> Result<(), Refusal> {
            if self.spoil == "never forgets" { Ok(()) } else { self.inner.borrow_mut().remove(name) }
        }
    }

    #[test]
    fn a_shared_store_conforms() {
        let (mut one, mut other) = shared_views("");
        assert_eq!(alone(&mut one), Ok(()));
        assert_eq!(shared(&mut one, &mut other), Ok(()));
        assert_eq!(apart(&mut one, &mut other), Err("another namespace is not seen"));
        assert!(shared(&mut Memory::new(), &mut Memory::new()).is_err());
    }

    #[test]
    fn a_spoilt_store_is_found_out() {
        for spoil in ["trims", "cuts names", "small", "never forgets"] {
            assert!(alone(&mut shared_views(spoil).0).is_err(), "{spoil}");
        }
    }
}
