//! How two devices come to trust a line: whose they are, and the same code on both screens.
//!
//! ```text
//! opener                          answerer
//! Hello ------------------------->          checks the certificate
//!        <------------------------- Hello
//!        <------------------------- Commitment
//! Nonce ------------------------->
//!        <------------------------- Nonce    both now show the code
//! Same  <----------------------->  Same      each when its person saw the same one
//! ```
//!
//! The side that asked for the line says first who it is: who only listens tells nobody its name.

use ed25519_dalek::VerifyingKey;
use veldboek_domain::{DeviceCertificate, DeviceId};

use super::code::{Binding, Code, Nonce};
use super::message::{FORMAT, Hello, Message, Reason};

/// Which side of the line a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// It opened the line.
    Opener,
    /// It listened, and answers.
    Answerer,
}

/// What is known of a line that stands and of the device at this end.
#[derive(Clone, Debug)]
pub struct Line {
    /// Which side this device is.
    pub side: Side,
    /// What both ends know of the session.
    pub binding: Binding,
    /// The key with which the other end authenticated itself.
    pub peer_key: VerifyingKey,
}

/// What is known at this end before anything is said.
#[derive(Clone, Debug)]
pub struct Knowledge {
    /// The backend's word about this device.
    pub own: DeviceCertificate,
    /// The key of this device's backend.
    pub backend_key: VerifyingKey,
    /// Devices of which this one heard that they were blocked.
    pub blocked: Vec<DeviceId>,
}

/// The greeting of one end. It knows no sockets: messages go in and come out.
#[derive(Debug)]
pub struct Greeting {
    line: Line,
    knowledge: Knowledge,
    nonce: Nonce,
    turn: Turn,
    peer: Option<DeviceCertificate>,
    code: Option<Code>,
    said_same: bool,
    heard_same: bool,
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Hello,
    Commitment,
    Nonce(Option<veldboek_domain::Digest>),
    Same,
}

impl Greeting {
    /// Begins, with a random number for this line alone. What is to be said first comes back.
    pub fn begin(line: Line, knowledge: Knowledge, nonce: Nonce) -> (Self, Vec<Message>) {
        let greeting = Self {
            line,
            knowledge,
            nonce,
            turn: Turn::Hello,
            peer: None,
            code: None,
            said_same: false,
            heard_same: false,
        };
        let first = match greeting.line.side {
            Side::Opener => vec![greeting.hello()],
            Side::Answerer => Vec::new(),
        };
        (greeting, first)
    }

    /// Hears a message; what is to be answered comes back.
    ///
    /// # Errors
    /// Why the conversation is over.
    pub fn hear(&mut self, message: Message) -> Result<Vec<Message>, Reason> {
        match (self.turn, self.line.side, message) {
            (Turn::Hello, side, Message::Hello(hello)) => {
                self.check(&hello)?;
                self.peer = Some(hello.certificate);
                Ok(self.after_hello(side))
            }
            (Turn::Commitment, Side::Opener, Message::Commitment(commitment)) => {
                self.turn = Turn::Nonce(Some(commitment));
                Ok(vec![Message::Nonce(self.nonce)])
            }
            (Turn::Nonce(Some(commitment)), Side::Opener, Message::Nonce(nonce)) => {
                if self.line.binding.commitment(&nonce) != commitment {
                    return Err(Reason::OtherCode);
                }
                self.know(self.line.binding.code(&self.nonce, &nonce));
                Ok(Vec::new())
            }
            (Turn::Nonce(None), Side::Answerer, Message::Nonce(nonce)) => {
                self.know(self.line.binding.code(&nonce, &self.nonce));
                Ok(vec![Message::Nonce(self.nonce)])
            }
            (Turn::Same, _, Message::Same) if !self.heard_same => {
                self.heard_same = true;
                Ok(Vec::new())
            }
            _ => Err(Reason::Unreadable),
        }
    }

    fn hello(&self) -> Message {
        Message::Hello(Box::new(Hello { format: FORMAT, certificate: self.knowledge.own.clone() }))
    }

    fn after_hello(&mut self, side: Side) -> Vec<Message> {
        match side {
            Side::Opener => {
                self.turn = Turn::Commitment;
                Vec::new()
            }
            Side::Answerer => {
                self.turn = Turn::Nonce(None);
                vec![self.hello(), Message::Commitment(self.line.binding.commitment(&self.nonce))]
            }
        }
    }

    /// The certificate must be the backend's, of the very key of the line, and not of a device that was blocked.
    fn check(&self, hello: &Hello) -> Result<(), Reason> {
        let certificate = &hello.certificate;
        if hello.format != FORMAT {
            return Err(Reason::Version);
        }
        let is_of_line = certificate.key() == Some(self.line.peer_key);
        if !is_of_line || !certificate.verify(&self.knowledge.backend_key) {
            return Err(Reason::Stranger);
        }
        if certificate.device == self.knowledge.own.device {
            return Err(Reason::Stranger);
        }
        if self.knowledge.blocked.contains(&certificate.device) {
            return Err(Reason::Blocked);
        }
        Ok(())
    }

    fn know(&mut self, code: Code) {
        self.code = Some(code);
        self.turn = Turn::Same;
    }

    /// The person at this end saw the same code; none when there is no code to see yet, or it was said before.
    pub fn say_same(&mut self) -> Option<Message> {
        if self.code.is_none() || self.said_same {
            return None;
        }
        self.said_same = true;
        Some(Message::Same)
    }

    /// The code, once it is known.
    pub fn code(&self) -> Option<Code> {
        self.code
    }

    /// Who is at the other end, once that was checked.
    pub fn peer(&self) -> Option<&DeviceCertificate> {
        self.peer.as_ref()
    }

    /// Whether the person at this end said that the codes are the same.
    pub fn said_same(&self) -> bool {
        self.said_same
    }

    /// Who is at the other end, once both people said that the codes are the same.
    pub fn agreed(&self) -> Option<&DeviceCertificate> {
        self.peer.as_ref().filter(|_| self.said_same && self.heard_same)
    }
}
