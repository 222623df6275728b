//! A Pratt parser: each operator binds as strongly as [`Operator::strength`](super::Operator) says.

use super::lexer::{Kind, Token, tokens};
use super::{Expr, Node, Operator, SyntaxError};

/// Nesting beyond this is refused: no author writes it, and no text may exhaust the stack.
const DEEPEST: usize = 60;

/// More tokens than this are refused: each operator in a row makes the tree one deeper.
const LONGEST: usize = 1500;

/// How strongly a minus in front binds: stronger than `*`, weaker than `|`.
const MINUS: u8 = 7;

pub(super) fn parse(source: &str) -> Result<Node, SyntaxError> {
    let characters: Vec<char> = source.chars().collect();
    let tokens = tokens(&characters)?;
    if let Some(beyond) = tokens.get(LONGEST) {
        return Err(SyntaxError { at: beyond.at, message: "zij is te lang".to_owned() });
    }
    let mut parser = Parser { characters: &characters, tokens: &tokens, next: 0, depth: 0 };
    let node = parser.expression(0)?;
    match parser.peek() {
        None => Ok(node),
        Some(_) => Err(parser.misplaced()),
    }
}

struct Parser<'a> {
    characters: &'a [char],
    tokens: &'a [Token],
    next: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Kind> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    fn ahead(&self) -> Option<&Kind> {
        self.tokens.get(self.next + 1).map(|token| &token.kind)
    }

    /// Where the next token starts, or the text ends.
    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.characters.len(), |token| token.at)
    }

    fn take(&mut self, wanted: &Kind) -> bool {
        let found = self.peek() == Some(wanted);
        self.next += usize::from(found);
        found
    }

    fn need(&mut self, wanted: &Kind, message: &str) -> Result<(), SyntaxError> {
        if self.take(wanted) { Ok(()) } else { Err(SyntaxError { at: self.at(), message: message.to_owned() }) }
    }

    fn misplaced(&self) -> SyntaxError {
        let message = match self.tokens.get(self.next) {
            None if self.characters.iter().all(|letter| letter.is_whitespace()) => "er staat niets".to_owned(),
            None => "zij houdt te vroeg op".to_owned(),
            Some(token) => {
                let piece: String = self.characters[token.at..token.end].iter().collect();
                format!("`{piece}` staat hier verkeerd")
            }
        };
        SyntaxError { at: self.at(), message }
    }

    fn expression(&mut self, weakest: u8) -> Result<Node, SyntaxError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(SyntaxError { at: self.at(), message: "zij is te diep genest".to_owned() });
        }
        let mut left = self.piece()?;
        while let Some(Kind::Operator(operator)) = self.peek() {
            let operator = *operator;
            if operator.strength() <= weakest {
                break;
            }
            self.next += 1;
            let right = self.expression(operator.strength())?;
            let at = left.at;
            left = Node { expr: Expr::Binary(operator, Box::new(left), Box::new(right)), at };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn piece(&mut self) -> Result<Node, SyntaxError> {
        let at = self.at();
        let node = |expr| Ok(Node { expr, at });
        match self.peek() {
            Some(Kind::Operator(Operator::Minus)) => {
                self.next += 1;
                let inner = self.expression(MINUS)?;
                node(Expr::Negate(Box::new(inner)))
            }
            Some(Kind::Number(value)) => {
                let value = *value;
                self.next += 1;
                node(Expr::Number(value))
            }
            Some(Kind::Text(text)) => {
                let text = text.clone();
                self.next += 1;
                node(Expr::Text(text))
            }
            Some(Kind::Reference(name)) => {
                let name = name.clone();
                self.next += 1;
                self.path_behind(at, Expr::Reference(name))
            }
            Some(Kind::Open) => {
                self.next += 1;
                let inner = self.expression(0)?;
                self.need(&Kind::Close, "er ontbreekt een `)`")?;
                self.path_behind(at, inner.expr)
            }
            Some(Kind::Name(name)) if self.ahead() == Some(&Kind::Open) => {
                let name = name.clone();
                self.next += 2;
                let arguments = self.arguments()?;
                self.path_behind(at, Expr::Call(name, arguments))
            }
            Some(Kind::Dot) if !matches!(self.ahead(), Some(Kind::Slash | Kind::DoubleSlash)) => {
                self.next += 1;
                node(Expr::Current)
            }
            Some(
                Kind::Name(_) | Kind::Star | Kind::At | Kind::Dot | Kind::DotDot | Kind::Slash | Kind::DoubleSlash,
            ) => {
                let first = self.next;
                self.take_separator();
                self.steps()?;
                let sibling = match &self.tokens[first..self.next] {
                    [up, slash, name] if up.kind == Kind::DotDot && slash.kind == Kind::Slash => match &name.kind {
                        Kind::Name(name) => Some(name.clone()),
                        _ => None,
                    },
                    _ => None,
                };
                node(sibling.map_or_else(|| Expr::Path(self.written_since(at)), Expr::Sibling))
            }
            _ => Err(self.misplaced()),
        }
    }

    fn arguments(&mut self) -> Result<Vec<Node>, SyntaxError> {
        let mut arguments = Vec::new();
        if self.take(&Kind::Close) {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression(0)?);
            if self.take(&Kind::Close) {
                return Ok(arguments);
            }
            if !self.take(&Kind::Comma) {
                return Err(match self.peek() {
                    None => SyntaxError { at: self.at(), message: "er ontbreekt een `)`".to_owned() },
                    Some(_) => self.misplaced(),
                });
            }
        }
    }

    /// What may follow a piece that yields nodes: `[…]` and further steps make it a path.
    fn path_behind(&mut self, at: usize, expr: Expr) -> Result<Node, SyntaxError> {
        if !matches!(self.peek(), Some(Kind::OpenBracket | Kind::Slash | Kind::DoubleSlash)) {
            return Ok(Node { expr, at });
        }
        self.predicates()?;
        if self.take_separator() {
            self.steps()?;
        }
        Ok(Node { expr: Expr::Path(self.written_since(at)), at })
    }

    fn take_separator(&mut self) -> bool {
        self.take(&Kind::Slash) || self.take(&Kind::DoubleSlash)
    }

    fn steps(&mut self) -> Result<(), SyntaxError> {
        loop {
            self.step()?;
            self.predicates()?;
            if !self.take_separator() {
                return Ok(());
            }
        }
    }

    fn step(&mut self) -> Result<(), SyntaxError> {
        if self.take(&Kind::Dot) || self.take(&Kind::DotDot) {
            return Ok(());
        }
        if matches!(self.peek(), Some(Kind::Name(_))) && self.ahead() == Some(&Kind::DoubleColon) {
            self.next += 2;
        } else {
            self.take(&Kind::At);
        }
        match self.peek() {
            Some(Kind::Name(_)) if self.ahead() == Some(&Kind::Open) => {
                // A test such as text() or node().
                self.next += 2;
                self.arguments().map(drop)
            }
            Some(Kind::Name(_) | Kind::Star | Kind::Reference(_)) => {
                self.next += 1;
                Ok(())
            }
            _ => Err(self.misplaced()),
        }
    }

    fn predicates(&mut self) -> Result<(), SyntaxError> {
        while self.take(&Kind::OpenBracket) {
            self.expression(0)?;
            self.need(&Kind::CloseBracket, "er ontbreekt een `]`")?;
        }
        Ok(())
    }

    fn written_since(&self, at: usize) -> String {
        let end = self.next.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(at, |token| token.end);
        self.characters[at..end].iter().collect()
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
