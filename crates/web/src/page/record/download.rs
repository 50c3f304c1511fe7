//! Files beside records, by hash, as something that a browser saves or draws but never runs.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use vouch_app::{Error, Result};

use crate::answer::{self, Answer};
use crate::request::Context;

/// `GET /files/{sha256}?name=`
pub(crate) fn download(context: &Context<'_>) -> Result<Answer> {
    let sha256 = context.param("sha256");
    let unknown = || Error::not_found("there is no such file").hint("it may have been erased; see the record that named it");
    let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase());
    let bytes = if is_hash { context.site.vouch.file(sha256)? } else { None };
    let bytes = bytes.ok_or_else(unknown)?;
    let name = context.query("name").unwrap_or(sha256).to_owned();
    match picture(&bytes) {
        Some(mime) if context.query("show").is_some() => Ok(Answer::Whole(Box::new(drawn(mime, bytes)))),
        Some(mime) => Ok(Answer::File { name: Some(name), mime, bytes }),
        None => Ok(Answer::File { name: Some(name), mime: mime_of(&bytes), bytes }),
    }
}

/// A picture shown in a page. It can do nothing: these formats hold no script, and the policy allows none.
fn drawn(mime: &'static str, bytes: Vec<u8>) -> Response<Body> {
    let mut response = answer::text(StatusCode::OK, mime, bytes);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    response
}

/// The type of a picture by its first bytes; what it is called counts for nothing.
pub(crate) fn picture(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        _ => None,
    }
}

/// The type under which other files are saved: text if it is text, else nothing that is opened unasked.
fn mime_of(bytes: &[u8]) -> &'static str {
    match bytes {
        [b'%', b'P', b'D', b'F', ..] => "application/pdf",
        bytes if std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0) => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_follows_from_the_bytes_and_nothing_is_a_page() {
        assert_eq!(picture(b"\x89PNG\r\n"), Some("image/png"));
        assert_eq!(picture(b"<svg onload=alert(1)>"), None);
        assert_eq!(mime_of(b"<script>alert(1)</script>"), "text/plain; charset=utf-8");
        assert_eq!(mime_of(b"%PDF-1.7"), "application/pdf");
        assert_eq!(mime_of(b"\x00\x01"), "application/octet-stream");
    }
}
