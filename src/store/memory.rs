//! A store that lasts as long as the page: the option `memory`, and where every other store falls back to. Not: what
//! tabs share.

use super::{Entries, Refusal, Store};

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    entries: Entries,
}

impl Memory {
    /// An empty one.
    pub fn new() -> Memory {
        Memory::default()
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.entries.iter().position(|(kept, _)| kept == name)
    }
}

impl Store for Memory {
    fn load(&mut self) -> Result<Entries, Refusal> {
        Ok(self.entries.clone())
    }

    fn set(&mut self, name: &str, text: &str) -> Result<(), Refusal> {
        match self.find(name).and_then(|at| self.entries.get_mut(at)) {
            Some((_, kept)) => *kept = text.into(),
            None => self.entries.push((name.into(), text.into())),
        }
        Ok(())
    }

    fn remove(&mut self, name: &str) -> Result<(), Refusal> {
        if let Some(at) = self.find(name) {
            self.entries.remove(at);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::conformance;

    #[test]
    fn memory_conforms() {
        assert_eq!(conformance::alone(&mut Memory::new()), Ok(()));
        assert_eq!(conformance::apart(&mut Memory::new(), &mut Memory::new()), Ok(()));
    }
}
