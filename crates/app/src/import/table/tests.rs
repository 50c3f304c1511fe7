use std::io::{Cursor, Write};

use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::error::ErrorKind;
use super::super::text::clean;
use super::*;

type Rows = Vec<(usize, Vec<String>)>;

fn read(bytes: &[u8], options: &Options<'_>) -> Result<(Header, Rows), Error> {
    let mut table = Table::open(Cursor::new(bytes), options)?;
    let mut rows = Vec::new();
    while let Some(row) = table.next_row()? {
        rows.push((row.number, row.cells));
    }
    Ok((table.header().clone(), rows))
}

fn check(text: &str, header: &[&str], rows: &[(usize, &[&str])]) {
    let (found, read) = read(text.as_bytes(), &Options::default()).unwrap();
    assert_eq!(found.names, header, "{text:?}");
    let read: Vec<(usize, Vec<&str>)> =
        read.iter().map(|(number, cells)| (*number, cells.iter().map(String::as_str).collect())).collect();
    let rows: Vec<(usize, Vec<&str>)> = rows.iter().map(|(number, cells)| (*number, cells.to_vec())).collect();
    assert_eq!(read, rows, "{text:?}");
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_shows_them() {
    check("a,b\n1,2\n3,4\n", &["a", "b"], &[(2, &["1", "2"]), (3, &["3", "4"])]);
    check("a,b\r\n\"x\r\ny\",2\r\n\r\n,\r\n3,4", &["a", "b"], &[(2, &["x\ny", "2"]), (5, &["3", "4"])]);
    check("Title\n\na,b,c\rx,y,z\rp,q,r", &["a", "b", "c"], &[(4, &["x", "y", "z"]), (5, &["p", "q", "r"])]);
    check("\n\na,b\n1,2\n", &["a", "b"], &[(4, &["1", "2"])]);
}

#[test]
fn odd_rows_are_read_as_they_are() {
    check("a,b,c\nx\nx,y,z,w\n", &["a", "b", "c"], &[(2, &["x"]), (3, &["x", "y", "z", "w"])]);
    check("a,b\n\"say \"\"hi\"\"\",\"p\" q\n", &["a", "b"], &[(2, &["say \"hi\"", "p q"])]);
    check("a,b\nx\0y,\0\n", &["a", "b"], &[(2, &["xy", ""])]);
    check("a,b\n1,2\nA , B\n3,4\n", &["a", "b"], &[(2, &["1", "2"]), (4, &["3", "4"])]);
    check("\"long\nname\",b\n1,2\n", &["long\nname", "b"], &[(2, &["1", "2"])]);
    check("only a header,here\n", &["only a header", "here"], &[]);
}

#[test]
fn sample_tables_are_read() {
    let open = |name: &str| std::fs::read(format!("{}/tests/data/csv/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let (header, rows) = read(&open("ai_inventory.csv"), &Options::default()).unwrap();
    assert_eq!(header.names.len(), 9);
    assert_eq!(rows[0].1[3], "Limit decisions\nfor consumer credit");
    assert_eq!((rows[2].0, rows[2].1[3].as_str()), (4, "=HYPERLINK(\"http://evil.example\")"));
    let (header, rows) = read(&open("training_completion_excel_de.csv"), &Options::default()).unwrap();
    assert_eq!(header.names[0], "Mitarbeiter-Nr");
    assert_eq!(rows[0].1, ["4711", "Muster, Dana", "dana.ml@example.com", "KI-Grundlagen (Art. 4)", "31.10.2026", "92,5 %"]);
    assert_eq!(rows[1].1[1], "Łukasz Żak");
    let (_, rows) = read(&open("training_completion_win1252.csv"), &Options::default()).unwrap();
    assert_eq!((rows[0].1[1].as_str(), rows[1].1[1].as_str()), ("José Núñez", "O’Neil, Sean"));
}

fn check_error(bytes: &[u8], bounds: Bounds, kind: ErrorKind, part: &str) {
    let error = read(bytes, &Options { bounds, ..Options::default() }).unwrap_err();
    assert_eq!(error.kind, kind, "{error}");
    assert!(error.message.contains(part), "{error}");
    assert!(!error.hint.is_empty());
}

#[test]
fn bounds_name_the_row() {
    let small = Bounds { rows: 2, columns: 3, cell_bytes: 10, row_bytes: 20, ..Bounds::default() };
    check_error(b"a,b\n1,2\n3,4\n5,6\n", small, ErrorKind::TooLarge, "row 4 is beyond the 2 rows");
    check_error(b"a,b\n1,2,3,4\n", small, ErrorKind::TooLarge, "row 2 has more than 3 columns");
    check_error(b"a,b\n1,12345678901\n", small, ErrorKind::TooLarge, "row 2, column 2");
    let narrow = Bounds { row_bytes: 8 << 10, ..Bounds::default() };
    let long = format!("a,b\n1,\"{}\"\n", "x\n".repeat(8 << 10));
    check_error(long.as_bytes(), narrow, ErrorKind::TooLarge, "row 2 is longer than");
    let wide = format!("a,b\n{}\n", ",".repeat(3000));
    check_error(wide.as_bytes(), Bounds::default(), ErrorKind::TooLarge, "row 2 has more than 2000 columns");
}

#[test]
fn what_is_no_table_is_refused_with_a_remedy() {
    check_error(b"", Bounds::default(), ErrorKind::NotATable, "empty");
    check_error(b"\n\n , \n", Bounds::default(), ErrorKind::NotATable, "empty");
    check_error(b"\x7fELF\x02\x01\x01\0\0\0a,b\n1,2\n", Bounds::default(), ErrorKind::NotATable, "no text");
    check_error(b"%PDF-1.7 x", Bounds::default(), ErrorKind::NotATable, "a PDF");
    check_error(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Bounds::default(), ErrorKind::NotATable, "old or an encrypted");
    check_error(b"PK\x03\x04 and no archive", Bounds::default(), ErrorKind::NotATable, "no workbook");
    check_error(b"a,b\n1,\"open\n3,4\n", Bounds::default(), ErrorKind::NotATable, "row 2 opens a quote that is never closed");
}

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"#;

/// A workbook of sheets, each with name, attributes and rows as XML.
fn workbook(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: &str| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let (mut list, mut links) = (String::new(), String::new());
    for (at, (name, attributes, rows)) in sheets.iter().enumerate() {
        list += &format!(r#"<sheet name="{name}" sheetId="{}" r:id="s{at}" {attributes}/>"#, at + 1);
        links += &format!(r#"<Relationship Id="s{at}" Type="{office}/worksheet" Target="worksheets/sheet{at}.xml"/>"#);
        let sheet = format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#);
        part(&format!("xl/worksheets/sheet{at}.xml"), &sheet);
    }
    links += &format!(r#"<Relationship Id="t" Type="{office}/styles" Target="styles.xml"/>"#);
    part("[Content_Types].xml", TYPES);
    part("_rels/.rels", ROOT);
    part("xl/workbook.xml", &format!(r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{list}</sheets></workbook>"#));
    part(
        "xl/_rels/workbook.xml.rels",
        &format!(r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>"#),
    );
    part("xl/styles.xml", STYLES);
    zip.finish().unwrap().into_inner()
}

fn text_row(number: usize, cells: &[&str]) -> String {
    let cell = |(at, text): (usize, &&str)| {
        let column = char::from(b'A' + u8::try_from(at).unwrap());
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('\r', "&#13;");
        format!(r#"<c r="{column}{number}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>"#)
    };
    format!(r#"<row r="{number}">{}</row>"#, cells.iter().enumerate().map(cell).collect::<String>())
}

#[test]
fn cells_of_a_workbook_become_text() {
    let rows = text_row(1, &["Name", "Since", "Count", "Live"])
        + r#"<row r="3"><c r="A3" t="inlineStr"><is><t> Łukasz’s
bot </t></is></c><c r="B3" s="1"><v>44835</v></c><c r="C3"><v>12.50</v></c><c r="D3" t="b"><v>1</v></c></row>"#
        + r#"<row r="4"><c r="C4"><v>3</v></c><c r="D4" t="e"><v>#N/A</v></c></row>"#;
    let (header, rows) = read(&workbook(&[("Data", "", &rows)]), &Options::default()).unwrap();
    assert_eq!(header.names, ["Name", "Since", "Count", "Live"]);
    assert_eq!(rows[0], (3, vec!["Łukasz’s\nbot".to_owned(), "2022-10-01".to_owned(), "12.5".to_owned(), "TRUE".to_owned()]));
    assert_eq!(rows[1], (4, vec![String::new(), String::new(), "3".to_owned(), "#N/A".to_owned()]));
}

#[test]
fn the_sheet_that_looks_like_the_table_is_read() {
    let notes = text_row(1, &["Please read", "first"]) + &text_row(2, &["x", "y"]);
    let table = text_row(1, &["2024"]) + &text_row(2, &["Name", "Owner"]) + &text_row(3, &["Babel", "Ann"]);
    let other = text_row(1, &["Name", "Owner"]) + &text_row(2, &["Secret", "Bob"]);
    let book = workbook(&[("Notes", "", &notes), ("Old", r#"state="hidden""#, &other), ("Systems", "", &table)]);
    let known = |name: &str| ["Name", "Owner"].contains(&name);
    let names = |options: &Options<'_>| read(&book, options).map(|(_, rows)| rows[0].1[0].clone());
    assert_eq!(names(&Options { known: Some(&known), ..Options::default() }).unwrap(), "Babel");
    assert_eq!(names(&Options { sheet: Some("old"), known: Some(&known), ..Options::default() }).unwrap(), "Secret");
    let error = names(&Options { sheet: Some("Missing"), ..Options::default() }).unwrap_err();
    assert!(error.hint.contains("`Systems`"), "{}", error.hint);
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused() {
    let rows = text_row(1, &["Name", "Owner"]) + &" ".repeat(1 << 20);
    let book = workbook(&[("Data", "", &rows)]);
    assert!(book.len() < 16 << 10, "the sample is packed tightly");
    let bounds = Bounds { workbook_bytes: 64 << 10, ..Bounds::default() };
    check_error(&book, bounds, ErrorKind::TooLarge, "xl/worksheets/sheet0.xml");
    assert!(read(&book, &Options::default()).is_ok());
}

#[test]
fn a_far_cell_takes_no_room() {
    let far = text_row(1, &["Name", "Owner"]) + r#"<row r="1048576"><c r="A1048576"><v>1</v></c></row>"#;
    let (_, rows) = read(&workbook(&[("Data", "", &far)]), &Options::default()).unwrap();
    assert_eq!(rows, [(1_048_576, vec!["1".to_owned()])]);
    let wide = text_row(1, &["Name", "Owner"]) + r#"<row r="2"><c r="XFD2"><v>1</v></c></row>"#;
    check_error(&workbook(&[("Data", "", &wide)]), Bounds::default(), ErrorKind::TooLarge, "row 2 has more than 2000 columns");
}

fn hostile_cell() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(vec![
        "a", "b ", "\"", "\"\"", ",", ";", "\t", "|", "\n", "\r\n", "\r", "é", "–", "’", "=1+1", "0", "'",
    ]);
    prop::collection::vec(bits, 0..8).prop_map(|bits| bits.concat())
}

fn hostile_rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    (2_usize..5).prop_flat_map(|width| prop::collection::vec(prop::collection::vec(hostile_cell(), width), 1..8))
}

fn written(rows: &[Vec<String>], delimiter: u8) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
    let header: Vec<String> =
        (0..rows[0].len()).map(|at| format!("column {}", char::from(b'a' + u8::try_from(at).unwrap()))).collect();
    writer.write_record(&header).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn expected(rows: &[Vec<String>]) -> Rows {
    let cleaned = rows.iter().map(|row| row.iter().map(|cell| clean(cell)).collect::<Vec<_>>());
    cleaned.enumerate().map(|(at, cells)| (at + 2, cells)).filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty())).collect()
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read(&bytes, &Options::default());
    }

    #[test]
    fn a_broken_workbook_never_panics(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut book = workbook(&[("Data", "", &text_row(1, &["Name", "Owner"]))]);
        let at = at.index(book.len());
        book[at] = byte;
        let _ = read(&book, &Options::default());
    }

    #[test]
    fn odd_sheets_never_panic(bits in prop::collection::vec(prop::sample::select(vec![
        "<row r=\"1\">", "<row>", "</row>", "<c>", "<c r=\"A1\" s=\"1\">", "<c r=\"ZZZZ9\">", "<c t=\"s\">", "<c t=\"inlineStr\">", "</c>", "<v>",
        "</v>", "1e999", "-1", "99999999999999999999", "NaN", "<is><t>", "</t></is>", "<f>1+1</f>", "&amp;", "&bad;", "x", "</sheetData>",
    ]), 0..16)) {
        let _ = read(&workbook(&[("Data", "", &bits.concat())]), &Options::default());
    }

    #[test]
    fn hostile_cells_come_back(rows in hostile_rows()) {
        let (_, read) = read(written(&rows, b',').as_bytes(), &Options::default()).unwrap();
        prop_assert_eq!(read, expected(&rows));
    }

    #[test]
    fn a_workbook_gives_the_same_rows(rows in hostile_rows()) {
        let header: Vec<String> = (0..rows[0].len()).map(|at| format!("column {}", ["a", "b", "c", "d"][at])).collect();
        let all = [&header].into_iter().chain(&rows).enumerate();
        let sheet: String = all.map(|(at, row)| text_row(at + 1, &row.iter().map(String::as_str).collect::<Vec<_>>())).collect();
        let (_, mut read) = read(&workbook(&[("Data", "", &sheet)]), &Options::default()).unwrap();
        let mut expected = expected(&rows);
        for cells in read.iter_mut().chain(&mut expected).map(|(_, cells)| cells) {
            while cells.last().is_some_and(String::is_empty) {
                cells.pop();
            }
        }
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn encoding_and_delimiter_do_not_matter(rows in hostile_rows(), delimiter in prop::sample::select(b",;\t|".to_vec())) {
        let text = written(&rows, delimiter);
        let units = |mark: bool| mark.then_some(0xfeff).into_iter().chain(text.encode_utf16()).collect::<Vec<u16>>();
        let wide = |mark: bool, to: fn(u16) -> [u8; 2]| units(mark).into_iter().flat_map(to).collect::<Vec<u8>>();
        // Few words in Windows-1252 are also UTF-8 for something else; no reader can tell those.
        let narrow = encoding_rs::WINDOWS_1252.encode(&text).0.into_owned();
        let narrow = if std::str::from_utf8(&narrow).is_ok() { text.clone().into_bytes() } else { narrow };
        let forms = [
            text.clone().into_bytes(), [b"\xef\xbb\xbf", text.as_bytes()].concat(), narrow,
            wide(true, u16::to_le_bytes), wide(false, u16::to_le_bytes), wide(true, u16::to_be_bytes), wide(false, u16::to_be_bytes),
        ];
        for form in forms {
            let (_, read) = read(&form, &Options::default()).unwrap();
            prop_assert_eq!(read, expected(&rows));
        }
    }
}
