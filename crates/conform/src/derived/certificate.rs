//! Derived values of a certificate.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::certificate::Certificate;
use vouch_record::kind::generated::scope::Scope;

use super::answer::{day, table};
use super::{Derived, ai_system};
use crate::view::Entry;

/// The derived values of a certificate.
pub const TABLE: &[Derived] = &[
    Derived::new("surveillance_due", |entry| {
        table(entry, "certificate.surveillance_due", || {
            surveillance_due(entry).into_iter().map(|row| row! { year: i64::from(row.year), due: row.due }).collect()
        })
    })
    .reading(&["decided_on", "valid_until"]),
    Derived::new("recertification_start", |entry| day(recertification_start(entry))).reading(&["valid_until"]),
    Derived::new("scope_drift", |entry| {
        table(entry, "certificate.scope_drift", || {
            scope_drift(entry).into_iter().map(|row| row! { ai_system: row.system, drift: row.drift }).collect()
        })
    }),
];

/// A surveillance audit that a certificate wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surveillance {
    /// calendar year
    pub year: i16,
    /// last day on which it can be held
    pub due: Date,
}

/// Surveillance audits over the life of the certificate: the first within twelve months of the decision, then one in each calendar year
/// up to the one before recertification (ISO/IEC 17021-1, 9.1.3.3).
#[must_use]
pub fn surveillance_due(entry: Entry<'_>) -> Vec<Surveillance> {
    let certificate = Certificate(entry.content());
    match (certificate.decided_on().get(), certificate.valid_until().get()) {
        (Some(decided), Some(until)) => surveillances(decided, until),
        _ => Vec::new(),
    }
}

fn surveillances(decided: Date, until: Date) -> Vec<Surveillance> {
    let first = decided.saturating_add(12.months());
    // The year of recertification is the last one of the certificate.
    let last_of = |year: i16| Date::new(year, 12, 31).ok();
    let later = (first.year() + 1..until.year()).filter_map(|year| Some(Surveillance { year, due: last_of(year)? }));
    let begins = (first < until && first.year() < until.year()).then_some(Surveillance { year: first.year(), due: first });
    begins.into_iter().chain(later).collect()
}

/// Six months before its last day.
#[must_use]
pub fn recertification_start(entry: Entry<'_>) -> Option<Date> {
    Certificate(entry.content()).valid_until().get().map(|until| until.saturating_sub(6.months()))
}

/// A system on which certificate and scope differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScopeDrift {
    /// the system
    pub system: Id,
    /// `not covered` by the printed scope, or `no longer in scope`
    pub drift: &'static str,
}

/// Systems in scope now that the scope of the certificate does not hold, and systems it names that are no longer in scope.
#[must_use]
pub fn scope_drift(entry: Entry<'_>) -> Vec<ScopeDrift> {
    let Some(printed) = entry.linked("scope") else { return Vec::new() };
    let view = entry.view();
    let uncovered = view.systems().filter(|system| !ai_system::placed_inside(*system, printed));
    let gone = Scope(printed.content()).systems_in().map(|link| link.id);
    let gone = gone.filter(|id| view.find(*id).is_none_or(|system| !ai_system::in_scope(system)));
    uncovered
        .map(|system| ScopeDrift { system: system.id(), drift: "not covered" })
        .chain(gone.map(|system| ScopeDrift { system, drift: "no longer in scope" }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn check(decided: Date, until: Date, expected: &[(i16, Date)]) {
        let found: Vec<_> = surveillances(decided, until).into_iter().map(|one| (one.year, one.due)).collect();
        assert_eq!(found, expected, "{decided} to {until}");
    }

    #[test]
    fn the_first_surveillance_counts_from_the_decision_and_the_last_year_has_none() {
        check(date(2026, 11, 20), date(2029, 11, 19), &[(2027, date(2027, 11, 20)), (2028, date(2028, 12, 31))]);
        check(date(2026, 1, 10), date(2029, 1, 9), &[(2027, date(2027, 1, 10)), (2028, date(2028, 12, 31))]);
        check(date(2026, 3, 1), date(2027, 2, 28), &[]);
    }
}
