//! The HTTP server: bounds, sign-in, headers, and handing a request that was read whole to its handler on a thread of its own.

use std::convert::Infallible;
use std::future::Future;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, RawPathParams, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header};
use axum::routing::any;
use flate2::Compression;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use vouch_app::Error;

use crate::answer::{self, Answer, guard, status_of};
use crate::asset;
use crate::page::{error as error_page, sign_in};
use crate::request::{Context, Request, Upload};
use crate::route::{self, Handler, Route};
use crate::session::{COOKIE, Session};
use crate::shell;
use crate::site::Site;

/// Largest body that is read, in bytes: an inventory or a file with its form.
const LARGEST_BODY: usize = 32 << 20;
/// Fields of a form.
const MOST_FIELDS: usize = 20_000;
/// Requests worked on at once; others wait.
const AT_ONCE: usize = 8;
/// Requests that may wait; more are turned away.
const WAITING: usize = 256;
/// How long a body may take.
const BODY_TIME: Duration = Duration::from_secs(60);
/// How long a request waits for its turn.
const TURN_TIME: Duration = Duration::from_secs(20);
/// Answers smaller than this go as they are.
const SMALL: usize = 1_024;

#[derive(Clone)]
struct Served {
    site: Arc<Site>,
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// Serves a site until `stop` ends; requests under way are answered first.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve(site: Arc<Site>, listener: TcpListener, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    site.warm();
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    axum::serve(listener, router(site)).with_graceful_shutdown(stop).await
}

/// Every address of a site.
pub fn router(site: Arc<Site>) -> Router {
    let served = Served { site, turns: Arc::new(Semaphore::new(AT_ONCE)), places: Arc::new(Semaphore::new(AT_ONCE + WAITING)) };
    let mut router = Router::new();
    for route in route::ROUTES {
        let handler = move |state: State<Served>, params: RawPathParams, request: axum::extract::Request| async move {
            let params = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            Ok::<_, Infallible>(answer_to(state.0, Some(route), params, request).await)
        };
        router = router.route(route.path, any(handler));
    }
    let other = |state: State<Served>, request: axum::extract::Request| async move {
        Ok::<_, Infallible>(answer_to(state.0, None, Vec::new(), request).await)
    };
    // Bodies are counted while they are read.
    router.fallback(other).layer(DefaultBodyLimit::disable()).with_state(served)
}

async fn answer_to(
    served: Served,
    route: Option<&'static Route>,
    params: Vec<(String, String)>,
    request: axum::extract::Request,
) -> Response<Body> {
    let mut response = guarded(served, route, params, request).await;
    guard(&mut response);
    response
}

/// What is decided before a handler runs: assets, the host asked for, who asks, from where a form comes.
async fn guarded(
    served: Served,
    route: Option<&'static Route>,
    params: Vec<(String, String)>,
    request: axum::extract::Request,
) -> Response<Body> {
    let (method, uri, headers) = (request.method().clone(), request.uri().clone(), request.headers().clone());
    let Ok(_place) = served.places.clone().try_acquire_owned() else {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "too many requests are waiting; try again in a moment");
    };
    if method == Method::GET
        && let Some(found) = asset::answer(uri.path(), takes_gzip(&headers))
    {
        return found;
    }
    if !is_own_host(&served.site, &headers) {
        return plain(
            StatusCode::MISDIRECTED_REQUEST,
            "this address is not served here; use the one that was printed at the start",
        );
    }
    if let Some(secret) = uri.path().strip_prefix("/sign-in/") {
        return sign_in::begin(&served.site, secret);
    }
    let Some(session) = session_of(&served.site, &headers) else {
        return sign_in::asked(wants_json(&headers));
    };
    if method != Method::GET && method != Method::HEAD && !is_own_form(&served.site, &headers) {
        return plain(StatusCode::FORBIDDEN, "a form of another site may not write here");
    }
    let handler = match handler_of(route, &method) {
        Ok(handler) => handler,
        Err(status) => {
            return failed(&served.site, session, (&headers, &uri), (Error::not_found("there is no such page"), status)).await;
        }
    };
    let mark = validator(&served.site, &session, &headers, &uri);
    if method == Method::GET && headers.get(header::IF_NONE_MATCH).is_some_and(|known| *known == mark) {
        return unchanged(&mark);
    }
    let read = match tokio::time::timeout(BODY_TIME, read(&headers, &uri, params, request)).await {
        Ok(Ok(read)) => read,
        Ok(Err((status, message))) => {
            return failed(&served.site, session, (&headers, &uri), (Error::invalid(message), status)).await;
        }
        Err(_) => return plain(StatusCode::REQUEST_TIMEOUT, "the request did not arrive in time"),
    };
    let Ok(Ok(_turn)) = tokio::time::timeout(TURN_TIME, served.turns.clone().acquire_owned()).await else {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "the server is busy; try again in a moment");
    };
    let (is_get, gzip, site) = (method == Method::GET || method == Method::HEAD, takes_gzip(&headers), served.site.clone());
    let work = tokio::task::spawn_blocking(move || handled(&site, handler, read, session));
    // A handler that panics must not take the server with it; the message of the panic is not shown.
    let (response, is_page) = work.await.unwrap_or_else(|_| (plain(StatusCode::INTERNAL_SERVER_ERROR, "this page failed"), false));
    finish(response, is_page && is_get, gzip, &mark).await
}

fn handler_of(route: Option<&'static Route>, method: &Method) -> Result<Handler, StatusCode> {
    let route = route.ok_or(StatusCode::NOT_FOUND)?;
    let handler = match *method {
        Method::GET | Method::HEAD => route.get,
        Method::POST => route.post,
        _ => None,
    };
    handler.ok_or(StatusCode::METHOD_NOT_ALLOWED)
}

/// Runs a handler and puts the shell around its page; the second value says whether the answer may be kept under its validator.
fn handled(site: &Arc<Site>, handler: Handler, request: Request, session: Session) -> (Response<Body>, bool) {
    let wants_json = request.wants_json;
    let fallback = (request.clone(), session.clone());
    let outcome = Context::new(site, request, session).and_then(|context| {
        let answer = handler(&context)?;
        Ok(match answer {
            Answer::Page(page) => {
                let is_good = page.status == StatusCode::OK && !page.is_live;
                (html(page.status, shell::around(&context, &page)?.into_string()), is_good)
            }
            Answer::Part(markup) => (html(StatusCode::OK, markup.into_string()), false),
            Answer::Json(json) => (answer::text(StatusCode::OK, "application/json", json.to_string()), true),
            Answer::Go(place) => (answer::go(&place), false),
            Answer::File { name, mime, bytes } => (answer::file(name.as_deref(), mime, bytes), true),
            Answer::Whole(response) => (*response, false),
        })
    });
    match outcome {
        Ok(answered) => answered,
        Err(error) if wants_json => (answer::problem(&error), false),
        Err(error) => (error_response(site, fallback, &error, status_of(error.kind)), false),
    }
}

fn html(status: StatusCode, text: String) -> Response<Body> {
    answer::text(status, "text/html; charset=utf-8", text)
}

/// The page of an error, in the shell where that can be drawn, else alone.
fn error_response(
    site: &Arc<Site>,
    (mut request, session): (Request, Session),
    error: &Error,
    status: StatusCode,
) -> Response<Body> {
    // The day asked for may be what is wrong.
    request.query.retain(|(name, _)| name != "as-of");
    let (theme, address) = (request.theme, request.path.clone());
    let drawn = Context::new(site, request, session).and_then(|context| shell::around(&context, &error_page::page(error, status)));
    match drawn {
        Ok(markup) => html(status, markup.into_string()),
        Err(_) => html(status, error_page::alone(error, theme, &address).into_string()),
    }
}

/// The page of an error that was found before a handler ran.
async fn failed(site: &Arc<Site>, session: Session, asked: (&HeaderMap, &Uri), error: (Error, StatusCode)) -> Response<Body> {
    let ((headers, uri), (error, status)) = (asked, error);
    if wants_json(headers) {
        let mut response = answer::problem(&error);
        *response.status_mut() = status;
        return response;
    }
    let request = Request { path: uri.path().to_owned(), theme: theme_of(headers), ..Request::default() };
    let site = site.clone();
    let work = tokio::task::spawn_blocking(move || error_response(&site, (request, session), &error, status));
    work.await.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR, "this page failed"))
}

/// Reads a request whole, within bounds.
async fn read(
    headers: &HeaderMap,
    uri: &Uri,
    params: Vec<(String, String)>,
    request: axum::extract::Request,
) -> Result<Request, (StatusCode, String)> {
    let is_multipart = content_type(headers).starts_with("multipart/form-data");
    let mut read = Request {
        path: uri.path().to_owned(),
        params,
        query: pairs(uri.query().unwrap_or_default().as_bytes()),
        wants_json: wants_json(headers),
        theme: theme_of(headers),
        ..Request::default()
    };
    let too_large = || (StatusCode::PAYLOAD_TOO_LARGE, format!("what was sent is larger than {} MiB", LARGEST_BODY >> 20));
    if is_multipart {
        read_multipart(request, &mut read).await?;
    } else {
        let bytes = axum::body::to_bytes(request.into_body(), LARGEST_BODY).await.map_err(|_| too_large())?;
        if content_type(headers).starts_with("application/x-www-form-urlencoded") {
            read.form = pairs(&bytes);
        }
    }
    if read.form.len() > MOST_FIELDS {
        return Err((StatusCode::PAYLOAD_TOO_LARGE, format!("a form has at most {MOST_FIELDS} fields")));
    }
    Ok(read)
}

async fn read_multipart(request: axum::extract::Request, read: &mut Request) -> Result<(), (StatusCode, String)> {
    let broken = |what: String| (StatusCode::BAD_REQUEST, format!("the form cannot be read: {what}"));
    let mut form = Multipart::from_request(request, &()).await.map_err(|error| broken(error.body_text()))?;
    let mut size = 0;
    while let Some(mut field) = form.next_field().await.map_err(|error| broken(error.body_text()))? {
        let (name, file) = (field.name().unwrap_or_default().to_owned(), field.file_name().map(str::to_owned));
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| broken(error.body_text()))? {
            size += chunk.len();
            if size > LARGEST_BODY {
                return Err((StatusCode::PAYLOAD_TOO_LARGE, format!("what was sent is larger than {} MiB", LARGEST_BODY >> 20)));
            }
            bytes.extend_from_slice(&chunk);
        }
        match file {
            Some(file) if !bytes.is_empty() || !file.is_empty() => read.files.push(Upload { field: name, name: file, bytes }),
            Some(_) => {}
            None => read.form.push((name, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    Ok(())
}

fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(bytes).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

fn text_of<'h>(headers: &'h HeaderMap, name: &header::HeaderName) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn content_type(headers: &HeaderMap) -> &str {
    text_of(headers, &header::CONTENT_TYPE)
}

fn wants_json(headers: &HeaderMap) -> bool {
    text_of(headers, &header::ACCEPT).split(',').next().is_some_and(|first| first.trim().starts_with("application/json"))
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    text_of(headers, &header::ACCEPT_ENCODING).contains("gzip")
}

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

fn theme_of(headers: &HeaderMap) -> Option<&'static str> {
    match cookie(headers, "vouch-theme") {
        Some("dark") => Some("dark"),
        Some("light") => Some("light"),
        _ => None,
    }
}

fn session_of(site: &Site, headers: &HeaderMap) -> Option<Session> {
    site.sessions.find(cookie(headers, COOKIE)?)
}

/// A name that leads here from elsewhere (DNS rebinding) is not answered.
fn is_own_host(site: &Site, headers: &HeaderMap) -> bool {
    let asked = text_of(headers, &header::HOST);
    let port = site.settings.authority.rsplit_once(':').map_or("", |(_, port)| port);
    asked == site.settings.authority || asked.strip_prefix("localhost:").is_some_and(|asked| asked == port)
}

/// Whether a write comes from a page of this site: browsers say so themselves, and older ones name the origin.
fn is_own_form(site: &Site, headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-site").and_then(|value| value.to_str().ok()) {
        Some(from) => from == "same-origin",
        None => match headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()) {
            Some(origin) => origin
                .strip_prefix("http://")
                .is_some_and(|host| host == site.settings.authority || text_of(headers, &header::HOST) == host),
            // No browser: the session's cookie is proof enough, since no other site can send it.
            None => true,
        },
    }
}

/// What an answer to GET depends on: build, log, day, who asks, what is asked, what is known or under way beside the log.
fn validator(site: &Site, session: &Session, headers: &HeaderMap, uri: &Uri) -> HeaderValue {
    let (size, day) = (site.vouch.state().size(), site.vouch.today());
    let theme = theme_of(headers).unwrap_or("system");
    let form = (wants_json(headers), headers.contains_key("hx-request"), site.verification.word(), site.past.known());
    let jobs = (site.intake.of(session.acting).len(), site.packing.of(session.acting).len());
    let seen = format!("{} {size} {day} {} {} {theme} {form:?} {jobs:?} {uri}", asset::edition(), session.token, session.acting);
    let mark = format!("W/\"{}\"", &vouch_ledger::hex(&Sha256::digest(seen.as_bytes()).into())[..24]);
    HeaderValue::from_str(&mark).unwrap_or(HeaderValue::from_static("W/\"0\""))
}

fn unchanged(mark: &HeaderValue) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    response.headers_mut().insert(header::ETAG, mark.clone());
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    answer::text(status, "text/plain; charset=utf-8", text)
}

/// Compresses what is text and large, and names what may be asked for again.
async fn finish(response: Response<Body>, is_kept: bool, gzip: bool, mark: &HeaderValue) -> Response<Body> {
    let mime = content_type(response.headers()).to_owned();
    let is_text = mime.starts_with("text/") && !mime.starts_with("text/event-stream") || mime.starts_with("application/json");
    let (mut parts, body) = response.into_parts();
    if is_kept {
        parts.headers.insert(header::ETAG, mark.clone());
        parts.headers.insert(header::VARY, HeaderValue::from_static("accept, accept-encoding, cookie, hx-request"));
    }
    if !is_text || !gzip {
        return Response::from_parts(parts, body);
    }
    let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
        return plain(StatusCode::INTERNAL_SERVER_ERROR, "the answer was cut off");
    };
    match (bytes.len() >= SMALL).then(|| asset::compress(&bytes, Compression::new(4))).flatten() {
        Some(small) => {
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            Response::from_parts(parts, Body::from(small))
        }
        None => Response::from_parts(parts, Body::from(bytes)),
    }
}
