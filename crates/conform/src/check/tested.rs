//! Which version a test speaks for.

use vouch_record::Link;
use vouch_record::kind::generated::release::{Release, ReleaseModelVersionRow};
use vouch_record::kind::generated::test::{Test, TestType};

use crate::derived::model::{is_one_of, names_of_version};
use crate::view::Entry;

/// Whether a test ran the whole system in the version of the release.
fn speaks_for_whole(test: Entry<'_>, release: Entry<'_>) -> bool {
    let whole = Test(test.content()).system_version().get().filter(|version| *version != "none");
    whole.is_some() && whole == Release(release.content()).version().get()
}

/// Whether a test ran this version of the model, or the whole system in the version of the release.
pub(super) fn speaks_for(test: Entry<'_>, release: Entry<'_>, row: ReleaseModelVersionRow<'_>) -> bool {
    if speaks_for_whole(test, release) {
        return true;
    }
    let content = Test(test.content());
    let same = content.model().get().is_none_or(|link| row.model().is_some_and(|model| model.id == link.id));
    let mut names: Vec<String> = [row.version(), row.digest()].into_iter().flatten().map(str::to_owned).collect();
    let model = row.model().and_then(|link: Link| test.view().get(link.id));
    names.extend(model.into_iter().flat_map(|model| names_of_version(model, row.version(), row.digest())));
    same && content.model_version().get().is_some_and(|version| is_one_of(&names, version))
}

/// Whether a test ran the whole system in the version of the release, or a version of a model that is in it.
pub(super) fn speaks_for_release(test: Entry<'_>, release: Entry<'_>) -> bool {
    let mut models = Release(release.content()).model_versions();
    speaks_for_whole(test, release) || models.any(|row| speaks_for(test, release, row))
}

/// Whether it is a reviewed test of one of these types.
pub(super) fn reviewed_of(test: Entry<'_>, types: &[TestType]) -> bool {
    test.kind().name == Test::KIND
        && test.is("reviewed")
        && Test(test.content()).type_().get().is_some_and(|of| types.contains(&of))
}
