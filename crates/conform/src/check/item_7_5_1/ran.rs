//! Whether documents were in force long enough before the audit, and whether nothing of their templates is left open.

use jiff::civil::Date;
use vouch_record::kind::generated::audit::{Audit, AuditType};
use vouch_record::kind::generated::document::Document;
use vouch_record::time::days_between;

use crate::check::controlled::{approving, editions, in_force};
use crate::derived::document::template_gap;
use crate::framework::TemplateNeed;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long a document has to have been in force before an audit of Stage 2.
const RUN_DAYS: i64 = 90;
/// Pairs of marks between which a template leaves a place open.
const PLACES: [(&str, &str); 3] = [("[[", "]]"), ("{{", "}}"), ("<<", ">>")];
/// Words that say that something is still to be written.
const OPEN: [&str; 4] = [concat!("TO", "DO"), "TBD", concat!("FIX", "ME"), concat!("XX", "X")];

fn is_mandatory(document: Entry<'_>) -> bool {
    let template = Document(document.content()).template().get();
    let template = template.and_then(|template| document.view().frameworks().template(template.id()));
    template.is_some_and(|template| template.need == TemplateNeed::Mandatory)
}

/// 7.5.1-P2
pub(super) fn ran_before_the_audit(view: &View) -> Verdicts {
    let next = next_stage_2(view);
    each(in_force(view).filter(|document| is_mandatory(*document)), |document| {
        let Some(from) = editions(document).iter().map(|edition| edition.days.from).min() else {
            return Judgement::Skip("never in force".to_owned());
        };
        if days_between(from, view.today()) >= RUN_DAYS {
            return Judgement::Pass;
        }
        let Some((planned, audit)) = next else { return Judgement::Skip("young, and no Stage 2 is ahead".to_owned()) };
        let approved = approving(document).first().map_or(from, |given| given.on());
        Judgement::when(days_between(approved, planned) >= RUN_DAYS, || {
            let days = days_between(from, planned);
            let lapse = Lapse::of(document).value("document", document.label()).value("date", from);
            lapse.value("days", days).value("audit", audit.label())
        })
    })
}

/// The next Stage 2 that is planned, with its first day.
fn next_stage_2(view: &View) -> Option<(Date, Entry<'_>)> {
    let ahead = view.all(Audit::KIND).filter(|audit| !audit.is("cancelled")).filter_map(|audit| {
        let content = Audit(audit.content());
        let from = content.planned_from().get().filter(|from| *from >= view.today())?;
        content.type_().is(AuditType::Stage2).then_some((from, audit))
    });
    ahead.min_by_key(|(from, audit)| (*from, audit.id()))
}

/// 7.5.1-P3
pub(super) fn nothing_is_left_open(view: &View) -> Verdicts {
    each(in_force(view), |document| {
        Judgement::needing(document, &["body"], || {
            let Some(body) = Document(document.content()).body().get() else {
                return Judgement::Skip("its text is kept as a file or elsewhere".to_owned());
            };
            let lapse = |gap: String| Lapse::of(document).value("document", document.label()).value("gap", gap);
            if let Some(place) = open_place(body) {
                return Judgement::Fail(lapse(format!("the open place `{place}`")));
            }
            let gap = if is_mandatory(document) { template_gap(document) } else { Vec::new() };
            Judgement::when(gap.is_empty(), || lapse(format!("nothing under the headings {}", gap.join(", "))))
        })
    })
}

/// The first place of a text that is still to be filled.
fn open_place(body: &str) -> Option<&str> {
    let marked = PLACES.into_iter().filter_map(|(open, close)| {
        let from = body.find(open)?;
        let length = body[from..].find(close)? + close.len();
        // A place stands in one line; marks further apart belong to code.
        Some(&body[from..from + length]).filter(|place| !place.contains('\n'))
    });
    let words = body.split(|letter: char| !letter.is_alphanumeric()).find(|word| OPEN.contains(word));
    marked.chain(words).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: Option<&str>) {
        assert_eq!(open_place(body), expected, "{body:?}");
    }

    #[test]
    fn open_places_are_seen_and_links_are_not() {
        check("Approved by [[name of role]].", Some("[[name of role]]"));
        check("Within {{days}} days", Some("{{days}}"));
        check("Limits: TBD", Some("TBD"));
        check("See [the policy](https://a.example) and [x] done.", None);
        check("a << b\n c >> d", None);
        check("Mastodon", None);
    }
}
