#pragma once

#include "exports/spec.h"

#include <string>

namespace fresh::exports {

/// pipeline_summary.txt: the run for people; gates, services, notebooks, slowest steps, and at the end what
/// failed, the tail of its log and what to do.
std::string summary_text(const RunReport& report);

}  // namespace fresh::exports
