#include "state/connection.h"

#include "base/error.h"
#include "state/folder.h"
#include "state/schema.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include <system_error>

namespace fresh::state {
namespace {

using base::Error;
using base::ExitCode;

constexpr int busy_timeout_ms = 10'000;

std::string copy_name(const std::filesystem::path& file) {
  return file.string() + ".corrupt";
}

/// The evidence is kept because the remedy is to remove the file.
[[noreturn]] void refuse_corrupt(const std::filesystem::path& file, const std::string& finding) {
  std::string kept;
  std::error_code error;
  std::filesystem::copy_file(file, copy_name(file), std::filesystem::copy_options::overwrite_existing, error);
  if (!error) {
    kept = fmt::format("; a copy is kept as '{}'", copy_name(file));
  }
  throw Error(
      ExitCode::precheck, fmt::format("the ledger '{}' is damaged: {}{}", file.string(), finding, kept),
      fmt::format(
          "remove '{0}', '{0}-wal' and '{0}-shm'; the next run begins a new ledger, without the baselines "
          "of the old one (a committed lock file is not affected)",
          file.string()));
}

bool says_corrupt(const SQLite::Exception& failure) {
  return failure.getErrorCode() == SQLITE_NOTADB || failure.getErrorCode() == SQLITE_CORRUPT;
}

SQLite::Database open(const std::filesystem::path& file) {
  make_state_folder(file.parent_path());
  try {
    return {file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, busy_timeout_ms};
  } catch (const SQLite::Exception& failure) {
    fail(file, failure);
  }
}

void check_intact(SQLite::Database& database, const std::filesystem::path& file) {
  SQLite::Statement check(database, "PRAGMA quick_check(1)");
  if (!check.executeStep() || check.getColumn(0).getString() != "ok") {
    refuse_corrupt(file, check.hasRow() ? check.getColumn(0).getString() : "the check gave no answer");
  }
}

int schema_of(SQLite::Database& database) {
  return database.execAndGet("PRAGMA user_version").getInt();
}

void migrate(SQLite::Database& database, const std::filesystem::path& file) {
  const int newest = Ledger::newest_schema();
  if (schema_of(database) == newest) {
    return;
  }
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  // Read again under the lock: another process may have migrated meanwhile.
  const int found = schema_of(database);
  if (found < 0 || found > newest) {
    throw Error(ExitCode::precheck,
                fmt::format("the ledger '{}' has schema {}, this program knows up to {}", file.string(),
                            found, newest),
                fmt::format("use the newer fresh-clone that wrote it, or move '{}' away", file.string()));
  }
  for (std::size_t version = static_cast<std::size_t>(found); version < migrations.size(); ++version) {
    database.exec(migrations.at(version));
  }
  database.exec(fmt::format("PRAGMA user_version = {}", newest));
  transaction.commit();
}

}  // namespace

void fail(const std::filesystem::path& file, const SQLite::Exception& failure) {
  if (says_corrupt(failure)) {
    refuse_corrupt(file, failure.what());
  }
  std::string hint;
  switch (failure.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      hint = "another program has the ledger open; close it and try again";
      break;
    case SQLITE_FULL:
      hint = fmt::format("free space on the file system of '{}'", file.parent_path().string());
      break;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      hint = fmt::format("make '{}' a folder, and '{}' a file, that you can write to",
                         file.parent_path().string(), file.filename().string());
      break;
    default:
      break;
  }
  throw Error(ExitCode::precheck,
              fmt::format("cannot use the ledger '{}': {}", file.string(), failure.what()), hint);
}

Ledger::Connection::Connection(std::filesystem::path path) : file(std::move(path)), database(open(file)) {
  try {
    // FULL, not NORMAL: what a gate recorded must survive the power cut that follows it.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
    check_intact(database, file);
    migrate(database, file);
  } catch (const SQLite::Exception& failure) {
    fail(file, failure);
  }
}

}  // namespace fresh::state
