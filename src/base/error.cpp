#include "base/error.h"

#include "base/signals.h"

#include <utility>

namespace fresh::base {

Error::Error(ExitCode code, std::string message, std::string hint)
    : std::runtime_error(message),
      code_(code),
      message_(std::move(message)),
      hint_(std::move(hint)),
      doing_(Doing::stack()) {}

std::string Error::render() const {
  std::string text = fmt::format("error: {}\n", message_);
  for (auto intent = doing_.rbegin(); intent != doing_.rend(); ++intent) {
    text += fmt::format("  while {}\n", *intent);
  }
  if (!hint_.empty()) {
    text += fmt::format("  hint: {}\n", hint_);
  }
  return text;
}

Interrupted::Interrupted(std::string what_was_stopped)
    : Error(interruption_code(), fmt::format("interrupted while {}", what_was_stopped)) {}

}  // namespace fresh::base
