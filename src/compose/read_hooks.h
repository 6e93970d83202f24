#pragma once

#include "document/fields.h"
#include "engine/types.h"

#include <string>
#include <vector>

namespace fresh::compose {

/// The commands of `post_start` or `pre_stop` (compose specification, lifecycle hooks): a list of maps with
/// `command`, `user`, `privileged`, `working_dir`, `environment`.
std::vector<engine::ExecRequest> read_hooks(document::Fields& fields, const std::string& key);

}  // namespace fresh::compose
