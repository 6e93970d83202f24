#include "pipeline/attachment.h"

#include "base/error.h"
#include "compose/decide.h"
#include "document/refuse.h"

#include <fmt/core.h>

namespace fresh::pipeline {
namespace {

void need_service(const compose::Project& stack, const char* flag, const std::string& name) {
  if (stack.services.contains(name)) {
    return;
  }
  std::vector<std::string> known;
  for (const auto& entry : stack.services) {
    known.push_back(entry.first);
  }
  throw base::Error(
      base::ExitCode::usage, fmt::format("{}: the stack that comes up has no service '{}'", flag, name),
      document::nearest_hint(name, known, "see 'fresh-clone config --services' for those it has"));
}

}  // namespace

Attachment attachment_of(const compose::Project& stack, const std::vector<std::string>& services,
                         const AttachRequest& request) {
  for (const auto& name : request.only) {
    need_service(stack, "--attach", name);
  }
  for (const auto& name : request.without) {
    need_service(stack, "--no-attach", name);
  }
  if (!request.exit_code_from.empty()) {
    need_service(stack, "--exit-code-from", request.exit_code_from);
  }
  Attachment result;
  for (const auto& [name, service] : stack.services) {
    for (const auto& [other, dependency] : service.depends_on) {
      if (dependency.condition == compose::Condition::completed) {
        result.awaited.insert(other);
      }
    }
  }
  for (const auto& name : compose::meant_in_order(stack, services, false)) {
    result.watched.insert(name);
  }
  for (const auto& name : compose::meant_in_order(stack, services, request.dependencies)) {
    if (request.only.empty() && stack.services.at(name).attach) {
      result.shown.insert(name);
    }
  }
  result.shown.insert(request.only.begin(), request.only.end());
  for (const auto& name : request.without) {
    result.shown.erase(name);
  }
  result.watched.insert(result.shown.begin(), result.shown.end());
  if (!request.exit_code_from.empty()) {
    result.watched.insert(request.exit_code_from);
  }
  return result;
}

}  // namespace fresh::pipeline
