//! A table of the inventory's form with as many rows as are wanted, made from the real one.

/// The real inventory with its rows repeated under other names, in Windows-1252 as it came.
pub(crate) fn table(rows: usize) -> Vec<u8> {
    let real = include_bytes!("../../tests/data/dhs-2024.csv");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(real.as_slice());
    let records: Vec<csv::ByteRecord> = reader.byte_records().map(|record| record.expect("the inventory is a table")).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_byte_record(&records[0]).expect("memory takes it");
    for number in 0..rows {
        let record = &records[1 + number % (records.len() - 1)];
        let named = [record[0].to_vec(), format!(" {number}").into_bytes()].concat();
        let fields = std::iter::once(named.as_slice()).chain(record.iter().skip(1));
        writer.write_record(fields).expect("memory takes it");
    }
    writer.into_inner().expect("memory takes it")
}
