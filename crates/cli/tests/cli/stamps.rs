//! `ledger stamp`: times stamped by an authority that openssl plays, over HTTP on this machine

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Installation, second_verifier};

const SETTINGS: &str = "[req]\ndistinguished_name=dn\n[dn]\n[tsa]\nbasicConstraints=critical,CA:false\n\
    extendedKeyUsage=critical,timeStamping\n[stamp]\nserial=serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4.1\n\
    digests=sha256\ness_cert_id_alg=sha256\n";

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").args(arguments.split_whitespace()).current_dir(folder).output();
    let output = output.expect("openssl must be installed: it plays the authority");
    assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Makes an authority in a folder.
fn authority(folder: PathBuf) -> PathBuf {
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("settings"), SETTINGS).unwrap();
    fs::write(folder.join("serial"), "01").unwrap();
    openssl(&folder, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out tsa.key");
    openssl(&folder, "req -x509 -new -key tsa.key -subj /CN=Stamper -days 30 -config settings -extensions tsa -out tsa.pem");
    folder
}

/// Answers one request with a stamp, and the next with an error.
fn answer(folder: &Path, stream: TcpStream, number: usize) {
    let mut reader = BufReader::new(stream);
    let (mut length, mut line) = (0, String::new());
    while reader.read_line(&mut line).unwrap() > 2 {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
    }
    let mut query = vec![0; length];
    reader.read_exact(&mut query).unwrap();
    fs::write(folder.join("query.tsq"), query).unwrap();
    openssl(folder, "ts -reply -queryfile query.tsq -signer tsa.pem -inkey tsa.key -config settings -section stamp -out reply.tsr");
    let reply = fs::read(folder.join("reply.tsr")).unwrap();
    // The second time the stamp of the first request is sent again.
    if number == 0 {
        fs::copy(folder.join("reply.tsr"), folder.join("old.tsr")).unwrap();
    }
    let reply = if number == 1 { fs::read(folder.join("old.tsr")).unwrap() } else { reply };
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/timestamp-reply\r\ncontent-length: {}\r\n\r\n", reply.len());
    let mut stream = reader.into_inner();
    stream.write_all(&[head.as_bytes(), &reply].concat()).unwrap();
}

#[test]
fn a_stamped_checkpoint_is_exported_with_its_stamp_and_says_what_it_proves() {
    let here = Installation::begun();
    let (ours, other) = (authority(here.path("authority")), authority(here.path("other")));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let place = ours.clone();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            answer(&place, stream.unwrap(), number);
        }
    });
    let certificate = |folder: &Path| folder.join("tsa.pem").display().to_string();
    let (trusted, stranger) = (certificate(&ours), certificate(&other));
    let said = here.ok(&["ledger", "stamp", &url, "--authority", &trusted]);
    assert!(said.contains("`CN=Stamper` says that this checkpoint existed at 20"), "{said}");
    let again = here.run(&["ledger", "stamp", &url, "--authority", &trusted]);
    assert!(again.code != 0 && again.err.contains("another request"), "{again:?}");
    let wrong = here.run(&["ledger", "stamp", &url, "--authority", &stranger]);
    assert!(wrong.code == 3 && wrong.err.contains("nobody who is trusted"), "{wrong:?}");

    here.ok(&["ledger", "export", "out"]);
    assert!(here.path("out/timestamp/1.tsr").exists() && !here.path("out/timestamp/2.tsr").exists());
    let policy = here.policy();
    let report = here.json(&["verify", "out", "--policy", &policy, "--authority", &trusted, "--json"]);
    assert_eq!(report["ok"], true, "{report}");
    assert!(report["notes"].to_string().contains("says that this checkpoint existed at"), "{report}");
    let unjudged = here.json(&["verify", "out", "--policy", &policy, "--json"]);
    assert!(unjudged["ok"] == true && unjudged["notes"].to_string().contains("was not judged"), "{unjudged}");
    let refused = here.json(&["verify", "out", "--policy", &policy, "--authority", &stranger, "--json"]);
    assert_eq!(refused["ok"], false, "{refused}");
    let courses = here.file("courses.json", here.ok(&["ledger", "courses"]));
    assert_eq!(second_verifier(&here.path("out"), &policy, Path::new(&courses))["ok"], true);
    // openssl says the same of what was exported.
    let text: String = fs::read_to_string(here.path("out/checkpoint")).unwrap().split_inclusive('\n').take(3).collect();
    fs::write(ours.join("text"), text).unwrap();
    fs::copy(here.path("out/timestamp/1.tsr"), ours.join("kept.tsr")).unwrap();
    openssl(&ours, "ts -verify -data text -in kept.tsr -partial_chain -CAfile tsa.pem");

    // A later checkpoint has no stamp of its own, and a stamp of another one is none.
    let fields = "{\"name\":\"Dora\",\"email\":\"d@example.org\",\"relation\":\"employee\",\"joined_on\":\"2020-01-01\"}";
    here.put("person", fields);
    here.ok(&["ledger", "export", "later"]);
    assert!(!here.path("later/timestamp").exists());
    fs::create_dir(here.path("later/timestamp")).unwrap();
    fs::copy(here.path("out/timestamp/1.tsr"), here.path("later/timestamp/1.tsr")).unwrap();
    for more in [&["--json"][..], &["--authority", &trusted, "--json"]] {
        let report = here.json(&[&["verify", "later", "--policy", &policy][..], more].concat());
        assert_eq!(report["ok"], false, "{report}");
    }
}
