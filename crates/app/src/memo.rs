//! What was read from the store for a screen, kept while nothing is written.

use std::sync::Arc;

use veldboek_store::Store;

use crate::error::AppError;

/// Something that was read, with the store's count of changes at that moment.
pub(crate) struct Memo<T>(Option<(u64, Arc<T>)>);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Memo<T> {
    /// As it was read last; read now, if something was written since.
    pub(crate) fn or_read(
        &mut self,
        store: &Store,
        read: impl FnOnce(&Store) -> Result<T, AppError>,
    ) -> Result<Arc<T>, AppError> {
        let at = store.changes()?;
        match &self.0 {
            Some((then, kept)) if *then == at => Ok(Arc::clone(kept)),
            _ => {
                let fresh = Arc::new(read(store)?);
                self.0 = Some((at, Arc::clone(&fresh)));
                Ok(fresh)
            }
        }
    }
}
