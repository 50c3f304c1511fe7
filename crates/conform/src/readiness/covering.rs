//! Lapses that an acceptance lets stand (`terms.yaml`: a hole that an acceptance in force covers on each of its days is shown,
//! but is no finding).
//!
//! An acceptance covers a lapse of an item when it names the item among its requirements and is about the record, about its AI
//! system, or, for a lapse about no record, about the organisation. What a rule itself says about acceptances of one type is the
//! rule's business.

use std::collections::HashMap;

use vouch_record::Id;
use vouch_record::kind::generated::acceptance::Acceptance;

use crate::derived;
use crate::framework::ISO42001;
use crate::shape::{Lapse, breakpoints, on_every_day};
use crate::view::{Entry, View, Window};

/// The acceptances that together cover a lapse of an item on each of its days; none when a day is open.
pub(super) fn covered_by(view: &View, item: &str, lapse: &Lapse) -> Vec<Id> {
    let candidates: Vec<Entry<'_>> =
        accepting(view, item).iter().filter_map(|id| view.get(*id)).filter(|entry| is_about(view, *entry, lapse)).collect();
    if candidates.is_empty() {
        return Vec::new();
    }
    let ids: Vec<Id> = candidates.iter().map(Entry::id).collect();
    let window = lapse.days.unwrap_or(Window { from: view.today(), to: view.today() });
    let dates = candidates.iter().flat_map(|entry| {
        let acceptance = Acceptance(entry.content());
        [acceptance.from().get(), acceptance.until().get(), acceptance.ended_on().get()].into_iter().flatten()
    });
    // What is accepted may become worse, which ends the acceptance; so days on which it changed are asked too.
    let accepted = lapse.subject.and_then(|subject| view.get(subject.id));
    let days = breakpoints(window, candidates.iter().copied().chain(accepted), dates);
    let in_force = |id: &Id, day| view.on(day).get(*id).is_some_and(derived::in_force);
    let open = on_every_day(window, &days, |day| ids.iter().any(|id| in_force(id, day)));
    if open.is_empty() { ids } else { Vec::new() }
}

/// Acceptances that name the item among the duties they release.
fn accepting<'v>(view: &'v View, item: &str) -> &'v [Id] {
    let all: &HashMap<String, Vec<Id>> = view.keep(None, "accepted_items", || {
        let mut all: HashMap<String, Vec<Id>> = HashMap::new();
        for entry in view.all(Acceptance::KIND) {
            let requirements = Acceptance(entry.content()).requirements();
            requirements
                .filter(|named| named.framework == ISO42001)
                .for_each(|named| all.entry(named.item.to_owned()).or_default().push(entry.id()));
        }
        all
    });
    all.get(item).map_or(&[], Vec::as_slice)
}

fn is_about(view: &View, entry: Entry<'_>, lapse: &Lapse) -> bool {
    let acceptance = Acceptance(entry.content());
    let subject = acceptance.subject().get().map(|link| link.id);
    let system = |id: Id| acceptance.ai_systems().any(|link| link.id == id);
    match (lapse.subject, lapse.system) {
        (None, None) => subject.is_some() && subject == view.organisation().map(|entry| entry.id()),
        (record, concerned) => {
            record.is_some_and(|record| subject == Some(record.id)) || concerned.is_some_and(|id| subject == Some(id) || system(id))
        }
    }
}
