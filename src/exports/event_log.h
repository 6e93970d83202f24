#pragma once

#include "base/clock.h"
#include "base/event.h"

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

namespace fresh::exports {

/// An event as one line of JSON without the log's own keys: type, subject, text, and what else it has.
std::string event_json(const base::Event& event);

/// events.jsonl: the run's events, one JSON object per line. The first line is
/// `{"schema":1,"type":"version"}`; each other one has seq (from 1), time, monotonic_ms (since the log
/// began), run and gate (the one being in, or ""). Each line is written as it comes, a gate's end is synced
/// to the disk, the last line is run.finished with its exit_code.
class EventLog {
 public:
  /// Makes the folder and an empty file. Throws base::Error (outputs).
  EventLog(const std::filesystem::path& file, std::string run, const base::Clock& clock);
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;
  ~EventLog();

  /// Appends an event; from any thread. Never throws: after a failed write nothing more is written and
  /// failure() says why. Events after run.finished are left out.
  void hear(const base::Event& event);

  /// Why the log is not complete, or nothing. Gate G10 fails by it.
  std::optional<std::string> failure() const;

 private:
  void write_line(const std::string& line, bool sync);

  std::filesystem::path file_;
  std::string run_;
  const base::Clock& clock_;
  base::SteadyTime begun_;
  mutable std::mutex mutex_;
  int descriptor_ = -1;
  std::int64_t sequence_ = 0;
  std::string gate_;
  bool finished_ = false;
  std::optional<std::string> failure_;
};

}  // namespace fresh::exports
