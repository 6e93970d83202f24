#include "exports/verify.h"

#include "base/error.h"
#include "base/file.h"
#include "exports/checksums.h"
#include "exports/spec.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace fresh::exports {
namespace {

using nlohmann::json;

constexpr std::array written_files{"status.json",     "run_manifest.json", "notebook_run_report.tsv",
                                   "checksums.txt",   "junit.xml",         "pipeline_summary.txt",
                                   "environment.txt", "images.json",       "events.jsonl"};

enum class Type { text, text_or_null, integer, boolean, list, map };

struct Key {
  const char* pointer;
  Type type;
};

// The required part of docs/schemas/status.schema.json; a unit test holds the two together.
constexpr std::array status_keys{
    Key{"/schema", Type::integer},
    Key{"/run_id", Type::text},
    Key{"/commit_sha", Type::text},
    Key{"/seed", Type::integer},
    Key{"/result", Type::text},
    Key{"/failed_gate", Type::text_or_null},
    Key{"/exit_code", Type::integer},
    Key{"/started_at_utc", Type::text},
    Key{"/ended_at_utc", Type::text},
    Key{"/duration_seconds", Type::integer},
    Key{"/services", Type::map},
    Key{"/notebooks", Type::map},
    Key{"/notebooks/total", Type::integer},
    Key{"/notebooks/pass", Type::integer},
    Key{"/notebooks/fail", Type::integer},
    Key{"/notebooks/not_applicable", Type::integer},
    Key{"/notebooks_skipped", Type::boolean},
    Key{"/determinism_gate", Type::text},
    Key{"/fingerprint", Type::text},
    Key{"/grade", Type::text},
    Key{"/gates", Type::list},
};

constexpr std::array manifest_keys{
    Key{"/schema", Type::integer},      Key{"/run/id", Type::text},      Key{"/run/result", Type::text},
    Key{"/run/commit_sha", Type::text}, Key{"/run/seed", Type::integer}, Key{"/connection/uri", Type::text},
    Key{"/reset/action", Type::text},   Key{"/images", Type::list},      Key{"/gates", Type::list},
    Key{"/determinism", Type::map},     Key{"/drifts", Type::list},
};

constexpr std::array images_keys{Key{"/schema", Type::integer}, Key{"/run_id", Type::text},
                                 Key{"/images", Type::list}};

bool has_type(const json& value, Type type) {
  switch (type) {
    case Type::text:
      return value.is_string();
    case Type::text_or_null:
      return value.is_string() || value.is_null();
    case Type::integer:
      return value.is_number_integer();
    case Type::boolean:
      return value.is_boolean();
    case Type::list:
      return value.is_array();
    case Type::map:
      return value.is_object();
  }
  return false;
}

/// Collects what is wrong with one folder.
class Inspection {
 public:
  explicit Inspection(const std::filesystem::path& folder) : folder_(folder) {}

  std::vector<std::string> problems() {
    check_files();
    const json status = load("status.json", status_keys);
    const json manifest = load("run_manifest.json", manifest_keys);
    const json images = load("images.json", images_keys);
    if (problems_.empty()) {
      check_status(status);
      check_agreement(status, manifest, images);
      check_notebook_report(status);
      check_texts(status);
    }
    for (auto& problem : verify_checksums(folder_)) {
      say(std::move(problem));
    }
    return problems_;
  }

 private:
  void say(std::string problem) { problems_.push_back(std::move(problem)); }

  std::string content(const char* name) const {
    return base::read_file_if_exists(folder_ / name).value_or("");
  }

  void check_files() {
    for (const char* name : written_files) {
      std::error_code error;
      if (!std::filesystem::is_regular_file(folder_ / name, error)) {
        say(fmt::format("'{}' is missing", name));
      }
    }
    std::error_code error;
    bool has_log = false;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "logs", error)) {
      has_log = has_log || entry.path().extension() == ".log";
    }
    if (!has_log) {
      say("'logs' holds no log");
    }
  }

  template <std::size_t count>
  json load(const char* name, const std::array<Key, count>& keys) {
    json document = json::parse(content(name), nullptr, false);
    if (!document.is_object()) {
      say(fmt::format("'{}' is no JSON object", name));
      return document;
    }
    for (const auto& key : keys) {
      const json::json_pointer pointer(key.pointer);
      if (!document.contains(pointer)) {
        say(fmt::format("'{}' has no '{}'", name, key.pointer));
      } else if (!has_type(document.at(pointer), key.type)) {
        say(fmt::format("'{}' has another type of value at '{}' than its schema says", name, key.pointer));
      }
    }
    return document;
  }

  void check_status(const json& status) {
    const bool passed = status.at("result") == "PASS";
    if (!passed && status.at("result") != "FAIL") {
      say("'status.json' says neither PASS nor FAIL");
    }
    if (passed != (status.at("exit_code") == 0) || passed != status.at("failed_gate").is_null()) {
      say("'status.json' contradicts itself: result, exit_code and failed_gate");
    }
    bool determinism_skipped = false;
    for (const auto& gate : status.at("gates")) {
      const std::string result = gate.value("result", "");
      determinism_skipped =
          determinism_skipped || (gate.value("id", "") == "G9_DETERMINISM" && result == "skipped");
      if (passed && result != "passed" && result != "skipped") {
        say(fmt::format("'status.json' says PASS, and gate '{}' is '{}'", gate.value("id", ""), result));
      }
      if (result == "failed" && gate.value("remediation", "").empty()) {
        say(fmt::format("the failed gate '{}' has no remediation", gate.value("id", "")));
      }
    }
    const json& notebooks = status.at("notebooks");
    const int failed = notebooks.at("fail").get<int>();
    if (notebooks.at("pass").get<int>() + failed + notebooks.at("not_applicable").get<int>() !=
        notebooks.at("total").get<int>()) {
      say("the counts of notebooks in 'status.json' do not add up");
    }
    if (passed && failed > 0) {
      say("'status.json' says PASS, and notebooks failed");
    }
    if (passed && status.at("determinism_gate") != "pass" && !determinism_skipped) {
      say("'status.json' says PASS, and the determinism gate did not pass");
    }
  }

  void check_agreement(const json& status, const json& manifest, const json& images) {
    const json& run = manifest.at("run");
    for (const auto& [mine, theirs] : {std::pair("run_id", "id"), std::pair("result", "result"),
                                       std::pair("commit_sha", "commit_sha"), std::pair("seed", "seed")}) {
      if (status.at(mine) != run.at(theirs)) {
        say(fmt::format("'status.json' and 'run_manifest.json' disagree on '{}'", mine));
      }
    }
    if (images.at("run_id") != status.at("run_id")) {
      say("'status.json' and 'images.json' disagree on 'run_id'");
    }
  }

  void check_notebook_report(const json& status) {
    const std::string text = content("notebook_run_report.tsv");
    if (!text.ends_with('\n')) {
      say("'notebook_run_report.tsv' does not end with a whole line");
      return;
    }
    const std::string_view heading = std::string_view(text).substr(0, text.find('\n'));
    const auto columns = std::count(heading.begin(), heading.end(), '\t');
    std::string_view rest = std::string_view(text).substr(heading.size() + 1);
    int rows = 0;
    while (!rest.empty()) {
      const std::string_view row = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(row.size() + 1);
      ++rows;
      if (std::count(row.begin(), row.end(), '\t') != columns) {
        say(fmt::format("row {} of 'notebook_run_report.tsv' has not as many columns as the heading", rows));
      }
    }
    if (rows != status.at("notebooks").at("total").get<int>()) {
      say(fmt::format("'notebook_run_report.tsv' has {} rows, 'status.json' says {} notebooks", rows,
                      status.at("notebooks").at("total").get<int>()));
    }
  }

  void check_texts(const json& status) {
    const std::string summary = content("pipeline_summary.txt");
    const std::string last = fmt::format("\n{} run={} ", status.at("result").get<std::string>(),
                                         status.at("run_id").get<std::string>());
    const auto at = summary.rfind(last);
    if (at == std::string::npos || summary.find('\n', at + 1) != summary.size() - 1) {
      say("'pipeline_summary.txt' does not end with the final line of this run");
    }
    const std::string junit = content("junit.xml");
    if (!junit.starts_with("<?xml") || !junit.ends_with("</testsuites>\n")) {
      say("'junit.xml' is not complete");
    }
    if (!content("events.jsonl").starts_with(R"({"type":"version","schema":)")) {
      say("'events.jsonl' does not begin with its version");
    }
  }

  const std::filesystem::path& folder_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> verify_outputs(const std::filesystem::path& folder) {
  return Inspection(folder).problems();
}

}  // namespace fresh::exports
