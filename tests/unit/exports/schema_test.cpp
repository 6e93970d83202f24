#include "base/file.h"
#include "exports/manifest.h"
#include "exports/status.h"
#include "unit/exports/sample_report.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fresh::exports {
namespace {

using nlohmann::json;

bool is_type(const json& value, const std::string& type) {
  return (type == "string" && value.is_string()) || (type == "integer" && value.is_number_integer()) ||
         (type == "number" && value.is_number()) || (type == "boolean" && value.is_boolean()) ||
         (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
         (type == "null" && value.is_null());
}

/// What of `value` does not satisfy `schema`: the part of JSON Schema that our schemas use, but `format` and
/// `pattern`.
void collect(const json& schema, const json& value, const std::string& where,
             std::vector<std::string>& problems) {
  if (schema.contains("type")) {
    const json& type = schema["type"];
    bool fits = type.is_string() && is_type(value, type.get<std::string>());
    for (const auto& one : type.is_array() ? type : json::array()) {
      fits = fits || is_type(value, one.get<std::string>());
    }
    if (!fits) {
      problems.push_back(where + ": type");
    }
  }
  if (schema.contains("const") && schema["const"] != value) {
    problems.push_back(where + ": const");
  }
  if (schema.contains("enum") &&
      std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end()) {
    problems.push_back(where + ": enum");
  }
  if (value.is_array() && schema.contains("items")) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      collect(schema["items"], value[i], where + "/" + std::to_string(i), problems);
    }
  }
  if (!value.is_object()) {
    return;
  }
  for (const auto& key : schema.value("required", json::array())) {
    if (!value.contains(key.get<std::string>())) {
      problems.push_back(where + "/" + key.get<std::string>() + ": missing");
    }
  }
  const json properties = schema.value("properties", json::object());
  const json others = schema.value("additionalProperties", json(true));
  for (const auto& [key, member] : value.items()) {
    if (properties.contains(key)) {
      collect(properties[key], member, where + "/" + key, problems);
    } else if (others.is_object()) {
      collect(others, member, where + "/" + key, problems);
    } else if (others == false) {
      problems.push_back(where + "/" + key + ": unknown");
    }
  }
}

json schema_of(const char* name) {
  return json::parse(base::read_file(std::string(FRESH_SOURCE_DIR "/docs/schemas/") + name));
}

std::vector<std::string> problems_of(const json& schema, const json& value) {
  std::vector<std::string> problems;
  collect(schema, value, "", problems);
  return problems;
}

using Lines = std::vector<std::string>;

TEST(Schema, status_of_every_kind_of_run_satisfies_it) {
  const json schema = schema_of("status.schema.json");
  for (const auto& report : {passed_report(), failed_report(), RunReport{.mode = "strict"}}) {
    EXPECT_EQ(problems_of(schema, json::parse(status_json(report))), Lines{});
  }
}

TEST(Schema, the_schema_knows_every_key_that_is_written) {
  json status = schema_of("status.schema.json");
  status["additionalProperties"] = false;
  EXPECT_EQ(problems_of(status, json::parse(status_json(passed_report()))), Lines{});
  json manifest = schema_of("run_manifest.schema.json");
  manifest["additionalProperties"] = false;
  EXPECT_EQ(problems_of(manifest, json::parse(manifest_json(passed_report()))), Lines{});
}

TEST(Schema, manifest_of_every_kind_of_run_satisfies_it) {
  const json schema = schema_of("run_manifest.schema.json");
  for (const auto& report : {passed_report(), failed_report(), RunReport{.mode = "strict"}}) {
    EXPECT_EQ(problems_of(schema, json::parse(manifest_json(report))), Lines{});
  }
}

TEST(Schema, this_check_can_fail) {
  const json schema = schema_of("status.schema.json");
  json status = json::parse(status_json(passed_report()));
  status["seed"] = "42";
  status["services"]["janusgraph"] = "sick";
  status["gates"][0]["result"] = "green";
  status.erase("run_id");
  EXPECT_EQ(problems_of(schema, status), (Lines{"/run_id: missing", "/gates/0/result: enum", "/seed: type",
                                                "/services/janusgraph: enum"}));
}

}  // namespace
}  // namespace fresh::exports
