//! Pages that do nothing for a while: hung, frozen, or in the back/forward cache. What happens to them waits, or never
//! reaches them, and then they return. Not: what must hold then (`checks`).

use crate::browser::TabId;
use crate::plan::Fault;
use crate::tab::Input;
use crate::world::{Due, World};
use support_chat::session::PageEvent;

/// Why a page does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Away {
    /// Its thread is busy: nobody told it, and it holds what it holds.
    Hung,
    /// The browser stopped it, and told it so.
    Frozen,
    /// The visitor went on to another page, and may come back to this one.
    Cached,
}

impl World {
    /// A page does nothing from now on, for a while.
    pub(crate) fn put_away(&mut self, id: TabId, fault: Fault) {
        let away = match fault {
            Fault::Freeze => Away::Frozen,
            Fault::Cache => Away::Cached,
            _ => Away::Hung,
        };
        let told: &[PageEvent] = match away {
            Away::Hung => &[],
            Away::Frozen => &[PageEvent::Hidden, PageEvent::Frozen],
            Away::Cached => &[PageEvent::Cached, PageEvent::Hidden],
        };
        for page in told {
            self.drive(id, Input::Page(*page));
        }
        let Some(tab) = self.tab_mut(id) else { return };
        tab.away = Some(away);
        tab.visible &= away == Away::Hung;
        let kept = if away == Away::Cached { std::mem::take(&mut tab.locks) } else { Vec::new() };
        for (_, name) in kept {
            self.unlock(id, &name); // no lock is kept in the cache
        }
        self.say(|| format!("tab {id} is {away:?}"));
        let pause = self.random.pick(&[300, 2_500, 9_000, 40_000]);
        let pause = 1 + self.random.below(pause);
        self.later(pause, Due::Return(id));
    }

    /// What happens to a page that does nothing: it waits for it. The cache may swallow what other tabs say.
    pub(crate) fn wait_for(&mut self, id: TabId, input: Input) {
        let deaf = self.plan.deaf_cache;
        let Some(tab) = self.tab_mut(id) else { return };
        let lost = match input {
            Input::Timeout => true,
            Input::Peer(_) => tab.away == Some(Away::Cached) && deaf,
            _ => false,
        };
        if !lost {
            tab.missed.push_back(input);
        }
    }

    /// The page goes on: with the event that says so, and with what waited for it.
    pub(crate) fn bring_back(&mut self, id: TabId) {
        let time = self.time;
        let Some(tab) = self.tab_mut(id) else { return };
        let Some(away) = tab.away.take() else { return };
        let missed = std::mem::take(&mut tab.missed);
        tab.returned = time;
        self.say(|| format!("tab {id} is back, {} inputs waited", missed.len()));
        self.waking = Some(id);
        self.returns += 1;
        let first = match away {
            Away::Hung => None,
            Away::Frozen => Some(PageEvent::Resumed),
            Away::Cached => Some(PageEvent::Restored),
        };
        let shown_late = self.random.percent(50);
        if let Some(event) = first {
            self.drive(id, Input::Page(event));
            if !shown_late {
                self.show(id);
            }
        }
        for mut input in missed {
            if let Input::Loaded(Ok(entries)) | Input::Read(_, entries) = &mut input {
                *entries = self.look(id).unwrap_or_default(); // what was asked for is read when somebody is there to read it
            }
            if self.random.percent(20) {
                self.drive(id, Input::Timeout);
            }
            self.drive(id, input);
        }
        if first.is_some() && shown_late {
            self.show(id);
        }
        self.waking = None;
        if let Some(place) = self.tabs.iter().position(|tab| tab.id == id) {
            self.check_tab(place);
        }
    }

    /// The page is in sight again, and its timers are in time.
    pub(crate) fn show(&mut self, id: TabId) {
        let Some(tab) = self.tab_mut(id) else { return };
        if tab.away.is_some() {
            return; // it is shown when it returns
        }
        tab.lateness = 0;
        tab.visible = true;
        self.drive(id, Input::Page(PageEvent::Shown));
        self.check_return(id);
    }

    /// The tabs that do something.
    pub(crate) fn present(&self) -> Vec<TabId> {
        self.tabs.iter().filter(|tab| tab.away.is_none()).map(|tab| tab.id).collect()
    }
}
