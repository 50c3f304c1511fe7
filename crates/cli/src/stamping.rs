//! RFC 3161 time stamps over checkpoints: what is asked of an authority, and what of its answer is believed.

mod certificate;

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{Any, Int, ObjectIdentifier, OctetString};
use der::{Decode as _, Encode as _, Sequence};
use sha2::{Digest as _, Sha256};
use vouch_ledger::verify::Stamps;
use vouch_ledger::{Error, Result};
use x509_cert::Certificate;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_tsp::{MessageImprint, TimeStampReq, TimeStampResp, TspVersion, TstInfo};

use certificate::{Hashing, check_authority, verify_signature};

const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// Whom to believe: certificates of authorities that stamp times, or of those that vouch for them.
pub(crate) struct Authorities(Vec<Certificate>);

/// RFC 5035 §3.
#[derive(Sequence)]
struct SigningCertificateV2 {
    certs: Vec<EssCertIdV2>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

#[derive(Sequence)]
struct EssCertIdV2 {
    #[asn1(optional = "true")]
    hash_algorithm: Option<AlgorithmIdentifierOwned>,
    cert_hash: OctetString,
    #[asn1(optional = "true")]
    issuer_serial: Option<Any>,
}

/// RFC 2634 §5.4: the same with SHA-1.
#[derive(Sequence)]
struct SigningCertificate {
    certs: Vec<EssCertId>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

#[derive(Sequence)]
struct EssCertId {
    cert_hash: OctetString,
    #[asn1(optional = "true")]
    issuer_serial: Option<Any>,
}

/// A request to stamp these bytes, in DER.
pub(crate) fn request(text: &[u8], random: &[u8; 32]) -> Result<Vec<u8>> {
    // Positive, and in the shortest form whatever the bytes are.
    let nonce = [&[0x01], &random[..8]].concat();
    let request = TimeStampReq {
        version: TspVersion::V1,
        message_imprint: MessageImprint {
            hash_algorithm: AlgorithmIdentifierOwned { oid: SHA_256, parameters: Some(Any::null()) },
            hashed_message: OctetString::new(Sha256::digest(text).to_vec()).map_err(odd)?,
        },
        req_policy: None,
        nonce: Some(Int::new(&nonce).map_err(odd)?),
        cert_req: true,
        extensions: None,
    };
    request.to_der().map_err(odd)
}

/// Whether a response is one to this request: the nonce must be the same.
pub(crate) fn answers(response: &[u8], request: &[u8]) -> Result<()> {
    let asked = TimeStampReq::from_der(request).map_err(odd)?;
    let (_, _, told) = parts(response)?;
    if told.nonce != asked.nonce {
        return Err(Error::mismatch("the answer is to another request: it bears another nonce"));
    }
    Ok(())
}

fn odd(error: der::Error) -> Error {
    Error::malformed(format!("the time stamp is not in its form: {error}"))
}

/// The signed data of a response, the bytes that are stamped with, and what they say.
fn parts(response: &[u8]) -> Result<(SignedData, Vec<u8>, TstInfo)> {
    let response = TimeStampResp::from_der(response).map_err(odd)?;
    let status = response.status.status as u8;
    let token: ContentInfo = match response.time_stamp_token {
        Some(token) if status <= 1 => token,
        _ => return Err(Error::refused(format!("the authority stamped nothing; its status is {status}"))),
    };
    let data = token.content.to_der().and_then(|content| SignedData::from_der(&content)).map_err(odd)?;
    let inner = &data.encap_content_info;
    let Some(content) = inner.econtent.as_ref().filter(|_| token.content_type == SIGNED_DATA && inner.econtent_type == TST_INFO)
    else {
        return Err(Error::malformed("the time stamp is not signed data about a time"));
    };
    let content = content.decode_as::<OctetString>().map_err(odd)?.into_bytes();
    let told = TstInfo::from_der(&content).map_err(odd)?;
    Ok((data, content, told))
}

impl Authorities {
    /// Reads certificates in PEM, one after another.
    pub(crate) fn parse(pem: &[u8]) -> Result<Self> {
        let certificates = Certificate::load_pem_chain(pem);
        let certificates = certificates.map_err(|error| Error::malformed(format!("not certificates in PEM: {error}")))?;
        if certificates.is_empty() {
            return Err(Error::malformed("there is no certificate in PEM"));
        }
        Ok(Self(certificates))
    }
}

impl Stamps for Authorities {
    fn judge(&self, token: &[u8], text: &[u8]) -> Result<String> {
        let (data, content, told) = parts(token)?;
        let imprint = &told.message_imprint;
        if imprint.hash_algorithm.oid != SHA_256 || imprint.hashed_message.as_bytes() != &Sha256::digest(text)[..] {
            return Err(Error::mismatch("is a time stamp of something else than this checkpoint"));
        }
        let [signer] = data.signer_infos.0.as_slice() else {
            return Err(Error::refused("a time stamp is signed by exactly one authority"));
        };
        let sent = data.certificates.iter().flat_map(|set| set.0.iter()).filter_map(|one| match one {
            CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
            CertificateChoices::Other(_) => None,
        });
        let known: Vec<Certificate> = self.0.iter().cloned().chain(sent.take(20)).collect();
        let certificate = known.iter().find(|one| is_of(signer, one)).ok_or_else(|| {
            Error::missing("the certificate of who stamped is neither in the time stamp nor among those that are trusted")
        })?;
        check_signed(signer, certificate, &content)?;
        let at = told.gen_time.to_unix_duration();
        check_authority(certificate, &known, &self.0, at)?;
        let millis = i64::try_from(at.as_millis()).unwrap_or(i64::MAX);
        let time = vouch_ledger::time::format(millis)?;
        Ok(format!("`{}` says that this checkpoint existed at {time}", certificate.tbs_certificate.subject))
    }
}

fn is_of(signer: &SignerInfo, certificate: &Certificate) -> bool {
    let one = &certificate.tbs_certificate;
    match &signer.sid {
        SignerIdentifier::IssuerAndSerialNumber(id) => id.issuer == one.issuer && id.serial_number == one.serial_number,
        // RFC 3161 wants the certificate named; a key alone does not.
        SignerIdentifier::SubjectKeyIdentifier(_) => false,
    }
}

/// The signed attributes name the content and the certificate, and the certificate's key has signed them (RFC 3161 §2.4.2).
fn check_signed(signer: &SignerInfo, certificate: &Certificate, content: &[u8]) -> Result<()> {
    let wrong = |what: &str| Error::mismatch(format!("the time stamp does not hold: {what}"));
    let attributes = signer.signed_attrs.as_ref().ok_or_else(|| wrong("it signs no attributes"))?;
    let value = |oid: ObjectIdentifier| {
        let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
        match (found.next(), found.next()) {
            (Some(one), None) if one.values.len() == 1 => one.values.get(0),
            _ => None,
        }
    };
    let hashing = Hashing::of_digest(signer.digest_alg.oid)?;
    let kind = value(CONTENT_TYPE).and_then(|value| value.decode_as::<ObjectIdentifier>().ok());
    let digest = value(MESSAGE_DIGEST).and_then(|value| value.decode_as::<OctetString>().ok());
    if kind != Some(TST_INFO) || digest.is_none_or(|digest| digest.as_bytes() != hashing.digest(content).as_ref()) {
        return Err(wrong("its attributes are of another content"));
    }
    let der = certificate.to_der().map_err(odd)?;
    let named = if let Some(value) = value(SIGNING_CERTIFICATE_V2) {
        let named = value.decode_as::<SigningCertificateV2>().map_err(odd)?.certs.into_iter().next();
        let named = named.ok_or_else(|| wrong("it names no certificate"))?;
        let oid = named.hash_algorithm.map_or(SHA_256, |algorithm| algorithm.oid);
        named.cert_hash.as_bytes() == Hashing::of_digest(oid)?.digest(&der).as_ref()
    } else if let Some(value) = value(SIGNING_CERTIFICATE) {
        let named = value.decode_as::<SigningCertificate>().map_err(odd)?.certs.into_iter().next();
        let sha1 = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, &der);
        named.is_some_and(|named| named.cert_hash.as_bytes() == sha1.as_ref())
    } else {
        false
    };
    if !named {
        return Err(wrong("it names another certificate than the one that signed"));
    }
    let signed = attributes.to_der().map_err(odd)?;
    verify_signature(certificate, (signer.signature_algorithm.oid, hashing), &signed, signer.signature.as_bytes())
}

#[cfg(test)]
mod tests;
