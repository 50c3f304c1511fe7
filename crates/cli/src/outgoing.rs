//! Requests to others: to witnesses and authorities that the organisation has named, and to nobody else.

use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use vouch_app::{Error, ErrorKind};

use crate::failure::Failure;

/// How long an answer may take, from the first byte to the last.
const PATIENCE: Duration = Duration::from_secs(20);
/// Most bytes of an answer that are read.
const MOST: u64 = 1 << 20;

/// An answer, whatever its status.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
}

/// TLS by the roots of the system; they are read only where they are wanted.
fn tls(url: &str) -> TlsConfig {
    let mut roots = Vec::new();
    if url.starts_with("https:") {
        let found = rustls_native_certs::load_native_certs().certs;
        roots.extend(found.iter().map(|root| Certificate::from_der(root).to_owned()));
    }
    TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(roots)))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build()
}

/// Posts bytes to an address, directly: no proxy of the environment, no redirection.
pub(crate) fn post(url: &str, content_type: &str, body: &[u8]) -> Result<Answer, Failure> {
    let unreachable = |error: ureq::Error| {
        let message = format!("`{url}` does not answer as it should: {error}");
        Failure(Error::new(ErrorKind::Unavailable, message).hint("look at the address, and whether somebody listens there"))
    };
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .user_agent("vouch")
        .tls_config(tls(url))
        .build()
        .into();
    let mut response = agent.post(url).header("content-type", content_type).send(body).map_err(unreachable)?;
    let status = response.status().as_u16();
    let told = response.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let body = response.body_mut().with_config().limit(MOST).read_to_vec().map_err(unreachable)?;
    Ok(Answer { status, content_type: told, body })
}
