#include "state/ledger.h"

#include "base/error.h"
#include "state/connection.h"
#include "state/schema.h"

#include <fmt/core.h>

namespace fresh::state {
namespace {

using base::Doing;
using base::Error;
using base::ExitCode;
using Milliseconds = std::chrono::milliseconds;

bool exists(SQLite::Database& database, const std::string& run) {
  auto query = prepared(database, "SELECT 1 FROM runs WHERE id = ?", run);
  return query.executeStep();
}

void require_begun(SQLite::Database& database, const std::string& run) {
  if (!exists(database, run)) {
    throw Error(ExitCode::bug, fmt::format("the run '{}' never began in the ledger", run));
  }
}

RunRecord run_of(SQLite::Statement& row) {
  RunRecord run;
  int column = 0;
  const auto text = [&] { return row.getColumn(column++).getString(); };
  run.id = text();
  run.project = text();
  run.commit = text();
  run.dirty = row.getColumn(column++).getInt() != 0;
  run.seed = row.getColumn(column++).getInt64();
  run.mode = text();
  run.result = text();
  run.failed_gate = text();
  run.exit_code = row.getColumn(column++).getInt();
  run.started = text();
  run.ended = text();
  run.fingerprint = text();
  run.grade = text();
  run.engine = text();
  return run;
}

}  // namespace

Ledger::Ledger(const std::filesystem::path& file) {
  const Doing doing("opening the ledger '{}'", file.string());
  connection_ = std::make_unique<Connection>(file);
}

Ledger::~Ledger() = default;

int Ledger::newest_schema() {
  return static_cast<int>(migrations.size());
}

void Ledger::begin_run(const RunRecord& run) {
  const Doing doing("recording the begin of run '{}'", run.id);
  connection_->transact([&](SQLite::Database& database) {
    if (exists(database, run.id)) {
      throw Error(ExitCode::usage, fmt::format("a run with the id '{}' exists already", run.id),
                  "give another --run-id, or none");
    }
    prepared(database,
             "INSERT INTO runs(id, project, commit_sha, dirty, seed, mode, result, started, engine)"
             " VALUES(?, ?, ?, ?, ?, ?, 'RUNNING', ?, ?)",
             run.id, run.project, run.commit, run.dirty ? 1 : 0, run.seed, run.mode, run.started, run.engine)
        .exec();
  });
}

void Ledger::finish_run(const RunRecord& run) {
  const Doing doing("recording the end of run '{}'", run.id);
  connection_->transact([&](SQLite::Database& database) {
    require_begun(database, run.id);
    prepared(
        database,
        "UPDATE runs SET commit_sha = ?, dirty = ?, result = ?, failed_gate = ?, exit_code = ?, ended = ?,"
        " fingerprint = ?, grade = ?, engine = ? WHERE id = ?",
        run.commit, run.dirty ? 1 : 0, run.result, run.failed_gate, run.exit_code, run.ended, run.fingerprint,
        run.grade, run.engine, run.id)
        .exec();
  });
}

std::vector<std::string> Ledger::settle_dead_runs(const std::string& now) {
  const Doing doing("settling runs that never ended");
  return connection_->transact([&](SQLite::Database& database) {
    std::vector<std::string> dead;
    SQLite::Statement query(database, "SELECT id FROM runs WHERE ended = '' ORDER BY rowid");
    while (query.executeStep()) {
      dead.push_back(query.getColumn(0).getString());
    }
    prepared(database, "UPDATE runs SET result = 'DIED', ended = ? WHERE ended = ''", now).exec();
    return dead;
  });
}

std::vector<RunRecord> Ledger::last_runs(int count) {
  return connection_->transact([&](SQLite::Database& database) {
    std::vector<RunRecord> runs;
    auto query =
        prepared(database,
                 "SELECT id, project, commit_sha, dirty, seed, mode, result, failed_gate, exit_code, started,"
                 " ended, fingerprint, grade, engine FROM runs ORDER BY rowid DESC LIMIT ?",
                 count);
    while (query.executeStep()) {
      runs.push_back(run_of(query));
    }
    return runs;
  });
}

void Ledger::record_gate(const std::string& run, const GateRecord& gate) {
  const Doing doing("recording gate '{}' of run '{}'", gate.gate, run);
  connection_->transact([&](SQLite::Database& database) {
    require_begun(database, run);
    prepared(database,
             "INSERT INTO gates(run, gate, result, milliseconds, reason) VALUES(?, ?, ?, ?, ?)"
             " ON CONFLICT(run, gate) DO UPDATE SET result = excluded.result,"
             " milliseconds = excluded.milliseconds, reason = excluded.reason",
             run, gate.gate, gate.result, std::int64_t{gate.took.count()}, gate.reason)
        .exec();
  });
}

std::vector<GateRecord> Ledger::gates(const std::string& run) {
  return connection_->transact([&](SQLite::Database& database) {
    std::vector<GateRecord> gates;
    auto query = prepared(
        database, "SELECT gate, result, milliseconds, reason FROM gates WHERE run = ? ORDER BY rowid", run);
    while (query.executeStep()) {
      gates.push_back({.gate = query.getColumn(0).getString(),
                       .result = query.getColumn(1).getString(),
                       .took = Milliseconds(query.getColumn(2).getInt64()),
                       .reason = query.getColumn(3).getString()});
    }
    return gates;
  });
}

void Ledger::record_images(const std::string& run, const std::vector<ImageRecord>& images) {
  const Doing doing("recording the images of run '{}'", run);
  connection_->transact([&](SQLite::Database& database) {
    require_begun(database, run);
    for (const auto& image : images) {
      prepared(
          database,
          "INSERT OR REPLACE INTO images(run, name, id, digest, source, inputs_key) VALUES(?, ?, ?, ?, ?, ?)",
          run, image.name, image.id, image.digest, image.source, image.inputs_key)
          .exec();
    }
  });
}

std::vector<ImageRecord> Ledger::images(const std::string& run) {
  return connection_->transact([&](SQLite::Database& database) {
    std::vector<ImageRecord> images;
    auto query = prepared(
        database, "SELECT name, id, digest, source, inputs_key FROM images WHERE run = ? ORDER BY name", run);
    while (query.executeStep()) {
      images.push_back({.name = query.getColumn(0).getString(),
                        .id = query.getColumn(1).getString(),
                        .digest = query.getColumn(2).getString(),
                        .source = query.getColumn(3).getString(),
                        .inputs_key = query.getColumn(4).getString()});
    }
    return images;
  });
}

std::optional<Baseline> Ledger::find_baseline(const BaselineKey& key) {
  return connection_->transact([&](SQLite::Database& database) -> std::optional<Baseline> {
    auto query = prepared(database,
                          "SELECT fingerprint, document, run, recorded_at FROM baselines"
                          " WHERE commit_sha = ? AND seed = ? AND mode = ? AND profile = ?",
                          key.commit, key.seed, key.mode, key.profile);
    if (!query.executeStep()) {
      return std::nullopt;
    }
    return Baseline{.key = key,
                    .fingerprint = query.getColumn(0).getString(),
                    .document = query.getColumn(1).getString(),
                    .run = query.getColumn(2).getString(),
                    .recorded_at = query.getColumn(3).getString()};
  });
}

bool Ledger::record_baseline(const Baseline& baseline) {
  const Doing doing("recording the baseline of commit '{}'", baseline.key.commit);
  return connection_->transact([&](SQLite::Database& database) {
    const auto& key = baseline.key;
    return prepared(
               database,
               "INSERT OR IGNORE INTO baselines(commit_sha, seed, mode, profile, fingerprint, document, run,"
               " recorded_at) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
               key.commit, key.seed, key.mode, key.profile, baseline.fingerprint, baseline.document,
               baseline.run, baseline.recorded_at)
               .exec() == 1;
  });
}

std::map<std::string, Milliseconds> Ledger::last_notebook_durations() {
  return connection_->transact([&](SQLite::Database& database) {
    std::map<std::string, Milliseconds> durations;
    SQLite::Statement query(database, "SELECT notebook, milliseconds FROM notebook_durations");
    while (query.executeStep()) {
      durations.emplace(query.getColumn(0).getString(), Milliseconds(query.getColumn(1).getInt64()));
    }
    return durations;
  });
}

void Ledger::record_notebook_durations(const std::map<std::string, Milliseconds>& durations) {
  const Doing doing("recording how long the notebooks took");
  connection_->transact([&](SQLite::Database& database) {
    for (const auto& [notebook, duration] : durations) {
      prepared(database, "INSERT OR REPLACE INTO notebook_durations(notebook, milliseconds) VALUES(?, ?)",
               notebook, std::int64_t{duration.count()})
          .exec();
    }
  });
}

}  // namespace fresh::state
