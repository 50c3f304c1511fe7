//! What is noted about the context: issues of both sides and each category, what systems are, and the law of each country.

use std::collections::BTreeMap;

use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemStageRow};
use vouch_record::kind::generated::context_issue::{ContextIssue, ContextIssueCategory, ContextIssueRelevant, ContextIssueSide};
use vouch_record::kind::generated::obligation::{Obligation, ObligationType};
use vouch_record::kind::generated::shared::Stage;

use crate::check::wording::words;
use crate::derived::ai_system::stage;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// Member states of the European Union, by ISO 3166-1.
const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL",
    "PL", "PT", "RO", "SE", "SI", "SK",
];
/// Further states of the European Economic Area.
const EEA: [&str; 3] = ["IS", "LI", "NO"];

/// Every assessed issue.
pub(super) fn assessed(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(ContextIssue::KIND).filter(|issue| issue.is("assessed"))
}

/// Whether an issue is called relevant.
pub(super) fn is_relevant(issue: Entry<'_>) -> bool {
    ContextIssue(issue.content()).relevant().is(ContextIssueRelevant::Yes)
}

/// 4.1-D1
pub(super) fn both_sides_are_noted(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for side in [ContextIssueSide::External, ContextIssueSide::Internal] {
        let of_side: Vec<_> = assessed(view)
            .filter(|issue| is_relevant(*issue) && ContextIssue(issue.content()).side().is(side))
            .map(|issue| issue.subject())
            .collect();
        if of_side.is_empty() {
            verdicts.failed.push(Lapse::of_organisation().value("side", side.id()));
        }
        verdicts.passed.extend(of_side);
    }
    verdicts.among(2)
}

/// 4.1-D2
pub(super) fn every_category_is_decided(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for category in ContextIssueCategory::ALL {
        let decided = assessed(view).find(|issue| {
            let content = ContextIssue(issue.content());
            content.category().is(category)
                && (content.relevance_reason().is_filled() || issue.value("relevance_reason").is_erased())
        });
        match decided {
            Some(issue) => verdicts.passed.push(issue.subject()),
            None => verdicts.failed.push(Lapse::of_organisation().value("category", words(category.id()))),
        }
    }
    verdicts.among(ContextIssueCategory::ALL.len())
}

/// 4.1-D3
pub(super) fn systems_say_what_they_are(view: &View) -> Verdicts {
    let drafted = |system: &Entry<'_>| view.first_scope_on().is_none() && system.is("draft") && stage(*system) != Stage::Retired;
    let mut systems: Vec<Entry<'_>> = view.systems().chain(view.all(AiSystem::KIND).filter(drafted)).collect();
    systems.sort_unstable_by_key(Entry::id);
    systems.dedup_by_key(|system| system.id());
    each(systems, |system| {
        Judgement::needing(system, &["owner", "purpose", "ai_roles", "ai_roles_reason", "stages"], || {
            let content = AiSystem(system.content());
            let dated = |row: AiSystemStageRow<'_>| row.stage().is_some() && row.entered_on().is_some();
            let wanted = [
                (content.owner().is_filled(), "owner"),
                (content.purpose().is_filled(), "purpose"),
                (content.ai_roles().next().is_some(), "role of the organisation"),
                (content.ai_roles_reason().is_filled(), "reason for that role"),
                (content.stages().any(dated), "day on which its stage began"),
            ];
            let missing: Vec<&str> = wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect();
            let lapse = || Lapse::of(system).value("system", system.label()).value("missing", missing.join(" and no "));
            Judgement::when(missing.is_empty(), lapse)
        })
    })
}

/// 4.1-D4
pub(super) fn law_of_each_country_is_judged(view: &View) -> Verdicts {
    let mut countries: BTreeMap<String, Entry<'_>> = BTreeMap::new();
    for system in view.systems() {
        for country in AiSystem(system.content()).places().filter_map(|row| row.country()) {
            countries.entry(country.trim().to_uppercase()).or_insert(system);
        }
    }
    let judged: Vec<Entry<'_>> = view
        .all(Obligation::KIND)
        .filter(|entry| {
            let sort = Obligation(entry.content()).type_().get();
            entry.is("confirmed") && matches!(sort, Some(ObligationType::Law | ObligationType::Order))
        })
        .collect();
    let things = countries.len();
    let mut verdicts = Verdicts::default();
    for (country, system) in countries {
        let holds =
            |duty: &&Entry<'_>| Obligation(duty.content()).jurisdiction().get().is_some_and(|codes| reaches(codes, &country));
        match judged.iter().find(holds) {
            Some(duty) => verdicts.passed.push(duty.subject()),
            None => verdicts.failed.push(Lapse::of(system).value("country", country)),
        }
    }
    verdicts.passed.sort_unstable();
    verdicts.passed.dedup();
    verdicts.among(things)
}

/// Whether one of these codes is the country, a part of it, or a region that contains it.
fn reaches(codes: &str, country: &str) -> bool {
    let mut codes = codes.split([',', ';', ' ', '\n']).map(|code| code.trim().to_uppercase());
    codes.any(|code| match code.as_str() {
        "EU" => EU.contains(&country),
        "EEA" => EU.contains(&country) || EEA.contains(&country),
        _ => code == country || code.strip_prefix(country).is_some_and(|part| part.starts_with('-')),
    })
}

#[cfg(test)]
mod tests {
    use super::reaches;

    fn check(codes: &str, country: &str, expected: bool) {
        assert_eq!(reaches(codes, country), expected, "{codes} for {country}");
    }

    #[test]
    fn a_duty_holds_in_its_country_and_in_each_country_of_its_region() {
        check("DE", "DE", true);
        check("EU", "DE", true);
        check("EU", "NO", false);
        check("EEA", "NO", true);
        check("US-CO", "US", true);
        check("at, ch", "CH", true);
        check("DE", "D", false);
        check("contract", "DE", false);
    }
}
