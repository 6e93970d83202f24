#include "pipeline/seed_assertions.h"

#include "base/error.h"
#include "base/lines.h"
#include "document/fields.h"
#include "document/load_yaml.h"
#include "document/refuse.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace fresh::pipeline {
namespace {

using base::Error;
using base::ExitCode;
using document::Node;
using Json = nlohmann::json;

std::string below(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "/" + key;
}

void flatten(const Node& node, const std::string& path, std::map<std::string, std::string>& values) {
  if (node.is_map()) {
    for (const auto& entry : node.entries) {
      flatten(entry.value, below(path, entry.key), values);
    }
  } else if (node.is_list()) {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      flatten(node.items[i], below(path, std::to_string(i)), values);
    }
  } else {
    values[path] = node.scalar;
  }
}

void flatten(const Json& json, const std::string& path, std::map<std::string, std::string>& values) {
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      flatten(value, below(path, key), values);
    }
  } else if (json.is_array()) {
    for (std::size_t i = 0; i < json.size(); ++i) {
      flatten(json[i], below(path, std::to_string(i)), values);
    }
  } else {
    values[path] = json.is_string() ? json.get<std::string>() : json.dump();
  }
}

bool applies(const SeedAssertions& assertions, const std::string& path, std::int64_t seed) {
  return seed == assertions.seed || path.starts_with("counts/");
}

}  // namespace

SeedAssertions load_seed_assertions(const std::filesystem::path& file, const std::string& name) {
  const Node root = document::load_yaml_file(file, name);
  document::Fields fields(root, "seed assertions");
  SeedAssertions assertions;
  assertions.seed = fields.integer("seed", assertions.seed);
  for (const char* part : {"counts", "sentinels", "digest"}) {
    if (const Node* node = fields.find(part)) {
      flatten(*node, part, assertions.values);
    }
  }
  fields.finish();
  if (assertions.values.empty()) {
    document::refuse(root.place, "this file asserts nothing", "add counts, sentinels or a digest");
  }
  return assertions;
}

SeedReport parse_seed_report(std::string_view output) {
  const std::string_view line = base::last_line(output);
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) {
    throw Error(ExitCode::contract,
                fmt::format("the seeding job's last line is no JSON object: '{}'", line.substr(0, 200)),
                "let the job print what it read back from the data, as one JSON object, in its last line");
  }
  SeedReport report;
  flatten(json, "", report);
  return report;
}

std::size_t applicable(const SeedAssertions& assertions, std::int64_t seed) {
  return static_cast<std::size_t>(
      std::count_if(assertions.values.begin(), assertions.values.end(),
                    [&](const auto& one) { return applies(assertions, one.first, seed); }));
}

std::vector<Violation> check_seed(const SeedAssertions& assertions, const SeedReport& report,
                                  std::int64_t seed) {
  std::vector<Violation> violations;
  for (const auto& [path, expected] : assertions.values) {
    if (!applies(assertions, path, seed)) {
      continue;
    }
    const auto found = report.find(path);
    if (found == report.end() || found->second != expected) {
      violations.push_back({"seed:" + path, expected, found == report.end() ? "nothing" : found->second});
    }
  }
  return violations;
}

}  // namespace fresh::pipeline
