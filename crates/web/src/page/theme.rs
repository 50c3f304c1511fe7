//! Light or dark, kept in a cookie.

use axum::http::{HeaderValue, header};
use vouch_app::{Error, Result};

use crate::answer::{self, Answer};
use crate::request::Context;

/// `POST /theme`
pub(crate) fn choose(context: &Context<'_>) -> Result<Answer> {
    let asked = context.form("theme").unwrap_or_default();
    let cookie = match asked {
        "dark" => "vouch-theme=dark; Path=/; Max-Age=31536000; SameSite=Strict",
        "light" => "vouch-theme=light; Path=/; Max-Age=31536000; SameSite=Strict",
        "system" => "vouch-theme=; Path=/; Max-Age=0; SameSite=Strict",
        _ => return Err(Error::invalid(format!("there is no theme `{asked}`")).hint("choose light, dark or system")),
    };
    let mut response = answer::go(&back(context));
    response.headers_mut().insert(header::SET_COOKIE, HeaderValue::from_static(cookie));
    Ok(Answer::Whole(Box::new(response)))
}

/// The page a form was on: a path of this site, else the overview.
pub(crate) fn back(context: &Context<'_>) -> String {
    let asked = context.form("back").unwrap_or("/");
    let is_path = asked.starts_with('/') && !asked.starts_with("//") && !asked.contains(['\\', '\r', '\n']);
    if is_path { asked.to_owned() } else { "/".to_owned() }
}
