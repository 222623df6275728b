//! Runs the backend: `veldboek-backend [--data DIR] [--listen ADDRESS] [--ui DIR] [--demo] [--https]`. Each can also be
//! given as an environment variable, such as `VELDBOEK_DATA`. Without any it keeps everything in `./data` and listens on
//! a free loopback port. Once it listens it prints one line of JSON on standard output; the log goes to standard error.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use veldboek_backend::Config;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("VELDBOEK_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Whoever started it reads this; the log's form is for programs.
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let config = config(std::env::args().skip(1))?;
    let mut terminate = signal(SignalKind::terminate())?;
    let running = veldboek_backend::start(config).await?;
    let mut line = serde_json::json!({ "address": running.url() });
    if let Some(demo) = &running.demo {
        line["demo"] = serde_json::to_value(demo)?;
    }
    if let Some(administrator) = &running.administrator {
        line["administrator"] = serde_json::to_value(administrator)?;
    }
    let mut out = std::io::stdout();
    writeln!(out, "{line}")?;
    out.flush()?;
    tokio::select! {
        _ = terminate.recv() => {}
        stopped = tokio::signal::ctrl_c() => stopped?,
    }
    running.stop().await?;
    Ok(())
}

/// A word on the command line that means nothing.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not understood. Usage: veldboek-backend [--data DIR] [--listen ADDRESS] [--ui DIR] [--demo] [--https]")]
struct NotUnderstood(String);

fn config(mut arguments: impl Iterator<Item = String>) -> Result<Config, Box<dyn Error>> {
    let variable = |name: &str| std::env::var(format!("VELDBOEK_{name}")).ok().filter(|value| !value.is_empty());
    let mut config = Config::in_folder(variable("DATA").unwrap_or_else(|| "data".to_owned()));
    if let Some(listen) = variable("LISTEN") {
        config.listen = listen.parse()?;
    }
    if let Some(ui) = variable("UI") {
        config.ui = PathBuf::from(ui);
    }
    config.demo = variable("DEMO").is_some();
    config.behind_https = variable("HTTPS").is_some();
    while let Some(word) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| NotUnderstood(word.clone()));
        match word.as_str() {
            "--data" => config.data = PathBuf::from(value()?),
            "--listen" => config.listen = value()?.parse()?,
            "--ui" => config.ui = PathBuf::from(value()?),
            "--demo" => config.demo = true,
            "--https" => config.behind_https = true,
            _ => return Err(NotUnderstood(word).into()),
        }
    }
    Ok(config)
}
