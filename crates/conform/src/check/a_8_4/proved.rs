//! Receipts, the moment of first knowledge, and who decided.

use jiff::Timestamp;
use vouch_record::kind::generated::communication::Communication;
use vouch_record::kind::generated::concern::Concern;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::incident::{Incident, IncidentNotificationRow};
use vouch_record::time::format_instant;

use super::population::{sent, triaged};
use crate::check::closed::not_closed_by_another;
use crate::check::wording::called;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.8.4-P1
pub(super) fn receipts_and_first_knowledge(view: &View) -> Verdicts {
    each(triaged(view), |incident| {
        Judgement::needing(incident, &["notifications", "aware_at"], || {
            let unproved = sent(incident).filter_map(|(at, row)| unproved(view, at, row));
            let lapse = |defect: String| Lapse::of(incident).value("defect", defect);
            Judgement::of(unproved.chain(known_earlier(incident)).map(lapse).collect())
        })
    })
}

/// What is missing that shows that a party was told.
fn unproved(view: &View, at: Timestamp, row: IncidentNotificationRow<'_>) -> Option<String> {
    let party = row.recipient().map(|link| link.id);
    let Some(message) = row.communication().and_then(|link| view.get(link.id)) else {
        return Some(format!("no message to {} is linked", called(view, party)));
    };
    let content = Communication(message.content());
    match content.sent_at().get() {
        None => return Some(format!("{} was not sent", message.label())),
        Some(sent) if sent > at => {
            return Some(format!("{} was sent on {}, later than the row says", message.label(), format_instant(sent)));
        }
        Some(_) => {}
    }
    let mut reached = content.reached().filter(|row| row.party().map(|link| link.id) == party);
    let proved = reached.any(|row| row.proof().any(|link| view.get(link.id).is_some()));
    (!proved).then(|| format!("nothing proves that {} reached {}", message.label(), called(view, party)))
}

/// The first record about the event that is older than the moment of first knowledge.
fn known_earlier(incident: Entry<'_>) -> Option<String> {
    let aware = Incident(incident.content()).aware_at().get()?;
    let linked = ["concern", "measurement"].into_iter().filter_map(|field| incident.linked(field));
    let concerns = incident.incoming(Concern::KIND, "led_to").filter(|concern| !concern.is("void"));
    let evidence = incident.links("evidence").chain(incident.incoming(Evidence::KIND, "about"));
    let first = linked.chain(concerns).chain(evidence).min_by_key(|record| (record.created_at(), record.id()))?;
    (first.created_at() < aware).then(|| {
        let (given, shown) = (format_instant(aware), format_instant(first.created_at()));
        format!("it gives {given} as first knowledge, and {} shows that it was known on {shown}", first.label())
    })
}

/// A.8.4-P2
pub(super) fn decided_and_closed_by_another(view: &View) -> Verdicts {
    each(triaged(view), |incident| {
        Judgement::needing(incident, &["notifications", "lead"], || {
            let content = Incident(incident.content());
            let lead = content.lead().get().map(|link| link.id);
            let left_out: Vec<_> = content.notifications().filter(|row| row.not_needed_because().is_some()).collect();
            if left_out.is_empty() && !incident.is("closed") {
                return Judgement::Skip("nobody was left out, and it is not closed".to_owned());
            }
            let alone = left_out.iter().filter(|row| row.decided_by().map(|link| link.id) == lead).map(|row| {
                let party = called(view, row.recipient().map(|link| link.id));
                format!("{} led it and decided alone that {party} need not know", called(view, lead))
            });
            let closed = incident.is("closed").then(|| not_closed_by_another(incident, lead, "led it")).flatten();
            let lapse = |defect: String| Lapse::of(incident).value("defect", defect);
            Judgement::of(alone.chain(closed.map(|defect| format!("it {defect}"))).map(lapse).collect())
        })
    })
}
