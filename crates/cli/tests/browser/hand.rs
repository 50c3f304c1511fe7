//! Hands: the same journey with the mouse, with the keyboard alone, and without a script.
//!
//! Everything is found by the words that a person reads: the text of a link or button, the label of a field, the legend of a group.

use jiff::civil::Date;
use serde_json::Value;

use crate::driver::{Browser, Element};
use crate::house::House;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const LEFT: &str = "\u{e012}";
const RIGHT: &str = "\u{e014}";
const DOWN: &str = "\u{e015}";
const SPACE: &str = " ";
const CONTROL: char = '\u{e009}';
const DELETE: &str = "\u{e017}";
/// Most steps by Tab to reach anything on a page.
const MOST_TABS: usize = 500;
/// Most parts of a moment: month, day, year, hour, minute, half of the day.
const MOST_PARTS: usize = 6;
/// Most choices of a group.
const MOST_CHOICES: usize = 40;

/// How a person works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// points and clicks
    Mouse,
    /// never touches the mouse
    Keyboard,
    /// has scripts switched off
    WithoutScript,
}

/// A person at a browser.
pub(crate) struct Hand<'b> {
    pub(crate) browser: &'b Browser,
    pub(crate) house: &'b House,
    pub(crate) way: Way,
}

/// A text for XPath, whatever quotes are in it.
fn quoted(text: &str) -> String {
    if text.contains('\'') { format!("\"{text}\"") } else { format!("'{text}'") }
}

/// Conditions under which a text fits words, the closest first: the words alone, the words at its beginning, the words anywhere.
fn fits(text: &str, words: &str) -> [String; 3] {
    let named = quoted(words);
    [
        format!("normalize-space({text}) = {named}"),
        format!("starts-with(normalize-space({text}), {named})"),
        format!("contains(normalize-space({text}), {named})"),
    ]
}

/// A group of inputs, by its legend or by the name it is read out with; the innermost where groups nest.
fn group(words: &str) -> String {
    let named = quoted(words);
    format!(
        "(//fieldset[legend[starts-with(normalize-space(.), {named})]] | \
          //*[@role = 'group' or @role = 'radiogroup'][starts-with(@aria-label, {named})])"
    )
}

/// Links and buttons that bear words, on them or as the name they are read out with; the closest fit first.
fn pressable(within: &str, words: &str) -> Vec<String> {
    let (shown, read) = (fits(".", words), fits("@aria-label", words));
    let path =
        |(shown, read)| format!("{within}//*[self::a or self::summary or self::button[not(@aria-hidden)]][{shown} or {read}]");
    shown.into_iter().zip(read).map(path).collect()
}

/// Inputs whose label fits a condition.
fn labelled(within: &str, fit: [&str; 2]) -> String {
    let [label, own] = fit;
    let input = "*[self::input or self::select or self::textarea]";
    format!(
        "{within}//{input}[@id = //label[{label}]/@for] | {within}//label[{label}]//{input} | {within}//{input}[{own}] | \
         {within}//{input}[@aria-labelledby = //*[{label}]/@id]"
    )
}

/// A day, or a moment as `2026-11-20T09:30`, as its field takes it: part by part, month first.
fn typed_day(text: &str) -> String {
    let (day, time) = text.split_once('T').unwrap_or((text, ""));
    let [year, month, day] = day.split('-').collect::<Vec<_>>()[..] else { panic!("`{text}` is no day") };
    match time.split_once(':') {
        None => format!("{month}{day}{year}"),
        Some((hour, minute)) => {
            let hour: u8 = hour.parse().expect("an hour is a number");
            let half = if hour < 12 { "AM" } else { "PM" };
            format!("{month}{day}{year}{RIGHT}{:02}{minute}{half}", (hour + 11) % 12 + 1)
        }
    }
}

impl Hand<'_> {
    /// Follows a link or presses a button, by the words on it; what stands in the page comes before what stands around it.
    pub(crate) fn press(&self, words: &str) {
        let paths: Vec<String> = ["//main", ""].iter().flat_map(|place| pressable(place, words)).collect();
        self.activate(&self.shown(&format!("`{words}`"), &paths));
    }

    /// Goes to a place of the sidebar, by its name.
    pub(crate) fn open(&self, place: &str) {
        let path = format!("//nav[@aria-label = 'Management system']//a[span[1][normalize-space(.) = {}]]", quoted(place));
        self.activate(&self.shown(place, &[path]));
    }

    /// Follows a link or presses a button of a group.
    pub(crate) fn press_in(&self, legend: &str, words: &str) {
        self.activate(&self.shown(&format!("`{words}` in {legend}"), &pressable(&group(legend), words)));
    }

    /// Follows the first link or button that a selector finds.
    pub(crate) fn press_at(&self, css: &str) {
        self.browser.wait_for(&format!("`{css}`"), |browser| browser.all(css).iter().any(|element| browser.is_shown(element)));
        let found = self.browser.all(css).into_iter().find(|element| self.browser.is_shown(element));
        self.activate(&found.expect("it was there"));
    }

    fn activate(&self, element: &Element) {
        match self.way {
            Way::Keyboard => {
                self.reach(element);
                self.browser.press(ENTER);
            }
            Way::Mouse | Way::WithoutScript => self.browser.click(element).expect("it can be clicked"),
        }
    }

    /// The first in sight that one of the paths finds, in their order.
    fn shown(&self, what: &str, paths: &[String]) -> Element {
        let mut found = None;
        self.browser.wait_for(what, |browser| {
            let all = paths.iter().flat_map(|path| browser.paths(path));
            found = all.into_iter().find(|element| browser.is_shown(element));
            found.is_some()
        });
        found.expect("it was waited for")
    }

    /// Fills a field, by its label.
    pub(crate) fn fill(&self, label: &str, text: &str) {
        self.write(&self.field("", label), text);
    }

    /// Fills a field of a group.
    pub(crate) fn fill_in(&self, legend: &str, label: &str, text: &str) {
        self.write(&self.field(&group(legend), label), text);
    }

    fn write(&self, field: &Element, text: &str) {
        let kind = self.browser.attribute(field, "type");
        let is_day = kind == "date" || kind == "datetime-local";
        let text = if is_day { typed_day(text) } else { text.to_owned() };
        match self.way {
            Way::Keyboard => {
                self.reach(field);
                if !is_day {
                    self.browser.chord(CONTROL, 'a');
                    self.browser.press(DELETE);
                }
                self.browser.press(&text);
            }
            Way::Mouse | Way::WithoutScript => {
                self.browser.click(field).expect("a field can be clicked");
                if is_day {
                    // Back to the first part, wherever the click fell.
                    self.browser.press(&format!("{}{text}", LEFT.repeat(MOST_PARTS)));
                    return;
                }
                self.browser.clear(field).expect("a field can be emptied");
                self.browser.type_into(field, &text).expect("a field takes text");
            }
        }
    }

    /// Chooses in a list, by the label of the list and the first letters of the choice.
    pub(crate) fn choose(&self, label: &str, choice: &str) {
        self.select(&self.field("", label), choice);
    }

    /// Chooses in a list of a group.
    pub(crate) fn choose_in(&self, legend: &str, label: &str, choice: &str) {
        self.select(&self.field(&group(legend), label), choice);
    }

    fn select(&self, list: &Element, choice: &str) {
        match self.way {
            Way::Keyboard => {
                self.reach(list);
                self.browser.press(choice);
            }
            Way::Mouse | Way::WithoutScript => {
                let options = self.browser.within(list, &format!(".//option[{}]", fits(".", choice)[1]));
                let option = options.first().unwrap_or_else(|| panic!("`{choice}` is no choice at {}", self.browser.address()));
                self.browser.click(option).expect("a choice can be clicked");
            }
        }
    }

    /// Ticks a box or takes a choice, by its label.
    pub(crate) fn tick(&self, label: &str) {
        self.mark(&self.field("", label));
    }

    /// Ticks a box or takes a choice of a group.
    pub(crate) fn tick_in(&self, legend: &str, label: &str) {
        self.mark(&self.field(&group(legend), label));
    }

    fn mark(&self, element: &Element) {
        match self.way {
            Way::Keyboard => {
                self.reach(element);
                self.browser.press(SPACE);
            }
            Way::Mouse | Way::WithoutScript => self.browser.click(element).expect("a box can be clicked"),
        }
    }

    /// Names a file in the field with a label.
    pub(crate) fn hand_in(&self, label: &str, file: &std::path::Path) {
        let field = self.field("", label);
        if self.way == Way::Keyboard {
            self.reach(&field);
        }
        // The window in which a file is chosen is the system's, and no page's.
        self.browser.type_into(&field, &file.display().to_string()).expect("a file can be named");
    }

    /// Acts as another person of the sample organisation.
    pub(crate) fn act_as(&self, name: &str) {
        self.press("Account");
        self.choose("Act as", name);
        self.press("Act as this person");
        self.sees(&format!("You act as {name}"));
    }

    /// A field in sight, by its label.
    fn field(&self, within: &str, label: &str) -> Element {
        let labels = fits(".", label);
        let own = fits("@aria-label", label);
        let paths: Vec<String> = labels.iter().zip(&own).map(|(label, own)| labelled(within, [label, own])).collect();
        self.shown(&format!("the field `{label}`"), &paths)
    }

    /// Goes from stop to stop with Tab until an element has the focus, then within its group with the arrows.
    fn reach(&self, element: &Element) {
        let mut is_near = self.browser.has_focus(element);
        for _ in 0..MOST_TABS {
            if is_near != Some(false) {
                break;
            }
            self.browser.press(TAB);
            is_near = self.browser.has_focus(element);
        }
        for _ in 0..MOST_CHOICES {
            if is_near == Some(true) {
                return;
            }
            self.browser.press(DOWN);
            is_near = self.browser.has_focus(element);
        }
        panic!("`{}` cannot be reached by keyboard at {}", self.browser.text_of(element), self.browser.address());
    }

    /// Waits until the page says something.
    pub(crate) fn sees(&self, words: &str) {
        self.browser.wait_for(&format!("`{words}`"), |browser| browser.text().to_lowercase().contains(&words.to_lowercase()));
    }

    /// Opens an address, as somebody does who follows a link that was sent.
    pub(crate) fn go(&self, path: &str) {
        self.browser.go(&self.house.at(path));
    }

    /// The day of the house.
    pub(crate) fn today(&self) -> Date {
        let day = self.stored("/kinds/ai-system?rows=1")["as_of"].as_str().map(str::parse);
        day.and_then(Result::ok).expect("the list says of which day it is")
    }

    /// The record whose page is shown, as the store has it.
    pub(crate) fn stored_here(&self) -> Value {
        let address = self.browser.address();
        let id = address.split(['/', '?', '#']).find(|part| part.contains('-') && part.starts_with(char::is_uppercase));
        self.stored(&format!("/records/{}", id.unwrap_or_else(|| panic!("{address} is no record's"))))
    }

    /// What the store says: the JSON under an address.
    pub(crate) fn stored(&self, path: &str) -> Value {
        let answer = minreq::get(self.house.at(path))
            .with_header("accept", "application/json")
            .with_header("cookie", format!("vouch-session={}", self.browser.cookie("vouch-session")))
            .with_timeout(60)
            .send()
            .expect("the house answers");
        answer.json().unwrap_or_else(|_| panic!("{path} is no JSON: {}", answer.as_str().unwrap_or_default()))
    }
}
