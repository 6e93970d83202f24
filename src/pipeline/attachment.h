#pragma once

#include "compose/spec.h"
#include "pipeline/day_requests.h"

#include <set>
#include <string>
#include <vector>

namespace fresh::pipeline {

/// The services that an `up` which stays is about.
struct Attachment {
  std::set<std::string> shown;  ///< their output is
  std::set<std::string>
      watched;  ///< it stays until their containers have ended; all that are shown, and more
  std::set<std::string> awaited;  ///< others wait for their end: an end with 0 is no reason to abort
};

/// Who that is, as docker compose chooses: what `--attach` names, else the named services (all when none is)
/// without those with `attach: false`, with --attach-dependencies also what they depend on; never what
/// `--no-attach` names. Throws base::Error (usage) for a service that is not part of the stack.
Attachment attachment_of(const compose::Project& stack, const std::vector<std::string>& services,
                         const AttachRequest& request);

}  // namespace fresh::pipeline
