//! Signing in by the link that was printed at the start, and out again.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use maud::html;
use vouch_app::Result;

use crate::answer::{self, Answer};
use crate::request::Context;
use crate::session::COOKIE;
use crate::shell::alone;
use crate::site::Site;

/// `GET /sign-in/{secret}`: begins a session and leads to the overview.
pub(crate) fn begin(site: &Site, secret: &str) -> Response<Body> {
    let Some(session) = site.sessions.begin(secret) else { return asked(false) };
    let mut response = answer::go("/");
    let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Strict", session.token);
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

/// What somebody sees who is not signed in.
pub(crate) fn asked(wants_json: bool) -> Response<Body> {
    if wants_json {
        let mut response = answer::problem(
            &vouch_app::Error::refused("nobody is signed in").hint("open the link that was printed when the server started"),
        );
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        return response;
    }
    let page = alone(
        "Sign in",
        None,
        html! {
            h1 { "You are not signed in" }
            p { "Open the link that Vouch printed when it started. It works once; start Vouch again for a new one." }
            p.small { "Sessions last until the server stops. Vouch answers on this machine only." }
        },
    );
    answer::text(StatusCode::UNAUTHORIZED, "text/html; charset=utf-8", page.into_string())
}

/// `POST /sign-out`
pub(crate) fn end(context: &Context<'_>) -> Result<Answer> {
    context.site.sessions.end(&context.session.token);
    let mut response = answer::go("/");
    let gone = HeaderValue::from_static("vouch-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    response.headers_mut().insert(header::SET_COOKIE, gone);
    Ok(Answer::Whole(Box::new(response)))
}
