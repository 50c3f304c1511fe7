//! `vouch findings`

use clap::Args;
use jiff::civil::Date;
use serde_json::json;
use vouch_conform::failure_mode::{Fired, fired};
use vouch_conform::readiness::{Finding, Grade};
use vouch_record::words::in_words;

use crate::failure::{Failure, Outcome};
use crate::output::{FAINT, STRONG, json, line, styled};
use crate::session::Common;

/// What an auditor would find today, the worst first, and the ways certifications fail that show
#[derive(Args, Debug)]
pub(crate) struct Findings {
    /// Only this grade and worse: opportunity, minor or major
    #[arg(long, value_parser = grade)]
    grade: Option<Grade>,
    /// Only one requirement, for example A.5.2
    #[arg(long, value_name = "REQUIREMENT")]
    requirement: Option<String>,
    /// As of a past day
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<Date>,
    /// End with 1 when there is a finding
    #[arg(long)]
    check: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

fn grade(text: &str) -> Result<Grade, String> {
    [Grade::Opportunity, Grade::Minor, Grade::Major]
        .into_iter()
        .find(|grade| grade.word() == text)
        .ok_or_else(|| "use major, minor or opportunity".to_owned())
}

impl Findings {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let session = common.read()?;
        let view = session.view(self.as_of)?;
        if let Some(item) = self.requirement.as_deref().filter(|item| view.frameworks().item(item).is_none()) {
            return Err(Failure::invalid(format!("ISO/IEC 42001 has no item `{item}`"), "see `vouch readiness`"));
        }
        let readiness = session.vouch.readiness(self.as_of)?;
        let wanted = |finding: &&Finding| {
            self.grade.is_none_or(|grade| finding.grade >= grade)
                && self.requirement.as_ref().is_none_or(|item| finding.concerns(item))
        };
        let findings: Vec<&Finding> = readiness.findings().into_iter().filter(wanted).collect();
        // They look across requirements, so that one requirement alone has none.
        let mut modes = if self.requirement.is_none() { fired(&view) } else { Vec::new() };
        modes.retain(|mode| self.grade.is_none_or(|grade| mode.grade >= grade));
        if self.json {
            json(&json!({"as_of": readiness.as_of.to_string(), "findings": findings, "failure_modes": modes}));
        } else {
            findings.iter().for_each(|finding| print(finding));
            line(format!("{} findings as of {}", findings.len(), readiness.as_of));
            if !modes.is_empty() {
                line("");
                line(styled(STRONG, "Ways certifications fail, seen here:"));
                modes.iter().for_each(mode);
            }
            readiness.notes.iter().for_each(|note| line(styled(FAINT, note)));
        }
        Ok(if self.check && !(findings.is_empty() && modes.is_empty()) { Outcome::Found } else { Outcome::Done })
    }
}

/// One failure mode as shown.
fn mode(mode: &Fired) {
    line(format!("{}  {} {}", super::readiness::grade(mode.grade), styled(STRONG, &mode.title), styled(FAINT, &mode.id)));
    line(format!("  {}", mode.message));
    line(format!("  → {}", mode.remedy));
    let limits: Vec<String> =
        mode.limits.iter().map(|limit| format!("{} {} {}", in_words(&limit.name), limit.value, limit.unit)).collect();
    line(styled(FAINT, format!("  limits: {}", limits.join(", "))));
}

/// One finding as shown.
pub(super) fn print(finding: &Finding) {
    let also: Vec<&str> = finding.also.iter().map(|(item, _)| item.as_str()).collect();
    let also = if also.is_empty() { String::new() } else { format!(" (also {})", also.join(", ")) };
    line(format!(
        "{}  {} {} {}{also}",
        super::readiness::grade(finding.grade),
        styled(STRONG, &finding.requirement),
        finding.depth,
        styled(FAINT, &finding.check)
    ));
    line(format!("  {}", finding.message));
    line(format!("  → {}", finding.remedy));
}
