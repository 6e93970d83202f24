#pragma once

#include "compose/plan.h"

#include <map>
#include <string>
#include <vector>

namespace fresh::compose {

/// The secrets and configs of a service as files, sorted by path, by the folder at which they are unpacked:
/// that of the volume that holds them, else `/`. An engine unpacks into a volume also where the root file
/// system is read-only, and what it unpacks at `/` would be hidden by the volume.
std::map<std::string, std::vector<InjectedFile>> injected_files(const Service& service,
                                                                const Project& project);

/// The files as a tar archive to be unpacked at `folder`: parent folders are not in it (engines make them,
/// and those that are there keep their modes), times are 0, owner and mode as asked. Throws Error (precheck)
/// for a path over 255 bytes.
std::string tar_of(const std::vector<InjectedFile>& files, const std::string& folder);

}  // namespace fresh::compose
