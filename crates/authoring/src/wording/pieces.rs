//! The pieces of a condition: questions, answers, days and numbers.

use cel::IdedExpr;
use cel::common::ast::{Expr, LiteralValue, operators};
use veldboek_checklist::{Question, QuestionKind};

use super::{Wording, text};

impl<'a> Wording<'a> {
    pub(super) fn value(self, node: &'a IdedExpr) -> Option<String> {
        match &node.expr {
            Expr::Ident(name) => Some(match name.as_str() {
                "vandaag" => "vandaag".to_owned(),
                "dag" => "de dag van de controle".to_owned(),
                _ if self.checklist.question(name).is_some() => name.clone(),
                _ => {
                    let calculation = self.checklist.calculations().iter().find(|one| one.name == *name)?;
                    format!("‘{}’", calculation.title)
                }
            }),
            Expr::Select(select) if self.is_item(&select.operand) => {
                self.checklist.question(&select.field).map(|question| question.id.clone())
            }
            Expr::Literal(LiteralValue::String(text)) => Some(format!("‘{}’", text.inner())),
            Expr::Literal(LiteralValue::Int(number)) => Some(number.inner().to_string()),
            Expr::Literal(LiteralValue::Double(number)) => Some(number.inner().to_string().replace('.', ",")),
            Expr::Call(call) => match (call.func_name.as_str(), call.args.as_slice()) {
                ("dagen_na", [from, days]) => {
                    let (from, days) = (self.value(from)?, self.value(days)?);
                    Some(format!("{days} dagen na {from}"))
                }
                ("dagen_tussen", [from, to]) => {
                    Some(format!("het aantal dagen van {} tot {}", self.value(from)?, self.value(to)?))
                }
                ("size", _) => Some(format!("het aantal keuzes bij {}", self.counted(node)?)),
                (operators::ADD, [a, b]) => Some(format!("{} + {}", self.value(a)?, self.value(b)?)),
                (operators::SUBSTRACT, [a, b]) => Some(format!("{} − {}", self.value(a)?, self.value(b)?)),
                (operators::MULTIPLY, [a, b]) => Some(format!("{} × {}", self.value(a)?, self.value(b)?)),
                (operators::DIVIDE, [a, b]) => Some(format!("{} : {}", self.value(a)?, self.value(b)?)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The question of `size(Q)`.
    pub(super) fn counted(self, node: &'a IdedExpr) -> Option<String> {
        let Expr::Call(call) = &node.expr else { return None };
        let counted = match (call.func_name.as_str(), &call.target, call.args.as_slice()) {
            ("size", None, [counted]) => counted,
            ("size", Some(target), []) => target,
            _ => return None,
        };
        let question = self.question(counted)?;
        (question.kind == QuestionKind::SeveralOf).then(|| question.id.clone())
    }

    /// `Q["row"] == "option"`.
    pub(super) fn row(self, left: &'a IdedExpr, right: &'a IdedExpr) -> Option<(String, String)> {
        let Expr::Call(call) = &left.expr else { return None };
        let (operators::INDEX, [matrix, row]) = (call.func_name.as_str(), call.args.as_slice()) else { return None };
        let question = self.question(matrix)?;
        let row = question.rows.iter().find(|one| Some(one.code.as_str()) == text(row))?;
        Some((format!("{}, ‘{}’,", question.id, row.label), self.label(question, text(right)?)?))
    }

    pub(super) fn question(self, node: &IdedExpr) -> Option<&'a Question> {
        match &node.expr {
            Expr::Ident(name) => self.checklist.question(name),
            Expr::Select(select) if self.is_item(&select.operand) => self.checklist.question(&select.field),
            _ => None,
        }
    }

    pub(super) fn is_item(self, node: &IdedExpr) -> bool {
        matches!(&node.expr, Expr::Ident(name) if Some(name.as_str()) == self.item)
    }

    pub(super) fn is_moment(self, node: &IdedExpr) -> bool {
        match &node.expr {
            Expr::Ident(name) if name == "dag" || name == "vandaag" => true,
            Expr::Call(call) => call.func_name == "dagen_na",
            _ => self.question(node).is_some_and(|question| {
                matches!(question.kind, QuestionKind::Date | QuestionKind::Time | QuestionKind::DateTime)
            }),
        }
    }

    pub(super) fn label(self, question: &Question, code: &str) -> Option<String> {
        let option = question.options.iter().find(|option| option.code == code);
        match option {
            Some(option) => Some(format!("‘{}’", option.label)),
            None if question.options.is_empty() => Some(format!("‘{code}’")),
            None => None,
        }
    }
}
