#pragma once

#include "determinism/baseline.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace fresh::determinism {

/// One baseline as it stands in every document; with its `texts` where they are wanted.
nlohmann::json baseline_json(const Baseline& baseline, bool with_texts);

/// The other way. Throws base::Error (determinism) that names `name`, or nlohmann::json::exception, for
/// anything else.
Baseline baseline_of_json(const nlohmann::json& json, const std::string& name);

/// Throws base::Error (determinism): `name` is no baseline, why, and what to do.
[[noreturn]] void refuse_baseline(const std::string& name, const std::string& why);

}  // namespace fresh::determinism
