//! The one catalogue of everything that can go wrong for who calls the backend: RFC 9457 problem+json, each with a
//! number, a stable code and a Dutch text that says what happened, what it means and what to do.

use std::borrow::Cow;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::storage::StorageError;

macro_rules! problems {
    ($($number:literal $status:literal $code:literal $name:ident, $title:literal, $detail:literal;)+) => {
        /// A kind of failure. Only kinds that occur stand here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind {
            $(#[doc = $title] $name,)+
        }

        impl Kind {
            /// The whole catalogue, by number.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The number by which people can name it on the phone.
            pub fn number(self) -> u16 {
                match self { $(Self::$name => $number,)+ }
            }

            /// The HTTP status.
            pub fn status(self) -> StatusCode {
                let status = match self { $(Self::$name => $status,)+ };
                StatusCode::from_u16(status).expect("the catalogue has statuses between 400 and 599")
            }

            /// The stable code for programs.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The title.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }

            /// What happened, what it means, what to do.
            pub fn detail(self) -> &'static str {
                match self { $(Self::$name => $detail,)+ }
            }
        }
    };
}

problems! {
    101 400 "onleesbare-invoer" UnreadableInput, "De invoer is niet te lezen",
        "De gegevens in het verzoek hebben niet de vorm die hier hoort. Er is niets opgeslagen. Werk de app bij; blijft het zo, geef dan dit nummer door aan de beheerder.";
    102 400 "onleesbaar-adres" UnreadableAddress, "Het adres van het verzoek is niet te lezen",
        "Een nummer of code in het adres heeft niet de goede vorm. Er is niets opgeslagen. Ga terug naar de lijst en open het onderdeel opnieuw.";
    103 400 "onleesbare-records" UnreadableRecords, "De wijzigingen zijn niet te lezen",
        "De wijzigingen zijn onderweg beschadigd of door een andere versie gemaakt. Er is niets opgeslagen en op het apparaat is niets weg. De app probeert het opnieuw.";
    104 413 "te-groot" TooLarge, "Het verzoek is te groot",
        "Er kwam meer dan in één verzoek mag. Er is niets opgeslagen. De app stuurt het in kleinere delen.";
    105 415 "verkeerd-mediatype" WrongMediaType, "Dit soort gegevens wordt hier niet aangenomen",
        "Het verzoek noemt een ander soort gegevens dan hier hoort. Er is niets opgeslagen. Werk de app bij.";
    106 400 "protocol-te-nieuw" ProtocolTooNew, "De app is nieuwer dan dit systeem",
        "De app spreekt een nieuwere versie van de synchronisatie dan NHVeilig. Er is niets opgeslagen en op het apparaat is niets weg. Vraag de beheerder om NHVeilig bij te werken.";
    107 404 "bestaat-niet" NoSuchAddress, "Dit adres bestaat niet",
        "Op dit adres is niets te vinden. Kijk het adres na of begin bij het startscherm.";
    108 405 "methode-bestaat-niet" NoSuchMethod, "Dit kan op dit adres niet",
        "Op dit adres is deze handeling niet mogelijk. Er is niets opgeslagen. Werk de app bij.";

    201 401 "niet-aangemeld" NotSignedIn, "U bent niet aangemeld",
        "De aanmelding ontbreekt of is verlopen. Wat u had ingevuld is hier niet opgeslagen. Meld u opnieuw aan; op een tablet doet de app dat zelf.";
    202 403 "apparaat-geblokkeerd" DeviceBlocked, "Dit apparaat is geblokkeerd",
        "De beheerder heeft dit apparaat geblokkeerd. Er gaat niets meer heen en weer; wat op het apparaat staat blijft daar. Bel de beheerder als u het apparaat terug hebt.";
    203 403 "code-klopt-niet" WrongCode, "De code klopt niet",
        "De code is onbekend, al gebruikt of verlopen. Het apparaat is niet aangemeld. Kijk of u de code goed hebt overgenomen of vraag de beheerder om een nieuwe.";
    204 409 "apparaat-bestaat-al" DeviceTaken, "Dit apparaat is al aangemeld",
        "Er is al een apparaat met dit kenmerk, met een andere sleutel of eigenaar. Het apparaat is niet opnieuw aangemeld. Vraag de beheerder om het oude te blokkeren en begin op het apparaat opnieuw.";
    205 401 "uitdaging-verlopen" ChallengeExpired, "De aanmelding duurde te lang",
        "De uitdaging om te ondertekenen is onbekend, al gebruikt of verlopen. Er is geen sessie. De app vraagt een nieuwe.";
    206 401 "handtekening-klopt-niet" WrongSignature, "De handtekening van het apparaat klopt niet",
        "De aanmelding is niet ondertekend met de sleutel van dit apparaat. Er is geen sessie. Meld het apparaat opnieuw aan met een code van de beheerder.";
    207 400 "sleutel-onleesbaar" UnreadableKey, "De sleutel van het apparaat is niet te lezen",
        "De sleutel heeft niet de goede vorm. Het apparaat is niet aangemeld. Werk de app bij.";
    208 401 "aanmelden-mislukt" SignInFailed, "Aanmelden is niet gelukt",
        "De naam of het wachtwoord klopt niet. U bent niet aangemeld. Probeer het opnieuw of vraag de beheerder om een nieuw wachtwoord.";
    209 429 "te-veel-pogingen" TooManyTries, "Te veel pogingen achter elkaar",
        "Er is te vaak achter elkaar een verkeerde code of een verkeerd wachtwoord gegeven. Aanmelden kan even niet. Wacht het aantal seconden dat hierbij staat en probeer het dan opnieuw.";
    210 403 "verzoek-van-elders" ForeignRequest, "Dit verzoek komt niet van het bureau zelf",
        "Een andere website probeerde iets namens u te doen, of de pagina is verouderd. Er is niets opgeslagen. Laad de pagina opnieuw.";
    211 403 "geen-recht" NotAllowed, "Dit mag u met uw rol niet",
        "Uw rol geeft geen recht op deze handeling. Er is niets opgeslagen. Vraag de beheerder als dit wel uw werk is.";
    212 404 "apparaat-onbekend" UnknownDevice, "Dit apparaat is niet bekend",
        "Er is geen apparaat met dit kenmerk. Er is niets veranderd. Ververs de lijst met apparaten.";

    301 404 "controle-onbekend" UnknownInspection, "Deze controle is niet te vinden",
        "De controle bestaat niet, of u mag haar niet zien. Ga terug naar de werkvoorraad en ververs de lijst.";
    302 409 "beoordelen-kan-niet" NotReviewable, "Deze controle kan nu niet worden beoordeeld",
        "Alleen een controle die de toezichthouder heeft ingediend kan worden beoordeeld. Uw beoordeling is niet opgeslagen. Ververs de controle; misschien beoordeelde een collega haar net.";
    303 409 "verschillen-open" DifferencesOpen, "Er zijn nog verschillen",
        "Twee mensen hebben op dezelfde plek iets anders ingevuld en niemand heeft gekozen. Akkoord is niet opgeslagen. Stuur de controle terug naar het team.";
    304 400 "plan-onvolledig" IncompletePlan, "De controle kan zo niet worden gepland",
        "Een adres, een gemeente of een checklist ontbreekt of is onbekend. Er is niets gepland. Vul aan wat ontbreekt.";
    305 400 "persoon-onbekend" UnknownPerson, "Deze persoon is niet bekend",
        "Er is iemand gekozen die hier niet bestaat of dit werk niet doet. Er is niets opgeslagen. Ververs de lijst met mensen en kies opnieuw.";
    306 409 "nog-geen-rapport" NoReport, "Van deze controle is nog geen rapport te maken",
        "Gegevens die in elk rapport moeten staan ontbreken nog. Er is niets gemaakt en niets weg. Kijk bij de controle wat nog open staat.";
    307 400 "opmerking-ontbreekt" NoteMissing, "Schrijf wat het team moet doen",
        "Een controle gaat alleen terug met een opmerking, zodat het team weet wat er moet gebeuren. Er is niets opgeslagen. Schrijf een opmerking en stuur opnieuw.";
    308 409 "accountnaam-bestaat-al" AccountTaken, "Deze accountnaam is al van iemand",
        "Er is al een account met deze naam. De persoon is niet toegevoegd. Kies een andere accountnaam.";
    309 400 "persoon-onvolledig" IncompletePerson, "De gegevens van deze persoon zijn niet volledig",
        "De naam, de functie of de organisatie ontbreekt of heeft niet de goede vorm. Er is niets opgeslagen. Vul aan wat ontbreekt.";

    401 404 "foto-onbekend" UnknownPhoto, "Deze foto is niet te vinden",
        "De foto is hier nog niet, of u mag haar niet zien. Op het apparaat blijft de foto staan. Wacht tot het apparaat heeft gesynchroniseerd.";
    402 413 "foto-te-groot" PhotoTooLarge, "De foto is te groot",
        "Een foto mag hier hoogstens 64 MiB zijn. De foto is niet opgeslagen en staat nog op het apparaat. Maak een nieuwe foto met een lagere resolutie.";
    403 412 "tus-versie" TusVersion, "Deze versie van het uploaden wordt niet gesproken",
        "Het verzoek noemt niet tus 1.0.0. Er is niets opgeslagen. Werk de app bij.";
    404 400 "onleesbare-fotokop" UnreadablePhotoHead, "De gegevens bij de foto zijn niet te lezen",
        "Een kopregel van de upload ontbreekt of heeft niet de goede vorm. Er is niets opgeslagen en de foto staat nog op het apparaat. Werk de app bij.";
    405 409 "verkeerde-plek" WrongOffset, "De upload gaat op een andere plek verder",
        "Hier staan meer of minder bytes dan het apparaat dacht. Er is niets bij geschreven. De app vraagt hoe ver de foto is en gaat daar verder.";
    406 404 "upload-onbekend" UnknownUpload, "Deze upload is er niet meer",
        "De upload is onbekend, afgebroken of niet van u. De foto staat nog op het apparaat. De app begint de upload opnieuw.";
    407 460 "deel-beschadigd" ChunkDamaged, "Een deel van de foto is onderweg beschadigd",
        "De bytes passen niet bij het controlegetal dat erbij stond. Het deel is niet bewaard. De app stuurt het opnieuw.";
    408 422 "foto-klopt-niet" PhotoDamaged, "De foto heeft niet het goede zegel",
        "De hele foto is aangekomen, maar de SHA-256 is niet die van het record. De upload is weggegooid en de foto staat nog op het apparaat. De app begint opnieuw; blijft het zo, dan is het bestand op het apparaat beschadigd.";
    409 415 "verkeerd-fotobericht" WrongPhotoMediaType, "Dit soort bericht hoort niet bij een foto",
        "De bytes van een foto komen als application/offset+octet-stream. Er is niets opgeslagen. Werk de app bij.";
    410 403 "stroom-niet-toegestaan" StreamNotAllowed, "De foto hoort niet bij een controle van u",
        "De controle waar de foto bij hoort is hier onbekend, of u doet er niet aan mee. De foto staat nog op het apparaat. Synchroniseer eerst de controle zelf.";
    411 410 "upload-verlopen" UploadExpired, "Deze upload is verlopen",
        "De upload lag te lang stil en is weggegooid. De foto staat nog op het apparaat. De app begint de upload opnieuw.";
    412 400 "geen-voorbeeld" NoPreview, "Dit is geen kleine versie van een foto",
        "Een kleine versie is een JPEG van hoogstens 256 KiB. Er is niets opgeslagen; de foto zelf komt later gewoon. Werk de app bij.";

    501 507 "schijf-vol" DiskFull, "Bij NHVeilig is de schijf vol",
        "Er is geen ruimte meer om op te slaan. Er is niets half opgeslagen en op het apparaat is niets weg. Waarschuw de beheerder; de app probeert het later opnieuw.";
    502 500 "storing" Internal, "Er is iets misgegaan bij NHVeilig",
        "Door een storing is het verzoek niet uitgevoerd. Er is niets half opgeslagen en op het apparaat is niets weg. Probeer het straks opnieuw en geef het verzoeknummer door aan de beheerder.";
    503 503 "niet-gereed" NotReady, "NHVeilig is nu niet bereikbaar",
        "Het systeem kan op dit moment niet opslaan. Er is niets weg. Probeer het straks opnieuw; waarschuw de beheerder als het blijft.";
}

/// A failure on its way to who asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    kind: Kind,
    reason: Option<Cow<'static, str>>,
    retry_after: Option<u64>,
}

impl Problem {
    /// Of this kind.
    pub fn new(kind: Kind) -> Self {
        Self { kind, reason: None, retry_after: None }
    }

    /// With what exactly was wrong, for who mends it. Never with what somebody typed.
    #[must_use]
    pub fn because(mut self, reason: impl Into<Cow<'static, str>>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// With the number of seconds after which it can be tried again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }
}

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        Self::new(kind)
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Full => Kind::DiskFull.into(),
            StorageError::Failed(_) | StorageError::Unreadable(_) => {
                tracing::error!(%error, "storage failed");
                Kind::Internal.into()
            }
        }
    }
}

/// What goes over the line: RFC 9457 with number and code.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// A URI that names the kind.
    #[serde(rename = "type")]
    #[schema(example = "urn:veldboek:probleem:101")]
    kind: String,
    /// The kind in a few words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What happened, what it means, what to do.
    detail: &'static str,
    /// The number in the catalogue.
    number: u16,
    /// The stable code.
    code: &'static str,
    /// What exactly was wrong, for who mends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Cow<'static, str>>,
}

impl From<&Problem> for ProblemDocument {
    fn from(problem: &Problem) -> Self {
        let kind = problem.kind;
        Self {
            kind: format!("urn:veldboek:probleem:{}", kind.number()),
            title: kind.title(),
            status: kind.status().as_u16(),
            detail: kind.detail(),
            number: kind.number(),
            code: kind.code(),
            reason: problem.reason.clone(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.kind.status(), Json(ProblemDocument::from(&self))).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_its_own_number_and_code_in_ascending_order() {
        assert!(Kind::ALL.windows(2).all(|pair| pair[0].number() < pair[1].number()));
        let mut codes: Vec<_> = Kind::ALL.iter().map(|kind| kind.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Kind::ALL.len());
    }

    #[test]
    fn every_text_says_what_happened_what_it_means_and_what_to_do() {
        for kind in Kind::ALL {
            assert!(kind.detail().split_terminator(['.', ';']).count() >= 2, "{}", kind.code());
            assert!(kind.status().is_client_error() || kind.status().is_server_error());
        }
    }
}
