//! `xtask/tidy.toml`: exceptions, which only shrink, and the licences that may be used.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The settings file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    /// file → lines without tests
    pub(crate) lines: BTreeMap<String, usize>,
    /// `file: function` → lines
    pub(crate) functions: BTreeMap<String, usize>,
    /// `file: function` → parameters
    pub(crate) parameters: BTreeMap<String, usize>,
    /// file of a check → lines
    pub(crate) checks: BTreeMap<String, usize>,
    /// what dependencies may be under
    pub(crate) licences: Licences,
}

/// Licences of dependencies.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Licences {
    /// SPDX ids
    pub(crate) allow: Vec<String>,
}
