//! The controls as a table in groups, and the bar for those that are selected.

use maud::{Markup, html};

use super::change::FIELDS;
use super::row::Line;
use crate::chart::depth::{self, Met};
use crate::part::badge::{self, Tone, mark};
use crate::part::icon::icon;
use crate::part::value;
use crate::request::Context;

/// The table.
pub(super) fn table(context: &Context<'_>, lines: &[&Line<'_>]) -> Markup {
    let is_today = context.as_of.is_none();
    html! {
        div.card.flush {
            table.table.cards.soa-table data-rows {
                caption.vh { "Controls with decision, reason, implementation, owner and proof" }
                thead {
                    tr {
                        @if is_today { th.pick scope="col" { input type="checkbox" data-all="bulk" aria-label="Select all controls shown"; } }
                        th.w-s scope="col" { "Ref" } th scope="col" { "Control" } th.w-s scope="col" { "Applied" } th.w-m scope="col" { "Reason" }
                        th.w-l scope="col" { "Implementation" } th.w-l scope="col" { "Owner" } th.num.w-s scope="col" { "Proof" }
                    }
                }
                @for group in groups(lines) {
                    tbody {
                        (head(group, is_today))
                        @for line in group { (row(context, line, is_today)) }
                    }
                }
            }
            div.table-foot { span { (crate::format::count(lines.len(), "control", "controls")) } (depth::legend()) }
        }
    }
}

/// Neighbours of one group together.
fn groups<'g, 'l>(lines: &'g [&'l Line<'l>]) -> impl Iterator<Item = &'g [&'l Line<'l>]> {
    lines.chunk_by(|one, other| one.group.0 == other.group.0)
}

fn head(group: &[&Line<'_>], is_today: bool) -> Markup {
    let (id, title) = &group[0].group;
    let gaps = group.iter().filter(|line| line.is_gap()).count();
    let reaching = |depth| group.iter().filter(|line| line.depth().is_some_and(|has| has >= depth)).count();
    use vouch_conform::readiness::Depth::{Documented, Operating, Proven};
    let met = Met { documented: reaching(Documented), operating: reaching(Operating), proven: reaching(Proven), of: group.len() };
    html! {
        tr.group {
            th colspan=(if is_today { "6" } else { "5" }) scope="rowgroup" { (id) " " (title) }
            td { (depth::bar(met)) }
            td.num { @if gaps == 0 { "–" span.vh { "no gap" } } @else { (crate::format::count(gaps, "gap", "gaps")) } }
        }
    }
}

fn row(context: &Context<'_>, line: &Line<'_>, is_today: bool) -> Markup {
    let (row, control) = (line.row, line.row.control.as_str());
    let chosen = context.query("control") == Some(control);
    let name = row.owner.as_ref().map(|owner| context.view.find(owner.id).map_or_else(|| owner.label.clone(), value::name));
    html! {
        tr class=[chosen.then_some("chosen")] {
            @if is_today {
                td { @if let Some(decided) = &row.applicability { input type="checkbox" name="id" value=(decided.id) form="bulk" aria-label=(format!("Select {control}")); } }
            }
            td.ref { (control) }
            td.main-cell { a href=(address(context, control)) aria-current=[chosen.then_some("true")] { (row.title) } span.sub.only-print { (line.why()) } }
            td data-label="Applied" { (line.decision()) @if !row.approved && row.applicability.is_some() { " " (badge::tag("plain", "proposed")) } }
            td data-label="Reason" { (line.reason()) }
            td.nowrap data-label="Implementation" { @if line.is_excluded() { span.faint { "–" } } @else { span.nowrap { (badge::depth(line.depth())) } } }
            td data-label="Owner" { @match name { Some(name) => span.clip { (name) }, None => span.attention { "Nobody" } } }
            td.num data-label="Proof" { (age(line)) }
        }
    }
}

/// How old the proof is, loud where it is too old.
fn age(line: &Line<'_>) -> Markup {
    html! {
        @match line.age {
            _ if line.is_excluded() => span.faint { "–" },
            Some(age) if line.is_stale() => span.bad.person { (mark(Tone::Bad, "too old")) (age) " d" },
            Some(age) => { (age) " d" }
            None => span.bad.person { (mark(Tone::Bad, "no proof")) "none" },
        }
    }
}

/// The list with a control opened beside it.
pub(super) fn address(context: &Context<'_>, control: &str) -> String {
    format!("{}#panel", context.with_query(&[("control", Some(control))]))
}

/// The bar for selected controls. Without a script it is always there.
pub(super) fn bulk() -> Markup {
    html! {
        form.bulk id="bulk" method="post" action="/soa/bulk" data-bulk="bulk" aria-label="Edit selected controls" {
            strong data-count { "Selected controls" }
            @for (field, word) in FIELDS { button.button.small name="field" value=(field) { (word) } }
            button.button.small formaction="/soa/requests" formmethod="get" { "Request proof" }
            button.button.small type="reset" data-clear { (icon("cross")) span.vh { "Clear the selection" } }
        }
    }
}
