//! Holding a gate: the needs as records show them, what only people can judge, and the decision, written as a stage review.

use maud::{Markup, html};
use serde_json::{Map, Value as Json, json};
use vouch_app::{Decision, Error, ErrorKind, Result};
use vouch_conform::Entry;
use vouch_conform::derived::ai_system;
use vouch_conform::gate::{Gate, Held, Need, gates};
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::stage_review::{StageReview, StageReviewDecision};
use vouch_record::words::in_words;

use super::life::{needs, next_gate, sentence};
use crate::answer::{Answer, Page, status_in_form};
use crate::format::{count, inside};
use crate::part::badge::{Tone, status};
use crate::part::input::{kept, summary};
use crate::part::value;
use crate::place;
use crate::request::Context;

/// What is asked for.
struct Asked<'a> {
    entry: Entry<'a>,
    gate: &'static Gate,
    needs: Vec<(&'static Need, Held)>,
}

impl<'a> Asked<'a> {
    fn of(context: &'a Context<'_>) -> Result<Self> {
        if context.as_of.is_some() {
            return Err(Error::refused("no gate is held on a past day").hint("go back to today first"));
        }
        let entry = context.record("id", AiSystem::KIND)?;
        let named =
            context.form("gate").or_else(|| context.query("gate")).and_then(|name| gates().iter().find(|gate| gate.gate == name));
        let gate = named.or_else(|| next_gate(ai_system::stage(entry)));
        let gate = gate.ok_or_else(|| Error::refused("the system is retired; no gate leads on").hint("register its successor"))?;
        Ok(Self { entry, gate, needs: needs(entry, gate) })
    }

    /// Why nothing passed, in the words of the gate, where that is what is missing: the review that was not written has no id to speak of.
    fn plainly(&self, error: Error, decision: &str) -> Error {
        let missing: Vec<&str> =
            self.needs.iter().filter(|(_, held)| matches!(held, Held::No(_))).map(|(need, _)| need.title.as_str()).collect();
        if missing.is_empty() || decision != "pass" || error.kind != ErrorKind::Invalid {
            return error;
        }
        Error::invalid(format!("The gate does not let pass. Not met: {}", missing.join(", ")))
            .hint("supply what is missing, or have it let pass by whoever may")
            .because(error)
    }

    /// Whether the gate asks for a release.
    fn wants_release(&self) -> bool {
        matches!(self.gate.gate.as_str(), "deployment" | "change")
    }
}

/// `GET /systems/{id}/gate`
pub(crate) fn ask(context: &Context<'_>) -> Result<Answer> {
    Ok(page(context, &Asked::of(context)?, None).into())
}

/// `POST /systems/{id}/gate`: writes the review; decided at once where its chair sends it.
pub(crate) fn hold(context: &Context<'_>) -> Result<Answer> {
    let asked = Asked::of(context)?;
    let told = |name: &str| context.form(name).unwrap_or_default().trim().to_owned();
    let (chair, decision, reason) = (told("chair"), told("decision"), told("reason"));
    let fields = fields(context, &asked, &chair, &decision);
    let is_chair = chair.parse::<Id>().is_ok_and(|chair| chair == context.session.acting);
    let held_on = vouch_record::time::format_instant(context.view.now());
    let written = context.site.vouch.perform(context.acting(), move |work| {
        let review = work.create(StageReview::KIND, &fields)?;
        if is_chair {
            let set: Map<String, Json> = [("held_on".to_owned(), Json::from(held_on))].into_iter().collect();
            work.transition(review, "held", &set, &reason)?;
            let decision =
                Decision { purpose: "decide".to_owned(), decision: "approved".to_owned(), reason, ..Decision::default() };
            work.approve(review, &decision)?;
        }
        Ok(review)
    });
    match written {
        Ok(review) if context.request.wants_json => Ok(Answer::Json(json!({"id": review.to_string()}))),
        Ok(review) => Ok(Answer::Go(if is_chair { place::of(asked.entry.id()) } else { place::of(review) })),
        Err(error) => {
            let Some(status) = status_in_form(&error, context.request.wants_json) else { return Err(error) };
            let error = asked.plainly(error, decision_of(context));
            Ok(page(context, &asked, Some(&error)).status(status).into())
        }
    }
}

fn decision_of<'c>(context: &'c Context<'_>) -> &'c str {
    context.form("decision").unwrap_or_default().trim()
}

/// The review as fields: each need with what was found.
fn fields(context: &Context<'_>, asked: &Asked<'_>, chair: &str, decision: &str) -> Map<String, Json> {
    let (system, revision) = (asked.entry.id().to_string(), asked.entry.revision());
    let items: Vec<Json> = asked
        .needs
        .iter()
        .map(|(need, held)| {
            let (result, note) = match held {
                Held::Yes => ("fulfilled".to_owned(), "As the records show".to_owned()),
                Held::No(why) => ("missing".to_owned(), why.clone()),
                Held::Undecided(_) => {
                    let judged =
                        context.form(&format!("need-{}", need.id)).filter(|found| *found == "fulfilled").unwrap_or("missing");
                    (judged.to_owned(), "Judged by people at the review".to_owned())
                }
            };
            json!({"need": need.id, "subject": system, "subject_revision": revision, "result": result, "note": note})
        })
        .collect();
    let told = |name: &str| context.form(name).map(str::trim).filter(|text| !text.is_empty()).map(Json::from);
    let reviewers =
        [Some((chair, "chair")), context.form("reviewer").filter(|person| *person != chair).map(|person| (person, "reviewer"))];
    let reviewers: Vec<Json> = reviewers
        .into_iter()
        .flatten()
        .filter(|(person, _)| !person.is_empty())
        .map(|(person, capacity)| json!({"person": person, "capacity": capacity, "took_part": true}))
        .collect();
    let mut fields = Map::new();
    let members = [
        ("ai_system", Some(Json::from(system))),
        ("gate", Some(Json::from(asked.gate.gate.clone()))),
        ("from_stage", Some(Json::from(ai_system::stage(asked.entry).id()))),
        ("to_stage", Some(Json::from(asked.gate.opens.clone()))),
        ("chair", Some(Json::from(chair))),
        ("decision", Some(Json::from(decision))),
        ("reviewers", (!reviewers.is_empty()).then(|| Json::from(reviewers))),
        ("items", Some(Json::from(items))),
        ("release", told("release")),
    ];
    fields.extend(members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    fields
}

fn page(context: &Context<'_>, asked: &Asked<'_>, error: Option<&Error>) -> Page {
    let entry = asked.entry;
    let missing = asked.needs.iter().filter(|(_, held)| matches!(held, Held::No(_))).count();
    let body = html! {
        div.grid {
            form.card.form.span-8 method="post" action=(context.request.path) {
                input type="hidden" name="gate" value=(asked.gate.gate);
                @if let Some(error) = error { (why(error)) }
                section {
                    h2 { "What the gate asks for" }
                    p.small.muted { (asked.gate.help) }
                    ul.lines.start { @for (need, held) in &asked.needs { (line(context, asked, need, held)) } }
                }
                div.fields-group {
                    h2 { "Decision" }
                    (people(context, "chair", "Chair", "Leads the review and decides. For high and critical tiers neither a developer nor a tester of the system.", true))
                    (people(context, "reviewer", "Second reviewer", "Who looked at the records with the chair.", false))
                    @if asked.wants_release() { (releases(context, entry)) }
                    (decisions(context))
                    div.field {
                        label for="f-reason" { "Reason" }
                        textarea.input id="f-reason" name="reason" required { (context.form("reason").unwrap_or_default()) }
                        p.help { "What weighed in the decision; also for a yes." }
                    }
                }
                div.row { button.button.primary { "Hold gate" } a.button href=(place::of(entry.id())) { "Cancel" } }
            }
            aside.span-4.stack {
                section.card {
                    h2 { "How this works" }
                    p.small.muted { "What records show is filled in and cannot be changed here. Where only people can judge, the review says what was found." }
                    p.small.muted { "If the chair sends this page, the review is held and decided at once. Otherwise it waits for the chair." }
                    p.small.muted { "A need that is not met lets nothing pass, unless whoever may waive it accepted that with an end date." }
                }
            }
        }
    };
    let tier = ai_system::tier(entry).unwrap_or(RiskTier::Critical);
    Page::new("/systems", format!("Gate: {}", asked.gate.title), body)
        .under(value::name(entry), Some(context.link(&place::of(entry.id()))))
        .lead(html! { (count(asked.needs.len(), "need", "needs")) " for the " (tier.id()) " tier; " strong { (missing) " not met" } "." })
}

/// Why it was refused, with the rule behind it.
pub(crate) fn why(error: &Error) -> Markup {
    html! {
        (summary(&error.message, &error.problems))
        @if let Some(hint) = &error.hint { p.small.muted { "What helps: " (hint) "." } }
        (kept(error))
    }
}

/// Kinds that a need reads besides the one it looks for: what it hangs on, and what people said of it.
const AROUND: [&str; 6] = ["ai-system", "approval", "stage-review", "person", "role", "risk-method"];

/// The way to what is missing: a record of the last kind that the need reads, else the system's own form.
fn supply(context: &Context<'_>, asked: &Asked<'_>, need: &Need) -> Markup {
    let system = asked.entry.id();
    let kind = need.reads.iter().rev().find(|kind| !AROUND.contains(&kind.as_str()));
    html! {
        @match kind.and_then(|kind| context.view.kinds().get(kind)) {
            Some(kind) => a.link href=(format!("{}?from={system}", place::new(&kind.name))) { "Add " (inside(&kind.title)) },
            None => a.link href=(format!("/records/{system}/edit")) { "Complete AI system" },
        }
    }
}

fn line(context: &Context<'_>, asked: &Asked<'_>, need: &Need, held: &Held) -> Markup {
    let name = format!("need-{}", need.id);
    html! {
        li {
            @match held {
                Held::Yes => (status(Tone::Good, "Met")),
                Held::No(_) => (status(Tone::Attention, "Missing")),
                Held::Undecided(_) => {
                    @let chosen = context.form(&name).unwrap_or_default();
                    select.input.auto name=(name) aria-label=(need.title) {
                        option value="missing" { "Not fulfilled" }
                        option value="fulfilled" selected[chosen == "fulfilled"] { "Fulfilled" }
                    }
                }
            }
            div.grow {
                p { (need.title) " " span.ref { (need.id) } }
                p.small.muted { @match held { Held::No(why) => (sentence(why)), Held::Undecided(_) => "People judge this at the review.", Held::Yes => (sentence(&need.rule)) } }
                @if matches!(held, Held::No(_)) {
                    p.small { (supply(context, asked, need)) }
                    p.small.faint { @match need.waived_by() { Some(role) => { "May be let pass by " (in_words(role)) "." } None => "Nobody may let it pass." } }
                }
            }
        }
    }
}

fn decisions(context: &Context<'_>) -> Markup {
    let chosen = context.form("decision").unwrap_or("pass");
    html! {
        fieldset.field {
            legend { "Outcome" }
            @for of in [StageReviewDecision::Pass, StageReviewDecision::Return, StageReviewDecision::Stop] {
                @let word = value::choice(&context.view, StageReview::KIND, "decision", of.id());
                label.check { input type="radio" name="decision" value=(of.id()) checked[chosen == of.id()]; span { (word) } }
            }
            p.help { "To pass with conditions, hold the gate as a record: its form has rows for conditions, deviations and retirement duties." }
        }
    }
}

fn people(context: &Context<'_>, name: &str, word: &str, help: &str, needed: bool) -> Markup {
    let mut people: Vec<_> = context.view.live("person").filter(|person| context.view.is_active(person.id())).collect();
    people.sort_by_key(|person| value::name(*person));
    let chosen = context.form(name).unwrap_or_default();
    html! {
        div.field {
            label for=(format!("f-{name}")) { (word) @if !needed { " " span.optional { "· optional" } } }
            select.input id=(format!("f-{name}")) name=(name) required[needed] {
                option value="" { @if needed { "Choose a person" } @else { "Nobody" } }
                @for person in people {
                    @let id = person.id().to_string();
                    option value=(id) selected[chosen == id] { (value::name(person)) " (" (id) ")" }
                }
            }
            p.help { (help) }
        }
    }
}

fn releases(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let mut found: Vec<_> = entry.incoming("release", "ai_system").filter(|one| !one.is("void")).collect();
    found.sort_by_key(|one| std::cmp::Reverse(one.id()));
    let chosen = context.form("release").unwrap_or_default();
    html! {
        div.field {
            label for="f-release" { "Release" }
            select.input id="f-release" name="release" {
                option value="" { "None" }
                @for one in found { @let id = one.id().to_string(); option value=(id) selected[chosen == id] { (value::called(one)) " (" (id) ")" } }
            }
            p.help { "The release that this gate lets pass." }
        }
    }
}
