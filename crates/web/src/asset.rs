//! Style, scripts, fonts: embedded, named by their content, kept by clients for good, compressed once.

use std::io::Write;
use std::sync::LazyLock;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::answer::text;
use crate::style;

/// A file that pages refer to.
pub(crate) struct Asset {
    /// name in the source tree
    name: &'static str,
    /// path under which it is served: the name with a part of its hash
    pub(crate) path: String,
    mime: &'static str,
    bytes: Vec<u8>,
    /// the same compressed, where that makes it smaller
    gzip: Option<Vec<u8>>,
}

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const FONT: &str = "font/woff2";

/// Every file, once.
static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let mut assets = vec![
        Asset::new("inter-latin.woff2", FONT, include_bytes!("../assets/inter-latin.woff2").to_vec()),
        Asset::new("inter-latin-ext.woff2", FONT, include_bytes!("../assets/inter-latin-ext.woff2").to_vec()),
        Asset::new("htmx.js", JAVASCRIPT, include_bytes!("../assets/htmx-4.0.1.min.js").to_vec()),
        Asset::new("sse.js", JAVASCRIPT, include_bytes!("../assets/hx-sse-4.0.1.min.js").to_vec()),
        Asset::new("script.js", JAVASCRIPT, include_bytes!("../assets/script.js").to_vec()),
        Asset::new("proof.js", JAVASCRIPT, include_bytes!("../assets/proof.js").to_vec()),
        Asset::new("mark.svg", "image/svg+xml", include_bytes!("../assets/mark.svg").to_vec()),
    ];
    let fonts = |name: &str| assets.iter().find(|asset| asset.name == name).map(|asset| asset.path.clone()).unwrap_or_default();
    let style = style::sheet(&fonts("inter-latin.woff2"), &fonts("inter-latin-ext.woff2"));
    assets.push(Asset::new("style.css", "text/css; charset=utf-8", style.into_bytes()));
    assets
});

impl Asset {
    fn new(name: &'static str, mime: &'static str, bytes: Vec<u8>) -> Self {
        let digest = vouch_ledger::hex(&Sha256::digest(&bytes).into());
        let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
        let path = format!("/assets/{stem}.{}.{end}", &digest[..10]);
        let gzip = compress(&bytes, Compression::best()).filter(|small| small.len() < bytes.len());
        Self { name, path, mime, bytes, gzip }
    }
}

/// Bytes as gzip; nothing when that fails.
pub(crate) fn compress(bytes: &[u8], level: Compression) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), level);
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

/// The path of a file that pages refer to by its name.
pub(crate) fn path(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("", |asset| asset.path.as_str())
}

/// One text that changes when any file does: answers kept by clients are of this build.
pub(crate) fn edition() -> &'static str {
    static EDITION: LazyLock<String> = LazyLock::new(|| {
        let all: String = ASSETS.iter().map(|asset| asset.path.as_str()).collect();
        vouch_ledger::hex(&Sha256::digest(format!("{} {all}", env!("CARGO_PKG_VERSION"))).into())[..12].to_owned()
    });
    &EDITION
}

/// The answer for the path of a file.
pub(crate) fn answer(path: &str, takes_gzip: bool) -> Option<Response<Body>> {
    let asset = ASSETS.iter().find(|asset| asset.path == path)?;
    let (bytes, is_small) = match &asset.gzip {
        Some(small) if takes_gzip => (small.clone(), true),
        _ => (asset.bytes.clone(), false),
    };
    let mut response = text(StatusCode::OK, asset.mime, bytes);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if is_small {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Some(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(name: &str) -> usize {
        let asset = ASSETS.iter().find(|asset| asset.name == name);
        asset.map_or(usize::MAX, |asset| asset.gzip.as_ref().map_or(asset.bytes.len(), Vec::len))
    }

    #[test]
    fn style_and_scripts_stay_within_what_the_design_allows() {
        assert!(small("style.css") <= 14_000, "style is {} bytes compressed", small("style.css"));
        let scripts = small("htmx.js") + small("sse.js") + small("script.js") + small("proof.js");
        assert!(scripts <= 25_000, "scripts are {scripts} bytes compressed");
        let script = ASSETS.iter().find(|asset| asset.name == "script.js").map_or(usize::MAX, |asset| asset.bytes.len());
        assert!(script < 8_000, "the script of every page is {script} bytes");
        let own = small("script.js") + small("proof.js");
        assert!(own <= 8_000, "own scripts are {own} bytes compressed");
    }

    #[test]
    fn a_path_names_its_content() {
        assert!(path("style.css").starts_with("/assets/style."));
        assert!(answer(path("style.css"), true).is_some());
        assert!(answer("/assets/style.css", true).is_none());
    }
}
