//! People, devices, accounts and sessions.

use ed25519_dalek::VerifyingKey;
use rusqlite::{Connection, OptionalExtension, Row, params};
use veldboek_domain::{DeviceId, Digest, OrganisationCode, PersonCard, PersonId};

use super::{Embedded, uuid_at};
use crate::storage::{
    Account, Device, Enrolled, NewDevice, PeopleStorage, SessionOf, StorageError, TeamDevice, Tries, role_named,
    role_word,
};

const PERSON: &str = "p.person, p.name, p.organisation, o.name, p.function, p.role, p.pass_number, p.partner";

/// A person's columns; the role still as its word.
fn person_at(row: &Row<'_>) -> rusqlite::Result<(PersonCard, String)> {
    let card = PersonCard {
        person: PersonId(uuid_at(row, 0)?),
        name: row.get(1)?,
        organisation: OrganisationCode(row.get(2)?),
        organisation_name: row.get(3)?,
        function: row.get(4)?,
        role: veldboek_domain::Role::RegionalReader,
        pass_number: row.get(6)?,
        partner: row.get(7)?,
    };
    Ok((card, row.get(5)?))
}

fn with_role((mut card, word): (PersonCard, String)) -> Result<PersonCard, StorageError> {
    card.role = role_named(&word).ok_or(StorageError::Unreadable("a role"))?;
    Ok(card)
}

fn person_of(connection: &Connection, person: PersonId) -> Result<Option<PersonCard>, StorageError> {
    connection
        .prepare_cached(&format!(
            "SELECT {PERSON} FROM people p JOIN organisations o ON o.code = p.organisation WHERE p.person = ?1"
        ))?
        .query_row([person.0.as_bytes()], person_at)
        .optional()?
        .map(with_role)
        .transpose()
}

const DEVICE: &str = "device, name, person, public_key, enrolled_at, blocked_at IS NOT NULL";

fn device_at(row: &Row<'_>) -> rusqlite::Result<(DeviceId, String, PersonId, [u8; 32], i64, bool)> {
    Ok((DeviceId(uuid_at(row, 0)?), row.get(1)?, PersonId(uuid_at(row, 2)?), row.get(3)?, row.get(4)?, row.get(5)?))
}

fn device_of(
    (device, name, person, key, enrolled_at, blocked): (DeviceId, String, PersonId, [u8; 32], i64, bool),
) -> Result<Device, StorageError> {
    let public_key = VerifyingKey::from_bytes(&key).map_err(|_| StorageError::Unreadable("a device's key"))?;
    Ok(Device { device, name, person, public_key, enrolled_at, blocked })
}

/// Letters and digits that can't be mistaken for each other.
const SUFFIX: &[u8] = b"ABCDEFGHKLMNPRSTUVWXZ23456789";

/// The two characters of the `count`th device: a letter and a letter or digit, spread so that neighbours look different;
/// a third when those are used up.
fn suffix(count: usize) -> String {
    let letters = 21;
    let pairs = letters * SUFFIX.len();
    let spread = (count % pairs) * 254 % pairs;
    let mut text: String =
        [SUFFIX[spread / SUFFIX.len()], SUFFIX[spread % SUFFIX.len()]].into_iter().map(char::from).collect();
    let round = count / pairs;
    if round > 0 {
        text.push(char::from(SUFFIX[round % SUFFIX.len()]));
    }
    text
}

impl PeopleStorage for Embedded {
    fn put_person(&self, person: &PersonCard) -> Result<(), StorageError> {
        self.transact(|connection| {
            connection.execute(
                "INSERT INTO organisations (code, name) VALUES (?1, ?2) ON CONFLICT (code) DO UPDATE SET name = ?2",
                [&person.organisation.0, &person.organisation_name],
            )?;
            connection.execute(
                "INSERT INTO people (person, name, organisation, function, role, pass_number, partner) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (person) DO UPDATE \
                 SET name = ?2, organisation = ?3, function = ?4, role = ?5, pass_number = ?6, partner = ?7",
                params![
                    person.person.0.as_bytes(),
                    person.name,
                    person.organisation.0,
                    person.function,
                    role_word(person.role),
                    person.pass_number,
                    person.partner
                ],
            )?;
            Ok(())
        })
    }

    fn person(&self, person: PersonId) -> Result<Option<PersonCard>, StorageError> {
        self.read(|connection| person_of(connection, person))
    }

    fn people(&self) -> Result<Vec<PersonCard>, StorageError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {PERSON} FROM people p JOIN organisations o ON o.code = p.organisation ORDER BY p.name, p.person"
            ))?;
            let rows = statement.query_map([], person_at)?;
            rows.map(|row| with_role(row?)).collect()
        })
    }

    fn devices(&self) -> Result<Vec<Device>, StorageError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached(&format!("SELECT {DEVICE} FROM devices ORDER BY name, device"))?;
            let rows = statement.query_map([], device_at)?;
            rows.map(|row| device_of(row?)).collect()
        })
    }

    fn put_account(&self, name: &str, account: &Account) -> Result<(), StorageError> {
        self.transact(|connection| {
            connection.execute(
                "INSERT OR REPLACE INTO accounts (name, person, password) VALUES (?1, ?2, ?3)",
                params![name, account.person.0.as_bytes(), account.password],
            )?;
            Ok(())
        })
    }

    fn account(&self, name: &str) -> Result<Option<Account>, StorageError> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached("SELECT person, password FROM accounts WHERE name = ?1")?
                .query_row([name], |row| Ok(Account { person: PersonId(uuid_at(row, 0)?), password: row.get(1)? }))
                .optional()?)
        })
    }

    fn put_code(&self, code: Digest, person: PersonId, expires_at: i64) -> Result<(), StorageError> {
        self.transact(|connection| {
            connection.execute(
                "INSERT INTO enrolment_codes (code, person, expires_at) VALUES (?1, ?2, ?3)",
                params![code.0, person.0.as_bytes(), expires_at],
            )?;
            Ok(())
        })
    }

    fn enrol(&self, code: Digest, device: &NewDevice, now: i64) -> Result<Enrolled, StorageError> {
        self.transact(|connection| {
            let found = connection
                .prepare_cached("SELECT person, expires_at, used_at FROM enrolment_codes WHERE code = ?1")?
                .query_row([code.0], |row| {
                    Ok((PersonId(uuid_at(row, 0)?), row.get::<_, i64>(1)?, row.get::<_, Option<i64>>(2)?))
                })
                .optional()?;
            let Some((person, expires_at, used_at)) = found else { return Ok(Enrolled::WrongCode) };
            let Some(card) = person_of(connection, person)? else { return Ok(Enrolled::WrongCode) };
            let known = connection
                .prepare_cached("SELECT public_key, person, suffix FROM devices WHERE device = ?1")?
                .query_row([device.device.0.as_bytes()], |row| {
                    Ok((row.get::<_, [u8; 32]>(0)?, PersonId(uuid_at(row, 1)?), row.get::<_, String>(2)?))
                })
                .optional()?;
            if let Some((key, owner, suffix)) = known {
                let same = key == device.public_key.to_bytes() && owner == person;
                return Ok(if same { Enrolled::Done { person: card, suffix } } else { Enrolled::Taken });
            }
            if used_at.is_some() || expires_at <= now {
                return Ok(Enrolled::WrongCode);
            }
            let count: i64 = connection.query_row("SELECT count(*) FROM devices", [], |row| row.get(0))?;
            let suffix = suffix(usize::try_from(count).unwrap_or(0));
            connection.execute(
                "INSERT INTO devices (device, person, name, public_key, suffix, enrolled_at, recipient) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    device.device.0.as_bytes(),
                    person.0.as_bytes(),
                    device.name,
                    device.public_key.to_bytes(),
                    suffix,
                    now,
                    device.recipient
                ],
            )?;
            connection.execute("UPDATE enrolment_codes SET used_at = ?2 WHERE code = ?1", params![code.0, now])?;
            Ok(Enrolled::Done { person: card, suffix })
        })
    }

    fn device(&self, device: DeviceId) -> Result<Option<Device>, StorageError> {
        self.read(|connection| {
            connection
                .prepare_cached(&format!("SELECT {DEVICE} FROM devices WHERE device = ?1"))?
                .query_row([device.0.as_bytes()], device_at)
                .optional()?
                .map(device_of)
                .transpose()
        })
    }

    fn put_recipient(&self, device: DeviceId, recipient: &str) -> Result<(), StorageError> {
        self.transact(|connection| {
            connection.execute(
                "UPDATE devices SET recipient = ?2 WHERE device = ?1 AND recipient <> ?2",
                params![device.0.as_bytes(), recipient],
            )?;
            Ok(())
        })
    }

    fn team_devices(&self, person: PersonId) -> Result<Vec<TeamDevice>, StorageError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {DEVICE}, recipient FROM devices WHERE recipient <> '' AND person IN \
                 (SELECT t.person FROM members t JOIN members m ON m.inspection = t.inspection \
                  WHERE m.person = ?1 AND m.active AND t.active) ORDER BY name, device"
            ))?;
            let rows =
                statement.query_map([person.0.as_bytes()], |row| Ok((device_at(row)?, row.get::<_, String>(6)?)))?;
            let mut found = Vec::new();
            for row in rows {
                let (device, recipient) = row?;
                let Device { device, name, person, public_key, blocked, .. } = device_of(device)?;
                if let Some(person) = person_of(connection, person)? {
                    let device = NewDevice { device, name, public_key, recipient };
                    found.push(TeamDevice { device, person, blocked });
                }
            }
            Ok(found)
        })
    }

    fn block_device(&self, device: DeviceId, now: i64) -> Result<bool, StorageError> {
        self.transact(|connection| {
            let changed = connection.execute(
                "UPDATE devices SET blocked_at = coalesce(blocked_at, ?2) WHERE device = ?1",
                params![device.0.as_bytes(), now],
            )?;
            Ok(changed > 0)
        })
    }

    fn put_challenge(
        &self,
        challenge: Digest,
        device: DeviceId,
        expires_at: i64,
        now: i64,
    ) -> Result<(), StorageError> {
        self.transact_lazily(|connection| {
            connection.prepare_cached("DELETE FROM challenges WHERE expires_at <= ?1")?.execute([now])?;
            connection
                .prepare_cached("INSERT INTO challenges (challenge, device, expires_at) VALUES (?1, ?2, ?3)")?
                .execute(params![challenge.0, device.0.as_bytes(), expires_at])?;
            Ok(())
        })
    }

    fn take_challenge(&self, challenge: Digest, device: DeviceId, now: i64) -> Result<bool, StorageError> {
        self.transact_lazily(|connection| {
            let taken = connection
                .prepare_cached("DELETE FROM challenges WHERE challenge = ?1 AND device = ?2 AND expires_at > ?3")?
                .execute(params![challenge.0, device.0.as_bytes(), now])?;
            Ok(taken > 0)
        })
    }

    fn put_session(
        &self,
        token: Digest,
        person: PersonId,
        device: Option<DeviceId>,
        expires_at: i64,
        now: i64,
    ) -> Result<(), StorageError> {
        self.transact_lazily(|connection| {
            connection.prepare_cached("DELETE FROM sessions WHERE expires_at <= ?1")?.execute([now])?;
            connection
                .prepare_cached("INSERT INTO sessions (token, person, device, expires_at) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![
                    token.0,
                    person.0.as_bytes(),
                    device.as_ref().map(|device| device.0.as_bytes()),
                    expires_at
                ])?;
            Ok(())
        })
    }

    fn session(&self, token: Digest, now: i64) -> Result<Option<SessionOf>, StorageError> {
        let writes = self.quiet.writes();
        self.read(|connection| {
            let found = connection
                .prepare_cached(
                    "SELECT s.person, s.device, d.blocked_at IS NOT NULL, s.expires_at FROM sessions s \
                     LEFT JOIN devices d ON d.device = s.device WHERE s.token = ?1 AND s.expires_at > ?2",
                )?
                .query_row(params![token.0, now], |row| {
                    let device = row.get::<_, Option<[u8; 16]>>(1)?;
                    Ok((PersonId(uuid_at(row, 0)?), device, row.get::<_, bool>(2)?, row.get(3)?))
                })
                .optional()?;
            let Some((person, device, blocked, expires_at)) = found else { return Ok(None) };
            let Some(person) = person_of(connection, person)? else { return Ok(None) };
            let device = device.map(|bytes| DeviceId(uuid::Uuid::from_bytes(bytes)));
            let session = SessionOf { person, device, blocked };
            self.quiet.keep_session(writes, token, &session, expires_at);
            Ok(Some(session))
        })
    }

    fn remembered_session(&self, token: Digest, now: i64) -> Option<SessionOf> {
        self.quiet.session(&token, now)
    }

    fn end_session(&self, token: Digest) -> Result<(), StorageError> {
        self.transact(|connection| {
            connection.prepare_cached("DELETE FROM sessions WHERE token = ?1")?.execute([token.0])?;
            Ok(())
        })
    }

    fn tries(&self, subject: Digest) -> Result<Tries, StorageError> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached("SELECT wrong, last_at FROM tries WHERE subject = ?1")?
                .query_row([subject.0], |row| Ok(Tries { wrong: row.get(0)?, last_at: row.get(1)? }))
                .optional()?
                .unwrap_or_default())
        })
    }

    fn count_try(&self, subject: Digest, now: i64) -> Result<(), StorageError> {
        self.transact(|connection| {
            connection.execute(
                "INSERT INTO tries (subject, wrong, last_at) VALUES (?1, 1, ?2) \
                 ON CONFLICT (subject) DO UPDATE SET wrong = wrong + 1, last_at = ?2",
                params![subject.0, now],
            )?;
            Ok(())
        })
    }

    fn forget_tries(&self, subject: Digest) -> Result<(), StorageError> {
        self.transact(|connection| {
            connection.execute("DELETE FROM tries WHERE subject = ?1", [subject.0])?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_devices_get_the_same_suffix() {
        let all: HashSet<String> = (0..5_000).map(suffix).collect();
        assert_eq!(all.len(), 5_000);
        assert!((0..600).all(|count| suffix(count).len() == 2));
    }
}
