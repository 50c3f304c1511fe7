//! Where a system comes from and where its results go: sources, data, models, uses.

use maud::{Markup, html};
use vouch_conform::Entry;
use vouch_conform::derived::dataset;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::shared::RightsBasis;

use crate::chart::lineage::{Graph, Node, draw};
use crate::format::{count, words};
use crate::part::badge::{Tone, status};
use crate::part::table::scroll;
use crate::part::{button, empty, state, value};
use crate::place;
use crate::request::Context;

/// Nodes of a column that are drawn.
const MOST: usize = 5;

/// The data sets behind a system, its own and those of its models, each once.
pub(super) fn datasets(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let view = entry.view();
    let own = AiSystem(entry.content()).datasets().filter_map(|row| view.get(row.dataset()?.id));
    let of_models = models(entry)
        .into_iter()
        .flat_map(|model| Model(model.content()).datasets().filter_map(|row| view.get(row.dataset()?.id)).collect::<Vec<_>>());
    let mut all: Vec<Entry<'_>> = own.chain(of_models).collect();
    all.sort_by_key(Entry::id);
    all.dedup_by_key(|one| one.id());
    all
}

fn models(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let view = entry.view();
    AiSystem(entry.content()).models().filter_map(|row| view.get(row.model()?.id)).collect()
}

/// Whether nobody wrote down where data come from, or on what ground they are used.
fn is_origin_missing(data: Entry<'_>) -> bool {
    let content = Dataset(data.content());
    !content.source_name().is_filled() || !content.source_type().is_filled() || content.rights_basis().is(RightsBasis::Unclear)
}

/// The card with the graph.
pub(super) fn card(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let data = datasets(entry);
    let missing = data.iter().filter(|one| is_origin_missing(**one)).count();
    let is_empty = data.is_empty() && models(entry).is_empty();
    html! {
        section.card {
            div.card-head {
                h2 { "Lineage" }
                span { @if missing > 0 { (count(missing, "source", "sources")) " without recorded origin" } @else if !is_empty { "every origin recorded" } }
            }
            @if is_empty {
                p.muted { "No model and no data are named. An auditor asks what the system learned from, and who may use that." }
                @if context.as_of.is_none() { div.row.apart { (button::link(&format!("/records/{}/edit#f-models", entry.id()), "Name models and data")) } }
            } @else { (scroll("Lineage graph", draw(&graph(context, entry, &data)))) }
        }
    }
}

/// The nodes and what leads to what.
fn graph(context: &Context<'_>, entry: Entry<'_>, data: &[Entry<'_>]) -> Graph {
    let content = AiSystem(entry.content());
    let link = |one: Entry<'_>| Some(context.link(&place::of(one.id())));
    let mut graph = Graph::default();
    let shown: Vec<Entry<'_>> = data.iter().copied().take(MOST).collect();
    for (at, one) in shown.iter().enumerate() {
        let of = Dataset(one.content());
        let missing = is_origin_missing(*one);
        let name = of.source_name().get().unwrap_or("Unknown source").to_owned();
        let source = of.source_type().get().map(|of| value::choice(&context.view, Dataset::KIND, "source_type", of.id()));
        let under = if missing { "Origin not recorded".to_owned() } else { source.unwrap_or_default() };
        let node = Node { name, under, to: link(*one), missing };
        let known = graph.columns[0].iter().position(|other| other.name == node.name && other.under == node.under);
        let from = known.unwrap_or_else(|| {
            graph.columns[0].push(node);
            graph.columns[0].len() - 1
        });
        graph.columns[1].push(Node { name: value::name(*one), under: versions(entry, *one), to: link(*one), missing: false });
        graph.edges.push((0, from, at, missing));
    }
    let models = models(entry);
    for (at, model) in models.iter().take(MOST).enumerate() {
        let version = content.models().find(|row| row.model().is_some_and(|of| of.id == model.id())).and_then(|row| row.version());
        let name = format!("{} {}", value::name(*model), version.unwrap_or_default());
        graph.columns[2].push(Node {
            name: name.trim_end().to_owned(),
            under: words(model.state()),
            to: link(*model),
            missing: false,
        });
        for (from, one) in shown.iter().enumerate() {
            let learned = Model(model.content()).datasets().any(|row| row.dataset().is_some_and(|of| of.id == one.id()));
            if learned || models.len() == 1 {
                graph.edges.push((1, from, at, false));
            }
        }
        let uses = content.intended_users().count().min(MOST);
        graph.edges.extend((0..uses).map(|to| (2, at, to, false)));
    }
    for row in content.intended_users().take(MOST) {
        let people = row.count().map_or_else(String::new, |count| format!("{count} people · "));
        let side = if row.inside() == Some(false) { "outside" } else { "inside" };
        graph.columns[3].push(Node {
            name: row.group().unwrap_or("Users").to_owned(),
            under: format!("{people}{side}"),
            to: None,
            missing: false,
        });
    }
    graph
}

/// Versions of data that a system uses, with their use.
fn versions(entry: Entry<'_>, data: Entry<'_>) -> String {
    let rows = AiSystem(entry.content()).datasets().filter(|row| row.dataset().is_some_and(|of| of.id == data.id()));
    let uses: Vec<String> =
        rows.map(|row| format!("v{} {}", row.version().unwrap_or("?"), row.use_().map_or("", |of| of.id()))).collect();
    if uses.is_empty() { "through its model".to_owned() } else { uses.join(", ") }
}

/// The tab: the graph, then models, data and suppliers as tables.
pub(super) fn details(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let data = datasets(entry);
    html! {
        div.stack {
            (card(context, entry))
            section.card.flush aria-label="Data sets" {
                @if data.is_empty() { (empty::empty("No data set is named", "Or a reason stands in the record why none is.", None)) }
                @else {
                    (scroll("Table of data sets", html! {
                        table.table.cards {
                            caption { "Data sets" }
                            thead { tr { th scope="col" { "Data set" } th scope="col" { "Used as" } th scope="col" { "Source" } th scope="col" { "Right" } th scope="col" { "Assessed" } th scope="col" { "State" } } }
                            tbody { @for one in &data { (data_line(context, entry, *one)) } }
                        }
                    }))
                }
            }
            (parts(context, "Models", &models(entry)))
            (parts(context, "Suppliers", &AiSystem(entry.content()).suppliers().filter_map(|row| context.view.get(row.supplier()?.id)).collect::<Vec<_>>()))
        }
    }
}

fn data_line(context: &Context<'_>, entry: Entry<'_>, one: Entry<'_>) -> Markup {
    let of = Dataset(one.content());
    let choice = |field: &str, id: &str| value::choice(&context.view, Dataset::KIND, field, id);
    let assessed = dataset::assessments(one).len();
    html! {
        tr {
            td.main-cell { a href=(context.link(&place::of(one.id()))) { (value::name(one)) " " span.ref { (one.id()) } } }
            td data-label="Used as" { (versions(entry, one)) }
            td data-label="Source" { @if is_origin_missing(one) { (status(Tone::Bad, "Origin not recorded")) } @else { (of.source_name().get().unwrap_or_default()) } }
            td data-label="Right" { (of.rights_basis().get().map(|of| choice("rights_basis", of.id())).unwrap_or_default()) }
            td data-label="Assessed" { @if assessed == 0 { (status(Tone::Attention, "Not assessed")) } @else { (count(assessed, "assessment", "assessments")) } }
            td data-label="State" { (state::shown(one)) }
        }
    }
}

fn parts(context: &Context<'_>, title: &str, found: &[Entry<'_>]) -> Markup {
    html! {
        @if !found.is_empty() {
            section.card {
                h2 { (title) }
                ul.lines { @for one in found { li { a.grow href=(context.link(&place::of(one.id()))) { (value::name(*one)) " " span.ref { (one.id()) } } (state::shown(*one)) } } }
            }
        }
    }
}
