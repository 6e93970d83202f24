#pragma once

#include "document/node.h"

namespace fresh::compose {

/// Merges a compose file over the files before it (compose specification 13). Tags are gone
/// already (compose/reset.h). Throws base::Error with both places where the two do not fit together.
document::Node merge(document::Node base, document::Node over);

/// The same for one service: what `extends` does.
document::Node merge_service(document::Node base, document::Node over);

}  // namespace fresh::compose
