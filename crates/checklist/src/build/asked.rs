//! Which data about a person a Dutch text asks for: a list of words, matched as whole words.
//!
//! A list can't understand a sentence. It catches what authors write when they mean well; a lawyer and a privacy officer
//! still read every checklist. A word behind "geen" or "zonder" does not count: that text says what not to write down.

use crate::handling::PersonalData;

/// Words that ask wherever they stand.
const WORDS: &[(PersonalData, &str)] = &[
    (
        PersonalData::Name,
        "\
     naam namen voornaam voornamen achternaam achternamen roepnaam werknaam artiestennaam schuilnaam bijnaam \
     alias personalia persoonsgegevens initialen voorletters geboortedatum geboortejaar geboorteplaats woonadres \
     woonplaats",
    ),
    (
        PersonalData::Bsn,
        "\
     bsn burgerservicenummer sofinummer paspoortnummer documentnummer identiteitsnummer id-nummer \
     legitimatienummer rijbewijsnummer v-nummer vreemdelingennummer kenteken kentekens kentekennummer",
    ),
    (
        PersonalData::Telephone,
        "\
     telefoonnummer telefoonnummers mobielnummer 06-nummer kamernummer kamernummers e-mail email e-mailadres \
     emailadres mailadres whatsapp instagram snapchat gebruikersnaam accountnaam",
    ),
    (PersonalData::Photo, "gezicht gezichten gelaat portret portretfoto pasfoto pasfoto's selfie selfies"),
    (
        PersonalData::Nationality,
        "\
     nationaliteit nationaliteiten herkomst herkomstland afkomst etniciteit etnische etnisch geboorteland \
     huidskleur ras moedertaal",
    ),
    (
        PersonalData::Health,
        "\
     gezondheid gezondheidstoestand gezondheidsklachten ziek ziekte ziekten ziektes medisch medische medicijn \
     medicijnen medicatie zwanger zwangerschap soa soa's hiv verslaafd verslaving psychisch psychische handicap \
     letsel verwonding verwondingen",
    ),
    (
        PersonalData::Advertisement,
        "\
     advertentie advertenties advertentietekst advertentienummer advertentielink seksadvertentie seksadvertenties \
     datingprofiel",
    ),
];

/// Words that ask only where the answer can hold words, numbers or pictures.
const IN_FREE_ANSWERS: &[(PersonalData, &str)] = &[
    (PersonalData::Telephone, "telefoon mobiel account mail"),
    (PersonalData::Advertisement, "profiel"),
    (PersonalData::Nationality, "land"),
];

/// Who is on a photo, when it is of a person.
const PEOPLE: &str = "\
    persoon personen mens mensen vrouw vrouwen man mannen gast gasten bewoner bewoners dienstverlener \
    dienstverleners sekswerker sekswerkers betrokkene betrokkenen klant klanten haar hem hen";

/// Things that have a name or an origin without being a person.
const NO_PERSON: &str = "\
    organisatie bedrijf onderneming rechtspersoon hotel inrichting vennootschap bv stichting dienst gemeente \
    afdeling instelling straat stof stoffen geld goederen spullen melding stroom water afval";

const NEGATIONS: &str = "geen zonder nooit";

/// Words that may stand between "geen" and what must not be written, or between a name and whose it is.
const BETWEEN: &str = "de het een of en enkele enig van der die deze dit dat uw eigen ook";

/// The first data about a person that a text asks for, with the word; `free` when the answer can hold words, numbers or
/// pictures.
pub(super) fn asks_for(text: &str, free: bool, but: Option<PersonalData>) -> Option<(PersonalData, String)> {
    let words = words(text);
    let lists = WORDS.iter().chain(if free { IN_FREE_ANSWERS } else { &[] });
    let listed = lists.flat_map(|(kind, list)| list.split_whitespace().map(move |word| (*kind, word)));
    let listed: Vec<(PersonalData, &str)> = listed.filter(|(kind, _)| Some(*kind) != but).collect();
    let named = |word: &str| listed.iter().find(|(_, listed)| *listed == word).map(|(kind, _)| *kind);
    let any = |word: &str| named(word).is_some() || among(BETWEEN, word);
    for (place, word) in words.iter().enumerate() {
        let kind = match named(word) {
            Some(kind) => kind,
            None if but != Some(PersonalData::Photo) && photo_of_a_person(&words[place..]) => PersonalData::Photo,
            None => continue,
        };
        let negated =
            words[..place].iter().rev().find(|before| !any(before)).is_some_and(|word| among(NEGATIONS, word));
        let of_a_thing = words[place + 1..].iter().find(|after| !among(BETWEEN, after));
        let of_a_thing = matches!(kind, PersonalData::Name | PersonalData::Nationality)
            && of_a_thing.is_some_and(|after| among(NO_PERSON, after));
        if !negated && !of_a_thing {
            return Some((kind, word.clone()));
        }
    }
    None
}

fn among(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|one| one == word)
}

/// Whether words begin with "foto van" and a person.
fn photo_of_a_person(words: &[String]) -> bool {
    let is_photo = words.first().is_some_and(|word| matches!(word.as_str(), "foto" | "foto's" | "fotos"));
    is_photo
        && words.get(1).is_some_and(|word| word == "van")
        && words[2..].iter().find(|word| !among(BETWEEN, word)).is_some_and(|word| among(PEOPLE, word))
}

/// The words of a text in small letters; a sentence's end stands as a word of its own, so that "geen" does not reach over it.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for letter in text.to_lowercase().chars().chain([' ']) {
        if letter.is_alphanumeric() || (matches!(letter, '-' | '\'' | '’') && !word.is_empty()) {
            word.push(if letter == '’' { '\'' } else { letter });
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word).trim_end_matches(['-', '\'']).to_owned());
        }
        if matches!(letter, '.' | '?' | '!' | ';' | ':') {
            words.push(letter.to_string());
        }
    }
    words
}

/// The kind of data in Dutch, with its article.
pub(super) fn in_dutch(kind: PersonalData) -> &'static str {
    match kind {
        PersonalData::Name => "een naam",
        PersonalData::Bsn => "een nummer dat naar iemand leidt",
        PersonalData::Telephone => "een telefoon- of kamernummer",
        PersonalData::Photo => "een gezicht of een foto van iemand",
        PersonalData::Nationality => "nationaliteit of afkomst",
        PersonalData::Health => "gezondheid",
        PersonalData::Advertisement => "een advertentie",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str, free: bool) -> Option<PersonalData> {
        asks_for(text, free, None).map(|(kind, _)| kind)
    }

    #[test]
    fn every_kind_of_data_is_recognised_in_a_question() {
        for (text, kind) in [
            ("Wat is haar naam?", PersonalData::Name),
            ("Hoe heet zij: voornaam en leeftijd", PersonalData::Name),
            ("Noteer het BSN", PersonalData::Bsn),
            ("Kamernummer", PersonalData::Telephone),
            ("Welk telefoonnummer is gebeld?", PersonalData::Telephone),
            ("Foto van de vrouw", PersonalData::Photo),
            ("Is het gezicht te zien?", PersonalData::Photo),
            ("Uit welk land van herkomst?", PersonalData::Nationality),
            ("Nationaliteit", PersonalData::Nationality),
            ("Heeft zij medische klachten?", PersonalData::Health),
            ("Wat stond er in de advertentie?", PersonalData::Advertisement),
        ] {
            assert_eq!(asked(text, false), Some(kind), "{text}");
        }
    }

    #[test]
    fn what_a_text_says_not_to_write_down_is_no_question_for_it() {
        for text in [
            "Overlegd met de zorgcoördinator, zonder naam?",
            "Geen namen, geen BSN en geen telefoonnummer",
            "Zonder de naam of het telefoonnummer",
            "Geen naam of advertentie",
        ] {
            assert_eq!(asked(text, true), None, "{text}");
        }
        assert_eq!(asked("Geen paspoort? Schrijf dan de naam op", true), Some(PersonalData::Name));
        assert_eq!(asked("Is er geen papier, wat is dan haar naam", true), Some(PersonalData::Name));
    }

    #[test]
    fn words_that_only_hold_such_a_word_and_things_with_a_name_are_fine() {
        for text in [
            "Namens welke organisatie?",
            "Naam van de organisatie",
            "Wat is de naam van het hotel?",
            "Wat is de herkomst van het geld?",
            "Foto van de ruimte",
            "Hebt u via de telefoon een tolk gesproken?",
            "Hoeveel kamers zijn bezet?",
            "Hoeveel terras-plaatsen zijn er?",
        ] {
            assert_eq!(asked(text, false), None, "{text}");
        }
    }

    #[test]
    fn some_words_ask_only_where_the_answer_is_free() {
        assert_eq!(asked("Houdt een ander de telefoon vast?", false), None);
        assert_eq!(asked("Welke telefoon?", true), Some(PersonalData::Telephone));
    }

    #[test]
    fn a_recorded_ground_opens_one_kind_and_no_other() {
        assert!(asks_for("Naam en nationaliteit", true, Some(PersonalData::Name)).is_some());
        assert!(asks_for("Naam", true, Some(PersonalData::Name)).is_none());
    }
}
