#!/usr/bin/env bash
# Proves the demo on a fresh machine: a clean clone of HEAD, an empty HOME, cargo home and npm cache, then
# `cargo xtask demo --once`. Prints the seconds; fails when the demo does, or when it takes more than LIMIT (240).
# What is kept: the Rust toolchain itself, and the settings that say which registries this machine uses.
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
limit="${LIMIT:-240}"
place="$(mktemp -d)"
trap 'rm -rf "$place"' EXIT

rustup_home="${RUSTUP_HOME:-$HOME/.rustup}"
cargo_bin="$(dirname "$(command -v cargo)")"
fresh="$place/home"
mkdir -p "$fresh/.cargo" "$place/tmp"
for settings in .npmrc .cargo/config.toml; do
  if [ -f "$HOME/$settings" ]; then cp "$HOME/$settings" "$fresh/$settings"; fi
done

git clone --quiet --no-hardlinks "$root" "$place/clone"
cd "$place/clone"
started=$(date +%s)
# CARGO_TARGET_DIR and what cargo told an outer process must not leak in: the clone builds everything itself.
env -u CARGO_TARGET_DIR -u CARGO_MANIFEST_DIR -u NODE_PATH \
  HOME="$fresh" CARGO_HOME="$fresh/.cargo" RUSTUP_HOME="$rustup_home" PATH="$cargo_bin:$PATH" \
  npm_config_cache="$place/npm-cache" npm_config_userconfig="$fresh/.npmrc" TMPDIR="$place/tmp" \
  cargo xtask demo --once </dev/null
seconds=$(( $(date +%s) - started ))
echo "fresh clone to a running demo: $seconds s"
if [ "$seconds" -gt "$limit" ]; then
  echo "more than $limit s" >&2
  exit 1
fi
