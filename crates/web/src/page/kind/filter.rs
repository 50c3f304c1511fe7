//! What the address asks of a list: words, a state, values of fields.

use maud::{Markup, html};
use serde_json::Value as Json;
use vouch_conform::Entry;
use vouch_record::kind::{FieldType, Kind, Required, Scalar};
use vouch_record::{Id, Link};

use crate::format::{inside, words};
use crate::part::list::Choice;
use crate::part::value;
use crate::request::Context;

/// Fields of choices that the toolbar offers.
const OFFERED: usize = 3;

/// A filter as the address gives it.
pub(super) struct Filter<'c> {
    words: Vec<String>,
    state: Option<&'c str>,
    fields: Vec<(&'c str, &'c str)>,
    offered: Vec<&'c str>,
    labels: Vec<String>,
}

impl<'c> Filter<'c> {
    pub(super) fn of(context: &'c Context<'_>, kind: &'c Kind) -> Self {
        let asked = context.query("q").unwrap_or_default().split_whitespace().map(str::to_lowercase).collect();
        let query = context.request.query.iter().filter(|(_, value)| !value.is_empty());
        let fields =
            query.filter(|(name, _)| kind.field(name).is_some()).map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let choices = kind
            .fields
            .iter()
            .filter(|field| matches!(field.kind, FieldType::One(Scalar::Enum(_))) && field.required != Required::No);
        let offered: Vec<&str> = choices.take(OFFERED).map(|field| field.name.as_str()).collect();
        let labels = offered.iter().map(|name| format!("Any {}", inside(&words(name)))).collect();
        Self { words: asked, state: context.query("state"), fields, offered, labels }
    }

    /// The records that have all that is asked for, in the order in which they are given.
    pub(super) fn candidates<'v>(&self, context: &'v Context<'_>, records: &[Id]) -> impl Iterator<Item = Entry<'v>> {
        let asks_set_aside = self.state == Some("set_aside");
        let records = records.iter().filter_map(|id| context.view.find(*id));
        records.filter(move |entry| entry.is_set_aside() == asks_set_aside).filter(move |entry| self.fits(*entry))
    }

    fn fits(&self, entry: Entry<'_>) -> bool {
        self.state.is_none_or(|state| state == "set_aside" || entry.is(state))
            && self.fields.iter().all(|(name, asked)| entry.value(name).get().is_some_and(|value| holds(&value.to_json(), asked)))
            && (self.words.is_empty() || self.has_words(entry))
    }

    fn has_words(&self, entry: Entry<'_>) -> bool {
        let mut text = format!("{} {}", entry.id(), value::name(entry)).to_lowercase();
        for (name, value) in entry.content().fields() {
            let is_prose =
                entry.kind().field(name).is_some_and(|field| matches!(field.kind, FieldType::One(Scalar::Text | Scalar::Markdown)));
            if let Some(prose) = value.as_text().filter(|_| is_prose) {
                text.push(' ');
                text.push_str(&prose.to_lowercase());
            }
        }
        self.words.iter().all(|word| text.contains(word.as_str()))
    }

    /// The selects of the toolbar.
    pub(super) fn choices<'k>(&'k self, kind: &'k Kind) -> Vec<(&'k str, &'k str, Vec<Choice<'k>>)> {
        let mut states: Vec<Choice<'k>> = kind.states.iter().map(|state| (state.as_str(), words(state))).collect();
        states.push(("set_aside", "Set aside".to_owned()));
        let mut all = vec![("state", "Any state", states)];
        for (name, label) in self.offered.iter().zip(&self.labels) {
            let Some(field) = kind.field(name) else { continue };
            let choices = field.kind.choices().into_iter().flat_map(|choices| choices.iter());
            all.push((
                field.name.as_str(),
                label.as_str(),
                choices.map(|choice| (choice.id.as_str(), choice.label.clone())).collect(),
            ));
        }
        all
    }

    /// What else the address asks for, each to be taken away.
    pub(super) fn chips(&self, context: &Context<'_>, kind: &Kind) -> Markup {
        let others: Vec<_> = self.fields.iter().filter(|(name, _)| !self.offered.contains(name)).collect();
        html! {
            @if !others.is_empty() {
                p.row {
                    @for (name, asked) in others {
                        @let named = asked.parse::<Link>().ok().and_then(|link| context.view.find(link.id)).map(value::name);
                        span.chip { (words(name)) ": " (named.unwrap_or_else(|| value::choice(&context.view, &kind.name, name, asked))) " " a.link href=(context.with_query(&[(name, None)])) { "Clear" } }
                    }
                }
            }
        }
    }
}

/// Whether a value, a member of it or a cell of its rows is what is asked for; a link without revision means each of them.
fn holds(json: &Json, asked: &str) -> bool {
    match json {
        Json::String(text) => text == asked || text.strip_prefix(asked).is_some_and(|rest| rest.starts_with('@')),
        Json::Array(items) => items.iter().any(|item| holds(item, asked)),
        Json::Object(members) => members.values().any(|member| holds(member, asked)),
        Json::Bool(truth) => asked == if *truth { "true" } else { "false" },
        Json::Number(number) => number.to_string() == asked,
        Json::Null => false,
    }
}
