#pragma once

#include <array>

namespace fresh::state {

/// The history of the ledger's schema: migration i leads from version i to i + 1. Entries are appended, never
/// edited, because files of each version are on the disks of users.
inline constexpr std::array<const char*, 1> migrations{
    R"sql(
CREATE TABLE runs(
  id TEXT PRIMARY KEY,
  project TEXT NOT NULL,
  commit_sha TEXT NOT NULL,
  dirty INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  mode TEXT NOT NULL,
  result TEXT NOT NULL,
  failed_gate TEXT NOT NULL DEFAULT '',
  exit_code INTEGER NOT NULL DEFAULT 0,
  started TEXT NOT NULL,
  ended TEXT NOT NULL DEFAULT '',
  fingerprint TEXT NOT NULL DEFAULT '',
  grade TEXT NOT NULL DEFAULT '',
  engine TEXT NOT NULL DEFAULT ''
);
CREATE TABLE gates(
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  gate TEXT NOT NULL,
  result TEXT NOT NULL,
  milliseconds INTEGER NOT NULL,
  reason TEXT NOT NULL,
  UNIQUE(run, gate)
);
CREATE TABLE images(
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  id TEXT NOT NULL,
  digest TEXT NOT NULL,
  source TEXT NOT NULL,
  inputs_key TEXT NOT NULL,
  UNIQUE(run, name)
);
CREATE TABLE baselines(
  commit_sha TEXT NOT NULL,
  seed INTEGER NOT NULL,
  mode TEXT NOT NULL,
  profile TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  document TEXT NOT NULL,
  run TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  PRIMARY KEY(commit_sha, seed, mode, profile)
);
CREATE TABLE notebook_durations(
  notebook TEXT PRIMARY KEY,
  milliseconds INTEGER NOT NULL
);
)sql"};

}  // namespace fresh::state
