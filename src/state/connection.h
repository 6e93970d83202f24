#pragma once

#include "state/ledger.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <type_traits>

namespace fresh::state {

/// Throws what SQLite said about `file` as base::Error (precheck), with a hint for the causes that a user can
/// mend.
[[noreturn]] void fail(const std::filesystem::path& file, const SQLite::Exception& failure);

/// The open database of a Ledger, used by one thread at a time.
struct Ledger::Connection {
  /// Opens, checks and migrates; see Ledger's constructor.
  explicit Connection(std::filesystem::path path);

  /// Runs `work(database)` in one transaction that holds the write lock from its begin, so that it cannot
  /// fail half way for another writer. SQLite's exceptions become base::Error.
  template <typename Work>
  auto transact(Work work) {
    const std::scoped_lock lock(mutex);
    try {
      SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
      if constexpr (std::is_void_v<decltype(work(database))>) {
        work(database);
        transaction.commit();
      } else {
        auto result = work(database);
        transaction.commit();
        return result;
      }
    } catch (const SQLite::Exception& failure) {
      fail(file, failure);
    }
  }

  std::filesystem::path file;
  std::mutex mutex;
  SQLite::Database database;
};

/// A prepared statement with its values bound in order.
template <typename... Values>
SQLite::Statement prepared(SQLite::Database& database, const char* sql, const Values&... values) {
  SQLite::Statement statement(database, sql);
  int index = 0;
  (statement.bind(++index, values), ...);
  return statement;
}

}  // namespace fresh::state
