//! Which fields stand together: those needed now, those needed later, the rest.

use vouch_record::kind::{FieldSpec, MayBeEmpty, Required};

use super::Subject;

/// The fields of a form in three groups.
pub(super) struct Groups<'c> {
    pub(super) now: Vec<&'c FieldSpec>,
    pub(super) later: Vec<&'c FieldSpec>,
    pub(super) further: Vec<&'c FieldSpec>,
}

impl<'c> Groups<'c> {
    /// Groups the fields of a form; `missing` are those that the record lacks as it stands.
    pub(super) fn of(subject: &Subject<'c>, missing: &[String]) -> Self {
        let course = subject.entry.map(|entry| entry.standing().course(entry.record(), entry.kind())).unwrap_or_default();
        let mut groups = Self { now: Vec::new(), later: Vec::new(), further: Vec::new() };
        for field in subject.fields() {
            let group = match &field.required {
                _ if missing.contains(&field.name) => &mut groups.now,
                Required::Always if matches!(field.may_be_empty, MayBeEmpty::Yes) => &mut groups.further,
                Required::Always => &mut groups.now,
                Required::From(state) if course.contains(&state.as_str()) => &mut groups.now,
                Required::From(_) => &mut groups.later,
                Required::No if field.needed_when.is_some() => &mut groups.later,
                Required::No => &mut groups.further,
            };
            group.push(field);
        }
        groups
    }

    /// Names of what is needed now.
    pub(super) fn needed(&self) -> Vec<&'c str> {
        self.now.iter().map(|field| field.name.as_str()).collect()
    }
}
