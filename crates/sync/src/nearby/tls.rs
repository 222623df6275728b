//! The TLS 1.3 line between two devices: both show a certificate that they made themselves with the key that they were
//! enrolled with, and each takes the other's key from it.
//!
//! Nothing is believed of such a certificate but that the other end holds its key. Whose key that is, the backend's word
//! says ([`super::greeting`]).

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use ed25519_dalek::pkcs8::{DecodePublicKey, EncodePrivateKey};
use ed25519_dalek::{SigningKey, VerifyingKey};
use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme,
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, TlsConnector, TlsStream};

use super::code::Binding;
use super::greeting::{Line, Side};

/// What both ends say that they speak; another program is refused in the handshake.
const SPEAKS: &[u8] = b"veldboek-nearby/1";
/// The exporter's label: of this protocol alone.
const EXPORTER: &[u8] = b"EXPORTER-veldboek-nearby-1";
/// TLS wants a name; nothing is known by it, and it is not sent.
const NAME: &str = "veldboek";

/// A line that stands.
pub type Stream = TlsStream<TcpStream>;

/// Why there is no line.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// Nothing answers there, or the connection broke.
    #[error("there is no connection: {0}")]
    Io(#[from] io::Error),
    /// What answers there is no device with this app.
    #[error("the other end is no device with this app: {0}")]
    Foreign(#[source] io::Error),
    /// This device's own key can't be used.
    #[error("this device's key can't be used for a line: {0}")]
    Key(String),
}

/// A device at its end of lines.
#[derive(Clone)]
pub struct Endpoint {
    key: VerifyingKey,
    acceptor: TlsAcceptor,
    connector: TlsConnector,
}

impl Endpoint {
    /// An endpoint with the key that the device was enrolled with.
    ///
    /// # Errors
    /// [`TlsError::Key`].
    pub fn of(key: &SigningKey) -> Result<Self, TlsError> {
        let unusable = |error: &dyn std::fmt::Display| TlsError::Key(error.to_string());
        let pkcs8 = key.to_pkcs8_der().map_err(|error| unusable(&error))?;
        let private = PrivatePkcs8KeyDer::from(pkcs8.as_bytes());
        let pair = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&private, &rcgen::PKCS_ED25519)
            .map_err(|error| unusable(&error))?;
        let mut params = rcgen::CertificateParams::default();
        // A certificate that says nothing of the device, its person or the day.
        params.distinguished_name = rcgen::DistinguishedName::new();
        let certificate = params.self_signed(&pair).map_err(|error| unusable(&error))?.der().clone();
        let private = || PrivateKeyDer::Pkcs8(private.clone_key());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier = Arc::new(KeyHolder(provider.signature_verification_algorithms));
        let server = server(provider.clone(), verifier.clone(), certificate.clone(), private());
        let client = client(provider, verifier, certificate, private());
        Ok(Self {
            key: key.verifying_key(),
            acceptor: TlsAcceptor::from(Arc::new(server.map_err(|error| unusable(&error))?)),
            connector: TlsConnector::from(Arc::new(client.map_err(|error| unusable(&error))?)),
        })
    }

    /// Opens a line to an address.
    ///
    /// # Errors
    /// A [`TlsError`].
    pub async fn open(&self, address: SocketAddr) -> Result<(Stream, Line), TlsError> {
        let tcp = TcpStream::connect(address).await?;
        tcp.set_nodelay(true)?;
        let name = ServerName::try_from(NAME).expect("it is a name");
        let stream = TlsStream::from(self.connector.connect(name, tcp).await.map_err(handshake)?);
        self.line(stream, Side::Opener)
    }

    /// Answers who opened a line.
    ///
    /// # Errors
    /// A [`TlsError`].
    pub async fn answer(&self, tcp: TcpStream) -> Result<(Stream, Line), TlsError> {
        tcp.set_nodelay(true)?;
        let stream = TlsStream::from(self.acceptor.accept(tcp).await.map_err(handshake)?);
        self.line(stream, Side::Answerer)
    }

    fn line(&self, stream: Stream, side: Side) -> Result<(Stream, Line), TlsError> {
        let foreign = |error: Error| TlsError::Foreign(io::Error::other(error));
        let (_, session) = stream.get_ref();
        let certificate = session.peer_certificates().and_then(<[_]>::first);
        let peer_key = certificate.ok_or(Error::NoCertificatesPresented).and_then(key_of).map_err(foreign)?;
        let exporter = match &stream {
            TlsStream::Client(stream) => stream.get_ref().1.export_keying_material([0; 32], EXPORTER, None),
            TlsStream::Server(stream) => stream.get_ref().1.export_keying_material([0; 32], EXPORTER, None),
        };
        let (own, peer) = (self.key.to_bytes(), peer_key.to_bytes());
        let (opener, answerer) = if side == Side::Opener { (own, peer) } else { (peer, own) };
        let binding = Binding { exporter: exporter.map_err(foreign)?, opener, answerer };
        Ok((stream, Line { side, binding, peer_key }))
    }
}

/// What breaks a handshake: who speaks another language, or a line that is gone.
fn handshake(error: io::Error) -> TlsError {
    match error.kind() {
        io::ErrorKind::InvalidData => TlsError::Foreign(error),
        _ => TlsError::Io(error),
    }
}

fn server(
    provider: Arc<CryptoProvider>,
    verifier: Arc<KeyHolder>,
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, Error> {
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![certificate], key)?;
    config.alpn_protocols = vec![SPEAKS.to_vec()];
    // A resumed session would show no certificate.
    config.send_tls13_tickets = 0;
    Ok(config)
}

fn client(
    provider: Arc<CryptoProvider>,
    verifier: Arc<KeyHolder>,
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
) -> Result<ClientConfig, Error> {
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_client_auth_cert(vec![certificate], key)?;
    config.alpn_protocols = vec![SPEAKS.to_vec()];
    config.resumption = Resumption::disabled();
    config.enable_sni = false;
    Ok(config)
}

/// The Ed25519 key in a certificate.
fn key_of(certificate: &CertificateDer<'_>) -> Result<VerifyingKey, Error> {
    let key = ParsedCertificate::try_from(certificate)?.subject_public_key_info();
    VerifyingKey::from_public_key_der(&key).map_err(|_| CertificateError::BadEncoding.into())
}

/// Looks that the other end holds the key of the certificate that it shows, by rustls' own check of the handshake's
/// signature, and at nothing else: there is no authority above two devices in a barn.
#[derive(Debug)]
struct KeyHolder(WebPkiSupportedAlgorithms);

impl KeyHolder {
    fn holds(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.0)
    }
}

/// Nothing older than TLS 1.3 is spoken.
fn too_old() -> Error {
    Error::General("only TLS 1.3 is spoken here".to_owned())
}

impl ServerCertVerifier for KeyHolder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        key_of(end_entity).map(|_| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(too_old())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.holds(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }
}

impl ClientCertVerifier for KeyHolder {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        key_of(end_entity).map(|_| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(too_old())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.holds(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }
}
