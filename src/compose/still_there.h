#pragma once

#include "base/clock.h"
#include "compose/run.h"

#include <map>
#include <string>

namespace fresh::compose {

/// When each container was started, by name.
using StartTimes = std::map<std::string, base::SteadyTime>;

/// Looks once more, when `options.settle` is over, at every container that the plan started and whose end it
/// did not wait for. Throws base::Error (deploy) for one that is gone, ended or is about to be started again,
/// with its exit code decoded and its last log lines; Interrupted on stop.
void check_still_there(const Plan& plan, const Project& project, const StartTimes& start_times,
                       engine::Engine& engine, const RunOptions& options);

}  // namespace fresh::compose
