//! A body line of an export or proof, read strictly. Leaves are hashed from slices of the line: canonical JSON has one spelling, so
//! the bytes of `[salt,name,value]` in the line are the bytes that were hashed when the body was sealed.

use crate::body::MAX_LINE;
use crate::commitment::commit;
use crate::encoding::{MAX_INTEGER, parse_decimal, parse_hex};
use crate::envelope::is_field_name;
use crate::fields::check_filled;
use crate::jcs::{Numbers, Scanner};
use crate::{Error, Hash, Result, tree};

/// A body line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line<'a> {
    /// The body is shown, whole or in part.
    Shown(Shown<'a>),
    /// The holder does not show the body.
    Withheld {
        /// Seq of the leaf.
        seq: u64,
    },
    /// The body is erased.
    Erased {
        /// Seq of the leaf.
        seq: u64,
        /// Seq of the erase leaf.
        by: u64,
    },
}

/// A shown body: every name, and for each its value or only its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown<'a> {
    /// Seq of the leaf.
    pub seq: u64,
    /// The blinding.
    pub b: Hash,
    /// All names, ascending, with what the line shows.
    pub fields: Vec<(&'a str, Cell<'a>)>,
    /// `c` as it follows from the line.
    pub c: Hash,
}

/// What a line shows of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// The canonical value.
    Value(&'a [u8]),
    /// Its hash only, and nothing declares why: withheld.
    Withheld,
    /// Its hash only, and the line says that this erase leaf took it.
    Erased(u64),
}

impl<'a> Line<'a> {
    /// Reads a line without its line feed.
    ///
    /// # Errors
    /// Malformed unless it is canonical JSON with exactly the members of one of the three forms; the reason is a sentence.
    pub fn parse(line: &'a [u8]) -> Result<Self> {
        if line.len() >= MAX_LINE {
            return Err(Error::refused(format!("the line has more than {MAX_LINE} bytes")));
        }
        // The one spelling of a withheld line is compared whole: an export may withhold every body.
        if let Some(digits) = line.strip_prefix(b"{\"seq\":").and_then(|rest| rest.strip_suffix(b",\"withheld\":true}"))
            && let Ok(seq) = parse_decimal(digits)
        {
            return Ok(Self::Withheld { seq });
        }
        let mut scanner = Scanner::new(line, Numbers::Integers)?;
        let read = if line.starts_with(b"{\"b\":") {
            Self::Shown(Shown::read(&mut scanner)?)
        } else if line.starts_with(b"{\"erased\":") {
            scanner.expect("{\"erased\":")?;
            let by = integer(&mut scanner)?;
            scanner.expect(",\"seq\":")?;
            Self::Erased { seq: integer(&mut scanner)?, by }
        } else {
            scanner.expect("{\"seq\":")?;
            let seq = integer(&mut scanner)?;
            scanner.expect(",\"withheld\":true")?;
            Self::Withheld { seq }
        };
        scanner.expect("}")?;
        scanner.end()?;
        Ok(read)
    }

    /// Seq of the leaf that the line belongs to.
    #[must_use]
    pub fn seq(&self) -> u64 {
        match *self {
            Self::Shown(Shown { seq, .. }) | Self::Withheld { seq } | Self::Erased { seq, .. } => seq,
        }
    }
}

impl<'a> Shown<'a> {
    fn read(scanner: &mut Scanner<'a>) -> Result<Self> {
        scanner.expect("{\"b\":")?;
        let b = hash(scanner)?;
        let erased = erased_fields(scanner)?;
        scanner.expect(",\"fields\":[")?;
        let (names, header) = header(scanner)?;
        let mut leaves = Vec::with_capacity(names.len() + 1);
        leaves.push(header);
        let mut fields = Vec::with_capacity(names.len());
        let mut declared = erased.iter().peekable();
        for name in names {
            scanner.expect(",")?;
            let by = declared.next_if(|(declared, _)| *declared == name).map(|&(_, by)| by);
            let (cell, leaf) = cell(scanner, name)?;
            let cell = match (cell, by) {
                (Cell::Value(_), Some(_)) => {
                    return Err(Error::malformed(format!("field `{name}` is shown and declared erased")));
                }
                (Cell::Withheld, Some(by)) => Cell::Erased(by),
                (cell, _) => cell,
            };
            leaves.push(leaf);
            fields.push((name, cell));
        }
        if let Some((name, _)) = declared.next() {
            return Err(Error::malformed(format!("the line declares `{name}` erased, which the body does not have")));
        }
        scanner.expect("],\"seq\":")?;
        let seq = integer(scanner)?;
        let c = commit(&b, &leaves);
        Ok(Self { seq, b, fields, c })
    }

    /// The canonical value of a field, if the line shows it.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&'a [u8]> {
        match self.cell(name) {
            Some(Cell::Value(value)) => Some(value),
            _ => None,
        }
    }

    /// What the line shows of a field; none if the body does not have it.
    #[must_use]
    pub fn cell(&self, name: &str) -> Option<Cell<'a>> {
        let at = self.fields.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
        Some(self.fields[at].1)
    }
}

/// `,"erased_fields":{name:seq,…}`, if it is there; never empty.
fn erased_fields<'a>(scanner: &mut Scanner<'a>) -> Result<Vec<(&'a str, u64)>> {
    let mut ahead = scanner.clone();
    if ahead.expect(",\"erased_fields\":{").is_err() {
        return Ok(Vec::new());
    }
    *scanner = ahead;
    let mut erased: Vec<(&'a str, u64)> = Vec::new();
    loop {
        let name = field_name(scanner, erased.last().map(|(name, _)| *name))?;
        scanner.expect(":")?;
        erased.push((name, integer(scanner)?));
        if scanner.expect("}").is_ok() {
            return Ok(erased);
        }
        scanner.expect(",")?;
    }
}

/// Leaf 0: the names, and the hash of the leaf.
fn header<'a>(scanner: &mut Scanner<'a>) -> Result<(Vec<&'a str>, Hash)> {
    let start = scanner.clone();
    scanner.expect("[")?;
    hash(scanner)?;
    scanner.expect(",\"\",[")?;
    let mut names: Vec<&'a str> = Vec::new();
    if scanner.expect("]").is_err() {
        loop {
            names.push(field_name(scanner, names.last().copied())?);
            if scanner.expect("]").is_ok() {
                break;
            }
            scanner.expect(",")?;
        }
    }
    scanner.expect("]")?;
    Ok((names, tree::hash_leaf(start.passed_until(scanner))))
}

/// `[salt,name,value]` or the hash of that leaf.
fn cell<'a>(scanner: &mut Scanner<'a>, name: &str) -> Result<(Cell<'a>, Hash)> {
    if scanner.peek() == Some(b'"') {
        return Ok((Cell::Withheld, hash(scanner)?));
    }
    let start = scanner.clone();
    scanner.expect("[")?;
    hash(scanner)?;
    scanner.expect(",\"")?;
    scanner.expect(name)?;
    scanner.expect("\",")?;
    let value = scanner.value()?;
    check_filled(name, value)?;
    scanner.expect("]")?;
    Ok((Cell::Value(value), tree::hash_leaf(start.passed_until(scanner))))
}

fn field_name<'a>(scanner: &mut Scanner<'a>, last: Option<&str>) -> Result<&'a str> {
    let name = match scanner.string()? {
        std::borrow::Cow::Borrowed(name) if is_field_name(name) => name,
        other => return Err(Error::malformed(format!("`{other}` is not the name of a field"))),
    };
    if last.is_some_and(|last| last >= name) {
        return Err(Error::malformed(format!("name `{name}` is out of order or occurs twice")));
    }
    Ok(name)
}

fn hash(scanner: &mut Scanner<'_>) -> Result<Hash> {
    parse_hex(scanner.string()?.as_bytes())
}

fn integer(scanner: &mut Scanner<'_>) -> Result<u64> {
    parse_decimal(scanner.value()?)
}

/// The seq at the end (or, when withheld, the beginning) of a line, without reading the rest; for finding a line before it is read.
#[must_use]
pub fn seq_of(line: &[u8]) -> Option<u64> {
    let digits = match line.strip_suffix(b",\"withheld\":true}") {
        Some(head) => head.strip_prefix(b"{\"seq\":")?,
        None => {
            let head = line.strip_suffix(b"}")?;
            let length = head.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
            let (head, digits) = head.split_at(head.len() - length);
            head.ends_with(b",\"seq\":").then_some(digits)?
        }
    };
    parse_decimal(digits).ok().filter(|seq| *seq <= MAX_INTEGER)
}
