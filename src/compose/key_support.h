#pragma once

#include "compose/spec.h"
#include "engine/types.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::compose {

/// What becomes of a key that the compose specification knows.
enum class Support { applied, approximated, ignored };

/// `applied`, `approximated`, `ignored`.
std::string_view shown(Support support);

/// One key that an engine does not get as it is written. What no rule names is applied.
struct KeyRule {
  std::string_view key;  ///< `services.*.links`; `*` is any name of a map and any item of a list
  Support podman;
  Support docker;
  std::string_view reason;             ///< a clause: why, or what to write in its place
  std::string_view docker_since = {};  ///< the API version from which Docker applies it
  std::string_view usual = {};         ///< the value that asks for nothing, beside empty, false and 0
};

/// Every rule, sorted by key (docs/compose.md shows them).
std::span<const KeyRule> key_rules();

/// The keys of a typed tree that a rule names and that ask for something, in the order of the rules; services
/// of other profiles (`inactive`, sorted) do not count.
std::vector<KeyUse> key_uses(const document::Node& root, const std::vector<std::string>& inactive);

/// What becomes of a key on this engine; without one, the worst of all engines.
Support support_of(const KeyRule& rule, const std::optional<engine::Version>& version);

/// What to tell of a project before an engine gets it.
struct KeyNotice {
  Support support;
  document::Place place;  ///< the first use
  std::string text;       ///< `'services.web.domainname' is ignored by Podman: ...`
};

/// One notice for each key that is not applied on this engine, however often it is written; without an
/// engine, for each that is not applied on some.
std::vector<KeyNotice> key_notices(const Project& project, const std::optional<engine::Version>& version);

}  // namespace fresh::compose
