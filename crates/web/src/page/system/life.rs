//! The life cycle of a system: its stages, who let it pass each gate and when, and what the next gate still wants.

use jiff::civil::Date;
use maud::{Markup, html};
use vouch_conform::Entry;
use vouch_conform::derived::{ai_system, stage_review};
use vouch_conform::gate::{self, Case, Gate, Held, Need, Path, gates};
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemStageBasis};
use vouch_record::kind::generated::shared::{RiskTier, Stage};
use vouch_record::kind::generated::stage_review::StageReview;

use crate::format::{count, date, plain};
use crate::page::systems::row::stage_word;
use crate::part::badge::{Tone, mark};
use crate::part::button;
use crate::part::person::name_of;
use crate::part::value;
use crate::place;
use crate::request::Context;

/// Needs shown that the next gate still wants.
const FIRST: usize = 4;

/// The gate that leads on from a stage; from operation it is the one that is held at intervals.
pub(super) fn next_gate(stage: Stage) -> Option<&'static Gate> {
    let name = match stage {
        Stage::Concept => "requirements",
        Stage::DesignDevelopment => "design",
        Stage::VerificationValidation => "verification_validation",
        Stage::Deployment => "deployment",
        Stage::Operation => "operation",
        Stage::Retired => return None,
    };
    gates().iter().find(|gate| gate.gate == name)
}

/// The needs of a gate for a system's tier and path, each as it stands; without a tier, what critical systems are asked.
pub(super) fn needs(entry: Entry<'_>, gate: &'static Gate) -> Vec<(&'static Need, Held)> {
    let (tier, path) = (ai_system::tier(entry).unwrap_or(RiskTier::Critical), Path::of(entry));
    let release = entry.incoming("release", "ai_system").filter(|one| !one.is("void")).max_by_key(Entry::id);
    let case = Case { system: entry, release, change: None, review: None };
    gate.needs.iter().filter(|need| need.is_asked(tier, path)).map(|need| (need, gate::judge(&need.id, &case))).collect()
}

/// The card.
pub(super) fn card(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let now = ai_system::stage(entry);
    let passed = Stage::ALL
        .into_iter()
        .filter(|stage| *stage <= now && review_into(entry, *stage).is_some_and(stage_review::passed))
        .count();
    html! {
        section.card {
            div.card-head { h2 { "Life cycle" } span { (count(passed, "gate", "gates")) " passed" } }
            ol.life { @for stage in Stage::ALL { (step(context, entry, stage, now)) } }
            (ahead(context, entry, now))
        }
    }
}

/// The review that let a system into a stage.
fn review_into<'v>(entry: Entry<'v>, stage: Stage) -> Option<Entry<'v>> {
    let view = entry.view();
    let named =
        AiSystem(entry.content()).stages().filter(|row| row.stage() == Some(stage)).find_map(|row| view.get(row.review()?.id));
    let into = |one: &Entry<'_>| StageReview(one.content()).to_stage().get().is_some_and(|to| to.id() == stage.id());
    named.or_else(|| {
        entry.incoming(StageReview::KIND, "ai_system").filter(into).filter(|one| one.is("decided")).max_by_key(Entry::id)
    })
}

fn step(context: &Context<'_>, entry: Entry<'_>, stage: Stage, now: Stage) -> Markup {
    let row = AiSystem(entry.content()).stages().find(|row| row.stage() == Some(stage));
    let entered: Option<Date> = row.and_then(|row| row.entered_on());
    let planned = row.and_then(|row| row.planned_on());
    let (tone, word) = match stage {
        stage if stage == now => (Tone::Progress, "now"),
        stage if stage < now => (Tone::Good, "passed"),
        _ => (Tone::Plain, "ahead"),
    };
    html! {
        li.past[stage < now] {
            (mark(tone, word))
            p.strong { (stage_word(stage)) }
            @match (entered, planned) {
                (Some(day), _) if stage == now => p.small.muted { "Since " (date(day)) },
                (Some(day), _) => p.small.muted { (date(day)) },
                (None, Some(day)) => p.small.muted { "Planned " (date(day)) },
                (None, None) => p.small.muted { @if stage < now { "No day recorded" } @else { "No date set" } },
            }
            (let_in(context, entry, stage, row.and_then(|row| row.basis())))
        }
    }
}

/// Who let the system in: the chair of the review, or why there is none.
fn let_in(context: &Context<'_>, entry: Entry<'_>, stage: Stage, basis: Option<AiSystemStageBasis>) -> Markup {
    if let Some(review) = review_into(entry, stage) {
        let chair = StageReview(review.content())
            .chair()
            .get()
            .map_or_else(|| review.id().to_string(), |link| name_of(&context.view, link.id));
        return html! { p.small { a.link href=(context.link(&place::of(review.id()))) { (chair) } } };
    }
    let word = match basis {
        Some(AiSystemStageBasis::Before) => "before the management system",
        Some(AiSystemStageBasis::Imported) => "as imported",
        Some(AiSystemStageBasis::None) => "without review",
        _ => return html! {},
    };
    html! { p.small.faint { (word) } }
}

/// What the next gate still wants.
fn ahead(context: &Context<'_>, entry: Entry<'_>, now: Stage) -> Markup {
    let Some(gate) = next_gate(now) else { return html! {} };
    let needs = needs(entry, gate);
    let missing: Vec<(&Need, &str)> =
        needs.iter().filter_map(|(need, held)| if let Held::No(why) = held { Some((*need, why.as_str())) } else { None }).collect();
    let met = needs.iter().filter(|(_, held)| *held == Held::Yes).count();
    let open = needs.len() - met - missing.len();
    html! {
        div.ahead {
            div.row.between {
                h3 { "Next gate: " (gate.title) }
                @if context.as_of.is_none() { (button::link(&format!("{}/gate", place::of(entry.id())), "Hold gate")) }
            }
            p.small.muted {
                (met) " of " (count(needs.len(), "need", "needs")) " met by records, " (missing.len()) " not"
                @if open > 0 { ", " (open) " for people to judge" } "."
            }
            ul.lines.start {
                @for (need, why) in missing.iter().take(FIRST) {
                    li { (mark(Tone::Attention, "missing")) div { p { (need.title) } p.small.muted { (sentence(why)) } } }
                }
            }
            @if missing.len() > FIRST { p.small { a.link href=(format!("{}/gate", place::of(entry.id()))) { "All " (missing.len()) " that are missing" } } }
        }
    }
}

/// A reason as a sentence.
pub(super) fn sentence(why: &str) -> String {
    let mut text = plain(&value::short(why, 220));
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if text.ends_with(['.', '…']) { text } else { format!("{text}.") }
}
