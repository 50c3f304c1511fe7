//! The table of addresses: one line each. Verbs are resources, so that a handler does one thing.

use vouch_app::Result;

use crate::answer::Answer;
use crate::page;
use crate::request::Context;

/// What answers a request.
pub(crate) type Handler = fn(&Context<'_>) -> Result<Answer>;

/// An address with what answers there.
pub(crate) struct Route {
    /// path with its variable parts in braces
    pub(crate) path: &'static str,
    /// what shows it
    pub(crate) get: Option<Handler>,
    /// what writes there
    pub(crate) post: Option<Handler>,
}

const fn get(path: &'static str, handler: Handler) -> Route {
    Route { path, get: Some(handler), post: None }
}

const fn post(path: &'static str, handler: Handler) -> Route {
    Route { path, get: None, post: Some(handler) }
}

const fn both(path: &'static str, show: Handler, write: Handler) -> Route {
    Route { path, get: Some(show), post: Some(write) }
}

/// Every address with whether it is read and whether it is written to, for tests that walk them all.
#[must_use]
pub fn addresses() -> Vec<(&'static str, bool, bool)> {
    ROUTES.iter().map(|route| (route.path, route.get.is_some(), route.post.is_some())).collect()
}

/// Every address, in the order of the sidebar.
pub(crate) const ROUTES: &[Route] = &[
    get("/", page::overview::show),
    get("/my-work", page::my_work::show),
    get("/gaps", page::gaps::show),
    get("/requirements/{id}", page::requirement::show),
    // areas of the management system
    get("/context", page::area::show),
    get("/policy", page::area::show),
    get("/roadmap", page::area::show),
    get("/people", page::area::show),
    get("/data", page::area::show),
    get("/changes", page::area::show),
    get("/measures", page::area::show),
    get("/audits", page::area::show),
    get("/reviews", page::area::show),
    get("/certification", page::area::show),
    get("/rooms", page::area::show),
    get("/incidents", page::incident::list),
    get("/incidents/{id}", page::incident::show),
    get("/nonconformities", page::nonconformity::list),
    get("/nonconformities/{id}", page::nonconformity::show),
    get("/suppliers", page::supplier::list),
    get("/suppliers/{id}", page::supplier::show),
    // lists, forms and verbs of every kind
    get("/kinds/{kind}", page::kind::list),
    both("/kinds/{kind}/new", page::form::new, page::form::create),
    both("/records/{id}/edit", page::form::edit, page::form::revise),
    both("/records/{id}/state", page::verb::ask_state, page::verb::change_state),
    both("/records/{id}/approval", page::verb::ask_approval, page::verb::approve),
    both("/records/{id}/verification", page::verb::ask_verification, page::verb::verify),
    both("/records/{id}/withdrawal", page::verb::ask_withdrawal, page::verb::withdraw),
    get("/candidates/{target}", page::candidate::offer),
    post("/drafts/{form}", page::draft::keep),
    // risks
    get("/risks", page::risks::show),
    get("/risks/export.csv", page::risks::register::csv),
    get("/risks/export.xlsx", page::risks::register::xlsx),
    get("/risks/{id}", page::risk::show),
    both("/risks/{id}/acceptance", page::risk::acceptance::ask, page::risk::acceptance::give),
    // impact assessments
    both("/impact", page::impact::show, page::impact::guide::start),
    get("/impact/{id}", page::impact::shown::show),
    both("/impact/{id}/guide", page::impact::guide::show, page::impact::guide::save),
    both("/impact/{id}/approval", page::verb::ask_approval, page::verb::approve),
    // systems
    get("/systems", page::systems::show),
    get("/systems/export.csv", page::systems::export::csv),
    get("/systems/export.xlsx", page::systems::export::xlsx),
    post("/systems/bulk", page::systems::bulk::edit),
    post("/systems/bulk/undo", page::systems::bulk::undo),
    // statement
    get("/soa", page::soa::show),
    post("/soa/bulk", page::soa::edit_many),
    post("/soa/bulk/undo", page::soa::undo_many),
    both("/soa/requests", page::soa::preview_requests, page::soa::write_requests),
    post("/soa/requests/undo", page::soa::undo_requests),
    post("/soa/sending", page::soa::send),
    get("/soa/export.csv", page::soa::csv),
    get("/soa/export.xlsx", page::soa::xlsx),
    get("/soa/export.json", page::soa::json_file),
    get("/soa/{control}", page::soa::show_control),
    // evidence
    get("/evidence", page::evidence::show),
    get("/evidence/export.csv", page::evidence::csv),
    get("/evidence/export.xlsx", page::evidence::xlsx),
    get("/evidence/checkpoint", page::evidence::checkpoint),
    get("/evidence/policy", page::evidence::policy),
    post("/evidence/verification", page::evidence::verify),
    get("/evidence/{id}", page::record::show),
    // documents
    get("/documents", page::document::list),
    get("/documents/export.csv", page::document::csv),
    get("/documents/export.xlsx", page::document::xlsx),
    get("/documents/{id}", page::document::show),
    both("/documents/{id}/approval", page::verb::ask_approval, page::verb::approve),
    post("/documents/{id}/acknowledgement", page::document::acknowledge),
    // any record
    get("/records/{id}", page::record::show),
    get("/records/{id}/proof", page::record::proof_file),
    get("/files/{sha256}", page::record::download),
    get("/systems/{id}", page::system::show),
    both("/systems/{id}/gate", page::system::gate::ask, page::system::gate::hold),
    // import
    both("/import", page::import::ask, page::import::begin),
    both("/import/{job}", page::import::show, page::import::check),
    post("/import/{job}/columns", page::import::again),
    post("/import/{job}/commit", page::import::commit),
    post("/import/{job}/cancel", page::import::cancel),
    get("/import/{job}/events", page::import::follow),
    both("/import/{job}/rows/{row}", page::import::ask_row, page::import::mend_row),
    // audit pack
    both("/pack", page::pack::ask, page::pack::begin),
    get("/pack/{job}", page::pack::show),
    post("/pack/{job}/cancel", page::pack::cancel),
    get("/pack/{job}/events", page::pack::follow),
    get("/pack/{job}/file", page::pack::fetch),
    // around
    get("/search", page::search::show),
    get("/help", page::help::show),
    post("/acting", page::acting::act_as),
    post("/theme", page::theme::choose),
    post("/sign-out", page::sign_in::end),
];
