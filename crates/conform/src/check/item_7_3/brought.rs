//! Whether there is a course for everybody, and rules that everybody confirms.

use vouch_record::kind::generated::competence_need::{CompetenceNeed, CompetenceNeedGroup};
use vouch_record::kind::generated::course::Course;
use vouch_record::kind::generated::document::Document;
use vouch_record::kind::generated::shared::AwarenessTopic;

use crate::check::training::needs_of;
use crate::check::wording::words;
use crate::shape::{Lapse, Verdicts, stands};
use crate::view::{Entry, View};

/// The approved needs of awareness that everybody has.
pub(super) fn everybodys_needs(view: &View) -> impl Iterator<Item = Entry<'_>> {
    needs_of(view, CompetenceNeedGroup::Awareness).filter(|need| CompetenceNeed(need.content()).everybody().is(true))
}

/// The approved courses that name a need.
pub(super) fn courses_of(need: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    need.incoming(Course::KIND, "needs").filter(|course| course.is("approved"))
}

/// 7.3-D1
pub(super) fn a_course_reaches_everybody(view: &View) -> Verdicts {
    let mut nearest: Option<Vec<AwarenessTopic>> = None;
    for need in everybodys_needs(view) {
        let wanted = CompetenceNeed(need.content());
        for course in courses_of(need) {
            let brought = Course(course.content());
            let lacks = |topic: &AwarenessTopic| !wanted.topics().has(*topic) || !brought.topics().has(*topic);
            let missing: Vec<AwarenessTopic> = AwarenessTopic::ALL.into_iter().filter(lacks).collect();
            if missing.is_empty() {
                return Verdicts { passed: vec![need.subject(), course.subject()], ..Verdicts::default() };
            }
            if nearest.as_ref().is_none_or(|nearest| missing.len() < nearest.len()) {
                nearest = Some(missing);
            }
        }
    }
    let missing = nearest.unwrap_or_else(|| AwarenessTopic::ALL.to_vec());
    let topics: Vec<String> = missing.into_iter().map(|topic| words(topic.id())).collect();
    Verdicts::failed(Lapse::of_organisation().value("topics", topics.join(", ")))
}

/// 7.3-D2
pub(super) fn rules_for_use_are_confirmed(view: &View) -> Verdicts {
    let rules = view.all(Document::KIND).filter(|entry| entry.text("template") == Some("T-AUP"));
    let mut nearest = Lapse::of_organisation().value("defect", "there are none");
    for document in rules.filter(|entry| !Document(entry.content()).translation_of().is_filled()) {
        match stands(document).and_then(|()| confirmed(document)) {
            Ok(()) => return Verdicts::passed(document),
            Err(defect) => nearest = Lapse::of(document).value("defect", defect),
        }
    }
    Verdicts::failed(nearest)
}

fn confirmed(document: Entry<'_>) -> Result<(), String> {
    let content = Document(document.content());
    let wanted = [
        (content.acknowledged_by_all().is(true), "does not ask everybody"),
        (content.acknowledge_within().is_filled(), "sets no time to confirm"),
        (content.acknowledge_again().is_filled(), "does not say when to confirm again"),
    ];
    let missing: Vec<&str> = wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("{} {}", document.label(), missing.join(" and "))) }
}
