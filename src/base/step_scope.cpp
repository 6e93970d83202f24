#include "base/step_scope.h"

#include <utility>

namespace fresh::base {

StepScope::StepScope(EventSink sink, const Clock& clock, std::string subject, std::string text)
    : sink_(std::move(sink)), clock_(clock), begun_(clock.steady()) {
  end_.type = event_type::step_finished;
  end_.subject = std::move(subject);
  end_.text = std::move(text);
  end_.outcome = "failed";
  sink_(Event{.type = event_type::step_started, .subject = end_.subject, .text = end_.text});
}

StepScope::~StepScope() {
  end_.took = std::chrono::duration_cast<Milliseconds>(clock_.steady() - begun_);
  sink_(end_);
}

void StepScope::finish(std::string outcome, std::string text) {
  end_.outcome = std::move(outcome);
  if (!text.empty()) {
    end_.text = std::move(text);
  }
}

}  // namespace fresh::base
