//! Due diligence: what was asked and answered, what the contract says, how it was judged.

use maud::{Markup, html};
use vouch_conform::Entry;
use vouch_conform::derived::supplier::clause_gap;
use vouch_record::kind::generated::supplier::{Supplier, SupplierAnswerRating, SupplierAssessmentResult, SupplierClauseResult};

use crate::format::{date, words};
use crate::part::badge::{Tone, status};
use crate::part::{table, value};
use crate::request::Context;

fn label(context: &Context<'_>, column: &str, id: &str) -> String {
    let (list, name) = column.split_once('.').unwrap_or((column, ""));
    let columns = context.view.kind(Supplier::KIND).field(list).map(|spec| spec.kind.columns()).unwrap_or_default();
    let choices = columns.iter().find(|column| column.name == name).and_then(|column| column.kind.choices());
    choices
        .and_then(|choices| choices.iter().find(|choice| choice.id == id))
        .map_or_else(|| words(id), |choice| choice.label.clone())
}

/// Each time it was judged, the latest first.
pub(super) fn assessments(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let mut rows: Vec<_> = Supplier(entry.content()).assessments().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.on()));
    html! {
        @if rows.is_empty() { p.muted { "It was never assessed." } }
        @else {
            (table::scroll("Assessments", html! {
                table.table.cards {
                    caption.vh { "Assessments" }
                    thead { tr { th scope="col" { "Day" } th scope="col" { "By" } th scope="col" { "Rests on" } th scope="col" { "Result" } th scope="col" { "Conditions" } } }
                    tbody {
                        @for row in &rows {
                            tr {
                                td.main-cell.nowrap { (row.on().map(date).unwrap_or_default()) }
                                td data-label="By" { @if let Some(by) = row.by() { (value::record(context, by)) } }
                                td data-label="Rests on" { (row.basis().map(|basis| label(context, "assessments.basis", basis.id())).collect::<Vec<_>>().join(", ")) }
                                td data-label="Result" { @if let Some(result) = row.result() { (status(tone_of(result), &label(context, "assessments.result", result.id()))) } }
                                td data-label="Conditions" {
                                    @if let Some(conditions) = row.conditions() {
                                        (conditions) " "
                                        @match (row.conditions_met_on(), row.conditions_due()) {
                                            (Some(met), _) => (status(Tone::Good, &format!("met {}", date(met)))),
                                            (None, Some(due)) if due < context.view.today() => (status(Tone::Bad, &format!("overdue since {}", date(due)))),
                                            (None, Some(due)) => (status(Tone::Progress, &format!("due {}", date(due)))),
                                            (None, None) => "",
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }))
        }
    }
}

const fn tone_of(result: SupplierAssessmentResult) -> Tone {
    match result {
        SupplierAssessmentResult::Accept => Tone::Good,
        SupplierAssessmentResult::AcceptWithConditions => Tone::Attention,
        SupplierAssessmentResult::Reject => Tone::Bad,
    }
}

/// Questions and answers with their rating.
pub(super) fn answers(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let rows: Vec<_> = Supplier(entry.content()).answers().collect();
    html! {
        @if rows.is_empty() { p.muted { "Nothing was asked yet." } }
        ul.lines {
            @for row in &rows {
                li {
                    div.grow {
                        p { strong { (row.topic().map(|topic| label(context, "answers.topic", topic.id())).unwrap_or_default()) } @if let Some(question) = row.question() { " · " (question) } }
                        p.muted { (row.answer().unwrap_or("No answer")) @if let Some(day) = row.given_on() { " · " (date(day)) } }
                        @for proof in row.proof() { p.small { (value::record(context, proof)) } }
                    }
                    @if let Some(rating) = row.rating() {
                        @let tone = match rating { SupplierAnswerRating::Good => Tone::Good, SupplierAnswerRating::Weak => Tone::Attention, _ => Tone::Bad };
                        (status(tone, &label(context, "answers.rating", rating.id())))
                    }
                }
            }
        }
    }
}

/// What the contract says on each point that matters; what is missing or unlisted stands first.
pub(super) fn clauses(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let supplier = Supplier(entry.content());
    let rows: Vec<_> = supplier.clauses().collect();
    let unlisted: Vec<_> = clause_gap(entry).into_iter().filter(|gap| rows.iter().all(|row| row.clause() != Some(*gap))).collect();
    html! {
        @if rows.is_empty() && unlisted.is_empty() { p.muted { "Nothing is recorded of what the contract says." } }
        ul.lines {
            @for clause in &unlisted {
                li { span.grow { strong { (label(context, "clauses.clause", clause.id())) } } (status(Tone::Bad, "Not looked at")) }
            }
            @for row in &rows {
                li {
                    span.grow {
                        strong { (row.clause().map(|clause| label(context, "clauses.clause", clause.id())).unwrap_or_default()) }
                        @if let Some(reference) = row.reference() { " " span.ref { (reference) } }
                        @if let Some(note) = row.note() { span.muted { " · " (note) } }
                    }
                    @if let Some(result) = row.result() {
                        @let tone = match result { SupplierClauseResult::Agreed => Tone::Good, SupplierClauseResult::Partly => Tone::Attention, SupplierClauseResult::Missing => Tone::Bad, SupplierClauseResult::NotNeeded => Tone::Plain };
                        (status(tone, &label(context, "clauses.result", result.id())))
                    }
                }
            }
        }
    }
}

/// Changes at the supplier, and whether it told of them in time.
pub(super) fn changes(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let mut rows: Vec<_> = Supplier(entry.content()).changes_seen().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.noticed_on()));
    html! {
        @if rows.is_empty() { p.muted { "No change at the supplier is recorded." } }
        ul.lines {
            @for row in &rows {
                @let announced = row.told_on().is_some_and(|told| row.takes_effect_on().is_none_or(|effect| told <= effect));
                li {
                    div.grow {
                        p { strong { (row.what().map(|what| label(context, "changes_seen.what", what.id())).unwrap_or_default()) } @if let Some(decision) = row.decision() { " · " (decision) } }
                        p.small.muted {
                            @if let Some(day) = row.noticed_on() { "noticed " (date(day)) }
                            @if let Some(day) = row.takes_effect_on() { " · takes effect " (date(day)) }
                            @for link in row.led_to() { " · " (value::record(context, link)) }
                        }
                    }
                    @if announced { (status(Tone::Good, "Announced")) } @else { (status(Tone::Attention, "Not announced in time")) }
                }
            }
        }
    }
}
