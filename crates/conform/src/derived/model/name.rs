//! Names under which a model and its versions appear in traffic.

use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::release::Release;

use crate::view::Entry;

/// Names under which calls ask for a model: `requested_as`, several apart by comma or line, else its name.
pub(super) fn asked_names(entry: Entry<'_>) -> Vec<String> {
    let model = Model(entry.content());
    let asked = model.requested_as().get().unwrap_or_default();
    let names: Vec<String> =
        asked.split([',', ';', '\n']).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    if names.is_empty() { model.name().get().map(str::to_owned).into_iter().collect() } else { names }
}

/// Names that say which model answered and not which version.
#[must_use]
pub fn bare_names(entry: Entry<'_>) -> Vec<String> {
    let mut names = asked_names(entry);
    names.extend(Model(entry.content()).name().get().map(str::to_owned));
    names
}

/// Names under which a version may answer: itself, its digest, and model name and version joined as services do (`m-v`, `m:v`,
/// `m@v`, `m/v`).
#[must_use]
pub fn names_of_version(entry: Entry<'_>, version: Option<&str>, digest: Option<&str>) -> Vec<String> {
    let mut names: Vec<String> = [version, digest].into_iter().flatten().map(str::to_owned).collect();
    if let Some(version) = version {
        for name in bare_names(entry) {
            names.extend(['-', ':', '@', '/'].map(|joint| format!("{name}{joint}{version}")));
        }
    }
    names
}

/// Every name under which the models of a release may answer. A bare model name, by which a service says no version, is one of
/// them.
#[must_use]
pub fn names_of_release(release: Entry<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for row in Release(release.content()).model_versions() {
        names.extend([row.version(), row.digest()].into_iter().flatten().map(str::to_owned));
        if let Some(model) = row.model().and_then(|link| release.view().get(link.id)) {
            names.extend(names_of_version(model, row.version(), row.digest()));
            names.extend(bare_names(model));
        }
    }
    names
}

/// Whether a name is among others, case apart.
#[must_use]
pub fn is_one_of(names: &[String], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name.trim()))
}
