#include "pipeline/reporter.h"

#include <utility>

namespace fresh::pipeline {

void Reporter::hear(const base::Event& event) {
  namespace type = base::event_type;
  const std::scoped_lock lock(mutex_);
  if (event.type == type::step_finished) {
    const auto took = event.took.value_or(base::Milliseconds(0));
    steps_.push_back({event.subject, event.text, event.outcome, took});
    const bool failed = event.outcome == "failed";
    const bool skipped = event.outcome == "skipped";
    checks_.push_back({event.subject, failed ? "failed" : skipped ? "skipped" : "passed", took, event.text});
    if (failed && first_failed_.empty()) {
      first_failed_ = event.subject;
    }
  } else if (event.type == type::warning) {
    warnings_.push_back(event.subject + ": " + event.text);
  } else if (event.type == type::notice) {
    notes_.push_back(event.subject + ": " + event.text);
  }
}

std::vector<exports::CheckReport> Reporter::take_checks() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(checks_, {});
}

std::string Reporter::first_failed_subject() const {
  const std::scoped_lock lock(mutex_);
  return first_failed_;
}

void Reporter::fill(exports::RunReport& report) const {
  const std::scoped_lock lock(mutex_);
  report.steps = steps_;
  report.warnings = warnings_;
  report.notes = notes_;
}

}  // namespace fresh::pipeline
