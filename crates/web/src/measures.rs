//! The measures of the organisation as figures: the latest value, its limit, and how it went.

use maud::{Markup, html};
use vouch_app::Result;
use vouch_conform::{Entry, derived};
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::time::parse_instant;

use crate::chart::trend;
use crate::place;
use crate::request::Context;

/// Months that are looked back; what was measured before is no present figure.
const MONTHS: usize = 8;

/// A measure as a figure.
pub(crate) struct Figure {
    measure: Id,
    title: String,
    value: String,
    note: String,
    points: Vec<f64>,
    limit: Option<f64>,
    is_over: bool,
}

/// The figures of all measures in force, those past their limit first.
pub(crate) struct Figures(pub(crate) Vec<Figure>);

/// A measurement that counts: end of its period in months before today, its value, whether it is past the limit.
struct Taken {
    system: Option<Id>,
    ago: usize,
    at: i64,
    value: f64,
    is_over: bool,
}

impl Figures {
    /// Computed once for each head and day.
    pub(crate) fn of(context: &Context<'_>) -> Result<std::sync::Arc<Self>> {
        let view = &context.view;
        context.site.shelf.get(view.cut(), view.today(), || {
            let mut figures: Vec<Figure> = view.live("measure").filter_map(figure).collect();
            figures.sort_by_key(|figure| (!figure.is_over, figure.measure));
            Ok(Self(figures))
        })
    }
}

fn figure(measure: Entry<'_>) -> Option<Figure> {
    let mut taken: Vec<Taken> =
        measure.incoming("measurement", "measure").filter(|entry| !entry.is("void")).filter_map(taken).collect();
    taken.sort_by_key(|one| one.at);
    let last = taken.last()?;
    let unit = measure.text("unit").unwrap_or_default();
    let of_systems = taken.iter().any(|one| one.system != last.system);
    let by_month = |count: &dyn Fn(&[&Taken]) -> Option<f64>| -> Vec<f64> {
        (0..MONTHS).rev().filter_map(|ago| count(&taken.iter().filter(|one| one.ago == ago).collect::<Vec<_>>())).collect()
    };
    let title = measure.text("title").unwrap_or_default().to_owned();
    if of_systems {
        let now = latest_of_each(&taken);
        let over = now.iter().filter(|one| one.is_over).count();
        let points = by_month(&|month| (!month.is_empty()).then(|| month.iter().filter(|one| one.is_over).count() as f64));
        let note = format!("of {} AI systems past the limit", now.len());
        return Some(Figure {
            measure: measure.id(),
            title,
            value: over.to_string(),
            note,
            points,
            limit: None,
            is_over: over > 0,
        });
    }
    let limit = number(measure, "alarm");
    let points = by_month(&|month| month.last().map(|one| one.value));
    let note = limit.map_or_else(|| unit.to_owned(), |limit| format!("{unit}, limit {limit}"));
    Some(Figure { measure: measure.id(), title, value: plain(last.value), note, points, limit, is_over: last.is_over })
}

/// The latest measurement of each system.
fn latest_of_each(taken: &[Taken]) -> Vec<&Taken> {
    let mut latest = std::collections::BTreeMap::new();
    for one in taken {
        latest.insert(one.system, one);
    }
    latest.into_values().collect()
}

fn taken(entry: Entry<'_>) -> Option<Taken> {
    let view = entry.view();
    let to = parse_instant(entry.text("covers_to")?)?;
    let day = view.day(to);
    let months =
        (i32::from(view.today().year()) - i32::from(day.year())) * 12 + i32::from(view.today().month()) - i32::from(day.month());
    let ago = usize::try_from(months).ok().filter(|ago| *ago < MONTHS)?;
    let is_over = match derived::value(entry, "breach") {
        Some(Val::Choice(id, _) | Val::Text(id)) => id == "alarm",
        _ => false,
    };
    let system = entry.linked("ai_system").map(|system| system.id());
    Some(Taken { system, ago, at: to.as_second(), value: number(entry, "value")?, is_over })
}

fn number(entry: Entry<'_>, field: &str) -> Option<f64> {
    entry.value(field).get()?.to_json().to_string().trim_matches('"').parse().ok()
}

/// A figure without needless digits.
fn plain(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Figures side by side; nothing where none is measured.
pub(crate) fn strip(context: &Context<'_>, figures: &[Figure]) -> Markup {
    html! {
        @if !figures.is_empty() {
            section.card.figures aria-label="Measures" {
                @for figure in figures {
                    a href=(context.link(&place::of(figure.measure))) {
                        span.small.muted { (figure.title) }
                        span { strong.figure { (figure.value) } " " span.small.muted { (figure.note) } }
                        (trend::spark(&figure.points, figure.limit, figure.is_over, &sentence(figure)))
                    }
                }
            }
        }
    }
}

fn sentence(figure: &Figure) -> String {
    let over = if figure.is_over { ", past the limit" } else { "" };
    let first = figure
        .points
        .first()
        .map(|first| format!(", from {} over {} months", plain(*first), figure.points.len()))
        .unwrap_or_default();
    format!("{}: {} {}{over}{first}", figure.title, figure.value, figure.note)
}
