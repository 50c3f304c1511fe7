//! Tests of readiness: the words of `terms.yaml`, over the base organisation of the cases and rules made for the purpose.

use std::sync::Arc;

use serde_json::Value as Json;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;

use super::{Answer, Depth, Finding, Grade, Readiness, explain};
use crate::check::cases::{Fixed, Lives, Patch, build};
use crate::check::{Check, InForce, Rule, Texts};
use crate::shape::{Judgement, Lapse, Verdicts, at_least_one, each};
use crate::view::{Basis, Bound, Entry, View};

/// Every registered AI system fails.
fn systems_fail(view: &View) -> Verdicts {
    each(view.all("ai-system").filter(|system| system.is("registered")), |system| Judgement::Fail(Lapse::of(system)))
}

/// Claims triage fails, the others pass.
fn triage_fails(view: &View) -> Verdicts {
    each(view.all("ai-system"), |system| Judgement::when(system.text("name") != Some("Claims triage"), || Lapse::of(system)))
}

fn all_pass(view: &View) -> Verdicts {
    each(view.all("ai-system"), |_| Judgement::Pass)
}

fn nothing_there(_: &View) -> Verdicts {
    Verdicts::holds()
}

fn no_milestone(view: &View) -> Verdicts {
    at_least_one(view.all("milestone"), Lapse::of_organisation)
}

fn rota_undecided(view: &View) -> Verdicts {
    each(view.all("ai-system").filter(|system| system.is("dismissed")), |_| Judgement::Undecided("it was erased".to_owned()))
}

fn always(_: &View) -> bool {
    true
}

macro_rules! check {
    ($name:literal, $not_applicable:expr, $($rule:expr),*) => {
        Check { requirement: $name, texts: b"", rules: &[$($rule),*], not_applicable: $not_applicable }
    };
}

/// An item with its rules: of each the id, the grade and what else its text says.
type ItemText<'t> = (&'t str, &'t [(&'t str, &'t str, &'t str)]);

/// Texts of rules that read AI systems.
fn texts(items: &[ItemText<'_>]) -> Texts {
    texts_reading("ai-system", items)
}

fn texts_reading(kind: &str, items: &[ItemText<'_>]) -> Texts {
    let of = |(item, rules): &ItemText<'_>| ((*item).to_owned(), text(item, rules).replace("[a kind]", &format!("[{kind}]")));
    let files: Vec<(String, String)> = items.iter().map(of).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    Texts::load(&files).unwrap()
}

fn text(item: &str, rules: &[(&str, &str, &str)]) -> String {
    let mut text = format!("requirement: '{item}'\npopulation: systems\nsample_question: which?\nnot_applicable_when: a fact\n");
    for (depth, letter) in [("documented", "-D"), ("operating", "-O"), ("proven", "-P")] {
        text.push_str(&format!("{depth}:\n"));
        let of_depth: Vec<_> = rules.iter().filter(|(id, _, _)| id.contains(letter)).collect();
        if of_depth.is_empty() {
            text.truncate(text.len() - 1);
            text.push_str(" []\n");
        }
        for (id, grade, more) in of_depth {
            text.push_str(&format!("  - {{id: {id}, rule: a rule, reads: [a kind], grade: {grade}, finding: '{{system}} lapses', remedy: mend it, act: incident{more}}}\n"));
        }
    }
    text
}

/// The base organisation as a case patches it, seen with these texts.
fn view(patch: &str, texts: Texts) -> View {
    let fixed = Fixed::load();
    let patch: Patch = if patch.is_empty() { Patch::default() } else { serde_saphyr::from_str(patch).unwrap() };
    let built = build(&Lives::base().patched(&patch).unwrap(), &fixed.kinds).unwrap();
    let bound = Bound { size: built.state.size(), ..built.bound.clone() };
    let basis = Basis {
        state: built.state.clone(),
        frameworks: fixed.frameworks.clone(),
        zone: jiff::tz::TimeZone::UTC,
        bound,
        texts: Arc::new(texts),
    };
    let end = vouch_record::time::end_of_day(built.today, &jiff::tz::TimeZone::UTC);
    View::new(basis, built.today, end)
}

fn answer<'r>(readiness: &'r Readiness, item: &str) -> &'r Answer {
    readiness.answer(item).unwrap()
}

fn grades(findings: &[&Finding]) -> Vec<(String, Grade)> {
    findings.iter().map(|finding| (finding.check.clone(), finding.grade)).collect()
}

#[test]
fn an_item_without_a_check_is_never_met_and_says_so() {
    let readiness = Readiness::with(&view("", Texts::default()), &[]);
    assert_eq!(readiness.requirements.len(), 70);
    assert!(
        readiness
            .requirements
            .iter()
            .all(|answer| !answer.documented && answer.applies && answer.reason.as_deref() == Some("no check yet"))
    );
    assert_eq!((readiness.depths.documented.met, readiness.depths.proven.of), (0, 70));
}

#[test]
fn a_depth_wants_a_passed_record_and_the_depths_before_it() {
    static CHECKS: &[Check] = &[
        check!(
            "4.1",
            None,
            Rule::each("4.1-D1", nothing_there),
            Rule::each("4.1-O1", nothing_there),
            Rule::each("4.1-P1", all_pass)
        ),
        check!("4.2", None, Rule::each("4.2-D1", nothing_there), Rule::each("4.2-O1", all_pass), Rule::each("4.2-P1", all_pass)),
        check!("4.3", None, Rule::each("4.3-D1", systems_fail), Rule::each("4.3-O1", all_pass), Rule::each("4.3-P1", all_pass)),
    ];
    let texts = texts(&[
        ("4.1", &[("4.1-D1", "minor", ""), ("4.1-O1", "minor", ""), ("4.1-P1", "minor", "")]),
        ("4.2", &[("4.2-D1", "minor", ""), ("4.2-O1", "minor", ""), ("4.2-P1", "minor", "")]),
        ("4.3", &[("4.3-D1", "opportunity", ""), ("4.3-O1", "minor", ""), ("4.3-P1", "minor", "")]),
    ]);
    let readiness = Readiness::with(&view("", texts), CHECKS);
    let met = |item: &str| Depth::ALL.map(|depth| answer(&readiness, item).met(depth));
    assert_eq!(met("4.1"), [true, false, false]);
    assert_eq!(answer(&readiness, "4.1").reason.as_deref(), Some("nothing to judge yet"));
    assert_eq!(met("4.2"), [true, true, true]);
    assert_eq!((met("4.3"), answer(&readiness, "4.3").findings.len()), ([true, true, true], 1), "an opportunity breaks nothing");
    assert!(
        answer(&readiness, "4.2").evidence.iter().any(|evidence| evidence.kind == "ai-system" && evidence.depth == Depth::Proven)
    );
}

#[test]
fn lapses_of_a_rule_are_one_finding_that_lists_the_heaviest_first() {
    static CHECKS: &[Check] = &[check!("4.1", None, Rule::each("4.1-D1", systems_fail))];
    let texts = texts(&[("4.1", &[("4.1-D1", "minor", "")])]);
    let readiness = Readiness::with(&view("", texts), CHECKS);
    let finding = &answer(&readiness, "4.1").findings[0];
    assert_eq!(finding.lapses.len(), 2);
    assert_eq!(finding.message, "Claims triage (SYS-1) lapses, and 1 more.", "high before moderate");
    assert_eq!(finding.record, "SYS-1".parse::<Id>().ok());
}

/// A population of AI systems of which the first `failing` of `all` fail, beside those of the base.
fn grade_of(all: usize, failing: usize) -> Grade {
    fn first_fail(view: &View) -> Verdicts {
        each(view.all("ai-system").filter(|system| system.id().number() > 3), |system| {
            Judgement::when(AiSystem(system.content()).purpose().get() != Some("fails"), || Lapse::of(system))
        })
    }
    static CHECKS: &[Check] = &[check!("4.1", None, Rule::each("4.1-D1", first_fail))];
    let systems: Vec<String> = (0..all)
        .map(|number| {
            let purpose = if number < failing { "fails" } else { "holds" };
            format!("  SYS-{}: {{at: 2026-10-01, by: PER-2, fields: {{name: One, purpose: {purpose}}}}}", 90 + number)
        })
        .collect();
    let patch = format!("add:\n{}", systems.join("\n"));
    let readiness = Readiness::with(&view(&patch, texts(&[("4.1", &[("4.1-D1", "minor", "")])])), CHECKS);
    answer(&readiness, "4.1").findings[0].grade
}

#[test]
fn minor_lapses_add_up_to_a_major() {
    for (all, failing, expected) in [
        (2, 2, Grade::Minor),
        (3, 2, Grade::Minor),
        (3, 3, Grade::Major),
        (4, 2, Grade::Minor),
        (4, 3, Grade::Major),
        (5, 3, Grade::Major),
        (15, 3, Grade::Major),
        (16, 3, Grade::Minor),
        (11, 2, Grade::Minor),
        (30, 6, Grade::Major),
    ] {
        assert_eq!(grade_of(all, failing), expected, "{failing} of {all}");
    }
}

#[test]
fn a_critical_system_in_use_and_a_repeated_finding_weigh_more() {
    static CHECKS: &[Check] =
        &[check!("4.1", None, Rule::each("4.1-D1", triage_fails)), check!("8.2", None, Rule::each("8.2-D1", triage_fails))];
    let rules = || texts(&[("4.1", &[("4.1-D1", "minor", "")]), ("8.2", &[("8.2-D1", "minor", "")])]);
    let grades = |patch: &str| {
        let readiness = Readiness::with(&view(patch, rules()), CHECKS);
        ["4.1", "8.2"].map(|item| answer(&readiness, item).findings[0].grade)
    };
    assert_eq!(grades(""), [Grade::Minor, Grade::Minor]);
    assert_eq!(grades("change: {SYS-1: {risk_tier: critical}}"), [Grade::Minor, Grade::Major], "4.1 does not guard use");
    let verified = |item: &str, system: &str, day: &str| {
        format!(
            "add:\n  FND-90:\n    at: {day}\n    by: PER-6\n    fields: {{title: Seen before, audit: AUD-1, grade: minor, requirements: ['iso42001:{item}'], ai_systems: [{system}], statement: s, seen: s, raised_by: x, raised_at: {day}}}\n    then:\n      - {{at: {day}, by: PER-2, to: answered}}\n      - {{at: {day}, by: PER-2, to: accepted}}\n      - {{at: {day}, by: PER-2, to: verified, set: {{verified_at: {day}, verified_by: x}}}}\n"
        )
    };
    assert_eq!(grades(&verified("4.1", "SYS-1", "2025-10-20")), [Grade::Major, Grade::Minor]);
    assert_eq!(grades(&verified("4.1", "SYS-2", "2025-10-20")), [Grade::Minor, Grade::Minor], "another system");
    let late = format!("today: 2028-10-21\n{}", verified("4.1", "SYS-1", "2025-10-20"));
    assert_eq!(grades(&late), [Grade::Minor, Grade::Minor], "more than three years ago");
}

#[test]
fn a_rule_that_asks_for_one_thing_keeps_its_grade() {
    static CHECKS: &[Check] = &[check!("4.1", None, Rule::one("4.1-D1", systems_fail))];
    let texts = texts(&[("4.1", &[("4.1-D1", "minor", "")])]);
    let readiness = Readiness::with(&view("change: {SYS-1: {risk_tier: critical}}", texts), CHECKS);
    assert_eq!(answer(&readiness, "4.1").findings[0].grade, Grade::Minor);
}

#[test]
fn a_lapse_that_two_rules_see_is_shown_once_with_both_items() {
    static CHECKS: &[Check] =
        &[check!("4.1", None, Rule::each("4.1-D1", triage_fails)), check!("8.2", None, Rule::each("8.2-D1", systems_fail))];
    let texts = texts(&[("4.1", &[("4.1-D1", "minor", "")]), ("8.2", &[("8.2-D1", "major", ", same_as: [9.9-D1, 4.1-D1]")])]);
    let readiness = Readiness::with(&view("", texts), CHECKS);
    assert_eq!(grades(&readiness.findings()), [("4.1-D1".to_owned(), Grade::Major), ("8.2-D1".to_owned(), Grade::Major)]);
    let shared = &answer(&readiness, "4.1").findings[0];
    assert_eq!(shared.also, [("8.2".to_owned(), "8.2-D1".to_owned())]);
    assert!(shared.concerns("8.2") && shared.raised_because.as_deref() == Some("8.2-D1 sees the same lapse and weighs it heavier"));
    let rest = &answer(&readiness, "8.2").findings[0];
    assert_eq!((rest.lapses.len(), rest.record), (1, "SYS-2".parse::<Id>().ok()));
    assert!(!answer(&readiness, "8.2").documented);
    assert!(!answer(&readiness, "4.1").documented);
}

#[test]
fn without_a_statement_annex_a_is_a_preview() {
    static CHECKS: &[Check] =
        &[check!("A.2.2", None, Rule::each("A.2.2-D1", systems_fail)), check!("A.2.3", None, Rule::each("A.2.3-D1", all_pass))];
    let rules = || texts(&[("A.2.2", &[("A.2.2-D1", "major", "")]), ("A.2.3", &[("A.2.3-D1", "major", "")])]);
    let preview = Readiness::with(&view("remove: [SOA-1]\nchange: {CRT-1: {statement_of_applicability: ''}}", rules()), CHECKS);
    let item = answer(&preview, "A.2.2");
    assert!(item.findings.is_empty() && !item.documented && item.open_work.len() == 1);
    assert_eq!(item.reason.as_deref(), Some("preview: open work: Claims triage (SYS-1) lapses"));
    assert!(answer(&preview, "A.2.3").documented);
    assert!(preview.notes.iter().any(|note| note.contains("preview")));
    let stated = Readiness::with(&view("", rules()), CHECKS);
    assert_eq!(answer(&stated, "A.2.2").findings.len(), 1);
}

const EXCLUDED: &str = "change:\n  SOA-1:\n    rows: [{control: 'iso42001:A.2.2', origin: annex_a, decision: excluded, reason: no such role, applicability: APP-90}]\nadd:\n  APP-90:\n    at: 2026-09-01\n    by: PER-2\n    fields: {control: 'iso42001:A.2.2', title: Policy, origin: annex_a, decision: excluded, exclusion_ground: no_risk, exclusion_reason: none, back_when: never, owner: PER-2}\n    then:\n      - {at: 2026-09-02, by: PER-2, to: submitted}\n      - {at: 2026-09-03, by: PER-1, to: approved, approve: PER-1, set: {review_by: 2027-01-01}}\n";

#[test]
fn what_is_excluded_or_leaves_nothing_to_judge_is_met_and_does_not_apply() {
    static CHECKS: &[Check] = &[
        check!("A.2.2", None, Rule::each("A.2.2-D1", systems_fail)),
        check!("A.2.3", Some(always), Rule::each("A.2.3-D1", systems_fail)),
    ];
    let rules = texts(&[("A.2.2", &[("A.2.2-D1", "major", "")]), ("A.2.3", &[("A.2.3-D1", "major", "")])]);
    let readiness = Readiness::with(&view(EXCLUDED, rules), CHECKS);
    for (item, reason) in [("A.2.2", "excluded by SOA-1: no such role"), ("A.2.3", "not applicable: a fact")] {
        let answer = answer(&readiness, item);
        assert!(!answer.applies && answer.documented && answer.operating && answer.proven && answer.findings.is_empty());
        assert_eq!(answer.reason.as_deref(), Some(reason));
    }
    assert_eq!(readiness.depths.proven.met, 2);
}

#[test]
fn an_exclusion_that_the_facts_contradict_is_judged_all_the_same() {
    static CHECKS: &[Check] = &[check!("A.2.2", None, Rule::each("A.2.2-D1", systems_fail))];
    let rules = texts(&[("A.2.2", &[("A.2.2-D1", "major", "")])]);
    // The ground is that nobody develops or uses AI, and the scope names both roles.
    let readiness = Readiness::with(&view(&EXCLUDED.replace("no_risk", "role_absent"), rules), CHECKS);
    let item = answer(&readiness, "A.2.2");
    assert!(item.applies && !item.documented && item.findings.len() == 1);
    assert!(item.notes.contains(&"SOA-1 excludes it, and the facts contradict that (APP-1)".to_owned()), "{:?}", item.notes);
}

#[test]
fn before_a_first_scope_operating_and_proven_are_not_asked() {
    static CHECKS: &[Check] = &[check!(
        "4.1",
        None,
        Rule::each("4.1-D1", all_pass),
        Rule::each("4.1-O1", all_pass),
        Rule::one_in(365, "4.1-P1", all_pass)
    )];
    let rules = || texts(&[("4.1", &[("4.1-D1", "minor", ""), ("4.1-O1", "minor", ""), ("4.1-P1", "minor", "")])]);
    let early = Readiness::with(&view("today: 2025-03-02", rules()), CHECKS);
    assert_eq!(answer(&early, "4.1").reason.as_deref(), Some("not asked before a first scope is approved"));
    let young = Readiness::with(&view("today: 2025-04-01", rules()), CHECKS);
    let item = answer(&young, "4.1");
    assert!(item.operating && !item.proven);
    assert_eq!(item.reason.as_deref(), Some("not asked yet, from 2026-03-03 on"));
    assert!(item.notes.contains(&"young system: 30 days covered".to_owned()), "{:?}", item.notes);
    let grown = Readiness::with(&view("today: 2026-03-03", rules()), CHECKS);
    assert!(answer(&grown, "4.1").proven && answer(&grown, "4.1").notes.is_empty());
}

#[test]
fn a_rule_about_what_is_not_in_force_is_not_asked_and_no_pass() {
    static CHECKS: &[Check] = &[check!(
        "4.1",
        None,
        Rule::each("4.1-D1", all_pass).speaks_of(&[InForce::AuditProgramme]),
        Rule::each("4.1-O1", all_pass)
    )];
    let rules = texts(&[("4.1", &[("4.1-D1", "minor", ""), ("4.1-O1", "minor", "")])]);
    // The day before the first audit programme was written.
    let readiness = Readiness::with(&view("today: 2025-11-30", rules), CHECKS);
    let item = answer(&readiness, "4.1");
    assert!(!item.documented && !item.operating && item.findings.is_empty());
    assert_eq!(item.reason.as_deref(), Some("not asked while no audit programme is in force; see 9.2.2-D1"));
}

#[test]
fn where_there_is_no_record_at_all_the_first_rule_alone_gives_the_finding() {
    static CHECKS: &[Check] = &[check!(
        "4.1",
        None,
        Rule::one("4.1-D1", no_milestone),
        Rule::each("4.1-D2", systems_fail),
        Rule::each("4.1-O1", systems_fail)
    )];
    let rules =
        || texts_reading("milestone", &[("4.1", &[("4.1-D1", "minor", ""), ("4.1-D2", "minor", ""), ("4.1-O1", "minor", "")])]);
    let readiness = Readiness::with(&view("", rules()), CHECKS);
    assert_eq!(grades(&readiness.findings()), [("4.1-D1".to_owned(), Grade::Minor)]);
    let task = "add:\n  MIL-90: {at: 2026-10-01, by: PER-2, state: planned, fields: {title: Audit, phase: certify, deliverable: a certificate, first_planned_on: 2027-01-04, planned_on: 2027-01-04, owner: PER-2, gate: true}}";
    let readiness = Readiness::with(&view(task, rules()), CHECKS);
    assert_eq!(readiness.findings().len(), 2, "a record is there: each rule speaks, and the first is content");
}

#[test]
fn what_cannot_be_judged_is_listed_and_is_no_pass() {
    static CHECKS: &[Check] = &[check!("4.1", None, Rule::each("4.1-D1", all_pass), Rule::each("4.1-O1", rota_undecided))];
    let rules = texts(&[("4.1", &[("4.1-D1", "minor", ""), ("4.1-O1", "minor", "")])]);
    let readiness = Readiness::with(&view("", rules), CHECKS);
    let item = answer(&readiness, "4.1");
    assert!(item.documented && !item.operating && item.findings.is_empty());
    assert_eq!((item.undecided.len(), item.undecided[0].reason.as_str()), (1, "it was erased"));
    assert_eq!(item.reason.as_deref(), Some("nothing to judge yet"));
}

#[test]
fn the_answer_prints_as_the_command_line_promises() {
    static CHECKS: &[Check] = &[check!("4.1", None, Rule::one("4.1-D1", no_milestone))];
    let rules = texts(&[("4.1", &[("4.1-D1", "major", "")])]);
    let readiness = Readiness::with(&view("", rules), CHECKS).with_root("cm9vdA==");
    let json = serde_json::to_value(&readiness).unwrap();
    let keys = |value: &Json| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&json), ["as_of", "depths", "head", "requirements"]);
    assert_eq!((json["as_of"].as_str(), json["head"]["root"].as_str()), (Some("2026-11-20"), Some("cm9vdA==")));
    assert_eq!(json["depths"]["documented"], serde_json::json!({"met": 0, "of": 70}));
    let first = &json["requirements"][0];
    assert_eq!(keys(first), ["applies", "documented", "evidence", "findings", "id", "operating", "proven", "reason"]);
    let finding = serde_json::json!({"check": "4.1-D1", "requirement": "4.1", "depth": "documented", "grade": "major", "record": null,
        "message": "(not stated) lapses", "remedy": "mend it", "act": "incident"});
    assert_eq!(first["findings"][0], finding);
}

#[test]
fn an_explanation_of_one_record_keeps_what_is_about_it() {
    let fixed = Fixed::load();
    let built = build(&Lives::base(), &fixed.kinds).unwrap();
    let view = built.view(fixed, built.today);
    let whole = explain(&view, "4.3", None).unwrap();
    let system: Id = "SYS-2".parse().unwrap();
    let part = explain(&view, "4.3", Some(system)).unwrap();
    assert!(part.rules.iter().all(|rule| rule.passed.iter().all(|seen| seen.id == Some(system))));
    assert!(whole.rules.iter().any(|rule| rule.passed.len() > 1) && part.rules.iter().any(|rule| rule.passed.len() == 1));
    assert_eq!(whole.met, Depth::ALL);
    assert!(explain(&view, "4.99", None).is_none());
}

#[test]
fn findings_are_raised_in_the_order_of_stage_one() {
    static CHECKS: &[Check] = &[
        check!(
            "4.1",
            None,
            Rule::each("4.1-D1", triage_fails),
            Rule::each("4.1-O1", systems_fail),
            Rule::one("4.1-P1", no_milestone)
        ),
        check!("4.2", None, Rule::each("4.2-D1", systems_fail)),
    ];
    let rules = texts(&[
        ("4.1", &[("4.1-D1", "minor", ""), ("4.1-O1", "minor", ""), ("4.1-P1", "major", "")]),
        ("4.2", &[("4.2-D1", "minor", "")]),
    ]);
    let readiness = Readiness::with(&view("", rules), CHECKS);
    let order: Vec<String> = readiness.raised_first(3).iter().map(|finding| finding.check.clone()).collect();
    assert_eq!(order, ["4.1-P1", "4.2-D1", "4.1-D1"], "the grade, then the depth, then how many");
}

#[test]
fn what_lies_under_no_checkpoint_counts_before_proven_and_not_there() {
    fn evidence_there(view: &View) -> Verdicts {
        at_least_one(
            view.live("evidence").filter(|entry: &Entry<'_>| entry.text("title") == Some("Inventory against feeds")),
            Lapse::of_organisation,
        )
    }
    static CHECKS: &[Check] = &[check!(
        "4.1",
        None,
        Rule::each("4.1-D1", all_pass),
        Rule::one("4.1-O1", evidence_there),
        Rule::one("4.1-P1", evidence_there)
    )];
    let rules = || texts(&[("4.1", &[("4.1-D1", "minor", ""), ("4.1-O1", "minor", ""), ("4.1-P1", "minor", "")])]);
    let readiness = Readiness::with(&view("unbound: [EVD-1, EVD-2, EVD-3]", rules()), CHECKS);
    let item = answer(&readiness, "4.1");
    assert!(item.operating && !item.proven);
    assert!(
        item.findings[0].message.ends_with("; what would show it does not lie under a checkpoint that verified."),
        "{}",
        item.findings[0].message
    );
    assert!(answer(&Readiness::with(&view("", rules()), CHECKS), "4.1").proven);
}
