//! Choosing records: a list where there are few, else a search that works by its button, and by itself where a script runs.

use maud::{Markup, html};
use vouch_conform::{Entry, View};
use vouch_record::Link;
use vouch_record::kind::Target;

use super::{Inputs, anchor};
use crate::part::value;

/// Records up to which all are offered at once.
const FEW: usize = 40;
/// Records that a search offers.
pub(crate) const OFFERED: usize = 20;

/// A record to choose: its id and what it is called.
pub(crate) type Candidate = (String, String);

impl Inputs<'_> {
    /// One link.
    pub(super) fn link(&self, name: &str, target: &Target) -> Markup {
        let chosen = self.entered.value(name);
        let few = few(&self.context.view, target, chosen);
        html! {
            @match few {
                Some(candidates) => {
                    select.input id=(anchor(name)) name=(name) aria-describedby=[self.described(name)] aria-invalid=[self.wrong_mark(name)] {
                        option value="" { "Choose" }
                        @if !chosen.is_empty() && candidates.iter().all(|(id, _)| id != chosen) { option value=(chosen) selected { (chosen) } }
                        @for (id, label) in &candidates { option value=(id) selected[id == chosen] { (label) } }
                    }
                }
                None if self.find == Some(name) => {
                    (self.search(name, &format!("{name}.find"), target, false))
                    div.stack-4 id=(anchor(&format!("{name}.found"))) { @for (id, label) in found(&self.context.view, target, self.sought(name)) { (choice("radio", name, &id, &label, id == chosen)) } }
                    @if found(&self.context.view, target, self.sought(name)).is_empty() { p.help { "Nothing found. Try fewer letters." } }
                }
                None => (self.search(name, name, target, false)),
            }
        }
    }

    /// Several links.
    pub(super) fn links(&self, name: &str, target: &Target) -> Markup {
        let view = &self.context.view;
        let chosen: Vec<&str> = self.entered.all(name).collect();
        let few = few(view, target, "");
        html! {
            @match few {
                Some(candidates) => div.checks {
                    @for (id, label) in &candidates { (choice("checkbox", name, id, label, chosen.contains(&id.as_str()))) }
                    @for id in chosen.iter().filter(|id| candidates.iter().all(|(candidate, _)| candidate != *id)) { (choice("checkbox", name, id, &called(view, target, id), true)) }
                },
                None => {
                    @if !chosen.is_empty() { div.stack-4 { @for id in &chosen { (choice("checkbox", name, id, &called(view, target, id), true)) } } }
                    @if self.find == Some(name) {
                        @let offered = found(view, target, self.sought(name));
                        div.stack-4 id=(anchor(&format!("{name}.found"))) { @for (id, label) in offered.iter().filter(|(id, _)| !chosen.contains(&id.as_str())) { (choice("checkbox", name, id, label, false)) } }
                        @if offered.is_empty() { p.help { "Nothing found. Try fewer letters." } }
                    }
                    (self.search(name, &format!("{name}.find"), target, true))
                }
            }
        }
    }

    /// What was typed to find something.
    fn sought(&self, name: &str) -> &str {
        let typed = self.entered.value(&format!("{name}.find"));
        if typed.is_empty() { self.entered.value(name) } else { typed }
    }

    /// A text with proposals, and a button that looks.
    fn search(&self, name: &str, input: &str, target: &Target, is_several: bool) -> Markup {
        let list = format!("{}-list", anchor(name));
        let typed = if input == name {
            let chosen = self.entered.value(name);
            if chosen.is_empty() { String::new() } else { called(&self.context.view, target, chosen) }
        } else if self.find == Some(name) && self.entered.value(input).is_empty() {
            self.entered.value(name).to_owned()
        } else {
            self.entered.value(input).to_owned()
        };
        // After a search for several what was typed has done its work; for one it stands until something is chosen.
        let typed = if self.find == Some(name) && is_several { String::new() } else { typed };
        let address = self.context.link(&format!("/candidates/{}?of={input}", word(target)));
        html! {
            div.inline-form {
                input.input.grow id=(anchor(input)) name=(input) value=(typed) list=(list) autocomplete="off"
                    aria-label=[(input != name).then_some("Find by name or id")] aria-describedby=[self.described(name)] aria-invalid=[self.wrong_mark(name)] placeholder="Name or id" hx-get=(address) hx-trigger="input changed delay:120ms" hx-target=(format!("#{list}")) hx-swap="innerHTML";
                datalist id=(list) { (options(&found(&self.context.view, target, ""))) }
                button.button.small name="find" value=(name) formaction=(format!("#{}", anchor(&format!("{name}.found")))) { "Find" }
            }
        }
    }
}

/// The options of a list of proposals.
pub(crate) fn options(candidates: &[Candidate]) -> Markup {
    html! { @for (_, label) in candidates { option value=(label) {} } }
}

fn choice(kind: &str, name: &str, id: &str, label: &str, chosen: bool) -> Markup {
    html! { label.check { input type=(kind) name=(name) value=(id) checked[chosen]; span { (label) } } }
}

/// How an address names a target.
fn word(target: &Target) -> &str {
    match target {
        Target::Any => "any",
        Target::Requirement => "requirement",
        Target::Kind(kind) => kind,
    }
}

/// What a target is that an address names.
pub(crate) fn target(word: &str) -> Target {
    match word {
        "any" => Target::Any,
        "requirement" => Target::Requirement,
        kind => Target::Kind(kind.to_owned()),
    }
}

/// What a record is called in a list of all: its name, else what it is about, with its id.
fn listed(entry: Entry<'_>) -> String {
    let (about, id) = (value::about(entry), entry.id().to_string());
    if about.ends_with(&id) { about } else { format!("{about} ({id})") }
}

fn labelled(entry: Entry<'_>) -> Candidate {
    let id = entry.id().to_string();
    let label = format!("{id} {}", value::about(entry));
    (id, label)
}

/// All candidates, where they are few; what is chosen stands among them.
fn few(view: &View, target: &Target, chosen: &str) -> Option<Vec<Candidate>> {
    let Target::Kind(kind) = target else { return None };
    let open: Vec<Entry<'_>> = view
        .all(kind)
        .filter(|entry| kind != "person" || entry.is("active") || entry.id().to_string() == chosen)
        .take(FEW + 1)
        .collect();
    (open.len() <= FEW).then(|| {
        let mut all: Vec<Candidate> = open.into_iter().map(|entry| (entry.id().to_string(), listed(entry))).collect();
        all.sort_by_key(|(_, label)| label.to_lowercase());
        all
    })
}

/// Candidates that hold all words; the latest where nothing is asked.
pub(crate) fn found(view: &View, target: &Target, words: &str) -> Vec<Candidate> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let fits = |label: &str| {
        let label = label.to_lowercase();
        words.iter().all(|word| label.contains(word))
    };
    match target {
        Target::Requirement => {
            let items = view
                .frameworks()
                .items()
                .iter()
                .map(|item| (format!("iso42001:{}", item.id), format!("iso42001:{} {}", item.id, item.title)));
            items.filter(|(_, label)| fits(label)).take(if words.is_empty() { 100 } else { OFFERED }).collect()
        }
        Target::Kind(kind) => newest(view, kind).filter(|(_, label)| fits(label)).take(OFFERED).collect(),
        Target::Any if words.is_empty() => Vec::new(),
        Target::Any => {
            let kinds = view.kinds().iter().filter(|kind| kind.name != "approval");
            kinds.flat_map(|kind| newest(view, &kind.name).filter(|(_, label)| fits(label)).take(5)).take(OFFERED).collect()
        }
    }
}

fn newest<'v>(view: &'v View, kind: &str) -> impl Iterator<Item = Candidate> + use<'v> {
    let records = view.state().of_kind(kind).iter().rev();
    records.filter_map(|record| view.get(record.id)).map(labelled)
}

/// What a chosen link is called.
fn called(view: &View, target: &Target, chosen: &str) -> String {
    if *target == Target::Requirement {
        let item = chosen.strip_prefix("iso42001:").and_then(|id| view.frameworks().item(id));
        return item.map_or_else(|| chosen.to_owned(), |item| format!("{chosen} {}", item.title));
    }
    let Ok(link) = chosen.parse::<Link>() else { return chosen.to_owned() };
    view.find(link.id).map_or_else(|| chosen.to_owned(), |entry| format!("{link} {}", value::about(entry)))
}
