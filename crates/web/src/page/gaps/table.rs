//! The requirements as a table, by the group they stand in.

use maud::{Markup, html};
use vouch_conform::gap::Gap;

use crate::format::{distance, near_date, sentence, words};
use crate::part::badge::{self, mark, tone_of};
use crate::part::requirement::{GROUPS, group_of};
use crate::part::{button, empty, finding, person};
use crate::place;
use crate::request::Context;

/// All rows that the filters let through; there are at most as many as requirements.
pub(super) fn table(context: &Context<'_>, gaps: &[&Gap]) -> Markup {
    if gaps.is_empty() {
        let clear = button::link(&context.link("/gaps"), "Clear filters");
        return html! { div.card { (empty::empty("No requirement fits", "Nothing is left with these filters.", Some(clear))) } };
    }
    html! {
        div.card.flush {
            table.table.cards.gaps data-rows {
                caption.vh { "Requirements with depth, what is missing first, owner and date" }
                thead { tr { @for head in ["Ref", "Requirement", "Depth", "Missing first", "Steps", "Owner", "Due"] { th scope="col" class=[(head == "Steps").then_some("num")] { (head) } } } }
                tbody {
                    @for (group, name) in GROUPS {
                        @let rows: Vec<&&Gap> = gaps.iter().filter(|gap| group_of(&gap.requirement) == group).collect();
                        @if !rows.is_empty() {
                            tr.group { th colspan="7" scope="rowgroup" { span.ref { (group) } " " (name) } }
                            @for gap in rows { (row(context, gap)) }
                        }
                    }
                }
            }
            div.table-foot { span { (crate::format::count(gaps.len(), "requirement", "requirements")) } (crate::chart::depth::legend()) }
        }
    }
}

fn row(context: &Context<'_>, gap: &Gap) -> Markup {
    let page = context.link(&place::of_requirement(&gap.requirement));
    html! {
        tr {
            td.ref { (gap.requirement) }
            td.main-cell { a href=(page) { (gap.title) } }
            td.nowrap data-label="Depth" { span { @if gap.applies { (badge::depth(gap.met)) } @else { span.muted { "Not judged" } } } }
            td { (first(context, gap)) }
            td.num data-label="Steps" { @if gap.steps > 0 { a href=(page) { (gap.steps) } } @else { span.faint { "–" } } }
            td data-label="Owner" { (owner(context, gap)) }
            td.nowrap data-label="Due" { (due(context, gap)) }
        }
    }
}

/// What is missing first, and the way to mend it.
fn first(context: &Context<'_>, gap: &Gap) -> Markup {
    let Some(step) = gap.missing.first() else {
        return html! { @match &gap.reason { Some(reason) => span.muted { (sentence(reason)) }, None => span.faint { "Nothing" } } };
    };
    html! {
        div.lapse {
            (mark(tone_of(step.grade), step.grade.word()))
            div {
                (step.message)
                span.sub { (finding::mend(context, &step.act, step.records.first().copied(), &gap.requirement)) " · " (step.remedy) }
            }
        }
    }
}

fn owner(context: &Context<'_>, gap: &Gap) -> Markup {
    html! {
        @match &gap.owner.person {
            Some(named) => (person::person(&person::name_of(&context.view, named.id))),
            None => span.muted { "Nobody; " (words(&gap.owner.role).to_lowercase()) },
        }
    }
}

fn due(context: &Context<'_>, gap: &Gap) -> Markup {
    let today = context.view.today();
    html! {
        @match &gap.due {
            Some(due) => a.link href=(context.link(&place::of(due.by))) title=(distance(due.on, today)) class=[(due.on < today).then_some("bad")] { (near_date(due.on, today)) @if due.on < today { span.vh { ", overdue" } } },
            None => span.faint { "–" },
        }
    }
}
