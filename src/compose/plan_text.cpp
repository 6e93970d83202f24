#include "compose/plan.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace fresh::compose {

std::string_view shown(Verb verb) {
  switch (verb) {
    case Verb::pull:
      return "pull";
    case Verb::create:
      return "create";
    case Verb::inject:
      return "inject";
    case Verb::rename:
      return "rename";
    case Verb::prepare:
      return "prepare";
    case Verb::start:
      return "start";
    case Verb::hook:
      return "hook";
    case Verb::probe:
      return "probe";
    case Verb::wait:
      return "wait";
    case Verb::stop:
      return "stop";
    case Verb::remove:
      return "remove";
  }
  return "create";
}

std::string to_text(const Plan& plan) {
  std::string result;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    result += fmt::format("{} {} {} ({})", i + 1, shown(step.verb), step.subject, step.cause);
    if (!step.after.empty()) {
      result += " after";
      for (const auto earlier : step.after) {
        result += fmt::format(" {}", earlier + 1);
      }
    }
    result += '\n';
  }
  for (const auto& note : plan.notes) {
    result += fmt::format("note: {}\n", note);
  }
  return result;
}

std::string to_json(const Plan& plan) {
  auto steps = nlohmann::json::array();
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    auto after = nlohmann::json::array();
    for (const auto earlier : step.after) {
      after.push_back(earlier + 1);
    }
    steps.push_back({{"id", i + 1},
                     {"verb", shown(step.verb)},
                     {"subject", step.subject},
                     {"cause", step.cause},
                     {"after", after}});
  }
  return nlohmann::json({{"steps", steps}, {"notes", plan.notes}}).dump(2) + "\n";
}

}  // namespace fresh::compose
