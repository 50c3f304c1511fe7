//! Thousands of made-up requests to every address: none fails inside, none puts a script into a page, none writes by halves.

mod site;

use axum::http::{Request, header};
use site::Browser;

/// A number generator whose every run is the same (SplitMix64, Steele, Lea, Flood 2014).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn pick<'t, T>(&mut self, things: &'t [T]) -> &'t T {
        let at = usize::try_from(self.roll() % things.len() as u64).expect("a place in a list");
        &things[at]
    }
}

/// What may stand for a part of a path or a value: right, odd, huge, hostile.
fn words() -> Vec<String> {
    let short = [
        "SYS-1",
        "PER-1",
        "PER-2",
        "RSK-1",
        "ORG-1",
        "DOC-1",
        "SYS-999999",
        "SYS-0",
        "SYS-99999999999999999999",
        "-1",
        "0",
        "1",
        "2..3",
        "9..1",
        "A.6.2.4",
        "4.1",
        "A.99",
        "risk",
        "ai-system",
        "person",
        "no-such-kind",
        "state",
        "name",
        "-name",
        "draft",
        "active",
        "true",
        "2026-02-30",
        "2026-03-01",
        "1900-01-01",
        "%",
        "%00",
        "%ff%fe",
        "..",
        "../../etc/passwd",
        "'",
        "\"",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        "{{7*7}}",
        "=1+1",
        "' OR 1=1 --",
        "\u{202e}rtl",
        "\u{0}",
        "\u{fffd}",
        "ä\u{0308}",
        "🦀",
        "P30D",
        "1e309",
        "NaN",
        "9223372036854775808",
        "null",
        "[]",
        "{}",
        "a=b&c=d",
        "\r\nSet-Cookie: x=y",
    ];
    let mut words: Vec<String> = short.map(str::to_owned).into();
    words.extend(["x".repeat(5_000), "(".repeat(2_000), "<b>".repeat(1_000)]);
    words
}

const NAMES: [&str; 22] = [
    "q",
    "sort",
    "page",
    "rows",
    "as-of",
    "tab",
    "state",
    "compare",
    "kind",
    "control",
    "framework",
    "from",
    "requirement",
    "name",
    "title",
    "person",
    "reason",
    "decision",
    "purpose",
    "to",
    "expect",
    "id",
];

fn encoded(word: &str) -> String {
    form_urlencoded::byte_serialize(word.as_bytes()).collect::<String>().replace('+', "%20")
}

fn pairs(dice: &mut Dice, words: &[String], most: u64) -> String {
    let number = dice.roll() % (most + 1);
    (0..number)
        .map(|_| format!("{}={}", dice.pick::<&str>(&NAMES), encoded(dice.pick::<String>(words))))
        .collect::<Vec<_>>()
        .join("&")
}

#[test]
fn no_request_fails_inside_or_puts_a_script_into_a_page() {
    let browser = Browser::founded();
    let addresses = vouch_web::addresses();
    let (words, mut dice) = (words(), Dice(42));
    for number in 0..5_000 {
        let (path, is_read, is_written) = dice.pick(&addresses);
        let mut address = String::new();
        for part in path.split('/').skip(1) {
            address.push('/');
            address.push_str(&if part.starts_with('{') { encoded(dice.pick::<String>(&words)) } else { part.to_owned() });
        }
        let query = pairs(&mut dice, &words, 4);
        let address = if query.is_empty() { address } else { format!("{address}?{query}") };
        if address.len() > 60_000 {
            continue;
        }
        let is_post = *is_written && (!is_read || dice.roll() % 2 == 0);
        let (method, body) = if is_post { ("POST", pairs(&mut dice, &words, 8).into_bytes()) } else { ("GET", Vec::new()) };
        // Signing out would end the test's session.
        if path == &"/sign-out" {
            continue;
        }
        let mut request =
            Request::builder().method(method).uri(&address).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if dice.roll() % 5 == 0 {
            request = request.header(header::ACCEPT, "application/json");
        }
        let before = browser.vouch.state().size();
        let answer = browser.send(request, body.clone(), true);
        let shown = format!(
            "{number}: {method} {} {}",
            &address[..address.len().min(300)],
            String::from_utf8_lossy(&body).chars().take(300).collect::<String>()
        );
        let inside = answer.status().is_server_error();
        let text = String::from_utf8_lossy(answer.body());
        assert!(!inside, "{shown}\n{}", text.chars().take(600).collect::<String>());
        if answer.headers().get(header::CONTENT_TYPE).is_some_and(|mime| mime.as_bytes().starts_with(b"text/html")) {
            assert!(
                !text.contains("<script>alert") && !text.contains("<img src=x") && !text.contains("href=\"javascript:"),
                "{shown}"
            );
        }
        if !is_post || answer.status().is_client_error() {
            assert_eq!(browser.vouch.state().size(), before, "{shown} was refused and wrote something");
        }
    }
}
