//! The verdict on a body line, given its envelope and the erasures of its leaf.

use super::{Verdict, Worst};
use crate::envelope::{Action, Envelope};
use crate::erasure::{Taken, text};
use crate::line::{Cell, Line, Shown};
use crate::parse_decimal;

/// What a proved erase leaf takes from a leaf.
#[derive(Debug, Clone)]
pub(super) struct Taking {
    /// Seq of the erase leaf.
    pub(super) by: u64,
    /// Id of the record that the erase leaf is about.
    pub(super) id: String,
    /// What it takes.
    pub(super) taken: Taken,
}

impl Taking {
    fn takes(&self, name: &str) -> bool {
        matches!(&self.taken, Taken::Fields(names) if names.iter().any(|taken| taken == name))
    }

    fn takes_all(&self) -> bool {
        self.taken == Taken::All
    }
}

/// Judges what a line shows, withholds and declares erased. Gives the shown body when its commitment is that of the envelope.
pub(super) fn judge<'a>(envelope: &Envelope<'_>, line: &'a [u8], takings: &[Taking], worst: &mut Worst) -> Option<Shown<'a>> {
    let shown = match Line::parse(line) {
        Err(error) => {
            worst.bad(format!("its body line cannot be read: {error}"));
            return None;
        }
        Ok(line) if line.seq() != envelope.seq => {
            worst.bad(format!("its body line is that of leaf {}", line.seq()));
            return None;
        }
        Ok(Line::Withheld { .. } | Line::Erased { .. }) if envelope.action.is_always_shown() => {
            worst.bad("the body of an erase or key leaf is always shown");
            return None;
        }
        Ok(Line::Withheld { .. }) => {
            match takings.first() {
                Some(taking) => worst.add(Verdict::Erased, format!("leaf {} erased of it; the rest is withheld", taking.by)),
                None => worst.add(Verdict::Withheld, "the leaf is proved; its body is withheld"),
            }
            return None;
        }
        Ok(Line::Erased { by, .. }) => {
            if takings.iter().any(|taking| taking.by == by && taking.takes_all()) {
                worst.add(Verdict::Erased, format!("the leaf is proved; leaf {by} erased its body"));
            } else {
                worst.bad(format!("its body is declared erased by leaf {by}, which does not say so"));
            }
            return None;
        }
        Ok(Line::Shown(shown)) => shown,
    };
    if shown.c != envelope.c {
        worst.bad("its body is not the one that the leaf commits to");
        return None;
    }
    judge_cells(&shown, takings, worst);
    Some(shown)
}

fn judge_cells(shown: &Shown<'_>, takings: &[Taking], worst: &mut Worst) {
    if let Some(taking) = takings.iter().find(|taking| taking.takes_all()) {
        worst.bad(format!("its body is shown, though leaf {} erased it", taking.by));
        return;
    }
    for (name, cell) in &shown.fields {
        let taking = takings.iter().find(|taking| taking.takes(name));
        match (cell, taking) {
            (Cell::Value(_), None) => {}
            (Cell::Value(_), Some(taking)) => {
                worst.bad(format!("field `{name}` is shown, though leaf {} erased it", taking.by));
            }
            (Cell::Erased(by), _) => {
                if takings.iter().any(|taking| taking.by == *by && taking.takes(name)) {
                    worst.add(Verdict::Erased, format!("leaf {by} erased field `{name}`; the rest is proved"));
                } else {
                    worst.bad(format!("field `{name}` is declared erased by leaf {by}, which does not say so"));
                }
            }
            (Cell::Withheld, Some(taking)) => {
                worst.add(Verdict::Erased, format!("leaf {} erased field `{name}`, which is not shown", taking.by));
            }
            (Cell::Withheld, None) => worst.add(Verdict::Withheld, format!("field `{name}` is withheld; what is shown is proved")),
        }
    }
}

/// A transition's body says where from and where to; both must be what the log says. `before` are the states that the record had: that
/// of its head, and that of the revision in force beside it. None where the log is not known.
pub(super) fn judge_transition(envelope: &Envelope<'_>, shown: &Shown<'_>, before: &[&str], worst: &mut Worst) {
    let required = envelope.action == Action::Transition;
    if !required && envelope.action != Action::SetAside {
        return;
    }
    for (name, logged) in [("from", before), ("to", &[envelope.state])] {
        match shown.cell(name) {
            Some(Cell::Value(value)) => {
                let said = text(value).ok();
                if said.as_deref().is_none_or(|said| !logged.is_empty() && !logged.contains(&said)) {
                    worst.bad(format!("its body says another `{name}` than the log"));
                }
            }
            None if required => worst.bad(format!("its body has no `{name}`")),
            _ => {}
        }
    }
}

/// What an approval says about the revision that it approves.
pub(super) struct Subject {
    /// `c` of that revision, as the approval has it; none when it is not a commitment.
    pub(super) commitment: Option<crate::Hash>,
    /// Id and revision, where both are shown; the inner none when they are not in their form or differ.
    pub(super) revision: Option<Option<(String, u64)>>,
}

/// Reads the subject of a body that shows a `subject_commitment`.
pub(super) fn subject(envelope: &Envelope<'_>, shown: &Shown<'_>) -> Option<Subject> {
    let value = shown.value("subject_commitment").filter(|_| envelope.action.is_revision())?;
    let commitment = text(value).ok().and_then(|text| crate::parse_hex(text.as_bytes()).ok());
    let revision = match (shown.value("subject"), shown.value("subject_revision")) {
        (Some(subject), Some(revision)) => Some(named_revision(subject, revision)),
        _ => None,
    };
    Some(Subject { commitment, revision })
}

/// `"SYS-3"` or `"DOC-4@2"` with the number of the revision; a number after `@` must be the same.
fn named_revision(subject: &[u8], revision: &[u8]) -> Option<(String, u64)> {
    let (subject, revision) = (text(subject).ok()?, parse_decimal(revision).ok()?);
    match subject.split_once('@') {
        None => Some((subject, revision)),
        Some((id, number)) => (parse_decimal(number.as_bytes()).ok()? == revision).then(|| (id.to_owned(), revision)),
    }
}
