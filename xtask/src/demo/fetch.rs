//! One plain HTTP GET to a server on this machine. Not a client for anything else: no TLS, no redirects.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

const LIMIT: Duration = Duration::from_secs(10);

/// The body of a page that answers 200.
pub fn page(address: &str) -> Result<String> {
    let (host, path) = split(address).with_context(|| format!("{address} is no http:// address"))?;
    let socket = host.to_socket_addrs()?.next().with_context(|| format!("{host} has no address"))?;
    let mut stream = TcpStream::connect_timeout(&socket, LIMIT).with_context(|| address.to_owned())?;
    stream.set_read_timeout(Some(LIMIT))?;
    // HTTP/1.0: the body comes in one piece and ends with the connection.
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept: */*\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).with_context(|| address.to_owned())?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").with_context(|| format!("{address}: no HTTP answer"))?;
    let status = head.lines().next().unwrap_or_default();
    ensure!(status.split(' ').nth(1) == Some("200"), "{address}: {status}");
    Ok(body.to_owned())
}

/// The address of `link` as found on the page at `base`.
pub fn join(base: &str, link: &str) -> String {
    if link.contains("://") {
        return link.to_owned();
    }
    let Some((host, path)) = split(base) else {
        return link.to_owned();
    };
    if link.starts_with('/') {
        return format!("http://{host}{link}");
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("http://{host}{folder}/{}", link.trim_start_matches("./"))
}

fn split(address: &str) -> Option<(&str, &str)> {
    let rest = address.strip_prefix("http://")?;
    Some(rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash)))
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn links_are_resolved_against_the_page() {
        assert_eq!(join("http://127.0.0.1:80/shop/index.html", "/a/embed.js"), "http://127.0.0.1:80/a/embed.js");
        assert_eq!(join("http://127.0.0.1:80/shop/index.html", "./embed.js"), "http://127.0.0.1:80/shop/embed.js");
        assert_eq!(join("http://127.0.0.1:80", "embed.js"), "http://127.0.0.1:80/embed.js");
    }
}
