/** The types that cross between the screens and the program behind them, generated from Rust. */
export type * from './generated/contract';

/** An id: a UUIDv7 as text. */
export type Uuid = string;
