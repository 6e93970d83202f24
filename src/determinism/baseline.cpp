#include "determinism/baseline.h"

#include "base/error.h"
#include "determinism/baseline_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace fresh::determinism {
namespace {

bool is_digest(const std::string& text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

void check_half(const nlohmann::json& document, const char* half, const Leaves& leaves,
                const std::string& name) {
  for (const auto& [leaf, digest] : leaves) {
    if (!is_digest(digest)) {
      refuse_baseline(name, fmt::format("the digest of '{}' is no sha256: '{}'", leaf, digest));
    }
  }
  const auto stated = document.at("fingerprint").at(half).get<std::string>();
  const std::string found = fingerprint(leaves);
  if (stated != found) {
    refuse_baseline(
        name, fmt::format("it states the fingerprint {} for its {}, but they give {}", stated, half, found));
  }
}

}  // namespace

void refuse_baseline(const std::string& name, const std::string& why) {
  throw base::Error(
      base::ExitCode::determinism, fmt::format("{}: this is no baseline: {}", name, why),
      fmt::format("restore '{}' from git, or remove it and run again to record a new baseline", name));
}

void add_notebook(Baseline& baseline, const CanonicalNotebook& notebook) {
  baseline.results.merge(notebook_leaves(notebook));
  baseline.texts.merge(notebook_texts(notebook));
  for (const auto& [rule, hits] : notebook.ledger) {
    baseline.ledger[rule] += hits;
  }
  for (const CanonicalCell& cell : notebook.cells) {
    if (cell.status == "nondeterministic") {
      baseline.opt_outs[fmt::format("notebook/{}#c{:03}", notebook.path, cell.index)] = cell.opt_out_reason;
    }
  }
}

nlohmann::json baseline_json(const Baseline& baseline, bool with_texts) {
  nlohmann::json json{
      {"format", baseline_format},
      {"rules", baseline.rules},
      {"commit", baseline.commit},
      {"seed", baseline.seed},
      {"mode", baseline.mode},
      {"profile", baseline.profile},
      {"controls", baseline.controls},
      {"fingerprint", {{"results", fingerprint(baseline.results)}, {"inputs", fingerprint(baseline.inputs)}}},
      {"results", baseline.results},
      {"inputs", baseline.inputs},
      {"normalised", baseline.ledger},
      {"opt_outs", baseline.opt_outs},
  };
  if (with_texts) {
    json["texts"] = baseline.texts;
  }
  return json;
}

Baseline baseline_of_json(const nlohmann::json& json, const std::string& name) {
  if (json.value("format", "") != baseline_format) {
    refuse_baseline(name, fmt::format("expected the format '{}', found '{}'", baseline_format,
                                      json.value("format", "none")));
  }
  Baseline baseline{.rules = json.at("rules").get<std::string>(),
                    .commit = json.at("commit").get<std::string>(),
                    .seed = json.at("seed").get<std::int64_t>(),
                    .mode = json.at("mode").get<std::string>(),
                    .profile = json.at("profile").get<std::string>(),
                    .controls = json.at("controls").get<std::map<std::string, std::string>>(),
                    .results = json.at("results").get<Leaves>(),
                    .inputs = json.at("inputs").get<Leaves>(),
                    .ledger = json.at("normalised").get<Ledger>(),
                    .opt_outs = json.at("opt_outs").get<std::map<std::string, std::string>>()};
  if (json.contains("texts")) {
    baseline.texts = json.at("texts").get<std::map<std::string, std::string>>();
  }
  check_half(json, "results", baseline.results, name);
  check_half(json, "inputs", baseline.inputs, name);
  return baseline;
}

std::string baseline_document(const Baseline& baseline, bool with_texts) {
  return baseline_json(baseline, with_texts).dump(1, ' ', false, nlohmann::json::error_handler_t::replace) +
         "\n";
}

Baseline read_baseline(std::string_view document, const std::string& name) {
  try {
    return baseline_of_json(nlohmann::json::parse(document), name);
  } catch (const nlohmann::json::exception& error) {
    refuse_baseline(name, error.what());
  }
}

}  // namespace fresh::determinism
