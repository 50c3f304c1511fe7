//! Hands: the same journey with the mouse, with the keyboard alone, and without a script.

use crate::driver::{Browser, Element};

const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';
const SPACE: char = ' ';
const CONTROL: char = '\u{e009}';
const DELETE: char = '\u{e017}';
/// Most steps by Tab to reach anything on a page.
const MOST_TABS: usize = 400;

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
    pub(crate) way: Way,
}

/// A text for XPath, whatever quotes are in it.
fn quoted(text: &str) -> String {
    if text.contains('\'') { format!("\"{text}\"") } else { format!("'{text}'") }
}

impl Hand<'_> {
    /// Follows a link or presses a button, by the words on it.
    pub(crate) fn press(&self, words: &str) {
        let named = quoted(words);
        let path = format!(
            "//main//*[self::a or self::button or self::summary][contains(normalize-space(.), {named})] | \
             //*[self::a or self::button or self::summary][contains(normalize-space(.), {named})]"
        );
        match self.way {
            Way::Keyboard => self.reach(words, |browser, element| {
                browser.text_of(element).contains(words) || browser.name_of(element).contains(words)
            }),
            Way::Mouse | Way::WithoutScript => {
                self.browser.wait_for(&format!("`{words}`"), |browser| {
                    browser
                        .paths(&path)
                        .iter()
                        .find(|element| browser.is_shown(element))
                        .is_some_and(|element| browser.click(element).is_ok())
                });
                return;
            }
        }
        self.browser.press(&ENTER.to_string());
    }

    /// Follows the first link or button that a selector finds.
    pub(crate) fn press_at(&self, css: &str) {
        match self.way {
            Way::Keyboard => {
                let wanted = self.first(css);
                let text = self.browser.text_of(&wanted);
                self.reach(css, |browser, element| {
                    browser.all(css).first().is_some_and(|first| browser.text_of(first) == browser.text_of(element))
                        && browser.text_of(element) == text
                });
                self.browser.press(&ENTER.to_string());
            }
            Way::Mouse | Way::WithoutScript => {
                let element = self.first(css);
                self.browser.click(&element).expect("it can be clicked");
            }
        }
    }

    fn first(&self, css: &str) -> Element {
        self.browser.wait_for(&format!("`{css}`"), |browser| browser.all(css).iter().any(|element| browser.is_shown(element)));
        self.browser.all(css).into_iter().find(|element| self.browser.is_shown(element)).expect("it was there")
    }

    /// Fills a field, by its label.
    pub(crate) fn fill(&self, label: &str, text: &str) {
        let field = self.field(label);
        match self.way {
            Way::Keyboard => {
                self.reach(label, |browser, element| browser.name_of(element).contains(label));
                self.browser.chord(CONTROL, 'a');
                self.browser.press(&DELETE.to_string());
                self.browser.press(text);
            }
            Way::Mouse | Way::WithoutScript => {
                self.browser.click(&field).expect("a field can be clicked");
                self.browser.clear(&field).expect("a field can be emptied");
                self.browser.type_into(&field, text).expect("a field takes text");
            }
        }
    }

    /// Chooses in a list, by the label of the list and the first letters of the choice.
    pub(crate) fn choose(&self, label: &str, choice: &str) {
        match self.way {
            Way::Keyboard => {
                self.reach(label, |browser, element| browser.name_of(element).contains(label));
                self.browser.press(choice);
            }
            Way::Mouse | Way::WithoutScript => {
                let list = self.field(label);
                self.browser.type_into(&list, choice).expect("a list takes the first letters");
            }
        }
    }

    /// Ticks a box, by its label.
    pub(crate) fn tick(&self, label: &str) {
        match self.way {
            Way::Keyboard => {
                self.reach(label, |browser, element| browser.name_of(element).contains(label));
                self.browser.press(&SPACE.to_string());
            }
            Way::Mouse | Way::WithoutScript => {
                let field = self.field(label);
                self.browser.click(&field).expect("a box can be clicked");
            }
        }
    }

    fn field(&self, label: &str) -> Element {
        let named = quoted(label);
        let path = format!(
            "//*[self::input or self::select or self::textarea][@id = //label[contains(normalize-space(.), {named})]/@for] | \
             //label[contains(normalize-space(.), {named})]//*[self::input or self::select or self::textarea] | \
             //*[self::input or self::select or self::textarea][contains(@aria-label, {named})]"
        );
        self.browser.wait_for(&format!("the field `{label}`"), |browser| !browser.paths(&path).is_empty());
        self.browser.paths(&path).into_iter().find(|field| self.browser.is_shown(field)).expect("the field is in sight")
    }

    /// Goes from stop to stop with Tab until the right one has the focus.
    fn reach(&self, what: &str, is_it: impl Fn(&Browser, &Element) -> bool) {
        for _ in 0..MOST_TABS {
            self.browser.press(&TAB.to_string());
            // While nothing has the focus the whole body is named, and holds every word of the page.
            let body = self.browser.all("body");
            let stop = self.browser.active().filter(|element| !body.contains(element));
            if stop.is_some_and(|element| is_it(self.browser, &element)) {
                return;
            }
        }
        panic!("`{what}` cannot be reached by keyboard at {}", self.browser.address());
    }

    /// Waits until the page says something.
    pub(crate) fn sees(&self, words: &str) {
        self.browser.wait_for(&format!("`{words}`"), |browser| browser.text().to_lowercase().contains(&words.to_lowercase()));
    }
}
