//! Which systems the address asks for, and in which order.

use std::cmp::Ordering;

use vouch_record::kind::generated::shared::{AiRole, RiskTier, Stage};

use super::row::{Row, Rows, role_word, stage_word};
use crate::format::words;
use crate::part::list::{Choice, Segment};
use crate::part::table::order;
use crate::request::Context;

/// Order of the list unless the address says otherwise: the heaviest tier first.
pub(crate) const ORDER: &str = "-tier";

/// The systems that an address asks for, in its order.
pub(crate) struct Chosen<'r> {
    pub(crate) rows: Vec<&'r Row>,
}

impl<'r> Chosen<'r> {
    pub(crate) fn of(context: &Context<'_>, rows: &'r Rows) -> Self {
        let words: Vec<String> =
            context.query("q").unwrap_or_default().to_lowercase().split_whitespace().map(str::to_owned).collect();
        let role = context.query("role").and_then(AiRole::from_id);
        let tier = context.query("tier").and_then(RiskTier::from_id);
        let stage = context.query("stage").and_then(Stage::from_id);
        let view = context.query("view");
        let mut chosen: Vec<&Row> = rows
            .all
            .iter()
            .filter(|row| in_view(row, view))
            .filter(|row| role.is_none_or(|role| row.roles.contains(&role)))
            .filter(|row| tier.is_none_or(|tier| row.tier == Some(tier)))
            .filter(|row| stage.is_none_or(|stage| row.stage == stage))
            .filter(|row| words.is_empty() || holds(row, &words))
            .collect();
        let (by, down) = order(context, ORDER);
        chosen.sort_by(|a, b| {
            let one = compare(a, b, by);
            (if down { one.reverse() } else { one }).then_with(|| a.id.cmp(&b.id))
        });
        Self { rows: chosen }
    }
}

/// Whether a row belongs to a saved view.
fn in_view(row: &Row, view: Option<&str>) -> bool {
    match view {
        Some("high") => row.tier >= Some(RiskTier::High) && row.stage != Stage::Retired,
        Some("supplied") => row.supplied,
        Some("attention") => row.needs_attention(),
        _ => true,
    }
}

fn holds(row: &Row, words: &[String]) -> bool {
    let owner = row.owner.as_ref().map_or("", |(_, name)| name);
    let text = format!("{} {} {} {owner}", row.name, row.id, row.purpose).to_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}

fn compare(a: &Row, b: &Row, by: &str) -> Ordering {
    let name = |row: &Row| row.name.to_lowercase();
    let share = |row: &Row| (row.proof.1 > 0).then(|| row.proof.0 * 10_000 / row.proof.1);
    match by {
        "name" => name(a).cmp(&name(b)),
        "role" => a.roles.first().cmp(&b.roles.first()),
        "stage" => a.stage.cmp(&b.stage),
        "owner" => a.owner.as_ref().map(|owner| &owner.1).cmp(&b.owner.as_ref().map(|owner| &owner.1)),
        "impact" => (a.assessment.tone as u8).cmp(&(b.assessment.tone as u8)),
        "risks" => a.risks.iter().rev().cmp(b.risks.iter().rev()),
        "proof" => share(a).cmp(&share(b)),
        _ => a.tier.cmp(&b.tier).then(b.stage.cmp(&a.stage).reverse()),
    }
}

/// The saved views with how many systems each holds.
pub(crate) fn views(rows: &Rows) -> Vec<Segment<'static>> {
    let view = |name, value: Option<&'static str>| Segment {
        name,
        value,
        count: Some(rows.all.iter().filter(|row| in_view(row, value)).count()),
    };
    vec![
        view("All", None),
        view("High tier", Some("high")),
        view("Supplied", Some("supplied")),
        view("Needs attention", Some("attention")),
    ]
}

/// The filters: name in the address, label, choices.
pub(crate) fn selects() -> Vec<(&'static str, &'static str, Vec<Choice<'static>>)> {
    vec![
        ("role", "Any role", AiRole::ALL.map(|role| (role.id(), role_word(role))).into()),
        ("tier", "Any tier", RiskTier::ALL.map(|tier| (tier.id(), words(tier.id()))).into()),
        ("stage", "Any stage", Stage::ALL.map(|stage| (stage.id(), stage_word(stage).to_owned())).into()),
    ]
}
