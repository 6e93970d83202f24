#pragma once

#include "base/clock.h"
#include "base/event.h"

#include <string>

namespace fresh::base {

/// Reports a step from begin to end: emits step.started now and step.finished at the end of scope, with its
/// time. The outcome is `failed` unless finish() said otherwise.
class StepScope {
 public:
  StepScope(EventSink sink, const Clock& clock, std::string subject, std::string text);
  StepScope(const StepScope&) = delete;
  StepScope& operator=(const StepScope&) = delete;
  ~StepScope();

  /// Sets the outcome (`ok`, `cached`, `unchanged`, `skipped`) and, when not empty, a new text.
  void finish(std::string outcome, std::string text = {});

 private:
  EventSink sink_;
  const Clock& clock_;
  SteadyTime begun_;
  Event end_;
};

}  // namespace fresh::base
