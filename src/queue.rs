//! First in, first out. The library's ring costs the module half a kilobyte for each kind of thing in it; this one is two
//! rows. Not: anything about what waits in it.

use std::vec::IntoIter;

/// A queue.
#[derive(Debug)]
pub struct Queue<T> {
    /// What leaves next, in order …
    leaving: IntoIter<T>,
    /// … and what came since.
    coming: Vec<T>,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Queue { leaving: Vec::new().into_iter(), coming: Vec::new() }
    }
}

impl<T> Queue<T> {
    /// Adds one behind all others.
    pub fn push(&mut self, one: T) {
        self.coming.push(one);
    }

    /// Takes the one that came first.
    pub fn pop(&mut self) -> Option<T> {
        if self.leaving.as_slice().is_empty() {
            self.leaving = std::mem::take(&mut self.coming).into_iter();
        }
        self.leaving.next()
    }
}

#[cfg(test)]
mod tests {
    use super::Queue;

    #[test]
    fn what_came_first_leaves_first() {
        let mut queue = Queue::default();
        assert_eq!(queue.pop(), None);
        queue.push(1);
        queue.push(2);
        assert_eq!(queue.pop(), Some(1));
        queue.push(3);
        assert_eq!((queue.pop(), queue.pop(), queue.pop()), (Some(2), Some(3), None));
        queue.push(4);
        assert_eq!((queue.pop(), queue.pop()), (Some(4), None));
    }
}
