#pragma once

#include "compose/spec.h"
#include "document/fields.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fresh::compose {

/// `ulimits` of a service or of its build: one number for both limits, or `soft` and `hard`.
std::map<std::string, engine::Ulimit> read_ulimits(document::Fields& fields);

/// An item of `extra_hosts` in its long form, `name=address`, as engines take it: `name:address`.
std::string read_host(const document::Node& node);

/// `build` of a service (compose specification, build), if it has one.
std::optional<Build> read_build(document::Fields& service_fields);

}  // namespace fresh::compose
