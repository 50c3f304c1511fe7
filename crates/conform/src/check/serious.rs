//! Incidents that were serious or critical.

use jiff::civil::Date;
use vouch_record::kind::generated::incident::{Incident, IncidentSeverity};

use crate::view::{Entry, View};

/// The incidents of severity serious and critical that were no exercise and not dismissed, each with the day on which they were noticed.
pub(super) fn incidents(view: &View) -> impl Iterator<Item = (Date, Entry<'_>)> {
    view.live(Incident::KIND).filter_map(move |entry| {
        let incident = Incident(entry.content());
        let grave = matches!(incident.severity().get(), Some(IncidentSeverity::Serious | IncidentSeverity::Critical));
        let on = view.day(incident.detected_at().get()?);
        (grave && !incident.exercise().is(true)).then_some((on, entry))
    })
}
