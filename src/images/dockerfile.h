#pragma once

#include "images/spec.h"

#include <string>

namespace fresh::images {

/// Checks a Dockerfile (Dockerfile reference) against what makes a build hermetic and the same on both
/// engines. Throws Error (deploy) with file, line and column for: a FROM or COPY --from that is neither
/// `from`, nor an earlier stage, nor `scratch`; FROM with a variable; ADD of a URL; HEALTHCHECK (images in
/// OCI format cannot hold one); no FROM at all. `name` is the file as errors shall call it.
void check_dockerfile(const std::string& text, const std::string& name, const std::string& from);

}  // namespace fresh::images
