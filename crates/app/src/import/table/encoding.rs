//! Which encoding the bytes are in, and the text they hold, chunk by chunk.

use std::io::{self, Read, Seek};

use encoding_rs::{CoderResult, Decoder};

const CHUNK: usize = 32 << 10;
const HEAD: usize = 64 << 10;

/// An encoding that tables come in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// UTF-8, with or without byte order mark.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Windows-1252, which also reads Latin-1 and ASCII.
    Windows1252,
}

impl Encoding {
    /// Name for a person.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "Windows-1252",
        }
    }

    fn decoder(self) -> Decoder {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Windows1252 => encoding_rs::WINDOWS_1252,
        }
        .new_decoder_with_bom_removal()
    }
}

/// The encoding of all of `input`, which is left at its begin.
///
/// A byte order mark decides. Else zero bytes at every second place tell UTF-16, since text in it holds ASCII
/// delimiters and line ends; else what is valid UTF-8 to its end is UTF-8, and everything else Windows-1252.
pub(super) fn detect<R: Read + Seek>(input: &mut R) -> io::Result<Encoding> {
    input.rewind()?;
    let mut head = Vec::with_capacity(HEAD);
    input.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    let found = if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(&head) {
        if encoding == encoding_rs::UTF_16LE {
            Encoding::Utf16Le
        } else if encoding == encoding_rs::UTF_16BE {
            Encoding::Utf16Be
        } else {
            Encoding::Utf8
        }
    } else if let Some(wide) = wide_without_mark(&head) {
        wide
    } else {
        input.rewind()?;
        if is_utf8(input)? { Encoding::Utf8 } else { Encoding::Windows1252 }
    };
    input.rewind()?;
    Ok(found)
}

/// UTF-16 without byte order mark: at least a quarter of the bytes of one parity are zero and nearly none of the other.
fn wide_without_mark(head: &[u8]) -> Option<Encoding> {
    let pairs = head.len() / 2;
    if pairs < 2 {
        return None;
    }
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 4 >= pairs && even * 20 <= odd {
        Some(Encoding::Utf16Le)
    } else if even * 4 >= pairs && odd * 20 <= even {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

fn is_utf8<R: Read>(input: &mut R) -> io::Result<bool> {
    let mut buffer = vec![0; CHUNK];
    let mut held = 0;
    loop {
        let read = input.read(&mut buffer[held..])?;
        let filled = held + read;
        match std::str::from_utf8(&buffer[..filled]) {
            Ok(_) if read == 0 => return Ok(true),
            Ok(_) => held = 0,
            Err(error) if error.error_len().is_some() || read == 0 => return Ok(false),
            Err(error) => {
                // A character that the chunk cut in two: at most three bytes are carried over.
                let rest = error.valid_up_to()..filled;
                held = rest.len();
                buffer.copy_within(rest, 0);
            }
        }
    }
}

/// The text of `input`, decoded chunk by chunk; what is not valid becomes U+FFFD.
pub(super) struct Decoded<R> {
    input: R,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    raw_end: usize,
    text: Vec<u8>,
    ended: bool,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(input: R, encoding: Encoding) -> Self {
        Self {
            input,
            decoder: encoding.decoder(),
            raw: vec![0; CHUNK],
            raw_at: 0,
            raw_end: 0,
            text: vec![0; CHUNK * 3 + 16],
            ended: false,
        }
    }

    /// The next chunk as UTF-8 bytes without zero bytes; empty at the end.
    pub(super) fn next_chunk(&mut self) -> io::Result<&[u8]> {
        loop {
            if self.ended {
                return Ok(&[]);
            }
            if self.raw_at == self.raw_end {
                self.raw_at = 0;
                self.raw_end = self.input.read(&mut self.raw)?;
            }
            let last = self.raw_end == 0;
            let source = &self.raw[self.raw_at..self.raw_end];
            let (result, read, written, _) = self.decoder.decode_to_utf8(source, &mut self.text, last);
            self.raw_at += read;
            self.ended = last && result == CoderResult::InputEmpty;
            let kept = drop_zeros(&mut self.text[..written]);
            if kept > 0 {
                return Ok(&self.text[..kept]);
            }
        }
    }
}

/// Moves zero bytes out: they carry nothing in a table, and many programs read no further than the first.
fn drop_zeros(text: &mut [u8]) -> usize {
    let mut kept = 0;
    for at in 0..text.len() {
        if text[at] != 0 {
            text[kept] = text[at];
            kept += 1;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn check(bytes: &[u8], encoding: Encoding, text: &str) {
        let mut input = Cursor::new(bytes.to_vec());
        assert_eq!(detect(&mut input).unwrap(), encoding, "{text:?}");
        let mut decoded = Decoded::new(input, encoding);
        let mut all = Vec::new();
        loop {
            let chunk = decoded.next_chunk().unwrap();
            if chunk.is_empty() {
                break;
            }
            all.extend_from_slice(chunk);
        }
        assert_eq!(String::from_utf8(all).unwrap(), text);
    }

    fn wide(text: &str, to_bytes: fn(u16) -> [u8; 2], mark: bool) -> Vec<u8> {
        let mark = mark.then_some(0xfeff);
        mark.into_iter().chain(text.encode_utf16()).flat_map(to_bytes).collect()
    }

    #[test]
    fn each_encoding_is_told_with_and_without_mark() {
        let text = "name,purpose\nŁukasz – “x”,1\n";
        check(text.as_bytes(), Encoding::Utf8, text);
        check(&[b"\xef\xbb\xbf", text.as_bytes()].concat(), Encoding::Utf8, text);
        for mark in [true, false] {
            check(&wide(text, u16::to_le_bytes, mark), Encoding::Utf16Le, text);
            check(&wide(text, u16::to_be_bytes, mark), Encoding::Utf16Be, text);
        }
        check(b"name\nJos\xe9 \x96 \x93x\x94\n", Encoding::Windows1252, "name\nJosé – “x”\n");
        check(b"", Encoding::Utf8, "");
        check(b"a\0b", Encoding::Utf8, "ab");
    }

    #[test]
    fn one_late_byte_decides_for_windows_1252() {
        let mut bytes = "a,b\n".repeat(60_000).into_bytes();
        let text = String::from_utf8(bytes.clone()).unwrap() + "’";
        bytes.push(0x92);
        check(&bytes, Encoding::Windows1252, &text);
    }

    #[test]
    fn a_character_cut_by_a_chunk_is_still_utf8() {
        let text = "é".repeat(CHUNK) + "x" + &"é".repeat(CHUNK);
        check(text.as_bytes(), Encoding::Utf8, &text);
    }
}
