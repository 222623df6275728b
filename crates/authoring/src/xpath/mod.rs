//! The expressions of an XLSForm: XPath 1.0 as XLSForm uses it, with `${name}` for a question and `.` for the present one.
//!
//! Read by a lexer and a Pratt parser into a [`Node`]; what it means in a checklist is [`crate::import`]'s work. Longer
//! paths (`/data/x`, `../../x`, `instance('a')/…`) are read whole, so that they can be named, but have no parts here.
//!
//! Sources: <https://www.w3.org/TR/1999/REC-xpath-19991116/> (sections 3.1 to 3.7),
//! <https://xlsform.org/en/#formulas> and <https://getodk.github.io/xforms-spec/#xpath-functions>.

mod lexer;
mod parser;

/// A piece of an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub expr: Expr,
    /// Where it starts: characters from 0.
    pub at: usize,
}

/// What a piece can be.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A number.
    Number(f64),
    /// A text between quotes.
    Text(String),
    /// `${name}`.
    Reference(String),
    /// `../name`: a row of the same group.
    Sibling(String),
    /// `.`: the present question.
    Current,
    /// A function with its arguments.
    Call(String, Vec<Node>),
    /// Two pieces with an operator between them.
    Binary(Operator, Box<Node>, Box<Node>),
    /// A minus in front.
    Negate(Box<Node>),
    /// A path into the form or into other data, as it was written.
    Path(String),
}

/// An operator between two pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `or`
    Or,
    /// `and`
    And,
    /// `=`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `div`
    Divided,
    /// `mod`
    Remainder,
    /// `|`, which joins sets of nodes
    Union,
}

impl Operator {
    /// As it is written in XPath.
    pub fn written(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Divided => "div",
            Self::Remainder => "mod",
            Self::Union => "|",
        }
    }

    /// How strongly it binds, 1 is weakest; all are left-associative (XPath 1.0, 3.4 and 3.5).
    fn strength(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Equal | Self::Unequal => 3,
            Self::Less | Self::AtMost | Self::More | Self::AtLeast => 4,
            Self::Plus | Self::Minus => 5,
            Self::Times | Self::Divided | Self::Remainder => 6,
            Self::Union => 8,
        }
    }
}

/// Why an expression can't be read, in Dutch, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} (teken {})", at + 1)]
pub struct SyntaxError {
    /// Characters from 0.
    pub at: usize,
    /// What is wrong.
    pub message: String,
}

/// Reads an expression.
///
/// # Errors
/// The first thing that is wrong. Nested deeper than 60 levels or longer than 1500 tokens counts
/// as wrong, so that no text can exhaust the stack.
pub fn parse(source: &str) -> Result<Node, SyntaxError> {
    parser::parse(source)
}

impl Node {
    /// Every piece, this one first.
    pub fn pieces(&self) -> Vec<&Node> {
        let mut pieces = vec![self];
        match &self.expr {
            Expr::Call(_, arguments) => arguments.iter().for_each(|argument| pieces.extend(argument.pieces())),
            Expr::Binary(_, left, right) => {
                pieces.extend(left.pieces());
                pieces.extend(right.pieces());
            }
            Expr::Negate(inner) => pieces.extend(inner.pieces()),
            Expr::Number(_) | Expr::Text(_) | Expr::Reference(_) | Expr::Sibling(_) | Expr::Current | Expr::Path(_) => {
            }
        }
        pieces
    }

    /// The names between `${` and `}`, and those of rows beside the present one.
    pub fn references(&self) -> Vec<&str> {
        let names = self.pieces().into_iter().filter_map(|piece| match &piece.expr {
            Expr::Reference(name) | Expr::Sibling(name) => Some(name.as_str()),
            _ => None,
        });
        names.collect()
    }
}
