//! One conversation from its first word to its last: the greeting, and then the exchange.

use std::collections::VecDeque;

use veldboek_domain::{DeviceCertificate, InspectionId};

use super::code::{Code, Nonce};
use super::greeting::{Greeting, Knowledge, Line};
use super::message::{Message, Reason};
use super::talk::{Holdings, Talk, Trouble};

/// How a conversation ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ended<E> {
    /// Both sides have everything.
    Done,
    /// This side ended it.
    Here(Reason),
    /// The other side ended it.
    There(Reason),
    /// The line broke. What came stays.
    Cut,
    /// This device's storage failed. What came stays.
    Storage(E),
}

/// Where a conversation is.
#[derive(Debug)]
enum Stage {
    Greeting(Box<Greeting>),
    Talk(Box<Talk>),
}

/// A conversation at one end, over what its device holds.
#[derive(Debug)]
pub struct Conversation<H: Holdings> {
    stage: Stage,
    holdings: H,
    out: VecDeque<Message>,
    ended: Option<Ended<H::Error>>,
}

impl<H: Holdings> Conversation<H> {
    /// Begins on a line that stands, with a random number for this line alone.
    pub fn begin(line: Line, knowledge: Knowledge, nonce: Nonce, holdings: H) -> Self {
        let (greeting, first) = Greeting::begin(line, knowledge, nonce);
        Self { stage: Stage::Greeting(Box::new(greeting)), holdings, out: first.into(), ended: None }
    }

    /// Hears a message. Whatever is wrong with it is in [`Conversation::ended`].
    pub fn hear(&mut self, message: Message) {
        if self.ended.is_some() {
            return;
        }
        match message {
            Message::Alive => {}
            Message::Bye(reason) => self.ended = Some(Ended::There(reason)),
            message => match &mut self.stage {
                Stage::Greeting(greeting) => match greeting.hear(message) {
                    Ok(answers) => {
                        self.out.extend(answers);
                        self.go_on();
                    }
                    Err(reason) => self.end(reason),
                },
                Stage::Talk(talk) => {
                    if let Err(trouble) = talk.hear(message, &mut self.holdings) {
                        self.trouble(trouble);
                    }
                    self.finish();
                }
            },
        }
    }

    /// What came over the line is no message.
    pub fn hear_garbage(&mut self) {
        self.end(Reason::Unreadable);
    }

    /// The line broke.
    pub fn hear_cut(&mut self) {
        self.ended.get_or_insert(Ended::Cut);
    }

    /// The next thing to say; none when there is nothing until more is heard or chosen.
    pub fn say(&mut self) -> Option<Message> {
        if let Some(message) = self.out.pop_front() {
            return Some(message);
        }
        let Stage::Talk(talk) = &mut self.stage else { return None };
        if self.ended.is_some() {
            return None;
        }
        let said = talk.say(&mut self.holdings);
        match said {
            Ok(message) => {
                self.finish();
                message
            }
            Err(trouble) => {
                self.trouble(trouble);
                self.out.pop_front()
            }
        }
    }

    fn finish(&mut self) {
        if let Stage::Talk(talk) = &self.stage
            && talk.is_done()
        {
            self.ended.get_or_insert(Ended::Done);
        }
    }

    fn trouble(&mut self, trouble: Trouble<H::Error>) {
        match trouble {
            Trouble::Peer(reason) => self.end(reason),
            Trouble::Storage(error) => {
                self.out.push_back(Message::Bye(Reason::Storage));
                self.ended.get_or_insert(Ended::Storage(error));
            }
        }
    }

    /// Ends it, and tells the other side why. What came stays.
    pub fn end(&mut self, reason: Reason) {
        if self.ended.is_none() {
            self.out.clear();
            self.out.push_back(Message::Bye(reason));
            self.ended = Some(Ended::Here(reason));
        }
    }

    /// The person compared the codes. Nothing of a controle goes over before both saw the same one.
    pub fn compared(&mut self, same: bool) {
        let Stage::Greeting(greeting) = &mut self.stage else { return };
        if !same {
            return self.end(Reason::OtherCode);
        }
        self.out.extend(greeting.say_same());
        self.go_on();
    }

    /// Both agreed: the exchange begins.
    fn go_on(&mut self) {
        let Stage::Greeting(greeting) = &self.stage else { return };
        let Some(peer) = greeting.agreed().cloned() else { return };
        match Talk::begin(peer, &mut self.holdings) {
            Ok(talk) => self.stage = Stage::Talk(Box::new(talk)),
            Err(error) => self.trouble(Trouble::Storage(error)),
        }
    }

    /// The person chose what is to be exchanged.
    pub fn start(&mut self, inspections: impl IntoIterator<Item = InspectionId>) {
        if let Stage::Talk(talk) = &mut self.stage {
            talk.start(inspections);
        }
    }

    /// Photos wait, or go on.
    pub fn pause(&mut self, paused: bool) {
        if let Stage::Talk(talk) = &mut self.stage {
            talk.pause(paused);
        }
    }

    /// The code to compare, while it is to be compared.
    pub fn code(&self) -> Option<Code> {
        match &self.stage {
            Stage::Greeting(greeting) => greeting.code(),
            Stage::Talk(_) => None,
        }
    }

    /// Whether this person said that the codes are the same.
    pub fn said_same(&self) -> bool {
        matches!(&self.stage, Stage::Greeting(greeting) if greeting.said_same())
    }

    /// Who is at the other end, once that was checked.
    pub fn peer(&self) -> Option<&DeviceCertificate> {
        match &self.stage {
            Stage::Greeting(greeting) => greeting.peer(),
            Stage::Talk(talk) => Some(talk.peer()),
        }
    }

    /// The exchange, once both people agreed.
    pub fn talk(&self) -> Option<&Talk> {
        match &self.stage {
            Stage::Greeting(_) => None,
            Stage::Talk(talk) => Some(talk),
        }
    }

    /// What this device holds, and noted of what it took.
    pub fn holdings(&self) -> &H {
        &self.holdings
    }

    /// How it ended; none while it goes on.
    pub fn ended(&self) -> Option<&Ended<H::Error>> {
        self.ended.as_ref()
    }
}
