//! Depth by clause and control area, with the number of gaps.

use maud::{Markup, html};
use vouch_conform::readiness::Depth;

use crate::chart::depth::{self, Met};
use crate::part::requirement::{GROUPS, group_of};
use crate::request::Context;
use crate::site::Answers;

/// One line for each group, clauses beside controls.
pub(super) fn card(context: &Context<'_>, answers: &Answers) -> Markup {
    let (clauses, controls) = GROUPS.split_at(7);
    html! {
        div.card-head { h2 { "By requirement" } div.row { (depth::legend()) span aria-hidden="true" { "gaps" } } }
        div.by-requirement {
            ul { @for (group, name) in clauses { (line(context, answers, group, name)) } }
            ul { @for (group, name) in controls { (line(context, answers, group, name)) } }
        }
    }
}

fn line(context: &Context<'_>, answers: &Answers, group: &str, name: &str) -> Markup {
    let gaps: Vec<_> = answers.gaps.iter().filter(|gap| group_of(&gap.requirement) == group).collect();
    let judged = || gaps.iter().filter(|gap| gap.applies);
    let met = |depth: Depth| judged().filter(|gap| gap.met >= Some(depth)).count();
    let bar = Met {
        documented: met(Depth::Documented),
        operating: met(Depth::Operating),
        proven: met(Depth::Proven),
        of: judged().count(),
    };
    let open = gaps.iter().filter(|gap| !gap.missing.is_empty()).count();
    html! {
        li {
            span.ref { (group) }
            a href=(context.link(&format!("/gaps?area={group}"))) { (name) }
            @if bar.of == 0 { span.small.faint { "Not judged" } } @else { (depth::bar(bar)) }
            @if open == 0 { span.num.faint { "–" span.vh { " no gap" } } } @else { strong.num { (open) span.vh { " with gaps" } } }
        }
    }
}
