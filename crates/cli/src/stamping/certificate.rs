//! Certificates of authorities that stamp times: whether one may, and whether somebody who is trusted says so.

use std::time::Duration;

use der::Encode as _;
use der::asn1::ObjectIdentifier;
use ring::digest::{self, Digest};
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use vouch_ledger::{Error, Result};
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage};

/// Most certificates from who stamped to who is trusted.
const LONGEST: usize = 5;
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const P_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");

/// A hash that signatures are made over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hashing {
    Sha256,
    Sha384,
    Sha512,
}

impl Hashing {
    pub(super) fn of_digest(oid: ObjectIdentifier) -> Result<Self> {
        match oid.to_string().as_str() {
            "2.16.840.1.101.3.4.2.1" => Ok(Self::Sha256),
            "2.16.840.1.101.3.4.2.2" => Ok(Self::Sha384),
            "2.16.840.1.101.3.4.2.3" => Ok(Self::Sha512),
            other => {
                Err(Error::refused(format!("the hash {other} of a time stamp is not supported; it takes SHA-256, 384 or 512")))
            }
        }
    }

    pub(super) fn digest(self, bytes: &[u8]) -> Digest {
        let algorithm = match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, bytes)
    }
}

/// Checks a signature by the key of a certificate. `hashing` counts where the algorithm does not name its own.
pub(super) fn verify_signature(
    certificate: &Certificate,
    (algorithm, hashing): (ObjectIdentifier, Hashing),
    message: &[u8],
    signature: &[u8],
) -> Result<()> {
    let key = &certificate.tbs_certificate.subject_public_key_info;
    let curve = key.algorithm.parameters.as_ref().and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
    let is_384 = curve == Some(P_384);
    let (kind, hashing) = match algorithm.to_string().as_str() {
        "1.2.840.113549.1.1.1" => ("rsa", hashing),
        "1.2.840.113549.1.1.11" => ("rsa", Hashing::Sha256),
        "1.2.840.113549.1.1.12" => ("rsa", Hashing::Sha384),
        "1.2.840.113549.1.1.13" => ("rsa", Hashing::Sha512),
        "1.2.840.10045.4.3.2" => ("ecdsa", Hashing::Sha256),
        "1.2.840.10045.4.3.3" => ("ecdsa", Hashing::Sha384),
        "1.3.101.112" => ("ed25519", hashing),
        other => return Err(Error::refused(format!("signatures of the kind {other} are not supported"))),
    };
    let verifier: &dyn VerificationAlgorithm = match (kind, hashing) {
        ("rsa", Hashing::Sha256) => &signature::RSA_PKCS1_2048_8192_SHA256,
        ("rsa", Hashing::Sha384) => &signature::RSA_PKCS1_2048_8192_SHA384,
        ("rsa", Hashing::Sha512) => &signature::RSA_PKCS1_2048_8192_SHA512,
        ("ecdsa", Hashing::Sha256) if is_384 => &signature::ECDSA_P384_SHA256_ASN1,
        ("ecdsa", Hashing::Sha256) => &signature::ECDSA_P256_SHA256_ASN1,
        ("ecdsa", _) if is_384 => &signature::ECDSA_P384_SHA384_ASN1,
        ("ecdsa", _) => &signature::ECDSA_P256_SHA384_ASN1,
        _ => &signature::ED25519,
    };
    UnparsedPublicKey::new(verifier, key.subject_public_key.raw_bytes())
        .verify(message, signature)
        .map_err(|_| Error::mismatch(format!("a signature by `{}` does not verify", certificate.tbs_certificate.subject)))
}

/// Whether a certificate may stamp times and was valid then, and one that is trusted is at the end of those that signed for it.
pub(super) fn check_authority(signer: &Certificate, known: &[Certificate], trusted: &[Certificate], at: Duration) -> Result<()> {
    let may = extension::<ExtendedKeyUsage>(signer, EXTENDED_KEY_USAGE)?
        .is_some_and(|(usage, critical)| critical && usage.0 == [TIME_STAMPING]);
    if !may {
        return Err(Error::refused(format!("`{}` may not stamp times", signer.tbs_certificate.subject)));
    }
    let mut current = signer;
    for _ in 0..LONGEST {
        check_valid(current, at)?;
        if trusted.contains(current) {
            return Ok(());
        }
        let issuer = known.iter().find(|one| one != &current && has_issued(one, current));
        current = issuer.ok_or_else(|| {
            let message = format!("nobody who is trusted stands behind `{}`", signer.tbs_certificate.subject);
            Error::refused(message).with_hint("name the authority's certificate with `--authority FILE`")
        })?;
    }
    Err(Error::refused("too many certificates stand between who stamped and who is trusted"))
}

fn has_issued(issuer: &Certificate, certificate: &Certificate) -> bool {
    let is_authority =
        matches!(extension::<BasicConstraints>(issuer, BASIC_CONSTRAINTS), Ok(Some((constraints, _))) if constraints.ca);
    if !is_authority || issuer.tbs_certificate.subject != certificate.tbs_certificate.issuer {
        return false;
    }
    let Ok(signed) = certificate.tbs_certificate.to_der() else { return false };
    let Some(signature) = certificate.signature.as_bytes() else { return false };
    let algorithm = (certificate.signature_algorithm.oid, Hashing::Sha256);
    verify_signature(issuer, algorithm, &signed, signature).is_ok()
}

fn check_valid(certificate: &Certificate, at: Duration) -> Result<()> {
    let validity = &certificate.tbs_certificate.validity;
    if validity.not_before.to_unix_duration() <= at && at <= validity.not_after.to_unix_duration() {
        return Ok(());
    }
    Err(Error::refused(format!("the certificate of `{}` was not valid at that time", certificate.tbs_certificate.subject)))
}

/// An extension of a certificate, and whether it is critical.
fn extension<E: for<'a> der::Decode<'a>>(certificate: &Certificate, oid: ObjectIdentifier) -> Result<Option<(E, bool)>> {
    let mut found = certificate.tbs_certificate.extensions.iter().flatten().filter(|extension| extension.extn_id == oid);
    let Some(extension) = found.next() else { return Ok(None) };
    let odd = |error: der::Error| Error::malformed(format!("an extension of a certificate is not in its form: {error}"));
    Ok(Some((E::from_der(extension.extn_value.as_bytes()).map_err(odd)?, extension.critical)))
}
