#pragma once

#include "compose/plan.h"

#include <string>
#include <vector>

namespace fresh::compose {

/// The secrets and configs of a service as files, sorted by path.
std::vector<InjectedFile> injected_files(const Service& service, const Project& project);

/// The files as a tar archive to be unpacked at `/`: parent folders are not in it (engines make them, and
/// those that are there keep their modes), times are 0, owner and mode as asked. Throws Error (precheck) for
/// a path over 255 bytes.
std::string tar_of(const std::vector<InjectedFile>& files);

}  // namespace fresh::compose
