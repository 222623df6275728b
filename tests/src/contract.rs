//! The TypeScript of the commands and of everything that crosses with them, from the Rust types themselves.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use ts_rs::{Config, TS, TypeVisitor};
use veldboek_app::api::*;

const HEAD: &str =
    "// Made by `cargo xtask types` from crates/app/src/api. A test fails when it is stale; don't change it by hand.\n";

/// The committed file.
pub fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/lib/platform/generated/contract.ts")
}

/// What the file should hold: every type by its name, and the list of commands.
pub fn contract() -> String {
    let mut types = Types { config: Config::new().with_large_int("number"), found: BTreeMap::new() };
    let mut commands = String::new();
    macro_rules! gather {
        ($($name:ident: $request:ty => $response:ty),* $(,)?) => {$(
            types.visit::<$request>();
            types.visit::<$response>();
            let (request, response) = (<$request>::name(&types.config), <$response>::name(&types.config));
            writeln!(commands, "  {}: {{ request: {request}; response: {response} }};", stringify!($name))
                .expect("a string grows");
        )*};
    }
    veldboek_app::commands!(gather);
    types.visit::<PhotoAdd>();
    types.visit::<HandedIn>();
    types.visit::<PhotoSize>();
    types.visit::<Event>();
    let declarations: Vec<String> = types.found.into_values().collect();
    format!(
        "{HEAD}\n{}\n/** The one list of commands that every host offers. */\nexport interface Commands {{\n{commands}}}\n",
        declarations.join("\n")
    )
}

struct Types {
    config: Config,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        T::visit_generics(self);
        if T::output_path().is_none() {
            return;
        }
        let name = T::ident(&self.config);
        if self.found.contains_key(&name) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        self.found.insert(name, format!("{docs}export {}\n", T::decl(&self.config)));
        T::visit_dependencies(self);
    }
}
