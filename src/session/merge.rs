//! JSON objects laid over each other: what `update` said before, and what it says now. Not: when any of it is sent
//! (`update`).

use crate::json::{self, Members, Value, Writer};

/// `base` with the members of `patch` over it, objects within objects likewise. `null` deletes; with `nulls` it stays
/// written, for whoever is to delete it too. What is no JSON says nothing.
pub(super) fn merge(base: &str, patch: &str, nulls: bool) -> String {
    let (base, patch) = (json::parse(base), json::parse(patch));
    let mut out = Writer::new();
    match (&base, &patch) {
        (Ok(base), Ok(patch)) => lay(&mut out, Some(base.root()), patch.root(), nulls),
        (Ok(one), _) | (_, Ok(one)) => lay(&mut out, None, one.root(), nulls),
        _ => {}
    }
    out.finish()
}

fn lay(out: &mut Writer, base: Option<Value<'_>>, patch: Value<'_>, nulls: bool) {
    if !patch.is_object() {
        out.raw(patch.raw());
        return;
    }
    out.object();
    let (mut theirs, mut ours) = (patch.members(), patch.members());
    if let Some(base) = base {
        ours = base.members();
        for (name, value) in base.members() {
            if find(patch, &mut theirs, name).is_none() {
                out.name(name).raw(value.raw());
            }
        }
    }
    for (name, value) in patch.members() {
        if nulls || !value.is_null() {
            out.name(name);
            lay(out, base.and_then(|base| find(base, &mut ours, name)), value, nulls);
        }
    }
    out.end_object();
}

/// The member of this name, looked for from where the last one stood: who says the same again says it in the same order,
/// and a page may say a thousand things.
fn find<'a>(object: Value<'a>, from: &mut Members<'a>, name: &str) -> Option<Value<'a>> {
    for _ in 0..2 {
        for (key, value) in from.by_ref() {
            if key == name {
                return Some(value);
            }
        }
        *from = object.members();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::merge;

    #[test]
    fn values_are_merged_key_by_key_and_null_deletes() {
        let base = r#"{"user":{"id":"1","name":"Ann","traits":{"a":1,"b":2}},"context":{"page":"x"}}"#;
        let patch = r#"{"user":{"name":null,"traits":{"b":3,"c":null}},"company":{"id":7}}"#;
        let kept = r#"{"context":{"page":"x"},"user":{"id":"1","name":null,"traits":{"a":1,"b":3,"c":null}},"company":{"id":7}}"#;
        assert_eq!(merge(base, patch, true), kept);
        let gone = r#"{"context":{"page":"x"},"user":{"id":"1","traits":{"a":1,"b":3}},"company":{"id":7}}"#;
        assert_eq!(merge("", kept, false), gone);
        assert_eq!(merge(base, patch, false), gone);
    }

    #[test]
    fn a_null_that_was_asked_for_in_user_data_stays() {
        let base = r#"{"source":null,"a":1}"#;
        assert_eq!(merge(base, r#"{"user":{"id":"1"}}"#, false), r#"{"source":null,"a":1,"user":{"id":"1"}}"#);
    }

    #[test]
    fn what_is_no_object_replaces_and_is_replaced() {
        assert_eq!(merge(r#"{"a":[1]}"#, r#"{"a":{"b":1}}"#, true), r#"{"a":{"b":1}}"#);
        assert_eq!(merge(r#"{"a":{"b":1}}"#, r#"{"a":[1]}"#, true), r#"{"a":[1]}"#);
        assert_eq!(merge("", "", true), "");
    }
}
