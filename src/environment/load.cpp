#include "environment/load.h"

#include "document/fields.h"
#include "document/project_path.h"
#include "document/refuse.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::environment {
namespace {

constexpr std::array all_providers{Provider::container, Provider::uv, Provider::venv, Provider::conda};

Provider provider(const document::Place& place, const std::string& word) {
  std::vector<std::string> words;
  for (const Provider candidate : all_providers) {
    if (word == shown(candidate)) {
      return candidate;
    }
    words.emplace_back(shown(candidate));
  }
  document::refuse(place, fmt::format("there is no environment provider '{}'", word),
                   document::nearest_hint(word, words, "use container, uv, venv or conda"));
}

bool is_variable_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && (name.front() < '0' || name.front() > '9') &&
         std::all_of(name.begin(), name.end(), fits);
}

void require_variable_name(const document::Place& place, const std::string& name) {
  if (!is_variable_name(name)) {
    document::refuse(place, fmt::format("'{}' is no variable name", name), "use letters, digits and '_'");
  }
}

void load_locks(const document::Node& node, EnvironmentSpec& spec) {
  if (node.is_map()) {
    for (const auto& entry : node.entries) {
      spec.locks[provider(entry.key_place, entry.key)] = document::project_path(entry.value);
    }
    return;
  }
  const auto path = document::project_path(node);
  spec.locks[spec.provider] = path;
  // One lock serves provider and fallback unless only one of them is conda, whose locks nothing else reads.
  if (spec.fallback && (*spec.fallback == Provider::conda) == (spec.provider == Provider::conda)) {
    spec.locks[*spec.fallback] = path;
  }
}

}  // namespace

EnvironmentSpec load(const document::Node& node) {
  document::Fields fields(node, "environment");
  EnvironmentSpec spec;
  if (const document::Node* given = fields.find("provider")) {
    spec.provider = provider(given->place, given->text());
  }
  if (const document::Node* given = fields.find("fallback")) {
    spec.fallback = provider(given->place, given->text());
    if (*spec.fallback == spec.provider) {
      document::refuse(given->place, fmt::format("the fallback is '{}', the provider itself", given->text()),
                       "name another provider, or leave the fallback out");
    }
  }
  if (const document::Node* lock = fields.find("lock")) {
    load_locks(*lock, spec);
  }
  spec.python = fields.word("python", "");
  spec.image = fields.word("image", "");
  spec.require = fields.texts("require");
  for (const auto& name : spec.require) {
    require_variable_name(fields.find("require")->place, name);
  }
  spec.variables = fields.text_map("variables");
  for (const auto& [name, value] : spec.variables) {
    require_variable_name(fields.find("variables")->place, name);
  }
  fields.finish();
  return spec;
}

}  // namespace fresh::environment
