#pragma once

#include "images/spec.h"

#include <string>
#include <vector>

namespace fresh::images {

/// The images that this one needs: the one it is built on, then the one its inputs are fetched in.
std::vector<std::string> parents_of(const ImageSpec& spec);

/// The images sorted so that each comes after those it needs, otherwise in the given order. Throws Error
/// (precheck) with the place and the names for a cycle.
std::vector<ImageSpec> in_order(const std::vector<ImageSpec>& specs);

/// The named images and all they need, in the given order. Throws Error (usage) for a name that is not
/// declared; no names means all.
std::vector<ImageSpec> needed_for(const std::vector<ImageSpec>& specs, const std::vector<std::string>& names);

}  // namespace fresh::images
