//! The network as the operating system knows it. The window has an adapter; there may be none.

/// What the operating system says of the connection.
pub trait Connection: Send + Sync {
    /// Whether somebody pays for what goes over it, as with mobile data; false when the operating system does not know.
    fn is_metered(&self) -> bool;
}
