//! Carries a conversation over a line: bytes in, bytes out, and a sign of life when there is nothing to say.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::conversation::Conversation;
use super::message::{Frames, Message};
use super::talk::Holdings;

/// After so long without a word a device says that the line still stands.
const ALIVE_EVERY: Duration = Duration::from_secs(4);
/// A line on which nothing comes for so long is gone, as is one that takes nothing.
const SILENCE: Duration = Duration::from_secs(20);
/// How long the last word may take to arrive.
const LAST_WORD: Duration = Duration::from_secs(2);
const BUFFER: usize = 64 * 1024;

/// A conversation that several may touch: the line, and the commands of a person.
pub struct Carried<H: Holdings> {
    conversation: Mutex<Conversation<H>>,
    news: Notify,
}

impl<H: Holdings> Carried<H> {
    /// A conversation that is to be carried.
    pub fn new(conversation: Conversation<H>) -> Self {
        Self { conversation: Mutex::new(conversation), news: Notify::new() }
    }

    /// Works with it, and lets the line say what came of that.
    pub fn with<T>(&self, work: impl FnOnce(&mut Conversation<H>) -> T) -> T {
        let done = work(&mut self.lock());
        self.news.notify_one();
        done
    }

    /// Looks at it.
    pub fn look<T>(&self, look: impl FnOnce(&Conversation<H>) -> T) -> T {
        look(&self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Conversation<H>> {
        // Each holder leaves it whole; what a panicking one left is no worse than a cut.
        self.conversation.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Carries a conversation to its end. How it ended is in it; `changed` is called after everything that was heard or said.
pub async fn carry<H, S>(line: S, shared: &Carried<H>, changed: impl Fn())
where
    H: Holdings,
    S: AsyncRead + AsyncWrite,
{
    let (mut reader, mut writer) = tokio::io::split(line);
    let hearing = async {
        hear(&mut reader, shared, &changed).await;
        // What is still to be said is said before the line goes.
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = say(&mut writer, shared, &changed) => {}
        () = hearing => {}
    }
    // A line that is closed over unread bytes takes the last word with it: read until the other side closes as well.
    let _ = timeout(LAST_WORD, writer.shutdown()).await;
    let mut rest = vec![0; BUFFER];
    let drained = async { while let Ok(1..) = reader.read(&mut rest).await {} };
    let _ = timeout(LAST_WORD, drained).await;
    changed();
}

async fn hear<H: Holdings>(reader: &mut (impl AsyncRead + Unpin), shared: &Carried<H>, changed: &impl Fn()) {
    let mut frames = Frames::default();
    let mut buffer = vec![0; BUFFER];
    loop {
        let Ok(Ok(read @ 1..)) = timeout(SILENCE, reader.read(&mut buffer)).await else {
            return shared.with(Conversation::hear_cut);
        };
        frames.push(&buffer[..read]);
        loop {
            match frames.next_message() {
                Ok(Some(message)) => shared.with(|conversation| conversation.hear(message)),
                Ok(None) => break,
                Err(_) => shared.with(Conversation::hear_garbage),
            }
            changed();
            if shared.look(|conversation| conversation.ended().is_some()) {
                return;
            }
            // Between two messages the other half has its turn.
            tokio::task::yield_now().await;
        }
    }
}

async fn say<H: Holdings>(writer: &mut (impl AsyncWrite + Unpin), shared: &Carried<H>, changed: &impl Fn()) {
    loop {
        let (message, is_over) = {
            let mut conversation = shared.lock();
            let message = conversation.say();
            (message, conversation.ended().is_some())
        };
        match message {
            Some(message) => {
                if !send(writer, &message).await {
                    return shared.with(Conversation::hear_cut);
                }
                changed();
            }
            None if is_over => return,
            None => {
                let waited = timeout(ALIVE_EVERY, shared.news.notified()).await;
                if waited.is_err() && !send(writer, &Message::Alive).await {
                    return shared.with(Conversation::hear_cut);
                }
            }
        }
    }
}

async fn send(writer: &mut (impl AsyncWrite + Unpin), message: &Message) -> bool {
    // What this device itself makes too large would be refused by the other: to the conversation the line is gone.
    let Ok(frame) = message.frame() else { return false };
    let sent = timeout(SILENCE, async {
        writer.write_all(&frame).await?;
        writer.flush().await
    });
    matches!(sent.await, Ok(Ok(())))
}
