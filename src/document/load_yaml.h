#pragma once

#include "document/node.h"

#include <filesystem>
#include <string>
#include <vector>

namespace fresh::document {

/// How scalars and keys are read.
enum class Dialect {
  core,  ///< the core schema of YAML 1.2; any scalar is a key
  go     ///< as go-yaml v3 reads (document/scalar.h), for compose files; keys must be text
};

/// Reads one YAML 1.2 document. Anchors, aliases and `<<` are resolved. Refuses, with place: bad syntax,
/// duplicate keys, keys that are no scalars, more than one document, NUL bytes, text that is no UTF-8,
/// nesting over 100 levels, alias expansion over 100,000 nodes. A BOM and CRLF are fine. `name` is the file
/// as errors shall call it.
Node load_yaml(std::string text, std::string name);

/// As above, from a file; `name` defaults to the path.
Node load_yaml_file(const std::filesystem::path& path, std::string name = {});

/// Every document of the text; an empty one is null, a text without any gives none.
std::vector<Node> load_yaml_documents(std::string text, std::string name, Dialect dialect);

}  // namespace fresh::document
