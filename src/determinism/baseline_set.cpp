#include "determinism/baseline_set.h"

#include "determinism/baseline_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace fresh::determinism {
namespace {

constexpr const char* set_format = "fresh-clone.lock/2";

auto key_of(const Baseline& baseline) {
  return std::tuple(baseline.profile, baseline.seed, baseline.mode);
}

}  // namespace

std::string key_text(const Baseline& baseline) {
  return fmt::format("seed {}, mode {}, profile {}", baseline.seed, baseline.mode, baseline.profile);
}

BaselineSet BaselineSet::read(std::string_view document, const std::string& name) {
  BaselineSet set;
  try {
    const auto json = nlohmann::json::parse(document);
    const auto format = json.value("format", "none");
    if (format == baseline_format) {
      set.put(baseline_of_json(json, name));
      return set;
    }
    if (format != set_format) {
      refuse_baseline(name, fmt::format("expected the format '{}', found '{}'", set_format, format));
    }
    for (const auto& one : json.at("baselines")) {
      Baseline baseline = baseline_of_json(one, name);
      if (set.find(baseline) != nullptr) {
        refuse_baseline(name, "it has two baselines of " + key_text(baseline));
      }
      set.put(std::move(baseline));
    }
  } catch (const nlohmann::json::exception& error) {
    refuse_baseline(name, error.what());
  }
  return set;
}

const Baseline* BaselineSet::find(const Baseline& outcome) const {
  const auto found = baselines_.find(key_of(outcome));
  return found == baselines_.end() ? nullptr : &found->second;
}

void BaselineSet::put(Baseline outcome) {
  baselines_.insert_or_assign(key_of(outcome), std::move(outcome));
}

std::string BaselineSet::contents() const {
  std::string text;
  for (const auto& [key, baseline] : baselines_) {
    text += (text.empty() ? "" : "; ") + key_text(baseline);
  }
  return text.empty() ? "none" : text;
}

std::string BaselineSet::document() const {
  nlohmann::json document{{"format", set_format}, {"baselines", nlohmann::json::array()}};
  for (const auto& [key, baseline] : baselines_) {
    document["baselines"].push_back(baseline_json(baseline, false));
  }
  return document.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace fresh::determinism
