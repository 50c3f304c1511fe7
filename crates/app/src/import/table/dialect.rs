//! Which delimiter and which quote a table of text uses, judged by its first rows.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

const DELIMITERS: [u8; 4] = *b",;\t|";
const QUOTES: [Option<u8>; 3] = [Some(b'"'), Some(b'\''), None];

/// Delimiter and quote of a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dialect {
    /// Between two cells: comma, semicolon, tab or bar.
    pub delimiter: u8,
    /// Around a cell that holds delimiters or line breaks, doubled inside it; none where quotes are plain text.
    pub quote: Option<u8>,
}

impl Dialect {
    pub(super) fn reader(self) -> Reader {
        let mut builder = ReaderBuilder::new();
        builder.delimiter(self.delimiter).quoting(self.quote.is_some());
        if let Some(quote) = self.quote {
            builder.quote(quote);
        }
        builder.build()
    }
}

/// The dialect under which the most rows of `head` have one and the same number of cells, at least two; of equals the
/// one with more cells, then the more usual one.
///
/// `whole` says that `head` is all there is; else its last row may be cut and is not counted.
pub(super) fn detect(head: &[u8], whole: bool) -> Dialect {
    let mut best = Dialect { delimiter: b',', quote: Some(b'"') };
    let mut best_score = (0, 0);
    for quote in QUOTES {
        if quote == Some(b'\'') && !head.contains(&b'\'') || quote.is_none() && !head.contains(&b'"') {
            continue;
        }
        for delimiter in DELIMITERS {
            let dialect = Dialect { delimiter, quote };
            let score = score(&widths(head, whole, dialect));
            if score > best_score {
                (best, best_score) = (dialect, score);
            }
        }
    }
    best
}

/// Share of rows with the most frequent width above one, in thousandths, and that width.
fn score(widths: &[usize]) -> (usize, usize) {
    let mut counts = std::collections::BTreeMap::new();
    for width in widths.iter().filter(|width| **width > 1) {
        *counts.entry(*width).or_insert(0_usize) += 1;
    }
    let most = counts.into_iter().max_by_key(|(width, count)| (*count, *width));
    most.map_or((0, 0), |(width, count)| (count * 1000 / widths.len(), width))
}

fn widths(head: &[u8], whole: bool, dialect: Dialect) -> Vec<usize> {
    let mut reader = dialect.reader();
    let mut widths = Vec::new();
    let (mut input, mut width) = (head, 0);
    let (mut output, mut ends) = ([0; 1024], [0; 64]);
    loop {
        let (result, read, _, cells) = reader.read_record(input, &mut output, &mut ends);
        input = &input[read..];
        width += cells;
        match result {
            ReadRecordResult::Record => widths.push(std::mem::take(&mut width)),
            ReadRecordResult::End => return widths,
            ReadRecordResult::InputEmpty if !whole => return widths,
            ReadRecordResult::InputEmpty | ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(head: &str, delimiter: u8, quote: Option<u8>) {
        assert_eq!(detect(head.as_bytes(), true), Dialect { delimiter, quote }, "{head:?}");
    }

    #[test]
    fn the_delimiter_that_cuts_evenly_wins() {
        let double = Some(b'"');
        check("a,b\n1,2\n", b',', double);
        check("a;b\n1,5;2,5\n2,5;3,5\n3,5;4,5\n", b';', double);
        check("a\tb\tc\nx, y\tz; w\tv\n", b'\t', double);
        check("a|b\n\"x|y\"|z\n", b'|', double);
        check("only\none\n", b',', double);
        check("", b',', double);
        check("Title of the list; draft\n\nname,purpose,owner\nx,\"a\nb; c\",z\ny,b,c\n", b',', double);
    }

    #[test]
    fn quotes_that_quote_nothing_are_text() {
        check("size\tname\n\"5 inch\tx\n6\" inch\ty\n\"7 inch\tz\n", b'\t', None);
        check("name,note\n'x, y',1\n'a, b',2\n", b',', Some(b'\''));
    }
}
