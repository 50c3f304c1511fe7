//! What people who left still hold.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::person::Person;
use vouch_record::kind::generated::role::Role;
use vouch_record::kind::generated::task::Task;

use crate::derived::is_over;
use crate::shape::{Judgement, Lapse, Verdicts, breakpoints, each, on_every_day};
use crate::view::{Entry, View, Window};

/// How long a successor may take.
const SUCCESSOR_DAYS: i64 = 14;
/// Fields that give somebody a duty.
const DUTIES: [&str; 7] = ["owner", "deputy", "technical_owner", "risk_owner", "metrics", "overseers", "assignee"];

/// 5.3-O4
pub(super) fn nothing_is_left_behind(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.all(Person::KIND).filter(|person| person.is("left")), |person| {
        let Some(left) = person.entered("left") else { return Judgement::Skip("never worked here".to_owned()) };
        let Some(asked) = window.from_day(left.saturating_add((SUCCESSOR_DAYS + 1).days())) else {
            return Judgement::Skip(format!("left on {left}; there is time for a successor"));
        };
        let records = person.linking_any().filter(|record| gives_duties(*record));
        let lapses = records.flat_map(|record| {
            let stretches = still_held(record, person.id(), asked);
            let lapse = move |days: Window| {
                let lapse = Lapse::of(record).value("person", person.label()).value("date", left);
                lapse.value("record", record.label()).over(days)
            };
            stretches.into_iter().map(lapse).collect::<Vec<_>>()
        });
        Judgement::of(lapses.collect())
    })
}

/// Whether a record of this kind gives duties to somebody.
fn gives_duties(record: Entry<'_>) -> bool {
    record.kind().name == Role::KIND || DUTIES.iter().any(|field| record.kind().field(field).is_some())
}

/// The days on which a record named the person though it was not over.
fn still_held(record: Entry<'_>, person: Id, asked: Window) -> Vec<Window> {
    let ends = if record.kind().name == Role::KIND {
        Role(record.content()).holders().filter_map(|row| row.to()).collect()
    } else {
        Vec::new()
    };
    let days = breakpoints(asked, [record], ends);
    on_every_day(asked, &days, |day| record.on(day).is_none_or(|then| is_closed(then) || !holds(then, person, day)))
}

fn is_closed(record: Entry<'_>) -> bool {
    is_over(record) || (record.kind().name == Task::KIND && record.is("done"))
}

fn holds(record: Entry<'_>, person: Id, day: Date) -> bool {
    if record.kind().name == Role::KIND {
        let rows = Role(record.content()).holders();
        return rows
            .into_iter()
            .any(|row| row.person().is_some_and(|link| link.id == person) && row.to().is_none_or(|to| to >= day));
    }
    DUTIES.iter().any(|field| record.kind().field(field).is_some() && record.names(person, field))
}
