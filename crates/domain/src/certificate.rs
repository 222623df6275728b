//! Device certificates: the backend's signed word about a device and its person, so that another device of the same
//! backend can tell without a network whose it is and how to encrypt for it.

use std::fmt;

use chrono::{DateTime, FixedOffset, SecondsFormat};
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::ids::{DeviceId, OrganisationCode, PersonId};
use crate::record::PersonCard;
use crate::roles::Role;

/// What the backend says about an enrolled device. It is also the device's card: whoever has it can encrypt for the
/// device, and nothing in it is secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCertificate {
    /// The device.
    pub device: DeviceId,
    /// Its name, such as `ALK-07`.
    pub name: String,
    /// Its Ed25519 public key, hexadecimal: its chain heads and its hand-overs are checked with it.
    pub public_key: String,
    /// Its `age` recipient (X25519): hand-overs for it are encrypted to this.
    pub recipient: String,
    /// To whom it was given.
    pub person: PersonId,
    /// The person's name.
    pub person_name: String,
    /// The person's function.
    pub function: String,
    /// The person's organisation.
    pub organisation: OrganisationCode,
    /// The organisation's name.
    pub organisation_name: String,
    /// The person's role.
    pub role: Role,
    /// When it was given, by the backend's clock.
    pub at: DateTime<FixedOffset>,
    /// Ed25519 (RFC 8032) of the backend over [`DeviceCertificate::statement`], hexadecimal.
    pub signature: String,
}

impl fmt::Debug for DeviceCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceCertificate")
            .field("device", &self.device)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The device of which a certificate speaks.
#[derive(Clone, Copy, Debug)]
pub struct CertifiedDevice<'a> {
    /// Its id.
    pub device: DeviceId,
    /// Its name.
    pub name: &'a str,
    /// Its key.
    pub public_key: &'a VerifyingKey,
    /// Its `age` recipient.
    pub recipient: &'a str,
}

impl DeviceCertificate {
    /// Signs a certificate with the backend's key. Line breaks and other control characters in names become spaces, so
    /// that every line of the signed text is one field.
    pub fn sign(
        device: CertifiedDevice<'_>,
        person: &PersonCard,
        at: DateTime<FixedOffset>,
        backend_key: &SigningKey,
    ) -> Self {
        let mut certificate = Self {
            device: device.device,
            name: one_line(device.name),
            public_key: hex::encode(device.public_key.to_bytes()),
            recipient: one_line(device.recipient),
            person: person.person,
            person_name: one_line(&person.name),
            function: one_line(&person.function),
            organisation: OrganisationCode(one_line(&person.organisation.0)),
            organisation_name: one_line(&person.organisation_name),
            role: person.role,
            at,
            signature: String::new(),
        };
        let signature = backend_key.sign(certificate.statement().as_bytes());
        certificate.signature = hex::encode(signature.to_bytes());
        certificate
    }

    /// The exact text that is signed: twelve lines that an outsider can rebuild from the fields.
    pub fn statement(&self) -> String {
        [
            "veldboek-device-1",
            &self.device.to_string(),
            &self.name,
            &self.public_key,
            &self.recipient,
            &self.person.to_string(),
            &self.person_name,
            &self.function,
            &self.organisation.0,
            &self.organisation_name,
            self.role.word(),
            &self.at.to_rfc3339_opts(SecondsFormat::Millis, false),
        ]
        .join("\n")
    }

    /// Whether the backend with this key gave it.
    pub fn verify(&self, backend_key: &VerifyingKey) -> bool {
        let mut bytes = [0u8; 64];
        self.is_one_line_each()
            && hex::decode_to_slice(&self.signature, &mut bytes).is_ok()
            && backend_key.verify(self.statement().as_bytes(), &Signature::from_bytes(&bytes)).is_ok()
    }

    /// The device's key; none when it can't be read.
    pub fn key(&self) -> Option<VerifyingKey> {
        let mut bytes = [0u8; 32];
        hex::decode_to_slice(&self.public_key, &mut bytes).ok()?;
        VerifyingKey::from_bytes(&bytes).ok()
    }

    /// The person as a team knows them. Pass number and partner are not in a certificate.
    pub fn card(&self) -> PersonCard {
        PersonCard {
            person: self.person,
            name: self.person_name.clone(),
            organisation: self.organisation.clone(),
            organisation_name: self.organisation_name.clone(),
            function: self.function.clone(),
            role: self.role,
            pass_number: String::new(),
            partner: String::new(),
        }
    }

    /// A field with a line break could pass for two.
    fn is_one_line_each(&self) -> bool {
        let texts = [
            &self.name,
            &self.public_key,
            &self.recipient,
            &self.person_name,
            &self.function,
            &self.organisation.0,
            &self.organisation_name,
        ];
        texts.iter().all(|text| !text.contains(char::is_control))
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> (DeviceCertificate, SigningKey) {
        let (backend, device) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let id = |number| uuid::Uuid::from_u64_pair(0, number);
        let person = PersonCard {
            person: PersonId(id(2)),
            name: "Ș. Munteanu".to_owned(),
            organisation: "od-nhn".into(),
            organisation_name: "OD NHN".to_owned(),
            function: "toezichthouder\nmilieu".to_owned(),
            role: Role::Inspector,
            pass_number: "123".to_owned(),
            partner: String::new(),
        };
        let at = DateTime::parse_from_rfc3339("2026-11-19T09:00:00+01:00").unwrap();
        let (device_id, public_key) = (DeviceId(id(1)), device.verifying_key());
        let device =
            CertifiedDevice { device: device_id, name: "ODN-02", public_key: &public_key, recipient: "age1example" };
        (DeviceCertificate::sign(device, &person, at, &backend), backend)
    }

    #[test]
    fn a_certificate_holds_for_its_own_backend_and_as_it_was_signed() {
        let (certificate, backend) = signed();
        assert!(certificate.verify(&backend.verifying_key()));
        assert_eq!(certificate.statement().lines().count(), 12, "a line for each field, whatever is typed in a name");
        assert!(!certificate.verify(&SigningKey::from_bytes(&[3; 32]).verifying_key()), "another backend");
        let mut raised = certificate.clone();
        raised.role = Role::InvestigatingOfficer;
        assert!(!raised.verify(&backend.verifying_key()), "another role");
        let mut moved = certificate.clone();
        moved.name = format!("{}\n{}", certificate.name, certificate.public_key);
        assert!(!moved.verify(&backend.verifying_key()), "a name of two lines");
    }

    #[test]
    fn a_certificate_travels_as_json() {
        let (certificate, _) = signed();
        let json = serde_json::to_string(&certificate).unwrap();
        assert_eq!(serde_json::from_str::<DeviceCertificate>(&json).unwrap(), certificate);
    }
}
