#pragma once

#include "compose/interpolate.h"
#include "compose/load.h"

#include <string>
#include <vector>

namespace fresh::compose {

/// What a project is called and where variables come from.
struct NormaliseContext {
  const std::string& project_name;
  const Lookup& lookup;
};

/// The last phase on the tree as it is written: gives variables without a value that of the
/// environment, services without networks the default one, builds their Dockerfile, adds the dependencies
/// that `links`, `volumes_from` and `network_mode: service:x` imply, names every resource.
void normalise(document::Node& root, const NormaliseContext& context);

/// Reads the env and label files of a typed service into `environment` and `labels`, which win, and drops the
/// keys. Refuses a required file that is not there.
void read_service_files(document::Node& service, const Lookup& lookup, const ReadFile& read);

}  // namespace fresh::compose
