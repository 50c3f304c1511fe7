//! What handlers answer, and how it goes over the wire: pages, redirections, files, JSON, errors.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use maud::Markup;
use serde_json::{Value as Json, json};
use vouch_app::{Error, ErrorKind};

/// A page before the shell is put around it.
pub(crate) struct Page {
    /// title: window, way there, and heading unless that says more
    pub(crate) title: String,
    /// heading, where it is another than the title
    pub(crate) heading: Option<String>,
    /// names and addresses of the pages above it
    pub(crate) above: Vec<(String, Option<String>)>,
    /// what stands under the heading
    pub(crate) lead: Option<Markup>,
    /// buttons beside the heading; the last is the primary one
    pub(crate) actions: Option<Markup>,
    /// everything below
    pub(crate) body: Markup,
    /// 200 unless something is wrong
    pub(crate) status: StatusCode,
    /// entry of the sidebar it belongs to, by its path
    pub(crate) nav: &'static str,
    /// whether it shows what the log does not fix (drafts, jobs), and must be drawn anew each time
    pub(crate) is_live: bool,
    /// seconds after which it is asked for again where no script runs
    pub(crate) again: Option<u8>,
}

impl Page {
    /// A page that belongs to an entry of the sidebar.
    pub(crate) fn new(nav: &'static str, title: impl Into<String>, body: Markup) -> Self {
        Self {
            title: title.into(),
            heading: None,
            above: Vec::new(),
            lead: None,
            actions: None,
            body,
            status: StatusCode::OK,
            nav,
            is_live: false,
            again: None,
        }
    }

    /// A page above it: name, and address unless it is only a heading of the sidebar.
    #[must_use]
    pub(crate) fn under(mut self, name: impl Into<String>, address: Option<String>) -> Self {
        self.above.push((name.into(), address));
        self
    }

    #[must_use]
    pub(crate) fn heading(mut self, heading: impl Into<String>) -> Self {
        self.heading = Some(heading.into());
        self
    }

    #[must_use]
    pub(crate) fn lead(mut self, lead: Markup) -> Self {
        self.lead = Some(lead);
        self
    }

    #[must_use]
    pub(crate) fn actions(mut self, actions: Markup) -> Self {
        self.actions = Some(actions);
        self
    }

    /// Shows what the log does not fix.
    #[must_use]
    pub(crate) const fn live(mut self) -> Self {
        self.is_live = true;
        self
    }

    /// Is asked for again after so many seconds where no script runs.
    #[must_use]
    pub(crate) const fn again_after(mut self, seconds: u8) -> Self {
        self.again = Some(seconds);
        self.live()
    }

    #[must_use]
    pub(crate) const fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}

/// What a handler answers.
pub(crate) enum Answer {
    /// a page; the shell is put around it
    Page(Box<Page>),
    /// a part of a page that takes the place of another
    Part(Markup),
    /// data
    Json(Json),
    /// go there (303)
    Go(String),
    /// a file: name, media type, bytes; the name is absent when it is shown and not saved
    File { name: Option<String>, mime: &'static str, bytes: Vec<u8> },
    /// any other answer, whole
    Whole(Box<Response<Body>>),
}

impl From<Page> for Answer {
    fn from(page: Page) -> Self {
        Self::Page(Box::new(page))
    }
}

/// What a client may not do to a page, and a page not to a client.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Headers of every answer.
pub(crate) fn guard(response: &mut Response<Body>) {
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
}

/// An answer of text.
pub(crate) fn text(status: StatusCode, mime: &'static str, body: impl Into<Vec<u8>>) -> Response<Body> {
    let mut response = Response::new(Body::from(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    response
}

/// Sends a client elsewhere, with GET.
pub(crate) fn go(address: &str) -> Response<Body> {
    let mut response = text(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", "");
    // An address that is no header value leads nowhere but home.
    let place = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, place);
    response
}

/// A file to save.
pub(crate) fn file(name: Option<&str>, mime: &'static str, bytes: Vec<u8>) -> Response<Body> {
    let mut response = text(StatusCode::OK, mime, bytes);
    if let Some(name) = name {
        let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || "._- ".contains(c) { c } else { '_' }).collect();
        if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"")) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
        }
    }
    response
}

/// The status that says what sort of failure it is.
pub(crate) const fn status_of(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::Refused => StatusCode::FORBIDDEN,
        ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Corrupt => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The status with which a form says why not, with what was typed in it; nothing where the form has no more to say, and for programs.
pub(crate) fn status_in_form(error: &Error, wants_json: bool) -> Option<StatusCode> {
    let is_told = !matches!(error.kind, ErrorKind::NotFound | ErrorKind::Corrupt);
    (is_told && !wants_json).then(|| status_of(error.kind))
}

/// An error as RFC 9457 wants it.
pub(crate) fn problem(error: &Error) -> Response<Body> {
    let status = status_of(error.kind);
    let fields: Vec<Json> =
        error.problems.iter().map(|problem| json!({"field": problem.field, "message": problem.to_string()})).collect();
    let body = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": error.message,
        "hint": error.hint,
        "fields": fields,
    });
    text(status, "application/problem+json", body.to_string())
}
