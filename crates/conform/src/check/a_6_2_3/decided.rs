//! The decisions of a design: on each topic, with reasons, for each requirement, and the threats among them tested.

use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::specification::{
    Specification, SpecificationDesignDecisionRow, SpecificationDesignDecisionTopic as Topic,
};
use vouch_record::kind::generated::test::{Test, TestType};

use super::each_designed;
use crate::check::data_row::models_made_here;
use crate::check::specified::{same, specification_of};
use crate::check::tested::{reviewed_of, speaks_for_release};
use crate::check::wording::words;
use crate::derived::ai_system;
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, View};

/// What a design decides.
const TOPICS: [Topic; 5] = [Topic::Architecture, Topic::ModelChoice, Topic::Evaluation, Topic::Threat, Topic::HumanInteraction];

/// Judges the decisions in the specification in force of each system that is built here and past the design gate.
fn each_decision<'v>(
    view: &'v View,
    fields: &'static [&'static str],
    judge: impl Fn(Entry<'v>, Entry<'v>) -> Judgement,
) -> Verdicts {
    each_designed(view, |system| match specification_of(system) {
        Some(specification) => Judgement::needing(specification, fields, || judge(system, specification)),
        None => Judgement::Skip("no specification in force; see A.6.2.2-D1".to_owned()),
    })
}

/// The decisions on a topic.
fn on<'v>(specification: Entry<'v>, topic: Topic) -> impl Iterator<Item = SpecificationDesignDecisionRow<'v>> {
    Specification(specification.content()).design_decisions().filter(move |row| row.topic() == Some(topic))
}

/// The requirement codes that a decision answers.
fn codes<'v>(row: SpecificationDesignDecisionRow<'v>) -> impl Iterator<Item = &'v str> {
    row.answers().unwrap_or_default().split([',', ';', ' ', '\n']).map(str::trim).filter(|code| !code.is_empty())
}

/// A.6.2.3-D1
pub(super) fn each_topic_is_decided(view: &View) -> Verdicts {
    each_decision(view, &["design_decisions"], |system, specification| {
        let learned = models_made_here(system).is_empty();
        let topics = TOPICS.into_iter().chain((!learned).then_some(Topic::Training));
        let open = topics.filter(|topic| on(specification, *topic).next().is_none());
        let lapses: Vec<Lapse> = open.map(|topic| Lapse::of(system).value("topic", words(topic.id()))).collect();
        if lapses.is_empty() {
            Judgement::Shown(vec![system.subject(), specification.subject()])
        } else {
            Judgement::FailAll(lapses)
        }
    })
}

/// A.6.2.3-D2
pub(super) fn models_were_chosen(view: &View) -> Verdicts {
    each_decision(view, &["design_decisions"], |system, specification| {
        let mut rows = on(specification, Topic::ModelChoice).peekable();
        if rows.peek().is_none() {
            return Judgement::Skip("it names no choice of a model; see A.6.2.3-D1".to_owned());
        }
        let chosen = |row: &SpecificationDesignDecisionRow<'_>| {
            let others = row.options().is_some_and(|options| !row.chosen().is_some_and(|chosen| same(chosen, options)));
            others && row.reason().is_some()
        };
        let open = rows.filter(|row| !chosen(row));
        Judgement::of(open.map(|row| Lapse::of(system).value("chosen", row.chosen().unwrap_or("the model"))).collect())
    })
}

/// A.6.2.3-O3
pub(super) fn requirements_are_answered(view: &View) -> Verdicts {
    each_decision(view, &["requirements", "design_decisions"], |system, specification| {
        let content = Specification(specification.content());
        let mut blocking = content.requirements().filter(|row| row.blocking() == Some(true)).peekable();
        if blocking.peek().is_none() {
            return Judgement::Skip("it names no blocking requirement".to_owned());
        }
        let answered: Vec<&str> = content.design_decisions().flat_map(codes).collect();
        let open = blocking.filter(|row| !row.code().is_some_and(|code| answered.contains(&code)));
        let called = |row: vouch_record::kind::generated::specification::SpecificationRequirementRow<'_>| {
            row.code().or(row.statement()).unwrap_or("a requirement").to_owned()
        };
        Judgement::of(open.map(|row| Lapse::of(system).value("code", called(row))).collect())
    })
}

/// A.6.2.3-P2
pub(super) fn threats_are_tested(view: &View) -> Verdicts {
    each_decision(view, &["design_decisions"], |system, specification| {
        let mut threats = on(specification, Topic::Threat).peekable();
        if threats.peek().is_none() {
            return Judgement::Skip("it names no threat; see A.6.2.3-D1".to_owned());
        }
        let Some(release) = ai_system::running_release(system) else {
            return Judgement::Skip("no release runs".to_owned());
        };
        let tests: Vec<Entry<'_>> = system
            .incoming(Test::KIND, "ai_system")
            .chain(release.links("tests"))
            .filter(|test| reviewed_of(*test, &[TestType::Security, TestType::Safety]) && speaks_for(*test, release))
            .collect();
        let covers = |test: &Entry<'_>, row: SpecificationDesignDecisionRow<'_>| {
            let mut named = codes(row).peekable();
            let criteria = || Test(test.content()).criteria();
            named.peek().is_none() || named.any(|code| criteria().any(|one| one.requirement_code() == Some(code)))
        };
        let open = threats.filter(|row| !tests.iter().any(|test| covers(test, *row)));
        let lapses: Vec<Lapse> =
            open.map(|row| Lapse::of(system).value("question", row.question().or(row.chosen()).unwrap_or("it names"))).collect();
        if lapses.is_empty() { Judgement::Shown(tests.iter().map(Entry::subject).collect()) } else { Judgement::FailAll(lapses) }
    })
}

/// Whether a test speaks for a release: it ran its version, or the release names it.
fn speaks_for(test: Entry<'_>, release: Entry<'_>) -> bool {
    speaks_for_release(test, release) || Release(release.content()).tests().any(|link| link.id == test.id())
}
