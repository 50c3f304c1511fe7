//! Walks the cases of the gates' needs, `gate/<gate>.md`: each need is fulfilled in one and open in another.
//!
//! A heading begins with the id of a need. What is expected names what the gate is held about, each by its label: the system and,
//! where there are any, release, change and review. `G-DEP-1: REL-20, SYS-1` is open, `G-DEP-1 passes: …` is fulfilled,
//! `G-DEP-1 cannot judge: …` cannot be decided; below it, set in, stands the reason.

use std::collections::{BTreeMap, BTreeSet};

use vouch_record::Id;
use vouch_record::kind::generated::shared::RiskTier;

use super::case::{Case, read};
use super::compare::in_labels;
use super::log::{Built, Fixed, build};
use super::patch::Lives;
use crate::derived::ai_system;
use crate::gate::{self, Gate, Held, Path, gates, judge, need};
use crate::view::{Entry, View};

fn cases(gate: &Gate) -> Result<Vec<Case>, String> {
    let file = format!("{}.md", gate.gate);
    let path = format!("{}/src/gate/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{file}: {error}"))?;
    read(&file, &text)
}

/// What a gate is held about, read from labels.
fn held_about<'v>(view: &'v View, built: &Built, labels: &BTreeSet<String>) -> Result<gate::Case<'v>, String> {
    let id_of = |label: &str| built.labels.iter().find(|(_, name)| *name == label).map(|(id, _)| *id);
    let record = |label: &String| id_of(label).and_then(|id: Id| view.get(id)).ok_or_else(|| format!("there is no {label}"));
    let of = |prefix: &str| -> Result<Option<Entry<'v>>, String> {
        labels.iter().find(|label| label.starts_with(prefix)).map(record).transpose()
    };
    let system = of("SYS-")?.ok_or("it names no system")?;
    Ok(gate::Case { system, release: of("REL-")?, change: of("CHG-")?, review: of("STG-")? })
}

/// Where the answer about a need differs from what a case expects; the answer itself where it does not.
fn answered(fixed: &Fixed, base: &Lives, case: &Case) -> Result<Held, String> {
    let asked = need(&case.rule).ok_or_else(|| format!("there is no need `{}`", case.rule))?;
    let built = build(&base.clone().patched(&case.patch)?, &fixed.kinds)?;
    let view = built.view(fixed, built.today);
    let expect = &case.expect;
    let of = |map: &BTreeMap<String, BTreeSet<String>>| map.get(&case.rule).cloned();
    let labels = of(&expect.fails).or_else(|| of(&expect.passes)).or_else(|| of(&expect.undecided)).ok_or("it expects nothing")?;
    let about = held_about(&view, &built, &labels)?;
    let tier = ai_system::tier(about.system).unwrap_or(RiskTier::Critical);
    if !asked.is_asked(tier, Path::of(about.system)) {
        return Err(format!("it is not asked of {} of tier {}", about.system.label(), tier.id()));
    }
    let held = judge(&asked.id, &about);
    let as_expected = match &held {
        Held::Yes => expect.passes.contains_key(&case.rule),
        Held::No(_) => expect.fails.contains_key(&case.rule),
        Held::Undecided(_) => expect.undecided.contains_key(&case.rule),
    };
    let why = match &held {
        Held::Yes => String::new(),
        Held::No(why) | Held::Undecided(why) => in_labels(why, &built),
    };
    let said = match expect.sentences.as_slice() {
        [] => held == Held::Yes,
        [(_, sentence)] => *sentence == why,
        _ => false,
    };
    if as_expected && said { Ok(held) } else { Err(format!("found {held:?}: `{why}`")) }
}

#[test]
fn every_case_of_a_need_finds_what_it_expects_and_each_need_is_fulfilled_in_one_and_open_in_another() {
    let (fixed, base) = (Fixed::load(), Lives::base());
    let mut problems = Vec::new();
    for gate in gates() {
        let cases = cases(gate).unwrap_or_else(|error| {
            problems.push(error);
            Vec::new()
        });
        let (mut fulfilled, mut open) = (BTreeSet::new(), BTreeSet::new());
        for case in &cases {
            match answered(fixed, &base, case) {
                Ok(Held::Yes) => drop(fulfilled.insert(case.rule.as_str())),
                Ok(Held::No(_)) => drop(open.insert(case.rule.as_str())),
                Ok(Held::Undecided(_)) => {}
                Err(error) => problems.push(format!("{}\n    {error}", case.name)),
            }
        }
        let ids = gate.needs.iter().map(|need| need.id.as_str());
        let lacking = ids.filter(|id| !fulfilled.contains(id) || !open.contains(id));
        problems.extend(lacking.map(|id| format!("{id}: it needs a case in which it is fulfilled and one in which it is open")));
        let strange = cases.iter().filter(|case| !gate.needs.iter().any(|need| need.id == case.rule));
        problems.extend(strange.map(|case| format!("{}: no need of this gate", case.name)));
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}
