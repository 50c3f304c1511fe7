//! A framework that an organisation dropped into its data folder. As a test this replays what is kept in `__fuzz__`; see
//! `cargo xtask fuzz`.

use vouch_conform::Frameworks;

/// What the rules rest on, as short as it can be: an input stands among these files.
const OTHERS: [(&str, &[u8]); 4] = [
    ("iso42001.yaml", b"nodes: []"),
    ("templates_outline.yaml", b"templates: []"),
    ("certification.yaml", b"nonconformity_workflow: []"),
    ("crosswalk.yaml", b"rows: []"),
];

#[test]
fn frameworks() {
    Frameworks::load(&OTHERS).unwrap_or_else(|error| panic!("the others have no defect: {error}"));
    bolero::check!(name = "frameworks").with_iterations(0).for_each(|bytes: &[u8]| {
        drop(Frameworks::load_with(&OTHERS, &[("own.yaml", bytes)]));
    });
}
