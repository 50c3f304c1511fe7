//! What holds for every request: who may ask, from where, and what every answer carries.

mod site;

use axum::http::{Request, Response, header};
use site::Browser;

fn get(path: &str) -> axum::http::request::Builder {
    Request::get(path)
}

fn header<'r>(response: &'r Response<Vec<u8>>, name: &str) -> &'r str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[test]
fn nobody_sees_a_page_without_signing_in() {
    let browser = Browser::founded();
    let page = browser.send(get("/"), Vec::new(), false);
    assert_eq!(page.status(), 401);
    assert!(!String::from_utf8_lossy(page.body()).contains("Example Works"));
    let json = browser.send(get("/").header(header::ACCEPT, "application/json"), Vec::new(), false);
    assert_eq!((json.status().as_u16(), header(&json, "content-type")), (401, "application/problem+json"));
}

#[test]
fn a_sign_in_link_works_once_and_a_made_up_one_never() {
    let browser = Browser::founded();
    assert_eq!(browser.send(get(&format!("/sign-in/{}", "0".repeat(64))), Vec::new(), false).status(), 401);
    // The harness used the link already.
    assert_eq!(browser.get("/").status, 200);
}

#[test]
fn a_name_that_leads_here_from_elsewhere_is_not_answered() {
    let browser = Browser::founded();
    let page = browser.send(get("/").header(header::HOST, "attacker.example:8042"), Vec::new(), true);
    assert_eq!(page.status(), 421);
    let local = browser.send(get("/").header(header::HOST, "localhost:8042"), Vec::new(), true);
    assert_eq!(local.status(), 200);
}

#[test]
fn a_form_of_another_site_writes_nothing() {
    let browser = Browser::founded();
    let form = |name: &'static str, value: &'static str| {
        Request::post("/acting").header(name, value).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
    };
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "http://attacker.example"),
        ("origin", "null"),
    ] {
        let answer = browser.send(form(name, value), b"person=PER-2".to_vec(), true);
        assert_eq!(answer.status(), 403, "{name}: {value}");
    }
    let own = browser.send(form("sec-fetch-site", "same-origin"), b"person=PER-2".to_vec(), true);
    assert_eq!(own.status(), 303);
}

#[test]
fn every_answer_carries_the_headers_that_guard_it() {
    let browser = Browser::founded();
    for path in ["/", "/nowhere", "/sign-in/x", "/?as-of=tomorrow"] {
        let answer = browser.send(get(path), Vec::new(), true);
        let policy = header(&answer, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&answer, "x-frame-options"), "DENY", "{path}");
        assert_eq!(header(&answer, "referrer-policy"), "same-origin", "{path}");
    }
}

#[test]
fn no_page_holds_inline_style_or_script() {
    let browser = Browser::founded();
    for (path, is_read, _) in vouch_web::addresses() {
        if !is_read || path.contains('{') {
            continue;
        }
        let answer = browser.get(path);
        if !answer.mime.starts_with("text/html") {
            continue;
        }
        let text = answer.text();
        assert!(!text.contains(" style="), "{path} holds an inline style");
        assert!(!text.contains("<script>") && !text.contains(" onclick="), "{path} holds an inline script");
    }
}

#[test]
fn an_unchanged_page_is_not_sent_twice_and_a_changed_one_is() {
    let browser = Browser::founded();
    // The page says how far the log is verified; wait until that no longer changes.
    let settled = || {
        let mut last = String::new();
        for _ in 0..200 {
            let answer = browser.send(get("/"), Vec::new(), true);
            let mark = header(&answer, "etag").to_owned();
            if mark == last && !mark.is_empty() {
                return mark;
            }
            last = mark;
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("the page never settles")
    };
    let mark = settled();
    let again = browser.send(get("/").header(header::IF_NONE_MATCH, &mark), Vec::new(), true);
    assert_eq!((again.status().as_u16(), again.body().len()), (304, 0));
    browser.app().create("person", site::fields(serde_json::json!({
        "name": "Dan Fourth", "email": "dan@example.org", "relation": "employee", "top_management": false, "joined_on": "2026-03-01"
    })));
    let changed = browser.send(get("/").header(header::IF_NONE_MATCH, &mark), Vec::new(), true);
    assert_eq!(changed.status(), 200);
}

#[test]
fn pages_go_compressed_to_those_who_take_it() {
    let browser = Browser::founded();
    let small = browser.send(get("/").header(header::ACCEPT_ENCODING, "gzip"), Vec::new(), true);
    let whole = browser.send(get("/"), Vec::new(), true);
    assert_eq!(header(&small, "content-encoding"), "gzip");
    assert!(small.body().len() * 2 < whole.body().len());
}

#[test]
fn what_is_not_there_or_not_asked_so_says_so() {
    let browser = Browser::founded();
    for (method, path, status) in [
        ("GET", "/nowhere", 404),
        ("GET", "/acting", 405),
        ("DELETE", "/", 405),
        ("PUT", "/theme", 405),
        ("GET", "/?as-of=2026-13-01", 422),
        ("GET", "/?as-of=2999-01-01", 422),
    ] {
        let answer = browser.send(Request::builder().method(method).uri(path), Vec::new(), true);
        assert_eq!(answer.status(), status, "{method} {path}");
        assert!(String::from_utf8_lossy(answer.body()).contains("<h1>"), "{method} {path} has a page");
    }
}

#[test]
fn a_body_beyond_the_bound_is_refused_before_anything_is_written() {
    let browser = Browser::founded();
    let before = browser.vouch.state().size();
    let request = Request::post("/acting").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(browser.send(request, vec![b'a'; (32 << 20) + 1], true).status(), 413);
    assert_eq!(browser.vouch.state().size(), before);
}

#[test]
fn a_way_back_leads_to_this_site_only() {
    let browser = Browser::founded();
    for (asked, led) in [
        ("/risks?q=a", "/risks?q=a"),
        ("//attacker.example", "/"),
        ("https://attacker.example/", "/"),
        ("/\\attacker.example", "/"),
    ] {
        assert_eq!(browser.post("/theme", &[("theme", "dark"), ("back", asked)]).expect(303).leads_to(), led, "{asked}");
    }
}
