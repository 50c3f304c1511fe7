use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;

/// An authority made by openssl: a root, and who stamps under it.
struct Authority {
    folder: tempfile::TempDir,
}

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").args(arguments.split_whitespace()).current_dir(folder).output();
    let output = output.expect("openssl must be installed: it plays the authority");
    assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

impl Authority {
    /// `key` says how keys are made; `usage` what the certificate is for.
    fn new(key: &str, usage: &str, ess: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path();
        let settings = format!(
            "[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:true\n[tsa]\nextendedKeyUsage={usage}\n\
             [stamp]\nserial=serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256,sha384\ness_cert_id_alg={ess}\n"
        );
        fs::write(place.join("settings"), settings).unwrap();
        fs::write(place.join("serial"), "01").unwrap();
        openssl(place, &format!("genpkey {key} -out ca.key"));
        openssl(place, &format!("genpkey {key} -out tsa.key"));
        openssl(place, "req -x509 -new -key ca.key -subj /CN=Root -days 30 -config settings -extensions ca -out ca.pem");
        openssl(place, "req -new -key tsa.key -subj /CN=Stamper -config settings -out tsa.csr");
        openssl(
            place,
            "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 20 -extfile settings -extensions tsa -out tsa.pem",
        );
        Self { folder }
    }

    fn rsa() -> Self {
        Self::new("-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "critical,timeStamping", "sha256")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn stamp(&self, request: &[u8]) -> Vec<u8> {
        fs::write(self.path("query.tsq"), request).unwrap();
        openssl(
            self.folder.path(),
            "ts -reply -queryfile query.tsq -signer tsa.pem -inkey tsa.key -config settings -section stamp -out reply.tsr",
        );
        fs::read(self.path("reply.tsr")).unwrap()
    }

    fn trusted(&self, name: &str) -> Authorities {
        Authorities::parse(&fs::read(self.path(name)).unwrap()).unwrap()
    }
}

const TEXT: &[u8] = b"log.example.test\n5\nCAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=\n";

#[test]
fn a_stamp_holds_for_its_text_and_its_authority_only() {
    for (key, ess) in [
        ("-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "sha256"),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "sha1"),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "sha384"),
    ] {
        let authority = Authority::new(key, "critical,timeStamping", ess);
        let request = request(TEXT, &[0xff; 32]).unwrap();
        let stamp = authority.stamp(&request);
        answers(&stamp, &request).unwrap();
        for trusted in ["ca.pem", "tsa.pem"] {
            let said = authority.trusted(trusted).judge(&stamp, TEXT).unwrap();
            assert!(said.contains("CN=Stamper") && said.contains("existed at 20"), "{said}");
        }
        assert!(authority.trusted("ca.pem").judge(&stamp, b"another text").is_err());
        let stranger = Authority::rsa();
        let error = stranger.trusted("ca.pem").judge(&stamp, TEXT).unwrap_err();
        assert!(error.message().contains("nobody who is trusted"), "{error}");
        let other = super::request(TEXT, &[0xfe; 32]).unwrap();
        assert!(answers(&stamp, &other).is_err(), "it bears the nonce of another request");
    }
}

#[test]
fn no_change_of_a_byte_makes_a_stamp_say_something_else() {
    let authority = Authority::rsa();
    let stamp = authority.stamp(&request(TEXT, &[1; 32]).unwrap());
    let trusted = authority.trusted("ca.pem");
    let said = trusted.judge(&stamp, TEXT).unwrap();
    let mut held = 0;
    for at in 0..stamp.len() {
        let mut changed = stamp.clone();
        changed[at] ^= 1 << (at % 8);
        if let Ok(still) = trusted.judge(&changed, TEXT) {
            assert_eq!(still, said, "byte {at}");
            held += 1;
        }
    }
    // What is not signed is a status of the same meaning, and versions that nothing here reads.
    assert!(held < 40, "{held} of {} bytes could be changed", stamp.len());
    for cut in 0..stamp.len() {
        assert!(trusted.judge(&stamp[..cut], TEXT).is_err(), "{cut}");
    }
}

#[test]
fn a_certificate_that_is_for_something_else_does_not_stamp() {
    // openssl itself refuses to stamp with such a certificate, so the certificate is exchanged after it stamped.
    let authority = Authority::rsa();
    let stamp = authority.stamp(&request(TEXT, &[1; 32]).unwrap());
    let data = parts(&stamp).unwrap().0;
    for usage in ["critical,serverAuth", "timeStamping", "critical,timeStamping,serverAuth"] {
        let settings = fs::read_to_string(authority.path("settings")).unwrap();
        fs::write(authority.path("other"), settings.replace("critical,timeStamping", usage)).unwrap();
        openssl(
            authority.folder.path(),
            "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 20 -extfile other -extensions tsa -out other.pem",
        );
        let other = authority.trusted("other.pem");
        let known: Vec<Certificate> = other.0.iter().chain(&authority.trusted("ca.pem").0).cloned().collect();
        let at = std::time::Duration::from_millis(u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap());
        let refused = check_authority(&other.0[0], &known, &known, at).unwrap_err();
        assert!(refused.message().contains("may not stamp"), "{usage}: {refused}");
        assert!(!is_of(&data.signer_infos.0.as_slice()[0], &other.0[0]), "the stamp names another certificate");
    }
    // And one that was not valid then does not either.
    let signer = authority.trusted("tsa.pem");
    let known = authority.trusted("ca.pem").0;
    for at in [0, 4_000_000_000] {
        assert!(check_authority(&signer.0[0], &known, &known, std::time::Duration::from_secs(at)).is_err());
    }
}
