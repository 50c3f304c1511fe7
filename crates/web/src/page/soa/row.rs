//! A control of the statement as its pages show it.

use jiff::civil::Date;
use vouch_conform::View;
use vouch_conform::framework::{Cadence, Item};
use vouch_conform::freshness::speaks_for;
use vouch_conform::readiness::{Depth, Evidence};
use vouch_conform::statement::{Decision, Row, Statement};

use crate::format::{days_between, words};
use crate::request::Context;

/// A control with what is read off its records.
pub(super) struct Line<'l> {
    /// what the statement says
    pub(super) row: &'l Row,
    /// the control, where it is one of Annex A
    pub(super) item: Option<&'l Item>,
    /// the group it stands in, and the group's title
    pub(super) group: (String, String),
    /// days since something last showed it
    pub(super) age: Option<i64>,
    /// what differs from the version in force
    pub(super) changed: Option<String>,
}

impl Line<'_> {
    /// Whether something is left to do for it.
    pub(super) fn is_gap(&self) -> bool {
        match self.row.decision {
            Decision::Applied => self.row.implementation != Depth::Proven.word(),
            Decision::Excluded => self.row.exclusion.as_ref().is_some_and(|exclusion| exclusion.contradicted),
            Decision::Undecided => true,
        }
    }

    /// Whether it is left out.
    pub(super) fn is_excluded(&self) -> bool {
        self.row.decision == Decision::Excluded
    }

    /// Whether its proof is older than the control lets it be.
    pub(super) fn is_stale(&self) -> bool {
        let longest = self.item.and_then(|item| item.max_age_days).map(i64::from);
        self.age.zip(longest).is_some_and(|(age, longest)| age > longest)
    }

    /// The depth it has.
    pub(super) fn depth(&self) -> Option<Depth> {
        Depth::ALL.into_iter().find(|depth| depth.word() == self.row.implementation)
    }

    /// Yes, no, or nothing yet.
    pub(super) const fn decision(&self) -> &'static str {
        match self.row.decision {
            Decision::Applied => "Yes",
            Decision::Excluded => "No",
            Decision::Undecided => "Not yet",
        }
    }

    /// Why it is applied or left out, in one word.
    pub(super) fn reason(&self) -> String {
        match &self.row.exclusion {
            Some(exclusion) => exclusion.ground.map(words).unwrap_or_default(),
            None => self.row.reasons.first().map(|reason| words(reason.source)).unwrap_or_default(),
        }
    }

    /// Why it is applied or left out, in a sentence: the printed statement justifies every row.
    pub(super) fn why(&self) -> &str {
        match &self.row.exclusion {
            Some(exclusion) => &exclusion.reason,
            None => self.row.reasons.first().map_or("", |reason| reason.why.as_str()),
        }
    }

    /// What a filter looks in.
    pub(super) fn text(&self) -> String {
        let owner = self.row.owner.as_ref().map_or("", |owner| owner.label.as_str());
        format!("{} {} {owner} {}", self.row.control, self.row.title, self.reason()).to_lowercase()
    }
}

/// Every control of the statement.
pub(super) fn lines<'l>(context: &'l Context<'_>, statement: &'l Statement) -> Vec<Line<'l>> {
    statement.rows.iter().map(|row| line(context, statement, row)).collect()
}

/// One control of the statement.
pub(super) fn line<'l>(context: &'l Context<'_>, statement: &'l Statement, row: &'l Row) -> Line<'l> {
    let view = &context.view;
    let item = view.frameworks().item(&row.control);
    let proof_on = row.proof.iter().filter(|proof| proof.depth > Depth::Documented).filter_map(|proof| shown_on(view, proof)).max();
    Line {
        row,
        item,
        group: group(view, item, row),
        age: proof_on.map(|day| days_between(day, view.today())),
        changed: changed(statement, row),
    }
}

fn group(view: &View, item: Option<&Item>, row: &Row) -> (String, String) {
    let Some(parent) = item.and_then(|item| item.parent.clone()) else {
        let key = row.control.split(':').next().unwrap_or_default();
        let title = view.frameworks().framework(key).ok().flatten().map(|framework| framework.short_title.clone());
        return (key.to_owned(), title.unwrap_or_else(|| "Own controls".to_owned()));
    };
    let title = view
        .frameworks()
        .framework("iso42001")
        .ok()
        .flatten()
        .and_then(|framework| framework.node(&parent).map(|node| node.title.clone()));
    (parent, title.unwrap_or_default())
}

fn changed(statement: &Statement, row: &Row) -> Option<String> {
    statement.version.as_ref()?;
    match &row.frozen {
        Some(frozen) => frozen.drift.clone(),
        None => Some("it stands in no row of the version in force".to_owned()),
    }
}

/// The day that a record speaks for.
pub(super) fn shown_on(view: &View, proof: &Evidence) -> Option<Date> {
    view.find(proof.id).map(|entry| speaks_for(entry, proof.revision))
}

/// How often a control is renewed, in words.
pub(super) fn cadence(item: &Item) -> String {
    let word = match item.cadence {
        Cadence::Continuous => "All the time",
        Cadence::Monthly => "Each month",
        Cadence::Quarterly => "Each quarter",
        Cadence::Semiannual => "Twice a year",
        Cadence::Annual => "Each year",
        Cadence::PerEvent => "When something happens",
    };
    item.max_age_days.map_or_else(|| word.to_owned(), |days| format!("{word}, at most {days} days old"))
}

/// The number after a version: `1.0` gives `2.0`, `v3` gives `v4`; another text is kept with a mark.
pub(super) fn next_number(version: &str) -> String {
    let from = version.find(|c: char| c.is_ascii_digit());
    let Some(from) = from else { return format!("{version} (next)") };
    let to = version[from..].find(|c: char| !c.is_ascii_digit()).map_or(version.len(), |end| from + end);
    let Ok(number) = version[from..to].parse::<u32>() else { return format!("{version} (next)") };
    let rest: String = version[to..].chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    format!("{}{}{rest}", &version[..from], number.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::next_number;

    #[test]
    fn the_next_version_counts_the_first_number_up() {
        assert_eq!(next_number("1.0"), "2.0");
        assert_eq!(next_number("v3"), "v4");
        assert_eq!(next_number("2.1"), "3.0");
        assert_eq!(next_number("final"), "final (next)");
    }
}
