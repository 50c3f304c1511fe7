//! States as shape and word; colour comes last, and only where somebody must act.

use maud::{Markup, html};
use vouch_conform::readiness::{Depth, Grade};
use vouch_record::kind::generated::shared::RiskTier;

use super::icon::icon;
use crate::format::words;

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// as it should be
    Good,
    /// under way
    Progress,
    /// somebody must look
    Attention,
    /// somebody must act
    Bad,
    /// says nothing about either
    Plain,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Good => "status good",
            Self::Progress => "status progress",
            Self::Attention => "status attention",
            Self::Bad => "status bad",
            Self::Plain => "status",
        }
    }

    const fn icon(self) -> &'static str {
        match self {
            Self::Good => "check",
            Self::Progress => "half",
            Self::Attention => "warning",
            Self::Bad => "alert",
            Self::Plain => "open",
        }
    }
}

/// A shape and a word.
pub(crate) fn status(tone: Tone, word: &str) -> Markup {
    html! { span class=(tone.class()) { (icon(tone.icon())) span { (word) } } }
}

/// A shape alone; its word is read aloud.
pub(crate) fn mark(tone: Tone, word: &str) -> Markup {
    html! { span class=(tone.class()) { (icon(tone.icon())) span.vh { (word) } } }
}

/// A dot for what simply happened; its word is read aloud.
pub(crate) fn point(word: &str) -> Markup {
    html! { span.status { (icon("dot")) @if !word.is_empty() { span.vh { (word) } } } }
}

/// How a grade is shown.
pub(crate) const fn tone_of(grade: Grade) -> Tone {
    match grade {
        Grade::Major => Tone::Bad,
        Grade::Minor => Tone::Attention,
        Grade::Opportunity => Tone::Plain,
    }
}

/// A word on a ground.
pub(crate) fn tag(class: &str, word: &str) -> Markup {
    html! { span.tag.(class) { (word) } }
}

/// Three squares, filled up to a depth, with its word.
pub(crate) fn depth(met: Option<Depth>) -> Markup {
    html! {
        span.squares aria-hidden="true" {
            @for depth in Depth::ALL { i class=[met.is_some_and(|met| met >= depth).then(|| depth.word())] {} }
        }
        " "
        (met.map_or_else(|| "None".to_owned(), |met| words(met.word())))
    }
}

/// A reference to a requirement, as a chip that leads to its page.
pub(crate) fn requirement(address: &str, id: &str) -> Markup {
    html! { a.chip href=(address) { (id) } }
}

/// The class of a level on the five steps of colour.
pub(crate) const fn level_class(level: RiskTier) -> &'static str {
    match level {
        RiskTier::Low => "risk-1",
        RiskTier::Moderate => "risk-3",
        RiskTier::High => "risk-4",
        RiskTier::Critical => "risk-5",
    }
}

/// A level of risk by its word; outlined where it is only compared with.
pub(crate) fn level(level: Option<RiskTier>, outlined: bool) -> Markup {
    match level {
        None => html! { span.risk.outline { "None" span.vh { " yet" } } },
        Some(level) if outlined => html! { span.risk.outline { (words(level.id())) } },
        Some(level) => html! { span.risk.(level_class(level)) { (words(level.id())) } },
    }
}

/// A tier of a system with the colour it deserves.
pub(crate) fn tier(name: &str) -> Markup {
    let class = match name {
        "high" | "prohibited" | "critical" => "bad",
        "limited" | "moderate" => "attention",
        _ => "plain",
    };
    tag(class, &words(name))
}
