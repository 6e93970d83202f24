#pragma once

#include "document/node.h"

#include <string>
#include <string_view>
#include <vector>

namespace fresh::compose {

/// Keys from the root down; list items count as `*`.
using TreePath = std::vector<std::string>;

/// `services.web.ports`.
std::string shown(const TreePath& path);

document::Node text_value(std::string text, document::Place place);
document::Node boolean_value(bool value, document::Place place);
document::Node list_value(document::Place place);
document::Node map_value(document::Place place);

/// Sets `key` of a map, in place when it is there, else at the end.
void set(document::Node& map, std::string_view key, document::Node value);
/// Sets `key` unless it is there.
void set_default(document::Node& map, std::string_view key, document::Node value);
/// True when it was there.
bool erase(document::Node& map, std::string_view key);

/// A list of `KEY=value` (or bare `KEY`) or a map, as a map; a bare key has the value null. Refuses anything
/// else.
document::Node key_value_map(const document::Node& node, const std::string& what);
/// The reverse, keys of a map sorted; a null value gives the bare key, a list one item each.
document::Node key_value_list(const document::Node& node);

/// Whether two trees say the same; the order of keys does not count.
bool same_tree(const document::Node& a, const document::Node& b);

}  // namespace fresh::compose
