#pragma once

#include "compose/spec.h"
#include "document/fields.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::compose {

/// Notes those of `keys` that are present as read but not applied.
void ignore(document::Fields& fields, const std::string& path, std::initializer_list<std::string_view> keys,
            std::vector<Ignored>& ignored);

/// A byte value such as `64m`; nothing when the key is absent.
std::optional<std::int64_t> size_at(document::Fields& fields, std::string_view key);

/// Reads `cpus`, `mem_limit` and their like and `deploy` into `service`. Refuses values of `deploy` that
/// contradict the service's own (compose specification, deploy).
void read_limits(document::Fields& fields, const std::string& path, Service& service,
                 std::vector<Ignored>& ignored);

}  // namespace fresh::compose
