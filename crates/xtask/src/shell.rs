//! Runs other programs, and says which.

use std::fmt;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// Why a task stopped, in words for the person at the terminal.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// With these words.
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Says what the task does now.
pub fn say(words: &str) {
    println!("\n== {words}");
    // A log that is cut off shows what was going on.
    let _ = io::stdout().flush();
}

/// A program in a folder, not started yet.
pub fn program(name: &str, arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(folder);
    command
}

/// Cargo, the same one that runs this task.
pub fn cargo(arguments: &[&str], folder: &Path) -> Command {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    program(&cargo, arguments, folder)
}

/// Shows the command and runs it to its end.
///
/// # Errors
/// When it can't be started or ends badly.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    println!("$ {}", shown(command));
    let status = command.status().map_err(|error| Failure::new(format!("{}: {error}", shown(command))))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{} ended with {status}", shown(command)))) }
}

/// Whether a program of this name can be found.
pub fn exists(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// What a command writes, or none when it can't run or ends badly.
pub fn output(name: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(name).args(arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn shown(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy());
    std::iter::once(name).chain(arguments).collect::<Vec<_>>().join(" ")
}

/// A server that was started here and ends with this task.
pub struct Server {
    child: Child,
    /// The one line of JSON in which it says where it listens.
    pub says: Value,
}

impl Server {
    /// Starts a server and waits until it has said where it listens.
    ///
    /// # Errors
    /// When it can't be started, or ends before it listens; with its last words.
    pub fn start(command: &mut Command) -> Result<Self, Failure> {
        let words = shown(command);
        println!("$ {words} &");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| Failure::new(format!("{words}: {error}")))?;
        let tail = Arc::new(Mutex::new(Vec::new()));
        if let Some(errors) = child.stderr.take() {
            keep_tail(BufReader::new(errors), tail.clone());
        }
        let mut lines = BufReader::new(child.stdout.take().expect("its output is piped"));
        let mut line = String::new();
        let says = loop {
            line.clear();
            let read = lines.read_line(&mut line).map_err(|error| Failure::new(format!("{words}: {error}")))?;
            if read == 0 {
                // Its end is the failure; how it ended adds nothing to its last words.
                let _ = child.wait();
                let last = tail.lock().expect("nobody panics while holding it").join("\n");
                return Err(Failure::new(format!("{words} ended before it listened.\n{last}")));
            }
            if let Ok(says @ Value::Object(_)) = serde_json::from_str(&line) {
                break says;
            }
        };
        keep_tail(lines, tail);
        Ok(Self { child, says })
    }

    /// A text out of what it said.
    ///
    /// # Errors
    /// When it is not there.
    pub fn said(&self, pointer: &str) -> Result<String, Failure> {
        let found = self.says.pointer(pointer).and_then(Value::as_str);
        found
            .map(str::to_owned)
            .ok_or_else(|| Failure::new(format!("The server did not say its {pointer}: {}", self.says)))
    }

    /// Waits until it ends by itself.
    pub fn wait(&mut self) {
        // However it ended: it is gone.
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Asked politely first, so that running requests are finished; one that does not listen is ended.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        for _ in 0..100 {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads on, so that the server never waits for its reader, and keeps the last lines.
fn keep_tail(lines: impl BufRead + Send + 'static, tail: Arc<Mutex<Vec<String>>>) {
    const KEPT: usize = 40;
    std::thread::spawn(move || {
        for line in lines.lines().map_while(Result::ok) {
            let mut tail = tail.lock().expect("nobody panics while holding it");
            if tail.len() == KEPT {
                tail.remove(0);
            }
            tail.push(line);
        }
    });
}
