//! Lines as they are made: to a device that was found or whose address was typed, and from who asks for one.

use std::net::SocketAddr;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::timeout;
use veldboek_sync::nearby::finding::Finder;
use veldboek_sync::nearby::greeting::Line;
use veldboek_sync::nearby::message::{Message, Reason};
use veldboek_sync::nearby::tls::{Endpoint, Stream};

use super::{Nearby, NearbyError};
use crate::api::NearbyConnect;
use crate::app::{App, lock};

/// How long a line may take to be made.
const CONNECT_WITHIN: Duration = Duration::from_secs(8);
/// How many may be making a line at the same time.
const LINES_AT_ONCE: usize = 4;
/// How long to wait after no line could be taken: what stands in the way may pass.
const AGAIN_AFTER: Duration = Duration::from_millis(250);

/// The addresses of the device that is meant.
pub(super) fn addresses_of(nearby: &Nearby, request: NearbyConnect) -> Result<Vec<SocketAddr>, NearbyError> {
    match request {
        NearbyConnect::Name { name } => {
            let found = nearby.finder.as_ref().map(Finder::found).unwrap_or_default();
            let one = found.into_iter().find(|one| one.name == name).ok_or(NearbyError::NotThere)?;
            Ok(one.addresses)
        }
        NearbyConnect::Address { address } => {
            let address: SocketAddr = address.trim().parse().map_err(|_| NearbyError::Address)?;
            Ok(vec![address])
        }
    }
}

/// Makes a line to the first of these addresses that answers.
pub(super) async fn open_one(endpoint: &Endpoint, addresses: &[SocketAddr]) -> Result<(Stream, Line), NearbyError> {
    let mut last = NearbyError::NotThere;
    for address in addresses {
        last = match timeout(CONNECT_WITHIN, endpoint.open(*address)).await {
            Ok(Ok(line)) => return Ok(line),
            Ok(Err(error)) => error.into(),
            Err(_) => NearbyError::Unreachable("it took too long".to_owned()),
        };
    }
    Err(last)
}

/// Answers who asks for a line, a few at a time, for as long as this device listens.
pub(super) async fn accept(listener: TcpListener, endpoint: Endpoint, app: Weak<App>) {
    let places = Arc::new(tokio::sync::Semaphore::new(LINES_AT_ONCE));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((tcp, _)) = listener.accept().await else {
            tokio::time::sleep(AGAIN_AFTER).await;
            continue;
        };
        let (endpoint, app) = (endpoint.clone(), app.clone());
        tokio::spawn(async move {
            let answered = timeout(CONNECT_WITHIN, endpoint.answer(tcp)).await;
            drop(place);
            let (Ok(Ok((stream, line))), Some(app)) = (answered, app.upgrade()) else { return };
            if app.is_talking() {
                turn_away(stream).await;
            } else {
                // Who is locked or has just begun to talk does not answer.
                let _ = app.talk(stream, line);
            }
        });
    }
}

impl App {
    fn is_talking(&self) -> bool {
        let nearby = lock(&self.nearby);
        let talks = |nearby: &Nearby| nearby.connecting || nearby.partner.as_ref().is_some_and(|one| !one.has_ended());
        nearby.as_ref().is_some_and(talks)
    }
}

/// Says that this device is talking to another one.
async fn turn_away(mut stream: Stream) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let frame = Message::Bye(Reason::Busy).frame().expect("a last word is short");
    let said = async {
        stream.write_all(&frame).await?;
        stream.shutdown().await?;
        let mut rest = [0; 1024];
        while stream.read(&mut rest).await? > 0 {}
        Ok::<(), std::io::Error>(())
    };
    // Who does not listen misses nothing.
    let _ = timeout(CONNECT_WITHIN, said).await;
}
