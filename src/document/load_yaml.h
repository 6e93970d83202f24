#pragma once

#include "document/node.h"

#include <filesystem>
#include <string>

namespace fresh::document {

/// Reads one YAML 1.2 document. Anchors, aliases and `<<` are resolved. Refuses, with place: bad syntax,
/// duplicate keys, keys that are no scalars, more than one document, NUL bytes, text that is no UTF-8,
/// nesting over 100 levels, alias expansion over 100,000 nodes. A BOM and CRLF are fine. `name` is the file
/// as errors shall call it.
Node load_yaml(std::string text, std::string name);

/// As above, from a file; `name` defaults to the path.
Node load_yaml_file(const std::filesystem::path& path, std::string name = {});

}  // namespace fresh::document
