#pragma once

#include "document/node.h"

#include <string>

namespace fresh::compose {

/// Merges a compose file over the files before it (compose specification 13). Tags are gone
/// already (compose/reset.h). Throws base::Error with both places where the two do not fit together.
document::Node merge(document::Node base, document::Node over);

/// The same for one service: what `extends` does for the service `name`.
document::Node merge_service(document::Node base, document::Node over, const std::string& name);

}  // namespace fresh::compose
