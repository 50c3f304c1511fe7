//! The day that was agreed for something, where it was moved.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::Value;
use vouch_record::kind::generated::approval::ApprovalDecision;
use vouch_record::time::parse_date;

use crate::view::Entry;

/// The day of a field that holds. It is that of the revision read, unless it was put off after it had passed: then the earlier one
/// holds, until somebody other than the owner approved the record since.
pub(super) fn agreed_day(entry: Entry<'_>, field: &str, owner: Option<Id>) -> Option<Date> {
    let view = entry.view();
    let mut agreed: Option<Date> = None;
    for leaf in entry.leaves() {
        let set = leaf.set().iter().find(|(name, _)| name.as_ref() == field).map(|(_, value)| value);
        let written = set.or_else(|| leaf.body.get(field)).and_then(Value::as_text).and_then(parse_date);
        let Some(day) = written else { continue };
        let in_time = agreed.is_none_or(|before| day <= before || view.day(leaf.time) <= before);
        if in_time || approved_since(entry, leaf.revision, owner) {
            agreed = Some(day);
        }
    }
    agreed
}

/// Whether somebody other than the owner approved this revision or a later one.
fn approved_since(entry: Entry<'_>, revision: u32, owner: Option<Id>) -> bool {
    entry.given().into_iter().any(|given| {
        given.revision() >= revision && given.by() != owner && given.approval.decision().is(ApprovalDecision::Approved)
    })
}
