#pragma once

#include "determinism/canonical.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fresh::determinism {

/// What a fingerprint is made of: name -> sha256 (64 hex digits). Names say what they are:
///   `notebook/<path>#c007`                 source and status of code cell 7
///   `notebook/<path>#c007.o1.text/html`    one representation of its first output
///   `artifact/<path>`, `seed`, `control/<NAME>`, `image/<reference>`, `lock/<path>`, `dependencies`
using Leaves = std::map<std::string, std::string>;

/// The root of a Merkle tree over the leaves in the order of their names: sha256 over length-prefixed fields,
/// leaves and nodes under different domain names. 64 hex digits; also for no leaves at all.
std::string fingerprint(const Leaves& leaves);

/// The leaves of one notebook.
Leaves notebook_leaves(const CanonicalNotebook& notebook);

/// The texts behind the leaves of one notebook, for reports: the source for a cell, the canonical text for an
/// output.
std::map<std::string, std::string> notebook_texts(const CanonicalNotebook& notebook);

/// The leaves of what a run was told: the seed and each control.
Leaves setting_leaves(std::int64_t seed, const std::map<std::string, std::string>& controls);

/// A leaf's name taken apart. For what is no notebook leaf only `name` is set.
struct LeafName {
  std::string name;
  std::string notebook = {};
  int cell = 0;
  int output = 0;  ///< from 1; 0: the cell itself
  std::string mime = {};
};
LeafName parse_leaf(std::string_view name);

}  // namespace fresh::determinism
