//! Server-sent events: that there is something new, never what.

use std::collections::HashSet;
use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use veldboek_domain::{InspectionId, StreamId, StreamKind};
use veldboek_sync::server::Peer;

use crate::auth::Reader;
use crate::problem::{Problem, ProblemDocument};
use crate::state::AppState;
use crate::storage::News;
use std::sync::Arc;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(events))
}

/// Somebody who listens.
struct Listener {
    state: AppState,
    peer: Peer,
    readable: HashSet<StreamId>,
    news: Receiver<Arc<News>>,
    stopping: tokio::sync::watch::Receiver<bool>,
}

/// Meldt dat er iets nieuws is (`nieuw` met het laatste nummer) in wat deze sessie mag lezen, en dat iemand een controle
/// opende of verliet (`aanwezigheid` met de controle).
#[utoipa::path(get, path = "/v1/gebeurtenissen", tag = "records", operation_id = "volgGebeurtenissen",
    security(("apparaat" = []), ("bureau" = [])),
    responses((status = 200, body = String, content_type = "text/event-stream"), (status = "4XX", body = ProblemDocument, content_type = "application/problem+json")))]
async fn events(
    State(state): State<AppState>,
    reader: Reader,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    // Listening comes before looking, so that nothing falls in between.
    let news = state.listen();
    let peer = reader.peer;
    let readable = readable(&state, &peer).await?;
    let stopping = state.stopping();
    let listener = Listener { state, peer, readable, news, stopping };
    Ok(Sse::new(unfold(listener, next)).keep_alive(KeepAlive::default()))
}

async fn readable(state: &AppState, peer: &Peer) -> Result<HashSet<StreamId>, Problem> {
    let peer = peer.clone();
    state.ask(move |storage| Ok(storage.readable(&peer)?.into_iter().collect())).await
}

async fn next(mut listener: Listener) -> Option<(Result<Event, Infallible>, Listener)> {
    loop {
        let news = tokio::select! {
            news = listener.news.recv() => news,
            _ = listener.stopping.wait_for(|stopping| *stopping) => return None,
        };
        let event = match news {
            Ok(news) => match seen(&listener, &news) {
                Some(inspection) => Some(Event::default().event("aanwezigheid").data(inspection.to_string())),
                None => heard(&mut listener, &news).await.map(new),
            },
            // Some news was missed: there is something new for certain, and the device asks what.
            Err(RecvError::Lagged(_)) => Some(new(0)),
            Err(RecvError::Closed) => return None,
        };
        if let Some(event) = event {
            return Some((Ok(event), listener));
        }
    }
}

fn new(number: u64) -> Event {
    Event::default().event("nieuw").data(number.to_string())
}

/// The controle that somebody opened or left, when this listener may read its team's stream.
fn seen(listener: &Listener, news: &News) -> Option<InspectionId> {
    let reviews = listener.peer.role.reviews();
    let may = |(_, stream): &&(InspectionId, StreamId)| reviews || listener.readable.contains(stream);
    news.looked_at.iter().find(may).map(|(inspection, _)| *inspection)
}

/// The last number that this listener may hear of; none when the news is not for them.
async fn heard(listener: &mut Listener, news: &News) -> Option<u64> {
    let concerns_me = news.people.contains(&listener.peer.person);
    if concerns_me {
        listener.readable = readable(&listener.state, &listener.peer).await.ok()?;
    }
    let reviews = listener.peer.role.reviews();
    let mine = news
        .streams
        .iter()
        .filter(|(stream, kind, _)| listener.readable.contains(stream) || (reviews && *kind == StreamKind::Team));
    mine.map(|(_, _, n)| *n).max().or(concerns_me.then_some(0))
}
