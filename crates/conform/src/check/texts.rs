//! The texts of the rules: what auditors read and translators translate.

use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::failure_mode::{self, FAILURE_MODES, ModeText};
use crate::readiness::{Depth, Grade};

/// The texts of all requirements.
#[derive(Debug, Default)]
pub struct Texts {
    all: Vec<Text>,
    modes: Vec<ModeText>,
}

/// The texts of one requirement.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// item of ISO/IEC 42001
    pub requirement: String,
    /// what an auditor samples from
    pub population: String,
    /// facts that leave nothing to judge, or `never` (Annex A only)
    #[serde(default)]
    pub not_applicable_when: Option<String>,
    /// asked at Stage 1
    pub documented: Vec<RuleText>,
    /// asked at Stage 2: it ran
    pub operating: Vec<RuleText>,
    /// in date, bound, checked by somebody else
    pub proven: Vec<RuleText>,
    /// what the auditor asks about one drawn item, and what answers it
    pub sample_question: String,
}

/// The text of one rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleText {
    /// id, never changed
    pub id: String,
    /// one testable sentence
    pub rule: String,
    /// kinds it reads
    pub reads: Vec<String>,
    /// grade of one lapse when it is the only defect
    pub grade: Grade,
    /// sentence of the finding, with placeholders
    pub finding: String,
    /// what to do
    pub remedy: String,
    /// kind whose form opens, or `page:name`
    pub act: String,
    /// rules that see the same lapse in the same record; it is shown once, under them
    #[serde(default)]
    pub same_as: Vec<String>,
}

impl Text {
    /// The rules of a depth.
    #[must_use]
    pub fn at(&self, depth: Depth) -> &[RuleText] {
        match depth {
            Depth::Documented => &self.documented,
            Depth::Operating => &self.operating,
            Depth::Proven => &self.proven,
        }
    }

    /// Its rules with their depth, in order.
    pub fn rules(&self) -> impl Iterator<Item = (Depth, &RuleText)> {
        Depth::ALL.into_iter().flat_map(|depth| self.at(depth).iter().map(move |rule| (depth, rule)))
    }
}

/// A defect of a file of texts.
#[derive(Debug)]
pub struct TextError {
    file: String,
    message: String,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.file, self.message)
    }
}

impl std::error::Error for TextError {}

impl Texts {
    /// The texts that belong to the predicates of this build.
    ///
    /// # Errors
    /// The first defect; there is none in a build whose tests passed.
    pub fn built_in() -> Result<Self, TextError> {
        let files: Vec<(&str, &[u8])> = super::CHECKS.iter().map(|check| (check.requirement, check.texts)).collect();
        Self { modes: read("failure_modes", failure_mode::TEXTS)?, ..Self::load(&files)? }.sound()
    }

    /// Reads the files, pairs of name and bytes.
    ///
    /// # Errors
    /// The first defect, with file and place.
    pub fn load(files: &[(&str, &[u8])]) -> Result<Self, TextError> {
        let mut all = Vec::new();
        for (file, bytes) in files {
            all.push(read(file, bytes)?);
        }
        Ok(Self { all, modes: Vec::new() })
    }

    /// The same, if each failure mode has texts.
    fn sound(self) -> Result<Self, TextError> {
        match FAILURE_MODES.iter().find(|mode| self.mode(mode.id).is_none()) {
            Some(mode) => Err(TextError { file: "failure_modes".to_owned(), message: format!("`{}` has no text", mode.id) }),
            None => Ok(self),
        }
    }

    /// The text of a failure mode.
    #[must_use]
    pub fn mode(&self, id: &str) -> Option<&ModeText> {
        self.modes.iter().find(|mode| mode.id == id)
    }

    /// The texts of all failure modes.
    #[must_use]
    pub fn modes(&self) -> &[ModeText] {
        &self.modes
    }

    /// The text of a rule, with its depth.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<(Depth, &RuleText)> {
        self.all.iter().flat_map(Text::rules).find(|(_, rule)| rule.id == id)
    }

    /// The texts of a requirement.
    #[must_use]
    pub fn get(&self, requirement: &str) -> Option<&Text> {
        self.all.iter().find(|text| text.requirement == requirement)
    }

    /// All texts.
    pub fn iter(&self) -> impl Iterator<Item = &Text> {
        self.all.iter()
    }
}

fn read<T: DeserializeOwned>(file: &str, bytes: &[u8]) -> Result<T, TextError> {
    let wrong = |message: String| TextError { file: file.to_owned(), message };
    let text = std::str::from_utf8(bytes).map_err(|error| wrong(error.to_string()))?;
    serde_saphyr::from_str(text).map_err(|error| wrong(error.to_string()))
}
