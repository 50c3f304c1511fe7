//! What a pack says of the organisation: the same answers as the command line prints and the pages show.

use std::fmt::Write as _;

use serde::Serialize;
use vouch_conform::gap::Gap;
use vouch_conform::readiness::{Evidence, Grade};
use vouch_conform::statement::Statement;
use vouch_conform::{Readiness, View};
use vouch_ledger::Policy;
use vouch_ledger::verify::WHAT_IT_PROVES;
use vouch_record::time::format_instant;

use super::{LOG, PIECES};
use crate::error::{Error, Kind, Result};
use crate::query;
use crate::sheet::{self, Sheet};

/// The second verifier, what it needs, and the formats that both hold to.
const VERIFIER: &[u8] = include_bytes!("../../../../docs/verify.py");
const VERIFIER_NEEDS: &[u8] = include_bytes!("../../../../docs/requirements.txt");
const FORMATS: &[u8] = include_bytes!("../../../../docs/FORMATS.md");

/// Names of the columns of the records by requirement.
const HEADINGS: [&str; 10] = ["requirement", "title", "depth", "record", "revision", "kind", "called", "state", "leaf", "recorded"];

/// The organisation on a day, and what was computed of it.
pub(super) struct Shown<'s> {
    pub(super) view: &'s View,
    pub(super) readiness: &'s Readiness,
    pub(super) statement: &'s Statement,
    pub(super) gaps: &'s [Gap],
}

impl Shown<'_> {
    /// A document by its path.
    pub(super) fn document(&self, path: &str) -> Result<Vec<u8>> {
        Ok(match path {
            "scope.json" => match self.view.scope() {
                Some(scope) => json(&query::show(self.view, scope.id().into())?)?,
                None => json(&serde_json::Value::Null)?,
            },
            "statement-of-applicability.csv" => sheet::statement(self.statement).csv()?,
            "statement-of-applicability.json" => json(self.statement)?,
            "gaps.csv" => sheet::gaps(self.gaps).csv()?,
            "gaps.json" => json(&self.gaps)?,
            "FORMATS.md" => FORMATS.to_vec(),
            "verify.py" => VERIFIER.to_vec(),
            "requirements.txt" => VERIFIER_NEEDS.to_vec(),
            path => return Err(Error::new(Kind::Corrupt, format!("a pack has no `{path}`"))),
        })
    }

    /// What shows each requirement, record by record.
    pub(super) fn records(&self) -> Result<Sheet> {
        let mut rows = Vec::new();
        for answer in &self.readiness.requirements {
            let title = self.view.frameworks().item(&answer.id).map_or("", |item| item.title.as_str());
            rows.extend(answer.evidence.iter().map(|one| self.record([answer.id.clone(), title.to_owned()], one)));
        }
        Ok(Sheet::new(&HEADINGS, rows))
    }

    fn record(&self, [requirement, title]: [String; 2], one: &Evidence) -> Vec<String> {
        let entry = self.view.find(one.id);
        let leaf = entry.and_then(|entry| entry.record().revision(one.revision).map(|leaf| (leaf.seq, leaf.time)));
        vec![
            requirement,
            title,
            one.depth.word().to_owned(),
            one.id.to_string(),
            one.revision.to_string(),
            one.kind.clone(),
            entry.map(|entry| entry.label()).unwrap_or_default(),
            entry.map(|entry| entry.standing().state.to_string()).unwrap_or_default(),
            leaf.map(|(seq, _)| seq.to_string()).unwrap_or_default(),
            leaf.map(|(_, time)| format_instant(time)).unwrap_or_default(),
        ]
    }
}

/// JSON in lines that a person can read.
pub(super) fn json(value: &impl Serialize) -> Result<Vec<u8>> {
    let text = serde_json::to_vec_pretty(value);
    text.map_err(|error| Error::new(Kind::Unavailable, "a document of the pack cannot be written").because(error))
}

/// The first page: what lies where, what it says in a few figures, and how to check it.
pub(super) fn readme(shown: &Shown<'_>, policy: &Policy, origin: &str) -> Result<String> {
    let (view, readiness) = (shown.view, shown.readiness);
    let organisation = view.organisation().and_then(|one| one.text("name")).unwrap_or_default();
    let graded = |grade| readiness.findings().iter().filter(|finding| finding.grade == grade).count();
    let (major, minor) = (graded(Grade::Major), graded(Grade::Minor));
    let depths = &readiness.depths;
    let scope = view.scope().map_or_else(|| "none in force".to_owned(), |scope| scope.label());
    let (size, root) = (readiness.head.size, &readiness.head.root);
    let mut text = String::new();
    let mut say = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    say(&format!("# Audit pack of {organisation}, as of {}\n", view.today()));
    say(&format!("- Scope: {scope}"));
    say(&format!(
        "- Of {} requirements of ISO/IEC 42001: {} documented, {} operating, {} proven",
        depths.documented.of, depths.documented.met, depths.operating.met, depths.proven.met
    ));
    say(&format!("- Would be found on that day: {major} major, {minor} minor"));
    say(&format!("- Computed from the first {size} leaves of the log `{origin}`, whose root is `{root}`"));
    say("\n## What lies where\n");
    for piece in PIECES {
        say(&format!("- `{}`: {}", piece.path, piece.what));
    }
    say(&format!("- `{LOG}/`: every record and every change since the first day, sealed; what `vouch ledger export` writes"));
    say(
        "\nNothing in the lists was typed for this pack: each was computed from the records of the log, and names them by id and leaf.",
    );
    say("\n## How to check it without trusting us\n");
    say(
        "1. Get the policy, or the fingerprint of the key, from the organisation by another way than this file: on paper, by telephone.",
    );
    for key in policy.logs.iter().map(|log| &log.key) {
        say(&format!("   The pack was made under the key with the fingerprint `{}`.", key.fingerprint()));
    }
    say("2. With Python 3.11:");
    say("\n       python3 -m pip install -r requirements.txt");
    say(&format!("       python3 verify.py {LOG} --policy POLICY --courses courses.json\n"));
    say(&format!("   or with Vouch on a machine of your own: `vouch verify {LOG} --policy POLICY`."));
    say(&format!("   `{LOG}/policy` is a copy of the policy; a check with it alone is self-asserted, and both verifiers say so."));
    say("3. Choose a row of `records-by-requirement.csv`: its leaf, counted from 0, bears the record's id and revision.");
    say("\n## What that proves\n");
    let mut proves = String::new();
    let mut letters = WHAT_IT_PROVES.chars();
    if let Some(first) = letters.next() {
        // Writing into a text does not fail.
        let _ = write!(proves, "{}{}.", first.to_uppercase(), letters.as_str());
    }
    say(&proves);
    Ok(text)
}
