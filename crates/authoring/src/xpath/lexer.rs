//! From text to tokens (XPath 1.0, 3.7).

use super::{Operator, SyntaxError};

/// A token with where it starts and ends, in characters.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: usize,
    pub(super) end: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Number(f64),
    Text(String),
    Reference(String),
    /// A name, of a function or a step of a path.
    Name(String),
    /// Also `*` between two pieces, and the words `and`, `or`, `div` and `mod` there.
    Operator(Operator),
    /// `*` as a step of a path.
    Star,
    Dot,
    DotDot,
    Slash,
    DoubleSlash,
    DoubleColon,
    At,
    Comma,
    Open,
    Close,
    OpenBracket,
    CloseBracket,
}

/// Splits a text into tokens.
pub(super) fn tokens(characters: &[char]) -> Result<Vec<Token>, SyntaxError> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(first) = characters.get(at) {
        if first.is_whitespace() {
            at += 1;
            continue;
        }
        let (kind, length) = token(characters, at, tokens.last())?;
        tokens.push(Token { kind, at, end: at + length });
        at += length;
    }
    Ok(tokens)
}

fn token(characters: &[char], at: usize, before: Option<&Token>) -> Result<(Kind, usize), SyntaxError> {
    let rest = &characters[at..];
    let second = rest.get(1).copied();
    let two = |kind: Kind| Ok((kind, 2));
    let one = |kind: Kind| Ok((kind, 1));
    match (rest[0], second) {
        ('$', Some('{')) => reference(rest, at),
        ('!', Some('=')) => two(Kind::Operator(Operator::Unequal)),
        ('<', Some('=')) => two(Kind::Operator(Operator::AtMost)),
        ('>', Some('=')) => two(Kind::Operator(Operator::AtLeast)),
        ('.', Some('.')) => two(Kind::DotDot),
        ('/', Some('/')) => two(Kind::DoubleSlash),
        (':', Some(':')) => two(Kind::DoubleColon),
        ('.', Some(digit)) if digit.is_ascii_digit() => number(rest, at),
        ('=', Some('=')) => Err(error(at, "`==` bestaat hier niet; is gelijk aan is één `=`")),
        ('&', _) => Err(error(at, "`&` bestaat hier niet; schrijf `and`")),
        ('=', _) => one(Kind::Operator(Operator::Equal)),
        ('<', _) => one(Kind::Operator(Operator::Less)),
        ('>', _) => one(Kind::Operator(Operator::More)),
        ('+', _) => one(Kind::Operator(Operator::Plus)),
        ('-', _) => one(Kind::Operator(Operator::Minus)),
        ('|', _) => one(Kind::Operator(Operator::Union)),
        ('*', _) if between(before) => one(Kind::Operator(Operator::Times)),
        ('*', _) => one(Kind::Star),
        ('.', _) => one(Kind::Dot),
        ('/', _) => one(Kind::Slash),
        ('@', _) => one(Kind::At),
        (',', _) => one(Kind::Comma),
        ('(', _) => one(Kind::Open),
        (')', _) => one(Kind::Close),
        ('[', _) => one(Kind::OpenBracket),
        (']', _) => one(Kind::CloseBracket),
        (quote @ ('"' | '\''), _) => text(rest, quote, at),
        ('“' | '”' | '‘' | '’' | '„', _) => {
            Err(error(at, format!("`{}` is een krul-aanhalingsteken; een formule kent alleen ' en \"", rest[0])))
        }
        (digit, _) if digit.is_ascii_digit() => number(rest, at),
        (letter, _) if starts_name(letter) => Ok(name(rest, before)),
        (other, _) => Err(error(at, format!("`{other}` staat hier verkeerd"))),
    }
}

fn error(at: usize, message: impl Into<String>) -> SyntaxError {
    SyntaxError { at, message: message.into() }
}

/// Whether what comes now stands behind a piece, so that `*` multiplies and `and` joins (XPath 1.0, 3.7).
fn between(before: Option<&Token>) -> bool {
    match before.map(|token| &token.kind) {
        None => false,
        Some(
            Kind::Operator(_)
            | Kind::At
            | Kind::DoubleColon
            | Kind::Open
            | Kind::OpenBracket
            | Kind::Comma
            | Kind::Slash
            | Kind::DoubleSlash,
        ) => false,
        Some(_) => true,
    }
}

fn reference(rest: &[char], at: usize) -> Result<(Kind, usize), SyntaxError> {
    let Some(end) = rest.iter().position(|letter| *letter == '}') else {
        return Err(error(at, "bij `${` ontbreekt de `}`"));
    };
    let name: String = rest[2..end].iter().collect();
    let name = name.trim();
    if name.is_empty() {
        return Err(error(at, "tussen `${` en `}` staat geen naam"));
    }
    Ok((Kind::Reference(name.to_owned()), end + 1))
}

fn text(rest: &[char], quote: char, at: usize) -> Result<(Kind, usize), SyntaxError> {
    match rest[1..].iter().position(|letter| *letter == quote) {
        Some(length) => Ok((Kind::Text(rest[1..=length].iter().collect()), length + 2)),
        None => Err(error(at, format!("het aanhalingsteken {quote} wordt niet gesloten"))),
    }
}

fn number(rest: &[char], at: usize) -> Result<(Kind, usize), SyntaxError> {
    let digits = |from: usize| rest[from..].iter().take_while(|letter| letter.is_ascii_digit()).count();
    let mut length = digits(0);
    if rest.get(length) == Some(&'.') {
        length += 1 + digits(length + 1);
    }
    let written: String = rest[..length].iter().collect();
    let value = written.parse().map_err(|_| error(at, format!("`{written}` is geen getal")))?;
    Ok((Kind::Number(value), length))
}

fn name(rest: &[char], before: Option<&Token>) -> (Kind, usize) {
    let mut length = 0;
    while let Some(letter) = rest.get(length) {
        // `jr:choice-name` is one name, `child::x` is not.
        let colon = *letter == ':'
            && rest.get(length + 1).is_some_and(|next| starts_name(*next))
            && length.checked_sub(1).is_some_and(|last| rest[last] != ':');
        if !continues_name(*letter) && !colon {
            break;
        }
        length += 1;
    }
    let name: String = rest[..length].iter().collect();
    let kind = match name.as_str() {
        "and" if between(before) => Kind::Operator(Operator::And),
        "or" if between(before) => Kind::Operator(Operator::Or),
        "div" if between(before) => Kind::Operator(Operator::Divided),
        "mod" if between(before) => Kind::Operator(Operator::Remainder),
        _ => Kind::Name(name),
    };
    (kind, length)
}

fn starts_name(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_'
}

fn continues_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.')
}
