//! One list of a type's members for both ways: the same calls read them from an object, or write them as one. A reader
//! and a writer of each type would be three times the bytes, and could differ. Not: versions of what is stored
//! (`store/persisted`).

use super::{MOST, Value, Writer};

/// A type whose members are listed for a [`Form`].
pub trait Fields {
    /// Hands each member to the form, in the order in which they are written.
    fn fields(&mut self, form: &mut Form<'_>);
}

/// Reads members, or writes them. What cannot be read stays as it was, and spoils the whole if it must be there.
pub struct Form<'a> {
    /// The object that is read; absent: members are written.
    from: Option<Value<'a>>,
    to: Writer,
    spoilt: bool,
}

/// Ids are not empty nor absurdly long.
fn is_id(text: &str) -> bool {
    (1..=512).contains(&text.len())
}

impl<'a> Form<'a> {
    /// Fills what is listed from this object; tells whether everything was there that must be.
    pub fn read(value: Value<'a>, into: &mut dyn Fields) -> bool {
        let mut form = Form { from: Some(value), to: Writer::new(), spoilt: false };
        into.fields(&mut form);
        !form.spoilt
    }

    /// A form that writes an object: see [`Form::finish`].
    pub fn writing() -> Self {
        let mut to = Writer::new();
        to.object();
        Form { from: None, to, spoilt: false }
    }

    /// The object's text.
    pub fn finish(mut self) -> String {
        self.to.end_object();
        self.to.finish()
    }

    /// The object that is read, when it reads.
    pub fn reads(&self) -> Option<Value<'a>> {
        self.from
    }

    /// What was read cannot be used.
    pub fn spoil(&mut self) {
        self.spoilt = true;
    }

    /// A text that must be there.
    pub fn text(&mut self, name: &str, field: &mut String) {
        match self.from {
            Some(from) => {
                let text = from.text_at(name);
                self.spoilt |= text.is_none();
                field.clear();
                field.push_str(text.unwrap_or(""));
            }
            None => drop(self.to.name(name).string(field)),
        }
    }

    /// A text; absent it is empty.
    pub fn text_or_empty(&mut self, name: &str, field: &mut String) {
        let spoilt = self.spoilt;
        self.text(name, field);
        self.spoilt = spoilt;
    }

    /// A text that must be there, not be empty, and not be absurdly long.
    pub fn id(&mut self, name: &str, field: &mut String) {
        self.text(name, field);
        self.spoilt |= self.from.is_some() && !is_id(field);
    }

    /// A text that may be absent.
    pub fn maybe(&mut self, name: &str, field: &mut Option<String>) {
        match self.from {
            Some(from) => *field = from.owned_at(name),
            None => drop(self.maybe_word(name, field.as_deref())),
        }
    }

    /// An id that may be absent.
    pub fn maybe_id(&mut self, name: &str, field: &mut Option<String>) {
        self.maybe(name, field);
        if self.from.is_some() && !field.as_deref().is_some_and(is_id) {
            *field = None;
        }
    }

    /// A word of a list: writes this one, or gives the one that is read.
    pub fn maybe_word<'w>(&mut self, name: &str, own: Option<&'w str>) -> Option<&'w str>
    where
        'a: 'w,
    {
        if let Some(from) = self.from {
            return from.text_at(name);
        }
        if let Some(word) = own {
            self.to.name(name).string(word);
        }
        own
    }

    /// A word that must be there; else it is empty.
    pub fn word<'w>(&mut self, name: &str, own: &'w str) -> &'w str
    where
        'a: 'w,
    {
        self.maybe_word(name, Some(own)).unwrap_or_else(|| {
            self.spoilt = true;
            ""
        })
    }

    /// A number that must be there, and be none that nobody counts up to.
    pub fn number(&mut self, name: &str, field: &mut u64) {
        match self.from {
            Some(from) => match from.number_at(name).filter(|number| *number <= MOST) {
                Some(number) => *field = number,
                None => self.spoilt = true,
            },
            None => drop(self.to.name(name).number(*field)),
        }
    }

    /// A number; absent it is 0.
    pub fn number_or_0(&mut self, name: &str, field: &mut u64) {
        let spoilt = self.spoilt;
        self.number(name, field);
        self.spoilt = spoilt;
    }

    /// True or false; must be there.
    pub fn flag(&mut self, name: &str, field: &mut bool) {
        let mut given = Some(*field);
        self.maybe_flag(name, &mut given);
        *field = given.unwrap_or(false);
        self.spoilt |= given.is_none();
    }

    /// True or false, or absent.
    pub fn maybe_flag(&mut self, name: &str, field: &mut Option<bool>) {
        match (self.from, *field) {
            (Some(from), _) => *field = from.member(name).and_then(Value::boolean),
            (None, Some(flag)) => drop(self.to.name(name).boolean(flag)),
            (None, None) => {}
        }
    }

    /// Goes into the member of this name: when reading, if it is there; when writing, if `there`. Gives what
    /// [`Form::leave`] wants back.
    pub fn enter(&mut self, name: &str, there: bool) -> Option<Outside<'a>> {
        let outside = Outside(self.from);
        match self.from {
            Some(from) => self.from = Some(from.member(name)?),
            None if there => drop(self.to.name(name).object()),
            None => return None,
        }
        Some(outside)
    }

    /// Goes out of it again.
    pub fn leave(&mut self, outside: Outside<'a>) {
        self.from = outside.0;
        if self.from.is_none() {
            self.to.end_object();
        }
    }

    /// An array of objects. Those that cannot be read are left out.
    pub fn list<T: Fields + Default>(&mut self, name: &str, list: &mut Vec<T>) {
        if let Some(from) = self.from {
            self.spoilt |= !from.member(name).is_some_and(Value::is_array);
            for value in from.items_at(name) {
                let mut one = T::default();
                if Form::read(value, &mut one) {
                    list.push(one);
                }
            }
            return;
        }
        self.to.name(name).array();
        for one in list {
            self.to.object();
            one.fields(self);
            self.to.end_object();
        }
        self.to.end_array();
    }
}

/// The object around the one that was entered.
pub struct Outside<'a>(Option<Value<'a>>);
