//! The real window, driven by WebDriver: tauri-driver and WebKitWebDriver on a display of their own. It waits for
//! conditions in the driver itself, never for a time.

use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};

/// How long an element may take to appear.
const PATIENCE: Duration = Duration::from_secs(30);
/// The name under which WebDriver hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A display with a driver; one window at a time.
pub struct Driver {
    process: Child,
    address: String,
    data: PathBuf,
    http: reqwest::Client,
}

/// An open window of the app.
pub struct Window<'d> {
    driver: &'d Driver,
    session: String,
}

/// Something on the page.
#[derive(Clone, Debug)]
pub struct Element(String);

impl Driver {
    /// Starts the drivers on a display of their own; the app will keep its data and what is downloaded in these folders.
    ///
    /// # Panics
    /// When they can't be started.
    pub fn start(data: &Path, downloads: &Path) -> Self {
        let (port, native) = (free_port(), free_port());
        let mut command = Command::new("dbus-run-session");
        command
            .args(["--", "xvfb-run", "-a", "-s", "-screen 0 1400x1000x24", "env", "NO_AT_BRIDGE=1"])
            .arg(driver())
            .args(["--port", &port.to_string(), "--native-port", &native.to_string()])
            .env("VELDBOEK_DATA", data)
            .env("VELDBOEK_DOWNLOADS", downloads)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A group of its own, so that the display and the bus end with it.
            .process_group(0);
        let process = command.spawn().expect("dbus-run-session and xvfb-run are installed: cargo xtask test does it");
        let driver = Self {
            process,
            address: format!("http://127.0.0.1:{port}"),
            data: data.to_owned(),
            http: reqwest::Client::new(),
        };
        crate::until("the driver listens", PATIENCE, || driver.ask(Method::GET, "/status", Value::Null).ok());
        driver
    }

    /// Opens the app's window.
    pub fn open(&self, application: &Path) -> Window<'_> {
        let wanted = json!({ "capabilities": { "alwaysMatch": { "tauri:options": { "application": application } } } });
        let opened = self.ask(Method::POST, "/session", wanted).expect("the app's window opens");
        let session = opened["sessionId"].as_str().expect("a session has a name").to_owned();
        let window = Window { driver: self, session };
        window.ask(Method::POST, "/timeouts", json!({ "implicit": PATIENCE.as_millis() as u64, "script": 30_000 }));
        window
    }

    fn ask(&self, method: Method, path: &str, body: Value) -> Result<Value, String> {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.address));
        if method == Method::POST {
            request = request.json(&body);
        }
        // The driver sometimes drops a connection before it has read the request: that one is asked again.
        let once = || async {
            let response = request.try_clone().expect("a JSON body can be sent again").send().await?;
            Ok::<_, reqwest::Error>((response.status().is_success(), response.json::<Value>().await?))
        };
        let asked = crate::block_on(async {
            for _ in 0..2 {
                if let Ok(asked) = once().await {
                    return Ok(asked);
                }
            }
            once().await
        });
        let (succeeded, mut answer) = asked.map_err(|error| error.to_string())?;
        let value = answer["value"].take();
        if succeeded { Ok(value) } else { Err(format!("{}: {}", value["error"], value["message"])) }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        crate::process::end_group(&mut self.process);
    }
}

impl Window<'_> {
    fn try_ask(&self, method: Method, path: &str, body: Value) -> Result<Value, String> {
        self.driver.ask(method, &format!("/session/{}{path}", self.session), body)
    }

    fn ask(&self, method: Method, path: &str, body: Value) -> Value {
        self.try_ask(method, path, body).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The element that an XPath leads to; waits until it is there.
    pub fn find(&self, xpath: &str) -> Element {
        let found = self.try_ask(Method::POST, "/element", json!({ "using": "xpath", "value": xpath }));
        match found {
            Ok(found) => Element(found[ELEMENT].as_str().expect("an element has a name").to_owned()),
            Err(error) => panic!("{xpath}: {error}\nThe page says:\n{}", self.words()),
        }
    }

    /// The element that shows exactly these words, or has them as its name.
    pub fn named(&self, words: &str) -> Element {
        let words = words.replace('"', "");
        self.find(&format!(
            "//*[self::button or self::a or self::label or self::summary or @role='button' or self::h1 or self::h2]\
             [normalize-space(.)=\"{words}\" or @aria-label=\"{words}\"]"
        ))
    }

    /// Presses what is named so.
    pub fn press(&self, words: &str) {
        let element = self.named(words);
        self.click(&element);
    }

    /// Presses an element.
    pub fn click(&self, element: &Element) {
        self.ask(Method::POST, &format!("/element/{}/click", element.0), json!({}));
    }

    /// Types into an element.
    pub fn enter(&self, element: &Element, text: &str) {
        self.ask(Method::POST, &format!("/element/{}/value", element.0), json!({ "text": text }));
    }

    /// Runs a script in the page.
    pub fn script(&self, script: &str) -> Value {
        self.ask(Method::POST, "/execute/sync", json!({ "script": script, "args": [] }))
    }

    /// Everything that the page shows as text.
    pub fn words(&self) -> String {
        let script = json!({ "script": "return document.body.innerText", "args": [] });
        let words = self.try_ask(Method::POST, "/execute/sync", script).unwrap_or_default();
        words.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page shows these words.
    ///
    /// # Panics
    /// When it never does.
    pub fn shows(&self, words: &str) {
        crate::until(&format!("the page shows `{words}`"), PATIENCE, || self.words().contains(words).then_some(()));
    }

    /// Waits until a condition in the page holds, written as an expression of JavaScript.
    ///
    /// # Panics
    /// When it never does.
    pub fn holds(&self, condition: &str) {
        let script = format!("return Boolean({condition})");
        crate::until(condition, PATIENCE, || (self.script(&script) == Value::Bool(true)).then_some(()));
    }

    /// Makes a picture for people to look at.
    pub fn picture(&self, file: &Path) {
        let picture = self.ask(Method::GET, "/screenshot", Value::Null);
        let bytes = STANDARD.decode(picture.as_str().expect("a picture is text")).expect("in base64");
        std::fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("the folder can be made");
        std::fs::write(file, bytes).expect("the picture can be written");
    }

    /// Kills the app as a dead battery would, and forgets the window.
    pub fn kill(self, application: &Path) {
        for process in crate::process::running(application, &self.driver.data) {
            crate::process::kill(process);
        }
        // The session is gone with its window; the driver may or may not have noticed.
        let _ = self.try_ask(Method::DELETE, "", Value::Null);
    }

    /// Closes the window.
    pub fn close(self) {
        // The window may close before the driver has answered.
        let _ = self.try_ask(Method::DELETE, "", Value::Null);
    }
}

/// The window's program, as `cargo test --workspace` builds it.
pub fn application() -> PathBuf {
    let beside = std::env::current_exe().expect("a test is a program");
    let folder = beside.parent().and_then(Path::parent).expect("it lies in target/<profile>/deps");
    let application = folder.join("veldboek");
    assert!(application.exists(), "build the window first: cargo build -p veldboek, or run cargo xtask test");
    application
}

/// tauri-driver, where `cargo xtask test` installs it.
fn driver() -> PathBuf {
    let driver = target().join("tools/bin/tauri-driver");
    if driver.exists() { driver } else { PathBuf::from("tauri-driver") }
}

fn target() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    std::env::var_os("CARGO_TARGET_DIR")
        .map(PathBuf::from)
        .filter(|target| target.join("tools").exists())
        .unwrap_or(workspace)
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    listener.local_addr().expect("it is bound").port()
}
