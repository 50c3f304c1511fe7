//! A walk over canonical JSON bytes that accepts nothing else.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::jcs::MAX_DEPTH;
use crate::{Error, Result, encoding};

/// Which numbers are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// Every number of RFC 8785, in its ECMAScript spelling.
    All,
    /// Only integers within ±(2^53 − 1): floats never occur in a body.
    Integers,
}

/// Walks canonical JSON from left to right; every step checks what it passes.
#[derive(Debug, Clone)]
pub struct Scanner<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    numbers: Numbers,
}

impl<'a> Scanner<'a> {
    /// A walk over `bytes`.
    ///
    /// # Errors
    /// Malformed unless they are UTF-8.
    pub fn new(bytes: &'a [u8], numbers: Numbers) -> Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(|_| Error::malformed("not UTF-8"))?;
        Ok(Self { text, at: 0, depth: 0, numbers })
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    fn bad(&self, what: &str) -> Error {
        Error::malformed(format!("not canonical JSON at byte {}: {what}", self.at))
    }

    /// The next byte, not passed.
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.bytes().get(self.at).copied()
    }

    /// The bytes between this walk and `later`, a walk over the same bytes that is further on.
    #[must_use]
    pub fn passed_until(&self, later: &Self) -> &'a [u8] {
        self.bytes().get(self.at..later.at).unwrap_or_default()
    }

    /// Passes exactly `text`.
    ///
    /// # Errors
    /// Malformed when something else comes.
    pub fn expect(&mut self, text: &str) -> Result<()> {
        if self.bytes()[self.at..].starts_with(text.as_bytes()) {
            self.at += text.len();
            Ok(())
        } else {
            Err(self.bad(&format!("`{text}` was expected")))
        }
    }

    /// Says that nothing more may come.
    ///
    /// # Errors
    /// Malformed when something does.
    pub fn end(&self) -> Result<()> {
        if self.at == self.text.len() { Ok(()) } else { Err(self.bad("something follows the value")) }
    }

    /// Passes one value of any type and gives its bytes.
    ///
    /// # Errors
    /// Malformed when it is not canonical.
    pub fn value(&mut self) -> Result<&'a [u8]> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                self.string()?;
            }
            Some(b'{') => self.object(|scanner, _| scanner.value().map(drop))?,
            Some(b'[') => self.array(|scanner, _| scanner.value().map(drop))?,
            Some(b't') => self.expect("true")?,
            Some(b'f') => self.expect("false")?,
            Some(b'n') => self.expect("null")?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => return Err(self.bad("a value was expected")),
        }
        Ok(&self.bytes()[start..self.at])
    }

    /// Passes one string and gives its text with the escapes undone.
    ///
    /// # Errors
    /// Malformed when it is not a canonical string.
    pub fn string(&mut self) -> Result<Cow<'a, str>> {
        self.expect("\"")?;
        let start = self.at;
        let mut undone: Option<String> = None;
        let mut copied = start;
        loop {
            match self.peek() {
                None => return Err(self.bad("the string does not end")),
                Some(b'"') => break,
                Some(b'\\') => {
                    let text = undone.get_or_insert_default();
                    text.push_str(&self.text[copied..self.at]);
                    let (character, length) = self.escape()?;
                    text.push(character);
                    self.at += length;
                    copied = self.at;
                }
                Some(0..=0x1f) => return Err(self.bad("a control character must be escaped")),
                Some(_) => self.at += 1,
            }
        }
        let rest = &self.text[copied..self.at];
        self.at += 1;
        Ok(match undone {
            Some(text) => Cow::Owned(text + rest),
            None => Cow::Borrowed(rest),
        })
    }

    /// The character that the escape here stands for, and the length of the escape.
    fn escape(&self) -> Result<(char, usize)> {
        let rest = &self.bytes()[self.at + 1..];
        let character = match rest.first() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'b') => '\u{8}',
            Some(b't') => '\t',
            Some(b'n') => '\n',
            Some(b'f') => '\u{c}',
            Some(b'r') => '\r',
            Some(b'u') => return self.control(rest),
            _ => return Err(self.bad("this escape does not occur")),
        };
        Ok((character, 2))
    }

    /// `\u00xx` in lower case, only for control characters without a short escape.
    fn control(&self, rest: &[u8]) -> Result<(char, usize)> {
        let digits = rest.get(1..5).filter(|digits| digits.starts_with(b"00"));
        let code = digits.and_then(|digits| match (digits[2], digits[3]) {
            (high @ b'0'..=b'1', low @ b'0'..=b'9') => Some((high - b'0') * 16 + low - b'0'),
            (high @ b'0'..=b'1', low @ b'a'..=b'f') => Some((high - b'0') * 16 + low - b'a' + 10),
            _ => None,
        });
        match code {
            Some(code) if !matches!(code, 0x08 | 0x09 | 0x0a | 0x0c | 0x0d) => Ok((char::from(code), 6)),
            _ => Err(self.bad("this escape does not occur")),
        }
    }

    fn number(&mut self) -> Result<()> {
        let rest = &self.bytes()[self.at..];
        let length = rest.iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')).count();
        let text = &self.text[self.at..self.at + length];
        let digits = text.strip_prefix('-').unwrap_or(text);
        let integer = encoding::parse_decimal(digits.as_bytes()).is_ok() && text != "-0";
        if !integer && (self.numbers == Numbers::Integers || !is_ecmascript(text)) {
            return Err(self.bad(&format!("`{text}` is not a number in canonical form within the bounds")));
        }
        self.at += length;
        Ok(())
    }

    fn enter(&mut self, open: &str) -> Result<()> {
        self.expect(open)?;
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(self.bad(&format!("more than {MAX_DEPTH} levels"))) } else { Ok(()) }
    }

    /// Passes an array; `each` passes the item with the given index.
    ///
    /// # Errors
    /// Malformed when it is not canonical, and whatever `each` says.
    pub fn array(&mut self, mut each: impl FnMut(&mut Self, usize) -> Result<()>) -> Result<()> {
        self.enter("[")?;
        let mut index = 0;
        while self.peek() != Some(b']') {
            if index > 0 {
                self.expect(",")?;
            }
            each(self, index)?;
            index += 1;
        }
        self.leave()
    }

    /// Passes an object; `each` passes the value of the given key. Keys ascend in UTF-16, so none occurs twice.
    ///
    /// # Errors
    /// Malformed when it is not canonical, and whatever `each` says.
    pub fn object(&mut self, mut each: impl FnMut(&mut Self, &str) -> Result<()>) -> Result<()> {
        self.enter("{")?;
        let mut last: Option<Cow<'a, str>> = None;
        while self.peek() != Some(b'}') {
            if last.is_some() {
                self.expect(",")?;
            }
            let key = self.string()?;
            if last.as_ref().is_some_and(|last| utf16_order(last, &key) != Ordering::Less) {
                return Err(self.bad(&format!("key `{key}` is out of order or occurs twice")));
            }
            self.expect(":")?;
            each(self, &key)?;
            last = Some(key);
        }
        self.leave()
    }

    fn leave(&mut self) -> Result<()> {
        self.at += 1;
        self.depth -= 1;
        Ok(())
    }
}

/// RFC 8785 §3.2.3: keys are ordered by their UTF-16 code units.
fn utf16_order(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

/// Whether `text` is how ECMAScript writes the number that it reads as.
fn is_ecmascript(text: &str) -> bool {
    let Ok(value) = serde_json::from_str::<f64>(text) else { return false };
    serde_json_canonicalizer::to_vec(&value).is_ok_and(|written| written == text.as_bytes())
}
