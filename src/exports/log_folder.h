#pragma once

#include "base/clock.h"
#include "base/event.h"
#include "exports/spec.h"

#include <cstddef>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace fresh::exports {

/// logs/: each subject's log lines in a file of its own, and pipeline.log with every other event of the run.
/// Control characters do not get in, so that a log can be shown on a terminal.
class LogFolder {
 public:
  /// `folder` is the run's; makes <folder>/logs and an empty pipeline.log. Throws base::Error (outputs).
  LogFolder(const std::filesystem::path& folder, const base::Clock& clock);

  /// Takes an event; from any thread. Never throws: failure() says why a log is not complete.
  void hear(const base::Event& event);

  /// The last `count` lines that `subject` logged, at most those of the last 64 KiB, and the file relative to
  /// the run's folder; both empty when it logged nothing.
  LogTail tail(const std::string& subject, std::size_t count) const;

  std::optional<std::string> failure() const;

 private:
  void append(const std::string& name, std::string_view line);

  std::filesystem::path folder_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::optional<std::string> failure_;
};

/// A file name for a subject, without extension: `service:db:1` -> `service-db-1`, `notebook:x/a.ipynb` ->
/// `notebook-x__a.ipynb`; a hash is added where other characters had to be replaced or the name had to be
/// cut.
std::string log_name(std::string_view subject);

}  // namespace fresh::exports
