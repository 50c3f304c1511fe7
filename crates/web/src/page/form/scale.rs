//! What the levels of the risk method mean, beside the form in which they are given.

use maud::{Markup, html};
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::risk_method::{RiskMethod, RiskMethodConsequenceScaleSide as Side};

use super::Subject;
use crate::part::value;
use crate::place;
use crate::request::Context;

/// Sides on which a consequence is scored.
const SIDES: [(&str, Side); 3] =
    [("Organisation", Side::Organisation), ("People and groups", Side::Individuals), ("Society", Side::Society)];

/// A level with its name and meaning.
type Row<'r> = (Option<i64>, Option<&'r str>, Option<&'r str>);

/// The scales, for the form of a risk; nothing for other kinds.
pub(super) fn card(context: &Context<'_>, subject: &Subject<'_>) -> Markup {
    let method = Some(context.view.risk_method()).filter(|_| subject.kind.name == Risk::KIND).flatten();
    let Some(entry) = method else { return html! {} };
    let method = RiskMethod(entry.content());
    let likelihood: Vec<Row<'_>> = method.likelihood_scale().map(|row| (row.level(), row.title(), row.meaning())).collect();
    html! {
        section.card {
            div.card-head { h2 { "What the scores mean" } a href=(context.link(&place::of(entry.id()))) { (value::name(entry)) } }
            h3 { "Likelihood" }
            (scale(&likelihood))
            @for (name, side) in SIDES {
                @let rows: Vec<Row<'_>> = method.consequence_scale().filter(|row| row.side() == Some(side)).map(|row| (row.level(), row.title(), row.meaning())).collect();
                h3.apart { "Consequence: " (name) }
                (scale(&rows))
            }
            @if let Some(limit) = method.acceptance_limit().get() { p.small.muted.apart { "Above " (limit.id()) " it is treated, or accepted until a day." } }
        }
    }
}

fn scale(rows: &[Row<'_>]) -> Markup {
    html! {
        dl.facts {
            @for (level, title, meaning) in rows {
                dt { @if let Some(level) = level { (level) } " " (title.unwrap_or_default()) }
                dd.small.muted { (meaning.unwrap_or_default()) }
            }
        }
    }
}
