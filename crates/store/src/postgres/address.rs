//! Where the server is, and how the way there is kept private.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::postgres::failure;
use crate::{Error, ErrorKind, Result};

/// A server's address, parsed.
#[derive(Clone)]
pub(super) struct Address {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Address {
    /// Reads a URL; `sslmode` and `sslrootcert` are taken from it.
    pub(super) fn parse(url: &str) -> Result<Self> {
        let (rest, mode, root) = split_tls(url)?;
        let invalid = |error: postgres::Error| {
            let why = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
            // The URL itself may hold a password and is not repeated.
            Error::new(ErrorKind::Invalid, format!("the address of the database cannot be read: {why}"))
                .with_hint("write it as postgres://USER@HOST:PORT/DATABASE")
        };
        let mut config: Config = rest.parse().map_err(invalid)?;
        if config.get_hosts().is_empty() {
            return Err(Error::new(ErrorKind::Invalid, "the address of the database names no host")
                .with_hint("write it as postgres://USER@HOST:PORT/DATABASE"));
        }
        let wants_tls = match mode.as_deref() {
            Some("disable") => false,
            Some("require" | "verify-ca" | "verify-full") => true,
            None => root.is_some() || !config.get_hosts().iter().all(is_local),
            Some(other) => {
                return Err(Error::new(ErrorKind::Invalid, format!("`{other}` is no sslmode that is safe to use"))
                    .with_hint("use sslmode=require, or sslmode=disable where nobody can listen on the way"));
            }
        };
        config.ssl_mode(if wants_tls { SslMode::Require } else { SslMode::Disable });
        config.application_name("vouch");
        config.connect_timeout(config.get_connect_timeout().copied().unwrap_or(Duration::from_secs(10)));
        config.keepalives_idle(Duration::from_secs(30));
        config.tcp_user_timeout(Duration::from_secs(60));
        let tls = if wants_tls { Some(connector(root)?) } else { None };
        Ok(Self { config, tls })
    }

    /// Connects.
    pub(super) fn connect(&self) -> Result<Client> {
        let connected = match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        };
        connected.map_err(failure::unreachable)
    }
}

/// The URL without `sslmode` and `sslrootcert`, and these.
fn split_tls(url: &str) -> Result<(String, Option<String>, Option<PathBuf>)> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(Error::new(ErrorKind::Invalid, "the address of the database does not begin with postgres://")
            .with_hint("write it as postgres://USER@HOST:PORT/DATABASE"));
    }
    let Some((base, query)) = url.split_once('?') else { return Ok((url.to_owned(), None, None)) };
    let (mut mode, mut root, mut kept) = (None, None, Vec::new());
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslmode", value)) => mode = Some(value.to_owned()),
            Some(("sslrootcert", value)) => root = Some(PathBuf::from(value.replace("%2F", "/").replace("%2f", "/"))),
            _ => kept.push(pair),
        }
    }
    let rest = if kept.is_empty() { base.to_owned() } else { format!("{base}?{}", kept.join("&")) };
    Ok((rest, mode, root))
}

/// Whether nobody outside this machine is on the way.
fn is_local(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

fn connector(root: Option<PathBuf>) -> Result<MakeRustlsConnect> {
    let mut roots = RootCertStore::empty();
    match &root {
        Some(path) => {
            let unreadable = |error: &dyn std::fmt::Display| {
                let message = format!("the certificate `{}` cannot be read: {error}", path.display());
                Error::new(ErrorKind::Invalid, message).with_hint("sslrootcert names a file with certificates in PEM")
            };
            for certificate in CertificateDer::pem_file_iter(path).map_err(|error| unreadable(&error))? {
                roots.add(certificate.map_err(|error| unreadable(&error))?).map_err(|error| unreadable(&error))?;
            }
        }
        None => drop(roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs)),
    }
    if roots.is_empty() {
        return Err(Error::new(ErrorKind::Invalid, "there is no certificate to check the database server by")
            .with_hint("name the one of its authority with sslrootcert=FILE in the address"));
    }
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| Error::new(ErrorKind::Engine, "TLS cannot be set up").with_source(error))?;
    Ok(MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_required_unless_the_server_is_on_this_machine_or_it_is_waived() {
        for (url, expected) in [
            ("postgres://vouch@localhost/vouch", Ok(false)),
            ("postgres://vouch@127.0.0.1:5433/vouch", Ok(false)),
            ("postgres://vouch@%2Frun%2Fpostgresql/vouch", Ok(false)),
            ("postgres://vouch@db.example.test/vouch?sslmode=disable", Ok(false)),
            ("postgres://vouch@db.example.test/vouch?sslmode=prefer", Err(ErrorKind::Invalid)),
            ("postgres://vouch@localhost/vouch?sslmode=verify-full&sslrootcert=%2Fno%2Fsuch", Err(ErrorKind::Invalid)),
            ("postgres://vouch@localhost/vouch?nonsense=1", Err(ErrorKind::Invalid)),
            ("postgres:///vouch", Err(ErrorKind::Invalid)),
            ("mysql://vouch@localhost/vouch", Err(ErrorKind::Invalid)),
        ] {
            let parsed = Address::parse(url).map(|address| address.tls.is_some()).map_err(|error| error.kind());
            assert_eq!(parsed, expected, "{url}");
        }
    }

    #[test]
    fn a_password_is_not_repeated_in_an_error() {
        let error = Address::parse("postgres://vouch:a-secret-word@db.example.test/vouch?port=nonsense").err().unwrap();
        assert!(!format!("{error} {error:?}").contains("a-secret-word"), "{error:?}");
    }
}
