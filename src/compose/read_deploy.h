#pragma once

#include "compose/spec.h"
#include "document/fields.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::compose {

/// Marks keys as known that nothing is read of: key_support.h tells of them.
void pass_over(document::Fields& fields, std::initializer_list<std::string_view> keys);

/// A byte value such as `64m`; nothing when the key is absent.
std::optional<std::int64_t> size_at(document::Fields& fields, std::string_view key);

/// Reads `cpus`, `mem_limit` and their like and `deploy` into `service`. Refuses values of `deploy` that
/// contradict the service's own (compose specification, deploy).
void read_limits(document::Fields& fields, Service& service);

}  // namespace fresh::compose
