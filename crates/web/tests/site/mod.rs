//! Pages as a browser gets them, without one: a site in memory, its router, a session's cookie.
//!
//! `Browser::founded()` is an organisation of three people, `Browser::sample()` the sample organisation (lived through once for each test
//! binary: use it for pages that need much, in few tests). `get`, `post` and `post_file` answer a [`Reply`]; `reply.main()` is the page
//! without the shell, one tag a line, fit for a snapshot.

#![allow(dead_code, clippy::unwrap_used, reason = "each test binary uses some of it; a test that cannot go on fails")]

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::Value as Json;
use tower::ServiceExt;
use vouch_app::{Clock, Vouch};
use vouch_ledger::{Policy, VerifierKey};
use vouch_record::Id;
use vouch_testkit::{Counter, Faults, Sample, TestApp};
use vouch_web::{Settings, Site, router};

const AUTHORITY: &str = "127.0.0.1:8042";

/// What is filled in of a document so that nothing is missing.
pub(crate) const DOCUMENT: [(&str, &str); 16] = [
    ("whole", "1"),
    ("title", "Manual"),
    ("type", "guide"),
    ("version", "1"),
    ("language", "en"),
    ("owner", "PER-1"),
    ("authors", "PER-1"),
    ("review_every.count", "1"),
    ("review_every.unit", "Y"),
    ("classification", "internal"),
    ("acknowledged_by_all", "false"),
    ("keep_for.count", "3"),
    ("keep_for.unit", "Y"),
    ("disposal", "delete"),
    ("body", "Read me."),
    ("requirements", "iso42001:7.5.1"),
];

/// Somebody with a session on a site.
pub(crate) struct Browser {
    site: Arc<Site>,
    router: Router,
    cookie: String,
    /// the installation behind the site
    pub(crate) vouch: Arc<Vouch>,
    /// the organisation of three, where it is that
    pub(crate) app: Option<TestApp>,
}

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// where it leads, if it does
    pub(crate) location: Option<String>,
    pub(crate) mime: String,
    pub(crate) bytes: Vec<u8>,
}

impl Browser {
    /// An organisation of three: PER-1 founded it and is signed in, PER-2 and PER-3 are members.
    pub(crate) fn founded() -> Self {
        let app = TestApp::founded();
        let mut browser = Self::on(app.vouch.clone(), app.clock.clone(), app.key.clone());
        browser.app = Some(app);
        browser
    }

    /// The same on a store that fails when it is told to.
    pub(crate) fn on_faults() -> (Self, Arc<Faults>) {
        let (app, faults) = TestApp::on_faults();
        let mut browser = Self::on(app.vouch.clone(), app.clock.clone(), app.key.clone());
        browser.app = Some(app);
        (browser, faults)
    }

    /// The sample organisation.
    pub(crate) fn sample() -> Self {
        static SAMPLE: OnceLock<Sample> = OnceLock::new();
        let sample = SAMPLE.get_or_init(|| Sample::lived(1));
        Self::on(sample.vouch.clone(), sample.clock.clone(), sample.key.clone())
    }

    fn on(vouch: Arc<Vouch>, clock: Arc<dyn Clock>, key: VerifierKey) -> Self {
        let (policy, spool) = (Policy::of_log([key.clone()]), std::env::temp_dir());
        let settings = Settings { key, policy, spool, owner: id("PER-1"), sample: true, authority: AUTHORITY.to_owned() };
        let site = Arc::new(Site::new(vouch.clone(), clock, Arc::new(Counter::default()), settings));
        let mut browser = Self { router: router(site.clone()), site, cookie: String::new(), vouch, app: None };
        let secret = browser.site.sign_in_address().rsplit('/').next().unwrap().to_owned();
        let request = Request::get(format!("/sign-in/{secret}")).header(header::HOST, AUTHORITY).body(Body::empty()).unwrap();
        let response = browser.run(request);
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        browser.cookie = cookie.split(';').next().unwrap().to_owned();
        browser
    }

    /// The organisation of three.
    pub(crate) fn app(&self) -> &TestApp {
        self.app.as_ref().unwrap()
    }

    /// Acts as this person from here on.
    pub(crate) fn act_as(&self, person: &str) -> &Self {
        assert_eq!(self.post("/acting", &[("person", person)]).status, StatusCode::SEE_OTHER);
        self
    }

    fn run(&self, request: Request<Body>) -> axum::http::Response<Body> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let router = self.router.clone();
        runtime.block_on(async move {
            let response = router.oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            axum::http::Response::from_parts(parts, Body::from(bytes))
        })
    }

    /// Sends a request as it is, with the session's cookie when `signed_in`; status, headers and bytes come back.
    pub(crate) fn send(
        &self,
        request: axum::http::request::Builder,
        body: Vec<u8>,
        signed_in: bool,
    ) -> axum::http::Response<Vec<u8>> {
        let has_host = request.headers_ref().is_some_and(|headers| headers.contains_key(header::HOST));
        let request = if has_host { request } else { request.header(header::HOST, AUTHORITY) };
        let request = if signed_in { request.header(header::COOKIE, &self.cookie) } else { request };
        let (parts, body) = self.run(request.body(Body::from(body)).unwrap()).into_parts();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        axum::http::Response::from_parts(parts, runtime.block_on(axum::body::to_bytes(body, usize::MAX)).unwrap().to_vec())
    }

    fn reply(&self, request: axum::http::request::Builder, body: Body) -> Reply {
        let request = request.header(header::HOST, AUTHORITY).header(header::COOKIE, &self.cookie);
        let response = self.run(request.body(body).unwrap());
        let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (status, location, mime) =
            (response.status(), header(header::LOCATION), header(header::CONTENT_TYPE).unwrap_or_default());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let bytes = runtime.block_on(axum::body::to_bytes(response.into_body(), usize::MAX)).unwrap().to_vec();
        Reply { status, location, mime, bytes }
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.reply(Request::get(path), Body::empty())
    }

    /// A page once it no longer says how far the log is verified, which is another moment's answer each time.
    pub(crate) fn get_verified(&self, path: &str) -> Reply {
        for _ in 0..2_400 {
            let reply = self.get(path);
            if !reply.text().contains("Verifying from the first leaf") {
                return reply;
            }
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
        panic!("the log is never verified")
    }

    pub(crate) fn get_json(&self, path: &str) -> Reply {
        self.reply(Request::get(path).header(header::ACCEPT, "application/json"), Body::empty())
    }

    /// Sends a form.
    pub(crate) fn post(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.reply(request, Body::from(body))
    }

    /// Sends a form as a program does, which wants JSON.
    pub(crate) fn reply_of_json(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post(path).header(header::ACCEPT, "application/json");
        self.reply(request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"), Body::from(body))
    }

    /// Sends a form with a file: name of its field, name of the file, bytes.
    pub(crate) fn post_file(&self, path: &str, form: &[(&str, &str)], file: (&str, &str, &[u8])) -> Reply {
        let mut body = Vec::new();
        for (name, value) in form {
            body.extend(format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        let head = format!("--part\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n\r\n", file.0, file.1);
        body.extend(head.bytes());
        body.extend(file.2);
        body.extend(b"\r\n--part--\r\n");
        let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=part");
        self.reply(request, Body::from(body))
    }
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// What stands in the page's own part, one tag a line.
    pub(crate) fn main(&self) -> String {
        let text = self.text();
        let from = text.find("<main").unwrap_or_else(|| panic!("{} is no page: {text}", self.status));
        let to = text.find("</main>").unwrap_or(text.len());
        text[from..to].replace("><", ">\n<")
    }

    /// The words of the page's own part, without its tags and drawings.
    pub(crate) fn words(&self) -> String {
        let (mut words, mut inside) = (String::new(), false);
        for letter in self.main().chars() {
            match letter {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    words.push(' ');
                }
                _ if !inside => words.push(letter),
                _ => {}
            }
        }
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The same reply, which must have this status.
    pub(crate) fn expect(self, status: u16) -> Self {
        let said = || {
            if self.mime.starts_with("text/html") {
                self.words().chars().take(1_500).collect()
            } else {
                String::from_utf8_lossy(&self.bytes).into_owned()
            }
        };
        assert!(self.status.as_u16() == status, "{} and not {status}: {}", self.status, said());
        self
    }

    /// Where it leads.
    pub(crate) fn leads_to(&self) -> &str {
        self.location.as_deref().unwrap_or_else(|| panic!("{} leads nowhere: {}", self.status, self.text()))
    }
}

/// Fields as they are handed in.
pub(crate) fn fields(json: Json) -> serde_json::Map<String, Json> {
    vouch_testkit::fields(json)
}

pub(crate) fn id(text: &str) -> Id {
    text.parse().unwrap()
}
