//! `vouch explain`

use clap::Args;
use jiff::civil::Date;
use vouch_conform::readiness::{Explanation, RuleExplained, explain};
use vouch_record::Id;

use crate::failure::{Failure, Outcome};
use crate::output::{BAD, FAINT, GOOD, STRONG, json, line, short, styled};
use crate::session::Common;

/// Most records that are named per list.
const MOST: usize = 8;

/// Why a requirement is met or not: each rule, its verdict, and the records it looked at
#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// Item of ISO/IEC 42001, for example A.6.2.4
    requirement: String,
    /// Only what concerns this record or AI system
    #[arg(long, value_name = "ID")]
    record: Option<Id>,
    /// As of a past day
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl Explain {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let session = common.read()?;
        let view = session.view(self.as_of)?;
        let unknown = || Failure::invalid(format!("ISO/IEC 42001 has no item `{}`", self.requirement), "see `vouch readiness`");
        let explanation = explain(&view, &self.requirement, self.record).ok_or_else(unknown)?;
        if self.json {
            json(&explanation)
        } else {
            print(&explanation)
        }
        Ok(Outcome::Done)
    }
}

/// How many things a rule judged. What passed may be more records than that: those that show it are named beside them.
fn judged(rule: &RuleExplained) -> String {
    match (rule.asked, rule.population) {
        (false, _) => String::new(),
        (true, 0) => ", nothing to judge".to_owned(),
        (true, judged) => format!(", {judged} judged"),
    }
}

fn print(explanation: &Explanation) {
    line(format!("{} {}", styled(STRONG, &explanation.requirement), explanation.title));
    line(&explanation.summary);
    if let Some(population) = &explanation.population {
        line(format!("Population: {population}"));
    }
    if let Some(because) = &explanation.applies_because {
        line(because);
    }
    if explanation.rules.is_empty() {
        line("No check yet: it is never met.");
    }
    for rule in &explanation.rules {
        let verdict = match (rule.asked, rule.holds) {
            (false, _) => styled(FAINT, "not asked"),
            (true, Some(true)) => styled(GOOD, "holds"),
            (true, Some(false)) => styled(BAD, "fails"),
            (true, None) => styled(FAINT, "undecided"),
        };
        line("");
        line(format!("{} {verdict} ({}{})", styled(STRONG, &rule.id), rule.depth, judged(rule)));
        line(format!("  {}", rule.rule));
        if let Some(because) = &rule.not_asked_because {
            line(styled(FAINT, format!("  {because}")));
        }
        for (what, seen) in [
            ("passed", &rule.passed),
            ("failed", &rule.failed),
            ("accepted", &rule.accepted),
            ("undecided", &rule.undecided),
            ("left out", &rule.skipped),
        ] {
            for one in seen.iter().take(MOST) {
                let id = one.id.map_or_else(|| "the organisation".to_owned(), |id| id.to_string());
                let revision = one.revision.map(|revision| format!("@{revision}")).unwrap_or_default();
                line(format!("  {what} {id}{revision} {}", short(one.why.as_deref().unwrap_or_default(), 140)));
            }
            if seen.len() > MOST {
                line(styled(FAINT, format!("  {what} {} more; `--json` lists all", seen.len() - MOST)));
            }
        }
    }
    if let Some(question) = &explanation.sample_question {
        line("");
        line(format!("An auditor asks: {question}"));
    }
}
