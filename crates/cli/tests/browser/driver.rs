//! A browser, driven through WebDriver (W3C) by the ChromeDriver of the system: what a person can do with a page, and no more.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How WebDriver names an element in answers.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// The longest anything on a page may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a page is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    /// width of the window, in CSS pixels
    pub(crate) width: u32,
    /// `light` or `dark`
    pub(crate) theme: &'static str,
    /// whether scripts run
    pub(crate) scripts: bool,
}

impl Look {
    /// A desk's window, light, with scripts.
    pub(crate) const DESK: Self = Self { width: 1440, theme: "light", scripts: true };
}

/// A browser with one window.
pub(crate) struct Browser {
    driver: Child,
    address: String,
}

/// Something on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element(String);

impl Browser {
    /// Starts a browser.
    pub(crate) fn start(look: Look) -> Self {
        let mut driver = Command::new("chromedriver")
            .args(["--port=0", "--allowed-ips=127.0.0.1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts; `cargo xtask browser` says how to install it");
        let out = driver.stdout.take().expect("its output is piped");
        let port = BufReader::new(out)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("successfully on port ").map(|(_, port)| port.trim_end_matches('.').to_owned()))
            .expect("chromedriver says where it listens");
        let mut browser = Self { driver, address: format!("http://127.0.0.1:{port}") };
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // Days are typed as this language writes them.
            "--lang=en-US",
        ];
        let asked = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let session = browser.send("POST", "/session", &asked);
        let id = session["sessionId"].as_str().expect("a session has an id").to_owned();
        browser.address = format!("{}/session/{id}", browser.address);
        browser.look(look);
        browser
    }

    /// Changes how pages are looked at.
    pub(crate) fn look(&self, look: Look) {
        let metrics = json!({"width": look.width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.tool("Emulation.setDeviceMetricsOverride", &metrics);
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": look.theme}]});
        self.tool("Emulation.setEmulatedMedia", &features);
        self.tool("Emulation.setScriptExecutionDisabled", &json!({"value": !look.scripts}));
    }

    /// A command of the browser's own tools; what it answers.
    pub(crate) fn tool(&self, command: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({"cmd": command, "params": parameters})).expect("the browser can be set so")
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Value {
        let address = format!("{}{path}", self.address);
        let request = match method {
            "GET" => minreq::get(address),
            "DELETE" => minreq::delete(address),
            _ => minreq::post(address).with_json(body).expect("a command is JSON"),
        };
        let answer = request.with_timeout(60).send().expect("chromedriver answers");
        let answer: Value = answer.json().expect("chromedriver answers in JSON");
        answer["value"].clone()
    }

    /// A command; what it answers, or what went wrong.
    fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        let value = self.send("POST", path, body);
        failure(&value).map_or(Ok(value), Err)
    }

    fn get(&self, path: &str) -> Result<Value, String> {
        let value = self.send("GET", path, &Value::Null);
        failure(&value).map_or(Ok(value), Err)
    }

    /// Goes to an address.
    pub(crate) fn go(&self, address: &str) {
        self.post("/url", &json!({"url": address})).expect("the address opens");
    }

    /// The address of the page that is shown.
    pub(crate) fn address(&self) -> String {
        self.get("/url").expect("a page is open").as_str().unwrap_or_default().to_owned()
    }

    /// The text that a person sees on the page.
    pub(crate) fn text(&self) -> String {
        self.all("body").first().map(|body| self.text_of(body)).unwrap_or_default()
    }

    /// The text that a person sees in an element.
    pub(crate) fn text_of(&self, element: &Element) -> String {
        self.get(&format!("/element/{}/text", element.0)).ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Everything that a CSS selector finds.
    pub(crate) fn all(&self, css: &str) -> Vec<Element> {
        self.found("css selector", css)
    }

    /// Everything that an XPath finds.
    pub(crate) fn paths(&self, path: &str) -> Vec<Element> {
        self.found("xpath", path)
    }

    fn found(&self, using: &str, value: &str) -> Vec<Element> {
        self.found_at("/elements", using, value)
    }

    fn found_at(&self, place: &str, using: &str, value: &str) -> Vec<Element> {
        let found = self.post(place, &json!({"using": using, "value": value})).unwrap_or_default();
        let found = found.as_array().cloned().unwrap_or_default();
        found.iter().filter_map(|element| element[ELEMENT].as_str().map(|id| Element(id.to_owned()))).collect()
    }

    /// Everything that an XPath finds within an element.
    pub(crate) fn within(&self, element: &Element, path: &str) -> Vec<Element> {
        self.found_at(&format!("/element/{}/elements", element.0), "xpath", path)
    }

    /// An attribute of an element, as it is now; empty if it has none.
    pub(crate) fn attribute(&self, element: &Element, name: &str) -> String {
        let value = self.get(&format!("/element/{}/attribute/{name}", element.0));
        value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The value of a cookie of the page.
    pub(crate) fn cookie(&self, name: &str) -> String {
        let cookie = self.get(&format!("/cookie/{name}")).expect("the cookie is there");
        cookie["value"].as_str().unwrap_or_default().to_owned()
    }

    /// Whether an element has the focus; `None` where another choice of its group has it.
    pub(crate) fn has_focus(&self, element: &Element) -> Option<bool> {
        let script = "const [it] = arguments, at = document.activeElement; \
                      return at === it ? true : at.type === 'radio' && at.name === it.name && at.form === it.form ? null : false";
        let asked = json!({"script": script, "args": [{ELEMENT: element.0}]});
        self.post("/execute/sync", &asked).map_or(Some(false), |said| said.as_bool())
    }

    /// Clicks on an element with the mouse.
    pub(crate) fn click(&self, element: &Element) -> Result<(), String> {
        self.post(&format!("/element/{}/click", element.0), &json!({})).map(|_| ())
    }

    /// Whether a person sees an element.
    pub(crate) fn is_shown(&self, element: &Element) -> bool {
        self.get(&format!("/element/{}/displayed", element.0)).is_ok_and(|shown| shown == json!(true))
    }

    /// Types into an element.
    pub(crate) fn type_into(&self, element: &Element, text: &str) -> Result<(), String> {
        self.post(&format!("/element/{}/value", element.0), &json!({"text": text})).map(|_| ())
    }

    /// Empties a field.
    pub(crate) fn clear(&self, element: &Element) -> Result<(), String> {
        self.post(&format!("/element/{}/clear", element.0), &json!({})).map(|_| ())
    }

    /// Presses keys one after the other, wherever the focus is.
    pub(crate) fn press(&self, keys: &str) {
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|key| {
                [json!({"type": "keyDown", "value": key.to_string()}), json!({"type": "keyUp", "value": key.to_string()})]
            })
            .collect();
        let told = json!({"actions": [{"type": "key", "id": "keys", "actions": actions}]});
        self.post("/actions", &told).expect("keys can be pressed");
    }

    /// Presses a key while another is held.
    pub(crate) fn chord(&self, held: char, key: char) {
        let (held, key) = (held.to_string(), key.to_string());
        let actions = json!([
            {"type": "keyDown", "value": held},
            {"type": "keyDown", "value": key},
            {"type": "keyUp", "value": key},
            {"type": "keyUp", "value": held},
        ]);
        self.post("/actions", &json!({"actions": [{"type": "key", "id": "keys", "actions": actions}]}))
            .expect("keys can be pressed");
    }

    /// Runs a script in the page and waits for what it answers.
    pub(crate) fn run(&self, script: &str, arguments: &Value) -> Value {
        let asked = json!({"script": script, "args": arguments});
        self.post("/execute/async", &asked).unwrap_or_else(|error| panic!("the script fails: {error}"))
    }

    /// Errors that the page wrote to the console since the last time. That a page answers 4xx is what it means to say, and no error;
    /// nor is it one that somebody goes on before the fade from the last page has ended, which the browser writes down by itself.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let log = self.post("/se/log", &json!({"type": "browser"})).unwrap_or_default();
        let lines = log.as_array().cloned().unwrap_or_default();
        let severe = lines.iter().filter(|line| line["level"] == "SEVERE");
        let said = severe.filter_map(|line| line["message"].as_str());
        let is_meant =
            |message: &&str| message.contains("responded with a status of 4") || message.contains("Transition was skipped");
        said.filter(|message| !is_meant(message)).map(str::to_owned).collect()
    }

    /// Waits until something holds.
    pub(crate) fn wait_for(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            assert!(begun.elapsed() < PATIENCE, "{what} did not come; at {} the page says:\n{}", self.address(), self.text());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.send("DELETE", "", &Value::Null);
        // It was started here; its own children end with the session.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn failure(value: &Value) -> Option<String> {
    let error = value.get("error")?.as_str()?;
    Some(format!("{error}: {}", value["message"].as_str().unwrap_or_default()))
}
