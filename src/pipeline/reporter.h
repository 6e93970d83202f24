#pragma once

#include "base/event.h"
#include "exports/spec.h"

#include <mutex>
#include <string>
#include <vector>

namespace fresh::pipeline {

/// Listens to the run and keeps what the outputs list: steps, the checks of each gate, warnings, notes, and
/// which step failed first, because its log is the one to show.
class Reporter {
 public:
  void hear(const base::Event& event);

  /// Moves what was heard since the last call into the checks of a gate.
  std::vector<exports::CheckReport> take_checks();
  std::string first_failed_subject() const;
  void fill(exports::RunReport& report) const;

 private:
  mutable std::mutex mutex_;
  std::vector<exports::StepReport> steps_;
  std::vector<exports::CheckReport> checks_;
  std::vector<std::string> warnings_;
  std::vector<std::string> notes_;
  std::string first_failed_;
};

}  // namespace fresh::pipeline
