#pragma once

#include "compose/canonical.h"
#include "compose/interpolate.h"
#include "compose/load.h"

#include <string>
#include <vector>

namespace fresh::compose {

/// What the last phase on the tree needs to know.
struct NormaliseContext {
  std::string project_name;
  PathBase base;
  const Lookup& lookup;
  const ReadFile& read;
};

/// Reads env files into `environment`, resolves variables without a value, gives services without networks
/// the default one, adds dependencies that `links` and `network_mode: service:x` imply, names every resource
/// (reference 1.7).
void normalise(document::Node& root, const NormaliseContext& context);

}  // namespace fresh::compose
